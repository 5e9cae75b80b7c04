use super::*;
use crate::case::*;
use crate::siren::draft::values::{tidy, word};
use crate::siren::samples::{self, at, id};
use proptest::prelude::*;

fn edited(text: &str) -> Statement {
    edit(&samples::statement(), text).expect("understood")
}

fn refused(text: &str) -> String {
    let why = edit(&samples::statement(), text).expect_err("not understood");
    assert!(why.ends_with(['.', '?']) && why.len() < 400, "{why}");
    why
}

#[test]
fn a_whole_notice_or_a_few_parts_are_understood() {
    let said = edited(
        "DESCRIPTION:\nNew words.\n\n  code\n\nimpact: worse\ncve id: 2026-10002, XSA-480\n",
    );
    assert_eq!(said.description, "New words.\n\n  code");
    assert_eq!(
        (said.impact.as_str(), said.ids.join(" ").as_str()),
        ("worse", "CVE-2026-10002 XSA-480")
    );
    assert_eq!(said.title, samples::statement().title);
    let said = edited("Known to be Actively Exploited? no. Nobody has seen it.\nImpact:\n");
    assert_eq!((said.exploited, said.evidence.as_str()), (Exploited::No, "Nobody has seen it."));
    assert_eq!(said.impact, "");
}

#[test]
fn packages_are_written_in_several_ways() {
    let said =
        edited("Affected:\npkg:pypi/acme 1.4.0 to 1.6.2; fixed: 1.6.3\n* Acme Tar; < 2, 3.0");
    let versions = said.affected.iter().map(|one| (one.package.as_str(), one.versions.join(" ")));
    let wanted =
        [("pkg:pypi/acme", ">=1.4.0|<=1.6.2".to_owned()), ("Acme Tar", "<2 3.0".to_owned())];
    assert_eq!(versions.collect::<Vec<_>>(), wanted);
    assert_eq!(edited("Fixed: 1.6.4, 1.7.0").affected[0].fixed, ["1.6.4", "1.7.0"]);
    let said = edited("Resources & Notes:\n* Fix: https://acme.example/fix\nSee also the manual.");
    assert_eq!(said.references.len(), 1);
    assert_eq!(said.notes, "See also the manual.");
}

#[test]
fn what_is_not_understood_is_said_with_what_would_be() {
    assert!(refused("Desciption:\nwords").contains("Did you mean \"Description\"?"));
    assert!(refused("Impact: x\nRecomended Actions:\ny").contains("\"Recommended Actions\""));
    assert!(refused("Colour: blue").contains("\"Colour\" is no part"));
    assert!(refused("please change it").contains("stands below no heading"));
    assert!(refused("").contains("nothing to change"));
    assert!(refused("Impact: a\nImpact: b").contains("twice"));
    assert!(refused("Severity: dire").contains("critical"));
    assert!(refused("Date: soon").contains("2026-06-03"));
    assert!(refused("Public on: 2026-06-03").contains("14:00 UTC"));
    assert!(refused("References: here").contains("https://"));
    assert!(refused("CVSS: 9.8").contains("CVSS:3.1/"));
    assert!(refused("CVE ID: soon").contains("CVE-2026-12345"));
}

#[test]
fn one_part_is_set_by_its_name() {
    let said = edit_part(&samples::statement(), "actions", "Impact: is a word here.");
    assert_eq!(said.expect("understood").actions, "Impact: is a word here.");
    let said = edit_part(&samples::statement(), "Public on", "2026-06-10 14:00 UTC");
    assert_eq!(said.expect("understood").public_on, Some(at("2026-06-10T14:00:00Z")));
    let why = edit_part(&samples::statement(), "colour", "x").expect_err("unknown");
    assert!(why.contains("no part"));
}

#[test]
fn the_label_at_both_ends_of_a_notice_is_one_part() {
    assert_eq!(edited("TLP:CLEAR\n\nImpact: x\n\nTLP:CLEAR\n").impact, "x");
    assert!(refused("TLP:CLEAR\nImpact: x\nTLP:RED\n").contains("twice"));
}

fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "Description: x",
        "Impact:",
        "  indented",
        "- item",
        "TLP:CLEAR",
        "From me",
        "",
        "why? so: y",
        "Known to be Actively Exploited? yes",
        "web: https://x.example/",
    ]);
    let line = prop_oneof![odd.prop_map(str::to_owned), "\\PC{0,90}"];
    prop::collection::vec(line, 0..6).prop_map(|lines| tidy(&lines.join("\n")))
}

fn value() -> impl Strategy<Value = String> {
    "[A-Za-z0-9./:@ _%?-]{1,60}".prop_map(|text| word(&text)).prop_filter("a word", |one| {
        !one.is_empty()
            && !one.starts_with(['*', '-'])
            && !["none", "n/a"].contains(&one.to_lowercase().as_str())
    })
}

fn versions() -> impl Strategy<Value = Vec<String>> {
    let known = vec![">=1.4.0|<1.6.3", "<=2", "1.4.0-rc1", "*", "!=3", "those of May"];
    prop::collection::vec(prop::sample::select(known).prop_map(str::to_owned), 0..3)
}

fn affected() -> impl Strategy<Value = Vec<Affected>> {
    let package =
        prop_oneof![Just("pkg:pypi/acme".to_owned()), "[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?"];
    let scheme = prop::option::of(Just("semver".to_owned()));
    let repo = prop::option::of(Just("https://acme.example/acme.git".to_owned()));
    let one = (package, versions(), versions(), scheme, repo).prop_map(
        |(package, versions, fixed, scheme, repo)| Affected {
            package,
            versions,
            fixed,
            scheme,
            repo,
        },
    );
    prop::collection::vec(one, 0..4)
}

prop_compose! {
    fn texts()(all in prop::collection::vec(text(), 7), title in value()) -> Statement {
        Statement {
            title,
            description: all[0].clone(),
            impact: all[1].clone(),
            indicators: all[2].clone(),
            actions: all[3].clone(),
            evidence: all[4].clone(),
            changes: all[5].clone(),
            notes: all[6].clone(),
            ..Statement::default()
        }
    }
}

prop_compose! {
    fn statement()(
        said in texts(), affected in affected(), names in prop::collection::vec(value(), 3),
        some in prop::collection::vec(prop::bool::ANY, 8), ai in text(),
        exploited in prop::sample::select(vec![Exploited::Yes, Exploited::No, Exploited::Unknown]),
        tlp in prop::sample::select(vec![Tlp::Clear, Tlp::AmberStrict, Tlp::Red]),
    ) -> Statement {
        let sample = samples::statement();
        let name = |at: usize| names[at].clone();
        Statement {
            affected,
            exploited,
            tlp,
            ai,
            ids: if some[0] { sample.ids.clone() } else { Vec::new() },
            severity: some[1].then_some(Severity::Critical),
            cvss: if some[2] { sample.cvss.clone() } else { Vec::new() },
            cwe: if some[3] { vec!["CWE-22".to_owned(), "CWE-79".to_owned()] } else { Vec::new() },
            credits: vec![Credit {
                name: name(0),
                role: if some[4] { name(1) } else { String::new() },
            }],
            timeline: vec![Dated { what: name(2), ..sample.timeline[0].clone() }],
            references: if some[5] { sample.references.clone() } else { Vec::new() },
            sources: vec![Source {
                list: name(0),
                author: name(1),
                date: some[6].then_some(jiff::civil::date(2026, 6, 2)),
                message_id: some[6].then(|| id("a.b@acme.example")),
                archive: some[7].then(|| "https://lists.example/1".to_owned()),
            }],
            date: some[6].then_some(jiff::civil::date(2026, 6, 3)),
            told_before: vec![name(2)],
            public_on: some[7].then(|| at("2026-06-10T14:00:00Z")),
            ..said
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn the_form_sent_back_unchanged_changes_nothing(said in statement()) {
        let form = sheet(&said);
        prop_assert_eq!(edit(&Statement::default(), &form), Ok(said.clone()), "{}", form);
        prop_assert_eq!(edit(&samples::statement(), &form), Ok(said));
    }

    #[test]
    fn any_text_is_understood_or_answered(
        text in "(\\PC{0,20}[:?]?[ \n]?){0,12}", part in "\\PC{0,10}",
    ) {
        if let Ok(said) = edit(&samples::statement(), &text) {
            prop_assert_eq!(edit(&Statement::default(), &sheet(&said)), Ok(said));
        }
        _ = edit_part(&samples::statement(), &part, &text);
    }
}

#[test]
fn a_question_mark_in_the_words_ends_no_heading() {
    let said = Statement::default();
    let new = edit(&said, "Told before: ?:\n").expect("a heading and its words");
    assert_eq!(new.told_before, ["?:"]);
}
