use super::*;
use crate::pgp::cast;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// A worker that opens nothing and does what the mail says.
const STUB: &str = r#"#!/bin/sh
PATH=/usr/bin:/bin
frame() { head -c "$(od --endian=big -An -N4 -tu4 | tr -d ' ')"; }
frame >/dev/null; frame >/dev/null
test -e FOLDER/broken && exit 1
printf '\000\000\000\005ready'
while :; do
  frame >/dev/null 2>&1 || exit 0
  case "$(frame)" in
    *poison*) echo x >>FOLDER/deaths; kill -9 $$ ;;
    *once*) test -e FOLDER/died || { : >FOLDER/died; exit 3; } ;;
    *stall*) : >FOLDER/begun; cat >/dev/null ;;
    *lie*) printf '\377\377\377\377' ;;
    *babble*) printf '\000\000\000\003abc' ;;
  esac
  printf '\000\000\000\025{"unparsable":"stub"}'
done
"#;

struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Bench {
        let bench = Bench { folder: tempfile::tempdir().expect("a folder") };
        let text = STUB.replace("FOLDER", bench.path("").to_str().expect("path"));
        std::fs::write(bench.program(), text).expect("written");
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(bench.program(), mode).expect("mode");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.folder.path(), name)
    }

    fn program(&self) -> PathBuf {
        self.path("stub")
    }

    async fn pool(&self, workers: usize) -> Pool {
        Pool::start(self.program(), setup(), workers).await.expect("a pool")
    }
}

fn setup() -> Setup {
    let team = cast::person("sirt").team();
    let decryption_part = team.decryption_part().expect("part");
    Setup { decryption_part, roster: Vec::new(), ours: Vec::new(), own: Vec::new() }
}

fn question() -> Question {
    Question { now: cast::now(), on_record: Vec::new() }
}

fn stub() -> Opened {
    Opened::Unparsable("stub".to_owned())
}

#[tokio::test]
async fn eve_kills_a_worker_three_times_and_other_mail_goes_on() {
    let bench = Bench::new();
    let pool = bench.pool(2).await;
    let question = question();
    let (poison, one, two) = tokio::join!(
        pool.open(b"poison", &question),
        pool.open(b"report", &question),
        pool.open(b"report", &question),
    );
    assert!(matches!(poison, Ok(Opened::Poison(_))), "{poison:?}");
    assert_eq!((one.expect("one"), two.expect("two")), (stub(), stub()));
    let deaths = std::fs::read_to_string(bench.path("deaths")).expect("deaths");
    assert_eq!(deaths.lines().count(), usize::try_from(POISON_DEATHS).expect("count"));
    assert_eq!(pool.open(b"report", &question).await.expect("after it"), stub());
}

#[tokio::test]
async fn a_worker_that_died_once_costs_no_mail() {
    let bench = Bench::new();
    let pool = bench.pool(1).await;
    assert_eq!(pool.open(b"once", &question()).await.expect("opened"), stub());
}

#[tokio::test]
async fn a_mail_that_takes_too_long_is_poison() {
    let bench = Bench::new();
    let pool = bench.pool(1).await.mail_time(Duration::from_millis(100));
    match pool.open(b"stall", &question()).await {
        Ok(Opened::Poison(why)) => assert!(why.contains("3 of them out of time"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_worker_that_answers_nonsense_is_ended() {
    let bench = Bench::new();
    let pool = bench.pool(1).await;
    for mail in [&b"lie"[..], b"babble"] {
        let opened = pool.open(mail, &question()).await.expect("an answer");
        assert!(matches!(opened, Opened::Poison(_)), "{opened:?}");
    }
    assert_eq!(pool.open(b"report", &question()).await.expect("after it"), stub());
}

#[tokio::test]
async fn an_opening_can_be_given_up() {
    let bench = Bench::new();
    let pool = bench.pool(1).await;
    let begun = bench.path("begun");
    let (question, seen) = (question(), async {
        while !begun.exists() {
            tokio::task::yield_now().await;
        }
    });
    tokio::select! {
        opened = pool.open(b"stall", &question) => panic!("{opened:?}"),
        () = seen => {}
    }
    assert_eq!(pool.open(b"report", &question).await.expect("the only worker"), stub());
}

#[tokio::test]
async fn a_worker_that_cannot_start_is_no_fault_of_the_mail() {
    let bench = Bench::new();
    assert!(Pool::start(bench.path("nothing"), setup(), 1).await.is_err());
    let pool = bench.pool(1).await;
    std::fs::write(bench.path("broken"), b"").expect("written");
    assert!(Pool::start(bench.program(), setup(), 1).await.is_err());
    pool.renew(setup());
    assert!(pool.open(b"report", &question()).await.is_err());
    std::fs::remove_file(bench.path("broken")).expect("mended");
    assert_eq!(pool.open(b"report", &question()).await.expect("mended"), stub());
}

#[tokio::test]
async fn nothing_runs_after_the_end() {
    let bench = Bench::new();
    let pool = bench.pool(2).await;
    let pid = pool.state().idle.first().and_then(|worker| worker.child.id()).expect("running");
    pool.close().await;
    assert!(!Path::new(&format!("/proc/{pid}")).exists(), "not even as a zombie");
    assert!(pool.open(b"report", &question()).await.is_err());
}

#[tokio::test]
async fn a_worker_that_fetches_and_fails_costs_that_file_alone() {
    let bench = Bench::new();
    let pool = bench.pool(1).await.mail_time(Duration::from_secs(2));
    for mail in [&b"report"[..], b"poison", b"babble", b"lie", b"stall"] {
        assert!(pool.fetch(mail, Wanted::File(0), cast::now()).is_err(), "{mail:?}");
    }
    assert_eq!(pool.open(b"report", &question()).await.expect("opened"), stub());
}
