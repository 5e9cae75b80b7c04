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
const EVERYDAY: [&str; 192] = [
    "a", "about", "above", "add", "affected", "affecting", "affects", "after", "again", "all",
    "also", "an", "and", "any", "are", "around", "as", "at", "au", "aus", "available", "base",
    "be", "because", "before", "below", "beta", "between", "branch", "bug", "build", "built", "but",
    "by", "can", "changed", "code", "commit", "component", "contains", "crate", "current",
    "currently", "cvss", "cwe", "dans", "das", "date", "de", "dependency", "der", "die", "du",
    "earlier", "ecosystem", "en", "et", "exploit", "figure", "file", "first", "fix", "fixed",
    "fixes", "for", "found", "from", "gem", "has", "have", "here", "how", "i", "if", "image", "in",
    "include", "including", "install", "installed", "into", "introduced", "is", "ist", "it", "its",
    "la", "last", "latest", "le", "library", "line", "lines", "longer", "mit", "module", "named",
    "new", "newer", "newest", "no", "not", "note", "now", "of", "older", "on", "only", "open",
    "or", "our", "package", "page", "patch", "patched", "per", "point", "pr", "private",
    "product", "project", "public", "rating", "read", "regression", "release", "released",
    "releases", "remains", "report", "repository", "same", "score", "section", "see", "set",
    "severity", "shipped", "since", "so", "software", "source", "stable", "step", "such", "table",
    "tag", "tagged", "tarball", "tested", "than", "that", "the", "their", "then", "there", "these",
    "this", "through", "til", "to", "todo", "under", "und", "until", "up", "update", "upgrade",
    "upstream", "use", "used", "uses", "using", "v", "ver", "version", "versions", "via", "vom",
    "von", "vulnerability", "vulnerable", "was", "we", "were", "when", "where", "which", "with",
    "y", "you", "your",
];

const GROUND: [&str; 62] = [
    "aarch64", "almalinux", "alpine", "amd64", "android", "archlinux", "arm64", "bash", "catalina",
    "centos", "chrome", "chromium", "clang", "cvss", "cvssv3", "cvssv4", "debian", "docker",
    "edge", "fedora", "firefox", "freebsd", "gcc", "glibc", "gnupg", "gpg", "http", "https", "ios",
    "ip", "java", "jdk", "jre", "linux", "llvm", "lts", "macos", "manjaro", "mint", "node",
    "node.js", "nodejs", "npm", "openbsd", "openjdk", "php", "pip", "python", "rfc", "rhel",
    "ruby", "rust", "rustc", "safari", "sonoma", "ssl", "suse", "tls", "ubuntu", "ventura",
    "windows", "x86",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_for_the_search() {
        assert!(EVERYDAY.is_sorted() && GROUND.is_sorted());
    }
}
