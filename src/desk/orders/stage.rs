//! Scenes for tests: an office whose case is handled, under embargo, with a letter on its way.

use super::cast::Office;
use crate::case::{Actor, Deed, Entry, Event, Written, WrittenTo};
use crate::letter::{Transcript, Wording};
use crate::mail::MessageId;
use jiff::Timestamp;

/// Val handles the case of Fay; Cora and Vic coordinate and read it.
pub fn handled() -> Office {
    let mut office = Office::new();
    office.read_in("val");
    let handlers = vec!["val".to_owned()];
    fold(&mut office, Event::Deed(Deed::HandlersSet { handlers }));
    // From now on Val has letters of the case, and with them case lines of ours.
    office.say("val", "/time 1m\n");
    office.say("cora", "/time 1m\n");
    office
}

/// The same, and Fay agreed to be silent for 30 days.
pub fn embargoed() -> Office {
    let mut office = handled();
    insist(&mut office, "val", "/embargo until +30d\n");
    insist(&mut office, "val", "/embargo accept for finder\n");
    assert!(office.case().embargo.in_force());
    office
}

pub fn fold(office: &mut Office, event: Event) {
    let (at, case) = (office.world.now(), Some(office.case.clone()));
    office.world.fold(Entry { at, case, by: Actor::Cli, event });
}

/// A letter to Fay that still waits.
pub fn letter(office: &mut Office) -> u64 {
    let (number, now) = (office.cases().next_letter(), office.world.now());
    let written = Written {
        letter: number,
        template: "T-11".to_owned(),
        wording: "own-words".to_owned(),
        mail: format!("{:064x}", 800_000 + number),
        message_id: MessageId::parse(&format!("l{number}@example.org")).expect("an id"),
        code: None,
        member: None,
        participant: Some(1),
        acknowledges: false,
        sealed: true,
        kept: false,
        return_token: None,
        held: None,
        due: Some(now + jiff::SignedDuration::from_mins(5)),
        orders: None,
        private: WrittenTo::default(),
    };
    fold(office, Event::LetterWritten(written));
    number
}

/// Gives orders, and the confirmation where one is asked for.
pub fn insist(office: &mut Office, by: &str, text: &str) -> Transcript {
    let order = office.order(by, text);
    let (_, answer) = office.take(&order);
    let Wording::Transcript(asked) = answer.wording else { panic!("no transcript") };
    match asked.outcome.as_str() {
        "waits" => office.does(by, &format!("/confirm {}\n", answer.code.expect("a code"))),
        "done" => *asked,
        _ => panic!("{text}: {asked:#?}"),
    }
}

/// All that the lines said.
pub fn said(transcript: &Transcript) -> String {
    transcript.steps.iter().flat_map(|step| step.did.clone()).collect::<Vec<_>>().join("\n")
}

/// Orders, and then `/undo` of them, leave the case as it was.
pub fn undone(office: &mut Office, by: &str, text: &str) {
    let before = office.case().matter();
    insist(office, by, text);
    assert_ne!(office.case().matter(), before, "{text}");
    office.does(by, "/undo\n");
    assert_eq!(office.case().matter(), before, "{text}");
}

pub fn at(instant: &str) -> Timestamp {
    instant.parse().expect("an instant")
}

/// Lines that commands of every kind take. A command that is not named here is tried with
/// [`WORDS`] behind it.
pub const LINES: &[&str] = &[
    "/take",
    "/assign val",
    "/assign cora",
    "/handover cora",
    "/decline not my field",
    "/drop",
    "/valid",
    "/reject not-security",
    "/reject spam",
    "/engage",
    "/defer no time",
    "/close",
    "/reopen it came back",
    "/class question",
    "/pathway p2",
    "/title A heap overflow",
    "/severity high",
    "/cwe 79",
    "/cve CVE-2026-12345",
    "/affects pkg:npm/left-pad 1.0",
    "/credit Fay",
    "/fact vendor-aware",
    "/fact fix-ready",
    "/fact public",
    "/fact exploit",
    "/fact attacks",
    "/fact not public",
    "/fact not exploit",
    "/note seen",
    "/send finder",
    "/hold",
    "/undo",
    "/try",
    "/readin val",
    "/readin vic",
    "/invite maintainer mo@libexample.example",
    "/add maintainer mo@libexample.example they mend it",
    "/add other eve@evil.example she asked",
    "/remove finder",
    "/remove val",
    "/also finder fay@home.example",
    "/channel finder clear they asked",
    "/consent finder name",
    "/embargo until +30d",
    "/embargo until +20d",
    "/embargo until +20d for finder",
    "/embargo accept for finder",
    "/embargo decline for finder",
    "/embargo lift it leaked",
    "/deadline +60d for finder",
    "/tlp red",
    "/tlp amber",
    "/tlp clear",
    "/wait finder +2d",
    "/wait nobody",
    "/remind +2d look",
    "/time 1h30",
    "/away 2026-11-23 2026-11-30",
    "/release L1",
    "/resume",
    "/show",
];

/// Arguments for commands that are not named above, and slips for the others.
pub const WORDS: &[&str] = &[
    "",
    "val",
    "cora",
    "finder",
    "maintainer",
    "public",
    "clear",
    "high",
    "new",
    "all",
    "+14d",
    "L3",
    "1",
    "CVE-2026-1",
    "eve@evil.example",
    "\"x\"",
    "quiet",
    "for finder",
    "/close",
    "\u{202e}x",
];
