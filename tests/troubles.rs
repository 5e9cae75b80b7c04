//! Mail that gives trouble: too large, poisonous, not for our key, or twice the same; and what a
//! person at the terminal can do about it.

use crate::support::desk::{Desk, TEAM, field, recipient, wait_for};
use crate::support::gnupg::Gnupg;
use crate::support::people::{Person, report};
use serde_json::{Value, json};
use std::fs;

fn cora() -> Person {
    Person::new("Cora", "cora@example.org")
}

fn fay() -> Person {
    Person::new("Fay", "fay@finders.example")
}

/// The letters to an address, as they left.
fn letters_to(desk: &Desk, address: &str) -> Vec<Vec<u8>> {
    desk.letters().into_iter().filter(|letter| recipient(letter) == address).collect()
}

fn words(letter: &[u8]) -> String {
    String::from_utf8_lossy(letter).into_owned()
}

fn with_quarantine(more: &str) -> Desk {
    let desk = Desk::local(&[&cora()]);
    desk.change("maildir = \"mail\"\n", "maildir = \"mail\"\nquarantine = \"Quarantine\"\n");
    desk.add(more);
    desk
}

/// The maildir folder that holds quarantined mail.
fn quarantined(desk: &Desk) -> usize {
    desk.mails_in("mail/.Quarantine")
}

#[test]
fn a_mail_over_the_limit_is_a_case_and_its_sender_is_told() {
    let desk = with_quarantine("\n[limits]\nmail = \"64 KiB\"\n");
    let mail =
        fay().plain("large@finders.example", "Overflow in libexample", &"x y z\n".repeat(20_000));
    desk.deliver(&mail);
    let summary = desk.once();
    assert_eq!((&summary["taken"], &summary["quarantined"]), (&json!(0), &json!(1)));
    assert_eq!((quarantined(&desk), desk.mails_in("mail")), (1, 0));
    let told = desk.json(&["quarantine"]);
    let [one] = &told.as_array().expect("a list")[..] else { panic!("{told}") };
    assert_eq!((&one["id"], &one["mailbox"]), (&json!("Q1"), &json!("security")));
    assert!(one["bytes"].as_u64().is_some_and(|bytes| bytes >= 120_000), "{one}");
    let [case] = &desk.cases()[..] else { panic!("one case") };
    assert_eq!((&case["class"], &case["case"]), (&json!("report"), &one["case"]));

    let [answer] = &letters_to(&desk, "fay@finders.example")[..] else { panic!("one answer") };
    assert_eq!(field(answer, "In-Reply-To").as_deref(), Some("<large@finders.example>"));
    assert!(!words(answer).contains("x y z"), "nothing is quoted");
    assert_eq!(letters_to(&desk, "cora@example.org").len(), 1);
    let why = desk.sirt(&["retry", "Q1"]).ended(1).says(&["Q1", "[limits] mail", "security"]);
    assert_eq!(why.stdout, "");

    // After the mend it is moved back, and is a mail like any other.
    desk.change("64 KiB", "1 MiB");
    let file = fs::read_dir(desk.path("mail/.Quarantine/cur")).expect("a folder").flatten();
    let file = file.chain(fs::read_dir(desk.path("mail/.Quarantine/new")).expect("it").flatten());
    let file = file.map(|file| file.path()).next().expect("a mail");
    fs::rename(&file, desk.path("mail/new/back")).expect("moved");
    assert_eq!(desk.once()["taken"], 1);
    assert_eq!(desk.mails_in("mail/.Quarantine"), 0);
    assert_eq!(letters_to(&desk, "fay@finders.example").len(), 1, "no second answer in a day");
}

/// Eve's mail needs more memory than a worker has: it costs her mail, and nobody else's.
#[test]
fn a_mail_that_cannot_be_read_is_a_case_of_whoever_its_header_names() {
    let desk = with_quarantine("");
    let nested = "--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n".repeat(3_000);
    let mail = format!(
        "From: Fay <fay@finders.example>\r\nTo: {TEAM}\r\nSubject: Overflow\r\n\
         Content-Type: multipart/mixed; boundary=a\r\n\r\n{nested}"
    );
    desk.deliver(mail.as_bytes());
    assert_eq!(desk.once()["quarantined"], json!(1));
    let [case] = &desk.cases()[..] else { panic!("one case") };
    assert_eq!((&case["class"], &case["title"]), (&json!("report"), &json!("Overflow")));
    let shown = desk.json(&["show", case["case"].as_str().expect("a name")]);
    assert_eq!(shown["participants"][0]["address"], json!("fay@finders.example"));
}

#[test]
fn a_mail_that_kills_its_worker_is_set_aside_and_taken_after_a_mend() {
    let desk = with_quarantine("\n[limits]\nmail = \"40 MiB\"\nworker_memory = \"256 MiB\"\n");
    let eve = Person::new("Eve", "eve@attacker.example");
    desk.deliver(&eve.sealed("bomb@attacker.example", &hungry(), &desk.certificate()));
    desk.deliver(&fay().sealed("one@finders.example", &report(1), &desk.certificate()));
    let summary = desk.once();
    assert_eq!((&summary["taken"], &summary["quarantined"]), (&json!(1), &json!(1)));
    assert_eq!((quarantined(&desk), desk.cases().len()), (1, 2));
    let told = desk.json(&["quarantine"]);
    assert!(
        told[0]["why"].as_str().is_some_and(|why| why.contains("0 of them out of time")),
        "{told}"
    );
    assert_eq!(letters_to(&desk, "eve@attacker.example").len(), 0);
    assert_eq!(letters_to(&desk, "fay@finders.example").len(), 1);
    desk.sirt(&["retry", "Q1"]).ended(1).says(&["still cannot be opened"]);

    desk.change("256 MiB", "4 GiB");
    desk.sirt(&["retry", "Q1"]).ended(0);
    assert_eq!(desk.json(&["quarantine"]), json!([]));
    assert_eq!(desk.cases().len(), 2, "it joins the case that was opened for it");
    desk.sirt(&["retry", "Q1"]).ended(1).says(&["Q1", "not in quarantine"]);
    assert_eq!(desk.json(&["verify"])["ok"], true);
}

/// Opened in the memory that a worker has by default, not in the least that may be set.
fn hungry() -> String {
    "Each line of this mail is another word of nothing at all.\n".repeat(480_000)
}

/// T-03: which key to use, with our certificate, and nothing of what came.
#[test]
fn a_mail_for_another_key_is_a_case_and_its_sender_gets_our_key() {
    let cora = cora();
    let desk = Desk::local(&[&cora]);
    let other = Person::new("Old SIRT", TEAM);
    let fay = fay();
    let mail = fay.sealed("one@finders.example", &report(1), other.key.certificate());
    desk.deliver(&mail);
    assert_eq!(desk.once()["taken"], 1);
    let [case] = &desk.cases()[..] else { panic!("one case") };
    assert_eq!((&case["class"], &case["status"]), (&json!("report"), &json!("received")));
    let letters = desk.json(&["letters"]);
    let hers =
        letters.as_array().expect("a list").iter().find(|it| it["to"] == "fay@finders.example");
    assert_eq!(hers.expect("a letter")["template"], "T-03");

    let [answer] = &letters_to(&desk, "fay@finders.example")[..] else { panic!("one answer") };
    let team = desk.certificate();
    let text = match field(answer, "Content-Type").expect("a type").contains("encrypted") {
        true => Gnupg::of(&fay, &team).open(answer, team.fingerprint().as_str()),
        false => words(answer),
    };
    let content = sirt_gateway::mail::parse_payload(text.as_bytes()).expect("a mail").content();
    let key = content.keys.first().expect("our key is attached");
    let found = sirt_gateway::pgp::Certificate::parse_all(&key.bytes).expect("a certificate");
    assert_eq!(found[0].fingerprint(), team.fingerprint());
    let quoted =
        words(&mail).lines().filter(|line| line.len() > 60).any(|line| text.contains(line));
    assert!(!quoted, "nothing is quoted");
    assert_eq!(letters_to(&desk, "cora@example.org").len(), 1);
}

#[test]
fn the_same_mail_twice_is_taken_once_whatever_way_it_came() {
    let desk = Desk::local(&[&cora()]);
    let mail = fay().sealed("one@finders.example", &report(1), &desk.certificate());
    desk.deliver(&mail);
    desk.deliver(&mail);
    let summary = desk.once();
    assert_eq!((&summary["taken"], &summary["duplicates"]), (&json!(1), &json!(1)));
    // Line ends are the store's.
    desk.deliver(words(&mail).replace("\r\n", "\n").as_bytes());
    assert_eq!(desk.once()["duplicates"], 1);
    // By another road: the same case, no second answer.
    let route = b"Received: from elsewhere by mx.example.org; Mon, 23 Nov 2026 09:00:00 +0000\r\n";
    desk.deliver(&[route.as_slice(), &mail].concat());
    let summary = desk.once();
    assert_eq!((&summary["taken"], &summary["duplicates"]), (&json!(1), &json!(0)));
    assert_eq!(desk.cases().len(), 1);
    assert_eq!(letters_to(&desk, "fay@finders.example").len(), 1);
    assert_eq!(desk.mails_in("mail"), 4, "all are settled");
}

/// Eve sends a mail of her own under the Message-ID of Fay's: it hides nothing and is hidden by
/// nothing.
#[test]
fn the_same_message_id_with_other_content_is_another_mail() {
    let cora = cora();
    let desk = Desk::local(&[&cora]);
    let eve = Person::new("Eve", "eve@attacker.example");
    desk.deliver(&eve.plain("one@finders.example", "Overflow in libfoo", &report(2)));
    desk.deliver(&fay().sealed("one@finders.example", &report(1), &desk.certificate()));
    assert_eq!(desk.once()["taken"], 2);
    assert_eq!(desk.cases().len(), 2);
    assert_eq!(letters_to(&desk, "fay@finders.example").len(), 1);
    let team = desk.certificate();
    let hers = letters_to(&desk, "cora@example.org");
    let inside = Gnupg::of(&cora, &team).open(&hers[1], team.fingerprint().as_str());
    assert!(inside.contains("same Message-ID"), "it is flagged: {inside}");
}

#[test]
fn a_running_gateway_answers_what_is_asked_at_the_terminal() {
    let desk = with_quarantine("\n[limits]\nmail = \"64 KiB\"\n[letters]\nautomatic = true\n");
    let gateway = desk.start();
    desk.deliver(&fay().sealed("one@finders.example", &report(1), &desk.certificate()));
    let large = Person::new("Lou", "lou@finders.example");
    desk.deliver(&large.plain("two@finders.example", "Large", &"x y z\n".repeat(20_000)));
    wait_for("letters that have left", || {
        let letters = desk.json(&["letters"]);
        let letters = letters.as_array().expect("a list");
        letters.len() == 4 && letters.iter().all(|letter| letter["state"] == "sent")
    });
    assert_eq!(desk.cases().len(), 2);
    assert_eq!(desk.json(&["quarantine"]).as_array().map(Vec::len), Some(1));
    let case = desk.cases()[0]["case"].as_str().expect("a name").to_owned();
    let shown = desk.json(&["show", &case]);
    assert_eq!(shown["case"], case.as_str());
    assert!(!shown.to_string().contains("crafted file"), "no words of a report");
    let entries = desk.sirt(&["journal"]).ended(0).stdout;
    let beside: Vec<Value> =
        entries.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert!(beside.len() > 8);
    assert_eq!(desk.json(&["verify"]), json!({ "ok": true, "findings": [] }));
    desk.sirt(&["show", "SIRT-1999-0001"]).ended(1).says(&["SIRT-1999-0001", "sirt cases"]);
    desk.sirt(&["release", "L1"]).ended(1).says(&["L1 is sent"]);
    desk.sirt(&["release", "L99"]).ended(1).says(&["L99"]);
    desk.sirt(&["discard", "L1", "--why", "late"]).ended(1).says(&["L1 is sent already"]);
    desk.sirt(&["retry", "Q1"]).ended(1).says(&["[limits] mail"]);
    desk.sirt(&["retry", "Q9"]).ended(1).says(&["Q9", "sirt quarantine"]);
    let page = desk.sirt(&["cases"]).ended(0).stdout;
    assert!(page.contains(&case), "{page}");
    let (cases, letters) = (desk.cases(), desk.json(&["letters"]));
    gateway.stop();
    assert_eq!((desk.cases(), desk.json(&["letters"])), (cases, letters), "the same without it");
    let offline = desk.sirt(&["journal"]).ended(0).stdout;
    assert_eq!(offline, entries);
}

/// What is asked to be shown with its words is written down first.
#[test]
fn words_of_a_report_are_shown_when_asked_for_and_that_is_recorded() {
    let desk = Desk::local(&[&cora()]);
    desk.deliver(&fay().plain("one@finders.example", "Overflow in libexample", &report(1)));
    desk.once();
    let case = desk.cases()[0]["case"].as_str().expect("a name").to_owned();
    let quiet = desk.sirt(&["show", &case]).ended(0).stdout;
    assert!(!quiet.contains("crafted file"), "{quiet}");
    let shown = desk.sirt(&["show", &case, "--words", "--json"]).ended(0).stdout;
    assert!(shown.contains("crafted file"));
    let journal = desk.sirt(&["journal"]).ended(0).stdout;
    assert!(journal.lines().last().is_some_and(|line| line.contains("words")), "{journal}");
}

/// Above the number of letters in an hour the next one waits, until a person lets it go.
#[test]
fn a_held_letter_leaves_when_it_is_released_and_never_when_it_is_discarded() {
    let desk = Desk::local(&[&cora()]);
    desk.add("\n[limits]\nletters_per_hour = 1\n");
    let team = desk.certificate();
    for name in ["fay", "mo", "lou"] {
        let finder = Person::new(name, &format!("{name}@finders.example"));
        desk.deliver(&finder.sealed(&format!("{name}@finders.example"), &report(1), &team));
    }
    let summary = desk.once();
    assert_eq!((&summary["taken"], &summary["held"]), (&json!(3), &json!(2)));
    let held = desk.json(&["letters", "--held"]);
    let held: Vec<&str> =
        held.as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect();
    let [first, second] = held[..] else { panic!("{held:?}") };
    assert_eq!(desk.once()["sent"], 0, "they wait");

    let gateway = desk.start();
    desk.sirt(&["release", first]).ended(0);
    desk.sirt(&["discard", second, "--why", "answered by telephone"]).ended(0);
    wait_for("letter that was released", || letters_to(&desk, "mo@finders.example").len() == 1);
    desk.sirt(&["discard", first, "--why", "late"]).ended(1).says(&[first, "sent already"]);
    gateway.stop();
    desk.sirt(&["release", second]).ended(1).says(&[second, "discarded"]);
    assert_eq!(desk.once()["sent"], 0);
    assert_eq!(letters_to(&desk, "lou@finders.example").len(), 0);
    let journal = desk.sirt(&["journal"]).ended(0).stdout;
    assert!(journal.contains("answered by telephone"), "why it was discarded is on record");
}
