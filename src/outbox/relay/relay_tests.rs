use super::script::{self, Act, At, Heard, Script};
use super::*;
use crate::mail::{Address, MessageId};
use crate::net::{Secret, Tls};
use crate::outbox::Envelope;

const HEAD: &str = "From: <sirt@example.org>\r\nTo: <fay@example.org>\r\n\
    Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <a1@example.org>\r\n";

fn address(text: &str) -> Address {
    Address::parse(text).expect(text)
}

fn letter(body: &str) -> Sealed {
    Sealed {
        envelope: Envelope { from: None, to: address("fay@example.org") },
        message_id: MessageId::parse("a1@example.org").expect("an id"),
        bytes: format!("{HEAD}\r\n{body}").into_bytes(),
    }
}

/// Longer than the pipe to the relay, so that it is still being written when the relay acts.
fn long_letter() -> Sealed {
    letter(&"Dear Fay, thank you for the report.\r\n".repeat(2_000))
}

fn login() -> Login {
    Login::Password { user: "sirt".into(), password: Secret::new("hush".into()) }
}

fn settings(login: Login) -> RelaySettings {
    let endpoint =
        Endpoint { host: "relay.example".into(), port: 465, tls: Tls::Implicit, ca_file: None };
    let login = Arc::new(move || Ok(login.clone()));
    RelaySettings { endpoint, login, ehlo_name: "sirt.example.org".into() }
}

fn relay(scripts: Vec<Script>) -> (Relay, Arc<Mutex<Heard>>) {
    let (dial, heard) = script::dial(scripts);
    (Relay::with(settings(login()), Times::default(), dial), heard)
}

fn once(at: At, act: Act) -> Script {
    Script { acts: vec![(at, act)], ehlo: None }
}

fn say(text: &str) -> Act {
    Act::Say(format!("{text}\r\n"))
}

fn kind(fate: &Fate) -> &'static str {
    match fate {
        Fate::Sent => "sent",
        Fate::Later { .. } => "later",
        Fate::Soft { .. } => "soft",
        Fate::Refused { .. } => "refused",
        Fate::Unknown { .. } => "unknown",
        Fate::Stop { .. } => "stop",
    }
}

const EVERYWHERE: [At; 8] =
    [At::Connect, At::Ehlo, At::Auth, At::Mail, At::Rcpt, At::Data, At::Body, At::Dot];

/// What must come of it, by what the relay does (rows) and when (columns as in `EVERYWHERE`).
#[tokio::test(start_paused = true)]
async fn every_answer_at_every_phase() {
    let table = [
        (say("421 4.3.2 closing"), ["later"; 8]),
        (say("451 4.3.0 busy"), ["later"; 8]),
        (say("451"), ["later"; 8]),
        (
            say("550 5.1.1 no"),
            ["later", "later", "stop", "refused", "refused", "refused", "refused", "refused"],
        ),
        (
            say("550-5.5.0 a\r\n550 5.5.0 b"),
            ["later", "later", "stop", "soft", "soft", "soft", "soft", "soft"],
        ),
        (
            say("552 5.3.4 big"),
            ["later", "later", "stop", "refused", "refused", "refused", "refused", "refused"],
        ),
        (say("554 4.7.1 x"), ["later", "later", "stop", "soft", "soft", "soft", "soft", "soft"]),
        (
            say("530 5.7.0 login"),
            ["later", "later", "stop", "stop", "stop", "stop", "stop", "stop"],
        ),
        (Act::Close, ["later", "later", "later", "later", "later", "later", "later", "unknown"]),
        (Act::Silence, ["later", "later", "later", "later", "later", "later", "later", "unknown"]),
        (
            say("HTTP/1.1 400 Bad Request"),
            ["later", "later", "later", "later", "later", "later", "later", "unknown"],
        ),
        (
            say("250-ok\r\n550 no"),
            ["later", "later", "later", "later", "later", "later", "later", "unknown"],
        ),
        (
            say("\u{0}\u{1b}[2J\u{fffd}"),
            ["later", "later", "later", "later", "later", "later", "later", "unknown"],
        ),
        (
            Act::Say("2".repeat(100_000)),
            ["later", "later", "later", "later", "later", "later", "later", "unknown"],
        ),
        (
            Act::Say("250-x\r\n".repeat(100_000)),
            ["later", "later", "later", "later", "later", "later", "later", "unknown"],
        ),
        (
            say("354 go on"),
            ["later", "later", "later", "later", "later", "sent", "later", "unknown"],
        ),
        (say("250 early"), ["sent", "stop", "sent", "sent", "sent", "later", "later", "sent"]),
    ];
    for (act, expected) in table {
        for (at, expected) in EVERYWHERE.into_iter().zip(expected) {
            let (relay, heard) = relay(vec![once(at, act.clone())]);
            let fate = relay.deliver(&long_letter()).await;
            let shown: String = format!("{act:?}").chars().take(60).collect();
            assert_eq!(kind(&fate), expected, "{shown} at {at:?}: {fate:?}");
            let whole = heard.lock().expect("heard").mails.len();
            let there = matches!(kind(&fate), "sent" | "unknown") || at == At::Dot;
            assert_eq!(whole, usize::from(there), "{shown} at {at:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_limits_are_those_of_the_rfc() {
    let minutes = [
        (At::Connect, 5),
        (At::Ehlo, 5),
        (At::Auth, 2),
        (At::Mail, 5),
        (At::Rcpt, 5),
        (At::Data, 2),
        (At::Body, 3),
        (At::Dot, 10),
    ];
    for (at, minutes) in minutes {
        let (relay, _) = relay(vec![once(at, Act::Silence)]);
        let begun = Instant::now();
        let fate = relay.deliver(&long_letter()).await;
        assert_eq!(begun.elapsed().as_secs_f32().round() as u64, minutes * 60, "{at:?}");
        let (Fate::Later { why } | Fate::Unknown { why }) = fate else { panic!("{fate:?}") };
        assert!(why.starts_with("no answer in time at "), "{why}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_operator_reads_codes_and_phases() {
    let table = [
        (At::Connect, say("554 5.7.1 fay@example.org secret"), "554 5.7.1 at connect"),
        (At::Mail, Act::Close, "the relay closed the connection at MAIL"),
        (At::Rcpt, say("451 fay@example.org secret"), "451 at RCPT"),
        (At::Rcpt, say("250-\r\n550 x"), "no SMTP reply at RCPT"),
        (At::Data, say("250 x"), "250 at DATA, which is no answer to it"),
        (At::Body, Act::Close, "the relay closed the connection at the mail's data"),
        (At::Body, say("250 x"), "a reply before its command at the mail's data"),
        (At::Dot, Act::Close, "the relay closed the connection at the end of the mail's data"),
        (At::Dot, say("554 5.6.0 secret"), "554 5.6.0 at the end of the mail's data"),
    ];
    for (at, act, expected) in table {
        let (relay, _) = relay(vec![once(at, act)]);
        assert_eq!(relay.deliver(&long_letter()).await.why(), expected);
    }
}

#[tokio::test]
async fn the_relay_sees_exactly_the_bytes_that_were_sealed() {
    let (relay, heard) = relay(Vec::new());
    let bodies = [
        "",
        "\r\n",
        "\r\n\r\n\r\n",
        ".\r\n",
        "..\r\n",
        "...\r\n.\r\n..\r\n",
        "a\r\n.\r\nMAIL FROM:<sirt@example.org>\r\nRCPT TO:<eve@example.net>\r\nDATA\r\n",
        ".a\r\n.\r\n\r\n.\r\n.",
        "a.\r\nb\r\n.c\r\n",
    ];
    let mut sent = Vec::new();
    for body in bodies {
        let letter = letter(&format!("{body}\r\n"));
        assert_eq!(relay.deliver(&letter).await, Fate::Sent, "{body:?}");
        sent.push(letter.bytes);
    }
    let heard = heard.lock().expect("heard");
    assert_eq!(heard.mails, sent);
    assert_eq!(heard.count("MAIL"), bodies.len(), "Eve's commands stayed text");
}

#[tokio::test]
async fn eve_cannot_smuggle_a_mail_by_any_line_end() {
    let (relay, heard) = relay(Vec::new());
    let ends = ["\n", "\r", "\r\n", "\r\r\n", "\n\r", "\r\n\n", "\0\r\n", "\u{85}", "\u{2028}"];
    for before in ends {
        for after in ends {
            let letter = letter(&format!("a{before}.{after}MAIL FROM:<eve@example.net>\r\n"));
            let fate = relay.deliver(&letter).await;
            let clean = before == "\r\n" && after == "\r\n";
            assert_eq!(kind(&fate), if clean { "sent" } else { "refused" }, "{before:?} {after:?}");
        }
    }
    let heard = heard.lock().expect("heard");
    assert_eq!((heard.count("MAIL"), heard.mails.len()), (1, 1));
}

#[tokio::test]
async fn one_transaction_a_letter_and_one_connection_for_many() {
    let (relay, heard) = relay(Vec::new());
    let mut bounce_to_us = letter("hi\r\n");
    bounce_to_us.envelope.from = Some(address("sirt+b1@example.org"));
    bounce_to_us.envelope.to = address("o'fay/!#$%&*+=?^_`{|}~-@example.org");
    for letter in [&letter("hi\r\n"), &bounce_to_us] {
        assert_eq!(relay.deliver(letter).await, Fate::Sent);
    }
    relay.close().await;
    let heard = heard.lock().expect("heard");
    let size = letter("hi\r\n").bytes.len();
    assert_eq!(
        heard.commands,
        [
            "EHLO sirt.example.org".to_owned(),
            "AUTH PLAIN AHNpcnQAaHVzaA==".to_owned(),
            format!("MAIL FROM:<> SIZE={size}"),
            "RCPT TO:<fay@example.org>".to_owned(),
            "DATA".to_owned(),
            format!("MAIL FROM:<sirt+b1@example.org> SIZE={size}"),
            "RCPT TO:<o'fay/!#$%&*+=?^_`{|}~-@example.org>".to_owned(),
            "DATA".to_owned(),
            "QUIT".to_owned(),
            String::new(),
        ][..heard.commands.len()]
    );
    assert!(heard.commands.len() >= 9);
    assert_eq!(relay.size_limit(), Some(1_000_000));
}

#[tokio::test]
async fn a_refused_letter_leaves_the_connection_for_the_next() {
    let (relay, heard) = relay(vec![once(At::Rcpt, say("550 5.1.1 unknown"))]);
    assert_eq!(kind(&relay.deliver(&letter("hi\r\n")).await), "refused");
    assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent);
    let heard = heard.lock().expect("heard");
    assert_eq!((heard.connections, heard.count("RSET"), heard.count("MAIL")), (1, 1, 2));
}

/// The relay parts while the connection rests: with words, without, with nonsense, half a line.
#[tokio::test]
async fn a_connection_that_ended_while_it_rested_costs_nothing() {
    let parting = [
        say("250 2.0.0 taken\r\n421 4.4.2 idle for too long"),
        say("250 2.0.0 taken\r\n554 5.7.0 and do not come back"),
        say("250 2.0.0 taken\r\n250 2.0.0 and again"),
        Act::Say("250 2.0.0 taken\r\n25".into()),
    ];
    for act in parting {
        let (relay, heard) = relay(vec![once(At::Dot, act.clone())]);
        for _ in 0..3 {
            assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent, "{act:?}");
        }
        let heard = heard.lock().expect("heard");
        assert_eq!((heard.connections, heard.mails.len()), (2, 3), "{act:?}");
    }
}

#[tokio::test]
async fn a_lost_connection_is_made_anew_once_and_only_before_the_relay_answered() {
    let twice =
        |act: Act| Script { acts: vec![(At::Mail, say("250 ok")), (At::Mail, act)], ehlo: None };
    for act in [Act::Close, say("421 4.3.2 closing")] {
        let (relay, heard) = relay(vec![twice(act.clone())]);
        for _ in 0..2 {
            assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent);
        }
        assert_eq!(heard.lock().expect("heard").connections, 2);
        let (relay, heard) = self::relay(vec![twice(act.clone()), once(At::Mail, act)]);
        relay.deliver(&letter("hi\r\n")).await;
        assert_eq!(kind(&relay.deliver(&letter("hi\r\n")).await), "later", "once, not for ever");
        assert_eq!(heard.lock().expect("heard").connections, 2);
    }
    let later =
        Script { acts: vec![(At::Rcpt, say("250 ok")), (At::Rcpt, Act::Close)], ehlo: None };
    let (relay, heard) = relay(vec![later]);
    relay.deliver(&letter("hi\r\n")).await;
    assert_eq!(kind(&relay.deliver(&letter("hi\r\n")).await), "later");
    assert_eq!(heard.lock().expect("heard").connections, 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_used_for_a_hundred_letters_or_five_minutes() {
    let (relay, heard) = relay(Vec::new());
    for _ in 0..=RELAY_LETTERS {
        assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent);
    }
    assert_eq!(heard.lock().expect("heard").connections, 2);
    tokio::time::advance(RELAY_LIFE).await;
    assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent);
    assert_eq!(heard.lock().expect("heard").connections, 3);
}

#[tokio::test]
async fn at_most_four_connections_and_fates_in_the_order_of_the_wave() {
    let (relay, heard) = relay(Vec::new());
    let mut wave: Vec<Sealed> = (0..20).map(|_| letter("hi\r\n")).collect();
    wave[7] = letter("bare\nline feed\r\n");
    let fates = relay.deliver_wave(&wave).await;
    for (place, fate) in fates.iter().enumerate() {
        assert_eq!(kind(fate), if place == 7 { "refused" } else { "sent" });
    }
    assert_eq!(heard.lock().expect("heard").connections, RELAY_CONNECTIONS);
}

#[tokio::test]
async fn a_letter_larger_than_the_relay_takes_is_refused_before_it_is_begun() {
    let small = Script { ehlo: Some("250-relay.example\r\n250 size 300\r\n"), acts: vec![] };
    let (dial, heard) = script::dial(vec![small]);
    let relay = Relay::with(settings(Login::Nobody), Times::default(), dial);
    assert_eq!(kind(&relay.deliver(&long_letter()).await), "refused");
    assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent);
    assert_eq!(relay.size_limit(), Some(300));
    assert_eq!(heard.lock().expect("heard").count("MAIL"), 1);
}

#[tokio::test]
async fn a_relay_that_turns_us_away_stops_the_queue_and_refuses_no_letter() {
    let door = |at| once(at, say("554 5.7.1 no service"));
    let (relay, _) =
        relay(vec![door(At::Connect), door(At::Ehlo), door(At::Connect), Script::default()]);
    for expected in ["later", "later", "stop", "sent"] {
        assert_eq!(kind(&relay.deliver(&letter("hi\r\n")).await), expected);
    }
    let (relay, _) = self::relay(vec![door(At::Connect)]);
    assert_eq!(relay.probe().await, Err("554 5.7.1 at connect".into()));
}

#[tokio::test]
async fn a_probe_says_what_it_found() {
    let (relay, heard) = relay(Vec::new());
    let found = relay.probe().await.expect("found");
    assert_eq!(
        found,
        ["the relay answers and lets us in", "it takes letters of up to 1000000 octets"]
    );
    let heard = heard.lock().expect("heard");
    assert_eq!((heard.count("MAIL"), heard.count("QUIT")), (0, 1));
}

#[tokio::test]
async fn without_the_right_certificate_letters_wait() {
    for (kind_of_error, words) in [
        (NetErrorKind::Settings, "ALARM: no safe connection to the relay, letters wait: r:465: x"),
        (NetErrorKind::Temporary, "no connection to the relay: r:465: x"),
    ] {
        let error = NetError { words: "r:465: x".into(), kind: kind_of_error };
        let nowhere: Dial = Arc::new(move || {
            let error = error.clone();
            Box::pin(async move { Err(error) })
        });
        let relay = Relay::with(settings(login()), Times::default(), nowhere);
        assert_eq!(relay.probe().await, Err(words.into()));
        assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Later { why: words.into() });
    }
}

/// Eve holds the wire until TLS begins: she adds an answer that would count as said under TLS.
#[tokio::test]
async fn eve_cannot_slip_an_answer_in_before_tls() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (heard, tell) = (Arc::new(Mutex::new(String::new())), "220 go\r\n250 AUTH PLAIN\r\n");
    let ears = heard.clone();
    let endpoint = Endpoint { tls: Tls::StartTls, ..settings(login()).endpoint };
    let dial: Dial = Arc::new(move || {
        let (ours, mut eve) = tokio::io::duplex(8 * 1024);
        let (ears, endpoint) = (ears.clone(), endpoint.clone());
        tokio::spawn(async move {
            for says in ["220 r\r\n", "250-r\r\n250 STARTTLS\r\n", tell, ""] {
                eve.write_all(says.as_bytes()).await.expect("written");
                let mut line = [0; 1_000];
                let count = eve.read(&mut line).await.expect("read");
                ears.lock().expect("heard").push_str(&String::from_utf8_lossy(&line[..count]));
            }
        });
        Box::pin(async move {
            net::secure(ours, &endpoint, Protocol::Smtp { hello: "sirt.example.org" }).await
        })
    });
    let relay = Relay::with(settings(login()), Times::default(), dial);
    let Fate::Later { why } = relay.deliver(&letter("hi\r\n")).await else { panic!() };
    assert!(why.contains("slipped in before TLS"), "{why}");
    let heard = heard.lock().expect("heard").clone();
    assert_eq!(heard, "EHLO sirt.example.org\r\nSTARTTLS\r\n", "no login, no letter");
}

#[tokio::test]
async fn greetings_and_replies_in_every_lawful_form() {
    let forms = Script {
        acts: vec![
            (At::Connect, say("220-one\r\n220-two\r\n220")),
            (At::Auth, say("235-\r\n235   ")),
            (At::Mail, say("250")),
            (At::Rcpt, say("251 caf\u{e9} \u{ff}")),
            (At::Data, say("354")),
            (At::Dot, say("250-a\r\n250-\r\n250")),
        ],
        ehlo: Some("250-relay\r\n250-   \r\n250-auth=plain login\r\n250-SIZE\r\n250 X \r\n"),
    };
    let (relay, _) = relay(vec![forms]);
    assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent);
    assert_eq!(relay.size_limit(), None);
}

#[path = "dot_tests.rs"]
mod dot;

#[path = "stop_tests.rs"]
mod stop;

#[path = "auth_tests.rs"]
mod auth;
