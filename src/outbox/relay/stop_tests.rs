use super::*;

const WAIT: Duration = Duration::from_secs(30);

/// The fate of a letter when the relay is silent at `at` and the gateway stops, and after how long.
async fn stopped_at(at: At) -> (Fate, u64) {
    let (relay, _) = relay(vec![once(at, Act::Silence)]);
    let letter = long_letter();
    let stopping = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        relay.stop(WAIT);
        Instant::now()
    };
    let (fate, stopped) = tokio::join!(relay.deliver(&letter), stopping);
    (fate, stopped.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_letter_before_data_is_abandoned_at_once() {
    for at in [At::Connect, At::Ehlo, At::Auth, At::Mail, At::Rcpt] {
        let (fate, seconds) = stopped_at(at).await;
        assert_eq!((kind(&fate), seconds), ("later", 0), "{at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_letter_past_data_is_waited_for_and_then_known_for_what_it_is() {
    for (at, expected) in [(At::Data, "later"), (At::Body, "later"), (At::Dot, "unknown")] {
        let (fate, seconds) = stopped_at(at).await;
        assert_eq!((kind(&fate), seconds), (expected, WAIT.as_secs()), "{at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_within_the_time_counts() {
    let (relay, heard) = relay(Vec::new());
    let letter = letter("hi\r\n");
    assert_eq!(relay.deliver(&letter).await, Fate::Sent);
    relay.stop(WAIT);
    assert_eq!(kind(&relay.deliver(&letter).await), "later", "no new letter is begun");
    assert_eq!(heard.lock().expect("heard").mails.len(), 1);
}
