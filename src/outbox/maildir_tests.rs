use super::*;
use crate::mail::{Address, MessageId};
use crate::outbox::Envelope;
use tempfile::TempDir;

fn letter(id: &str, from: Option<&str>) -> Sealed {
    let bytes = format!(
        "From: <sirt@example.org>\r\nTo: <fay@example.org>\r\nMessage-ID: <{id}>\r\n\
         Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n\r\nDear Fay,\r\n.\r\n\r\n"
    );
    Sealed {
        envelope: Envelope {
            from: from.and_then(Address::parse),
            to: Address::parse("fay@example.org").expect("fay"),
        },
        message_id: MessageId::parse(id).expect("an id"),
        bytes: bytes.into_bytes(),
    }
}

fn maildir() -> (TempDir, Maildir) {
    let home = tempfile::tempdir().expect("a directory");
    let maildir = Maildir::open(&home.path().join("out")).expect("a maildir");
    (home, maildir)
}

fn names(maildir: &Maildir, part: &str) -> Vec<String> {
    let entries = fs::read_dir(maildir.root.join(part)).expect(part);
    let mut names: Vec<String> =
        entries.map(|e| e.expect("entry").file_name().into_string().expect("a name")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_is_the_letter_below_two_fields() {
    let (_home, maildir) = maildir();
    let wave = [
        (2, letter("b@example.org", Some("sirt+b1@example.org"))),
        (10, letter("c@example.org", None)),
        (1, letter("a@example.org", None)),
    ];
    assert_eq!(maildir.write_wave(&wave).await, [Fate::Sent, Fate::Sent, Fate::Sent]);
    let names = names(&maildir, "new");
    let numbers: Vec<_> =
        names.iter().map(|name| name.split('.').next().expect("a number")).collect();
    assert_eq!(numbers, ["00000000000000000001", "00000000000000000002", "00000000000000000010"]);
    let file = fs::read(maildir.root.join("new").join(&names[1])).expect("a file");
    let head = b"Return-Path: <sirt+b1@example.org>\nDelivered-To: fay@example.org\n";
    let rest = file.strip_prefix(head.as_slice()).expect("two fields on top");
    let back = String::from_utf8_lossy(rest).replace('\n', "\r\n").into_bytes();
    assert_eq!(back, wave[0].1.bytes, "what was signed comes back byte for byte");
    let null = fs::read(maildir.root.join("new").join(&names[0])).expect("a file");
    assert!(null.starts_with(b"Return-Path: <>\nDelivered-To: fay@example.org\nFrom:"));
}

#[tokio::test]
async fn a_repeat_after_a_crash_is_not_a_second_letter() {
    let (_home, maildir) = maildir();
    let wave = [(7, letter("a@example.org", None))];
    maildir.write_wave(&wave).await;
    let name = names(&maildir, "new").remove(0);
    assert_eq!(maildir.write_wave(&wave).await, [Fate::Sent]);
    assert_eq!(names(&maildir, "new"), std::slice::from_ref(&name));
    for flags in ["", ":2,", ":2,RS"] {
        let (new, read) = (maildir.root.join("new").join(&name), format!("{name}{flags}"));
        fs::rename(new, maildir.root.join("cur").join(&read)).expect("a reader moves it");
        assert_eq!(maildir.write_wave(&wave).await, [Fate::Sent]);
        assert!(names(&maildir, "new").is_empty(), "{flags:?}");
        fs::rename(maildir.root.join("cur").join(&read), maildir.root.join("new").join(&name))
            .expect("and back");
    }
}

#[tokio::test]
async fn a_crash_while_writing_leaves_only_a_draft_that_is_written_over() {
    let (_home, maildir) = maildir();
    let wave = [(7, letter("a@example.org", None))];
    let name = file_name(7, &wave[0].1);
    fs::write(maildir.root.join("tmp").join(&name), "half of a longer, older draft".repeat(99))
        .expect("a draft");
    assert_eq!(maildir.write_wave(&wave).await, [Fate::Sent]);
    assert!(names(&maildir, "tmp").is_empty());
    let file = fs::read(maildir.root.join("new").join(name)).expect("the letter");
    assert_eq!(file, as_file(&wave[0].1));
}

#[tokio::test]
async fn two_letters_of_one_number_are_two_letters() {
    let (_home, maildir) = maildir();
    maildir.write_wave(&[(1, letter("a@example.org", None))]).await;
    maildir.write_wave(&[(1, letter("b@example.org", None))]).await;
    assert_eq!(names(&maildir, "new").len(), 2);
}

#[tokio::test]
async fn a_bad_letter_is_refused_and_the_rest_goes() {
    let (_home, maildir) = maildir();
    let mut bad = letter("a@example.org", None);
    bad.bytes.extend(b"\n.\n");
    let fates = maildir.write_wave(&[(1, bad), (2, letter("b@example.org", None))]).await;
    assert!(matches!(fates.as_slice(), [Fate::Refused { .. }, Fate::Sent]), "{fates:?}");
    assert_eq!(names(&maildir, "new").len(), 1);
}

#[tokio::test]
async fn a_lost_directory_is_later_and_names_no_content() {
    let (_home, maildir) = maildir();
    assert!(maildir.probe().is_ok());
    fs::remove_dir(maildir.root.join("tmp")).expect("removed");
    let why = maildir.probe().expect_err("nothing to write to");
    assert_eq!(why, "the maildir cannot be written to: entity not found");
    let fates = maildir.write_wave(&[(1, letter("a@example.org", None))]).await;
    let [Fate::Later { why }] = fates.as_slice() else { panic!("{fates:?}") };
    assert_eq!(why, "the letter could not be written to the maildir: entity not found");
    fs::remove_dir_all(&maildir.root).expect("removed");
    let fates = maildir.write_wave(&[(1, letter("a@example.org", None))]).await;
    assert!(matches!(fates.as_slice(), [Fate::Later { .. }]));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let (_home, maildir) = maildir();
    maildir.write_wave(&[(1, letter("a@example.org", None))]).await;
    let mode = |path: PathBuf| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(maildir.root.join("new")), 0o700);
    let name = names(&maildir, "new").remove(0);
    assert_eq!(mode(maildir.root.join("new").join(name)), 0o600);
}
