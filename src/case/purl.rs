//! Package URLs, in the canonical form of their specification.

use std::collections::BTreeMap;

/// Reads a purl and writes it canonically, without its version, which is given beside it.
///
/// Type in lower case; name and namespace percent-encoded and folded where the type asks for it;
/// qualifiers sorted, empty ones dropped. `None` where there is no type or no name.
pub fn canonical(text: &str) -> Option<(String, Option<String>)> {
    let rest =
        text.split_at_checked(4).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("pkg:"))?.1;
    let (rest, subpath) = split_right(rest.trim_start_matches('/'), '#');
    let (rest, qualifiers) = split_right(rest, '?');
    let (kind, rest) = rest.split_once('/')?;
    let kind = kind.to_ascii_lowercase();
    let (path, version) = match rest.rsplit_once('@') {
        // An npm scope begins with "@": what stands before the version has no open scope.
        Some((path, version)) if !path.is_empty() && !version.contains('/') => {
            (path, Some(version))
        }
        _ => (rest, None),
    };
    let segments: Vec<String> = segments(path).map(|one| folded(&kind, &decoded(one))).collect();
    let named = is_type(&kind) && !segments.is_empty() && segments.iter().all(|s| is_name(s));
    let mut purl = format!("pkg:{kind}");
    for segment in &segments {
        purl.push('/');
        purl.push_str(&encoded(segment));
    }
    purl.push_str(&sorted(qualifiers.unwrap_or_default()));
    if let Some(subpath) = subpath.filter(|path| segments_of_subpath(path).next().is_some()) {
        let parts: Vec<String> =
            segments_of_subpath(subpath).map(|s| encoded(&decoded(s))).collect();
        purl.push_str(&format!("#{}", parts.join("/")));
    }
    let version = version.map(decoded).filter(|version| !version.is_empty());
    named.then_some((purl, version))
}

/// A purl from parts as people name them; `name` may hold a namespace before slashes.
pub fn of(kind: &str, name: &str) -> Option<String> {
    canonical(&format!("pkg:{kind}/{}", name.replace('@', "%40"))).map(|(purl, _)| purl)
}

/// Type in lower case, and the name behind its namespace, each as registries write them.
pub fn parts(text: &str) -> Option<(String, Vec<String>)> {
    canonical(text)?;
    let rest = text.get(4..)?.trim_start_matches('/');
    let (rest, _) = split_right(split_right(rest, '#').0, '?');
    let (kind, path) = rest.split_once('/')?;
    let path = path
        .rsplit_once('@')
        .filter(|(path, version)| !path.is_empty() && !version.contains('/'))
        .map_or(path, |(path, _)| path);
    Some((kind.to_ascii_lowercase(), segments(path).map(decoded).collect()))
}

/// What a purl's qualifier of that name says: the release of a distribution.
pub fn qualifier(text: &str, name: &str) -> Option<String> {
    let (rest, _) = split_right(text, '#');
    let mut pairs = split_right(rest, '?').1?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| decoded(value))
}

fn split_right(text: &str, mark: char) -> (&str, Option<&str>) {
    text.rsplit_once(mark).map_or((text, None), |(left, right)| (left, Some(right)))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn segments_of_subpath(path: &str) -> impl Iterator<Item = &str> {
    segments(path).filter(|segment| !matches!(*segment, "." | ".."))
}

fn is_type(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_lowercase())
        && kind.chars().all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c))
}

fn is_name(segment: &str) -> bool {
    !segment.is_empty() && segment.len() <= 214 && !segment.chars().any(char::is_control)
}

/// The types whose registry does not tell letters of one case from the other.
fn folded(kind: &str, segment: &str) -> String {
    match kind {
        "pypi" => segment.to_ascii_lowercase().replace('_', "-"),
        "github" | "bitbucket" | "composer" | "hex" | "deb" | "golang" | "npm" | "apk" => {
            segment.to_ascii_lowercase()
        }
        _ => segment.to_owned(),
    }
}

fn sorted(qualifiers: &str) -> String {
    let pairs = qualifiers.split('&').filter_map(|pair| pair.split_once('='));
    let kept: BTreeMap<String, String> = pairs
        .filter(|(key, value)| !key.is_empty() && !value.is_empty())
        .map(|(key, value)| (key.to_ascii_lowercase(), encoded_value(&decoded(value))))
        .collect();
    let pairs: Vec<String> = kept.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn decoded(text: &str) -> String {
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [byte, tail @ ..] = rest {
        let pair = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match pair.filter(|_| *byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(value) => {
                out.push(value);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded(text: &str) -> String {
    percent(text, "-._~:")
}

fn encoded_value(text: &str) -> String {
    percent(text, "-._~:/")
}

fn percent(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if byte.is_ascii_alphanumeric() || byte.is_ascii() && kept.contains(c) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification() {
        for (typed, purl, version) in [
            ("pkg:NPM/Foo@1.2.3", "pkg:npm/foo", Some("1.2.3")),
            ("pkg://npm/foo", "pkg:npm/foo", None),
            ("pkg:npm/%40angular/animation@12.3.1", "pkg:npm/%40angular/animation", Some("12.3.1")),
            ("pkg:npm/@angular/animation", "pkg:npm/%40angular/animation", None),
            ("pkg:PYPI/Django_package@1.11.1.dev1", "pkg:pypi/django-package", Some("1.11.1.dev1")),
            ("pkg:github/Package-url/purl-Spec", "pkg:github/package-url/purl-spec", None),
            (
                "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?type=zip&classifier=dist",
                "pkg:maven/org.apache.xmlgraphics/batik-anim?classifier=dist&type=zip",
                Some("1.9.1"),
            ),
            (
                "pkg:golang/google.golang.org/genproto#/googleapis/api/",
                "pkg:golang/google.golang.org/genproto#googleapis/api",
                None,
            ),
            (
                "pkg:deb/debian/curl@7.50.3-1?arch=i386",
                "pkg:deb/debian/curl?arch=i386",
                Some("7.50.3-1"),
            ),
        ] {
            let read = canonical(typed).expect(typed);
            assert_eq!((read.0.as_str(), read.1.as_deref()), (purl, version), "{typed}");
        }
    }

    #[test]
    fn the_parts_of_a_purl_as_registries_write_them() {
        let read = parts("pkg:npm/%40acme/Archive@1.2?x=y#z").expect("a purl");
        assert_eq!(read, ("npm".to_owned(), vec!["@acme".to_owned(), "Archive".to_owned()]));
        assert_eq!(
            parts("pkg:GOLANG/example.org/Acme/v2").expect("a purl").1.join("/"),
            "example.org/Acme/v2"
        );
        assert_eq!(parts("acme"), None);
        let debian = "pkg:deb/debian/acme?arch=amd64&distro=debian-12";
        assert_eq!(qualifier(debian, "distro").as_deref(), Some("debian-12"));
        assert_eq!(qualifier("pkg:npm/acme", "distro"), None);
    }

    #[test]
    fn what_is_no_purl() {
        for text in ["pkg:", "pkg:npm", "pkg:npm/", "pkg:1a/b", "http://a/b", "pkg:np m/x", "pk"] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }
}
