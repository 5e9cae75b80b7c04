use super::super::hints::Hints;
use super::super::{each_once, packages, plain};

fn found(text: &str) -> Vec<String> {
    let text = plain(text);
    each_once(super::find(&text, &packages::find(&text, Hints::of(&text))))
}

#[test]
fn versions_and_ranges() {
    for (text, versions) in [
        ("libexample 1.2.3 crashes", vec!["1.2.3"]),
        ("Affected: libexample v1.2.3-rc1.", vec!["1.2.3-rc1"]),
        ("all versions before 1.2.3", vec!["<1.2.3"]),
        ("versions prior to 2.0 are affected", vec!["<2.0"]),
        ("<= 2.14.1", vec!["<=2.14.1"]),
        ("from 1.2.0 to 1.2.3", vec![">=1.2.0|<=1.2.3"]),
        ("1.2.0 to 1.2.3", vec![">=1.2.0|<=1.2.3"]),
        ("1.2.0 \u{2013} 1.2.3", vec![">=1.2.0|<=1.2.3"]),
        ("between 1.2.0 and 1.2.3", vec![">=1.2.0|<=1.2.3"]),
        (">= 1.2.0, < 1.2.4", vec![">=1.2.0|<1.2.4"]),
        ("since 1.4.0, before 1.6.3", vec![">=1.4.0|<1.6.3"]),
        ("2.0-beta9 through 2.14.1", vec![">=2.0-beta9|<=2.14.1"]),
        ("version 1.2 and earlier", vec!["<=1.2"]),
        ("1.2.3 and later", vec![">=1.2.3"]),
        ("versions 1.2, 1.3 and 1.4", vec!["1.2", "1.3", "1.4"]),
        ("fixed in version 1.2.4", vec!["1.2.4"]),
        ("up to and including 3.1.9", vec!["<=3.1.9"]),
        ("betroffen sind alle Versionen vor 4.2.1", vec!["<4.2.1"]),
        ("pip install foo==1.2.3", vec!["1.2.3"]),
        ("pkg:npm/foo@1.2.3", vec!["1.2.3"]),
    ] {
        assert_eq!(found(text), versions, "{text}");
    }
}

#[test]
fn other_numbers_with_dots() {
    for text in [
        "on 11.12.2026",
        "on 2026.12.11",
        "from 192.0.2.17 port 443",
        "curl http://127.0.0.1:8080/",
        "CVSS 9.8 (critical)",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "score of 7.5",
        "RFC 5322 section 3.6.4",
        "TLS 1.2 and HTTP/1.1",
        "it takes 2.5 seconds and 1.5 GB",
        "Ubuntu 22.04, gcc 13.2.0 and Python 3.11.4",
        "at 10.30 or so, costs 3.50",
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
}

#[test]
fn eve_cannot_make_reading_slow() {
    for text in ["1.".repeat(200_000), "1.1 ".repeat(100_000), "v1.2.3-".repeat(60_000)] {
        found(&text);
    }
}
