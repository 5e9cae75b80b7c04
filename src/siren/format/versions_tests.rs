use super::*;

#[test]
fn what_statements_and_people_write() {
    for (typed, read) in [
        (">=1.4.0|<1.6.3", ">=1.4.0|<1.6.3"),
        ("<=2.1", "<=2.1"),
        ("1.4", "1.4"),
        ("=1.4", "1.4"),
        ("*", "*"),
        ("All versions", "*"),
        ("< 1.6.3", "<1.6.3"),
        (">= 1.4.0, < 1.6.3", ">=1.4.0|<1.6.3"),
        (">1.4,<=1.6", ">1.4|<=1.6"),
        ("1.4.0 to 1.6.2", ">=1.4.0|<=1.6.2"),
        ("1.4.0 through 1.6.2", ">=1.4.0|<=1.6.2"),
        ("1.4.0 up to and including 1.6.2", ">=1.4.0|<=1.6.2"),
        ("1.4.0 before 1.6.3", ">=1.4.0|<1.6.3"),
        ("from 1.4.0 before 1.6.3", ">=1.4.0|<1.6.3"),
        ("Prior to 1.6.3", "<1.6.3"),
        ("1.6.2 and earlier", "<=1.6.2"),
        ("2.0 and later", ">=2.0"),
        ("2.0 onwards", ">=2.0"),
        (">=1.4|<=1.4", "1.4"),
        ("1:2.3-4+deb12u1", "1:2.3-4+deb12u1"),
    ] {
        let span = Span::parse(typed).unwrap_or_else(|why| panic!("{typed}: {why}"));
        assert_eq!(span.to_string(), read, "{typed}");
        assert_eq!(Span::parse(read), Ok(span), "what is written is read again");
    }
}

#[test]
fn what_is_no_range() {
    for text in [
        "",
        " ",
        "unknown",
        "<",
        ">=",
        "1.4 1.5",
        ">=1.6|<1.4",
        "<1.4|<1.5",
        "!=1.4",
        "1.4|>=1.5",
        "<>1.4",
        "all before",
        "1.0-all",
        "1.4.x and earlier and later",
        ">1.4|<1.4",
        "< < 1.4",
        "1.4\u{202e}",
        "<script>",
    ] {
        assert!(Span::parse(text).is_err(), "{text}: {:?}", Span::parse(text));
    }
}

#[test]
fn what_is_held_where_every_scheme_agrees() {
    let span = |text| Span::parse(text).expect("a range");
    for (range, version, held) in [
        (">=1.4.0|<1.6.3", "1.6.3", Some(false)),
        (">=1.4.0|<1.6.3", "1.4", Some(true)),
        (">=1.4.0|<1.6.3", "1.10", Some(false)),
        ("<=1.6.3", "1.6.3", Some(true)),
        ("<1.6.3", "1.6.3-rc1", None),
        ("<1.6.3", "2.0-rc1", Some(false)),
        ("*", "9", Some(true)),
        ("1.4", "1.4.0", Some(true)),
        ("<1:2.0", "1.9", None),
    ] {
        assert_eq!(span(range).contains(version), held, "{range} {version}");
    }
}

#[test]
fn commits_and_semantic_versions() {
    let commit = "6879efc2c1596d11a6a6ad296f80063b558d5e0f";
    assert!(Span::parse(&format!(">={commit}")).expect("a range").of_commits());
    assert!(!Span::All.of_commits() && !is_commit("6879efc"));
    for (text, fine) in [
        ("1.2.3", true),
        ("1.2.3-rc.1+b5", true),
        ("1.2", false),
        ("01.2.3", false),
        ("v1.2.3", false),
        ("1.2.3-01", false),
        ("1.2.3-", false),
    ] {
        assert_eq!(is_semver(text), fine, "{text}");
    }
}
