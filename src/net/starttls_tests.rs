use super::*;
use tokio::io::duplex;

/// Plays `script`: what the server says first, then after each line of ours.
async fn play(protocol: Protocol<'_>, script: &[&str]) -> Result<Vec<String>, Refused> {
    let (mut ours, theirs) = duplex(64 * 1024);
    let script: Vec<String> = script.iter().map(|text| (*text).to_owned()).collect();
    let server = tokio::spawn(async move {
        let (reader, mut writer) = tokio::io::split(theirs);
        let mut reader = tokio::io::BufReader::new(reader);
        let mut heard = Vec::new();
        let last = script.len().saturating_sub(1);
        for (step, text) in script.iter().enumerate() {
            writer.write_all(text.as_bytes()).await.expect("write");
            if step < last {
                let mut line = String::new();
                let read = tokio::io::AsyncBufReadExt::read_line(&mut reader, &mut line);
                if read.await.expect("read") == 0 {
                    break;
                }
                heard.push(line.trim_end().to_owned());
            }
        }
        heard
    });
    let done = negotiate(&mut ours, protocol).await;
    drop(ours);
    let heard = server.await.expect("server");
    done.map(|()| heard)
}

const SMTP: Protocol<'_> = Protocol::Smtp { hello: "sirt.test" };

#[tokio::test]
async fn starttls_is_asked_for_in_imap() {
    let heard = play(Protocol::Imap, &["* OK ready\r\n", "* X hello\r\na OK begin\r\n"]).await;
    assert_eq!(heard.expect("agreed"), ["a STARTTLS"]);
}

#[tokio::test]
async fn a_server_may_greet_twice() {
    let script = ["* OK please wait\r\n* OK ready\r\n", "a OK begin\r\n"];
    play(Protocol::Imap, &script).await.expect("agreed");
    let script = ["* OK please wait\r\n", "* OK ready\r\na OK begin\r\n"];
    play(Protocol::Imap, &script).await.expect("agreed");
}

#[tokio::test]
async fn starttls_is_asked_for_in_smtp() {
    let script =
        ["220-mail\r\n220 mail\r\n", "250-mail\r\n250-SIZE 1\r\n250 starttls\r\n", "220 go\r\n"];
    let heard = play(SMTP, &script).await;
    assert_eq!(heard.expect("agreed"), ["EHLO sirt.test", "STARTTLS"]);
}

#[tokio::test]
async fn eve_cannot_strip_starttls() {
    let imap = play(Protocol::Imap, &["* OK ready\r\n", "a BAD what?\r\n"]).await;
    assert_eq!(imap, Err(Refused::NotOffered));
    let imap = play(Protocol::Imap, &["* OK ready\r\n", "a NO not here\r\n"]).await;
    assert_eq!(imap, Err(Refused::NotOffered));
    let smtp = play(SMTP, &["220 mail\r\n", "250-mail\r\n250 AUTH PLAIN\r\n"]).await;
    assert_eq!(smtp, Err(Refused::NotOffered));
}

#[tokio::test]
async fn eve_cannot_skip_tls_with_preauth() {
    let done = play(Protocol::Imap, &["* PREAUTH welcome, fay\r\n"]).await;
    assert_eq!(done, Err(Refused::Preauth));
}

#[tokio::test]
async fn eve_cannot_slip_words_in_before_tls() {
    let after = play(Protocol::Imap, &["* OK ready\r\n", "a OK begin\r\n* OK injected\r\n"]).await;
    assert_eq!(after, Err(Refused::Early));
    let half = play(Protocol::Imap, &["* OK ready\r\n", "a OK begin\r\nx"]).await;
    assert_eq!(half, Err(Refused::Early));
    let before = play(Protocol::Imap, &["* OK ready\r\na OK begin\r\n", ""]).await;
    assert_eq!(before, Err(Refused::Early));
    let smtp = ["220 mail\r\n", "250 STARTTLS\r\n", "220 go\r\n250-mail\r\n250 AUTH PLAIN\r\n"];
    assert_eq!(play(SMTP, &smtp).await, Err(Refused::Early));
}

#[tokio::test]
async fn servers_that_speak_something_else_are_left() {
    let long = format!("* OK {}", "x".repeat(limits::PLAIN_LINE_BYTES));
    let many = format!("* OK\r\n{}", "* X\r\n".repeat(3));
    for (protocol, script, why) in [
        (Protocol::Imap, vec![""], Refused::Closed),
        (Protocol::Imap, vec!["* OK rea"], Refused::Closed),
        (Protocol::Imap, vec!["220 mail\r\n"], Refused::Unclear),
        (Protocol::Imap, vec!["* BYE later\r\n"], Refused::Busy),
        (Protocol::Imap, vec!["\u{0}\u{1}\r\n"], Refused::Unclear),
        (Protocol::Imap, vec![long.as_str()], Refused::Unclear),
        (Protocol::Imap, vec![many.as_str(), ""], Refused::Early),
        (SMTP, vec!["* OK imap\r\n"], Refused::Unclear),
        (SMTP, vec!["554 no\r\n"], Refused::Busy),
        (SMTP, vec!["220 mail\r\n", "250x\r\n"], Refused::Unclear),
        (SMTP, vec!["220 mail\r\n", "250 STARTTLS\r\n", "454 later\r\n"], Refused::Busy),
        (SMTP, vec!["22\u{e9}0 mail\r\n"], Refused::Unclear),
    ] {
        assert_eq!(play(protocol, &script).await, Err(why), "{script:?}");
    }
}
