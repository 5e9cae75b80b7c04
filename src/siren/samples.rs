//! For tests: an invented notice, with everything that stands around it.

use super::clear::{Around, Notice, Publisher};
use crate::case::*;
use crate::mail::{Address, Fingerprint, MessageId};
use jiff::Timestamp;
use jiff::civil::date;

pub const NOW: &str = "2026-06-03T10:00:00Z";

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

pub fn id(text: &str) -> MessageId {
    MessageId::parse(text).expect("a Message-ID")
}

pub fn statement() -> Statement {
    let reference = |kind, url: &str| Reference { kind, url: url.to_owned() };
    Statement {
        title: "acme-archive 1.4.0 to 1.6.2: path traversal".to_owned(),
        ids: vec!["CVE-2026-10001".to_owned(), "GHSA-aaaa-2bbb-3ccc".to_owned()],
        affected: vec![Affected {
            package: "pkg:pypi/acme-archive".to_owned(),
            versions: vec![">=1.4.0|<1.6.3".to_owned()],
            fixed: vec!["1.6.3".to_owned()],
            ..Affected::default()
        }],
        severity: Some(Severity::High),
        cvss: vec!["CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H".to_owned()],
        cwe: vec!["CWE-22".to_owned()],
        description: "acme-archive does not check names with \"..\" in them while it unpacks. An \
                      archive that somebody made for this writes files outside the folder it is \
                      unpacked to.\n\nPrograms that only list an archive are not affected."
            .to_owned(),
        impact: "Whoever gets you to unpack their archive can replace your files, and so run \
                 programs as you."
            .to_owned(),
        indicators: "- Archives with names that begin with ../\n- Files newer than their \
                     package:\n\n    find /etc -newer /var/lib/acme/stamp\n      --or older"
            .to_owned(),
        actions: "1. Update acme-archive to 1.6.3.\n2. Until then unpack only what you made \
                  yourself."
            .to_owned(),
        exploited: Exploited::Yes,
        evidence: "Two hosting providers have seen such archives since 2026-06-01.".to_owned(),
        credits: vec![Credit { name: "Fay Finder".to_owned(), role: "finder".to_owned() }],
        timeline: vec![
            Dated { day: date(2026, 5, 4), what: "It was reported to us.".to_owned() },
            Dated { day: date(2026, 6, 2), what: "The fix was released.".to_owned() },
        ],
        references: vec![
            reference(ReferenceKind::Advisory, "https://acme.example/advisories/1"),
            reference(ReferenceKind::Fix, "https://acme.example/archive/commit/0123abc"),
        ],
        notes: "This is a synthetic example; no such software exists.".to_owned(),
        date: Some(date(2026, 6, 3)),
        ai: "none".to_owned(),
        ..Statement::default()
    }
}

pub fn heading() -> Heading {
    Heading {
        id: "SIRT-SIREN-2026-0007".to_owned(),
        version: 1,
        kind: NoticeKind::First,
        written: at(NOW),
        history: Vec::new(),
    }
}

/// Of a notice that was posted the day before.
pub fn later(kind: NoticeKind) -> Heading {
    let first = Revision {
        version: 1,
        at: at("2026-06-02T09:00:00Z"),
        summary: "First version.".to_owned(),
        message_id: Some(id("23456789abcdefghjkmnpqrstv@sirt.example")),
    };
    Heading { version: 2, kind, history: vec![first], ..heading() }
}

pub fn publisher() -> Publisher {
    Publisher {
        name: "Example SIRT".to_owned(),
        address: address("sirt@sirt.example"),
        namespace: Some("https://sirt.example".to_owned()),
        cve_org: None,
        policy_url: Some("https://sirt.example/policy".to_owned()),
    }
}

pub fn notice(heading: Heading, said: Statement) -> Notice {
    Notice::unchecked(heading, said, publisher())
}

pub fn team() -> Team {
    Team {
        name: "Example SIRT".to_owned(),
        address: address("sirt@sirt.example"),
        case_prefix: "SIRT".to_owned(),
        subaddress: "+".to_owned(),
        key: Fingerprint::parse(&"A".repeat(40)).expect("a fingerprint"),
        exercise: false,
        policy_url: None,
        telephone: None,
    }
}

pub fn list(manners: Manners) -> PostList {
    let private = manners == Manners::Distros;
    let key = || ListKey {
        fingerprint: Fingerprint::parse(&"B".repeat(40)).expect("a fingerprint"),
        certificate: String::new(),
    };
    PostList {
        name: manners.to_string(),
        address: address("list@lists.example"),
        highest_tlp: if private { Tlp::Amber } else { Tlp::Clear },
        sign: if private { SignForm::PgpMime } else { SignForm::Clearsign },
        formats: Vec::new(),
        manners,
        a_day: 5,
        key: private.then(key),
    }
}

/// Public, no embargo, nothing posted yet.
pub fn around<'a>(team: &'a Team, list: &'a PostList) -> Around<'a> {
    let private = list.manners == Manners::Distros;
    Around {
        now: at(NOW),
        team,
        list,
        tlp: if private { Tlp::Amber } else { Tlp::Clear },
        embargo: if private { EmbargoState::Active } else { EmbargoState::Exited },
        embargo_until: private.then(|| at("2026-06-10T14:00:00Z")),
        public: !private,
        embargoed_too: Vec::new(),
        posted_today: 0,
        posted_before: None,
        unnamed: Vec::new(),
        at: None,
        references: Vec::new(),
    }
}

/// What the lists that are told before are told.
pub fn for_distros() -> Statement {
    let mut said = statement();
    said.references.clear();
    Statement {
        exploited: Exploited::Unknown,
        evidence: String::new(),
        tlp: Tlp::Amber,
        told_before: vec!["upstream".to_owned()],
        public_on: Some(at("2026-06-10T14:00:00Z")),
        ..said
    }
}
