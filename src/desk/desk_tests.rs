//! What holds for the desk whatever comes in: any mails, in any order, by anybody.

use super::test_support::{Sketch, World, lines_of};
use super::*;
use crate::case::{Event, LetterState, Posted};
use crate::letter::{Detail, Protection};
use jiff::ToSpan;
use proptest::prelude::*;

/// In every name, subject and text that strangers write.
pub const CANARY: &str = "zqcanary";

fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    let fields = (0..9_u8, 0..8_u8, 0..6_u8, 0..7_u8, 0..6_u8, 0..30_u8, any::<bool>());
    let sketch = fields.prop_map(|(from, text, signed, link, mark, hours, key)| Sketch {
        from,
        text,
        signed,
        link,
        mark,
        hours,
        key,
    });
    prop::collection::vec(sketch, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_said_to_the_wrong_reader(sketches in sketches()) {
        let mut world = World::new();
        for sketch in &sketches {
            let decision = world.take(sketch);
            for letter in &decision.letters {
                one_reader_who_may_read_it(&world, letter);
                no_word_of_a_stranger(&world, letter);
            }
            // News that another letter cannot leave is not about the mail.
            let of_the_mail = |one: &&Letter| one.wording.form().file != "letter-held";
            let about_it = decision.letters.iter().filter(of_the_mail);
            let mut readers: Vec<_> = about_it.map(|one| one.to.address.clone()).collect();
            let letters = readers.len();
            readers.sort();
            readers.dedup();
            prop_assert_eq!(readers.len(), letters, "two letters to one person for one mail");
        }
    }

    #[test]
    fn nobody_is_answered_more_often_than_agreed(sketches in sketches()) {
        let mut world = World::new();
        sketches.iter().for_each(|sketch| _ = world.take(sketch));
        let letters: Vec<&Posted> = world.cases.letters().collect();
        for last in &letters {
            let (begin, end) = (last.written - 24.hours(), last.written);
            let lately = |one: &&&Posted| one.written > begin && one.written <= end;
            let day: Vec<&&Posted> = letters.iter().filter(lately).collect();
            let to_them = day.iter().filter(|one| one.acknowledges && one.to == last.to).count();
            prop_assert!(to_them <= 1, "{} acknowledgements in a day", to_them);
            let answers = |one: &&&Posted| one.participant.is_some() && one.case == last.case;
            prop_assert!(day.iter().filter(|one| answers(one)).count() <= 3);
        }
    }

    #[test]
    fn every_mail_is_filed_once_and_the_journal_is_the_caseload(sketches in sketches()) {
        let mut world = World::new();
        for sketch in &sketches {
            let decision = world.take(sketch);
            let filed = |entry: &&Entry| {
                matches!(entry.event, Event::MailFiled(_) | Event::MailQuarantined(_))
            };
            prop_assert_eq!(decision.entries.iter().filter(filed).count(), 1);
        }
        let snapshots = world.cases.snapshots();
        let mut folded = Caseload::default();
        for line in lines_of(&world.entries) {
            folded.apply(&Entry::from_line(line).expect("an entry"));
        }
        prop_assert_eq!(&folded.snapshots(), &snapshots);
        let read = Caseload::from_snapshots(snapshots.clone(), world.cases.last_entry());
        prop_assert_eq!(&read.expect("a caseload").snapshots(), &snapshots);
    }

    /// The same decision from the same inputs, from the fold and from its snapshots.
    #[test]
    fn a_decision_follows_from_its_inputs_alone(sketches in sketches()) {
        let mut world = World::new();
        for sketch in &sketches {
            let snapshots = world.cases.snapshots();
            let read = Caseload::from_snapshots(snapshots, world.cases.last_entry());
            let read = read.expect("a caseload");
            let (input, now) = world.input(sketch);
            let one = decide(&world.cases, &world.rules, &input, now);
            let other = decide(&read, &world.rules, &input, now);
            prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
            prop_assert_eq!(lines_of(&one.entries), lines_of(&other.entries));
            world.take(sketch);
        }
    }
}

/// Detail goes to members who are read in, under the key on the roster; nothing to ourselves, to
/// lists, or to members as if they were outsiders.
fn one_reader_who_may_read_it(world: &World, letter: &Letter) {
    let handle = letter.to.member.as_deref();
    let Some(member) = handle.and_then(|handle| world.rules.roster.by_handle(handle)) else {
        assert_eq!(letter.wording.form().detail, Detail::None);
        assert!(!letter.wording.form().internal);
        assert!(!world.rules.never_participant(&letter.to.address), "{:?}", letter.wording);
        return;
    };
    assert_eq!(letter.to.address, member.address);
    match &letter.to.protection {
        Protection::Sealed { key, certificate } => {
            assert_eq!((key, certificate), (&member.key, &None));
        }
        Protection::Kept => assert!(member.key_trouble.is_some() && letter.held.is_some()),
        Protection::Signed | Protection::Public => {
            panic!("{} is written to in the clear", member.handle)
        }
    }
    if let Some(case) = &letter.case {
        let case = world.cases.case(case).expect("a case");
        assert!(case.readable_by(&member.handle), "{} may not read it", member.handle);
    }
}

/// A letter without detail repeats no word of anybody; the title goes back under a proven key.
fn no_word_of_a_stranger(world: &World, letter: &Letter) {
    if letter.wording.form().detail == Detail::Case {
        return;
    }
    let fields = serde_json::to_string(&letter.wording).expect("fields");
    assert!(!fields.contains(CANARY), "{fields}");
    if letter.title.is_some() {
        let case = letter.case.as_ref().and_then(|case| world.cases.case(case)).expect("a case");
        let person = letter.to.participant.and_then(|number| case.participant(number));
        let proven = person.and_then(|person| person.key_on_record()).expect("a proven key");
        let under = matches!(&letter.to.protection, Protection::Sealed { key, .. }
            if *key == proven.fingerprint);
        assert!(under, "a title under another key");
    }
}

#[test]
fn a_letter_that_was_sent_can_still_come_back() {
    let mut world = World::new();
    world.take(&Sketch { from: 0, ..Sketch::default() });
    let number = world.cases.letters().find(|one| one.member.is_some()).expect("one").number;
    assert_eq!(world.cases.letter(number).map(|one| one.state), Some(LetterState::Sent));
    let news = News::CameBack { why: "came back: 5.1.1".to_owned() };
    let told = world.decide(&Input::Letter { number, news: news.clone() });
    assert_eq!(world.cases.letter(number).map(|one| one.state), Some(LetterState::Failed));
    assert_eq!(told.letters.len(), 1, "the other coordinator");
    let again = world.decide(&Input::Letter { number, news });
    assert!(again.entries.is_empty() && again.letters.is_empty());
}

#[test]
fn eve_cannot_keep_fay_from_reading_with_a_key_in_her_name() {
    let mut world = World::new();
    // Fay reports without a key; Eve brings one for Fay's address; Fay asks where things stand.
    world.take(&Sketch { from: 0, ..Sketch::default() });
    world.take(&Sketch { from: 8, link: 2, key: true, hours: 1, ..Sketch::default() });
    let status = Sketch { from: 0, text: 1, link: 2, hours: 2, ..Sketch::default() };
    let decision = world.take(&status);
    let letter = decision.letters.iter().find(|one| one.to.member.is_none()).expect("an answer");
    assert_eq!(letter.to.protection, Protection::Signed);
}

#[test]
fn times_of_one_day_are_counted_over_spellings() {
    let mut world = World::new();
    let first = world.take(&Sketch { from: 0, ..Sketch::default() });
    let other = world.take(&Sketch { from: 6, hours: 1, ..Sketch::default() });
    let outside =
        |decision: &Decision| decision.letters.iter().filter(|one| one.to.member.is_none()).count();
    assert_eq!((outside(&first), outside(&other)), (1, 0));
}
