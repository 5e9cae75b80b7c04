//! What people read of the letters they get: opened with their own keys, as their clients do.

use super::people::Writer;
use super::{TabletopError, trouble};
use crate::case::Posted;
use crate::gateway::Gateway;
use crate::mail::MessageId;
use crate::pgp::{Certificate, Opener, TeamKey};
use crate::worker::{self, Request};
use jiff::{SignedDuration, Timestamp};

/// How an answer to orders begins.
const OUTCOMES: [&str; 4] = ["DONE", "WAITS", "NOTHING", "TRIED"];

/// A letter as its reader has it.
pub struct Received {
    pub message_id: MessageId,
    pub subject: String,
    pub text: String,
}

/// A letter that followed from a step, for the screen.
pub struct PlayedLetter {
    pub number: u64,
    /// How long it is kept back, so that it can still be stopped.
    pub waits: SignedDuration,
    /// Of an answer to orders: each line, and what it did.
    pub lines: Vec<String>,
}

impl Received {
    /// Opens a letter. Somebody without a key reads no letter that is encrypted.
    pub fn of(
        gateway: &Gateway,
        posted: &Posted,
        reader: &Writer,
        team: &Certificate,
        now: Timestamp,
    ) -> Result<Received, TabletopError> {
        let mut received = Received {
            message_id: posted.message_id.clone(),
            subject: String::new(),
            text: String::new(),
        };
        if let Some(key) = &reader.key {
            let raw = gateway.book().kept(&posted.mail).map_err(trouble)?.unwrap_or_default();
            (received.subject, received.text) = opened(&raw, key, team, now)?;
        }
        Ok(received)
    }

    /// As a client quotes it below an answer.
    pub fn quoted(&self) -> String {
        let quote = |line: &str| format!("> {line}").trim_end().to_owned() + "\n";
        format!("\n\n{}", self.text.lines().map(quote).collect::<String>())
    }

    /// The code in its case line, which `/again` and `/confirm` name.
    pub fn code(&self) -> Option<&str> {
        self.case_line()?.split_whitespace().nth(1)
    }

    /// The number of its case.
    pub fn case(&self) -> Option<&str> {
        Some(self.case_line()?.split_whitespace().next()?.trim_start_matches('['))
    }

    fn case_line(&self) -> Option<&str> {
        let named = |line: &&str| line.starts_with('[') && line.contains('@');
        self.text.lines().find(named)
    }

    /// What its reader would approve.
    pub fn digest(&self) -> Option<&str> {
        self.text.lines().find_map(|line| line.trim().strip_prefix("/siren approve "))
    }

    /// What an answer to orders came to, and each order, numbered, with what it did below it.
    pub fn orders(&self) -> Vec<String> {
        let shouts = |word: &&str| word.chars().all(|c| c.is_ascii_uppercase() || c == ':');
        let outcome = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().take_while(shouts).collect();
            OUTCOMES.contains(&words.first()?.trim_end_matches(':')).then(|| words.join(" "))
        };
        let outcome = self.text.lines().find_map(outcome);
        outcome
            .map(|words| format!("  {}", words.trim_end_matches(':')))
            .into_iter()
            .chain(self.lines())
            .collect()
    }

    fn lines(&self) -> Vec<String> {
        let numbered = |line: &&str| {
            let mut words = line.split_whitespace();
            let number = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
            number && words.next().is_some_and(|word| word.starts_with('/'))
        };
        let lines = self.text.lines().skip_while(|line| !numbered(line));
        lines.take_while(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// Its protected Subject and its words.
fn opened(
    raw: &[u8],
    key: &TeamKey,
    team: &Certificate,
    now: Timestamp,
) -> Result<(String, String), TabletopError> {
    let opener = Opener::new(&key.decryption_part().map_err(trouble)?).map_err(trouble)?;
    let on_record = [team.clone()];
    let ours = [key.certificate().fingerprint().clone()];
    let request = Request { on_record: &on_record, ours: &ours, now };
    let mail = worker::open(raw, &opener, &request).map_err(trouble)?.mail;
    Ok((mail.subject, mail.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str) -> Received {
        let message_id = MessageId::parse("a@example.org").expect("an id");
        Received { message_id, subject: String::new(), text: text.to_owned() }
    }

    #[test]
    fn the_lines_of_an_answer_stand_between_its_head_and_the_case() {
        let answer = letter(
            "DONE: 2 of 2\n\n  1  /take\n     Handlers: nobody before, val now.\n  \
             2  /valid\n     Status: received before, valid now.\n\nWHERE IT STANDS\n\n  1  /no\n",
        );
        let lines = answer.orders();
        assert_eq!(lines.len(), 5, "{lines:?}");
        assert_eq!(lines.first().map(String::as_str), Some("  DONE"));
        assert_eq!(
            lines.last().map(|line| line.trim()),
            Some("Status: received before, valid now.")
        );
        assert!(letter("No orders.\n\n2 files\n").orders().is_empty());
    }

    #[test]
    fn the_code_stands_in_the_case_line() {
        let text = "[EXERCISE]\n[SIRT-2026-4827 k7qd3mw2 sirt@example.org TLP:RED]\n";
        assert_eq!(letter(text).code(), Some("k7qd3mw2"));
        assert_eq!(letter("hello [you]").code(), None);
    }

    #[test]
    fn an_answer_quotes_all_of_the_letter() {
        assert_eq!(
            letter("[SIRT-2026-4827]\n\nwords").quoted(),
            "\n\n> [SIRT-2026-4827]\n>\n> words\n"
        );
    }
}
