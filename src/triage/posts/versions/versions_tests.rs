use super::*;

fn found(subject: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let own = Own { subject: subject.to_owned(), text: text.to_owned(), ..Own::default() };
    let found = of(&own);
    (found.affected, found.fixed)
}

fn check(cases: &[(&str, &[&str], &[&str])]) {
    let mut wrong = Vec::new();
    for (text, affected, fixed) in cases {
        let (got_affected, got_fixed) = found("libexample: a hole", text);
        if got_affected != *affected || got_fixed != *fixed {
            wrong.push(format!("{text}\n  wanted {affected:?} / {fixed:?}\n"));
            wrong.push(format!("  got    {got_affected:?} / {got_fixed:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lists_below_headings() {
    check(&[
        ("Affected versions:\n\n- Acme Foo 2.0.0 before 2.4.1\n", &[">=2.0.0|<2.4.1"], &[]),
        (
            "Affected versions:\n\n- Acme Foo (org.acme:foo) 9.0.70 through 9.0.80\n\
             - Acme Foo through 1.3\n",
            &[">=9.0.70|<=9.0.80", "<=1.3"],
            &[],
        ),
        (
            "Versions Affected:\nAcme Foo 9.0.0-M1 to 9.0.79\nAcme Foo 8.5.0 to 8.5.9\n",
            &[">=9.0.0-M1|<=9.0.79", ">=8.5.0|<=8.5.9"],
            &[],
        ),
        (
            "- Affected versions: libfoo 7.69.0 to and including 8.3.0\n\
             - Not affected versions: libfoo < 7.69.0 and >= 8.4.0\n",
            &[">=7.69.0|<=8.3.0"],
            &["8.4.0"],
        ),
        (
            "VULNERABLE SYSTEMS\n==================\n\n\
             Foo versions 4.5 and later are vulnerable.  Foo 4.4 and earlier are not vulnerable.\n",
            &[">=4.5"],
            &[],
        ),
        ("AFFECTED VERSIONS\n-----------------\nAll versions are affected.\n", &["*"], &[]),
        (
            "    Versions affected: FooGTK before 2.36.0 and WPE Foo before\n    2.34.7.\n",
            &["<2.36.0", "<2.34.7"],
            &[],
        ),
        ("Affected: 1.2, 1.3 and 1.4\nFixed: 1.5\n", &["1.2", "1.3", "1.4"], &["1.5"]),
        ("Fixed versions:\n- 6.1.30\n- 6.4-rc1\n", &[], &["6.1.30", "6.4-rc1"]),
        (
            "### Affected versions\n\n>= 1.2.0, < 1.2.4\n\n### Patched versions\n\n1.2.4\n",
            &[">=1.2.0|<1.2.4"],
            &["1.2.4"],
        ),
        ("References:\nhttps://foo.test/1.2.3\n[1] Foo 1.2.3 notes\n", &[], &[]),
    ]);
}

#[test]
fn sentences_say_which() {
    check(&[
        (
            "Users are recommended to upgrade to version 9.0.81 onwards or 8.5.94 \n\
             onwards, which fixes the issue.\n",
            &[],
            &["9.0.81", "8.5.94"],
        ),
        ("Foo before 3.0.0 allows X. This is fixed in 3.0.0.\n", &["<3.0.0"], &["3.0.0"]),
        (
            "This issue affects Acme Foo: before 2.1.2, from 3.0.0 before 3.0.2.\n",
            &["<2.1.2", ">=3.0.0|<3.0.2"],
            &[],
        ),
        (
            "Linux versions 5.9 - 5.18 are vulnerable.  \
             Linux versions 5.8 and earlier are not vulnerable.\n",
            &[">=5.9|<=5.18"],
            &[],
        ),
        (
            "OpenFoo 3.0, 3.1 and 1.1.1 are vulnerable. \
             OpenFoo 3.0 users should upgrade to OpenFoo 3.0.12.\n",
            &["3.0", "3.1", "1.1.1"],
            &["3.0.12"],
        ),
        (
            "Foo 1.0.2zi fixes it; it affects 1.0.2 up to 1.0.2zh.\n",
            &[">=1.0.2|<=1.0.2zh"],
            &["1.0.2zi"],
        ),
        (
            "Foo 2.50 through 2.423 (both inclusive), LTS 2.60.1 through \
             2.414.1 (both inclusive) does not escape.\n",
            &[">=2.50|<=2.423", ">=2.60.1|<=2.414.1"],
            &[],
        ),
        (
            "Bar Plugin 42 and earlier does not escape. Bar Plugin version 43 escapes.\n",
            &["<=42"],
            &[],
        ),
        (
            "The bug was introduced in v5.6 and fixed in v6.4-rc1 and 6.1.30.\n",
            &[">=5.6"],
            &["6.4-rc1", "6.1.30"],
        ),
        (
            "All versions up to and including 3.1.9 are affected; version 3.1.10 contains a fix.\n",
            &["<=3.1.9"],
            &["3.1.10"],
        ),
        ("Tested on Ubuntu 22.04 with gcc 13.2.0. CVSS 3.1 score: 7.5.\n", &[], &[]),
        (
            "We have released Foo 1.21.4 and Foo 1.20.11 to address these issues.\n",
            &[],
            &["1.21.4", "1.20.11"],
        ),
        ("up to but excluding 2.1.2 are affected\n", &["<2.1.2"], &[]),
        ("Foo 2.4.17-2.4.57 is affected.\n", &[">=2.4.17|<=2.4.57"], &[]),
    ]);
}

#[test]
fn what_belongs_together() {
    check(&[
        (
            "Foo before 3.2.0 is affected. The guide of Foo 3.2.0 has more.\n",
            &["<3.2.0"],
            &["3.2.0"],
        ),
        (
            "Affected versions:\n- Foo through 2.4.6\n\nTimeline:\n2.4.7 released\n",
            &["<=2.4.6"],
            &["2.4.7"],
        ),
        (
            "The following releases contain fixes:\n* Foo 2.276\n* Foo LTS 2.263.3\n\n---\n\n\
             A race in Foo 2.275 and LTS 2.263.2.\n",
            &["2.275", "2.263.2"],
            &["2.276", "2.263.3"],
        ),
        (
            "Affects: Foo up to and including 4.9.8, 5.0.8 and 5.1.1\n",
            &["<=4.9.8", "<=5.0.8", "<=5.1.1"],
            &[],
        ),
        ("Introduced in Foo 1.19.0 and fixed in 1.20.3.\n", &[">=1.19.0|<1.20.3"], &["1.20.3"]),
        ("Foo 8.1.* before 8.1.29 is affected.\n", &[">=8.1|<8.1.29"], &[]),
        ("All versions since 1.2 are affected.\n", &[">=1.2"], &[]),
        ("Foo versions 2.2 up to now have a hole.\n", &[">=2.2"], &[]),
        (
            "Affects: Foo 3.4.0 through 3.4.5\nNot affected: Foo 3.4.6\n",
            &[">=3.4.0|<=3.4.5"],
            &["3.4.6"],
        ),
        ("Upgrade to Foo 7.0.81 or later (7.0.80 was not released)\n", &[], &["7.0.81"]),
        (
            "Affected versions:\n- Foo through 2.4.6\n\nDescription:\n\n\
             It was used by Bar earlier than version 1.2.0.\n",
            &["<=2.4.6"],
            &[],
        ),
        ("New releases: https://foo.test/releases/tag/v1.2.4\n", &[], &["1.2.4"]),
        (
            "Versions Affected:\nFoo 4.0.0 to 4.7.0\nThe old Foo 2.x are not affected\n",
            &[">=4.0.0|<=4.7.0"],
            &[],
        ),
        ("<?xml version=\"1.0\"?> allows things\n", &[], &[]),
    ]);
    assert_eq!(found("Foo agent(version <= 0.5.0) crash", "").0, ["<=0.5.0"]);
    let both = found("hardening in foo 1.8.18, 1.9.16", "I released foo 1.8.18 today.\n");
    assert_eq!(both, (vec![], vec!["1.8.18".to_owned(), "1.9.16".to_owned()]));
}

#[test]
fn the_subject_says_it_too() {
    assert_eq!(found("libexample < 1.2.3 overflow", "").0, ["<1.2.3"]);
    assert_eq!(found("libexample 1.2.3 overflow", "").0, ["1.2.3"]);
    assert_eq!(found("libexample 1.2.4 released", "").1, ["1.2.4"]);
    assert_eq!(found("XSA 435 v1 - overflow", ""), (vec![], vec![]));
}

#[test]
fn eve_cannot_make_reading_slow() {
    for text in [
        "1.".repeat(200_000),
        "before 1.1 ".repeat(40_000),
        "fixed in ".repeat(50_000),
        "Foo 1.1 is affected. ".repeat(20_000),
        "1.1, 1.2 ".repeat(50_000),
        "- foo 1.2.3 users\n".repeat(20_000),
    ] {
        found("x", &text);
    }
}
