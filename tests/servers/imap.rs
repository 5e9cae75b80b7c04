//! The IMAP source against Dovecot.

use crate::support::dovecot::{Dovecot, Setup, USER};
use sirt_gateway::intake::imap::{ImapSettings, ImapSource};
use sirt_gateway::intake::{Afterwards, Arrival, Body, Handle, Settle, SourceErrorKind};
use sirt_gateway::limits;
use sirt_gateway::net::{Endpoint, Login, Secret, Tls};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn settings(endpoint: Endpoint) -> ImapSettings {
    ImapSettings {
        name: "security".into(),
        endpoint,
        login: Arc::new(|| Ok(Dovecot::login())),
        folder: "INBOX".into(),
        done: Afterwards::Move("Archive".into()),
        quarantine: Some("Quarantine".into()),
        mail_limit: limits::MAIL_BYTES,
        idle: true,
        poll: Duration::from_secs(60),
    }
}

fn done(arrivals: &[Arrival]) -> Vec<(Handle, Settle)> {
    arrivals.iter().map(|arrival| (arrival.handle.clone(), Settle::Done)).collect()
}

fn whole(arrival: &Arrival) -> &[u8] {
    match &arrival.body {
        Body::Whole(octets) => octets,
        Body::TooLarge { .. } => panic!("a whole mail was expected"),
    }
}

#[tokio::test]
async fn mail_comes_by_tls_by_starttls_and_over_loopback() {
    let server = Dovecot::start();
    for tls in [Tls::Implicit, Tls::StartTls, Tls::None] {
        server.deliver(b"Subject: hello\n\nhello\n");
        let mut source = ImapSource::new(settings(server.endpoint(tls)));
        let arrivals = source.next().await.expect("next");
        assert_eq!(arrivals.len(), 1, "{tls:?}");
        assert_eq!(whole(&arrivals[0]), b"Subject: hello\r\n\r\nhello\r\n");
        source.settle(&done(&arrivals)).await.expect("settle");
        assert!(source.next().await.expect("next").is_empty());
        source.close().await;
    }
    assert_eq!((server.mails_in(""), server.mails_in(".Archive")), (0, 3));
}

#[tokio::test]
async fn eve_gets_no_password_without_a_certificate_that_is_trusted() {
    let server = Dovecot::start();
    let other = Dovecot::start();
    for tls in [Tls::Implicit, Tls::StartTls] {
        let mut endpoint = server.endpoint(tls);
        endpoint.ca_file = other.endpoint(tls).ca_file;
        let error = ImapSource::new(settings(endpoint)).next().await.err().expect("refused");
        assert_eq!(error.kind, SourceErrorKind::Settings, "{error}");
        assert!(error.words.contains("`ca_file`"), "{error}");
        let mut endpoint = server.endpoint(tls);
        endpoint.host = "127.0.0.1".into();
        let error = ImapSource::new(settings(endpoint)).next().await.err().expect("refused");
        assert!(error.words.contains("for another name"), "{error}");
    }
    let plain = Dovecot::with(&Setup { more: "ssl = no\n" });
    let endpoint = plain.endpoint(Tls::StartTls);
    let error = ImapSource::new(settings(endpoint)).next().await.err().expect("refused");
    assert!(error.words.contains("offers no STARTTLS"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_told_as_such() {
    let server = Dovecot::start();
    let mut wrong = settings(server.endpoint(Tls::Implicit));
    wrong.login = Arc::new(|| {
        let password = Secret::new("wrong".into());
        Ok(Login::Password { user: USER.into(), password })
    });
    let error = ImapSource::new(wrong).next().await.err().expect("refused");
    assert_eq!(error.kind, SourceErrorKind::Credentials, "{error}");
}

#[tokio::test]
async fn without_move_mails_are_copied_and_nothing_else_is_removed() {
    let more = "imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS IDLE\n";
    let server = Dovecot::with(&Setup { more });
    server.deliver(b"Subject: a\n\na\n");
    server.deliver(b"Subject: b\n\nb\n");
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    let arrivals = source.next().await.expect("next");
    // Somebody else has marked the second mail; only what was taken may go.
    server.doveadm(&["flags", "add", "-u", USER, "\\Deleted", "mailbox", "INBOX", "subject", "b"]);
    source.settle(&done(&arrivals[..1])).await.expect("settle");
    assert_eq!((server.mails_in(""), server.mails_in(".Archive")), (1, 1));
    let again = source.next().await.expect("a mail marked by others is still work");
    assert_eq!(whole(&again[0]), b"Subject: b\r\n\r\nb\r\n");
}

#[tokio::test]
async fn a_server_that_can_move_nothing_is_refused() {
    let server = Dovecot::with(&Setup { more: "imap_capability = IMAP4rev1 IDLE\n" });
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    let error = source.next().await.err().expect("refused");
    assert_eq!(error.kind, SourceErrorKind::Settings, "{error}");
}

#[tokio::test]
async fn flags_delete_and_quarantine() {
    let server = Dovecot::start();
    let mut flagging = settings(server.endpoint(Tls::Implicit));
    flagging.done = Afterwards::Flag("$Filed".into());
    for text in ["a", "b", "c"] {
        server.deliver(format!("Subject: {text}\n\n{text}\n").as_bytes());
    }
    let mut source = ImapSource::new(flagging.clone());
    let arrivals = source.next().await.expect("next");
    let mut settled = done(&arrivals);
    settled[1].1 = Settle::Quarantined;
    source.settle(&settled).await.expect("settle");
    assert!(source.next().await.expect("next").is_empty());
    let later = ImapSource::new(flagging.clone()).next().await.expect("known by its keyword");
    assert!(later.is_empty());
    assert_eq!((server.mails_in(""), server.mails_in(".Quarantine")), (2, 1));
    let mut deleting = flagging;
    deleting.done = Afterwards::Delete;
    let mut source = ImapSource::new(deleting);
    let arrivals = source.next().await.expect("next");
    assert_eq!(arrivals.len(), 2);
    source.settle(&done(&arrivals)).await.expect("settle");
    assert_eq!(server.mails_in(""), 0);
}

#[tokio::test]
async fn a_thousand_mails_are_taken_once_each() {
    // The rate printed below is to be ours, not that of the disk under Dovecot.
    let server = Dovecot::with(&Setup { more: "mail_fsync = never\n" });
    let body = "x".repeat(71) + "\n";
    for number in 0..1_000 {
        let text = format!("Subject: {number}\n\n{}", body.repeat(69));
        server.deliver(text.as_bytes());
    }
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    let begun = Instant::now();
    let mut subjects = Vec::new();
    let mut settling = Duration::ZERO;
    loop {
        let arrivals = source.next().await.expect("next");
        if arrivals.is_empty() {
            break;
        }
        for arrival in &arrivals {
            let line = whole(arrival).split(|octet| *octet == b'\r').next().expect("line");
            subjects.push(String::from_utf8_lossy(line).into_owned());
        }
        let filed = Instant::now();
        source.settle(&done(&arrivals)).await.expect("settle");
        settling += filed.elapsed();
    }
    let took = begun.elapsed();
    let expected: Vec<_> = (0..1_000).map(|number| format!("Subject: {number}")).collect();
    assert_eq!(subjects, expected, "each once, oldest first");
    assert_eq!((server.mails_in(""), server.mails_in(".Archive")), (0, 1_000));
    let rate = |took: Duration| 1e3 / took.as_secs_f64();
    println!(
        "1,000 mails of 5 KB: {:.0} a second fetched, {:.0} moved, {:.0} both",
        rate(took - settling),
        rate(settling),
        rate(took)
    );
}

#[tokio::test]
async fn idle_wakes_when_mail_is_delivered() {
    let server = Arc::new(Dovecot::start());
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    assert!(source.next().await.expect("next").is_empty());
    let delivering = Arc::clone(&server);
    let delivery = tokio::task::spawn_blocking(move || delivering.deliver(b"Subject: a\n\na\n"));
    tokio::time::timeout(limits::COMMAND_TIME, source.wait()).await.expect("woken").expect("wait");
    delivery.await.expect("delivered");
    assert_eq!(source.next().await.expect("next").len(), 1);
}

#[tokio::test]
async fn large_mails_come_whole_in_parts_and_too_large_ones_as_their_headers() {
    let server = Dovecot::start();
    let mail = |megabytes: usize| {
        let line = (0..75_u8).map(|at| b'0' + at % 43).collect::<Vec<_>>();
        let mut text = b"Subject: large\r\nTo: sirt@sirt.test\r\n\r\n".to_vec();
        while text.len() < megabytes * limits::MIB {
            text.extend_from_slice(text.len().to_string().as_bytes());
            text.extend_from_slice(&line);
            text.extend_from_slice(b"\r\n");
        }
        text
    };
    let (large, too_large) = (mail(17), mail(30));
    server.deliver(&large);
    server.deliver(&too_large);
    server.deliver(b"Subject: small\r\n\r\n");
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    let arrivals = source.next().await.expect("next");
    assert_eq!(arrivals.len(), 3);
    assert!(whole(&arrivals[0]) == large, "octet for octet");
    let Body::TooLarge { header, bytes } = &arrivals[1].body else { panic!("too large") };
    assert_eq!(header, b"Subject: large\r\nTo: sirt@sirt.test\r\n\r\n");
    assert_eq!(*bytes, too_large.len() as u64);
    source.settle(&done(&arrivals)).await.expect("settle");
    assert_eq!(server.mails_in(".Archive"), 3);
}

#[tokio::test]
async fn mails_that_vanish_do_no_harm() {
    let server = Dovecot::start();
    let files: Vec<_> = ["a", "b", "c"].map(|text| server.deliver(text.as_bytes())).into();
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    let arrivals = source.next().await.expect("next");
    assert_eq!(arrivals.len(), 3);
    server.doveadm(&["expunge", "-u", USER, "mailbox", "INBOX", "uid", "2"]);
    source.settle(&done(&arrivals)).await.expect("settle");
    assert_eq!((server.mails_in(""), server.mails_in(".Archive")), (0, 2));
    assert!(files.iter().all(|file| !file.exists()));
}

#[tokio::test]
async fn two_gateways_on_one_folder_lose_nothing() {
    let server = Dovecot::start();
    for number in 0..300 {
        server.deliver(format!("Subject: {number}\n\n").as_bytes());
    }
    let run = |settings: ImapSettings| async move {
        let mut source = ImapSource::new(settings);
        let mut seen = BTreeSet::new();
        let mut failures = 0;
        loop {
            match source.next().await {
                Ok(arrivals) if arrivals.is_empty() => return (seen, failures),
                Ok(arrivals) => {
                    seen.extend(arrivals.iter().map(|arrival| whole(arrival).to_vec()));
                    failures += usize::from(source.settle(&done(&arrivals)).await.is_err());
                }
                Err(_) => failures += 1,
            }
            assert!(failures < 10, "it must come to an end");
        }
    };
    let settings = settings(server.endpoint(Tls::Implicit));
    let ((mut one, _), (two, _)) = tokio::join!(run(settings.clone()), run(settings));
    one.extend(two);
    assert_eq!(one.len(), 300);
    assert_eq!(server.mails_in(""), 0);
    assert!(server.mails_in(".Archive") >= 300);
}

#[tokio::test]
async fn a_folder_made_anew_is_read_from_the_beginning() {
    let server = Dovecot::start();
    server.deliver(b"Subject: a\n\n");
    server.deliver(b"Subject: b\n\n");
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    let before = source.next().await.expect("next");
    source.close().await;
    server.renew(1_600_000_000);
    server.deliver(b"Subject: c\n\n");
    source.settle(&done(&before)).await.expect("nothing is moved by number");
    assert_eq!(server.mails_in(".Archive"), 0);
    let again = source.next().await.expect("next");
    assert_eq!(again.len(), 3);
    source.settle(&done(&again)).await.expect("settle");
    assert_eq!((server.mails_in(""), server.mails_in(".Archive")), (0, 3));
}

#[tokio::test]
async fn folders_below_inbox_and_other_alphabets() {
    let more = "namespace inbox {\n  separator = .\n  prefix = INBOX.\n}\n";
    let server = Dovecot::with(&Setup { more });
    server.deliver(b"Subject: a\n\n");
    let mut below = settings(server.endpoint(Tls::Implicit));
    below.done = Afterwards::Move("SIRT/Erledigt & geprüft".into());
    let mut source = ImapSource::new(below.clone());
    let found = source.probe().await.expect("probe");
    assert!(found[2].ends_with("will be made when needed"), "{found:?}");
    let arrivals = source.next().await.expect("next");
    source.settle(&done(&arrivals)).await.expect("settle");
    assert_eq!(server.mails_in(".SIRT.Erledigt &- gepr&APw-ft"), 1);
    let found = ImapSource::new(below).probe().await.expect("probe");
    assert!(found[2].ends_with("is there"), "{found:?}");
}

#[tokio::test]
async fn a_server_that_goes_away_is_told_and_found_again() {
    let mut server = Dovecot::start();
    server.deliver(b"Subject: a\n\n");
    let mut source = ImapSource::new(settings(server.endpoint(Tls::Implicit)));
    let arrivals = source.next().await.expect("next");
    server.restart();
    source.settle(&done(&arrivals)).await.expect("over a new connection");
    server.deliver(b"Subject: b\n\n");
    server.restart();
    assert_eq!(source.next().await.expect("over a new connection").len(), 1);
    let endpoint = server.endpoint(Tls::Implicit);
    drop(server);
    let error = source.next().await.err().expect("gone");
    assert_eq!(error.kind, SourceErrorKind::Temporary);
    assert!(error.words.contains(&format!("localhost:{}", endpoint.port)), "{error}");
}
