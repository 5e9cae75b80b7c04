//! Mails of invented advisories, and what lists and people make of them, byte by byte.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

/// A post as somebody sends it.
#[derive(Clone, Debug)]
pub struct Post {
    pub id: String,
    pub thread: Vec<String>,
    pub from: String,
    pub at: Timestamp,
    pub subject: String,
    pub text: String,
}

/// How its text is written into a mail.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    Plain,
    QuotedPrintable,
    Base64,
    /// Inside multipart/mixed, a footer of Mailman beside it.
    Beside,
    /// A comment, and the whole mail as message/rfc822.
    Attached,
}

const MAILMAN: &str = "_______________________________________________\nnews mailing list -- \
    news@lists.example\nTo unsubscribe send an email to news-leave@lists.example\n";
const COMMENT: &str = "Hello all,\n\nplease have a look at this one.\n";

impl Post {
    pub fn mail(&self, form: Form) -> Vec<u8> {
        let text = self.text.replace('\n', "\r\n");
        let (kind, way, body) = match form {
            Form::Plain => (PLAIN.to_owned(), "8bit", text),
            Form::QuotedPrintable => (PLAIN.to_owned(), "quoted-printable", quoted(&text)),
            Form::Base64 => (PLAIN.to_owned(), "base64", in_lines(&STANDARD.encode(text))),
            Form::Beside => mixed(&[&part(PLAIN, &text), &part(PLAIN, MAILMAN)]),
            Form::Attached => {
                let inner = String::from_utf8(self.inner().mail(Form::Plain)).expect("text");
                mixed(&[&part(PLAIN, COMMENT), &part("message/rfc822", &inner)])
            }
        };
        let head = self.head();
        format!("{head}Content-Type: {kind}\r\nContent-Transfer-Encoding: {way}\r\n\r\n{body}")
            .into_bytes()
    }

    fn head(&self) -> String {
        let date = self.at.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let thread = match self.thread.last() {
            Some(last) => {
                let all: Vec<String> = self.thread.iter().map(|id| format!("<{id}>")).collect();
                format!("In-Reply-To: <{last}>\r\nReferences: {}\r\n", all.join(" "))
            }
            None => String::new(),
        };
        format!(
            "From: {}\r\nTo: oss-list@lists.test\r\nSubject: {}\r\nDate: {date}\r\n\
             Message-ID: <{}>\r\n{thread}List-Id: <oss-list.lists.test>\r\nMIME-Version: 1.0\r\n",
            self.from, self.subject, self.id
        )
    }

    /// What a forward has attached: the first mail.
    fn inner(&self) -> Post {
        let subject = self.subject.trim_start_matches("Fwd: ").to_owned();
        let id = self.id.trim_start_matches("attached-").to_owned();
        Post { subject, id, ..self.clone() }
    }

    fn again(&self, how: &str) -> Post {
        Post { id: format!("{how}-{}", self.id), ..self.clone() }
    }

    pub fn tagged(&self) -> Post {
        Post { subject: format!("[oss-list] {}", self.subject), ..self.clone() }
    }

    pub fn with_footer(&self) -> Post {
        Post { text: format!("{}{MAILMAN}", self.text), ..self.tagged() }
    }

    pub fn by_groups(&self) -> Post {
        let (name, address) = self.from.split_once(" <").expect("a name and an address");
        let written = address.trim_end_matches('>').replace('@', "=");
        let footer = "-=-=-=-=-=-=-=-=-=-=-=-\nGroups.io Links: You receive all messages sent to \
            this group.\nView/Reply Online (#77): https://lists.test/g/news/message/77\n\
            Mute This Topic: https://lists.test/mt/123/456\n\
            Unsubscribe: https://lists.test/g/news/leave/1/2/xyzzy [val@team.test]\n\
            -=-=-=-=-=-=-=-=-=-=-=-\n";
        Post {
            from: format!("\"{} via lists.test\" <{written}@lists.test>", name.trim_matches('"')),
            subject: format!("[news] {}", self.subject),
            text: format!("{}\n\n{footer}", self.text.replace("  ", " ")),
            ..self.again("groups")
        }
    }

    /// Wrapped anew at another width, with the blanks of format=flowed.
    pub fn wrapped(&self) -> Post {
        let paragraphs = self.text.split("\n\n").map(|paragraph| {
            // Programs leave quotes, lists and signatures as they are.
            if paragraph.lines().any(|line| line.starts_with(['>', '-', '*', '='])) {
                return paragraph.to_owned();
            }
            let words: Vec<&str> = paragraph.split_whitespace().collect();
            words.chunks(8).map(|line| line.join(" ")).collect::<Vec<_>>().join(" \n")
        });
        Post { text: paragraphs.collect::<Vec<_>>().join("\n\n"), ..self.again("wrapped") }
    }

    fn passed_on(&self, how: &str) -> Post {
        Post {
            from: "Vic Volunteer <vic@team.test>".to_owned(),
            at: self.at + SignedDuration::from_hours(30),
            subject: format!("Fwd: {}", self.subject),
            ..self.again(how)
        }
    }

    pub fn forwarded(&self) -> Post {
        let date = self.at.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let text = format!(
            "FYI, this may concern us.\n\n---------- Forwarded message ---------\nFrom: {}\n\
             Date: {date}\nSubject: {}\nTo: <oss-list@lists.test>\n\n\n{}",
            self.from, self.subject, self.text
        );
        Post { text, ..self.passed_on("inline") }
    }

    /// As some programs do it: the quote marks of an answer, and the first line of one.
    pub fn forwarded_quoted(&self) -> Post {
        let quote: String = self.text.lines().map(|line| format!("> {line}\n")).collect();
        let from = self.from.split(" <").next().unwrap_or_default();
        let text = format!("Begin forwarded message:\n\n> From: {from}\n>\n{quote}");
        Post { text, thread: vec![self.id.clone()], ..self.passed_on("quoted") }
    }

    pub fn attached(&self) -> Post {
        let post = self.passed_on("attached");
        Post { from: self.from.clone(), at: self.at, ..post }
    }

    /// The whole post quoted, and one question.
    pub fn answered(&self) -> Post {
        let quote: String = self.text.lines().map(|line| format!("> {line}\n")).collect();
        let from = self.from.split(" <").next().unwrap_or_default();
        Post {
            from: "Mo Maintainer <mo@upstream.test>".to_owned(),
            at: self.at + SignedDuration::from_hours(5),
            subject: format!("Re: {}", self.subject),
            text: format!(
                "On {}, {from} wrote:\n{quote}\nDoes anybody know whether the older branch has \
                 the same code? I looked\nat it for an hour and could not make up my mind.\n",
                self.at.strftime("%a, %d %b %Y at %H:%M")
            ),
            thread: vec![self.id.clone()],
            ..self.again("re")
        }
    }

    /// By its author two days later.
    pub fn revised(&self, how: &str, from: &str, to: &str) -> Post {
        assert!(self.text.contains(from), "{from} in {}", self.text);
        Post {
            at: self.at + SignedDuration::from_hours(49),
            text: self.text.replace(from, to),
            ..self.again(how)
        }
    }

    /// Everything that is the same post by another way.
    pub fn copies(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("tagged", self.tagged().mail(Form::Plain)),
            ("quoted-printable", self.again("qp").mail(Form::QuotedPrintable)),
            ("base64", self.again("b64").mail(Form::Base64)),
            ("footer in the text", self.with_footer().mail(Form::QuotedPrintable)),
            ("footer beside the text", self.tagged().mail(Form::Beside)),
            ("groups.io", self.by_groups().mail(Form::QuotedPrintable)),
            ("wrapped anew", self.wrapped().mail(Form::Plain)),
            ("forwarded inline", self.forwarded().mail(Form::Plain)),
            ("forwarded in quotes", self.forwarded_quoted().mail(Form::Plain)),
            ("forwarded, attached", self.attached().mail(Form::Attached)),
            ("forwarded through groups.io", self.forwarded().by_groups().mail(Form::Base64)),
        ]
    }
}

const PLAIN: &str = "text/plain; charset=utf-8";

fn part(kind: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    format!("Content-Type: {kind}\r\n\r\n{text}\r\n")
}

fn mixed(parts: &[&str]) -> (String, &'static str, String) {
    let parts: String = parts.iter().map(|part| format!("--cut\r\n{part}\r\n")).collect();
    ("multipart/mixed; boundary=cut".to_owned(), "8bit", format!("{parts}--cut--\r\n"))
}

fn in_lines(text: &str) -> String {
    let lines = text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
    lines.collect::<Vec<_>>().join("\r\n")
}

/// RFC 2045 section 6.7.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for line in text.split("\r\n") {
        let mut wide = 0;
        for byte in line.bytes() {
            if wide > 70 {
                out.push_str("=\r\n");
                wide = 0;
            }
            match byte {
                b' '..=b'~' if byte != b'=' => {
                    out.push(char::from(byte));
                    wide += 1;
                }
                _ => {
                    out.push_str(&format!("={byte:02X}"));
                    wide += 3;
                }
            }
        }
        out.push_str("\r\n");
    }
    out
}
