//! Names of weaknesses: a document that names one by number has to name it in words too.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static NAMES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("cwe.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// The name of `CWE-22` as the list has it; none for categories, deprecated entries and typos.
pub fn name(id: &str) -> Option<&'static str> {
    NAMES.get(id.strip_prefix("CWE-")?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaknesses_have_their_names() {
        let named =
            "Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')";
        assert_eq!(name("CWE-22"), Some(named));
        for none in ["CWE-022", "CWE-16", "CWE-1", "22", "cwe-22", "CWE-"] {
            assert_eq!(name(none), None, "{none}");
        }
        assert!(NAMES.len() > 900);
    }
}
