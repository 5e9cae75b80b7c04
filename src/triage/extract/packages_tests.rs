use super::super::{each_once, plain};
use super::Hints;

fn found(text: &str) -> Vec<String> {
    each_once(super::names(&super::find(&plain(text), Hints::of(&plain(text)))))
}

#[test]
fn every_way_of_naming() {
    for (text, package) in [
        ("pkg:npm/left-pad@1.3.0 is bad", "pkg:npm/left-pad"),
        ("the npm package left-pad", "pkg:npm/left-pad"),
        ("an npm module called `@scope/pad`", "pkg:npm/%40scope/pad"),
        ("npm install left-pad@1.3.0", "pkg:npm/left-pad"),
        ("acme-archive on PyPI", "pkg:pypi/acme-archive"),
        ("acme-archive 1.4.0 on PyPI", "pkg:pypi/acme-archive"),
        ("acme_archive (PyPI)", "pkg:pypi/acme-archive"),
        ("the Python package acme_archive", "pkg:pypi/acme-archive"),
        ("crate smallvec-x", "pkg:cargo/smallvec-x"),
        ("the crate named foo_bar", "pkg:cargo/foo_bar"),
        ("gem install foo", "pkg:gem/foo"),
        ("org.example.log:log-core:2.14.1", "pkg:maven/org.example.log/log-core"),
        (
            "see https://github.com/Example/LibExample/blob/main/x.c",
            "pkg:github/example/libexample",
        ),
        ("https://github.com/example/thing.git", "pkg:github/example/thing"),
        (concat!("https://www.npmjs", ".com/package/@a/b"), "pkg:npm/%40a/b"),
        (concat!("https://crates", ".io/crates/foo/1.2.3"), "pkg:cargo/foo"),
        ("https://pkg.go.dev/example.test/mod/v2", "pkg:golang/example.test/mod/v2"),
        ("libexample 1.2.3", "libexample"),
        ("OpenWidget v2.3.1", "OpenWidget"),
        ("OpenWidget before 2.3.1", "OpenWidget"),
        ("widget-2.3.1.tar.gz", "widget"),
        ("a hole in libexample", "libexample"),
        ("Package: foo\nother", "foo"),
        ("Ecosystem: npm\nPackage: foo", "pkg:npm/foo"),
        ("Product: Acme Archive 1.4.0", "Acme Archive"),
    ] {
        assert_eq!(found(text), [package], "{text}");
    }
}

#[test]
fn what_is_no_package() {
    for text in [
        "before 1.2.3",
        "version 1.2.3",
        "Ubuntu 22.04",
        "CVSS 9.8",
        "on 11.12.2026",
        "fay@lib.example 1.2",
        "the crate is",
        "the package on npm",
        "https://github.com/advisories/GHSA-jfh8-c2jp-5v3q",
        "http://example.test:8080/x",
        "libraries and libc.so.6",
        "npm package that",
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
}

#[test]
fn one_package_one_name() {
    let text = "LibExample 1.2.3: the npm package libexample, libexample 1.2.4, Libexample 1.0.0";
    assert_eq!(found(text), ["pkg:npm/libexample"]);
    assert_eq!(found("Widgetd 1.2.3 and widgetd 1.2.4"), ["Widgetd"]);
}
