//! Packages: as purls where the words allow it, else as they are named.

use super::hints::{Hint, Hints};
use super::names::is_name;
use super::numbers::is_measured;
use super::{Placed, after, before};
use crate::case::purl;
use crate::limits::{EXTRACTED, MENTIONS};
use crate::triage::pattern;
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A package, with its version where it was written together with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub at: usize,
    pub name: String,
    pub version: Option<String>,
    /// Where the words that name it end: a version may follow.
    pub end: usize,
}

/// A way of naming a package: what it looks like, and how it is read.
struct Form {
    /// Without this in a text it is not looked for.
    hint: Option<Hint>,
    look: LazyLock<Option<Regex>>,
    read: fn(&str, &Captures<'_>) -> Option<Package>,
}

static FORMS: [Form; 9] = [
    Form {
        hint: Some(Hint::Purl),
        look: LazyLock::new(|| pattern(r#"(?i)\bpkg:[a-z0-9.+/-]{2,}/(?u:[^\s<>"'`,;)\]])+"#)),
        read: url,
    },
    Form {
        hint: Some(Hint::Registry),
        look: LazyLock::new(|| {
            pattern(concat!(
                r"(?i)\b(npm|node\.?js|pypi|python|ruby|rubygems|rust|cargo|crates",
                r"|php|composer",
                r"|packagist|nuget|\.net|go|golang|hex|elixir|erlang|haskell|hackage",
                r"|perl|cpan|cran",
                r"|maven|java|dart|pub)[ -](?:package|module|library|crate|gem",
                r"|distribution|artifact)",
                r#":?\s+(?:named |called )?["'`]?(@?[A-Za-z0-9][\w.@/:-]*)"#,
            ))
        }),
        read: |_, c| registry(c, 1, 2),
    },
    Form {
        hint: Some(Hint::Crate),
        look: LazyLock::new(|| {
            pattern(r#"(?i)\b(crate|rubygem|gem)\s+(?:named |called )?["'`]?([a-z0-9][\w-]*)"#)
        }),
        read: |_, c| registry(c, 1, 2),
    },
    Form {
        hint: Some(Hint::Install),
        look: LazyLock::new(|| {
            pattern(concat!(
                r"(?i)\b(npm|pip3?|cargo|gem|go|composer|yarn|pnpm)\s+(?:install|i|add",
                r"|get|require)",
                r#"\s+(?:-(?u:\S)+\s+)*["'`]?(@?[A-Za-z0-9][\w.@/-]*)"#,
            ))
        }),
        read: |_, c| registry(c, 1, 2),
    },
    Form {
        hint: Some(Hint::Registry),
        look: LazyLock::new(|| {
            pattern(concat!(
                r#"(?i)(?:^|[\s("'`])(@?[A-Za-z0-9][\w.@/:-]*)["'`]?"#,
                r"(?:\s+(?:package|module|v?[0-9][\w.]*))?",
                r"\s+(?:\(|(?:on|from|at|in|auf|sur|en)\s+(?:the\s+)?)(pypi|npmjs|npm",
                r"|crates(?:\.[a-z]{2})?",
                r"|rubygems|maven central|packagist|nuget|hex\.pm|hackage|cpan|cran)\b",
            ))
        }),
        read: |_, c| registry(c, 2, 1),
    },
    Form {
        hint: Some(Hint::Address),
        look: LazyLock::new(|| {
            pattern(concat!(
                r"(?i)((?:npmjs|pypi|crates|rubygems|packagist|nuget)\.[a-z]{2,3}",
                r"/(?:package|packages|project|crates|gems)",
                r"|pkg\.go\.dev",
                r"|mvnrepository\.com/artifact",
                r"|central\.sonatype\.com/artifact|hex\.pm/packages|hackage\.haskell\.org/package",
                r"|metacpan\.org/dist|github\.com|gitlab\.com",
                r"|bitbucket\.org)/(@?[\w.-]+(?:/[\w.-]+)*)",
            ))
        }),
        read: address,
    },
    Form {
        hint: Some(Hint::Maven),
        look: LazyLock::new(|| {
            pattern(concat!(
                r"\b((?:org|com|io|net|de|dev|ch|fr|uk|edu|eu|us|info|jp|cn|ru|app|cloud|me|co|gov",
                r"|nl|se|javax|jakarta)(?:\.[A-Za-z0-9_-]+)+):([A-Za-z][A-Za-z0-9_.-]*)",
            ))
        }),
        read: maven,
    },
    Form {
        hint: None,
        look: LazyLock::new(|| {
            pattern(concat!(
                r"([A-Za-z][A-Za-z0-9_.+-]*[A-Za-z0-9+])(?:,?\s+(?:\(?(?:in ",
                r"|all )?(?:versions?|ver\.?",
                r"|releases?|Version|Versionen|versión|v\.)\s+)?(?:before |prior to ",
                r"|through |up to ",
                r"|until |since |from |vor |bis |ab |avant |antes de )?(?:[<>=]{1,2}\s*)?v?|-v?)",
                r"([0-9]+\.[0-9]+(?:\.[0-9]+)*)",
            ))
        }),
        read: versioned,
    },
    Form {
        hint: Some(Hint::Library),
        look: LazyLock::new(|| pattern(r"\blib[a-z0-9][a-z0-9_+-]*[a-z0-9+]")),
        read: library,
    },
];

/// Every mention of a package, in the order of the text.
pub fn find(text: &str, hints: Hints) -> Vec<Package> {
    let mut found = if hints.has(Hint::Field) { fields(text) } else { Vec::new() };
    for form in FORMS.iter().filter(|form| form.hint.is_none_or(|hint| hints.has(hint))) {
        let Some(look) = form.look.as_ref() else { continue };
        found.extend(
            look.captures_iter(text).take(MENTIONS).filter_map(|hit| (form.read)(text, &hit)),
        );
    }
    found.sort_by_key(|package| package.at);
    found
}

/// Each package once, spelled as it was first. One that is named plainly and as a purl is its purl.
pub fn names(found: &[Package]) -> Vec<Placed> {
    let mut first: BTreeMap<String, &Package> = BTreeMap::new();
    for package in found {
        first.entry(package.name.to_lowercase()).or_insert(package);
    }
    let mut once: Vec<(String, &Package)> = first.into_iter().collect();
    once.sort_by_key(|(_, package)| package.at);
    once.truncate(EXTRACTED * 2);
    let fuller = |name: &str| {
        once.iter().any(|(other, _)| match other.starts_with("pkg:") {
            true => last(other) == name.replace('_', "-"),
            false => other.ends_with(&format!(" {name}")),
        })
    };
    let kept = once.iter().filter(|(name, _)| name.starts_with("pkg:") || !fuller(name));
    kept.map(|(_, package)| (package.at, package.name.clone())).collect()
}

/// The name in a purl, in lower case.
fn last(purl: &str) -> String {
    let path = purl.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_lowercase()
}

fn kind_of(registry: &str) -> Option<&'static str> {
    let registry = registry.to_ascii_lowercase();
    // The first label of a registry's address is the name people call it by.
    let label = registry.split('.').next().filter(|label| !label.is_empty());
    if let Some(kind) = label.and_then(by_name) {
        return Some(kind);
    }
    by_address(&registry)
}

fn by_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "npm" | "npmjs" | "node" | "nodejs" | "yarn" | "pnpm" => "npm",
        "pypi" | "python" | "pip" | "pip3" => "pypi",
        "ruby" | "rubygems" | "rubygem" | "gem" => "gem",
        "rust" | "cargo" | "crate" | "crates" => "cargo",
        "php" | "composer" | "packagist" => "composer",
        "nuget" => "nuget",
        "go" | "golang" => "golang",
        "hex" | "elixir" | "erlang" => "hex",
        "haskell" | "hackage" => "hackage",
        "perl" | "cpan" => "cpan",
        "cran" => "cran",
        "dart" | "pub" => "pub",
        "maven" | "java" | "maven central" => "maven",
        _ => return None,
    })
}

fn by_address(registry: &str) -> Option<&'static str> {
    Some(match registry {
        ".net" => "nuget",
        "pkg.go.dev" => "golang",
        "metacpan.org/dist" => "cpan",
        "mvnrepository.com/artifact" | "central.sonatype.com/artifact" => "maven",
        "github.com" => "github",
        "gitlab.com" => "gitlab",
        "bitbucket.org" => "bitbucket",
        _ => return None,
    })
}

fn placed(hit: &Captures<'_>, name: String, version: Option<String>) -> Option<Package> {
    let whole = hit.get(0)?;
    Some(Package { at: whole.start(), name, version, end: whole.end() })
}

fn url(_: &str, hit: &Captures<'_>) -> Option<Package> {
    let (purl, version) = purl::canonical(trimmed(hit.get(0)?.as_str()))?;
    placed(hit, purl, version)
}

fn trimmed(name: &str) -> &str {
    name.trim_end_matches(['.', ':', '/', '-', '@', '!', '?'])
}

/// "npm package foo", "foo on PyPI": a registry and a name.
fn registry(hit: &Captures<'_>, registry: usize, name: usize) -> Option<Package> {
    let kind = kind_of(hit.get(registry)?.as_str())?;
    let name = trimmed(hit.get(name)?.as_str());
    let (name, version) = match name.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => (name, Some(version.to_owned())),
        _ => (name, None),
    };
    let bare_number = name.starts_with(|c: char| c.is_ascii_digit()) && name.contains('.');
    if !is_name(name) || bare_number || kind == "golang" && !name.contains('.') {
        return None;
    }
    let name = if kind == "maven" { name.replacen(':', "/", 1) } else { name.to_owned() };
    placed(hit, purl::of(kind, &name)?, version)
}

/// The address of a package or repository.
fn address(text: &str, hit: &Captures<'_>) -> Option<Package> {
    const NO_OWNER: [&str; 10] = [
        "advisories",
        "security",
        "orgs",
        "features",
        "sponsors",
        "topics",
        "search",
        "settings",
        "marketplace",
        "login",
    ];
    let host = hit.get(1)?;
    if before(text, host.start(), 1) == "@" {
        return None;
    }
    let kind = kind_of(host.as_str())?;
    let path = trimmed(hit.get(2)?.as_str());
    let mut parts = path.split('/');
    let name = match (kind, parts.next()?, parts.next()) {
        ("github" | "gitlab" | "bitbucket", owner, Some(name)) => {
            if NO_OWNER.contains(&owner) {
                return None;
            }
            format!("{owner}/{}", name.strip_suffix(".git").unwrap_or(name))
        }
        ("github" | "gitlab" | "bitbucket", _, None) => return None,
        ("golang", _, _) => path.to_owned(),
        ("maven" | "composer", owner, Some(name)) => format!("{owner}/{name}"),
        ("npm", scope, Some(name)) if scope.starts_with('@') => format!("{scope}/{name}"),
        (_, name, _) => name.to_owned(),
    };
    placed(hit, purl::of(kind, &name)?, None)
}

/// `group:artifact`, as Maven writes it.
fn maven(text: &str, hit: &Captures<'_>) -> Option<Package> {
    let (group, artifact) = (hit.get(1)?, trimmed(hit.get(2)?.as_str()));
    let joined = before(text, group.start(), 1);
    if matches!(joined, "/" | "@" | ".") || after(text, hit.get(0)?.end(), 1) == "/" {
        return None;
    }
    placed(hit, purl::of("maven", &format!("{}/{artifact}", group.as_str()))?, None)
}

/// "libexample 1.2.3": a name, because a version follows.
fn versioned(text: &str, hit: &Captures<'_>) -> Option<Package> {
    let (word, version) = (hit.get(1)?, hit.get(2)?.as_str());
    let long = version.matches('.').count() > 1;
    let measured = !long && is_measured(after(text, hit.get(0)?.end(), 12));
    let counts = !is_date_or_address(version) && (long || looks_like_a_name(word.as_str()));
    let named = counts && !measured && !is_joined(text, word.start()) && is_name(word.as_str());
    let (at, end) = (word.start(), word.end());
    named.then(|| Package { at, name: word.as_str().to_owned(), version: None, end })
}

/// A word that names itself a library.
fn library(text: &str, hit: &Captures<'_>) -> Option<Package> {
    let word = hit.get(0)?;
    let file = after(text, word.end(), 3);
    let elsewhere = ["(", ".so", ".a", "/"].iter().any(|mark| file.starts_with(mark));
    let named = is_library(word.as_str()) && !elsewhere && !is_joined(text, word.start());
    if named { placed(hit, word.as_str().to_owned(), None) } else { None }
}

/// Part of an address, a path or a longer word.
fn is_joined(text: &str, start: usize) -> bool {
    let before = before(text, start, 1);
    matches!(before, "/" | "@" | "." | ":" | "=" | "-" | "%" | "_" | "#")
        || before.chars().any(char::is_alphanumeric)
}

fn is_date_or_address(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    let small = |part: &&str| part.parse::<u16>().is_ok_and(|n| n <= 255);
    match parts.as_slice() {
        [_, _, year] if year.len() == 4 => true,
        // A thousand, as some write it.
        [_, thousand] if thousand.len() == 3 => true,
        [_, _, _, _] => parts.iter().all(small),
        _ => false,
    }
}

/// Only two numbers follow: a short word before them is no name, unless it looks like one.
fn looks_like_a_name(word: &str) -> bool {
    word.len() > 4
        || word.contains(['-', '_', '+'])
        || word.chars().any(|c| c.is_ascii_digit())
        || word.starts_with(|c: char| c.is_uppercase())
}

fn is_library(word: &str) -> bool {
    const OTHER: [&str; 16] = [
        "libc",
        "libel",
        "liberal",
        "liberate",
        "liberties",
        "liberty",
        "libido",
        "libpthread",
        "libraries",
        "library",
        "libre",
        "libs",
        "libasan",
        "libstdc",
        "libstdc++",
        "libero",
    ];
    word.len() > 4 && word.starts_with("lib") && !OTHER.contains(&word)
}

/// `Package: foo` on a line of its own, with `Ecosystem: npm` beside it where there is one.
fn fields(text: &str) -> Vec<Package> {
    static FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?im)^[ \t>*#-]*(?:affected |betroffene?s? )?(?:package|project|product",
            r"|software|component",
            r"|library|module|paket|bibliothek|projekt|produkt|projet|paquet|logiciel",
            r"|proyecto|paquete)",
            r"(?: name)?[ \t]*\*{0,2}:[ \t]*\*{0,2}[ \t]*`?([A-Za-z@](?u:[^\n`*(,;]){0,80})",
        ))
    });
    static ECOSYSTEM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?im)^[ \t>*#-]*(?:ecosystem|registry|ökosystem)[ \t]*\*{0,2}:[ \t]*\*{0,2}",
            r"[ \t]*([\w. ]{2,20})",
        ))
    });
    let registry = ECOSYSTEM.as_ref().and_then(|look| look.captures(text));
    let kind = registry.and_then(|hit| kind_of(hit.get(1)?.as_str().trim()));
    let Some(look) = FIELD.as_ref() else { return Vec::new() };
    look.captures_iter(text).take(MENTIONS).filter_map(|hit| field(&hit, kind)).collect()
}

fn field(hit: &Captures<'_>, kind: Option<&str>) -> Option<Package> {
    let value = hit.get(1)?.as_str();
    let ends = |word: &&str| {
        let word = word.trim_start_matches(['v', '<', '>', '=', '(']);
        !word.starts_with(|c: char| c.is_ascii_digit())
            && !matches!(
                word,
                "version" | "versions" | "before" | "up" | "through" | "all" | "-" | ""
            )
    };
    let words: Vec<&str> = value.split_whitespace().take_while(ends).collect();
    let name = trimmed(&words.join(" ")).to_owned();
    let one = words.len() == 1;
    if !(1..=3).contains(&words.len()) || !is_name(&name) || name.contains("://") {
        return None;
    }
    if name.starts_with("pkg:") || name.contains(".com/") || name.contains(".org/") {
        return None;
    }
    match kind.filter(|_| one) {
        Some("maven") => placed(hit, purl::of("maven", &name.replacen(':', "/", 1))?, None),
        Some(kind) => placed(hit, purl::of(kind, &name)?, None),
        None if one && name.contains(':') => None,
        None => placed(hit, name, None),
    }
}

#[cfg(test)]
#[path = "packages_tests.rs"]
mod tests;
