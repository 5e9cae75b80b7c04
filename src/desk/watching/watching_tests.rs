use crate::case::*;
use crate::desk::orders::cast::Office;
use crate::desk::test_support::{Sketch, World};
use crate::desk::{Decision, Input, PastPost, deadline};
use crate::letter::{Letter, ListAlarm, PostDigest, Templates, Wording};
use crate::mail::{Field, Mail, MessageId};
use jiff::{SignedDuration, Timestamp};

const CVE: &str = "CVE-2026-10111";

fn post(about: &str) -> Observed {
    Observed {
        subject: format!("{about}: overflow in libexample"),
        author: "Ralph <ralph@project.example>".to_owned(),
        message_id: MessageId::parse(&format!("{about}@project.example")),
        kind: PostKind::Advisory,
        ids: vec![about.to_owned()],
        about: vec![about.to_owned()],
        gist: "A length is read as signed.".to_owned(),
        ..Observed::default()
    }
}

/// A post with a reason, as the journal has it.
fn seen(world: &mut World, rule: Option<Selection>, post: Observed) {
    let number = world.cases.posts().next();
    let why = "the post says that it is exploited".to_owned();
    let reasons = rule.map(|rule| Reason { rule, why }).into_iter().collect();
    let private = PostWords { post, reasons, ..PostWords::default() };
    let list = "oss".to_owned();
    let (same_as, update_of, past) = (None, None, false);
    let event = Event::PostObserved { post: number, list, same_as, update_of, past, private };
    world.fold(Entry { at: world.now(), case: None, by: Actor::Gateway, event });
}

/// The letters of a step, to whom; the clock rings as the gateway lets it ring.
fn ring(world: &mut World) -> Vec<Letter> {
    let mut letters = Vec::new();
    while due(world).is_some_and(|at| at <= world.now()) {
        letters.extend(world.decide(&Input::Clock).letters);
    }
    letters
}

fn due(world: &World) -> Option<Timestamp> {
    deadline::next_deadline(&world.cases, &world.rules)
}

/// Rings at every deadline until that time has passed.
fn pass(world: &mut World, time: SignedDuration) -> Vec<Letter> {
    let end = world.now() + time;
    let mut letters = ring(world);
    while let Some(at) = due(world).filter(|at| *at <= end) {
        world.pass(at.duration_since(world.now()));
        letters.extend(ring(world));
    }
    world.pass(end.duration_since(world.now()));
    letters
}

fn readers(letters: &[Letter]) -> Vec<&str> {
    letters.iter().filter_map(|letter| letter.to.member.as_deref()).collect()
}

fn digest(letter: &Letter) -> &PostDigest {
    let Wording::PostDigest(digest) = &letter.wording else { panic!("{letter:?}") };
    digest
}

fn alarm(letter: &Letter) -> &ListAlarm {
    let Wording::ListAlarm(alarm) = &letter.wording else { panic!("{letter:?}") };
    alarm
}

fn body(letter: &Letter, world: &World) -> String {
    let templates = Templates::new(&[]).expect("templates");
    templates.words(letter, &world.rules.team).expect("words").body
}

/// A post on the list comes in, saying that.
fn comes(world: &mut World, says: Observed, text: &str) -> Decision {
    let sketch = Sketch { from: 2, mark: 3, ..Sketch::default() };
    let (mut input, _) = world.input(&sketch);
    if let Input::Mail(opened) = &mut input {
        opened.mail.message_id = says.message_id.clone();
        opened.mail.text = text.to_owned();
        assert_eq!(opened.triage.class, Class::List);
        opened.triage.post = Some(Box::new(says));
    }
    world.decide(&input)
}

const fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

#[test]
fn four_hundred_posts_in_an_hour_are_one_letter_to_each_coordinator() {
    let mut world = World::new();
    let mut letters = Vec::new();
    for number in 0..400 {
        let rule = match number % 4 {
            0 => Some(Selection::Exploited),
            1 => Some(Selection::Critical),
            _ => None,
        };
        let id = format!("CVE-2026-{}", 10_000 + number % 120);
        seen(&mut world, rule, post(&id));
        letters.extend(pass(&mut world, SignedDuration::from_secs(9)));
    }
    letters.extend(pass(&mut world, SignedDuration::from_hours(20)));
    assert_eq!(readers(&letters), ["cora", "vic"]);
    let told = digest(&letters[0]);
    assert_eq!(told.entries.len(), crate::limits::DIGEST_ENTRIES);
    assert!(told.entries.iter().all(|entry| entry.urgent));
    assert_eq!(told.flaws, 60);
    assert_eq!(told.more, 48);
    assert_eq!(told.others, 200);
    let body = body(&letters[0], &world);
    assert!(body.lines().count() < 300, "a tired person reads it:\n{body}");
    assert!(body.contains("\n  /siren draft O"), "{body}");
}

#[test]
fn what_is_urgent_waits_ten_minutes_after_the_last_post_and_an_hour_at_most() {
    let mut world = World::new();
    let begin = world.now();
    seen(&mut world, Some(Selection::Malicious), post(CVE));
    assert_eq!(due(&world), Some(begin + minutes(10)));
    world.pass(minutes(5));
    seen(&mut world, None, post("CVE-2026-2"));
    assert_eq!(due(&world), Some(begin + minutes(15)));
    world.pass(minutes(52));
    seen(&mut world, None, post("CVE-2026-3"));
    assert_eq!(due(&world), Some(begin + minutes(60)));
    assert_eq!(pass(&mut world, minutes(10)).len(), 2);
    // Told once.
    assert_eq!(due(&world), None);
    // The next one leaves an hour after this one at the earliest.
    seen(&mut world, Some(Selection::Malicious), post("CVE-2026-4"));
    assert_eq!(due(&world), Some(begin + minutes(120)));
}

#[test]
fn everything_else_is_told_once_a_day_and_nothing_on_empty_days() {
    let mut world = World::new();
    assert_eq!(due(&world), None);
    seen(&mut world, None, post(CVE));
    assert_eq!(due(&world), None, "no candidate, no letter");
    seen(&mut world, Some(Selection::Critical), post(CVE));
    assert_eq!(due(&world), Some("2026-11-24T07:00:00Z".parse().expect("an instant")));
    let letters = pass(&mut world, SignedDuration::from_hours(48));
    assert_eq!(readers(&letters), ["cora", "vic"]);
    assert_eq!(digest(&letters[0]).others, 1);
    assert_eq!(digest(&letters[0]).urgent, 0);
}

#[test]
fn eve_floods_a_day_and_the_letters_stay_few() {
    let mut world = World::new();
    let mut letters = Vec::new();
    for number in 0..2_000 {
        let id = format!("CVE-2026-{}", 10_000 + number);
        seen(&mut world, Some(Selection::Exploited), post(&id));
        letters.extend(pass(&mut world, SignedDuration::from_secs(43)));
    }
    let most = crate::limits::URGENT_DIGESTS_A_DAY + 1;
    assert!(readers(&letters).iter().filter(|one| **one == "cora").count() <= most);
}

#[test]
fn posts_on_one_flaw_are_one_entry_and_the_strongest_comes_first() {
    let mut world = World::new();
    seen(&mut world, Some(Selection::Critical), post("CVE-2026-2"));
    for _ in 0..3 {
        seen(&mut world, Some(Selection::Publish), post(CVE));
    }
    let told = Observed { exploited: Some("It is used.".into()), ..post(CVE) };
    seen(&mut world, Some(Selection::Exploited), told);
    let letters = pass(&mut world, minutes(10));
    let entries = &digest(&letters[0]).entries;
    let shown: Vec<_> = entries.iter().map(|one| (one.id.as_str(), one.posts)).collect();
    assert_eq!(shown, [("O5", 4), ("O1", 1)]);
    assert!(entries[0].why[0].starts_with("S-1: "));
    assert!(body(&letters[0], &world).contains("\n  /siren draft O5\n"));
}

#[test]
fn a_restart_in_between_changes_nothing() {
    let mut world = World::new();
    seen(&mut world, Some(Selection::Exploited), post(CVE));
    let mut office = Office::new();
    office.read_in("val");
    for (number, world) in [&mut world, &mut office.world].into_iter().enumerate() {
        if number == 1 {
            comes(world, post(CVE), "");
        }
        let again = Caseload::from_snapshots(world.cases.snapshots(), world.cases.last_entry());
        let again = again.expect("a caseload");
        let next = |cases: &Caseload| deadline::next_deadline(cases, &world.rules);
        assert_eq!(next(&again), next(&world.cases));
        pass(world, SignedDuration::from_hours(2));
        let again = Caseload::from_snapshots(world.cases.snapshots(), world.cases.last_entry());
        let again = again.expect("a caseload");
        assert_eq!(again.posts().digests().count(), world.cases.posts().digests().count());
        assert_eq!(next_alarm_state(&again), next_alarm_state(&world.cases));
    }
}

fn next_alarm_state(cases: &Caseload) -> Vec<(CaseId, Option<Timestamp>, usize)> {
    let posts = cases.posts();
    let state =
        |case: &Case| (case.id.clone(), posts.told_in(&case.id), posts.untold_in(&case.id).count());
    cases.cases().map(state).collect()
}

/// A case with that id, under Val's hand; and another case of somebody else.
fn embargoed() -> Office {
    let mut office = Office::new();
    office.read_in("val");
    let private = KnownWords { value: CVE.to_owned(), detail: String::new() };
    let known = Event::Deed(Deed::KnownSet { what: Matter::Cve, private });
    let handlers = Event::Deed(Deed::HandlersSet { handlers: vec!["val".to_owned()] });
    for event in [known, handlers] {
        let (at, case) = (office.world.now(), Some(office.case.clone()));
        office.world.fold(Entry { at, case, by: Actor::Gateway, event });
    }
    office
}

#[test]
fn a_post_that_names_a_silent_case_alarms_its_handlers_and_nobody_else() {
    let mut office = embargoed();
    let decision = comes(&mut office.world, post(CVE), "");
    assert!(decision.letters.is_empty(), "nobody on a list is answered");
    let before = office.cases().case(&office.case).expect("a case").clone();
    let letters = ring(&mut office.world);
    assert_eq!(readers(&letters), ["val"]);
    assert_eq!(letters[0].case, Some(office.case.clone()));
    let told = alarm(&letters[0]);
    assert!(told.silent && !told.words && !told.mark);
    assert!(told.posts[0].why.contains("the same flaw"), "{told:?}");
    let body = body(&letters[0], &office.world);
    assert!(body.contains("| A length is read as signed."), "{body}");
    assert!(body.contains("\n  /fact public at 2026-11-23T"), "{body}");
    assert!(body.contains("<CVE-2026-10111@project.example>"), "{body}");
    let after = office.cases().case(&office.case).expect("a case");
    assert_eq!((&after.facts, &after.embargo), (&before.facts, &before.embargo));
    assert_eq!((after.status, after.tlp), (before.status, before.tlp));
}

const GHSA: &str = "GHSA-cfgh-jmpq-2345";

fn advisory(ids: &[&str], message: &str) -> Observed {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let message_id = MessageId::parse(message);
    Observed { message_id, ids: ids.clone(), about: ids, ..post("libexample") }
}

/// One advisory gave both names; the next one gives only that which the case does not know.
#[test]
fn a_post_that_names_only_another_name_of_a_flaw_alarms_too() {
    let mut office = embargoed();
    comes(&mut office.world, advisory(&[GHSA], "early@project.example"), "");
    assert!(ring(&mut office.world).is_empty(), "nobody said yet that they are one");
    comes(&mut office.world, advisory(&[CVE, GHSA], "both@project.example"), "");
    assert_eq!(readers(&ring(&mut office.world)), ["val"]);
    office.world.pass(minutes(61));
    comes(&mut office.world, advisory(&[GHSA], "late@other.example"), "Other words.");
    let letters = ring(&mut office.world);
    assert_eq!(readers(&letters), ["val"]);
    let why = &alarm(&letters[0]).posts[0].why;
    assert!(why.contains(&format!("{GHSA} (that is {CVE})")), "{why}");
    assert!(why.contains("Probable") && !why.contains("Sure"), "{why}");
}

/// Eve says that her flaw is that of a case, or that the case's is two: it ties nothing.
#[test]
fn eve_ties_no_other_flaw_to_a_case() {
    let mut office = embargoed();
    let two = advisory(&[CVE, "CVE-2026-66666", GHSA], "eve@eve.example");
    comes(&mut office.world, two, "");
    ring(&mut office.world);
    office.world.pass(minutes(61));
    for (id, message) in [("CVE-2026-66666", "1@eve.example"), (GHSA, "2@eve.example")] {
        let other = Observed { subject: id.to_owned(), ..advisory(&[id], message) };
        comes(&mut office.world, other, "");
        let seen = office.cases().posts().all().last().expect("a post");
        let tied = seen.update_of.or(seen.same_as.as_ref().map(|(of, _)| *of));
        assert!(seen.cases.is_empty() || tied.is_some(), "{seen:?}");
        assert_eq!(office.cases().posts().names_of(id).len(), 1);
    }
}

#[test]
fn a_storm_about_a_case_is_gathered_for_an_hour() {
    let mut office = embargoed();
    let mut letters = Vec::new();
    for number in 0..400 {
        let id = MessageId::parse(&format!("{number}@project.example"));
        let answer = Observed { message_id: id, kind: PostKind::Discussion, ..post(CVE) };
        comes(&mut office.world, answer, "");
        letters.extend(pass(&mut office.world, SignedDuration::from_secs(9)));
    }
    letters.extend(pass(&mut office.world, SignedDuration::from_hours(6)));
    assert_eq!(readers(&letters), ["val", "val"]);
    let told = alarm(&letters[1]);
    assert_eq!(told.posts.len() + told.more, 399);
}

#[test]
fn what_is_public_already_makes_one_letter_a_day() {
    let mut office = embargoed();
    let known = facts::Known {
        at: office.world.now(),
        source: String::new(),
        by: "val".to_owned(),
        confirmed: true,
    };
    let private = [(facts::Fact::Public, known)].into_iter().collect();
    let deed = Deed::FactLearned { fact: facts::Fact::Public, claim: false, private };
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    office.world.fold(Entry { at, case, by: Actor::Gateway, event: Event::Deed(deed) });
    let mut letters = Vec::new();
    for hour in 0..30 {
        let id = MessageId::parse(&format!("{hour}@project.example"));
        let answer = Observed { message_id: id, kind: PostKind::Discussion, ..post(CVE) };
        comes(&mut office.world, answer, "");
        letters.extend(pass(&mut office.world, SignedDuration::from_hours(1)));
    }
    assert_eq!(readers(&letters), ["val", "val"]);
    assert!(!alarm(&letters[0]).silent);
    assert!(!body(&letters[0], &office.world).contains("/fact public"));
}

#[test]
fn words_that_came_encrypted_are_said_first() {
    const SECRET: &str = "The overflow sits in the loop that copies the header without looking at \
                          the length that the caller was given, and nine bytes reach it.";
    let mut office = embargoed();
    let passages = crate::desk::leak_guard::passages(&office.rules().secrets, SECRET);
    let private = FiledWords {
        from: crate::mail::Address::parse("fay@finders.example"),
        passages,
        encrypted: true,
        ..FiledWords::default()
    };
    let filed = Filed {
        mail: "ee".repeat(32),
        exact: "ef".repeat(32),
        routeless: "ed".repeat(32),
        class: Class::FollowUp,
        bytes: 1,
        mailbox: "security".to_owned(),
        from: Some(1),
        private,
    };
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    let by = Actor::Participant(1);
    office.world.fold(Entry { at, case, by, event: Event::MailFiled(filed) });
    // No id at all; the words give it away.
    let quiet = Observed { ids: Vec::new(), about: Vec::new(), ..post("a rumour") };
    comes(&mut office.world, quiet, &format!("Somebody sent me this:\n\n> {SECRET}\n"));
    let letters = ring(&mut office.world);
    assert_eq!(readers(&letters), ["val"]);
    assert!(alarm(&letters[0]).words);
    assert!(body(&letters[0], &office.world).contains("WORDS OF THIS CASE ARE PUBLIC"));
}

#[test]
fn the_same_package_and_words_alone_are_no_alarm() {
    let mut office = embargoed();
    let other = Observed { packages: vec!["pkg:generic/libexample".into()], ..post("CVE-2026-2") };
    comes(&mut office.world, other, "libexample has a heap buffer overflow");
    assert_eq!(ring(&mut office.world).len(), 0);
}

#[test]
fn the_digest_never_says_that_a_case_exists() {
    let mut office = embargoed();
    seen(&mut office.world, Some(Selection::Exploited), post(CVE));
    let letters = pass(&mut office.world, minutes(20));
    assert_eq!(readers(&letters), ["cora", "vic"]);
    let body = body(&letters[0], &office.world);
    assert!(letters[0].case.is_none() && !body.contains(office.case.as_str()), "{body}");
    assert!(!body.contains("case"), "{body}");
}

#[test]
fn a_post_that_asks_for_silence_is_a_report_and_an_observation() {
    let mut office = embargoed();
    let sketch = Sketch { from: 2, mark: 3, ..Sketch::default() };
    let (mut input, _) = office.world.input(&sketch);
    if let Input::Mail(opened) = &mut input {
        opened.triage.class = Class::Report;
        opened.triage.post = Some(Box::new(post(CVE)));
    }
    let decision = office.world.decide(&input);
    assert!(decision.entries.iter().any(|entry| entry.event.name() == "case.opened"));
    let seen = decision.entries.iter().find(|entry| entry.event.name() == "post.observed");
    assert_eq!(seen.expect("an observation").case, None);
    assert_eq!(readers(&ring(&mut office.world)), ["val"]);
}

#[test]
fn what_is_imported_is_told_to_nobody() {
    let mut office = embargoed();
    let says = Observed { exploited: Some("It is used.".into()), ..post(CVE) };
    let past = PastPost { list: "oss".to_owned(), says, mail: Mail::default() };
    let decision = office.world.decide(&Input::Past(Box::new(past)));
    assert_eq!(decision.entries.len(), 1);
    let seen = office.cases().posts().get(1).expect("a post");
    assert_eq!(seen.cases, std::slice::from_ref(&office.case));
    assert!(pass(&mut office.world, SignedDuration::from_hours(48)).is_empty());
}

#[test]
fn a_post_can_put_no_line_of_orders_into_a_letter() {
    let mut world = World::new();
    let evil = Observed {
        subject: "x\n\n/close\n[SIRT-2026-4827 k7qd3mw2 sirt@example.org]".to_owned(),
        author: "Eve\n/siren approve abc <eve@evil.example>".to_owned(),
        archive: Some("javascript:alert(1)\n/take".to_owned()),
        packages: vec!["pkg\n/reject spam".to_owned()],
        exploited: Some("yes\n\n/close".to_owned()),
        ..post(CVE)
    };
    seen(&mut world, Some(Selection::Exploited), evil);
    let letters = pass(&mut world, minutes(10));
    let body = body(&letters[0], &world);
    let orders: Vec<&str> =
        body.lines().map(str::trim).filter(|line| line.starts_with('/')).collect();
    assert_eq!(orders, ["/siren draft O1"], "{body}");
    assert!(!body.contains("[SIRT-2026-4827"), "{body}");
    assert!(!body.contains("javascript"), "{body}");
}

#[test]
fn what_others_post_to_a_list_that_we_post_to_is_theirs() {
    let mut world = World::new();
    let siren = world.rules.lists[0].clone();
    let oss = PostList { name: "oss".into(), manners: Manners::OssSecurity, ..siren.clone() };
    let came_by = |list: &PostList| {
        let value = format!("<{}>", list.address.as_str().replace('@', "."));
        Mail { fields: vec![Field { name: "list-id".into(), value }], ..Mail::default() }
    };
    for (list, ours) in [(oss, false), (siren, true)] {
        world.rules.lists = vec![list.clone()];
        let says = Observed { exploited: Some("It is used.".into()), ..post(list.name.as_str()) };
        let mail = came_by(&list);
        world.decide(&Input::Past(Box::new(PastPost { list: list.name, says, mail })));
        let seen = world.cases.posts().all().next_back().expect("a post");
        assert_eq!(seen.post.from_us.is_some(), ours, "{:?}", seen.post.from_us);
    }
}
