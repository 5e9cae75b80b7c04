//! The cast with its throwaway keys, and the mail it writes.

use jiff::{SignedDuration, Timestamp};
use sirt_gateway::mail::compose::{self, DetachedSignature, Header, Hp, Part};
use sirt_gateway::mail::{Address, Mailbox, MessageId};
use sirt_gateway::pgp::{Certificate, Profile, TeamKey};
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub const TEAM: &str = "sirt@example.org";
/// Monday morning.
pub const BEGIN: Timestamp = Timestamp::constant(1_795_424_400, 0);

pub struct Person {
    pub name: &'static str,
    pub address: &'static str,
    pub key: TeamKey,
}

/// `false-fay` is Eve with a key that names Fay; `old-team` is a key the team had once.
const PEOPLE: [(&str, &str, &str); 10] = [
    ("team", "Example SIRT", TEAM),
    ("old-team", "Example SIRT", TEAM),
    ("fay", "Fay Inder", "fay@finders.example"),
    ("false-fay", "Fay Inder", "fay@finders.example"),
    ("mo", "Mo Maintainer", "mo@libexample.example"),
    ("val", "Val Olunteer", "val@example.org"),
    ("vic", "Vic Olunteer", "vic@example.org"),
    ("cora", "Cora Ordinator", "cora@example.org"),
    ("eve", "Eve Sdropper", "eve@evil.example"),
    ("robot", "Robot", "robot@machines.example"),
];

static CAST: LazyLock<BTreeMap<&str, Person>> = LazyLock::new(|| {
    let born = BEGIN - SignedDuration::from_hours(24 * 30);
    let person = |(handle, name, address)| (handle, new(name, address, born));
    let mut cast: BTreeMap<&str, Person> = PEOPLE.map(person).into_iter().collect();
    // Longer ago than a new key lives.
    let long_ago = BEGIN - SignedDuration::from_hours(24 * 365 * 3);
    cast.insert("vic-new", new("Vic Olunteer", "vic@example.org", born));
    cast.insert("cora-expired", new("Cora Ordinator", "cora@example.org", long_ago));
    cast
});

fn new(name: &'static str, address: &'static str, born: Timestamp) -> Person {
    let owner = self::address(address);
    let key = TeamKey::generate(name, &owner, Profile::Rfc4880, born).expect("a key").key;
    Person { name, address, key }
}

pub fn person(handle: &str) -> &'static Person {
    CAST.get(handle).unwrap_or_else(|| panic!("nobody is called {handle}"))
}

/// Who reads mail at an address.
pub fn handle_of(address: &str) -> &'static str {
    let one = PEOPLE.iter().find(|(_, _, theirs)| *theirs == address);
    one.unwrap_or_else(|| panic!("nobody lives at {address}")).0
}

pub fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

/// Lists that we post to: whoever reads them reads our post.
const LISTS: [(&str, &str); 2] =
    [("siren", "siren@lists.example.org"), ("oss-security", "oss-security@lists.example")];

pub fn list_at(address: &str) -> Option<&'static str> {
    LISTS.iter().find(|(_, theirs)| *theirs == address).map(|(name, _)| *name)
}

/// A mail before it is protected.
pub struct Draft<'a> {
    pub writer: &'a Person,
    pub claims: &'a Person,
    pub number: usize,
    pub at: Timestamp,
    pub answers: Option<MessageId>,
    pub fields: BTreeMap<String, String>,
    pub words: String,
    /// Whose key goes along.
    pub key: Option<&'a Person>,
    /// The name of a file that goes along.
    pub file: Option<String>,
}

pub enum Protect<'a> {
    Nothing,
    Sign,
    Seal(&'a Certificate),
}

impl Draft<'_> {
    pub fn header(&self, id: &str) -> Header {
        let field = |name: &str| self.fields.get(name).cloned();
        let to = field("To").unwrap_or_else(|| TEAM.to_owned());
        Header {
            from: Mailbox {
                name: field("Name").unwrap_or_else(|| self.claims.name.to_owned()),
                address: address(&field("From").unwrap_or_else(|| self.claims.address.to_owned())),
            },
            to: Mailbox { name: String::new(), address: address(&to) },
            reply_to: None,
            subject: field("Subject").unwrap_or_default(),
            date: self.at,
            message_id: MessageId::parse(id).expect("an id"),
            in_reply_to: self.answers.clone(),
            references: self.answers.iter().cloned().collect(),
            auto_submitted: None,
            autocrypt: None,
            loop_mark: None,
        }
    }

    pub fn octets(&self, protect: &Protect<'_>, id: &str) -> Vec<u8> {
        let (inner, seed) = (self.header(id), format!("story{}", self.number));
        let part = self.part(&seed);
        let mail = match protect {
            Protect::Nothing => compose::plain(&inner, &part),
            Protect::Sign => {
                let bytes = compose::signable(&part);
                let made = self.writer.key.sign_detached(&bytes, self.at).expect("a signature");
                let signature = DetachedSignature { armored: &made.armored, micalg: made.micalg };
                compose::signed(&inner, &part, &signature, &seed)
            }
            Protect::Seal(to) => {
                let outer = Header { subject: "...".to_owned(), ..inner.clone() };
                let part = part.protected(&inner, &outer, Hp::Cipher).expect("protected");
                let armored = self.writer.key.seal(&compose::signable(&part), to, self.at);
                compose::encrypted(&outer, &armored.expect("sealed"), &seed)
            }
        };
        let known = ["Subject", "To", "From", "Name"];
        let more = self.fields.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        let more: String = more.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        [more.into_bytes(), mail.expect("a mail")].concat()
    }

    fn part(&self, seed: &str) -> Part {
        let mut parts = vec![compose::text_part(&self.words)];
        if let Some(owner) = self.key {
            let (armored, kind) = (owner.key.certificate().armored(), "application/pgp-keys");
            parts.push(compose::attachment("key.asc", kind, armored.as_bytes()));
        }
        if let Some(name) = &self.file {
            parts.push(compose::attachment(name, "text/x-c", b"int main(void) { return 1; }\n"));
        }
        match parts.len() {
            1 => parts.remove(0),
            _ => compose::mixed(&parts, seed),
        }
    }

    /// Ciphertext that somebody else wrote, under this writer's name, with their key announced.
    pub fn around(&self, armored: &str, id: &str) -> Vec<u8> {
        let autocrypt = self.key.map(|owner| owner.key.certificate().bytes());
        let header = Header { subject: "...".to_owned(), autocrypt, ..self.header(id) };
        compose::encrypted(&header, armored, &format!("story{}", self.number)).expect("a mail")
    }
}

/// The ciphertext of a mail, as whoever sees it on the way can cut it out.
pub fn ciphertext(raw: &[u8]) -> String {
    const END: &str = "-----END PGP MESSAGE-----";
    let text = String::from_utf8_lossy(raw);
    let begin = text.find("-----BEGIN PGP MESSAGE-----").expect("ciphertext");
    let end = text.find(END).expect("its end") + END.len();
    format!("{}\r\n", &text[begin..end])
}

/// A delivery report (RFC 3464) about a letter.
pub fn delivery_report(to: &str, (action, original): (&str, &MessageId), number: usize) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: <{to}>\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <r{number}@mx.example>\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\r\n\
         It did not arrive.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; somebody@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}
