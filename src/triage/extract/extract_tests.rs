use super::*;

#[test]
fn a_whole_report() {
    let text = "The npm package left-pad before 1.3.1 has CWE-22, see CVE-2026-\n10001.\n\
                I will publish on 2027-01-15.\n";
    let mail = Mail {
        subject: "Re: [security] CVE-2026-10001".to_owned(),
        text: text.to_owned(),
        date: "2026-11-22T12:00:00Z".parse().ok(),
        ..Mail::default()
    };
    let found = found(&mail, &Reading::of(&mail), Scope::Whole);
    assert_eq!(found.ids, ["CVE-2026-10001", "CWE-22"]);
    assert_eq!(found.packages, ["pkg:npm/left-pad"]);
    assert_eq!(found.versions, ["<1.3.1"]);
    assert_eq!(found.dates, ["2027-01-15"]);
    assert_eq!(found.deadline.map(|deadline| deadline.at).as_deref(), Some("2027-01-15"));
}

#[test]
fn eve_cannot_fill_the_case_file() {
    let text: String = (1000..9000).map(|n| format!("CVE-2026-{n} lib{n}x 1.{n}.3\n")).collect();
    let mail = Mail { text, ..Mail::default() };
    let found = found(&mail, &Reading::of(&mail), Scope::Whole);
    assert_eq!(found.ids.len(), EXTRACTED);
    assert_eq!(found.packages.len(), EXTRACTED);
    assert_eq!(found.versions.len(), EXTRACTED);
}
