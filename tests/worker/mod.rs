//! The real worker process: its limits, its end, and mail through its pipe.

use jiff::Timestamp;
use sirt_gateway::limits::{WORKER_FILES, WORKER_MEMORY};
use sirt_gateway::mail::{Address, Encrypted, Signature};
use sirt_gateway::pgp::{Known, Profile, TeamKey};
use sirt_gateway::worker::{Opened, Pool, Question, Setup, frame};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

const SIRT: &str = env!("CARGO_BIN_EXE_sirt");

fn key(name: &str) -> TeamKey {
    let address = Address::parse(&format!("{name}@example.org")).expect("address");
    TeamKey::generate(name, &address, Profile::Rfc4880, Timestamp::now()).expect("key").key
}

fn setup(team: &TeamKey, roster: &[&TeamKey]) -> Setup {
    Setup {
        decryption_part: team.decryption_part().expect("part"),
        roster: roster.iter().map(|member| member.certificate().clone()).collect(),
        ours: vec![team.certificate().fingerprint().clone()],
        own: vec![team.certificate().clone()],
    }
}

fn question(on_record: &[&TeamKey]) -> Question {
    let on_record = on_record.iter().map(|key| key.certificate().clone()).collect();
    Question { now: Timestamp::now(), on_record }
}

fn report(from: &TeamKey, to: &TeamKey, words: &str) -> Vec<u8> {
    let entity = format!("Content-Type: text/plain\r\n\r\n{words}\r\n");
    let sealed = from.seal(entity.as_bytes(), to.certificate(), Timestamp::now()).expect("sealed");
    format!(
        "From: fay@example.org\r\nTo: sirt@example.org\r\nContent-Type: multipart/encrypted; \
         protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n--b\r\n\
         Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n\
         Content-Type: application/octet-stream\r\n\r\n{}\r\n--b--\r\n",
        sealed.replace('\n', "\r\n")
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_go_through_several_workers_at_once() {
    let (team, fay) = (key("sirt"), key("fay"));
    let pool = Pool::start(PathBuf::from(SIRT), setup(&team, &[&fay]), 3).await.expect("a pool");
    let mails: Vec<Vec<u8>> =
        (0..12).map(|n| report(&fay, &team, &format!("report {n}"))).collect();
    let question = question(&[]);
    let (pool, question) = (&pool, &question);
    let open = mails.iter().map(|mail| async move { pool.open(mail, question).await });
    for (number, opened) in futures_in_order(open.collect()).await.into_iter().enumerate() {
        let Ok(Opened::Mail(mail, Some(proof))) = opened else { panic!("{opened:?}") };
        assert_eq!(mail.text.trim(), format!("report {number}"));
        assert_eq!(mail.evidence.encrypted, Encrypted::Whole);
        let on_record = [fay.certificate().clone()];
        let ours = [team.certificate().fingerprint().clone()];
        let keys = Known { on_record: &on_record, in_mail: &[], ours: &ours };
        assert!(matches!(proof.verify(&keys, question.now), Signature::Good(_)));
        assert_eq!(proof.content().expect("content").text, mail.text);
    }
    pool.close().await;
}

/// All at once, answers in order.
async fn futures_in_order<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, slot) in futures.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *slot = Some(output);
            }
        }
        match done.iter().all(Option::is_some) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_key_on_the_record_of_a_case_is_asked_for_by_its_id() {
    let (team, fay) = (key("sirt"), key("fay"));
    let pool = Pool::start(PathBuf::from(SIRT), setup(&team, &[]), 1).await.expect("a pool");
    let mail = report(&fay, &team, "more");
    let Ok(Opened::Mail(first, None)) = pool.open(&mail, &question(&[])).await else {
        panic!("no mail")
    };
    let Signature::UnknownKey { issuers } = &first.evidence.signature else { panic!("{first:?}") };
    let ids = fay.certificate().key_ids();
    assert!(issuers.iter().all(|issuer| ids.iter().any(|id| id.ends_with(issuer))));
    let Ok(Opened::Mail(second, Some(_))) = pool.open(&mail, &question(&[&fay])).await else {
        panic!("no proof")
    };
    assert_eq!(second.evidence.signed().map(|s| &s.signer), Some(fay.certificate().fingerprint()));
    pool.renew(setup(&team, &[&fay]));
    let third = pool.open(&mail, &question(&[])).await.expect("a new roster");
    assert!(matches!(third, Opened::Mail(_, Some(_))));
}

#[tokio::test]
async fn eve_nests_mail_in_mail() {
    let team = key("sirt");
    let pool = Pool::start(PathBuf::from(SIRT), setup(&team, &[]), 1).await.expect("a pool");
    let forwarded = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    let multipart: String = (0..20_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    let quoted = format!("Content-Type: text/html\r\n\r\n{}x", "<blockquote>".repeat(100_000));
    for mail in [forwarded, multipart, quoted, "From: a@b.example\r\n".repeat(40_000)] {
        let opened = pool.open(mail.as_bytes(), &question(&[])).await.expect("an answer");
        assert!(!matches!(opened, Opened::Poison(_)), "{opened:?}");
    }
}

fn spawn() -> Child {
    let mut command = Command::new(SIRT);
    command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("a worker")
}

fn begin(child: &mut Child, head: &[u8], part: &[u8]) -> Option<Vec<u8>> {
    let input = child.stdin.as_mut().expect("input");
    frame::write(input, head).expect("head");
    frame::write(input, part).expect("part");
    frame::read(child.stdout.as_mut().expect("output")).expect("an answer")
}

const EMPTY: &[u8] = br#"{"roster":[],"ours":[]}"#;

#[test]
fn a_worker_limits_itself_before_it_reads_and_ends_with_its_input() {
    let mut child = spawn();
    let part = key("sirt").decryption_part().expect("part");
    assert_eq!(begin(&mut child, EMPTY, &part).as_deref(), Some(&b"ready"[..]));
    let proc = |file: &str| {
        std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).expect("a process")
    };
    let limits = proc("limits");
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).expect("a limit");
        line.trim_start_matches(name).split_whitespace().next().expect("a value").to_owned()
    };
    assert_eq!(limit("Max address space"), WORKER_MEMORY.to_string());
    assert_eq!(limit("Max open files"), WORKER_FILES.to_string());
    for name in ["Max core file size", "Max file size", "Max processes"] {
        assert_eq!(limit(name), "0", "{name}");
    }
    assert!(proc("status").contains("NoNewPrivs:\t1"));
    drop(child.stdin.take());
    assert!(child.wait().expect("its end").success());
}

#[test]
fn a_worker_with_nothing_to_open_with_ends_and_says_nothing() {
    for (head, part) in [(EMPTY, &b"no key"[..]), (b"no setup", b"")] {
        let mut child = spawn();
        assert_eq!(begin(&mut child, head, part), None);
        let output = child.wait_with_output().expect("its end");
        assert!(!output.status.success());
        assert!(output.stderr.is_empty());
    }
}
