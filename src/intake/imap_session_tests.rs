use super::super::imap::ImapSettings;
use super::super::imap_script::uids;
use super::super::imap_script::{
    ARCHIVE, FETCH, LIST, MOVE, OPEN, after_open, done, play, settings,
};
use super::*;

const EMPTY: &str = "C: NOOP\nS: $ OK\n";

/// An open, empty folder, listed once.
fn idle_after(caps: &str, rest: &str) -> String {
    OPEN.replace("CAPS", caps).replace("* 2 EXISTS", "* 0 EXISTS") + ARCHIVE + EMPTY + rest
}

#[tokio::test(start_paused = true)]
async fn idle_ends_when_mail_comes() {
    let idle = "C: IDLE\nS: + idling\nS: * OK Still here\nS: * 2 EXISTS\nC+ DONE\nS: $ OK\n";
    let list = LIST.to_owned() + FETCH + MOVE;
    let (mut source, server) =
        play(settings(), &idle_after("MOVE IDLE", &(idle.to_owned() + &list)));
    assert!(source.next().await.expect("next").is_empty());
    let begun = Instant::now();
    source.wait().await.expect("wait");
    assert!(begun.elapsed() < Duration::from_secs(1));
    let arrivals = source.next().await.expect("next");
    assert_eq!(uids(&arrivals), [10, 11]);
    source.settle(&done(&arrivals)).await.expect("settle");
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn mail_that_comes_before_idle_is_not_slept_through() {
    let before = "C: IDLE\nS: * 1 EXISTS\nS: + idling\nC+ DONE\nS: $ OK\n";
    let (mut source, server) = play(settings(), &idle_after("MOVE IDLE", before));
    assert!(source.next().await.expect("next").is_empty());
    let begun = Instant::now();
    source.wait().await.expect("wait");
    // And while the answers to what it asks meanwhile are read.
    source.wait().await.expect("wait");
    assert!(begun.elapsed() < Duration::from_secs(1));
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn where_idle_is_turned_off_the_folder_is_polled() {
    let polled = ImapSettings { idle: false, poll: Duration::from_secs(7), ..settings() };
    let (mut source, server) = play(polled, &idle_after("MOVE IDLE", EMPTY));
    assert!(source.next().await.expect("next").is_empty());
    let begun = Instant::now();
    source.wait().await.expect("wait");
    assert_eq!(begun.elapsed().as_secs(), 7);
    assert!(source.next().await.expect("next").is_empty());
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn idle_is_renewed_every_five_minutes() {
    let idle = "C: IDLE\nS: + idling\nC+ DONE\nS: * OK and\nS: $ OK\n";
    let script = idle_after("MOVE IDLE", &(idle.to_owned() + idle + EMPTY));
    let (mut source, server) = play(settings(), &script);
    assert!(source.next().await.expect("next").is_empty());
    for _ in 0..2 {
        let begun = Instant::now();
        source.wait().await.expect("wait");
        let waited = begun.elapsed();
        assert!(waited >= limits::IDLE_TIME && waited < limits::IDLE_TIME * 2, "{waited:?}");
    }
    assert!(source.next().await.expect("next").is_empty());
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_done_is_left_within_seconds() {
    let idle = "C: IDLE\nS: + idling\nC+ DONE\nsilence\n";
    let (mut source, server) = play(settings(), &idle_after("MOVE IDLE", idle));
    assert!(source.next().await.expect("next").is_empty());
    let begun = Instant::now();
    let error = source.wait().await.expect_err("left");
    assert!(error.words.ends_with("no answer in time during DONE"), "{error}");
    assert!(begun.elapsed() <= limits::IDLE_TIME + limits::IDLE_END_TIME + Duration::from_secs(1));
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_is_ended_by_the_next_call() {
    let idle = "C: IDLE\nS: + idling\nC+ DONE\nS: $ OK\n";
    let script = idle_after("MOVE IDLE", &(idle.to_owned() + EMPTY));
    let (mut source, server) = play(settings(), &script);
    assert!(source.next().await.expect("next").is_empty());
    let cut = tokio::time::timeout(Duration::from_secs(9), source.wait()).await;
    assert!(cut.is_err(), "nothing came");
    assert!(source.next().await.expect("over the same connection").is_empty());
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_ends_every_idle_is_polled() {
    let idle = idle_after("MOVE IDLE", "C: IDLE\nS: + idling\nS: * BYE\nclose\n--\n");
    let last = idle_after("MOVE IDLE", "");
    let (mut source, server) = play(settings(), &(idle.repeat(3) + &last));
    for _ in 0..3 {
        assert!(source.next().await.expect("next").is_empty());
        source.wait().await.expect_err("goodbye");
    }
    assert!(source.next().await.expect("next").is_empty());
    source.wait().await.expect("a pause");
    drop(source);
    server.finish().await;
}

#[tokio::test(start_paused = true)]
async fn without_idle_the_folder_is_polled() {
    for (caps, refusal) in [("MOVE", ""), ("MOVE IDLE", "C: IDLE\nS: $ NO not now\n")] {
        let (mut source, server) = play(settings(), &idle_after(caps, refusal));
        assert!(source.next().await.expect("next").is_empty());
        let begun = Instant::now();
        source.wait().await.expect("wait");
        assert_eq!(begun.elapsed().as_secs(), limits::POLL_TIME.as_secs());
        drop(source);
        server.finish().await;
    }
}

/// A server that sends one octet a time, with a pause before each.
async fn trickle(text: &'static [u8], pause: Duration) -> (Result<(), Trouble>, Duration) {
    let (ours, theirs) = tokio::io::duplex(1024);
    let (mut reader, mut writer) = tokio::io::split(theirs);
    tokio::spawn(async move {
        let mut heard = [0; 64];
        let _ = tokio::io::AsyncReadExt::read(&mut reader, &mut heard).await;
        for octet in text {
            tokio::time::sleep(pause).await;
            if writer.write_all(&[*octet]).await.is_err() {
                return;
            }
        }
        std::future::pending::<()>().await;
    });
    let mut session = Session::begin(Box::new(ours), true).await.expect("begin");
    let begun = Instant::now();
    let line = Line::new("NOOP", "NOOP");
    let pace = Pace { quiet: Duration::from_secs(60), whole: Duration::from_secs(1200) };
    (session.order(&line, pace).await.map(|_| ()), begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_is_waited_for_and_a_dripping_one_is_not() {
    let (done, time) = trickle(b"s1 OK slow\r\n", Duration::from_secs(50)).await;
    assert_eq!((done, time.as_secs()), (Ok(()), 600));
    let (done, time) = trickle(b"s1 OK too slow\r\n", Duration::from_secs(61)).await;
    assert_eq!((done.expect_err("silence").words.as_str(), time.as_secs()), (SILENT, 60));
    let (done, time) = trickle(&[b'x'; 999], Duration::from_secs(50)).await;
    assert_eq!((done.expect_err("no end").words.as_str(), time.as_secs()), (SILENT, 1200));
}

const SILENT: &str = "no answer in time during NOOP";

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_no_octets_is_left() {
    let (ours, _theirs) = tokio::io::duplex(4);
    let mut session = Session::begin(Box::new(ours), true).await.expect("begin");
    let error = session.order(&Line::new("NOOP", "NOOP"), COMMAND).await.expect_err("stuck");
    assert_eq!(error.words, SILENT);
    let error = session.order(&Line::new("NOOP", "NOOP"), COMMAND).await.expect_err("busy");
    assert!(error.words.contains("in the middle"), "{}", error.words);
}

#[tokio::test]
async fn a_good_leave_is_taken() {
    let leave = "C: LOGOUT\nS: * BYE bye\nS: $ OK\n";
    let (mut source, server) =
        play(settings(), &after_open("MOVE", &[ARCHIVE, LIST, FETCH, leave]));
    assert_eq!(source.next().await.expect("next").len(), 2);
    source.close().await;
    drop(source);
    server.finish().await;
}
