//! Words that stand before a version without being the name of a package.

/// Is this word a name? Not where it is an everyday word, or the ground that a test ran on.
pub fn is_name(word: &str) -> bool {
    let lower = word.to_lowercase();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2
        && word.len() <= 100
        && EVERYDAY.binary_search(&lower.as_str()).is_err()
        && GROUND.binary_search(&lower.as_str()).is_err()
}

/// Is this word the name of a system, a compiler or a protocol?
pub fn is_ground(word: &str) -> bool {
    GROUND.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// In alphabetical order, for the search.
#[rustfmt::skip]
const EVERYDAY: [&str; 487] = [
    "a", "ab", "aber", "abi", "about", "above", "add", "affect", "affected", "affecting",
    "affects", "after", "again", "against", "al", "all", "alle", "allen", "aller", "alles",
    "almost", "already", "also", "am", "an", "and", "another", "antes", "any", "api", "app",
    "application", "approximately", "après", "are", "around", "as", "at", "au", "auch", "aus",
    "available", "avant", "avec", "average", "backport", "backported", "backports", "base", "be",
    "because", "been", "before", "bei", "beim", "being", "below", "beta", "between", "bin",
    "binary", "bis", "both", "branch", "breaks", "broken", "browser", "bug", "build", "built",
    "bump", "bumped", "but", "by", "bzw", "can", "cannot", "cant", "celle", "celles", "celui",
    "ceux", "changed", "checked", "cherry-pick", "client", "code", "commit", "compiler",
    "component", "con", "confirmed", "contain", "container", "contains", "could", "crate",
    "current", "currently", "cvss", "cwe", "dans", "das", "dass", "date", "de", "debian/ubuntu",
    "del", "dem", "den", "dependency", "depuis", "der", "des", "desde", "did", "die", "do",
    "docker-image", "does", "dollar", "dollars", "dont", "downgrade", "downgraded", "draft", "du",
    "e.g", "each", "earlier", "ecosystem", "edition", "eg", "ein", "eine", "einem", "einen",
    "einer", "eines", "el", "en", "entre", "er", "es", "est", "et", "etc", "eur", "euro", "euros",
    "even", "every", "exactly", "existing", "exists", "exploit", "extension", "factor", "few",
    "figure", "file", "first", "fix", "fixed", "fixes", "following", "for", "found", "framework",
    "from", "fue", "fuer", "für", "gegen", "gem", "git", "haben", "had", "has", "hash", "hasta",
    "hat", "have", "having", "head", "here", "hits", "how", "i", "i.e", "ich", "ie", "if", "im",
    "image", "impact", "impacted", "impacts", "in", "include", "including", "inside", "install",
    "installed", "into", "introduced", "is", "issue", "issues", "ist", "it", "item", "items",
    "its", "jusque", "just", "kernel", "la", "las", "last", "latest", "le", "least", "length",
    "les", "level", "lib", "library", "libs", "like", "line", "lines", "longer", "los", "main",
    "mais", "major", "many", "master", "maximum", "may", "menos", "merge", "merged", "might",
    "minimum", "minor", "mit", "module", "most", "must", "más", "nach", "named", "nearly", "new",
    "newer", "newest", "next", "nicht", "no", "no.", "noch", "not", "note", "now", "nr.",
    "number", "numero", "nur", "número", "o", "observed", "oder", "of", "ohne", "old", "older",
    "oldest", "on", "only", "open", "operating", "or", "os", "other", "ou", "our", "out",
    "outside", "over", "package", "page", "par", "para", "part", "parts", "patch", "patched",
    "per", "pin", "pinned", "platform", "plugin", "point", "points", "por", "pour", "pr",
    "present", "previous", "price", "prior", "private", "product", "project", "public", "pull",
    "que", "qui", "rate", "rating", "read", "regression", "release", "released", "releases",
    "releasing", "remains", "remove", "removed", "removes", "report", "repository", "reproduced",
    "reproducible", "rev", "revision", "roughly", "run", "running", "runs", "runtime", "same",
    "sans", "schon", "score", "section", "see", "seen", "seit", "server", "set", "several",
    "severity", "shall", "ship", "shipped", "ships", "should", "sie", "sin", "since", "sind",
    "size", "sizes", "so", "sobre", "software", "some", "son", "sont", "source", "sous", "sowie",
    "spec", "stable", "standard", "step", "still", "such", "sur", "system", "systems", "table",
    "tag", "tagged", "tarball", "test", "tested", "testing", "tests", "than", "that", "the",
    "their", "then", "there", "these", "this", "through", "ticket", "til", "time", "times", "to",
    "toda", "todas", "today", "todo", "todos", "tool", "tools", "total", "totals", "tous", "tout",
    "toute", "toutes", "tried", "trunk", "try", "un", "una", "unas", "und", "under", "une",
    "unos", "unter", "until", "up", "up-to-date", "update", "upgrade", "upstream", "usd", "use",
    "used", "uses", "using", "v", "value", "values", "ver", "verified", "version", "versions",
    "via", "vom", "von", "vor", "vs", "vulnerability", "vulnerable", "war", "was", "we", "wenn",
    "werden", "were", "when", "where", "which", "wie", "will", "windows-server", "wir", "wird",
    "with", "within", "without", "wont", "worked", "working", "works", "would", "wurde", "wurden",
    "y", "yesterday", "you", "your", "zum", "zur", "zwischen", "über",
];

#[rustfmt::skip]
const GROUND: [&str; 62] = [
    "aarch64", "almalinux", "alpine", "amd64", "android", "archlinux", "arm64", "bash",
    "catalina", "centos", "chrome", "chromium", "clang", "cvss", "cvssv3", "cvssv4", "debian",
    "docker", "edge", "fedora", "firefox", "freebsd", "gcc", "glibc", "gnupg", "gpg", "http",
    "https", "ios", "ip", "java", "jdk", "jre", "linux", "llvm", "lts", "macos", "manjaro",
    "mint", "node", "node.js", "nodejs", "npm", "openbsd", "openjdk", "php", "pip", "python",
    "rfc", "rhel", "ruby", "rust", "rustc", "safari", "sonoma", "ssl", "suse", "tls", "ubuntu",
    "ventura", "windows", "x86",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_for_the_search() {
        assert!(EVERYDAY.is_sorted() && GROUND.is_sorted());
    }
}
