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
const EVERYDAY: [&str; 567] = [
    "a", "ab", "aber", "abi", "about", "above", "abschnitt", "add", "affect", "affected",
    "affecting", "affects", "after", "again", "against", "al", "all", "alle", "allen", "aller",
    "alles", "almost", "already", "also", "am", "an", "and", "annex", "another", "antes", "any",
    "api", "app", "application", "approx", "approximately", "après", "are", "around", "article",
    "artikel", "as", "at", "au", "auch", "aus", "available", "avant", "avec", "average",
    "backport", "backported", "backports", "base", "base-score", "be", "because", "been",
    "before", "bei", "beim", "being", "below", "beta", "between", "bin", "binary", "bis", "both",
    "branch", "branches", "breaks", "broken", "browser", "bug", "build", "built", "bump",
    "bumped", "but", "by", "bzw", "can", "cannot", "cant", "casi", "celle", "celles", "celui",
    "ceux", "chance", "changed", "chapter", "checked", "cherry-pick", "circa", "clause", "client",
    "code", "commit", "compiler", "component", "con", "confirmed", "contain", "container",
    "contains", "cost", "costs", "could", "counted", "counts", "crate", "current", "currently",
    "cvss", "cvss3", "cvss4", "cwe", "dans", "das", "dass", "date", "de", "debian/ubuntu",
    "decreased", "del", "dem", "den", "dependency", "depth", "depuis", "der", "des", "desde",
    "did", "die", "do", "docker-image", "does", "dollar", "dollars", "dont", "downgrade",
    "downgraded", "draft", "dropped", "du", "e.g", "each", "earlier", "ecosystem", "edition",
    "eg", "ein", "eine", "einem", "einen", "einer", "eines", "el", "en", "entre", "environ",
    "environmental", "eq", "er", "es", "est", "et", "etc", "etwa", "eur", "euro", "euros", "even",
    "every", "exactly", "existing", "exists", "exploit", "extension", "factor", "fell", "few",
    "fig", "figure", "file", "first", "fix", "fixed", "fixes", "following", "for", "found",
    "framework", "from", "fue", "fuer", "further", "für", "gains", "gegen", "gem", "git",
    "grade", "grew", "grows", "haben", "had", "has", "hash", "hasta", "hat", "have", "having",
    "head", "height", "here", "hits", "how", "i", "i.e", "ich", "ie", "if", "im", "image",
    "impact", "impacted", "impacts", "in", "include", "including", "increased", "inside",
    "install", "installed", "into", "introduced", "is", "issue", "issues", "ist", "it", "item",
    "items", "its", "jusque", "just", "kapitel", "kernel", "la", "las", "last", "latest", "le",
    "least", "length", "les", "level", "lib", "library", "libs", "like", "line", "lines",
    "longer", "los", "loses", "main", "mais", "major", "many", "mark", "marks", "master",
    "maximum", "may", "measures", "mehr", "menos", "merge", "merged", "might", "minimum", "minor",
    "mit", "module", "most", "must", "más", "nach", "named", "nearly", "needs", "new", "newer",
    "newest", "next", "nicht", "no", "no.", "noch", "not", "note", "now", "nr.", "number",
    "numero", "nur", "número", "o", "observed", "odds", "oder", "of", "ohne", "old", "older",
    "oldest", "on", "only", "open", "operating", "or", "os", "other", "ou", "our", "out",
    "outside", "over", "package", "page", "par", "para", "paragraph", "part", "parts", "patch",
    "patched", "per", "percent", "pin", "pinned", "platform", "plugin", "point", "points", "por",
    "pour", "pr", "present", "previous", "price", "prior", "private", "probability", "product",
    "project", "public", "pull", "que", "qui", "rate", "rated", "rating", "ratio", "reached",
    "reaches", "read", "reads", "regression", "release", "released", "releases", "releasing",
    "remains", "remove", "removed", "removes", "report", "repository", "reproduced",
    "reproducible", "rev", "revision", "rose", "roughly", "run", "rund", "running", "runs",
    "runtime", "same", "sans", "schon", "score", "score:", "scored", "scores", "scoring",
    "section", "see", "seen", "seit", "sends", "server", "set", "several", "severity", "shall",
    "ship", "shipped", "ships", "should", "sie", "sin", "since", "sind", "size",
    "sized", "sizes", "so", "sobre", "software", "some", "son", "sont", "source", "sous", "sowie",
    "spec", "speed", "stable", "standard", "step", "still", "such", "sur", "system", "systems",
    "table", "tag", "tagged", "tags", "takes", "tarball", "temporal", "test", "tested", "testing",
    "tests", "than", "that", "the", "their", "then", "there", "these", "this", "through",
    "ticket", "til", "time", "times", "to", "toda", "todas", "today", "todo", "todos", "took",
    "tool", "tools", "total", "totals", "tous", "tout", "toute", "toutes", "tried", "trunk",
    "try", "un", "una", "unas", "und", "under", "une", "ungefähr", "unos", "unter", "until",
    "up", "up-to-date", "update", "upgrade", "upstream", "upto", "usd", "use", "used", "uses",
    "using", "v", "v2", "v3", "v4", "value", "values", "ver", "verified", "versie", "versies",
    "version", "version:", "versiones", "versions", "versión", "via", "vom", "von", "vor", "vs",
    "vulnerability", "vulnerable", "wants", "war", "was", "we", "weighs", "weight", "weniger",
    "wenn", "werden", "were", "when", "where", "which", "width", "wie", "will", "windows-server",
    "wir", "wird", "with", "within", "without", "wont", "worked", "working", "works", "worth",
    "would", "writes", "wurde", "wurden", "y", "yesterday", "you", "your", "zum", "zur",
    "zwischen", "über",
];

#[rustfmt::skip]
const GROUND: [&str; 115] = [
    "aarch64", "aix", "alma", "almalinux", "alpine", "amd64", "android", "archlinux", "arm64",
    "bash", "binutils", "bluetooth", "busybox", "c", "c#", "c++", "catalina", "centos", "chrome",
    "chromium", "clang", "cmake", "coreutils", "css", "cvss", "cvssv3", "cvssv4", "debian",
    "devuan", "dns", "docker", "dotnet", "edge", "es5", "es6", "fedora", "firefox", "freebsd",
    "gcc", "gentoo", "glibc", "gnupg", "gpg", "html", "http", "http2", "http3", "https", "ieee",
    "imap", "intellij", "ios", "ip", "ipv4", "ipv6", "iso", "java", "jdk", "jre", "kubernetes",
    "leap", "linux", "llvm", "lts", "macos", "manjaro", "meson", "mint", "msvc", "nixos", "node",
    "node.js", "nodejs", "npm", "oauth", "openbsd", "openjdk", "openssh-client", "opensuse",
    "pcie", "php", "pip", "podman", "pop3", "posix", "python", "qemu", "raspbian", "rfc", "rhel",
    "rocky", "ruby", "rust", "rustc", "safari", "sequoia", "smtp", "solaris", "sonoma", "ssl",
    "sslv3", "suse", "tahoe", "tls", "tlsv1", "ubuntu", "unicode", "usb", "ventura", "virtualbox",
    "vscode", "wifi", "windows", "wine", "x86",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_for_the_search() {
        assert!(EVERYDAY.is_sorted() && GROUND.is_sorted());
    }
}
