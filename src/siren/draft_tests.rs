use super::*;
use crate::case::facts::Known;
use crate::case::{
    Actor, CaseId, Class, Entry, Event, Opening, Pathway, Person, Role, Series, Tlp,
};
use crate::siren::samples::{at, id};
use jiff::civil::date;

const DAY: Date = date(2026, 6, 3);

/// A case as Fay's report opened it.
fn case() -> Case {
    let number = CaseId::parse("SIRT-2026-4827").expect("a number");
    let private = Opening { title: "Fay's report about acme".to_owned(), ..Opening::default() };
    let event =
        Event::CaseOpened { class: Class::Report, pathway: Pathway::P1, tlp: Tlp::Red, private };
    let entry = |event| Entry {
        at: at("2026-05-04T10:00:00Z"),
        case: Some(number.clone()),
        by: Actor::Gateway,
        event,
    };
    let mut case = Case::opened(&number, &entry(event)).expect("a case");
    let person = Person { name: "Fay Finder".to_owned(), ..Person::default() };
    let joined = Event::ParticipantJoined { participant: 1, role: Role::Finder, private: person };
    case.apply(&entry(joined));
    case
}

fn know(case: &mut Case, what: Matter, value: &str, detail: &str) {
    let (value, detail) = (value.to_owned(), detail.to_owned());
    case.known.push(KnownFact { what, value, detail });
}

fn fact(case: &mut Case, fact: Fact, day: &str, confirmed: bool) {
    let known = Known {
        at: at(&format!("{day}T10:00:00Z")),
        source: "two providers saw it".to_owned(),
        by: "val".to_owned(),
        confirmed,
    };
    case.facts.insert(fact, known);
}

#[test]
fn what_nobody_said_stays_empty() {
    let said = from_case(&case(), DAY);
    assert_eq!((said.title.as_str(), said.ids.len(), said.affected.len()), ("", 0, 0));
    assert_eq!((said.severity, said.exploited), (None, Exploited::Unknown));
    assert_eq!((said.date, said.tlp), (Some(DAY), Tlp::Red));
    let whole = format!("{said:?}");
    assert!(!whole.contains("Fay") && !whole.contains("acme"), "{whole}");
}

#[test]
fn what_members_said_stands_in_it() {
    let mut case = case();
    case.title = "CVE-2026-10001: acme-archive 1.4 path traversal".to_owned();
    know(&mut case, Matter::Cve, "CVE-2026-10001", "");
    know(&mut case, Matter::Affects, "pkg:pypi/acme-archive", "1.4.0 to 1.6.2");
    know(&mut case, Matter::Fixed, "pkg:pypi/acme-archive", "1.6.3, 1.7.1");
    know(&mut case, Matter::Cvss, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "9.8");
    know(&mut case, Matter::Cwe, "CWE-22", "");
    fact(&mut case, Fact::Public, "2026-06-02", true);
    fact(&mut case, Fact::Attacks, "2026-06-01", true);
    let said = from_case(&case, DAY);
    assert_eq!(said.title, "acme-archive 1.4 path traversal");
    let [one] = said.affected.as_slice() else { panic!("{:?}", said.affected) };
    assert_eq!(one.versions, [">=1.4.0|<=1.6.2"]);
    assert_eq!(one.fixed, ["1.6.3", "1.7.1"]);
    assert_eq!(said.severity, Some(crate::case::Severity::Critical));
    assert_eq!((said.exploited, said.evidence.as_str()), (Exploited::Yes, "two providers saw it"));
    let days: Vec<String> = said.timeline.iter().map(|one| one.day.to_string()).collect();
    assert_eq!(days, ["2026-05-04", "2026-06-01", "2026-06-02"]);
}

#[test]
fn a_claim_is_no_evidence() {
    let mut case = case();
    fact(&mut case, Fact::Attacks, "2026-06-01", false);
    let said = from_case(&case, DAY);
    assert_eq!((said.exploited, said.evidence.as_str()), (Exploited::Unknown, ""));
    assert_eq!(said.timeline.len(), 1);
}

#[test]
fn nobody_is_thanked_without_their_consent() {
    let mut case = case();
    know(&mut case, Matter::Credit, "Fay Finder, Finders Ltd", "");
    assert_eq!(from_case(&case, DAY).credits, []);
    case.participants[0].consents.push(Consent::Credit);
    let credit = Credit { name: "Fay Finder, Finders Ltd".to_owned(), role: "finder".to_owned() };
    assert_eq!(from_case(&case, DAY).credits.first(), Some(&credit));
    let mut mo = case.participants[0].clone();
    (mo.name, mo.consents) = ("Mo Maintainer".to_owned(), Vec::new());
    case.participants.push(mo);
    know(&mut case, Matter::Credit, "Mo Maintainer", "");
    assert_eq!(from_case(&case, DAY).credits, [credit]);
}

fn seen() -> SeenPost {
    let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    SeenPost {
        number: 12,
        at: at("2026-06-03T09:00:00Z"),
        list: "oss-security".to_owned(),
        post: Observed {
            subject: "[vendor] CVE-2026-10001: acme-archive 1.4.0 to 1.6.2 path traversal"
                .to_owned(),
            author: "Mo Maintainer <mo@acme.example>".to_owned(),
            posted: Some(at("2026-06-02T23:00:00Z")),
            message_id: Some(id("1@acme.example")),
            archive: Some("https://lists.example/1".to_owned()),
            kind: PostKind::Advisory,
            series: Some(Series { name: "ACME-1".to_owned(), version: 1 }),
            ids: texts(&["GHSA-aaaa-2bbb-3ccc", "CVE-2026-10001", "CVE-2020-1111"]),
            about: texts(&["GHSA-aaaa-2bbb-3ccc", "CVE-2026-10001"]),
            packages: texts(&["pkg:pypi/acme-archive"]),
            affected: texts(&[">=1.4.0|<1.6.3"]),
            fixed: texts(&["1.6.3"]),
            cvss: texts(&["AV:N/AC:L/Au:N/C:P/I:P/A:P"]),
            exploited: Some("It is exploited in the wild.".to_owned()),
            gist: "Names with .. are not checked.".to_owned(),
            ..Observed::default()
        },
        same_as: None,
        update_of: None,
        reasons: Vec::new(),
        cases: Vec::new(),
        leaks: Default::default(),
        tellings: Default::default(),
        past: false,
        told: false,
    }
}

#[test]
fn a_post_is_passed_on_with_where_it_stood() {
    let said = from_post(&seen(), DAY);
    assert_eq!(said.title, "acme-archive 1.4.0 to 1.6.2 path traversal");
    assert_eq!(said.ids, ["CVE-2026-10001", "GHSA-aaaa-2bbb-3ccc"]);
    assert_eq!(said.affected[0].versions, [">=1.4.0|<1.6.3"]);
    assert_eq!(said.exploited, Exploited::Yes);
    assert!(said.evidence.contains("oss-security on 2026-06-02"), "{}", said.evidence);
    let [source] = said.sources.as_slice() else { panic!("{:?}", said.sources) };
    assert_eq!(source.message_id, Some(id("1@acme.example")));
    assert_eq!(said.references[0].url, "https://lists.example/1");
    assert!(said.cvss.is_empty() && said.credits.is_empty());
    let form = sheet(&said);
    assert_eq!(edit(&Statement::default(), &form), Ok(said));
}

#[test]
fn which_of_several_packages_has_which_versions_is_not_guessed() {
    let mut seen = seen();
    seen.post.packages.push("pkg:pypi/acme-zip".to_owned());
    let said = from_post(&seen, DAY);
    assert!(said.affected.iter().all(|one| one.versions.is_empty() && one.fixed.is_empty()));
    assert!(
        said.notes.contains(">=1.4.0|<1.6.3") && said.notes.contains("1.6.3"),
        "{}",
        said.notes
    );
}
