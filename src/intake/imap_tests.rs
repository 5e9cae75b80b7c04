use super::super::imap_script::{
    ARCHIVE, FETCH, LIST, MOVE, OPEN, after_open, done, play, settings, uids, whole,
};
use super::super::{SourceErrorKind, imap_script};
use super::*;
use std::time::Duration;
use tokio::time::timeout;

const CAPS: &str = "MOVE UIDPLUS IDLE";

fn everything() -> String {
    after_open(CAPS, &[ARCHIVE, LIST, FETCH, MOVE])
}

#[tokio::test]
async fn two_mails_are_fetched_and_moved() {
    let again = "C: NOOP\nS: $ OK\n";
    let (mut source, server) = play(settings(), &(everything() + again));
    let arrivals = source.next().await.expect("next");
    assert_eq!(uids(&arrivals), [10, 11]);
    assert_eq!(whole(&arrivals[0]), b"Subject: a\r\n\r\na\r\n");
    assert_eq!(whole(&arrivals[1]), b"Subject: b\r\n\r\nb\r\n");
    assert_eq!(arrivals[0].received.to_string(), "2026-11-17T08:30:00Z");
    assert_eq!(arrivals[1].received.to_string(), "2026-11-01T09:30:00Z");
    assert_eq!(arrivals[0].mailbox, "security");
    assert_eq!(arrivals[0].handle, Handle::Imap { uid_validity: 7, uid: 10 });
    source.settle(&done(&arrivals)).await.expect("settle");
    assert!(source.next().await.expect("next").is_empty());
    drop(source);
    server.finish().await;
}

/// What a server, or Eve on it, may say instead of an answer. `Eve` must never be seen again.
const FAULTS: &[&str] = &[
    "S: $ NO Eve \\x1b]0;\\x07\\xff\n",
    "S: $ NO [ALERT] Eve\n",
    "S: $ NO [UNAVAILABLE]\\xc3\\xa9Eve\n",
    "S: $ BAD Eve\n",
    "S: * BYE Eve\nclose\n",
    "S: * BYE Eve\nS: $ OK Eve\n",
    "S: Eve\\x00\\xff\\xfe (((\nsilence\n",
    "S: zz9 OK Eve\nsilence\n",
    "S: + Eve\nsilence\n",
    "S: * 1 FETCH (UID 10 BODY[] {40}\\r\\nEve\nclose\n",
    "S: * 1 FETCH (UID 10 BODY[] {4000000000}\\r\\nEve\nsilence\n",
    "S: * 1 FETCH (UID 10 BODY[] Eve\nclose\n",
    "S: * 1 FETCH (Eve\nS: * 2 FETCH (Eve)\nS: $ OK\nsilence\n",
    "S: * PREAUTH Eve\nsilence\n",
    "close\n",
    "silence\n",
];

/// The script up to each command of ours in turn.
fn cuts(script: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = script.lines().collect();
    let commands = lines.iter().enumerate().filter(|(_, line)| line.starts_with("C: "));
    commands.map(|(at, _)| (at, lines[..=at].join("\n") + "\n")).collect()
}

fn decent(error: &SourceError) {
    assert!(error.words.starts_with("mailbox \"security\" (imap.sirt.test:993): "), "{error}");
    assert!(!error.words.contains("Eve"), "{error}");
    assert!(!error.words.contains(char::is_control), "{error}");
}

#[tokio::test(start_paused = true)]
async fn no_fault_at_any_command_looks_like_no_mail() {
    let script = everything();
    let settling = script.lines().position(|line| line.contains("UID MOVE")).expect("move");
    let mut played = 0;
    for (at, cut) in cuts(&script) {
        for fault in FAULTS {
            let (mut source, server) = play(settings(), &(cut.clone() + fault));
            let taken = source.next().await;
            let error = if at < settling {
                taken.err().unwrap_or_else(|| panic!("{cut}{fault} must be an error"))
            } else {
                let arrivals = taken.expect("the mails");
                source.settle(&done(&arrivals)).await.expect_err("a refused move")
            };
            decent(&error);
            drop(source);
            server.finish().await;
            played += 1;
        }
    }
    assert_eq!(played, 9 * FAULTS.len());
}

#[tokio::test(start_paused = true)]
async fn only_an_ok_greeting_is_a_greeting() {
    let faults = ["S: $ OK Eve\nsilence\n", "S: * NO Eve\nsilence\n", "S: * 1 EXISTS\nsilence\n"];
    for fault in FAULTS.iter().chain(&faults) {
        let (mut source, server) = play(settings(), fault);
        let error = source.next().await.err().expect("refused");
        decent(&error);
        assert_eq!(error.kind, SourceErrorKind::Temporary);
        drop(source);
        server.finish().await;
    }
}

#[tokio::test]
async fn eve_cannot_open_a_session_without_login() {
    let (mut source, server) = play(settings(), "S: * PREAUTH welcome\n");
    let error = source.next().await.err().expect("refused");
    assert!(error.words.contains("without login"), "{error}");
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn an_ok_without_its_answer_is_no_answer() {
    let full = everything();
    let bare = |command: &str| {
        let at = full.find(command).expect("command");
        let end = at + full[at..].find('\n').expect("end");
        full[..=end].to_owned() + "S: $ OK\n"
    };
    for command in ["C: CAPABILITY", "C: SELECT", "C: UID FETCH 1:*"] {
        let (mut source, server) = play(settings(), &bare(command));
        let error = source.next().await.err().expect("an error");
        assert_eq!(error.kind, SourceErrorKind::Temporary, "{command}");
        drop(source);
        server.finish().await;
    }
}

#[tokio::test]
async fn what_else_a_server_says_changes_nothing() {
    let noise = "S: * OK [ALERT] still here\nS: * 2 FETCH (FLAGS (\\Seen))\nS: * 3 EXISTS\n\
                 S: * 99 FETCH (FLAGS () BODY[] <<not asked for>>)\nS: * 3 EXPUNGE\n\
                 S: * 5 RECENT\nS: * ESEARCH (TAG \"x\") UID\nS: * X-EVE <<$ OK>> ((((\n\
                 S: * VANISHED 1:5\nS: * STATUS INBOX (MESSAGES 1)\nS: * LIST () NIL Other\n\
                 S: * 1 FETCH (MODSEQ (12) UID 10)\nS: * NO careful\nS: * BAD careful\n";
    let script: String = everything()
        .lines()
        .map(|line| match line.starts_with("C: ") {
            true => format!("{line}\n{noise}"),
            false => format!("{line}\n"),
        })
        .collect();
    let (mut source, server) = play(settings(), &script);
    let arrivals = source.next().await.expect("next");
    assert_eq!(uids(&arrivals), [10, 11]);
    source.settle(&done(&arrivals)).await.expect("settle");
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn a_new_uidvalidity_means_that_numbers_mean_other_mails() {
    let renewed = OPEN.replace("CAPS", CAPS).replace("UIDVALIDITY 7", "UIDVALIDITY 8");
    let first = after_open(CAPS, &[ARCHIVE, LIST, FETCH]);
    let script = first + "C~ UID MOVE .*\nclose\n--\n" + &renewed + ARCHIVE + LIST + FETCH + MOVE;
    let (mut source, server) = play(settings(), &script);
    let before = source.next().await.expect("next");
    // The connection breaks, and behind it stands another folder: nothing is moved by number.
    source.settle(&done(&before)).await.expect("settle");
    let again = source.next().await.expect("listed again");
    assert_eq!(again[0].handle, Handle::Imap { uid_validity: 8, uid: 10 });
    source.settle(&done(&again)).await.expect("settle");
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn a_uidvalidity_that_changes_in_the_session_ends_it() {
    let script = after_open(CAPS, &[ARCHIVE]) + "C: NOOP\nS: * OK [UIDVALIDITY 9] new\nS: $ OK\n";
    let (mut source, server) = play(settings(), &script);
    let error = source.next().await.err().expect("ended");
    assert!(error.words.contains("made anew"), "{error}");
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn an_old_session_that_died_is_replaced_without_a_word() {
    let script = everything() + "close\n--\n" + &everything();
    let (mut source, server) = play(settings(), &script);
    let first = source.next().await.expect("next");
    source.settle(&done(&first)).await.expect("settle");
    let second = source.next().await.expect("over a new connection");
    assert_eq!(uids(&second), [10, 11]);
    source.settle(&done(&second)).await.expect("settle");
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_leaves_nothing_half_done() {
    let cut = after_open(CAPS, &[ARCHIVE, LIST]);
    let script = cut + "C~ UID FETCH 10:11 .*\nsilence\n--\n" + &everything();
    let (mut source, server) = play(settings(), &script);
    assert!(timeout(Duration::from_secs(10), source.next()).await.is_err(), "silent");
    let arrivals = source.next().await.expect("from the beginning");
    assert_eq!(uids(&arrivals), [10, 11]);
    source.settle(&done(&arrivals)).await.expect("settle");
    drop(source);
    server.finish().await;
}

#[tokio::test]
async fn probe_looks_and_makes_nothing() {
    let list = "C: LIST \"\" \"Archive\"\nS: $ OK\n\
                C: LIST \"\" \"\"\nS: * LIST (\\Noselect) \"/\" \"\"\nS: $ OK\n\
                C: LIST \"\" \"INBOX/Archive\"\nS: $ OK\n\
                C: LOGOUT\nS: * BYE\nS: $ OK\n";
    let (mut source, server) = play(settings(), &after_open(CAPS, &[list]));
    let found = source.probe().await.expect("probe");
    let expected = [
        "imap.sirt.test:993: connected and logged in",
        "folder \"INBOX\": 2 mails",
        "folder \"Archive\" will be made when needed",
        "new mail is noticed at once (IDLE)",
    ];
    assert_eq!(found, expected);
    drop(source);
    server.finish().await;
}

#[test]
fn a_source_can_move_between_threads() {
    fn sendable<T: Send>(_: T) {}
    let (mut source, _) = imap_script::play(settings(), "");
    sendable(source.next());
    sendable(source.settle(&[]));
    sendable(source.wait());
    sendable(source.probe());
}
