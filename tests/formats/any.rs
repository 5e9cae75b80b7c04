//! Any notice: what is complete becomes documents that hold, or is refused; and all of them say
//! the same.

use super::{Sketch, json, notice, rules, schemas};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::Value;
use sirt_gateway::case::{
    Affected, Credit, Dated, Exploited, Format, Heading, NoticeKind, Reference, ReferenceKind,
    Revision, Severity, Source, Statement, Tlp,
};
use sirt_gateway::siren::format::versions::Span;
use sirt_gateway::siren::format::{document, text};
use std::fs;
use std::path::Path;
use strum::VariantArray;

const HASH: &str = "6879efc2c1596d11a6a6ad296f80063b558d5e0f";
const PACKAGES: &[&str] = &[
    "pkg:pypi/acme-archive",
    "pkg:npm/%40acme/archive",
    "pkg:npm/left_pad?x=1#sub",
    "pkg:cargo/acme",
    "pkg:golang/git.example.org/Acme/archive/v2",
    "pkg:maven/org.acme/archive",
    "pkg:deb/debian/acme?distro=debian-12",
    "pkg:deb/ubuntu/acme",
    "pkg:rpm/fedora/acme",
    "pkg:githubactions/acme/build",
    "pkg:swift/git.example.org/acme/archive",
    "pkg:composer/acme/archive",
    "pkg:gem/acme",
    "pkg:nuget/Acme.Archive",
    "pkg:hex/acme",
    "Acme Archive",
    "acme",
    "Größe & <Söhne>",
];
const VERSIONS: &[&str] = &[
    ">=1.4.0|<1.6.3",
    "<=2.1.0",
    "1.4.0",
    "<1.2.3",
    "*",
    ">=2.0.0-rc.1|<=2.0.0",
    ">1.0.0",
    "1:2.3-4+b1",
    "1.4.0 to 1.6.2",
    "0.9.1 and earlier",
    ">=3.0.0",
    "v1.2.3",
    "2024.06.01",
];
const VECTORS: &[&str] = &[
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:N",
    "CVSS:3.0/AV:N/AC:H/PR:L/UI:N/S:C/C:H/I:L/A:N",
    "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    "CVSS:4.0/AV:L/AC:H/AT:P/PR:L/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/E:P",
];
const IDS: &[&str] = &[
    "CVE-2026-10001",
    "GHSA-2m4q-7xw9-hv3c",
    "XSA-480",
    "DSA-5555-1",
    "VU#123456",
    "RUSTSEC-2026-0001",
    "PYSEC-2026-12",
    "MAL-2026-1",
];

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z][a-z]{2,9}( [a-z]{2,9}){2,12}\\.",
        1 => "[A-Za-z0-9 <>&\"'\\\\/%{}$#:;,.äß漢]{1,60}",
        1 => Just("Escape <script>alert(1)</script>, ../.. and `x`.\n\nMore.".to_owned()),
    ]
}

fn maybe() -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 2 => words()]
}

fn affected() -> impl Strategy<Value = Affected> {
    let ours = (
        select(PACKAGES),
        subsequence(VERSIONS, 1..3),
        subsequence(vec!["1.6.3", "2.0.1", "3.0.0"], 0..3),
        option::weighted(0.2, select(vec!["semver", "pypi", "generic"])),
        option::weighted(0.3, Just("https://git.example.org/acme/archive.git")),
        prop::bool::weighted(0.2),
    );
    ours.prop_map(|(package, versions, fixed, scheme, repo, commits)| {
        let mut versions: Vec<String> = versions.into_iter().map(str::to_owned).collect();
        if commits {
            versions = vec![format!(">={HASH}")];
        }
        Affected {
            package: package.to_owned(),
            versions,
            fixed: fixed.into_iter().map(str::to_owned).collect(),
            scheme: scheme.map(str::to_owned),
            repo: repo.map(str::to_owned),
        }
    })
}

fn people() -> impl Strategy<Value = (Vec<Credit>, Vec<Dated>, Vec<Reference>, Vec<Source>)> {
    let roles = vec!["finder", "Reporter", "remediation-developer", "", "tool"];
    let credit = ("[A-Z][a-zé]{1,9} [A-Z][a-z]{1,9}", select(roles))
        .prop_map(|(name, role)| Credit { name, role: role.to_owned() });
    let day = (1_i8..28, words())
        .prop_map(|(day, what)| Dated { day: jiff::civil::date(2026, 5, day), what });
    let url = "https://[a-z]{2,8}\\.example\\.org(/[a-z0-9_~-]{1,8}){0,3}(\\?[a-z]=[a-z0-9]{1,5})?";
    let reference =
        (select(ReferenceKind::VARIANTS), url).prop_map(|(kind, url)| Reference { kind, url });
    let source = (words(), option::of(url)).prop_map(|(author, archive)| Source {
        list: "oss-security".to_owned(),
        author,
        date: Some(jiff::civil::date(2026, 6, 3)),
        message_id: None,
        archive,
    });
    (vec(credit, 0..3), vec(day, 0..3), vec(reference, 0..4), vec(source, 0..2))
}

prop_compose! {
    fn statement()(
        (title, description, actions, impact) in (
            "[A-Z][a-z]{3,9}( [a-z0-9]{2,9}){2,8}", words(), words(), maybe(),
        ),
        (indicators, evidence, changes, notes) in (maybe(), words(), words(), maybe()),
        (ids, cvss, cwe) in (
            subsequence(IDS, 0..4), subsequence(VECTORS, 0..3),
            subsequence(vec!["CWE-22", "CWE-79", "CWE-1395"], 0..3),
        ),
        affected in vec(affected(), 0..4),
        (credits, timeline, references, sources) in people(),
        (severity, exploited, tlp) in (
            option::of(select(Severity::VARIANTS)), select(Exploited::VARIANTS),
            select(Tlp::VARIANTS),
        ),
        public in prop::bool::ANY,
    ) -> Statement {
        let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<String>>();
        Statement {
            title, ids: owned(ids), affected, severity, cvss: owned(cvss), cwe: owned(cwe),
            description, impact, indicators, actions, exploited, evidence, credits, timeline,
            references, sources, changes, notes, date: Some(jiff::civil::date(2026, 6, 4)), tlp,
            told_before: if public { vec!["distros".to_owned()] } else { Vec::new() },
            public_on: public.then(|| "2026-06-03T14:00:00Z".parse().expect("an instant")),
            ai: String::new(),
        }
    }
}

fn heading() -> impl Strategy<Value = Heading> {
    (1_u32..4, select(NoticeKind::VARIANTS)).prop_map(|(version, kind)| {
        let at =
            |version: u32| format!("2026-06-0{version}T14:00:00Z").parse().expect("an instant");
        let revision = |version| Revision {
            version,
            at: at(version),
            summary: "Said so.".to_owned(),
            message_id: None,
        };
        let version = if kind == NoticeKind::First { 1 } else { version + 1 };
        let history = (1..version).map(revision).collect();
        Heading {
            id: "SIRT-SIREN-2026-0042".to_owned(),
            version,
            kind,
            written: at(version),
            history,
        }
    })
}

/// Every text anywhere in the document, as one.
fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(list) => list.iter().map(texts).collect(),
        Value::Object(fields) => fields.values().map(texts).collect(),
        _ => String::new(),
    }
}

fn holds(format: Format, value: &Value) {
    match format {
        Format::Osv => assert_eq!(rules::osv(value), Vec::<String>::new(), "{value:#}"),
        Format::Cve => assert_eq!(rules::cve(value), Vec::<String>::new(), "{value:#}"),
        Format::Csaf => {
            assert!(rules::csaf(value).is_empty(), "{:?}: {value:#}", rules::csaf(value))
        }
        Format::Text => {}
    }
}

/// The words alone, however they are folded, marked as verbatim or as items.
fn unfolded(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !matches!(*word, "|" | "*" | "-"));
    words.collect::<Vec<_>>().join(" ")
}

/// The same ids, versions, title, words and label, whatever the form.
fn says_the_same(text: &str, statement: &Statement) {
    let mut said = vec![statement.title.trim().to_owned(), statement.description.trim().to_owned()];
    said.push(statement.actions.trim().to_owned());
    said.extend([&statement.impact, &statement.indicators].map(|text| text.trim().to_owned()));
    said.push(statement.tlp.label());
    said.extend(statement.ids.clone());
    said.extend(statement.references.iter().map(|one| one.url.clone()));
    said.extend(statement.credits.iter().map(|one| one.name.clone()));
    for one in &statement.affected {
        said.extend(one.fixed.clone());
        let spans = one.versions.iter().filter_map(|text| Span::parse(text).ok());
        said.extend(
            spans.flat_map(|span| {
                span.named().into_iter().map(str::to_owned).collect::<Vec<String>>()
            }),
        );
    }
    // A text for people is folded.
    let text = unfolded(text);
    for word in said.iter().map(|word| unfolded(word)) {
        let percent = word.replace('+', "%2B");
        assert!(text.contains(&word) || text.contains(&percent), "{word} is not in {text}");
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn what_is_complete_holds_in_every_form_or_is_refused() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notices");
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let schema = schemas::csaf();
    let made = std::cell::Cell::new([0_u32; 4]);
    proptest!(config(1_000), |(heading in heading(), statement in statement())| {
        let sketch = Sketch { heading, statement };
        let Ok(notice) = notice(&sketch) else { return Ok(()) };
        for (place, format) in Format::VARIANTS.iter().enumerate() {
            let Ok(document) = document(*format, &notice) else { continue };
            let mut counts = made.get();
            counts[place] += 1;
            made.set(counts);
            if *format == Format::Text {
                let (plain, _) = text::ascii::statement(&sketch.statement);
                says_the_same(&document.text, &plain);
                continue;
            }
            let value = json(&document);
            holds(*format, &value);
            says_the_same(&texts(&value), &sketch.statement);
            if let (Some(schema), Format::Csaf) = (&schema, format) {
                let wrong = schema.wrong(&value);
                prop_assert!(wrong.is_empty(), "{wrong}");
            }
            // For whoever wants to try another validator on them.
            let name = format!("{format}-{}.json", counts[place]);
            fs::write(folder.join(name), &document.text).expect("written");
        }
    });
    // Not all refused: each form was written often enough to mean something.
    assert!(made.get().iter().all(|count| *count >= 30), "{:?}", made.get());
}

#[test]
fn whatever_anybody_types_is_a_document_or_a_sentence() {
    let typed = "\\PC{0,40}|[<>=|*0-9.va-z ]{0,20}|pkg:[a-z]{0,5}/[%@a-zA-Z0-9/?#=&]{0,20}";
    let many = || vec(typed, 0..3);
    let values = (typed, many(), many(), many());
    let software = (typed, many(), many(), typed);
    let all = (heading(), statement(), values, software);
    proptest!(config(400), |((heading, mut statement, values, software) in all)| {
        let (title, ids, cvss, cwe) = values;
        let (package, versions, fixed, url) = software;
        statement.title = title;
        statement.ids = ids;
        statement.cvss.extend(cvss);
        statement.cwe.extend(cwe);
        let (scheme, repo) = (None, Some(url.clone()));
        statement.affected.push(Affected { package, versions, fixed, scheme, repo });
        statement.references.push(Reference { kind: ReferenceKind::Web, url });
        let sketch = Sketch { heading, statement };
        if let Ok(notice) = notice(&sketch) {
            for format in Format::VARIANTS {
                if let Ok(document) = document(*format, &notice) && *format != Format::Text {
                    holds(*format, &json(&document));
                }
            }
        }
    });
}
