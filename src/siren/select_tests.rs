use super::super::observation::News;
use super::*;
use crate::case::PostKind;

fn advisory() -> Observed {
    Observed {
        subject: "CVE-2026-41000: Brindle buffer overflow".into(),
        kind: PostKind::Advisory,
        about: vec!["CVE-2026-41000".into()],
        ids: vec!["CVE-2026-41000".into()],
        packages: vec!["Brindle".into()],
        affected: vec!["<1.2.0".into()],
        fixed: vec!["1.2.0".into()],
        gist: "A crafted file runs the code of a stranger.".into(),
        ..Observed::default()
    }
}

fn rules() -> SirenRules {
    SirenRules {
        critical: ["openssl".to_owned(), "pkg:pypi/django".to_owned()].into(),
        exploited: ["CVE-2026-41999".to_owned()].into(),
        ..SirenRules::default()
    }
}

fn found(post: &Observed, same: &Sameness) -> Vec<Selection> {
    reasons(post, same, &rules()).into_iter().map(|reason| reason.rule).collect()
}

fn is_new(post: &Observed) -> Vec<Selection> {
    found(post, &Sameness::New)
}

#[test]
fn exploitation_is_told_or_listed_and_not_denied() {
    let told = |sentence: &str| Observed { exploited: Some(sentence.into()), ..advisory() };
    for yes in [
        "It is exploited in the wild.",
        "CISA added it to the KEV catalogue.",
        "We saw attacks since Monday, with no public exploit.",
        "We are not aware of a fix, but it is actively exploited.",
    ] {
        let yes = told(yes);
        assert_eq!(is_new(&yes).first(), Some(&Selection::Exploited), "{:?}", yes.exploited);
        assert!(is_urgent(&reasons(&yes, &Sameness::New, &rules())));
    }
    for no in [
        "We are not aware of any exploitation in the wild.",
        "There is no evidence that this was exploited.",
        "It has not been exploited as far as we know.",
        "This could be exploited by a guest.",
        "There are no known exploits in the wild.",
    ] {
        assert_eq!(is_new(&told(no)), [], "{no}");
    }
    let about = vec!["CVE-2026-41999".to_owned()];
    assert_eq!(is_new(&Observed { about, ..advisory() }), [Selection::Exploited]);
    let only_named = vec!["CVE-2026-41999".to_owned()];
    assert_eq!(is_new(&Observed { ids: only_named, ..advisory() }), []);
}

#[test]
fn a_fix_that_was_incomplete_makes_people_act_again() {
    let told = |gist: &str| Observed { gist: gist.into(), ..advisory() };
    for yes in [
        "It was found that the fix for CVE-2026-40000 in Brindle 1.15.0 was incomplete.",
        "Incomplete file access fix and regression for descriptors.",
        "This is a bypass of the fix in 1.2.0.",
    ] {
        assert_eq!(is_new(&told(yes)), [Selection::Changed], "{yes}");
    }
    for no in ["A fix is out. The list was incomplete.", "The fix is complete."] {
        assert_eq!(is_new(&told(no)), [], "{no}");
    }
}

#[test]
fn malicious_code_needs_no_id() {
    let post = Observed {
        subject: "backdoor in upstream gimbal".into(),
        kind: PostKind::Other,
        malicious: Some("The release holds a backdoor.".into()),
        ..Observed::default()
    };
    assert_eq!(is_new(&post), [Selection::Malicious]);
    let denied = Some("There is no evidence of malicious code in any release.".to_owned());
    assert_eq!(is_new(&Observed { malicious: denied, ..post }), []);
}

#[test]
fn the_table_for_publishing_is_asked() {
    let left = Observed {
        gist: "The maintainer did not respond. A working exploit is attached.".into(),
        fixed: Vec::new(),
        ..advisory()
    };
    assert_eq!(is_new(&left), [Selection::Publish]);
    let without = Observed { gist: "A working exploit is attached.".into(), ..left.clone() };
    assert_eq!(is_new(&without), []);
    assert_eq!(is_new(&Observed { fixed: vec!["1.2.0".into()], ..left }), []);
}

#[test]
fn critical_software_needs_a_high_score_and_a_fix() {
    let post = |package: &str, cvss: &str| Observed {
        packages: vec![package.into()],
        cvss: vec![cvss.into()],
        ..advisory()
    };
    let nine = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let seven = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
    for package in
        ["OpenSSL", "pkg:deb/debian/openssl", "pkg:pypi/Django@4.2", "The OpenSSL project"]
    {
        assert_eq!(is_new(&post(package, nine)), [Selection::Critical], "{package}");
    }
    assert_eq!(is_new(&post("openssl", "9.1")), [Selection::Critical]);
    for (package, cvss) in [("openssl", seven), ("openssl-wrapper", nine), ("pkg:npm/django", nine)]
    {
        assert_eq!(is_new(&post(package, cvss)), [], "{package}");
    }
    assert_eq!(is_new(&Observed { fixed: Vec::new(), ..post("openssl", nine) }), []);
}

#[test]
fn only_news_that_changes_what_to_do_is_a_reason() {
    let update = |news: Vec<News>| Sameness::Update(1, news);
    let post = Observed { kind: PostKind::Update, ..advisory() };
    let fixed = News::Fixed(vec!["1.2.1".into()]);
    assert_eq!(found(&post, &update(vec![fixed.clone()])), [Selection::Changed]);
    assert_eq!(found(&post, &update(vec![News::TakenBack])), [Selection::Changed]);
    assert_eq!(found(&post, &update(vec![News::Version(3)])), []);
    assert_eq!(found(&post, &update(Vec::new())), []);
    assert_eq!(found(&post, &Sameness::Same(1, String::new())), []);
    let exploited = Observed { exploited: Some("It is exploited in the wild.".into()), ..post };
    let both = [Selection::Exploited, Selection::Changed];
    assert_eq!(found(&exploited, &update(vec![News::Exploited])), both);
    assert_eq!(found(&exploited, &update(Vec::new())), [], "that was told with the first");
    let kind = PostKind::Discussion;
    let answer = Observed { kind, ..exploited };
    assert_eq!(found(&answer, &update(vec![News::Exploited])), both);
    assert_eq!(found(&answer, &Sameness::New), []);
}

#[test]
fn a_why_shows_what_was_read_and_is_short() {
    let exploited = Some(format!("It is exploited in the wild {}.", "since Monday ".repeat(80)));
    let found = reasons(&Observed { exploited, ..advisory() }, &Sameness::New, &rules());
    assert!(found[0].why.starts_with("It tells of exploitation: \"It is exploited"));
    assert!(found[0].why.chars().count() <= REASON_CHARS + 1);
}

/// Subject, kind, gist, packages, and whether it is worth a look.
const LABELLED: &[(&str, PostKind, &str, &str, bool)] = &[
    ("CVE-2026-41000: Brindle overflow", PostKind::Advisory, "", "Brindle", true),
    ("CVE-2026-41000: Brindle overflow", PostKind::Update, "", "Brindle", true),
    ("CVE-2026-41000: Brindle overflow", PostKind::Discussion, "", "Brindle", false),
    ("CVE request: Brindle overflow", PostKind::CveRequest, "", "Brindle", false),
    ("[DSA-7000-1] brindle security update", PostKind::Routine, "", "Brindle", false),
    ("Linux: CVE-2026-41000: net: fix it", PostKind::Routine, "", "Linux", false),
    ("Call for papers: Example Security Conference 2026", PostKind::Other, "", "", false),
    ("CFP open source security summit", PostKind::Advisory, "", "", false),
    ("linux-distros list policy on embargo length", PostKind::Advisory, "", "", false),
    ("distros list statistics for 2025", PostKind::Other, "", "", false),
    ("CVE-2026-41000 is bogus", PostKind::Advisory, "We dispute this.", "Brindle", false),
    ("CVE-2026-41000 withdrawn", PostKind::Update, "Disputed, and now withdrawn.", "Brindle", true),
    ("AI slop reports and what to do", PostKind::Advisory, "", "", false),
    ("How we handle LLM-generated reports", PostKind::Advisory, "", "", false),
    ("Fortinet FortiOS SSL VPN overflow", PostKind::Advisory, "", "FortiOS", false),
    ("Microsoft Exchange CVE-2026-41000", PostKind::Advisory, "", "", false),
    ("D-Link DIR-1 router overflow", PostKind::Advisory, "", "", false),
    ("Acme Portal", PostKind::Advisory, "A proprietary product of Acme.", "", false),
    ("curl on macOS: CVE-2026-41000", PostKind::Advisory, "", "curl", true),
    ("Jenkins Jira Plugin CVE-2026-41000", PostKind::Advisory, "", "Jira Plugin", true),
    ("open-vm-tools CVE-2026-41000 (VMware)", PostKind::Advisory, "", "open-vm-tools", true),
    ("Client for Cisco ASA", PostKind::Advisory, "", "pkg:github/example/openconnect", true),
    ("Brindle conference mode overflow CVE-2026-41000", PostKind::Advisory, "", "", true),
    ("Hello", PostKind::Other, "", "", false),
    ("[siren] Brindle", PostKind::Advisory, "", "", false),
    ("SIRT-SIREN-2026-0007 v1: Brindle", PostKind::Advisory, "", "", false),
];

#[test]
fn what_is_never_worth_a_notice() {
    for (subject, kind, gist, package, worth) in LABELLED {
        let about = subject.contains("CVE-2026").then(|| "CVE-2026-41000".to_owned());
        let post = Observed {
            subject: (*subject).into(),
            kind: *kind,
            gist: (*gist).into(),
            packages: vec![(*package).into()],
            about: about.into_iter().collect(),
            ..Observed::default()
        };
        assert_eq!(not_worth(&post).is_none(), *worth, "{subject}: {:?}", not_worth(&post));
    }
    let ours = Observed { from_us: Some("Our key signed it.".into()), ..advisory() };
    let exploited = Some("It is exploited in the wild.".to_owned());
    assert_eq!(is_new(&Observed { exploited, ..ours }), []);
}
