//! A small world for tests of the desk: rules, people, mails of every kind, and the fold.

use super::desk_tests::CANARY;
use super::*;
use crate::case::{LetterRules, Member, Permission, PostList, Roster, Secrets, Team, Tlp, Watch};
use crate::mail::{
    Address, CandidateKey, Encrypted, Field, Fingerprint, KeyOrigin, KeySource, Mailbox, MessageId,
    Signature, Signed,
};
use crate::triage::{Question, triage};
use jiff::ToSpan;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::Value;

/// One mail in small numbers; zeros are a plain report by Fay.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    /// fay, mo, eve, the team, cora unsigned, the list, Fay spelt otherwise, a robot, Eve as Fay
    pub from: u8,
    pub text: u8,
    /// nothing, own key, a stranger's key, val's roster key, unreadable, damaged
    pub signed: u8,
    /// none, newest letter's Message-ID, newest case by number, a code, a token, help, a bounce
    pub link: u8,
    /// none, Auto-Submitted, List-Id, the list's mailbox, too large, poison
    pub mark: u8,
    pub hours: u8,
    pub key: bool,
}

pub struct World {
    pub cases: Caseload,
    pub rules: HouseRules,
    pub entries: Vec<Entry>,
    now: Timestamp,
    mails: u64,
}

const FROM: [(&str, char); 9] = [
    ("fay@finders.example", 'A'),
    ("mo@libexample.example", 'B'),
    ("eve@evil.example", 'E'),
    ("sirt@example.org", '1'),
    ("cora@example.org", '2'),
    ("oss@lists.example", '9'),
    ("Fay+2@finders.example", 'A'),
    ("robot@machines.example", 'C'),
    ("fay@finders.example", 'E'),
];

const TEXTS: [&str; 8] = [
    "libexample 2.3.1 has a heap buffer overflow; an attacker can execute code.",
    "status",
    "clear",
    "encrypt",
    "I maintain libexample and got a security report. Please help me with coordination and a CVE.",
    "What is your disclosure policy? I have a question about your embargoes.",
    "Pay 2 bitcoin to this wallet within 48 hours or we leak everything we hacked from you.",
    "Do you have a bug bounty program? I am an ethical hacker and found a vulnerability. Reward?",
];

pub fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

fn fingerprint(digit: char) -> Fingerprint {
    Fingerprint::parse(&digit.to_string().repeat(40)).expect("a fingerprint")
}

pub fn lines_of(entries: &[Entry]) -> Vec<Value> {
    entries.iter().map(|entry| entry.to_line().expect("a line")).collect()
}

fn member(handle: &str, digit: char, role: Permission) -> Member {
    Member {
        handle: handle.to_owned(),
        name: handle.to_owned(),
        address: address(&format!("{handle}@example.org")),
        also_from: Vec::new(),
        key: fingerprint(digit),
        key_trouble: (handle == "vic").then(|| "it has expired".to_owned()),
        role,
        zone: TimeZone::UTC,
        signs_as: "Example SIRT".to_owned(),
    }
}

fn rules() -> HouseRules {
    let members = vec![
        member("cora", '2', Permission::Coordinator),
        member("vic", '3', Permission::Coordinator),
        member("val", '4', Permission::Volunteer),
    ];
    HouseRules {
        team: Team {
            name: "Example SIRT".to_owned(),
            address: address("sirt@example.org"),
            case_prefix: "SIRT".to_owned(),
            subaddress: "+".to_owned(),
            key: fingerprint('1'),
            exercise: false,
            policy_url: None,
            telephone: None,
        },
        roster: Roster { members },
        lists: vec![PostList {
            name: "siren".to_owned(),
            address: address("siren@lists.example"),
            highest_tlp: Tlp::Clear,
            sign: crate::case::SignForm::Clearsign,
            formats: Vec::new(),
            manners: crate::case::Manners::Siren,
            a_day: 5,
            key: None,
        }],
        watches: vec![Watch {
            name: "oss".to_owned(),
            list_id: "oss.lists.example".to_owned(),
            address: Some(address("oss@lists.example")),
            archive: None,
        }],
        siren: crate::case::SirenRules::default(),
        secrets: Secrets {
            numbers: [1; 32],
            codes: [2; 32],
            tokens: [3; 32],
            message_ids: [4; 32],
        },
        letters: LetterRules {
            automatic: true,
            an_hour: 5_000,
            a_case_a_day: 3,
            assess_days: 5,
            publish_time: Time::midnight(),
            send_delay: jiff::SignedDuration::from_mins(5),
            signature_age: jiff::SignedDuration::from_hours(48),
        },
        authserv_id: None,
    }
}

impl World {
    pub fn new() -> World {
        let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
        let (cases, entries) = (Caseload::default(), Vec::new());
        let mut world = World { cases, rules: rules(), entries, now, mails: 0 };
        world.decide(&Input::Roster);
        world
    }

    /// Takes a mail in, and sends what follows.
    pub fn take(&mut self, sketch: &Sketch) -> Decision {
        let (input, now) = self.input(sketch);
        self.now = now;
        self.mails += 1;
        let decision = self.decide(&input);
        for letter in decision.letters.iter().filter(|letter| letter.held.is_none()) {
            self.decide(&Input::Letter { number: letter.number, news: News::Tried });
            self.decide(&Input::Letter { number: letter.number, news: News::Sent });
        }
        decision
    }

    pub fn decide(&mut self, input: &Input) -> Decision {
        let decision = decide(&self.cases, &self.rules, input, self.now);
        decision.entries.iter().for_each(|entry| self.cases.apply(entry));
        self.entries.extend(decision.entries.iter().cloned());
        decision
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn pass(&mut self, time: jiff::SignedDuration) {
        self.now += time;
    }

    pub fn fold(&mut self, entry: Entry) {
        self.cases.apply(&entry);
        self.entries.push(entry);
    }

    /// The mail as it would come in next, and when.
    pub fn input(&self, sketch: &Sketch) -> (Input, Timestamp) {
        let now = self.now + i64::from(sketch.hours).hours();
        let mail = self.mail(sketch);
        let arrival = ArrivalFacts {
            mail: format!("{:064x}", self.mails),
            exact: format!("{:064x}", self.mails + 1_000),
            routeless: format!("{:064x}", self.mails + 2_000),
            bytes: 1_000,
            mailbox: "security".to_owned(),
            received: now,
            twin: None,
            retried: None,
        };
        let trouble = match sketch.mark {
            4 => Some(Trouble::TooLarge { limit: 500 }),
            5 => Some(Trouble::Poison { why: "it died".to_owned() }),
            _ => None,
        };
        if let Some(trouble) = trouble {
            return (Input::Unfiled(Box::new(Unfiled { header: mail, trouble, arrival })), now);
        }
        let list = (sketch.mark == 3).then_some("oss");
        let question = Question { mail: &mail, cases: &self.cases, rules: &self.rules, list };
        let triage = triage(&question);
        (Input::Mail(Box::new(Opened { mail, signed: None, triage, arrival })), now)
    }

    fn mail(&self, sketch: &Sketch) -> Mail {
        let (from, digit) = FROM[usize::from(sketch.from)];
        let text = TEXTS[usize::from(sketch.text)];
        let signs = matches!(sketch.text, 1..=3);
        let mut mail = Mail {
            from: vec![Mailbox { name: format!("{CANARY} name"), address: address(from) }],
            to: vec![Mailbox { name: String::new(), address: address("sirt@example.org") }],
            subject: format!("{CANARY} subject"),
            message_id: MessageId::parse(&format!("m{}@mail.example", self.mails)),
            text: if signs { text.to_owned() } else { format!("{text}\n{CANARY} text\n") },
            ..Mail::default()
        };
        if sketch.key {
            mail.keys.push(candidate(digit));
        }
        self.protect(&mut mail, sketch, digit);
        self.link(&mut mail, sketch.link);
        let field = |name: &str, value: &str| Field { name: name.into(), value: value.into() };
        match sketch.mark {
            1 => mail.fields.push(field("auto-submitted", "auto-replied")),
            2 | 3 => mail.fields.push(field("list-id", "<oss.lists.example>")),
            _ => {}
        }
        mail
    }

    fn protect(&self, mail: &mut Mail, sketch: &Sketch, own: char) {
        let (signer, key) = match sketch.signed {
            1 => (own, KeyOrigin::InMail),
            2 => ('F', KeyOrigin::InMail),
            3 => ('4', KeyOrigin::OnRecord),
            4 => {
                let key_ids = vec!["0123456789ABCDEF".to_owned()];
                return mail.evidence.encrypted = Encrypted::NotToUs { key_ids };
            }
            5 => return mail.evidence.encrypted = Encrypted::Damaged,
            _ => return mail.evidence.encrypted = Encrypted::No,
        };
        mail.evidence.encrypted = Encrypted::Whole;
        mail.evidence.signature = Signature::Good(Signed {
            signer: fingerprint(signer),
            made: self.now,
            key,
            alive_now: true,
            meant_for_others: false,
            digest: String::new(),
        });
    }

    fn link(&self, mail: &mut Mail, link: u8) {
        let Some(letter) = self.cases.letters().last() else { return };
        let case = self.cases.cases().max_by_key(|case| (case.opened, case.id.clone()));
        let id = case.map(|case| case.id.clone());
        match (link, id) {
            (1, _) => mail.in_reply_to = vec![letter.message_id.clone()],
            (2, Some(id)) => mail.subject = format!("{CANARY} {id}"),
            (3, _) => self.quote_code(mail),
            (4, Some(id)) => mail.to = vec![self.detail(&self.rules.secrets.token(&id, 1, 0))],
            (5, _) => mail.to = vec![self.detail("help")],
            (6, _) => {
                let token = self.rules.secrets.bounce(letter.number);
                mail.to = vec![self.detail(&token)];
                let action = "failed".to_owned();
                mail.bounce = Some(crate::mail::Bounce { action, ..Default::default() });
            }
            _ => {}
        }
    }

    fn quote_code(&self, mail: &mut Mail) {
        let mut letters = self.cases.letters();
        let letter = letters.find(|letter| letter.case.is_some() && letter.code.is_some());
        if let Some((case, code)) = letter.and_then(|one| Some((one.case.as_ref()?, &one.code))) {
            let code = code.as_deref().unwrap_or_default();
            mail.text = format!("{}\n> [{case} {code} sirt@example.org]\n", mail.text);
        }
    }

    fn detail(&self, detail: &str) -> Mailbox {
        let team = &self.rules.team;
        Mailbox { name: String::new(), address: team.address.with_detail("+", detail) }
    }
}

fn candidate(digit: char) -> CandidateKey {
    CandidateKey {
        fingerprint: fingerprint(digit),
        key_ids: vec![digit.to_string().repeat(40)],
        source: KeySource::Attached,
        certificate: "a certificate".to_owned(),
        trouble: None,
    }
}
