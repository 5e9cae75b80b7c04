//! Letters to a real Postfix and to its smtp-sink.

use crate::support::letters::{letter, number};
use crate::support::postfix::Postfix;
use crate::support::smtp_sink::SmtpSink;
use sirt_gateway::net::{Endpoint, Login, Secret, Tls};
use sirt_gateway::outbox::relay::{Relay, RelaySettings};
use sirt_gateway::outbox::{Fate, Sealed};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

fn relay(host: &str, port: u16, tls: Tls, ca_file: Option<PathBuf>) -> Relay {
    let endpoint = Endpoint { host: host.into(), port, tls, ca_file };
    Relay::new(RelaySettings {
        endpoint,
        login: Arc::new(|| Ok(Login::Nobody)),
        ehlo_name: "sirt.example.org".into(),
    })
}

fn plain(port: u16) -> Relay {
    relay("127.0.0.1", port, Tls::None, None)
}

fn letters(count: u64, to: &str) -> Vec<Sealed> {
    (0..count).map(|number| letter(number, to)).collect()
}

/// Each letter arrived once and as it was sealed.
fn assert_same(sent: &[Sealed], mut arrived: Vec<Vec<u8>>) {
    arrived.sort_by_key(|bytes| number(bytes));
    assert_eq!(sent.len(), arrived.len());
    for (sent, arrived) in sent.iter().zip(arrived) {
        let (sent, arrived) = (sent.bytes.escape_ascii(), arrived.escape_ascii());
        assert_eq!(sent.to_string(), arrived.to_string());
    }
}

/// User and system time of this process so far, in milliseconds.
fn processor_time() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("stat");
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("fields").split(' ').collect();
    let ticks = |place: usize| fields[place].parse::<u64>().expect("ticks");
    (ticks(11) + ticks(12)) * 10
}

fn print_rate(what: &str, count: usize, begun: Instant, processor: u64) {
    let (wall, spent) = (begun.elapsed().as_secs_f64(), processor_time() - processor);
    let micros = spent * 1_000 / count as u64;
    println!("{what}: {:.0} letters/s, {micros} µs of processor a letter", count as f64 / wall);
}

#[tokio::test]
async fn five_hundred_letters_over_one_connection_and_over_four() {
    let sent = letters(500, "fay@example.org");
    let sink = SmtpSink::start(&[]);
    let relay = plain(sink.port);
    let (begun, processor) = (Instant::now(), processor_time());
    for letter in &sent {
        assert_eq!(relay.deliver(letter).await, Fate::Sent);
    }
    print_rate("one connection", sent.len(), begun, processor);
    assert_same(&sent, sink.letters());

    let sink = SmtpSink::start(&[]);
    let relay = plain(sink.port);
    let (begun, processor) = (Instant::now(), processor_time());
    let fates = relay.deliver_wave(&sent).await;
    print_rate("four connections", sent.len(), begun, processor);
    assert_eq!(fates, vec![Fate::Sent; sent.len()]);
    assert_same(&sent, sink.letters());
    relay.close().await;
}

/// smtp-sink fails at one command: for good (-f), for now (-r), by parting (-q), by 421 (-Q).
#[tokio::test]
async fn a_sink_that_fails_at_each_command() {
    for (flag, command, expected) in [
        ("-f", "connect", "later"),
        ("-r", "connect", "later"),
        ("-q", "connect", "later"),
        ("-f", "ehlo", "later"),
        ("-q", "ehlo", "later"),
        ("-Q", "ehlo", "later"),
        ("-f", "mail", "refused"),
        ("-r", "mail", "later"),
        ("-q", "mail", "later"),
        ("-Q", "mail", "later"),
        ("-f", "rcpt", "refused"),
        ("-r", "rcpt", "later"),
        ("-q", "rcpt", "later"),
        ("-Q", "rcpt", "later"),
        ("-f", "data", "refused"),
        ("-r", "data", "later"),
        ("-q", "data", "later"),
        ("-Q", "data", "later"),
        ("-f", ".", "refused"),
        ("-r", ".", "later"),
        ("-q", ".", "unknown"),
        ("-Q", ".", "later"),
    ] {
        let sink = SmtpSink::start(&[flag, command]);
        let fate = plain(sink.port).deliver(&letter(1, "fay@example.org")).await;
        let met = match &fate {
            Fate::Sent => "sent",
            Fate::Later { .. } => "later",
            Fate::Soft { .. } => "soft",
            Fate::Refused { .. } => "refused",
            Fate::Unknown { .. } => "unknown",
            Fate::Stop { .. } => "stop",
        };
        assert_eq!(met, expected, "smtp-sink {flag} {command}: {fate:?}");
    }
}

#[tokio::test]
async fn a_sink_takes_a_login() {
    let sink = SmtpSink::start(&[]);
    let endpoint =
        Endpoint { host: "127.0.0.1".into(), port: sink.port, tls: Tls::None, ca_file: None };
    let login =
        || Ok(Login::Password { user: "sirt".into(), password: Secret::new("hush".into()) });
    let relay =
        Relay::new(RelaySettings { endpoint, login: Arc::new(login), ehlo_name: "sirt".into() });
    assert_eq!(relay.deliver(&letter(1, "fay@example.org")).await, Fate::Sent);
}

#[tokio::test]
async fn postfix_delivers_the_very_bytes_by_tls_starttls_and_loopback() {
    let postfix = Postfix::start(&["implicit", "starttls", "loopback"], "");
    let ca = || Some(postfix.ca_file());
    let ways = [
        ("implicit", relay("localhost", postfix.tls_port, Tls::Implicit, ca())),
        ("starttls", relay("localhost", postfix.port, Tls::StartTls, ca())),
        ("loopback", plain(postfix.port)),
    ];
    for (user, relay) in ways {
        let sent = letters(40, &format!("{user}@example.org"));
        let (begun, processor) = (Instant::now(), processor_time());
        let fates = relay.deliver_wave(&sent).await;
        print_rate(user, sent.len(), begun, processor);
        assert_eq!(fates, vec![Fate::Sent; sent.len()], "{user}");
        assert_eq!(relay.size_limit(), Some(10_240_000), "{user}");
        assert!(relay.probe().await.is_ok(), "{user}");
        relay.close().await;
        assert_same(&sent, postfix.letters_when(user, sent.len()));
    }
}

#[tokio::test]
async fn eve_in_between_gets_no_letter() {
    let postfix = Postfix::start(&["fay"], "");
    let ca = || Some(postfix.ca_file());
    for relay in [
        relay("localhost", postfix.tls_port, Tls::Implicit, None),
        relay("127.0.0.1", postfix.tls_port, Tls::Implicit, ca()),
        relay("localhost", postfix.port, Tls::StartTls, None),
    ] {
        let fate = relay.deliver(&letter(1, "fay@example.org")).await;
        let Fate::Later { why } = fate else { panic!("{fate:?}") };
        assert!(why.starts_with("ALARM: no safe connection to the relay"), "{why}");
    }
    let plain_port = relay("localhost", postfix.port, Tls::Implicit, ca());
    let fate = plain_port.deliver(&letter(1, "fay@example.org")).await;
    assert!(matches!(fate, Fate::Later { .. }), "{fate:?}");
    assert!(postfix.letters("fay").is_empty());
}

#[tokio::test]
async fn postfix_refuses_and_the_next_letter_goes_over_the_same_connection() {
    let postfix = Postfix::start(
        &["fay"],
        "message_size_limit = 3000\nsmtpd_recipient_restrictions = check_recipient_access \
         inline:{ { grey@example.org = 451 4.7.1 later }, { broken@example.org = 550 5.5.0 x }, \
         { locked@example.org = 530 5.7.0 log in } }, reject_unauth_destination\n",
    );
    let relay = plain(postfix.port);
    let met = async |to: &str| relay.deliver(&letter(2, to)).await;
    assert_eq!(met("fay@elsewhere.example").await, refused("554 5.7.1 at RCPT"));
    assert_eq!(met("eve@example.org").await, refused("550 5.1.1 at RCPT"));
    assert_eq!(met("grey@example.org").await, Fate::Later { why: "451 4.7.1 at RCPT".into() });
    assert_eq!(met("broken@example.org").await, Fate::Soft { why: "550 5.5.0 at RCPT".into() });
    assert_eq!(met("locked@example.org").await, Fate::Stop { why: "530 5.7.0 at RCPT".into() });
    let mut large = letter(3, "fay@example.org");
    large.bytes.extend(b"line\r\n".repeat(500));
    let octets = large.bytes.len();
    let why = format!("the letter has {octets} octets, more than the relay takes (SIZE)");
    assert_eq!(relay.deliver(&large).await, refused(&why));
    assert_eq!(met("fay@example.org").await, Fate::Sent);
    assert_same(&[letter(2, "fay@example.org")], postfix.letters_when("fay", 1));
}

fn refused(why: &str) -> Fate {
    Fate::Refused { why: why.into() }
}

/// Also letters that come to a relay which was restarted while their connection rested.
#[tokio::test]
async fn postfix_stops_and_starts_between_letters() {
    let postfix = Postfix::start(&["fay"], "");
    let relay = plain(postfix.port);
    let sent = letters(3, "fay@example.org");
    assert_eq!(relay.deliver(&sent[0]).await, Fate::Sent);
    postfix.run("stop");
    let fate = relay.deliver(&sent[1]).await;
    assert!(matches!(fate, Fate::Later { .. }), "{fate:?}");
    postfix.run("start");
    assert_eq!(relay.deliver(&sent[1]).await, Fate::Sent);
    postfix.run("stop");
    postfix.run("start");
    assert_eq!(relay.deliver(&sent[2]).await, Fate::Sent, "made anew without a word");
    assert_same(&sent, postfix.letters_when("fay", 3));
}
