use super::samples::{Base, Books, Sample, base, bases, day, read};
use super::*;
use jiff::SignedDuration;

fn one() -> (Books, Sample) {
    let mut books = Books::default();
    let post = base(0, 0).post();
    assert_eq!(books.take(&post), Sameness::New);
    (books, post)
}

fn roundup(of: &Base) -> Sample {
    let ids: Vec<String> = (0..10).map(|n| format!("CVE-2026-{}", 40998 + n)).collect();
    let ids = format!("{}, {}", of.ids[0], ids.join(", "));
    Sample {
        id: format!("roundup-{}@news.example", of.n),
        thread: Vec::new(),
        from: "Weekly <weekly@news.example>".to_owned(),
        at: of.post().at + SignedDuration::from_hours(60),
        subject: format!("Flaws of the week: {ids}"),
        text: "Ten flaws were made public this week. Here they are, with links to what was said \
               about them on the lists of their projects, for those who had no time to read.\n"
            .to_owned(),
    }
}

fn request(of: &Base) -> Sample {
    Sample {
        id: format!("request-{}@example.org", of.n),
        subject: format!("CVE request: {} {} ({})", of.project, of.flaw, of.ids[0]),
        text: format!("Has anybody asked for an id of the {} in {} yet?\n", of.flaw, of.project),
        from: "Fay <fay@example.org>".to_owned(),
        ..of.post()
    }
}

/// Of somebody else about the same flaw, in words of their own.
fn account(of: &Base) -> Sample {
    let text = format!(
        "We took a closer look at what {} mended this week. The bug sits where two threads share \
         a counter, and we could reach it in our laboratory after some hours of trying with many \
         small requests sent side by side. Details, pictures and the way we found it are below.\n",
        of.project
    );
    Sample {
        id: format!("account-{}@laboratory.example", of.n),
        thread: Vec::new(),
        from: "Laboratory <lab@laboratory.example>".to_owned(),
        at: of.post().at + SignedDuration::from_hours(3),
        subject: format!("A look at {} in {}", of.ids[0], of.project),
        text,
    }
}

fn next_year(of: &Base) -> Sample {
    let ids = vec![format!("CVE-2027-{}", 51000 + of.n)];
    let later =
        Base { ids: ids.clone(), affected: "<9.9.1".into(), fixed: "9.9.1".into(), ..of.clone() };
    let at = of.post().at + SignedDuration::from_hours(24 * 365);
    Sample { id: format!("next-{}@example.com", of.n), at, ..later.post() }
}

fn distribution(of: &Base) -> Sample {
    Sample {
        id: format!("dsa-{}@distribution.example", of.n),
        thread: Vec::new(),
        from: "Distribution <security@distribution.example>".to_owned(),
        at: of.post().at + SignedDuration::from_hours(20),
        subject: format!("[DSA-{}] {} security update {}", 7000 + of.n, of.project, of.ids[0]),
        text: format!(
            "A flaw was found in {}, which could result in trouble.\n\nFor the stable distribution \
             this problem has been fixed. Fixed in: 0\n\nFixed in: {}-2+deb13u1\n\nWe recommend \
             that you upgrade your packages.\n",
            of.project, of.fixed
        ),
    }
}

/// What a copy, a revision or a neighbour of each advisory is, by who made it.
fn labelled(of: &Base) -> Vec<(&'static str, char, Sample)> {
    let post = of.post();
    let fixed = format!("Fixed in: {}", of.fixed);
    let wider = format!("Affected: {}, =0.9", of.affected);
    let exploited = "\nThis flaw is exploited in the wild.\n\nFixed in:";
    vec![
        ("ezmlm", '=', post.tagged()),
        ("mailman", '=', post.mailman()),
        ("groups.io", '=', post.groups_io()),
        ("groups.io of a forward", '=', post.forwarded(true).groups_io()),
        ("wrapped", '=', post.wrapped()),
        ("forward", '=', post.forwarded(true)),
        ("bare forward", '=', post.forwarded(false)),
        ("answer", '.', post.answered()),
        ("fix incomplete", '+', post.revised(&fixed, "Fixed in: 9.0.1")),
        ("more affected", '+', post.revised(&format!("Affected: {}", of.affected), &wider)),
        ("exploited", '+', post.revised("\nFixed in:", exploited)),
        ("withdrawn", '+', post.revised("\nFixed in:", "\nWe withdraw this.\n\nFixed in:")),
        ("round-up", '.', roundup(of)),
        ("request", '.', request(of)),
        ("next year", '.', next_year(of)),
        ("account", '.', account(of)),
        ("distribution", '.', distribution(of)),
    ]
}

#[derive(Default, Debug)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    merged_updates: usize,
    updates: usize,
    updates_found: usize,
}

impl Score {
    fn count(&mut self, label: char, want: u32, got: &Sameness) {
        match (label, got.same_as()) {
            ('=', Some(number)) if number == want => self.right += 1,
            ('=', None) => self.missed += 1,
            (_, Some(_)) => self.wrong += 1,
            _ => {}
        }
        if label == '+' {
            self.updates += 1;
            self.merged_updates += usize::from(got.same_as().is_some());
            self.updates_found += usize::from(got.update_of() == Some(want));
        }
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

#[test]
fn pairs_of_forty_five_advisories_are_told_apart() {
    let mut books = Books::default();
    for of in bases() {
        assert_eq!(books.take(&of.post()), Sameness::New, "{of:?}");
    }
    let mut score = Score::default();
    for (of, number) in bases().iter().zip(1..) {
        for (how, label, post) in labelled(of) {
            let got = books.compare(&post);
            let before = (score.wrong, score.missed, score.updates_found);
            score.count(label, number, &got);
            if before.0 != score.wrong || before.1 != score.missed {
                println!("{how} of {number} ({label}): {got:?}");
            }
            if label == '+' && before.2 == score.updates_found {
                println!("{how} of {number} ({label}): {got:?}");
            }
        }
    }
    println!("{score:?} precision {:.3} recall {:.3}", score.precision(), score.recall());
    assert!(score.precision() >= 0.98 && score.recall() >= 0.95);
    assert_eq!((score.merged_updates, score.updates_found), (0, score.updates));
}

#[test]
fn in_one_stream_copies_come_back_to_the_first_and_updates_stay() {
    let mut books = Books::default();
    let mut score = Score::default();
    for of in bases() {
        let number = books.seen().next();
        books.take(&of.post());
        let newer = of.post().revised(&format!("Fixed in: {}", of.fixed), "Fixed in: 9.0.1");
        let update = books.seen().next();
        score.count('+', number, &books.take(&newer));
        for copy in [newer.groups_io(), newer.forwarded(true), newer.wrapped()] {
            score.count('=', update, &books.take(&copy));
        }
        for copy in [of.post().groups_io(), of.post().forwarded(false), of.post().mailman()] {
            score.count('=', number, &books.take(&copy));
        }
        score.count('.', 0, &books.take(&of.post().answered()));
    }
    println!("{score:?} precision {:.3} recall {:.3}", score.precision(), score.recall());
    assert!(score.precision() >= 0.98 && score.recall() >= 0.9);
    assert_eq!((score.merged_updates, score.updates_found), (0, 45));
}

fn titled(subject: &str, text: &str) -> Sample {
    let id = blake3::hash(format!("{subject}{text}").as_bytes()).to_hex();
    let id = format!("{}@example.org", &id[..16]);
    Sample { id, subject: subject.to_owned(), text: text.to_owned(), ..base(0, 0).post() }
}

const LONG: &str = "The parser of Brindle reads a length from the file and does not compare it \
    with what is left of the buffer. Whoever opens a crafted file may run the code of a stranger. \
    All users should install the new release as soon as they can do so.\n";

#[test]
fn a_message_id_alone_hides_nothing() {
    let (mut books, post) = one();
    let mut books_of_eve = Books::default();
    // Eve sends another text under the Message-ID of the advisory, before it comes.
    let decoy = Sample { from: "Eve <eve@example.net>".into(), ..titled("Lunch?", LONG) };
    books_of_eve.take(&Sample { id: post.id.clone(), ..decoy });
    assert_eq!(books_of_eve.take(&post), Sameness::New);
    assert_eq!(books_of_eve.take(&post.groups_io()).same_as(), Some(2));
    assert_eq!(books.take(&post).same_as(), Some(1));
}

#[test]
fn talk_about_an_id_does_not_hide_the_advisory() {
    let mut books = Books::default();
    let post = base(3, 3).post();
    // Eve names all the facts in an answer and in a request for an id, so that nothing is new.
    let talk = format!("{}\nThat is what I think.\n", post.text.replace("length", "size"));
    let eve = || Sample { from: "Eve <eve@example.net>".into(), ..titled("", &talk) };
    let subject = format!("Re: what about {}", base(3, 3).ids[0]);
    assert_eq!(books.take(&Sample { subject, ..eve() }), Sameness::New);
    let subject = format!("CVE request: {}", base(3, 3).ids[0]);
    let id = "other@example.net".to_owned();
    books.take(&Sample { subject, id, ..eve() });
    assert_eq!(books.take(&post), Sameness::New);
}

#[test]
fn a_flaw_has_many_names() {
    let mut books = Books::default();
    let (cve, ghsa) = ("CVE-2026-41000", "GHSA-cfgh-jmpq-2345");
    let text = |project: &str| format!("{LONG}{project}\nAffected: <1.2.0\nFixed in: 1.2.0\n");
    books.take(&titled(&format!("{cve}: Brindle buffer overflow"), &text("Brindle")));
    let both =
        titled(&format!("Brindle overflow {cve} {ghsa}"), "Affected: <1.2.0\nFixed in: 1.2.0\n");
    assert_eq!(books.take(&both).same_as(), Some(1));
    let other = titled(&format!("{ghsa} in Brindle"), "Brindle again. Fixed in: 1.2.0\n");
    assert_eq!(books.take(&other).same_as(), Some(1));
    assert_eq!(books.seen().names_of(cve), [cve.to_owned(), ghsa.to_owned()].into());
}

#[test]
fn eve_ties_no_two_flaws_together() {
    let mut books = Books::default();
    let ghsa = "GHSA-cfgh-jmpq-2345";
    let known = format!("CVE-2026-41000 {ghsa}: Brindle buffer overflow");
    books.take(&titled(&known, LONG));
    books.take(&titled(&format!("CVE-2026-41777 {ghsa}: the same"), "I am Eve, believe me.\n"));
    assert_eq!(books.seen().names_of("CVE-2026-41777").len(), 1);
    let real = titled("CVE-2026-41777: Gimbal path traversal", "Files outside are written.\n");
    assert_ne!(books.take(&real).same_as(), Some(1));
}

#[test]
fn versions_of_an_advisory_follow_each_other() {
    let mut books = Books::default();
    let version =
        |v: &str, text: &str| titled(&format!("XSA-980 v{v} (CVE-2026-41000): guest"), text);
    let text = format!("{LONG}Affected: 4.1\nFixed in: 4.2\n");
    assert_eq!(books.take(&version("1", &text)), Sameness::New);
    let second = version("2", &text.replace("as soon as they can", "at once"));
    assert_eq!(books.take(&second), Sameness::Update(1, vec![News::Version(2)]));
    assert_eq!(books.take(&second.groups_io()).same_as(), Some(2));
    let third = version("3", &text.replace("Affected: 4.1", "Affected: 4.1, 4.0"));
    let news = vec![News::Affected(vec!["4.0".into()]), News::Version(3)];
    assert_eq!(books.take(&third), Sameness::Update(2, news));
    // A late copy of the first is that, and no copy of the last.
    assert_eq!(books.take(&version("1", &text).groups_io()).same_as(), Some(1));
    let next = titled("XSA-981 v1 (CVE-2026-41001): guest", &text);
    assert_eq!(books.take(&next), Sameness::New);
}

#[test]
fn ids_that_come_later_are_news_and_part_of_many_is_not_the_same() {
    let mut books = Books::default();
    let first = titled("Brindle buffer overflow in the file reader", LONG);
    books.take(&first);
    let named = Sample {
        thread: vec![first.id.clone()],
        ..titled("UPDATE: CVE-2026-41000 for Brindle", LONG)
    };
    let news = vec![News::Flaws(vec!["CVE-2026-41000".into()])];
    assert_eq!(books.take(&named), Sameness::Update(1, news));
    let many = titled("CVE-2026-41000 CVE-2026-41001: two flaws in Brindle", "Both are mended.\n");
    assert_eq!(books.compare(&Sample { from: "Val".into(), ..many }), Sameness::New);
}

#[test]
fn without_ids_text_and_subject_must_agree() {
    let mut books = Books::default();
    let first = titled("Brindle buffer overflow in the file reader", LONG);
    books.take(&first);
    assert_eq!(books.compare(&first.groups_io()).same_as(), Some(1));
    assert_eq!(books.compare(&first.forwarded(false)).same_as(), Some(1));
    let sibling =
        titled("Brindle buffer overflow in the socket reader", &LONG.replace("file", "stream"));
    assert_eq!(books.compare(&sibling), Sameness::New);
    let mut later = titled(&first.subject, &LONG.replace("parser", "lexer"));
    later.at = first.at + SignedDuration::from_hours(24 * 365);
    assert_eq!(books.compare(&later), Sameness::New);
}

#[test]
fn the_weekly_post_of_a_project_is_new_each_week() {
    let mut books = Books::default();
    for week in 0..6 {
        let fixed = format!("Fixed in: 1.{week}.0, 2.{}.7\n", 9 - week);
        let own = format!("The plugin number {week} reads what week {week} forgot to check.\n");
        let mut post =
            titled("Brindle plugins -- multiple vulnerabilities", &format!("{LONG}{fixed}{own}"));
        post.at = day(7 * week);
        assert_eq!(books.take(&post), Sameness::New, "{week}");
        assert_eq!(books.take(&post.groups_io()).same_as(), Some(2 * week as u32 + 1));
    }
}

#[test]
fn an_answer_is_news_only_when_it_is_grave_or_of_the_author() {
    let (mut books, post) = one();
    let answer =
        |who: &str, text: &str| Sample { from: who.into(), text: text.into(), ..post.answered() };
    let mo = post.from.clone();
    assert_eq!(books.take(&answer("Vic <vic@example.net>", "Affected: 0.1\n")), Sameness::New);
    let mended = answer(&mo, "Sorry, the fix does not hold.\nFixed in: 9.9.9\n");
    let news = vec![News::Fixed(vec!["9.9.9".into()])];
    assert_eq!(books.compare(&mended), Sameness::Update(1, news));
    let grave = answer("Vic <vic@example.net>", "We see it exploited in the wild since Monday.\n");
    assert_eq!(books.take(&grave), Sameness::Update(1, vec![News::Exploited]));
    let again =
        answer("Val <val@example.org>", "Here it is exploited in the wild as well, sadly.\n");
    assert_eq!(books.take(&again), Sameness::New);
}

#[test]
fn a_copy_may_come_before_what_it_copies() {
    let mut books = Books::default();
    let post = base(7, 7).post();
    books.take(&post.forwarded(true));
    assert_eq!(books.compare(&post).same_as(), Some(1));
}

#[test]
fn a_reader_that_misses_facts_in_a_copy_makes_no_update() {
    let (books, post) = one();
    let mut poor = read(&post.groups_io());
    poor.fixed.clear();
    poor.affected.clear();
    poor.print.retain(|hash| hash % 40 != 0);
    assert_eq!(compare(books.seen(), &poor).same_as(), Some(1));
    let mut rich = read(&post.groups_io());
    rich.affected.push("0x1f".into());
    assert_eq!(compare(books.seen(), &rich).same_as(), Some(1));
}

#[test]
fn the_same_text_of_two_projects_on_one_day_is_two_posts() {
    let mut books = Books::default();
    for n in 0..15 {
        for id in 0..3 {
            let of = Base { part: "image decoder", flaw: "use after free", ..base(n, n * 3 + id) };
            let post = Sample { id: format!("{n}-{id}@example.org"), ..of.post() };
            assert_eq!(books.take(&post), Sameness::New, "{n} {id}");
        }
    }
}

/// One of very many that share the words of their kind, with flaws and a third of the words of
/// its own.
fn one_of_many(of: &[Observed], n: usize) -> Observed {
    let mut post = of[n % of.len()].clone();
    let id = format!("CVE-2026-{}", 100_000 + n);
    post.subject = post.subject.replace(&post.about[0], &id);
    (post.ids, post.about) = (vec![id.clone()], vec![id]);
    post.message_id = crate::mail::MessageId::parse(&format!("{n}@many.example"));
    post.posted = Some(day((n / 20) as i64));
    for (i, hash) in post.print.iter_mut().enumerate().filter(|(i, _)| i % 3 == 0) {
        let own = blake3::hash(format!("{n} {i}").as_bytes());
        *hash = u64::from_le_bytes(own.as_bytes()[..8].try_into().expect("eight")) >> 3;
    }
    post.print.sort_unstable();
    post
}

#[test]
fn however_many_posts_are_in_the_books_few_are_looked_at() {
    let of: Vec<Observed> = bases().iter().map(|of| read(&of.post())).collect();
    let mut books = Books::default();
    let many = 2_000;
    for n in 0..many {
        books.put(one_of_many(&of, n), &Sameness::New);
    }
    let copy = |n: usize| {
        let mut copy = one_of_many(&of, n);
        copy.message_id = None;
        copy.author = "Vic <vic@example.net>".into();
        copy
    };
    let most = (0..many).step_by(97).map(|n| kin::of(books.seen(), &copy(n)).len()).max();
    assert!(most.is_some_and(|most| most <= 2 * crate::limits::POSTS_ALIKE), "{most:?}");
    for n in (0..many).step_by(97) {
        assert_eq!(compare(books.seen(), &copy(n)).same_as(), Some(n as u32 + 1));
    }
}

#[test]
fn our_own_notices_are_known_however_they_come_back() {
    let key = crate::mail::Fingerprint::parse(&"AB".repeat(20)).expect("fingerprint");
    let ours = Ours { case_prefix: "SIRT", list_ids: vec!["siren.lists.example.org"], key: &key };
    let traces = |subject, list: Option<&'static str>, text| Traces {
        subject,
        list_ids: list.into_iter().collect(),
        signed_by: &[],
        text,
    };
    let known = |traces: Traces| is_ours(&traces, &ours).is_some();
    assert!(known(traces("Fwd: [siren] Brindle", None, "")));
    assert!(known(traces("Re: SIRT-SIREN-2026-0007 v1: Brindle", None, "")));
    assert!(known(traces("Brindle", Some("Notices <siren.lists.example.org>"), "")));
    assert!(known(traces("Brindle", None, "TLP:CLEAR\n\nNotice: SIRT-SIREN-2026-0007\n")));
    assert!(known(Traces { signed_by: std::slice::from_ref(&key), ..traces("Brindle", None, "") }));
    // Who cites a notice of ours far down, or has a name like it, is heard.
    let cites = format!("{}See SIRT-SIREN-2026-0007.\n", "A line of its own.\n".repeat(9));
    assert!(!known(traces("The siren of Brindle", Some("oss-security.example"), &cites)));
}
