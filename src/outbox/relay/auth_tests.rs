use super::*;
use base64::prelude::{BASE64_STANDARD, Engine};

fn token() -> Login {
    Login::Token { user: "sirt,=@example.org".into(), token: Secret::new("ya29".into()) }
}

async fn log_in(login: Login, ehlo: &'static str, answers: &[&str]) -> (Fate, Vec<String>) {
    let acts = answers.iter().map(|answer| (At::Auth, say(answer))).collect();
    let (dial, heard) = script::dial(vec![Script { acts, ehlo: Some(ehlo) }]);
    let relay = Relay::with(settings(login), Times::default(), dial);
    let fate = relay.deliver(&letter("hi\r\n")).await;
    let commands = heard.lock().expect("heard").commands.clone();
    (fate, commands)
}

fn encoded(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

#[tokio::test]
async fn login_in_two_lines() {
    // The scripted relay answers what it does not know with 250, which ends the exchange.
    let (fate, said) =
        log_in(login(), "250-r\r\n250 AUTH LOGIN CRAM-MD5\r\n", &["334 VXNlcm5hbWU6"]).await;
    assert_eq!(fate, Fate::Sent);
    assert_eq!(said[1..3], ["AUTH LOGIN".to_owned(), encoded("sirt")]);
    let both = "334 VXNlcm5hbWU6\r\n";
    let (_, said) = log_in(login(), "250-r\r\n250 AUTH LOGIN\r\n", &[both.trim_end()]).await;
    assert!(!said.iter().any(|line| line.contains(&encoded("hush"))), "not before it is asked for");
}

#[tokio::test]
async fn tokens() {
    let bearer = "n,a=sirt=2C=3D@example.org,\x01host=relay.example\x01port=465\x01\
                  auth=Bearer ya29\x01\x01";
    let (fate, said) =
        log_in(token(), "250-r\r\n250 AUTH XOAUTH2 OAUTHBEARER PLAIN\r\n", &[]).await;
    assert_eq!(fate, Fate::Sent);
    assert_eq!(said[1], format!("AUTH OAUTHBEARER {}", encoded(bearer)));
    let (fate, said) = log_in(token(), "250-r\r\n250 AUTH XOAUTH2 PLAIN\r\n", &[]).await;
    assert_eq!(fate, Fate::Sent);
    let xoauth2 = "user=sirt,=@example.org\x01auth=Bearer ya29\x01\x01";
    assert_eq!(said[1], format!("AUTH XOAUTH2 {}", encoded(xoauth2)));
}

#[tokio::test]
async fn an_explained_refusal_is_heard_to_its_end() {
    let explained = "334 eyJzdGF0dXMiOiI0MDEifQ==";
    for (ehlo, end) in
        [("250-r\r\n250 AUTH XOAUTH2\r\n", ""), ("250-r\r\n250 AUTH OAUTHBEARER\r\n", "AQ==")]
    {
        let acts = vec![(At::Auth, say(explained)), (At::AuthEnd, say("535 5.7.8 no"))];
        let (dial, heard) = script::dial(vec![Script { acts, ehlo: Some(ehlo) }]);
        let relay = Relay::with(settings(token()), Times::default(), dial);
        let fate = relay.deliver(&letter("hi\r\n")).await;
        let Fate::Stop { why } = fate else { panic!("{fate:?}") };
        assert_eq!(why, "the relay refused user or password: 535 5.7.8 at AUTH");
        assert_eq!(heard.lock().expect("heard").commands[2], end);
    }
}

#[tokio::test]
async fn refused_credentials_stop_the_queue_and_trouble_does_not() {
    let plain = "250-r\r\n250 AUTH PLAIN\r\n";
    for (answer, expected) in [
        ("535 5.7.8 no", "stop"),
        ("534 5.7.9 too weak", "stop"),
        ("504 5.5.4 unknown", "stop"),
        ("454 4.7.0 not now", "later"),
        ("421 4.3.2 closing", "later"),
    ] {
        let (fate, said) = log_in(login(), plain, &[answer]).await;
        assert_eq!(kind(&fate), expected, "{answer}");
        assert!(!said.iter().any(|line| line.starts_with("MAIL")));
    }
    let (fate, said) = log_in(login(), "250 r\r\n", &[]).await;
    assert_eq!(kind(&fate), "stop", "credentials and nowhere to tell them");
    assert!(!said.iter().any(|line| line.starts_with("AUTH")));
}

#[tokio::test]
async fn eve_cannot_put_a_second_user_into_a_password() {
    for (user, password) in [("sirt\0eve", "hush"), ("sirt", "hush\r\nRSET"), ("s\x01auth=x", "y")]
    {
        let login = Login::Password { user: user.into(), password: Secret::new(password.into()) };
        let (fate, said) = log_in(login, "250-r\r\n250 AUTH PLAIN LOGIN\r\n", &[]).await;
        assert_eq!(kind(&fate), "stop");
        assert!(!said.iter().any(|line| line.starts_with("AUTH")));
    }
}

#[tokio::test]
async fn a_login_that_cannot_be_read_stops_and_is_asked_for_anew() {
    let (dial, _) = script::dial(Vec::new());
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    let source: LoginSource = Arc::new(move || match count.fetch_add(1, Ordering::Relaxed) {
        0 => Err("password_file cannot be read".into()),
        _ => Ok(login()),
    });
    let settings = RelaySettings { login: source, ..settings(login()) };
    let relay = Relay::with(settings, Times::default(), dial);
    let fate = relay.deliver(&letter("hi\r\n")).await;
    assert_eq!(fate, Fate::Stop { why: "password_file cannot be read".into() });
    assert_eq!(relay.deliver(&letter("hi\r\n")).await, Fate::Sent);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}
