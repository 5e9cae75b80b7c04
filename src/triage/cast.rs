//! The cast and their desk, for the tests of the rules.

use super::{Question, Triage, triage};
use crate::case::*;
use crate::mail::*;
use jiff::Timestamp;

pub const CASE: &str = "SIRT-2026-4827";
pub const US: &str = "sirt@sirt.test";
pub const FAY: &str = "fay@finders.test";
pub const MO: &str = "mo@libexample.test";
pub const VAL: &str = "val@team.test";
pub const EVE: &str = "eve@evil.test";

/// A case that Fay opened, with Mo in it, and letter 1 to Fay and letter 2 to Mo.
pub struct House {
    pub rules: HouseRules,
    pub cases: Caseload,
    pub list: Option<&'static str>,
}

pub fn address(text: &str) -> Address {
    Address::parse(text).expect(text)
}

/// Somebody's key: nobody else's.
pub fn key(name: &str) -> Fingerprint {
    let hex: String = name.bytes().map(|byte| format!("{byte:02X}")).collect();
    Fingerprint::parse(&format!("{hex:0>40}")).expect("a key")
}

impl House {
    pub fn new() -> House {
        let mut house = House { rules: rules(), cases: Caseload::default(), list: None };
        house.add_case(CASE, &[(Role::Finder, FAY), (Role::Maintainer, MO)]);
        house.write(CASE, 1, FAY);
        house.write(CASE, 2, MO);
        house
    }

    pub fn add_case(&mut self, case: &str, people: &[(Role, &str)]) {
        let private = Opening::default();
        let (class, pathway, tlp) = (Class::Report, Pathway::P3, Tlp::Red);
        self.apply(case, Event::CaseOpened { class, pathway, tlp, private });
        for (number, (role, at)) in (1..).zip(people) {
            let private = Person { address: Some(address(at)), ..Person::default() };
            self.apply(
                case,
                Event::ParticipantJoined { participant: number, role: *role, private },
            );
        }
    }

    pub fn learn(&mut self, participant: u32, name: &str, proven: bool) {
        let private = Key { fingerprint: Some(key(name)), ..Key::default() };
        let source = KeySource::Attached;
        self.apply(CASE, Event::KeyLearned { participant, source, proven, private });
    }

    pub fn apply(&mut self, case: &str, event: Event) {
        let at = "2026-11-16T09:00:00Z".parse().expect("instant");
        self.cases.apply(&Entry { at, case: CaseId::parse(case), by: Actor::Gateway, event });
    }

    pub fn write(&mut self, case: &str, letter: u64, to: &str) {
        let secrets = &self.rules.secrets;
        let written = Written {
            letter,
            template: "T-01".to_owned(),
            wording: "report-acknowledged".to_owned(),
            mail: letter.to_string(),
            message_id: self.message_id(letter),
            code: Some(secrets.code(&id(case), letter, letter, &address(to))),
            member: None,
            participant: u32::try_from(letter).ok(),
            acknowledges: false,
            sealed: true,
            kept: false,
            return_token: Some(secrets.bounce(letter)),
            held: None,
            due: None,
            orders: None,
            private: WrittenTo { to: Some(address(to)), ..WrittenTo::default() },
        };
        self.apply(case, Event::LetterWritten(written));
    }

    pub fn message_id(&self, letter: u64) -> MessageId {
        self.rules.secrets.message_id(letter, "sirt.test").expect("a Message-ID")
    }

    pub fn case_line(&self, letter: u64) -> String {
        let letter = self.cases.letter(letter).expect("a letter");
        let code = letter.code.clone().expect("a code");
        format!("[{} {code} {US} TLP:RED]", letter.case.clone().expect("a case"))
    }

    pub fn ask(&self, mail: &Mail) -> Triage {
        triage(&self.question(mail))
    }

    pub fn question<'a>(&'a self, mail: &'a Mail) -> Question<'a> {
        Question { mail, cases: &self.cases, rules: &self.rules, list: self.list }
    }
}

pub fn id(case: &str) -> CaseId {
    CaseId::parse(case).expect(case)
}

/// A mail to us.
pub fn mail(from: &str, subject: &str, text: &str) -> Mail {
    Mail {
        from: vec![mailbox(from)],
        to: vec![mailbox(US)],
        subject: subject.to_owned(),
        text: text.to_owned(),
        date: "2026-11-20T09:00:00Z".parse().ok(),
        message_id: MessageId::parse("<mail@sender.test>"),
        evidence: Evidence {
            encrypted: Encrypted::No,
            signature: Signature::None,
            ..Evidence::default()
        },
        ..Mail::default()
    }
}

pub fn mailbox(at: &str) -> Mailbox {
    Mailbox { name: String::new(), address: address(at) }
}

pub fn with_field(mut mail: Mail, name: &str, value: &str) -> Mail {
    mail.fields.push(Field { name: name.to_owned(), value: value.to_owned() });
    mail
}

pub fn signed(mut mail: Mail, by: &str) -> Mail {
    mail.evidence.signature = Signature::Good(signature(by));
    mail
}

pub fn signature(by: &str) -> Signed {
    Signed {
        signer: key(by),
        made: Timestamp::UNIX_EPOCH,
        key: KeyOrigin::OnRecord,
        alive_now: true,
        meant_for_others: false,
        digest: String::new(),
    }
}

fn rules() -> HouseRules {
    let member = |handle: &str, role| Member {
        handle: handle.to_owned(),
        name: handle.to_owned(),
        address: address(&format!("{handle}@team.test")),
        also_from: Vec::new(),
        key: key(handle),
        key_trouble: None,
        role,
        zone: jiff::tz::TimeZone::UTC,
        signs_as: String::new(),
    };
    let members =
        vec![member("val", Permission::Volunteer), member("cora", Permission::Coordinator)];
    HouseRules {
        team: Team {
            name: "Test SIRT".to_owned(),
            address: address(US),
            case_prefix: "SIRT".to_owned(),
            subaddress: "+".to_owned(),
            key: key("team"),
            exercise: false,
            policy_url: None,
            telephone: None,
        },
        roster: Roster { members },
        lists: Vec::new(),
        watches: vec![Watch {
            name: "oss-security".to_owned(),
            list_id: "oss-security.lists.watched.example".to_owned(),
            address: Some(address("oss-security@lists.watched.example")),
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
            an_hour: 100,
            a_case_a_day: 3,
            assess_days: 10,
            publish_time: jiff::civil::time(14, 0, 0, 0),
            send_delay: jiff::SignedDuration::from_mins(5),
            signature_age: jiff::SignedDuration::from_hours(48),
        },
        authserv_id: Some("mx.sirt.test".to_owned()),
    }
}
