use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

struct TestDir {
    dir: TempDir,
}

impl TestDir {
    fn new() -> TestDir {
        let dir = tempfile::tempdir().expect("dir");
        for part in ["new", "cur", "tmp"] {
            fs::create_dir(dir.path().join(part)).expect("make");
        }
        TestDir { dir }
    }

    fn put(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::write(self.dir.path().join(file), text).expect("write");
    }

    fn files(&self, part: &str) -> Vec<String> {
        let Ok(listing) = fs::read_dir(self.dir.path().join(part)) else { return Vec::new() };
        let name = |file: std::io::Result<fs::DirEntry>| file.expect("file").file_name();
        let mut names: Vec<_> =
            listing.map(|file| name(file).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn source(&self, done: Afterwards) -> Maildir {
        Maildir::new(MaildirSettings {
            name: "security".into(),
            path: self.dir.path().into(),
            done,
            quarantine: Some("Quarantine".into()),
            mail_limit: 1_000,
            poll: crate::limits::POLL_TIME,
        })
    }
}

fn names(arrivals: &[Arrival]) -> Vec<String> {
    let name = |arrival: &Arrival| match &arrival.handle {
        Handle::Maildir { file } => file.clone(),
        Handle::Imap { .. } => unreachable!("a maildir"),
    };
    arrivals.iter().map(name).collect()
}

fn all(arrivals: &[Arrival], settle: Settle) -> Vec<(Handle, Settle)> {
    arrivals.iter().map(|arrival| (arrival.handle.clone(), settle)).collect()
}

fn text(arrival: &Arrival) -> &[u8] {
    match &arrival.body {
        Body::Whole(octets) => octets,
        Body::TooLarge { .. } => panic!("too large"),
    }
}

#[tokio::test]
async fn mail_comes_oldest_first_and_goes_to_cur_as_seen() {
    let maildir = TestDir::new();
    maildir.put("new/1700000002.b.host", "Subject: b\n\nb\n");
    maildir.put("new/1700000001.a.host", "Subject: a\r\n\r\na\r\n");
    maildir.put("cur/1700000000.c.host:2,", "opened by a mail client");
    maildir.put("cur/1690000000.old.host:2,S", "filed");
    maildir.put("new/.hidden", "not a mail");
    maildir.put("tmp/1700000003.half.host", "on its way");
    let mut source = maildir.source(Afterwards::Seen);
    let arrivals = source.next().await.expect("list");
    let expected = ["1700000000.c.host", "1700000001.a.host", "1700000002.b.host"];
    assert_eq!(names(&arrivals), expected);
    assert_eq!(text(&arrivals[1]), b"Subject: a\r\n\r\na\r\n");
    assert!(source.next().await.expect("list").len() == 3, "not settled: it comes again");
    source.settle(&all(&arrivals, Settle::Done)).await.expect("settle");
    assert_eq!(maildir.files("new"), [".hidden"]);
    let expected = [
        "1690000000.old.host:2,S",
        "1700000000.c.host:2,S",
        "1700000001.a.host:2,S",
        "1700000002.b.host:2,S",
    ];
    assert_eq!(maildir.files("cur"), expected);
    assert!(source.next().await.expect("list").is_empty());
}

#[tokio::test]
async fn filed_mail_goes_to_a_folder_that_is_made_when_missing() {
    let maildir = TestDir::new();
    maildir.put("new/1.a", "a");
    maildir.put("cur/2.b:2,FRS", "read by a person before it was filed");
    let mut source = maildir.source(Afterwards::Move("Archive".into()));
    let arrivals = source.next().await.expect("list");
    assert_eq!(names(&arrivals), ["1.a", "2.b"]);
    source.settle(&all(&arrivals[..1], Settle::Done)).await.expect("settle");
    source.settle(&all(&arrivals[1..], Settle::Quarantined)).await.expect("settle");
    assert_eq!(maildir.files(".Archive/cur"), ["1.a:2,S"]);
    assert_eq!(maildir.files(".Quarantine/cur"), ["2.b:2,FRS"]);
    assert_eq!(maildir.files(".Archive"), ["cur", "maildirfolder", "new", "tmp"]);
    assert!(source.next().await.expect("list").is_empty());
}

#[tokio::test]
async fn a_folder_may_be_a_path_and_delete_deletes() {
    let maildir = TestDir::new();
    maildir.put("new/1.a", "a");
    let elsewhere = maildir.dir.path().join("else/where");
    let mut source = maildir.source(Afterwards::Move(elsewhere.display().to_string()));
    let arrivals = source.next().await.expect("list");
    source.settle(&all(&arrivals, Settle::Done)).await.expect("settle");
    assert_eq!(maildir.files("else/where/cur"), ["1.a:2,S"]);
    maildir.put("new/2.b", "b");
    let mut source = maildir.source(Afterwards::Delete);
    let arrivals = source.next().await.expect("list");
    source.settle(&all(&arrivals, Settle::Done)).await.expect("settle");
    assert!(maildir.files("new").is_empty() && maildir.files("cur").is_empty());
    let mut source = maildir.source(Afterwards::Move("...".into()));
    let error = source.settle(&[]).await.expect_err("no name");
    assert_eq!(error.kind, SourceErrorKind::Settings);
}

#[tokio::test]
async fn a_mail_that_vanished_or_moved_does_no_harm() {
    let maildir = TestDir::new();
    for name in ["1.a", "2.b", "3.c", "4.d"] {
        maildir.put(&format!("new/{name}"), name);
    }
    let mut source = maildir.source(Afterwards::Seen);
    let arrivals = source.next().await.expect("list");
    let path = |file: &str| maildir.dir.path().join(file);
    fs::remove_file(path("new/1.a")).expect("remove");
    fs::rename(path("new/2.b"), path("cur/2.b:2,F")).expect("rename");
    // After a restart only the names are known.
    let mut later = maildir.source(Afterwards::Seen);
    later.settle(&all(&arrivals[..3], Settle::Done)).await.expect("settle");
    later.settle(&all(&arrivals[..3], Settle::Done)).await.expect("settle twice");
    assert_eq!(maildir.files("cur"), ["2.b:2,FS", "3.c:2,S"]);
    assert_eq!(maildir.files("new"), ["4.d"]);
}

#[tokio::test]
async fn no_mail_is_written_over_another() {
    let maildir = TestDir::new();
    maildir.put("new/1.a", "new");
    maildir.put("cur/1.a:2,S", "filed before");
    let mut source = maildir.source(Afterwards::Seen);
    let arrivals = source.next().await.expect("list");
    source.settle(&all(&arrivals, Settle::Done)).await.expect("settle");
    assert_eq!(maildir.files("cur"), ["1.a.1:2,S", "1.a:2,S"]);
    let kept = fs::read(maildir.dir.path().join("cur/1.a:2,S")).expect("read");
    assert_eq!(kept, b"filed before");
}

#[tokio::test]
async fn a_mail_over_the_limit_comes_as_its_header() {
    let maildir = TestDir::new();
    let large = format!("Subject: x\nTo: y\n\n{}", "z".repeat(2_000));
    maildir.put("new/1.a", &large);
    maildir.put("new/2.b", "x".repeat(1_000));
    let arrivals = maildir.source(Afterwards::Seen).next().await.expect("list");
    let Body::TooLarge { header, bytes } = &arrivals[0].body else { panic!("must be too large") };
    assert_eq!((header.as_slice(), *bytes), (&b"Subject: x\nTo: y\n\n"[..], large.len() as u64));
    assert_eq!(text(&arrivals[1]).len(), 1_000);
}

#[tokio::test]
async fn batches_are_bounded() {
    let maildir = TestDir::new();
    for number in 0..limits::BATCH_MAILS + 7 {
        maildir.put(&format!("new/{number:05}"), "x");
    }
    let mut source = maildir.source(Afterwards::Seen);
    let first = source.next().await.expect("list");
    assert_eq!(first.len(), limits::BATCH_MAILS);
    source.settle(&all(&first, Settle::Done)).await.expect("settle");
    assert_eq!(source.next().await.expect("list").len(), 7);
}

#[tokio::test]
async fn batches_are_bounded_in_octets() {
    let maildir = TestDir::new();
    let octets = limits::BATCH_BYTES / 3;
    for number in 0..5 {
        maildir.put(&format!("new/{number}"), vec![b'x'; octets]);
    }
    let mut source = maildir.source(Afterwards::Seen);
    source.folder = Arc::new(Folder { path: maildir.dir.path().into(), limit: limits::MAIL_BYTES });
    assert_eq!(source.next().await.expect("list").len(), 4);
    assert_eq!(names(&source.next().await.expect("list")), ["4"]);
}

#[tokio::test]
async fn strange_names_are_settled_too() {
    use std::os::unix::ffi::OsStrExt;
    let maildir = TestDir::new();
    for name in [&b"1.\xff\xfe"[..], b"1.%ff\xfe", b"2 blank", b"3.\x1b[2J"] {
        let name = std::ffi::OsStr::from_bytes(name);
        fs::write(maildir.dir.path().join("new").join(name), "x").expect("write");
    }
    let mut source = maildir.source(Afterwards::Delete);
    let arrivals = source.next().await.expect("list");
    assert_eq!(names(&arrivals), ["1.%25ff%fe", "1.%ff%fe", "2%20blank", "3.%1b[2J"]);
    let mut later = maildir.source(Afterwards::Delete);
    later.settle(&all(&arrivals, Settle::Done)).await.expect("settle");
    assert!(maildir.files("new").is_empty());
}

#[tokio::test]
async fn eve_cannot_lead_us_out_with_a_link() {
    let maildir = TestDir::new();
    maildir.put("secret", "the state key");
    let link = maildir.dir.path().join("new/1.a");
    std::os::unix::fs::symlink(maildir.dir.path().join("secret"), link).expect("link");
    fs::create_dir(maildir.dir.path().join("new/2.b")).expect("make");
    assert!(maildir.source(Afterwards::Seen).next().await.expect("list").is_empty());
}

#[tokio::test]
async fn a_mail_that_cannot_be_read_is_told_and_keeps_no_other_away() {
    let maildir = TestDir::new();
    for number in 0..limits::BATCH_MAILS {
        maildir.put(&format!("new/0{number:04}"), "x");
    }
    maildir.put("new/1.a", "a");
    let mut source = maildir.source(Afterwards::Seen);
    source.list().await.expect("list");
    // Links are not followed, so opening fails, for root too.
    for number in 0..limits::BATCH_MAILS {
        let path = maildir.dir.path().join(format!("new/0{number:04}"));
        fs::remove_file(&path).expect("remove");
        std::os::unix::fs::symlink("nowhere", &path).expect("link");
    }
    let arrivals = source.next().await.expect("the good one");
    assert_eq!(names(&arrivals), ["1.a"]);
    assert_eq!(source.withheld(), limits::BATCH_MAILS);
    let error = source.nothing().err().expect("told");
    assert!(error.words.contains("100 mails cannot be read"), "{}", error.words);
    assert!(source.nothing().expect("told once").is_empty());
}

#[tokio::test]
async fn a_maildir_that_is_none_is_told() {
    let dir = tempfile::tempdir().expect("dir");
    let settings = MaildirSettings {
        name: "security".into(),
        path: dir.path().join("missing"),
        done: Afterwards::Seen,
        quarantine: None,
        mail_limit: 10,
        poll: crate::limits::POLL_TIME,
    };
    let mut source = Maildir::new(settings);
    for error in [source.next().await.err(), source.probe().await.err()] {
        let error = error.expect("told");
        assert_eq!(error.kind, SourceErrorKind::Settings);
        assert!(error.words.contains("there is no maildir"), "{}", error.words);
    }
}

#[tokio::test]
async fn probe_tells_and_changes_nothing() {
    let maildir = TestDir::new();
    maildir.put("new/1.a", "a");
    let found = maildir.source(Afterwards::Move("Archive".into())).probe().await.expect("probe");
    assert!(found[0].ends_with(": 1 mails wait"), "{found:?}");
    assert!(found[1].ends_with(".Archive will be made when needed"), "{found:?}");
    assert_eq!(maildir.files("new"), ["1.a"]);
    assert!(!Path::new(&maildir.dir.path().join(".Archive")).exists());
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_when_mail_comes() {
    let maildir = TestDir::new();
    let long_ago = SystemTime::now() - Duration::from_secs(3_600);
    for part in ["new", "cur"] {
        let folder = fs::File::open(maildir.dir.path().join(part)).expect("open");
        folder.set_modified(long_ago).expect("set");
    }
    let mut source = maildir.source(Afterwards::Seen);
    assert!(source.next().await.expect("list").is_empty());
    let begun = Instant::now();
    source.wait().await.expect("wait");
    assert!(begun.elapsed() >= limits::POLL_TIME, "nothing came");
    maildir.put("new/1.a", "a");
    let begun = Instant::now();
    source.wait().await.expect("wait");
    assert!(begun.elapsed() < limits::POLL_TIME, "it came at once");
    assert_eq!(source.next().await.expect("list").len(), 1);
}

#[tokio::test]
async fn made_folders_are_for_us_alone() {
    let maildir = TestDir::new();
    maildir.put("new/1.a", "a");
    let mut source = maildir.source(Afterwards::Move("Archive".into()));
    let arrivals = source.next().await.expect("list");
    source.settle(&all(&arrivals, Settle::Done)).await.expect("settle");
    let about = fs::metadata(maildir.dir.path().join(".Archive")).expect("there");
    assert_eq!(about.permissions().mode() & 0o777, 0o700);
}
