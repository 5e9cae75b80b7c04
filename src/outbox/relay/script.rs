//! A relay that follows a script, over a pipe.

use super::{Connected, Dial};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};

/// Where in the dialogue the relay does something else than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    Connect,
    Ehlo,
    Auth,
    /// The line after the command, where one was asked for.
    AuthEnd,
    Mail,
    Rcpt,
    Data,
    Body,
    Dot,
}

#[derive(Clone, Debug)]
pub enum Act {
    Say(String),
    Close,
    Silence,
}

/// One connection's script: the usual answers, but for these. An act is used once.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub acts: Vec<(At, Act)>,
    pub ehlo: Option<&'static str>,
}

/// What all the connections heard.
#[derive(Debug, Default)]
pub struct Heard {
    pub connections: usize,
    pub commands: Vec<String>,
    /// Each mail whose end was reached, without the doubled dots.
    pub mails: Vec<Vec<u8>>,
}

impl Heard {
    pub fn count(&self, command: &str) -> usize {
        self.commands.iter().filter(|line| line.starts_with(command)).count()
    }
}

const USUAL_EHLO: &str = "250-relay.example\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN\r\n";

/// A dial that gives the connections their scripts in turn; usual ones when they are used up.
pub fn dial(scripts: Vec<Script>) -> (Dial, Arc<Mutex<Heard>>) {
    let heard = Arc::new(Mutex::new(Heard::default()));
    let scripts = Mutex::new(VecDeque::from(scripts));
    let ears = heard.clone();
    let dial: Dial = Arc::new(move || {
        let script = scripts.lock().expect("scripts").pop_front().unwrap_or_default();
        let (ours, theirs) = tokio::io::duplex(8 * 1024);
        ears.lock().expect("heard").connections += 1;
        tokio::spawn(serve(theirs, script, ears.clone()));
        Box::pin(async move { Ok(Connected { stream: Box::new(ours), greeted: false }) })
    });
    (dial, heard)
}

struct Server {
    stream: BufReader<DuplexStream>,
    script: Script,
    heard: Arc<Mutex<Heard>>,
}

/// `None` ends the connection.
async fn serve(stream: DuplexStream, script: Script, heard: Arc<Mutex<Heard>>) -> Option<()> {
    let mut server = Server { stream: BufReader::new(stream), script, heard };
    server.act(At::Connect, "220 relay.example ready\r\n").await?;
    loop {
        let line = server.line().await?;
        let word = line.split(' ').next().unwrap_or("").to_owned();
        let ehlo = server.script.ehlo.unwrap_or(USUAL_EHLO);
        match word.as_str() {
            "EHLO" => server.act(At::Ehlo, ehlo).await?,
            "AUTH" => server.act(At::Auth, "235 2.7.0 welcome\r\n").await?,
            "MAIL" => server.act(At::Mail, "250 2.1.0 ok\r\n").await?,
            "RCPT" => server.act(At::Rcpt, "250 2.1.5 ok\r\n").await?,
            "DATA" => server.data().await?,
            "QUIT" => server.say("221 2.0.0 bye\r\n").await?,
            "RSET" => server.say("250 2.0.0 ok\r\n").await?,
            _ => server.act(At::AuthEnd, "250 2.0.0 ok\r\n").await?,
        }
    }
}

impl Server {
    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let count = self.stream.read_line(&mut line).await.ok()?;
        self.heard.lock().expect("heard").commands.push(line.trim_end().to_owned());
        (count > 0).then_some(line.trim_end().to_owned())
    }

    async fn say(&mut self, text: &str) -> Option<()> {
        self.stream.write_all(text.as_bytes()).await.ok()
    }

    async fn act(&mut self, at: At, usual: &str) -> Option<()> {
        match self.take(at) {
            None => self.say(usual).await,
            Some(act) => self.do_it(act).await,
        }
    }

    fn take(&mut self, at: At) -> Option<Act> {
        let place = self.script.acts.iter().position(|(when, _)| *when == at)?;
        Some(self.script.acts.remove(place).1)
    }

    async fn do_it(&mut self, act: Act) -> Option<()> {
        match act {
            Act::Say(text) => self.say(&text).await,
            Act::Close => None,
            Act::Silence => std::future::pending().await,
        }
    }

    /// Reads the mail as RFC 5321 section 4.5.2 says: only CRLF dot CRLF ends it.
    async fn data(&mut self) -> Option<()> {
        let refuses = match self.script.acts.first() {
            Some((At::Data, Act::Say(text))) => !text.starts_with("354"),
            _ => false,
        };
        self.act(At::Data, "354 go ahead\r\n").await?;
        if refuses {
            return Some(());
        }
        if let Some(act) = self.take(At::Body) {
            let mut some = [0; 2_000];
            self.stream.read_exact(&mut some).await.ok()?;
            self.do_it(act).await?;
        }
        let mut raw = b"\r\n".to_vec();
        while !raw.ends_with(b"\r\n.\r\n") {
            raw.push(self.stream.read_u8().await.ok()?);
        }
        let mail = String::from_utf8(raw[2..raw.len() - 3].to_vec()).expect("ASCII");
        let lines = mail.split_inclusive("\r\n").map(|line| line.strip_prefix('.').unwrap_or(line));
        self.heard.lock().expect("heard").mails.push(lines.collect::<String>().into_bytes());
        self.act(At::Dot, "250 2.0.0 taken\r\n").await
    }
}
