use super::*;
use proptest::prelude::*;
use strum::VariantArray;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + hour * 3_600).expect("instant")
}

fn said(fact: Fact, by: &str) -> Said<'_> {
    Said { fact, at: at(0), source: "list post", by, may_confirm: true }
}

/// Facts after these words, each by a member, with this embargo all the while.
fn after(embargo: EmbargoState, words: &[(Fact, &str)]) -> Facts {
    let mut facts = Facts::new();
    for (fact, by) in words {
        facts.extend(learn(&facts, embargo, &said(*fact, by), at(9)).expect("fact").known);
    }
    facts
}

#[test]
fn a_fix_comes_after_who_makes_it() {
    let none = Facts::new();
    let early = |facts: &Facts, fact| learn(facts, EmbargoState::None, &said(fact, "val"), at(9));
    assert!(early(&none, Fact::FixReady).is_err_and(|why| why.contains("/fact vendor-aware")));
    assert!(early(&none, Fact::FixDeployed).is_err_and(|why| why.contains("/fact fix-ready")));
    let facts = after(EmbargoState::None, &[(Fact::VendorAware, "val"), (Fact::FixReady, "val")]);
    assert!(early(&facts, Fact::FixDeployed).is_ok());
}

#[test]
fn an_earlier_date_mends_a_later_one() {
    let facts = after(EmbargoState::None, &[(Fact::VendorAware, "val")]);
    let before = |fact| Said { at: at(-5), ..said(fact, "vic") };
    let order = learn(&facts, EmbargoState::None, &before(Fact::FixReady), at(9));
    assert!(order.is_err_and(|why| why.contains("before the maintainer knew")));
    let mended = learn(&facts, EmbargoState::None, &before(Fact::VendorAware), at(9));
    let known = mended.expect("earlier").known;
    assert_eq!(known.get(&Fact::VendorAware).map(|one| one.at), Some(at(-5)));
    let later = Said { at: at(1), ..said(Fact::VendorAware, "vic") };
    assert!(learn(&facts, EmbargoState::None, &later, at(9)).is_err());
}

#[test]
fn nothing_is_a_fact_before_it_happened() {
    let ahead = Said { at: at(10), ..said(Fact::VendorAware, "val") };
    assert!(learn(&Facts::new(), EmbargoState::None, &ahead, at(9)).is_err());
}

#[test]
fn an_exploit_is_public_and_the_maintainer_learns_of_it() {
    let facts = after(EmbargoState::None, &[(Fact::Exploit, "val")]);
    for fact in [Fact::Exploit, Fact::Public, Fact::VendorAware] {
        assert!(is_fact(&facts, fact), "{fact}");
    }
    let attacked = after(EmbargoState::None, &[(Fact::Attacks, "val")]);
    assert_eq!(attacked.len(), 1, "attacks do not make it public");
}

#[test]
fn what_became_public_refuses_a_proposal() {
    let learned =
        |embargo| learn(&Facts::new(), embargo, &said(Fact::Public, "val"), at(9)).expect("fact");
    assert!(learned(EmbargoState::Proposed).embargo_exits);
    assert!(!learned(EmbargoState::None).embargo_exits);
    assert!(!learned(EmbargoState::Exited).embargo_exits);
}

/// Eve has stolen Val's key. She swears that the matter is public, exploited and attacked, again
/// and again, to end the embargo: all of it is a claim, until somebody else signs.
#[test]
fn eve_with_one_key_ends_no_embargo() {
    let three = [Fact::Public, Fact::Exploit, Fact::Attacks];
    let mut facts = Facts::new();
    for fact in three {
        let learned =
            learn(&facts, EmbargoState::Active, &said(fact, "val"), at(9)).expect("claim");
        assert!(learned.claim && !learned.embargo_exits && !learned.must_decide, "{fact}");
        facts.extend(learned.known);
    }
    for fact in three {
        let again = learn(&facts, EmbargoState::Active, &said(fact, "val"), at(9));
        assert!(again.is_err_and(|why| why.contains("Another")), "{fact}");
    }
    assert_eq!(claimed(&facts).collect::<Vec<_>>(), three);
    assert!(!is_fact(&facts, Fact::VendorAware));
}

#[test]
fn a_second_member_makes_a_claim_a_fact() {
    let facts = after(EmbargoState::Active, &[(Fact::Exploit, "val")]);
    let bystander = Said { may_confirm: false, ..said(Fact::Exploit, "vic") };
    assert!(learn(&facts, EmbargoState::Active, &bystander, at(9)).is_err());
    let second = Said { at: at(3), ..said(Fact::Exploit, "vic") };
    let learned = learn(&facts, EmbargoState::Revise, &second, at(9)).expect("fact");
    assert!(learned.embargo_exits && !learned.claim);
    let exploit = learned.known.get(&Fact::Exploit).expect("exploit");
    assert_eq!((exploit.by.as_str(), exploit.at, exploit.confirmed), ("val", at(0), true));
    assert_eq!(learned.known.len(), 3, "public and vendor-aware with it");
}

#[test]
fn confirmed_attacks_ask_for_a_decision_and_end_nothing() {
    let facts = after(EmbargoState::Active, &[(Fact::Attacks, "val")]);
    let learned = learn(&facts, EmbargoState::Active, &said(Fact::Attacks, "cora"), at(9));
    let learned = learned.expect("fact");
    assert!(learned.must_decide && !learned.embargo_exits);
}

#[test]
fn a_claim_is_taken_back_and_a_fact_is_not() {
    let facts = after(EmbargoState::Active, &[(Fact::Public, "val")]);
    assert!(take_back(&facts, Fact::Public, "vic", false).is_err());
    assert_eq!(take_back(&facts, Fact::Public, "val", false), Ok(Facts::new()));
    assert_eq!(take_back(&facts, Fact::Public, "cora", true), Ok(Facts::new()));
    let facts = after(EmbargoState::Active, &[(Fact::Public, "val"), (Fact::Public, "vic")]);
    assert!(take_back(&facts, Fact::Public, "cora", true).is_err());
    assert!(take_back(&facts, Fact::Attacks, "cora", true).is_err());
}

fn states() -> impl Strategy<Value = EmbargoState> {
    prop::sample::select(EmbargoState::VARIANTS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is said by whom and when: what is known stays known, X is P and P is V, a fix is
    /// known only with what comes before it, and one member alone ends no embargo in force.
    #[test]
    fn facts_only_come(
        words in prop::collection::vec(
            (prop::sample::select(Fact::VARIANTS), 0_usize..3, -9_i64..9, any::<bool>(), states()),
            0..40,
        )
    ) {
        let mut facts = Facts::new();
        let names = ["val", "vic", "cora"];
        for (fact, who, hour, may_confirm, embargo) in words {
            let by = names[who];
            let word = Said { fact, at: at(hour), source: "", by, may_confirm };
            let before = facts.clone();
            let Ok(learned) = learn(&facts, embargo, &word, at(9)) else { continue };
            facts.extend(learned.known);
            for (fact, old) in &before {
                let new = facts.get(fact).expect("never reverts");
                prop_assert!(new.confirmed || !old.confirmed);
                prop_assert!(!old.confirmed || new.at <= old.at);
            }
            let known = |fact| is_fact(&facts, fact);
            prop_assert!(!known(Fact::Exploit) || known(Fact::Public));
            prop_assert!(!known(Fact::Public) || known(Fact::VendorAware));
            prop_assert!(!known(Fact::FixDeployed) || known(Fact::FixReady));
            prop_assert!(!known(Fact::FixReady) || known(Fact::VendorAware));
            if learned.embargo_exits && in_force(embargo) {
                let claim = before.get(&word.fact).expect("claimed before");
                prop_assert!(claim.by != by && may_confirm && word.fact.needs_two());
            }
        }
    }
}
