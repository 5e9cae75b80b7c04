//! Which readers have anything to read in a text: one pass instead of one for each of them.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// Something that must stand in a text before a certain reader can find anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Purl,
    Registry,
    Crate,
    Install,
    Address,
    Maven,
    Library,
    Field,
    Month,
    Count,
    Weekday,
    Publication,
}

/// The hints of a text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints(u16);

const WORDS: &[(Hint, &[&str])] = &[
    (Hint::Purl, &["pkg:"]),
    (
        Hint::Registry,
        &[
            "npm",
            "node",
            "pypi",
            "python",
            "ruby",
            "rust",
            "cargo",
            "crates",
            "php",
            "composer",
            "packagist",
            "nuget",
            ".net",
            "golang",
            "go ",
            "go-",
            "hex",
            "elixir",
            "erlang",
            "haskell",
            "hackage",
            "perl",
            "cpan",
            "cran",
            "maven",
            "java",
            "dart",
            "pub ",
        ],
    ),
    (Hint::Crate, &["crate", "gem"]),
    (
        Hint::Install,
        &["install", "npm i", "cargo add", "go get", "composer require", "yarn add", "pnpm add"],
    ),
    (
        Hint::Address,
        &[
            "github.com/",
            "gitlab.com/",
            "bitbucket.org/",
            "npmjs.",
            "pypi.",
            "crates.",
            "rubygems.",
            "packagist.org/",
            "nuget.org/",
            "pkg.go.dev/",
            "mvnrepository.com/",
            "sonatype.com/",
            "hex.pm/",
            "haskell.org/",
            "metacpan.org/",
        ],
    ),
    (
        Hint::Maven,
        &[
            "org.", "com.", "io.", "net.", "de.", "dev.", "ch.", "fr.", "uk.", "edu.", "eu.",
            "us.", "info.", "jp.", "cn.", "ru.", "app.", "cloud.", "me.", "co.", "gov.", "nl.",
            "se.", "javax.", "jakarta.",
        ],
    ),
    (Hint::Library, &["lib"]),
    (
        Hint::Field,
        &[
            "package",
            "project",
            "product",
            "software",
            "component",
            "library",
            "module",
            "paket",
            "bibliothek",
            "projekt",
            "produkt",
            "projet",
            "paquet",
            "logiciel",
            "proyecto",
        ],
    ),
    (
        Hint::Month,
        &[
            "jan", "enero", "feb", "fév", "mar", "mär", "apr", "avr", "abr", "may", "mai", "jun",
            "juin", "jul", "juil", "aug", "août", "agosto", "sep", "oct", "okt", "nov", "dec",
            "dez", "déc", "dic",
        ],
    ),
    (
        Hint::Count,
        &[
            "hour", "day", "week", "month", " h", "stunden", "tag", "woche", "monat", "heure",
            "jour", "semaine", "mois", "hora", "día", "semana", "mes",
        ],
    ),
    (
        Hint::Weekday,
        &[
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "tomorrow",
            "montag",
            "dienstag",
            "mittwoch",
            "donnerstag",
            "freitag",
            "samstag",
            "sonntag",
            "morgen",
            "lundi",
            "mardi",
            "mercredi",
            "jeudi",
            "vendredi",
            "samedi",
            "dimanche",
            "demain",
            "lunes",
            "martes",
            "miércoles",
            "jueves",
            "viernes",
            "sábado",
            "domingo",
        ],
    ),
    (
        Hint::Publication,
        &[
            "publi",
            "disclos",
            "release",
            "embargo",
            "blog post",
            "deadline",
            "present it",
            "talk",
            "veröffentlich",
            "offenleg",
            "divulg",
            "sold to",
            "sell it",
        ],
    ),
];

static LOOK: LazyLock<Option<(AhoCorasick, Vec<Hint>)>> = LazyLock::new(|| {
    let words = || WORDS.iter().flat_map(|(hint, words)| words.iter().map(|word| (*hint, *word)));
    let look = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(words().map(|(_, word)| word));
    Some((look.ok()?, words().map(|(hint, _)| hint).collect()))
});

impl Hints {
    pub fn of(text: &str) -> Hints {
        let Some((look, hints)) = LOOK.as_ref() else { return Hints(u16::MAX) };
        let mut heard = Hints::default();
        for hit in look.find_overlapping_iter(text) {
            heard.0 |= hints.get(hit.pattern().as_usize()).map_or(0, |hint| 1 << *hint as u16);
        }
        heard
    }

    pub fn has(self, hint: Hint) -> bool {
        self.0 & (1 << hint as u16) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_heard_in_any_case_of_letters() {
        let hints = Hints::of("the NPM package, on Friday");
        assert!(hints.has(Hint::Registry) && hints.has(Hint::Field) && hints.has(Hint::Weekday));
        assert!(!hints.has(Hint::Purl) && !hints.has(Hint::Month));
    }
}
