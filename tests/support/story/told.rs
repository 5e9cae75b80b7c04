//! What followed from a step: facts and letters, in the words of stories.

use super::cast::{handle_of, list_at, person};
use super::desk::Desk;
use jiff::Timestamp;
use serde_json::Value;
use sirt_gateway::case::{LetterState, Posted};
use sirt_gateway::mail::{Encrypted, Signature};
use sirt_gateway::pgp::Opener;
use sirt_gateway::worker::{Request, open, open_knowing};

/// However it is wrapped.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A letter as its reader sees it, outer header and protected subject first.
pub struct Told {
    pub posted: Posted,
    pub to: String,
    pub wording: String,
    pub protection: &'static str,
    pub text: String,
}

impl Told {
    pub fn state(&self) -> Option<String> {
        (self.posted.state != LetterState::Sent).then(|| self.posted.state.to_string())
    }

    /// Without keys and signatures: chance may write any word into those.
    pub fn words(&self) -> String {
        let (mut words, mut armored) = (String::new(), false);
        for line in self.text.lines() {
            armored |= line.starts_with("-----BEGIN PGP SIGNATURE");
            if !armored && !line.starts_with("Autocrypt: ") {
                words.push_str(line);
                words.push('\n');
            }
            armored &= !line.starts_with("-----END PGP");
        }
        words
    }

    /// The first line of the letter.
    pub fn case_line(&self) -> &str {
        self.text.lines().find(|line| line.starts_with("[SIRT-")).unwrap_or_default()
    }

    /// Of the notice that it shows.
    pub fn digest(&self) -> Option<&str> {
        let lines = self.text.lines().map(str::trim);
        lines.filter_map(|line| line.strip_prefix("/siren approve ")).find(|word| word.len() == 16)
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        let head = self.text.lines().take_while(|line| !line.is_empty());
        head.filter_map(|line| line.strip_prefix(start.as_str())).next()
    }
}

/// Reads a letter with the key of whoever it is for. Whatever a story says, it is signed by the
/// team over all of it, has one reader, and a letter of ours never goes to ourselves.
pub fn letter(desk: &Desk, posted: &Posted, wording: &str) -> Told {
    let book = desk.gateway().book();
    let raw = book.kept(&posted.mail).expect("the book").expect("the octets of a letter");
    let to = posted.to.as_ref().expect("a reader").as_str();
    if let Some(list) = list_at(to) {
        return post(desk, (posted, wording), (list, &raw));
    }
    let handle = handle_of(to).to_owned();
    assert_ne!(handle, "team", "{}: a letter to ourselves", posted.id());
    let (reader, protection) = match (posted.kept, posted.sealed) {
        (true, _) => ("team", "kept"),
        (false, true) => (handle.as_str(), "sealed"),
        (false, false) => (handle.as_str(), "clear"),
    };
    let mail = read(&raw, reader, desk.now)
        .or_else(|| read(&raw, &format!("false-{reader}"), desk.now))
        .or_else(|| read(&raw, &format!("{reader}-new"), desk.now))
        .unwrap_or_else(|| panic!("{}: {handle} cannot read it", posted.id()));
    let expected = if protection == "clear" { Encrypted::No } else { Encrypted::Whole };
    assert_eq!(mail.evidence.encrypted, expected, "{}", posted.id());
    let head = String::from_utf8_lossy(&raw);
    let head = head.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
    let text =
        format!("{}\n\nSubject: {}\n\n{}", head.replace("\r\n", "\n"), mail.subject, mail.text);
    Told { posted: posted.clone(), to: handle, wording: wording.to_owned(), protection, text }
}

/// A post as everybody on its list reads it: the words that our signature covers.
fn post(desk: &Desk, (posted, wording): (&Posted, &str), (list, raw): (&str, &[u8])) -> Told {
    let opener = Opener::new(&person("eve").key.decryption_part().expect("secrets"));
    let (team, now) = (&person("team").key, desk.now);
    let request = Request { on_record: &[], ours: &[], now };
    let opener = opener.expect("an opener");
    let mail = open_knowing(&[team.certificate().clone()], raw, &opener, &request);
    let mail = mail.expect("a mail").mail;
    let words = mail.own_words.expect("words that we signed");
    let text = format!("Subject: {}\n\n{}", mail.subject, words.trim_end());
    let (to, wording) = (list.to_owned(), wording.to_owned());
    Told { posted: posted.clone(), to, wording, protection: "public", text }
}

fn read(raw: &[u8], reader: &str, now: Timestamp) -> Option<sirt_gateway::mail::Mail> {
    // Only Eve has a second key in somebody's name, and only Vic makes a new one.
    if (reader.starts_with("false-") && reader != "false-fay")
        || (reader.ends_with("-new") && reader != "vic-new")
    {
        return None;
    }
    let (key, team) = (&person(reader).key, &person("team").key);
    let opener = Opener::new(&key.decryption_part().expect("secrets")).expect("an opener");
    let (on_record, ours) =
        ([team.certificate().clone()], [key.certificate().fingerprint().clone()]);
    let request = Request { on_record: &on_record, ours: &ours, now };
    let mail = open(raw, &opener, &request).expect("a mail").mail;
    if mail.evidence.unreadable() {
        return None;
    }
    let by_us = matches!(&mail.evidence.signature, Signature::Good(signed)
        if signed.signer == *team.certificate().fingerprint() && signed.alive_now
            && !signed.meant_for_others);
    assert!(by_us, "a letter that we did not sign: {:?}", mail.evidence.signature);
    Some(mail)
}

/// Facts that letters show better, those that only a crash brings, and the roster at the start.
const UNTOLD: [&str; 5] =
    ["letter.written", "letter.tried", "letter.sent", "letter.delayed", "roster.joined"];
/// Public facts that tell a reader nothing, or are other ones in every run.
const NOISE: [&str; 10] =
    ["private", "mail", "exact", "routeless", "bytes", "kept", "orders", "code", "made", "uses"];

/// An entry as a line: case, name, public facts.
pub fn fact(line: &Value) -> Option<String> {
    let name = line["event"].as_str()?;
    if UNTOLD.contains(&name) {
        return None;
    }
    let case = line["case"].as_str().unwrap_or("-");
    let by = line["by"].as_str().filter(|by| *by != "gateway").map(|by| format!(" by={by}"));
    let mut text = format!("{case} {name}{}", by.unwrap_or_default());
    let facts = line["facts"].as_object().into_iter().flatten();
    for (key, value) in facts.filter(|(key, _)| !NOISE.contains(&key.as_str())) {
        if value.is_null() || (key == "mailbox" && value == "security") {
            continue;
        }
        let plain = value.as_str().filter(|text| !text.contains(' ')).map(str::to_owned);
        text += &format!(" {key}={}", plain.unwrap_or_else(|| value.to_string()));
    }
    Some(text)
}

/// The wording of each letter, as the journal says.
pub fn wording(line: &Value) -> Option<(u64, String)> {
    (line["event"] == "letter.written").then(|| {
        let number = line["facts"]["letter"].as_u64().expect("a number");
        (number, line["facts"]["wording"].as_str().expect("a wording").to_owned())
    })
}
