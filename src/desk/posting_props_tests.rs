//! What reaches a list, whatever is ordered by whom and sent by anybody, in whatever order: only
//! what two members signed for, labelled clear, under no embargo, and each thing once.

use super::posting_cast::{Newsroom, digest_now};
use crate::case::{Deed, Event, Permission, Tlp};
use crate::desk::orders::cast::Order;
use crate::desk::test_support::Sketch;
use crate::letter::{Letter, Wording};
use jiff::SignedDuration;
use proptest::prelude::*;
use std::collections::BTreeSet;

const MEMBERS: [&str; 3] = ["cora", "val", "vic"];

/// Lines that make, change, stop and free a notice; `{}` is the digest as it is then.
const LINES: &[&str] = &[
    "/siren draft",
    "/siren draft for oss",
    "/siren approve {}",
    "/siren approve {}",
    "/siren approve {}",
    "/siren approve {}",
    "/siren approve aaaaaaaaaaaaaaaa",
    "/siren edit title Another heap overflow in libexample before 2.3.2",
    "/siren edit description It is worse than we thought: a length is read as a signed number.",
    "/siren edit tlp green",
    "/siren at +1h",
    "/siren at now",
    "/siren hold",
    "/siren retract not needed",
    "/siren correct the versions were wrong",
    "/tlp red",
    "/tlp clear",
    "/embargo until +30d",
    "/embargo accept for finder",
    "/embargo lift it leaked",
    "/fact public at 2026-11-23T08:00Z https://lists.example.net/1",
    "/fact not public",
    "/cve CVE-2026-10001",
    "/cve CVE-2026-10002",
    "/affects pkg:pypi/libexample <2.3.2",
    "/readin val",
    "/readin vic",
    "/remove val",
    "/undo",
    "/hold",
    "/try",
    "/close",
    "/reopen it came back",
    "/release L9",
];

#[derive(Clone, Debug)]
enum Move {
    Orders {
        by: &'static str,
        lines: Vec<&'static str>,
        confirms: bool,
        minutes: i64,
    },
    /// Eve sends every mail again that was signed so far.
    Replays,
    Stranger(Sketch),
    Waits(i64),
    /// Another case of the same comes under an embargo, or out of it.
    Twin(bool),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let lines = prop::collection::vec(prop::sample::select(LINES), 1..3);
    let orders = (prop::sample::select(&MEMBERS[..]), lines, prop::bool::weighted(0.9), 0..40i64)
        .prop_map(|(by, lines, confirms, minutes)| Move::Orders { by, lines, confirms, minutes });
    let stranger = (0..9u8, 0..8u8, 0..6u8).prop_map(|(from, text, signed)| {
        Move::Stranger(Sketch { from, text, signed, mark: 3, ..Sketch::default() })
    });
    let one = prop_oneof![
        12 => orders,
        1 => Just(Move::Replays),
        2 => stranger,
        3 => (1..2_000i64).prop_map(Move::Waits),
        1 => any::<bool>().prop_map(Move::Twin),
    ];
    prop::collection::vec(one, 1..30)
}

fn play(room: &mut Newsroom, one: &Move, signed: &mut Vec<(String, String, String)>) {
    match one {
        Move::Orders { by, lines, confirms, minutes } => {
            let digest = digest_now(&room.office);
            let text: String =
                lines.iter().map(|line| format!("{}\n", line.replace("{}", &digest))).collect();
            let order = room.office.order(by, &text);
            let bytes = format!("{} {}", signed.len(), order.text);
            let order = Order { bytes: Some(bytes.clone()), ..order };
            signed.push(((*by).to_owned(), order.text.clone(), bytes));
            room.takes(&order, *confirms);
            room.pass(SignedDuration::from_mins(*minutes));
        }
        Move::Replays => {
            for (by, text, bytes) in signed.clone() {
                let (age, encrypted, bytes) = (SignedDuration::ZERO, true, Some(bytes));
                room.replay(&Order { by: &by, text, age, encrypted, bytes });
            }
        }
        Move::Stranger(sketch) => room.stranger(sketch),
        Move::Waits(minutes) => room.pass(SignedDuration::from_mins(*minutes)),
        Move::Twin(embargoed) => room.twin(*embargoed),
    }
}

/// All that must be so of a post at the moment it is made.
fn lawful(room: &Newsroom, post: &Letter) -> Result<(), TestCaseError> {
    let Wording::Notice(words) = &post.wording else { panic!("a post is a notice") };
    let case = post.case.as_ref().and_then(|id| room.office.cases().case(id)).expect("a case");
    prop_assert_eq!(case.tlp, Tlp::Clear);
    prop_assert!(!case.embargo.in_force(), "embargoed");
    prop_assert!(words.body.starts_with("TLP:CLEAR"), "{}", words.body);
    prop_assert!(post.to.member.is_none() && post.to.participant.is_none());
    let list = room.office.rules().lists.iter().find(|list| list.address == post.to.address);
    prop_assert!(list.is_some(), "to a list of the configuration only");
    prop_assert!(post.code.is_none() && post.title.is_none());
    prop_assert!(!words.body.contains("CVE-2026-10001") || !room.twin_is_embargoed());
    approved(room, post)
}

/// Two members signed for one digest of this notice since its text was last changed.
fn approved(room: &Newsroom, post: &Letter) -> Result<(), TestCaseError> {
    let number = room.office.world.entries.iter().find_map(|entry| match &entry.event {
        Event::Deed(Deed::NoticePosted { notice, letter, .. }) if *letter == post.number => {
            Some(*notice)
        }
        _ => None,
    });
    let number = number.expect("the fact that it is posted");
    let entries = room.office.world.entries.iter().filter(|entry| entry.case == post.case);
    let mut by: BTreeSet<(String, String)> = BTreeSet::new();
    for entry in entries {
        match &entry.event {
            Event::Deed(Deed::NoticeApproved { notice, digest, .. }) if *notice == number => {
                let member = entry.by.handle().expect("a member").to_owned();
                by.insert((digest.clone(), member));
            }
            Event::Deed(
                Deed::NoticeEdited { notice, .. }
                | Deed::NoticeTimed { notice, .. }
                | Deed::NoticeHeld { notice, .. },
            ) if *notice == number => by.clear(),
            Event::Deed(Deed::NoticePosted { notice, .. }) if *notice == number => break,
            _ => {}
        }
    }
    let digests: BTreeSet<&String> = by.iter().map(|(digest, _)| digest).collect();
    let enough = digests.iter().any(|digest| {
        let members: Vec<&String> =
            by.iter().filter(|(one, _)| one == *digest).map(|(_, member)| member).collect();
        let roster = &room.office.rules().roster;
        let coordinator = members.iter().any(|handle| {
            roster.by_handle(handle).is_some_and(|one| one.role == Permission::Coordinator)
        });
        members.len() >= 2 && coordinator
    });
    prop_assert!(enough, "{by:?}");
    Ok(())
}

fn each_once(posts: &[Letter]) -> Result<(), TestCaseError> {
    let said = |post: &Letter| match &post.wording {
        Wording::Notice(words) => (post.to.address.clone(), words.body.clone()),
        _ => panic!("a post is a notice"),
    };
    let once: BTreeSet<_> = posts.iter().map(said).collect();
    prop_assert_eq!(once.len(), posts.len(), "the same twice");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn only_what_two_approved_reaches_a_list(ready: bool, moves in moves()) {
        let mut room = if ready { Newsroom::ready() } else { Newsroom::new() };
        let (mut signed, mut seen) = (Vec::new(), 0);
        for one in &moves {
            play(&mut room, one, &mut signed);
            for post in room.posts.get(seen..).unwrap_or_default() {
                lawful(&room, post)?;
            }
            seen = room.posts.len();
            for case in room.office.cases().cases() {
                prop_assert_eq!(case.invariants(), Ok(()));
            }
        }
        each_once(&room.posts)?;
    }
}
