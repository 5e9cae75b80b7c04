//! "Did you mean": the nearest of the known names.

/// How alike two names must be to be offered (Jaro-Winkler, 0 to 1).
const ALIKE: f64 = 0.82;

/// The known name most like this one, if any is like it at all.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let alike = |known: &str| strsim::jaro_winkler(&name, &known.to_lowercase());
    known
        .into_iter()
        .map(|known| (alike(known), known))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_nonsense_is_not() {
        let known = ["host", "port", "tls", "user", "password_file"];
        assert_eq!(nearest("hots", known), Some("host"));
        assert_eq!(nearest("passwordfile", known), Some("password_file"));
        assert_eq!(nearest("PORT", known), Some("port"));
        assert_eq!(nearest("colour", known), None);
    }
}
