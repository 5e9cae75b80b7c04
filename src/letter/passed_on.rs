//! A report, passed on without what says who wrote it.

/// What stands in the place of a name or an address.
const WITHHELD: &str = "[withheld]";
/// Letters of one part of a name below which it is too short to look for.
const NAME_CHARS: usize = 3;

/// A mail's words without these names and addresses of its author, and without its signature
/// block (RFC 3676 section 4.3). What they say of themselves in other words stays.
pub fn passed_on(text: &str, without: &[String]) -> String {
    if without.is_empty() {
        return text.trim_end().to_owned();
    }
    let signed = text.lines().position(|line| matches!(line.trim_end_matches('\r'), "-- " | "--"));
    let body: Vec<&str> = text.lines().take(signed.unwrap_or(usize::MAX)).collect();
    let mut sought: Vec<&str> = without.iter().map(|name| name.trim()).collect();
    let parts = without.iter().filter(|name| !name.contains('@'));
    sought.extend(parts.flat_map(|name| name.split_whitespace()));
    sought.retain(|name| name.chars().count() >= NAME_CHARS);
    sought.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut words = body.join("\n").trim_end().to_owned();
    for name in sought {
        words = withheld(&words, name);
    }
    words
}

/// Every place where the name stands by itself, whatever its case.
fn withheld(text: &str, name: &str) -> String {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let mut kept = String::with_capacity(text.len());
    let mut before: Option<char> = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let whole = |end: &usize| {
            let after = rest.get(*end..).and_then(|rest| rest.chars().next());
            !after.is_some_and(char::is_alphanumeric)
        };
        let apart = !before.is_some_and(char::is_alphanumeric);
        let found = if apart { begins(rest, &name).filter(whole) } else { None };
        let width = found.unwrap_or(first.len_utf8());
        match found {
            Some(_) => kept.push_str(WITHHELD),
            None => kept.push(first),
        }
        before = rest.get(..width).and_then(|taken| taken.chars().next_back());
        rest = rest.get(width..).unwrap_or_default();
    }
    kept
}

/// Octets of the name at the beginning of the text, if it stands there.
fn begins(text: &str, name: &[char]) -> Option<usize> {
    let mut sought = name.iter();
    for (at, c) in text.char_indices() {
        if sought.as_slice().is_empty() {
            return Some(at);
        }
        if !c.to_lowercase().all(|c| sought.next() == Some(&c)) {
            return None;
        }
    }
    sought.as_slice().is_empty().then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        vec!["Fay Finder".to_owned(), "fay@finders.example".to_owned()]
    }

    #[test]
    fn name_address_and_signature_block_stay_here() {
        let text = "I am fay finder <Fay@Finders.example>.\nIt crashes, finderless.\n\nKind \
                    regards,\nFAY\n-- \nFay Finder, Finders Ltd.\n";
        let told = passed_on(text, &names());
        let expected = "I am [withheld] <[withheld]>.\nIt crashes, finderless.\n\nKind \
                        regards,\n[withheld]";
        assert_eq!(told, expected);
    }

    #[test]
    fn with_consent_it_is_as_it_was() {
        let text = "It crashes.\n-- \nFay\n";
        assert_eq!(passed_on(text, &[]), "It crashes.\n-- \nFay");
    }

    #[test]
    fn names_of_any_script_and_short_ones() {
        assert_eq!(
            passed_on("von Łucja, ŁUCJA!", &["Łucja".into()]),
            "von [withheld], [withheld]!"
        );
        assert_eq!(passed_on("al dente", &["Al".into()]), "al dente");
        assert_eq!(passed_on("", &names()), "");
    }
}
