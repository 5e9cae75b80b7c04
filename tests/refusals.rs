//! What cannot work is refused in one line that says what to do, with the exit status of the
//! contract, and nothing is lost by it.

use crate::support::desk::{Desk, Done, recipient};
use crate::support::dovecot::{Dovecot, PASSWORD, USER};
use crate::support::gnupg::Gnupg;
use crate::support::people::{Person, report};
use crate::support::postfix::Postfix;
use crate::support::smtp_sink::SmtpSink;
use crate::support::{free_port, on_a_small_disk};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sirt_gateway::net::Tls;
use std::fs;
use std::process::Command;

fn cora() -> Person {
    Person::new("Cora", "cora@example.org")
}

fn fay() -> Person {
    Person::new("Fay", "fay@finders.example")
}

/// A desk with one report in its inbox.
fn desk() -> Desk {
    let desk = Desk::local(&[&cora()]);
    desk.deliver(&fay().sealed("one@finders.example", &report(1), &desk.certificate()));
    desk
}

/// One mail waits, and the desk takes it in now that nothing is in the way.
#[track_caller]
fn assert_nothing_lost(desk: &Desk) {
    assert_eq!(fs::read_dir(desk.path("mail/new")).expect("a maildir").count(), 1);
    let summary = desk.once();
    assert_eq!((&summary["taken"], &summary["sent"]), (&json!(1), &json!(2)));
    assert_eq!(desk.cases().len(), 1);
}

#[track_caller]
fn refused(desk: &Desk, status: i32, words: &[&str]) {
    for command in ["once", "run"] {
        let done = desk.sirt(&[command]).ended(status);
        assert_eq!(done.stdout, "");
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
        done.says(words);
    }
}

#[test]
fn an_unknown_setting_is_named_with_the_nearest_known_one() {
    let desk = desk();
    desk.add("\n[limits]\nmial = \"20 MiB\"\n");
    refused(&desk, 2, &["config.toml:", "mial", "did you mean 'mail'"]);
    desk.change("mial", "mail");
    assert_nothing_lost(&desk);
}

#[test]
fn a_wrong_state_key_opens_nothing_and_changes_nothing() {
    let desk = desk();
    let waiting = fs::read_dir(desk.path("mail/new")).expect("a maildir").flatten().next();
    let aside = desk.path("aside");
    let waiting = waiting.expect("a mail").path();
    fs::rename(&waiting, &aside).expect("moved");
    desk.once();
    fs::rename(&aside, &waiting).expect("moved");
    let right = fs::read(desk.path("keys/state.key")).expect("a key");
    fs::write(desk.path("keys/state.key"), [7; 32]).expect("written");
    refused(&desk, 2, &["state key", "name the key that sealed"]);
    desk.sirt(&["cases"]).ended(2);
    desk.sirt(&["verify"]).ended(1);
    fs::write(desk.path("keys/state.key"), &right[..31]).expect("written");
    refused(&desk, 2, &["state key", "config.toml:"]);
    fs::write(desk.path("keys/state.key"), right).expect("written");
    assert_nothing_lost(&desk);
}

#[test]
fn a_team_key_that_cannot_serve_is_refused() {
    let desk = desk();
    let path = desk.path("keys/team.secret.asc");
    let right = fs::read(&path).expect("a key");
    let secret = |person: Person| person.key.to_secret_armor(None).expect("a key").to_string();
    let old = Timestamp::now() - SignedDuration::from_hours(24 * 366 * 3);
    let cases: [(String, &[&str]); 4] = [
        ("no key at all".to_owned(), &["team's key", "config.toml:"]),
        (fay().key.certificate().armored(), &["team's key", "config.toml:"]),
        (secret(fay()), &["does not name sirt@example.org", "config.toml:"]),
        (
            secret(Person::born("Example SIRT", "sirt@example.org", old)),
            &["expired", "config.toml:"],
        ),
    ];
    for (key, words) in cases {
        fs::write(&path, key).expect("written");
        refused(&desk, 2, words);
    }
    fs::write(&path, right).expect("written");
    assert_nothing_lost(&desk);
}

#[test]
fn a_missing_member_certificate_is_refused_with_its_place() {
    let desk = desk();
    let (path, aside) = (desk.path("keys/cora.asc"), desk.path("keys/aside"));
    fs::rename(&path, &aside).expect("moved");
    refused(&desk, 2, &["cora", "config.toml:"]);
    fs::rename(&aside, &path).expect("moved");
    assert_nothing_lost(&desk);
}

/// The coordinator whose key has expired gets nothing; the other is told, and the report as well.
#[test]
fn a_letter_to_an_expired_key_is_held_and_a_coordinator_told() {
    let old = Timestamp::now() - SignedDuration::from_hours(24 * 366 * 3);
    let (cora, vic) = (cora(), Person::born("Vic", "vic@example.org", old));
    let desk = Desk::local(&[&cora, &vic]);
    desk.deliver(&fay().sealed("one@finders.example", &report(1), &desk.certificate()));
    let summary = desk.once();
    assert_eq!((&summary["taken"], &summary["held"]), (&json!(1), &json!(1)));
    let held = desk.json(&["letters", "--held"]);
    let [letter] = &held.as_array().expect("a list")[..] else { panic!("{held}") };
    assert_eq!((&letter["to"], &letter["state"]), (&json!("vic@example.org"), &json!("held")));
    assert!(letter["why"].as_str().is_some_and(|why| why.contains("expired")), "{letter}");
    let out = desk.letters();
    let hers = out.iter().filter(|one| recipient(one) == "cora@example.org").collect::<Vec<_>>();
    let [one] = hers[..] else { panic!("one letter a mail") };
    let team = desk.certificate();
    let inside = Gnupg::of(&cora, &team).open(one, team.fingerprint().as_str());
    assert!(inside.contains("A letter waits: the key of vic cannot be used"), "{inside}");
    // Eve at the terminal cannot have it sent in the clear.
    let id = letter["id"].as_str().expect("an id");
    desk.sirt(&["release", id]).ended(1).says(&[id, "key"]);
    desk.sirt(&["discard", id, "--why", "told by telephone"]).ended(0);
    assert_eq!(desk.json(&["letters", "--held"]), json!([]));
    assert!(desk.letters().iter().all(|letter| !String::from_utf8_lossy(letter).contains("vic@")));
}

fn imap(server: &Dovecot) -> String {
    let endpoint = server.endpoint(Tls::Implicit);
    format!(
        "[[mailbox]]\nname = \"security\"\nimap = {{ host = \"localhost\", port = {}, \
         user = \"{USER}\", password_file = \"keys/imap.password\", ca_file = \"{}\" }}\n",
        endpoint.port,
        endpoint.ca_file.expect("its authority").display()
    )
}

#[test]
fn a_mailbox_that_refuses_the_password_is_told() {
    let (desk, server) = (Desk::local(&[&cora()]), Dovecot::start());
    desk.change("[[mailbox]]\nname = \"security\"\nmaildir = \"mail\"\n", &imap(&server));
    server.deliver(&fay().sealed("one@finders.example", &report(1), &desk.certificate()));
    desk.secret("keys/imap.password", "not the password\n");
    let done = desk.sirt(&["once", "--json"]).ended(2).says(&["security", "localhost", "password"]);
    assert_eq!(done.json()["taken"], 0, "the summary is there all the same");
    assert!(!done.stderr.contains("not the password"));
    desk.secret("keys/imap.password", PASSWORD);
    assert_eq!(desk.once()["taken"], 1);
}

#[test]
fn a_mailbox_that_is_not_there_is_tried_again_later() {
    let (desk, server) = (Desk::local(&[&cora()]), Dovecot::start());
    let there = imap(&server);
    let nobody =
        there.replace(&server.endpoint(Tls::Implicit).port.to_string(), &free_port().to_string());
    desk.change("[[mailbox]]\nname = \"security\"\nmaildir = \"mail\"\n", &nobody);
    desk.secret("keys/imap.password", PASSWORD);
    let done = desk.sirt(&["once", "--json"]).ended(75).says(&["security", "localhost"]);
    assert_eq!(done.json()["taken"], 0);
}

/// The desk with its letters going to that port, without TLS.
fn relayed(port: u16, login: &str) -> Desk {
    let desk = desk();
    let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {port}, tls = \"none\"{login} }}\n");
    desk.change("maildir = \"out\"\n", &smtp);
    desk.secret("keys/relay.password", "sesame");
    desk
}

#[track_caller]
fn letters_in_state(desk: &Desk, state: &str) -> usize {
    let letters = desk.json(&["letters"]);
    letters.as_array().expect("a list").iter().filter(|letter| letter["state"] == state).count()
}

#[test]
fn letters_wait_for_a_relay_that_cannot_be_reached() {
    let port = free_port();
    let desk = relayed(port, "");
    let done = desk.sirt(&["once", "--json"]).ended(75).says(&["letters wait", "relay"]);
    let summary = done.json();
    assert_eq!((&summary["taken"], &summary["sent"]), (&json!(1), &json!(0)));
    assert_eq!(letters_in_state(&desk, "waiting"), 2);
    assert_eq!(desk.mails_in("mail"), 1);
    desk.sirt(&["once"]).ended(0);
    assert_eq!(letters_in_state(&desk, "waiting"), 2, "not before their time");
}

#[test]
fn a_relay_that_says_later_is_believed_and_one_that_says_never_as_well() {
    let busy = SmtpSink::start(&["-r", "rcpt"]);
    let desk = relayed(busy.port, "");
    desk.sirt(&["once"]).ended(75).says(&["letters wait", "relay"]);
    assert_eq!(letters_in_state(&desk, "waiting"), 2);
    assert!(busy.letters().is_empty());

    let never = SmtpSink::start(&["-f", "rcpt"]);
    let desk = relayed(never.port, "");
    let summary = desk.once();
    assert_eq!((&summary["sent"], &summary["failed"]), (&json!(0), &summary["failed"]));
    assert!(summary["failed"].as_u64().is_some_and(|failed| failed >= 2), "{summary}");
    assert_eq!(letters_in_state(&desk, "waiting"), 0);
}

#[test]
fn a_relay_that_takes_no_password_is_a_setting_to_mend() {
    let relay = Postfix::start(&["cora"], "");
    let login = ", user = \"sirt\", password_file = \"keys/relay.password\"";
    let desk = relayed(relay.port, login);
    let done = desk.sirt(&["once", "--json"]).ended(2).says(&["relay cannot be used"]);
    assert_eq!(done.json()["taken"], 1, "mail is taken in all the same");
    assert!(!done.stderr.contains("sesame"));
    assert_eq!(letters_in_state(&desk, "waiting"), 2, "nothing is given up");
}

#[test]
fn a_second_gateway_on_the_same_state_is_refused() {
    let desk = Desk::local(&[&cora()]);
    let gateway = desk.start();
    let pid = gateway.child.id().to_string();
    refused(&desk, 75, &["another gateway", &pid]);
    gateway.stop();
    desk.deliver(&fay().sealed("one@finders.example", &report(1), &desk.certificate()));
    assert_nothing_lost(&desk);
}

/// No file of the child may grow beyond that many blocks of 512 octets.
fn with_little_room(desk: &Desk, blocks: u64) -> Done {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_sirt"), "once", "--json", "--config"])
        .arg(desk.path("config.toml"))
        .output();
    Done::from_output(output.expect("a shell"))
}

/// Wherever the room ends, nothing is lost, and nothing is said twice.
#[test]
fn a_disk_that_takes_no_more_loses_nothing() {
    for blocks in [1, 8, 150, 170, 400, 900, 2_000] {
        let desk = Desk::local(&[&cora()]);
        let team = desk.certificate();
        for number in 0..20 {
            let fay = Person::new("Fay", &format!("fay{number}@finders.example"));
            desk.deliver(&fay.sealed(&format!("{number}@finders.example"), &report(number), &team));
        }
        let done = with_little_room(&desk, blocks);
        assert!(matches!(done.status, 0 | 75), "{done:?}");
        if done.status == 75 {
            done.says(&["state", "disk", "try again"]);
        }
        desk.once();
        assert_eq!(desk.cases().len(), 20, "with {blocks} blocks");
        assert_eq!(letters_in_state(&desk, "sent"), 40);
        assert_eq!(desk.letters().len(), 40);
        assert_eq!(fs::read_dir(desk.path("mail/new")).expect("a maildir").count(), 0);
        assert_eq!(desk.json(&["verify"])["ok"], true);
    }
}

#[test]
fn a_full_disk_begins_no_work_and_goes_on_when_there_is_room() {
    on_a_small_disk("320m", |disk| {
        let desk = Desk::local_in(disk, &[&cora()]);
        let mail = fay().sealed("one@finders.example", &report(1), &desk.certificate());
        desk.deliver_to(&desk.path("../mail"), &mail);
        let ballast = disk.join("ballast");
        fs::write(&ballast, vec![1; 200 << 20]).expect("written");
        for command in ["once", "run"] {
            desk.sirt(&[command]).ended(75).says(&["disk", "full", "make room"]);
        }
        assert_eq!(desk.cases().len(), 0, "what reads works");
        fs::remove_file(&ballast).expect("removed");
        assert_eq!(desk.once()["taken"], 1);
        // Not a single octet more: what is written down goes out, what reads is answered.
        let fill = || drop(fs::write(&ballast, vec![1; 320 << 20]));
        let more = Person::new("Fay", "fay2@finders.example");
        let mail = more.sealed("two@finders.example", &report(2), &desk.certificate());
        desk.deliver_to(&desk.path("../mail"), &mail);
        fill();
        desk.sirt(&["once"]).ended(75).says(&["disk", "full", "make room"]);
        fs::remove_file(&ballast).expect("removed");
        assert_eq!(desk.once()["taken"], 1);
        assert_eq!(desk.cases().len(), 2);
        assert_eq!(desk.json(&["verify"])["ok"], true);
    });
}
