use super::*;
use crate::case::{Affected, Credit, Dated, Exploited, Reference, ReferenceKind, Revision};

fn heading() -> Heading {
    let written = "2026-06-03T14:00:00Z".parse().expect("an instant");
    let id = "SIRT-SIREN-2026-0007".to_owned();
    Heading { id, version: 1, kind: NoticeKind::First, written, history: Vec::new() }
}

fn statement() -> Statement {
    Statement {
        title: "acme-archive 1.4.0 to 1.6.2: path traversal".to_owned(),
        ids: vec!["CVE-2026-10001".to_owned()],
        affected: vec![Affected {
            package: "pkg:pypi/acme-archive".to_owned(),
            versions: vec![">=1.4.0|<1.6.3".to_owned()],
            fixed: vec!["1.6.3".to_owned()],
            ..Affected::default()
        }],
        description: "A crafted archive writes outside its folder.".to_owned(),
        actions: "Update to 1.6.3.".to_owned(),
        ..Statement::default()
    }
}

fn look(heading: &Heading, statement: &Statement) -> Vec<Finding> {
    let publisher = Publisher {
        name: "Example SIRT".to_owned(),
        address: crate::mail::Address::parse("sirt@example.org").expect("an address"),
        namespace: None,
        cve_org: None,
        policy_url: None,
    };
    complete(heading, statement, &publisher).err().unwrap_or_default()
}

/// Rules and parts of what stands against the statement after a change.
fn after(change: impl FnOnce(&mut Statement)) -> Vec<(&'static str, &'static str)> {
    let mut changed = statement();
    change(&mut changed);
    look(&heading(), &changed).iter().map(|one| (one.rule, one.part)).collect()
}

#[test]
fn what_is_whole_is_a_notice() {
    assert_eq!(after(|_| {}), []);
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    let found = look(&heading(), &Statement { exploited: Exploited::Yes, ..Statement::default() });
    let rules: Vec<&str> = found.iter().map(|one| one.rule).collect();
    assert_eq!(rules, ["TITLE", "DESCRIPTION", "ACTIONS", "EVIDENCE", "SUBJECT"]);
}

#[test]
fn what_somebody_forgot_to_fill_in_stops_it() {
    for text in [
        "TODO",
        "Fix this. TBD",
        "XXX",
        "see <link>",
        "<insert version>",
        "[TODO add impact]",
        "[...]",
        "CVE-YYYY-NNNN",
        "CVE-2026-XXXX",
        "versions X.Y.Z",
        "before x.y.z",
        "???",
        "<your name>",
        "Lorem ipsum dolor",
    ] {
        assert_eq!(after(|s| s.notes = text.to_owned()), [("PLACEHOLDER", "notes")], "{text}");
    }
    for text in ["Example", "none", "N/A", "-"] {
        let found = after(|s| s.description = text.to_owned());
        assert_eq!(found, [("PLACEHOLDER", "description")], "{text}");
    }
}

#[test]
fn what_a_flaw_is_about_is_no_placeholder() {
    for text in [
        "A <script> tag, <img src=x>, and <iframe> get through.",
        "The array a[0] and the option [debug] are read; x.509 and 1.4.x too.",
        "See https://example.org/ and the test suite for an example.",
        "An XXE flaw; versions <1.6.3 and >2.0.",
    ] {
        assert_eq!(after(|s| s.description = text.to_owned()), [], "{text}");
    }
}

#[test]
fn values_have_the_one_form_that_documents_take() {
    type Change = fn(&mut Statement);
    let cases: &[(&str, &str, Change)] = &[
        ("IDS", "ids", |s| s.ids = vec!["cve-2026-10001".into()]),
        ("IDS", "ids", |s| s.ids = vec!["CVE-26-1".into()]),
        ("IDS", "ids", |s| s.ids.push("CVE-2026-10001".into())),
        ("IDS", "ids", |s| s.ids.push("a bug".into())),
        ("CVSS", "cvss", |s| s.cvss = vec!["9.8".into()]),
        ("CVSS", "cvss", |s| {
            s.cvss = vec![
                "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
                "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N".into(),
            ];
        }),
        ("CWE", "cwe", |s| s.cwe = vec!["CWE-16".into()]),
        ("CWE", "cwe", |s| s.cwe = vec!["22".into()]),
        ("PACKAGE", "affected", |s| s.affected[0].package = "pkg:pypi/acme@1.4".into()),
        ("PACKAGE", "affected", |s| s.affected[0].package = "pkg:pypi".into()),
        ("PACKAGE", "affected", |s| s.affected[0].package = " ".into()),
        ("VERSIONS", "affected", |s| s.affected[0].versions = vec!["some".into()]),
        ("VERSIONS", "affected", |s| s.affected[0].versions.clear()),
        ("VERSIONS", "affected", |s| s.affected[0].fixed = vec![">=1.6.3".into()]),
        ("VERSIONS", "affected", |s| s.affected[0].scheme = Some("sem ver".into())),
        ("LINK", "affected", |s| s.affected[0].repo = Some("git://git.example.org/a".into())),
        ("CREDIT", "credits", |s| s.credits = vec![Credit::default()]),
        ("CREDIT", "credits", |s| {
            s.credits = vec![Credit { name: "Fay Inder".into(), role: "hero".into() }];
        }),
        ("TIMELINE", "timeline", |s| {
            s.timeline = vec![Dated { day: jiff::civil::date(2026, 6, 1), what: " ".into() }];
        }),
        ("TITLE", "title", |s| s.title.push_str("\nand more")),
        ("LENGTH", "title", |s| s.title = "long ".repeat(60)),
        ("LENGTH", "description", |s| s.description = "long ".repeat(5_000)),
        ("HIDDEN", "actions", |s| s.actions.push('\u{202e}')),
        ("HIDDEN", "title", |s| s.title.push('\u{1b}')),
    ];
    for (number, (rule, part, change)) in cases.iter().enumerate() {
        assert_eq!(after(change), [(*rule, *part)], "{number}");
    }
}

/// Eve would have readers follow a link that is no public page.
#[test]
fn links_are_whole_and_public() {
    for (url, fine) in [
        ("https://acme.example.org", true),
        ("https://acme.example.org:8443/a?b=c%20d#e", true),
        ("http://acme.example.org/", false),
        ("/advisories/1", false),
        ("https://localhost/a", false),
        ("https://user:secret@acme.example.org/", false),
        ("https://acme.example.org/a b", false),
        ("https://acme.example.org/%zz", false),
        ("https://acme.example.org/a#b#c", false),
        ("https://[::1]/", false),
        ("https://acme..org/", false),
        ("javascript:alert(1)", false),
        ("file:///etc/passwd", false),
        ("https://acme.example.org/\u{202e}gpj", false),
    ] {
        let reference = Reference { kind: ReferenceKind::Web, url: url.to_owned() };
        let found = after(|s| s.references = vec![reference]);
        assert_eq!(found.is_empty(), fine, "{url}: {found:?}");
    }
}

/// Whoever reads "fixed in 1.6.3" and "affected up to 1.6.3" does not know what to install.
#[test]
fn no_version_is_affected_and_fixed() {
    let found = |versions: &str, fixed: &str| {
        after(|s| {
            s.affected[0].versions = vec![versions.to_owned()];
            s.affected[0].fixed = vec![fixed.to_owned()];
        })
    };
    for versions in ["1.6.3", "<=1.6.3", ">=1.4", "*", "1.6.3.0", "1.6.0 to 1.6.9"] {
        assert_eq!(found(versions, "1.6.3"), [("CONTRADICTION", "affected")], "{versions}");
    }
    assert_eq!(found("<1.6.3", "1.6.3-rc1"), [], "nobody knows without its scheme");
    let twice = after(|s| {
        let mut again = s.affected[0].clone();
        again.package = "pkg:PyPI/Acme_Archive".into();
        again.versions = vec!["1.6.3".into()];
        again.fixed.clear();
        s.affected.push(again);
    });
    assert_eq!(twice, [("CONTRADICTION", "affected")], "the same package under another spelling");
}

#[test]
fn each_version_follows_the_one_before_it() {
    let earlier = |version, at: &str| Revision {
        version,
        at: at.parse().expect("an instant"),
        summary: "First version.".to_owned(),
        message_id: None,
    };
    let of = |kind, version, history| Heading { kind, version, history, ..heading() };
    let update = Statement { changes: "1.2 is affected too.".to_owned(), ..statement() };
    let rules = |heading: &Heading, statement: &Statement| -> Vec<&str> {
        look(heading, statement).iter().map(|one| one.rule).collect()
    };
    let first = vec![earlier(1, "2026-06-01T14:00:00Z")];
    assert!(rules(&of(NoticeKind::Update, 2, first.clone()), &update).is_empty());
    assert_eq!(rules(&of(NoticeKind::Update, 2, first.clone()), &statement()), ["CHANGES"]);
    assert_eq!(rules(&of(NoticeKind::Update, 3, first.clone()), &update), ["HISTORY"]);
    assert_eq!(rules(&of(NoticeKind::First, 2, first), &update), ["HISTORY"]);
    let later = vec![earlier(1, "2026-07-01T14:00:00Z")];
    assert_eq!(rules(&of(NoticeKind::Correction, 2, later), &update), ["HISTORY"]);
    let none = of(NoticeKind::Withdrawal, 1, Vec::new());
    assert_eq!(rules(&none, &update), ["HISTORY"]);
}
