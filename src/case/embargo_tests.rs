use super::*;
use crate::case::facts::Known;
use proptest::prelude::*;
use strum::VariantArray;

const FAY: u32 = 1;
const MO: u32 = 2;

fn day(days: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + days * 86_400).expect("instant")
}

fn asked() -> BTreeSet<u32> {
    [FAY, MO].into()
}

fn known(facts: &[Fact], confirmed: bool) -> Facts {
    let known = Known { at: day(0), source: String::new(), by: "val".to_owned(), confirmed };
    facts.iter().map(|fact| (*fact, known.clone())).collect()
}

impl Embargo {
    fn asks(&self, days: i64, by: Option<u32>) -> Next {
        self.propose(&Proposal { until: day(days), by }, day(0), &Facts::new())
    }

    fn says(&self, participant: u32, accepted: bool) -> Next {
        let answer = Answer { participant, accepted, asked: &asked() };
        self.answer(&answer, day(0), &Facts::new())
    }
}

fn active(days: i64) -> Embargo {
    let proposed = Embargo::default().asks(days, None).expect("proposal");
    let half = proposed.says(FAY, true).expect("answer");
    assert_eq!(half.state, EmbargoState::Proposed);
    half.says(MO, true).expect("answer")
}

#[test]
fn it_is_in_force_when_everybody_asked_accepts() {
    let embargo = active(90);
    assert_eq!((embargo.state, embargo.until), (EmbargoState::Active, Some(day(90))));
    assert_eq!((embargo.proposed, embargo.ends()), (None, Some(day(90))));
    assert_eq!(embargo.bound, asked());
}

#[test]
fn one_refusal_leaves_things_as_they_were() {
    let proposed = Embargo::default().asks(90, None).expect("proposal");
    let half = proposed.says(FAY, true).expect("answer");
    assert_eq!(half.says(MO, false), Ok(Embargo::default()));
    let revised = active(30).asks(60, None).expect("revision");
    assert_eq!(revised.state, EmbargoState::Revise);
    assert_eq!(revised.says(FAY, false), Ok(active(30)));
    // Somebody who was not asked stops nobody, and completes nothing.
    assert_eq!(half.says(9, false).map(|one| one.state), Ok(EmbargoState::Proposed));
}

#[test]
fn a_date_moves_when_all_accept_it() {
    let revised = active(30).asks(60, None).expect("revision");
    assert_eq!(revised.ends(), Some(day(30)), "the old end stands meanwhile");
    let half = revised.says(FAY, true).expect("answer");
    assert_eq!(half.ends(), Some(day(30)));
    let moved = half.says(MO, true).expect("answer");
    assert_eq!((moved.ends(), moved.revisions), (Some(day(60)), 1));
}

#[test]
fn of_two_proposals_the_earlier_end_is_in_force() {
    let ours = Embargo::default().asks(90, None).expect("proposal");
    let embargo = ours.asks(45, Some(FAY)).expect("second");
    assert_eq!((embargo.state, embargo.until), (EmbargoState::Revise, Some(day(45))));
    assert_eq!((embargo.proposed, embargo.proposer), (Some(day(90)), None));
    assert!(embargo.binds(FAY) && !embargo.binds(MO));
    let half = ours.says(MO, true).and_then(|one| one.asks(45, Some(FAY))).expect("second");
    assert!(half.binds(MO), "who keeps silent for longer keeps silent until then");
    assert_eq!(half.says(FAY, true).map(|one| one.ends()), Ok(Some(day(90))));
    let later = Embargo::default().asks(45, Some(FAY)).and_then(|one| one.asks(90, Some(MO)));
    let later = later.expect("second");
    assert_eq!((later.until, later.proposer), (Some(day(45)), Some(MO)));
    // Another date of the same party replaces its first.
    let again = ours.asks(45, None).expect("again");
    assert_eq!((again.state, again.proposed), (EmbargoState::Proposed, Some(day(45))));
}

#[test]
fn no_embargo_for_ever() {
    let mut embargo = active(10);
    for days in [20, 30, 40] {
        embargo = embargo.asks(days, None).expect("revision");
        embargo = embargo.says(FAY, true).and_then(|one| one.says(MO, true)).expect("answers");
    }
    assert_eq!(embargo.revisions, EMBARGO_REVISIONS);
    let why = embargo.asks(50, None).expect_err("a fourth");
    assert!(why.contains(&EMBARGO_REVISIONS.to_string()), "{why}");
    assert!(embargo.asks(35, None).is_ok(), "earlier is always possible");
    let why = Embargo::default().asks(181, None).expect_err("too long");
    assert!(why.contains(&format!("{EMBARGO_DAYS} days")), "{why}");
    let begun = active(170);
    let late = Proposal { until: day(181), by: None };
    assert!(begun.propose(&late, day(169), &Facts::new()).is_err(), "counted from the first");
}

#[test]
fn no_embargo_on_what_is_out() {
    let proposed = Embargo::default().asks(30, None).expect("proposal");
    let accept = Answer { participant: FAY, accepted: true, asked: &asked() };
    let decline = Answer { accepted: false, ..accept };
    for fact in [Fact::Public, Fact::Exploit, Fact::Attacks] {
        for confirmed in [true, false] {
            let facts = known(&[fact], confirmed);
            let ask = Proposal { until: day(30), by: None };
            assert!(Embargo::default().propose(&ask, day(0), &facts).is_err(), "{fact}");
            assert!(proposed.answer(&accept, day(0), &facts).is_err(), "{fact}");
            assert!(proposed.answer(&decline, day(0), &facts).is_ok(), "{fact}");
        }
    }
}

#[test]
fn a_fix_makes_it_short() {
    let ask = |facts: &[Fact], days| {
        let ask = Proposal { until: day(days), by: None };
        Embargo::default().propose(&ask, day(0), &known(facts, true))
    };
    assert!(ask(&[Fact::FixReady], 14).is_ok());
    let why = ask(&[Fact::FixReady], 15).expect_err("long");
    assert!(why.contains(&format!("{EMBARGO_DAYS_WITH_FIX} days")), "{why}");
    assert!(ask(&[Fact::FixDeployed], 1).is_err());
    let earlier = Proposal { until: day(30), by: None };
    let facts = known(&[Fact::FixReady, Fact::FixDeployed], true);
    assert!(active(60).propose(&earlier, day(0), &facts).is_ok(), "earlier is always possible");
}

#[test]
fn what_has_passed_is_not_agreed_on() {
    assert!(Embargo::default().asks(0, None).is_err());
    let proposed = Embargo::default().asks(1, None).expect("proposal");
    let accept = Answer { participant: FAY, accepted: true, asked: &asked() };
    assert!(proposed.answer(&accept, day(1), &Facts::new()).is_err());
    let over = Proposal { until: day(9), by: None };
    assert!(active(3).propose(&over, day(3), &Facts::new()).is_err());
    // A revision to an earlier end that nobody answered in time hinders no other.
    let unanswered = active(30).asks(2, None).expect("revision");
    assert!(unanswered.propose(&over, day(4), &Facts::new()).is_ok());
}

#[test]
fn newcomers_are_bound_and_who_leaves_ends_it_for_nobody_else() {
    let embargo = active(30);
    assert!(!embargo.binds(3));
    let three = embargo.says(3, true).expect("newcomer");
    assert!(three.binds(3) && three.state == EmbargoState::Active);
    let later = embargo.asks(60, None).and_then(|one| one.says(3, true)).expect("later");
    assert!(later.binds(3) && later.ends() == Some(day(30)));
    let earlier = embargo.asks(20, None).and_then(|one| one.says(3, true)).expect("earlier");
    assert!(!earlier.binds(3));
    let left = three.says(MO, false).expect("leaves");
    assert!(!left.binds(MO) && left.binds(FAY) && left.ends() == Some(day(30)));
}

#[test]
fn lifted_is_over_and_stays_so() {
    let over = active(30).lift().expect("lift");
    assert_eq!((over.state, over.until), (EmbargoState::Exited, Some(day(30))));
    assert!(over.lift().is_err() && over.asks(9, None).is_err() && over.says(FAY, true).is_err());
    assert_eq!((over.refused(), over.exited()), (over.clone(), over.clone()));
    let withdrawn = Embargo::default().asks(30, None).and_then(|one| one.lift());
    assert_eq!(withdrawn, Ok(Embargo::default()));
    assert!(Embargo::default().lift().is_err());
}

/// Eve cannot shorten, end or leave open what others agreed on: not with a date of her own, not
/// with an answer, and not by merging an open case into the embargoed one.
#[test]
fn eve_moves_no_date() {
    let eve = 9;
    let hers = active(60).asks(1, Some(eve)).expect("her date");
    assert_eq!(hers.ends(), Some(day(60)));
    assert_eq!(hers.says(eve, true).map(|one| one.ends()), Ok(Some(day(60))));
    assert_eq!(active(60).says(eve, false).map(|one| one.ends()), Ok(Some(day(60))));
    let open = active(5).lift().expect("over");
    assert!(active(60).merged(&open).is_err() && open.merged(&active(60)).is_err());
}

#[test]
fn merged_cases_keep_the_earlier_end() {
    let both = active(60).merged(&active(30)).expect("merged");
    assert_eq!((both.ends(), both.bound.len()), (Some(day(30)), 2));
    let taken = Embargo::default().merged(&active(30)).expect("merged");
    assert_eq!((taken.ends(), taken.bound.len()), (Some(day(30)), 0));
    assert_eq!(active(30).merged(&Embargo::default()), Ok(active(30)));
    assert_eq!(Embargo::default().merged(&Embargo::default()), Ok(Embargo::default()));
}

#[test]
fn what_an_embargo_stands_against() {
    let table = [
        (EmbargoState::None, ""),
        (EmbargoState::Proposed, "public close"),
        (EmbargoState::Active, "public close widen loosen"),
        (EmbargoState::Revise, "public close widen loosen"),
        (EmbargoState::Exited, ""),
    ];
    let deeds = [
        (Deed::Public, "public"),
        (Deed::Close, "close"),
        (Deed::WidenReaders, "widen"),
        (Deed::LoosenTlp, "loosen"),
    ];
    for (state, forbidden) in table {
        for (deed, word) in deeds {
            let refused = forbidden_by_embargo(state, deed).is_some();
            assert_eq!(refused, forbidden.contains(word), "{state} {deed:?}");
        }
    }
}

#[test]
fn who_reads_in_under_embargo() {
    use Permission::{Coordinator, Volunteer};
    assert!(may_read_in(EmbargoState::Active, Volunteer, false).is_err());
    assert!(may_read_in(EmbargoState::Active, Volunteer, true).is_ok());
    assert!(may_read_in(EmbargoState::Revise, Coordinator, false).is_ok());
    assert!(may_read_in(EmbargoState::None, Volunteer, false).is_ok());
}

#[derive(Clone, Debug)]
enum Step {
    Propose(i64, Option<u32>),
    Answer(u32, bool),
    Refuse,
    Lift,
    Learn(Fact, &'static str),
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Step> {
    let fact = prop::sample::select(Fact::VARIANTS);
    let by = prop::sample::select(vec!["val", "vic", "cora"]);
    prop_oneof![
        4 => (-5_i64..200, prop::option::of(1_u32..4)).prop_map(|(d, p)| Step::Propose(d, p)),
        8 => (1_u32..4, prop::bool::weighted(0.8)).prop_map(|(p, a)| Step::Answer(p, a)),
        1 => Just(Step::Refuse),
        1 => prop::bool::weighted(0.2).prop_map(|_| Step::Lift),
        1 => (fact, by).prop_map(|(fact, by)| Step::Learn(fact, by)),
        2 => (0_i64..20).prop_map(Step::Wait),
    ]
}

/// A case's embargo and facts, as the desk moves them together.
struct Scene {
    embargo: Embargo,
    facts: Facts,
    today: i64,
}

impl Scene {
    fn take(&mut self, step: &Step) {
        let now = day(self.today);
        let next = match *step {
            Step::Propose(days, by) => {
                self.embargo.propose(&Proposal { until: day(days), by }, now, &self.facts)
            }
            Step::Answer(participant, accepted) => {
                let answer = Answer { participant, accepted, asked: &asked() };
                self.embargo.answer(&answer, now, &self.facts)
            }
            Step::Refuse => Ok(self.embargo.refused()),
            Step::Lift => self.embargo.lift(),
            Step::Learn(fact, by) => self.learn(fact, by),
            Step::Wait(days) => {
                self.today += days;
                let over = self.embargo.ends().is_some_and(|end| end <= day(self.today));
                Ok(if over { self.embargo.exited() } else { self.embargo.clone() })
            }
        };
        self.embargo = next.unwrap_or_else(|_| self.embargo.clone());
    }

    fn learn(&mut self, fact: Fact, by: &str) -> Next {
        use crate::case::facts::{Said, learn};
        let said = Said { fact, at: day(self.today), source: "", by, may_confirm: true };
        let learned = learn(&self.facts, self.embargo.state, &said, day(self.today))?;
        self.facts.extend(learned.known);
        Ok(if learned.embargo_exits { self.embargo.exited() } else { self.embargo.clone() })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever happens in whatever order.
    #[test]
    fn what_always_holds(all in prop::collection::vec(steps(), 0..60)) {
        let mut scene =
            Scene { embargo: Embargo::default(), facts: Facts::new(), today: 0 };
        for step in &all {
            let (before, facts) = (scene.embargo.clone(), scene.facts.clone());
            scene.take(step);
            let now = &scene.embargo;
            let public = is_fact(&scene.facts, Fact::Public);
            prop_assert!(!(public && now.in_force()), "public ends it: {:?}", step);
            prop_assert!(!now.in_force() || now.until.is_some(), "a definite end: {:?}", step);
            if before.state == EmbargoState::Exited {
                prop_assert_eq!(now, &before, "exited is final");
            }
            let open = matches!(now.state, EmbargoState::Proposed | EmbargoState::Revise);
            prop_assert_eq!(now.proposed.is_some(), open);
            if before.in_force() && now.until != before.until {
                let Step::Answer(last, true) = *step else { panic!("moved by {step:?}") };
                let accepting: BTreeSet<u32> = before.accepting().chain([last]).collect();
                prop_assert!(asked().is_subset(&accepting), "without all: {:?}", before);
                prop_assert_eq!(now.until, before.proposed);
                prop_assert!(facts.is_empty() || !is_fact(&facts, Fact::Attacks));
            }
            if let (Some(until), Some(since)) = (now.ends(), now.since) {
                prop_assert!(!later_than(until, since, EMBARGO_DAYS));
            }
            prop_assert!(now.revisions <= EMBARGO_REVISIONS);
            if before.in_force() && !now.in_force() {
                let why = matches!(step, Step::Lift | Step::Learn(..) | Step::Wait(_));
                prop_assert!(why, "ended by {:?}", step);
            }
        }
    }
}
