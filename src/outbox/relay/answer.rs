//! What the relay's answers mean for a letter: codes and phases, never its words.

use crate::outbox::Fate;
use crate::outbox::relay::wire::Trouble;
use std::fmt;

/// How far the dialogue had come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    #[default]
    Connect,
    Ehlo,
    Auth,
    Rset,
    Mail,
    Rcpt,
    Data,
    Body,
    Dot,
    Quit,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Connect => "connect",
            Phase::Ehlo => "EHLO",
            Phase::Auth => "AUTH",
            Phase::Rset => "RSET",
            Phase::Mail => "MAIL",
            Phase::Rcpt => "RCPT",
            Phase::Data => "DATA",
            Phase::Body => "the mail's data",
            Phase::Dot => "the end of the mail's data",
            Phase::Quit => "QUIT",
        })
    }
}

/// One reply (RFC 5321 section 4.2). Its words stay in here and are only read for keywords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    /// The enhanced status code (RFC 2034), where the reply begins with one.
    pub enhanced: Option<[u16; 3]>,
    /// The texts behind the codes.
    pub lines: Vec<String>,
}

impl Reply {
    /// Whether this line is the last of its reply; `None` where it is no reply line at all.
    pub fn is_last(line: &str) -> Option<bool> {
        code(line)?;
        match line.as_bytes().get(3) {
            None | Some(b' ') => Some(true),
            Some(b'-') => Some(false),
            Some(_) => None,
        }
    }

    /// Reads the lines of one reply. RFC 5321 section 4.2.1: all carry the same code.
    pub fn read(lines: Vec<String>) -> Option<Reply> {
        let code = code(lines.first()?)?;
        if lines.iter().any(|line| self::code(line) != Some(code)) {
            return None;
        }
        let text = |line: &String| line.get(4..).unwrap_or("").to_owned();
        let lines: Vec<String> = lines.iter().map(text).collect();
        Some(Reply { code, enhanced: enhanced(lines.first()?), lines })
    }

    /// The first digit says what the reply is, whatever the others are (RFC 5321 section 4.2.1).
    pub fn class(&self) -> u16 {
        self.code / 100
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        match self.enhanced {
            Some([class, subject, detail]) => write!(f, " {class}.{subject}.{detail}"),
            None => Ok(()),
        }
    }
}

fn code(line: &str) -> Option<u16> {
    let digits = line.get(..3).filter(|code| code.bytes().all(|digit| digit.is_ascii_digit()))?;
    digits.parse().ok().filter(|code| (200..600).contains(code))
}

/// RFC 3463 section 2: class 2, 4 or 5, then two numbers of up to three digits.
fn enhanced(text: &str) -> Option<[u16; 3]> {
    let word = text.split_whitespace().next()?;
    let mut numbers = word.split('.').map(|part| match part.len() {
        1..=3 if part.bytes().all(|digit| digit.is_ascii_digit()) => part.parse().ok(),
        _ => None,
    });
    let found = [numbers.next()??, numbers.next()??, numbers.next()??];
    (numbers.next().is_none() && matches!(found, [2 | 4 | 5, ..])).then_some(found)
}

/// What a 4xx or 5xx means for the letter. Not for replies at the door, which say nothing of it.
pub fn refusal(phase: Phase, reply: &Reply) -> Fate {
    let why = format!("{reply} at {phase}");
    match reply.code {
        400..500 => Fate::Later { why },
        // RFC 4954 section 6: credentials missing, too weak, unencrypted or wrong.
        530 | 534 | 535 | 538 => Fate::Stop { why },
        _ if may_pass(reply) => Fate::Soft { why },
        _ => Fate::Refused { why },
    }
}

/// Some servers refuse in passing trouble with 5xx: the enhanced code says temporary, or says
/// only that there was some protocol error.
fn may_pass(reply: &Reply) -> bool {
    match reply.enhanced {
        Some([4, ..]) => true,
        Some(enhanced) => reply.code == 550 && enhanced == [5, 5, 0],
        None => false,
    }
}

/// A reply of another kind than the command can have.
pub fn misfit(phase: Phase, reply: &Reply) -> String {
    format!("{reply} at {phase}, which is no answer to it")
}

/// No answer, in words.
pub fn lost(phase: Phase, trouble: Trouble) -> String {
    match trouble {
        Trouble::Closed => format!("the relay closed the connection at {phase}"),
        Trouble::Garbage => format!("no SMTP reply at {phase}"),
        Trouble::Unasked => format!("a reply before its command at {phase}"),
        Trouble::Silent => format!("no answer in time at {phase}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> Option<Reply> {
        Reply::read(text.lines().map(str::to_owned).collect())
    }

    #[test]
    fn replies_are_read_strictly() {
        assert_eq!(Reply::is_last("250 ok"), Some(true));
        assert_eq!(Reply::is_last("250"), Some(true));
        assert_eq!(Reply::is_last("250-ok"), Some(false));
        for line in ["", "25", "2500 ok", "ok", "199 x", "600 x", "+OK", "2５0 x", "25\u{e9} x"] {
            assert_eq!(Reply::is_last(line), None, "{line:?}");
        }
        let both = reply("550-5.7.1 no\n550 really").expect("a reply");
        assert_eq!((both.code, both.enhanced), (550, Some([5, 7, 1])));
        assert_eq!(reply("250-a\n550 b"), None);
        assert_eq!(reply(""), None);
        for text in ["550 5.7 x", "550 5.7.1.1 x", "550 9.7.1 x", "550 5.7.1000 x", "550 5..1 x"] {
            assert_eq!(reply(text).expect(text).enhanced, None);
        }
    }

    #[test]
    fn one_table_of_refusals() {
        let table = [
            ("421 4.3.2 closing", "later"),
            ("451 4.7.1 greylisted", "later"),
            ("452 4.2.2 full", "later"),
            ("450", "later"),
            ("550 5.1.1 no such user", "refused"),
            ("552 5.3.4 too big", "refused"),
            ("554 5.7.1 spam", "refused"),
            ("550 no words", "refused"),
            ("555 5.5.4 x", "refused"),
            ("550 5.5.0 x", "soft"),
            ("554 5.5.0 x", "refused"),
            ("550 4.2.1 x", "soft"),
            ("552 4.2.2 full", "soft"),
            ("535 5.7.8 bad", "stop"),
            ("530 5.7.0 login first", "stop"),
            ("538 x", "stop"),
        ];
        for (text, expected) in table {
            let kind = match refusal(Phase::Rcpt, &reply(text).expect(text)) {
                Fate::Later { .. } => "later",
                Fate::Soft { .. } => "soft",
                Fate::Refused { .. } => "refused",
                Fate::Stop { .. } => "stop",
                other => panic!("{other:?}"),
            };
            assert_eq!(kind, expected, "{text}");
        }
    }

    #[test]
    fn the_operator_sees_codes_and_not_the_relays_words() {
        let said = reply("550 5.1.1 <fay@example.org>: no such user").expect("a reply");
        let fate = refusal(Phase::Rcpt, &said);
        assert_eq!(fate, Fate::Refused { why: "550 5.1.1 at RCPT".into() });
    }
}
