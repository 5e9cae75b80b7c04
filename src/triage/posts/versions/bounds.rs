//! "before", "through", "and later": words and signs that make a range of a number.

use super::numbers::Hit;
pub use crate::triage::extract::bound::Bound;

/// What stands before a number.
pub struct Lead {
    pub bound: Bound,
    /// It may go on from the number before it.
    pub range: bool,
    /// It was a sign such as `>=`.
    pub sign: bool,
    pub says_version: bool,
    /// Where in the text on the left these words begin.
    pub begins: usize,
}

/// What stands behind a number.
pub struct Behind {
    pub bound: Option<Bound>,
    /// The range holds the number, or not; where that is said.
    pub edge: Option<bool>,
    pub length: usize,
}

impl Bound {
    /// With what stands behind the number.
    pub fn and(self, behind: &Behind, sign: bool) -> Bound {
        match (self, behind.bound, behind.edge) {
            (Bound::Is, Some(bound), _) => bound,
            (Bound::From, Some(bound), _) if !sign => bound,
            (Bound::Is | Bound::Below, _, Some(true)) => Bound::UpTo,
            (Bound::Is | Bound::UpTo, _, Some(false)) => Bound::Below,
            (bound, _, _) => bound,
        }
    }
}

/// Signs and words before a number, the longer of two first; and whether they join two numbers.
const BEFORE: [(&str, Bound, bool); 74] = [
    ("<=", Bound::UpTo, false),
    ("=<", Bound::UpTo, false),
    ("< =", Bound::UpTo, false),
    ("\u{2264}", Bound::UpTo, false),
    (">=", Bound::From, false),
    ("=>", Bound::From, false),
    ("> =", Bound::From, false),
    ("\u{2265}", Bound::From, false),
    ("<", Bound::Below, false),
    (">", Bound::Above, false),
    ("up to, and including,", Bound::UpTo, true),
    ("up to and including,", Bound::UpTo, true),
    ("up to and including", Bound::UpTo, true),
    ("up to, and including", Bound::UpTo, true),
    ("up to (and including)", Bound::UpTo, true),
    ("up to (including)", Bound::UpTo, true),
    ("up to and also including", Bound::UpTo, true),
    ("up through", Bound::UpTo, true),
    ("up until and including", Bound::UpTo, true),
    ("to and including", Bound::UpTo, true),
    ("through and including", Bound::UpTo, true),
    ("until and including", Bound::UpTo, true),
    ("before and including", Bound::UpTo, true),
    ("prior to and including", Bound::UpTo, true),
    ("up to but not including", Bound::Below, true),
    ("up to, but not including", Bound::Below, true),
    ("up to but excluding", Bound::Below, true),
    ("up to (excluding)", Bound::Below, true),
    ("up to (not including)", Bound::Below, true),
    ("but not including", Bound::Below, true),
    ("not including", Bound::Below, true),
    ("but before", Bound::Below, true),
    ("and before", Bound::Below, true),
    ("but prior to", Bound::Below, true),
    ("before", Bound::Below, true),
    ("prior to", Bound::Below, true),
    ("prior", Bound::Below, true),
    ("earlier than", Bound::Below, false),
    ("older than", Bound::Below, false),
    ("lower than", Bound::Below, false),
    ("less than", Bound::Below, false),
    ("smaller than", Bound::Below, false),
    ("preceding", Bound::Below, false),
    ("below", Bound::Below, false),
    ("under", Bound::Below, false),
    ("up to", Bound::UpTo, true),
    ("upto", Bound::UpTo, true),
    ("through", Bound::UpTo, true),
    ("thru", Bound::UpTo, true),
    ("until", Bound::UpTo, true),
    ("till", Bound::UpTo, true),
    ("later than", Bound::Above, false),
    ("newer than", Bound::Above, false),
    ("greater than or equal to", Bound::From, false),
    ("greater than", Bound::Above, false),
    ("higher than", Bound::Above, false),
    ("starting with", Bound::From, false),
    ("starting from", Bound::From, false),
    ("starting in", Bound::From, false),
    ("starting at", Bound::From, false),
    ("beginning with", Bound::From, false),
    ("beginning in", Bound::From, false),
    ("introduced in", Bound::From, false),
    ("introduced with", Bound::From, false),
    ("introduced by", Bound::From, false),
    ("as of", Bound::From, false),
    ("at least", Bound::From, false),
    ("since", Bound::From, false),
    ("from", Bound::From, false),
    ("to", Bound::Is, true),
    ("..", Bound::Is, true),
    ("--", Bound::Is, true),
    ("~", Bound::Is, true),
    ("-", Bound::Is, true),
];

/// Words behind a number.
const BEHIND: [(&str, Bound); 70] = [
    ("up to now", Bound::From),
    ("up to date", Bound::From),
    ("up to the current", Bound::From),
    ("up to the latest", Bound::From),
    ("up to current", Bound::From),
    ("up to latest", Bound::From),
    ("to the current", Bound::From),
    ("to the latest", Bound::From),
    ("to current", Bound::From),
    ("to latest", Bound::From),
    ("until now", Bound::From),
    ("through the latest", Bound::From),
    ("and all earlier", Bound::UpTo),
    ("and all prior", Bound::UpTo),
    ("and all previous", Bound::UpTo),
    ("and all older", Bound::UpTo),
    ("and all lower", Bound::UpTo),
    ("and all versions below", Bound::UpTo),
    ("and all versions before", Bound::UpTo),
    ("and all later", Bound::From),
    ("and all newer", Bound::From),
    ("and all subsequent", Bound::From),
    ("and earlier", Bound::UpTo),
    ("or earlier", Bound::UpTo),
    ("and below", Bound::UpTo),
    ("or below", Bound::UpTo),
    ("and older", Bound::UpTo),
    ("or older", Bound::UpTo),
    ("and prior", Bound::UpTo),
    ("or prior", Bound::UpTo),
    ("and previous", Bound::UpTo),
    ("or previous", Bound::UpTo),
    ("and lower", Bound::UpTo),
    ("or lower", Bound::UpTo),
    ("and under", Bound::UpTo),
    ("or less", Bound::UpTo),
    ("and before", Bound::UpTo),
    ("or before", Bound::UpTo),
    ("and possibly earlier", Bound::UpTo),
    ("and probably earlier", Bound::UpTo),
    ("and potentially earlier", Bound::UpTo),
    ("and likely earlier", Bound::UpTo),
    ("(and earlier", Bound::UpTo),
    ("(and below", Bound::UpTo),
    ("(and older", Bound::UpTo),
    ("(and prior", Bound::UpTo),
    ("(and possibly earlier", Bound::UpTo),
    ("(or earlier", Bound::UpTo),
    ("(or older", Bound::UpTo),
    ("and later", Bound::From),
    ("or later", Bound::From),
    ("and newer", Bound::From),
    ("or newer", Bound::From),
    ("and above", Bound::From),
    ("or above", Bound::From),
    ("and up", Bound::From),
    ("and higher", Bound::From),
    ("or higher", Bound::From),
    ("or greater", Bound::From),
    ("and greater", Bound::From),
    ("and subsequent", Bound::From),
    ("and onward", Bound::From),
    ("and following", Bound::From),
    ("and after", Bound::From),
    ("or after", Bound::From),
    ("(and later", Bound::From),
    ("(or later", Bound::From),
    ("(or newer", Bound::From),
    ("onward", Bound::From),
    ("+", Bound::From),
];

/// Whether the number itself belongs to the range.
const EDGES: [(&str, bool); 10] = [
    ("(both inclusive", true),
    ("(inclusive", true),
    ("(included", true),
    ("(including", true),
    ("inclusive", true),
    ("included", true),
    ("(exclusive", false),
    ("(excluded", false),
    ("(excluding", false),
    ("(not included", false),
];

/// Words between a bound and its number: "before version 1.2".
const NOISE: [&str; 17] = [
    "mainline",
    "versions",
    "version",
    "releases",
    "release",
    "including",
    "ver.",
    "ver",
    "the",
    "and",
    "v",
    "tag",
    "stable",
    "upstream",
    "commit",
    "kernel",
    "of",
];

/// What may stand between a bound and its number.
const OPENING: [char; 7] = [' ', '(', '"', '\'', '`', ':', '*'];
/// Words that are noise only behind a bound; alone they list.
const WEAK: [&str; 8] = ["and", "the", "including", "of", "kernel", "upstream", "stable", "commit"];

pub fn leading(left: &str) -> Lead {
    let signed = left.trim_end().ends_with(['<', '>', '=']);
    let mut rest = if signed { left.trim_end() } else { left.trim_end_matches(OPENING) };
    if rest.ends_with("==") {
        rest = rest.trim_end_matches('=');
    }
    let mut says_version = false;
    while let Some(word) = NOISE.iter().find(|word| ends_in(rest, word)) {
        let cut = rest.get(..rest.len() - word.len()).unwrap_or_default();
        if WEAK.contains(word) && !bounded(cut) {
            break;
        }
        says_version |=
            word.starts_with("ver") || word.starts_with("rel") || matches!(*word, "v" | "tag");
        rest = cut.trim_end();
    }
    if let Some((sign, bound, range)) = BEFORE.iter().find(|(sign, _, _)| ends_in(rest, sign)) {
        let sign_only = !sign.contains(|c: char| c.is_alphabetic());
        return Lead {
            bound: *bound,
            range: *range,
            sign: sign_only,
            says_version,
            begins: rest.len() - sign.len(),
        };
    }
    Lead { bound: Bound::Is, range: false, sign: false, says_version, begins: rest.len() }
}

fn bounded(text: &str) -> bool {
    let text = text.trim_end();
    BEFORE.iter().any(|(sign, bound, _)| *bound != Bound::Is && ends_in(text, sign))
}

pub fn behind(right: &str) -> Behind {
    let bare = right.trim_start_matches([' ', ',', ')', '"', '\'', '`']);
    let bare = bare.strip_prefix("versions ").unwrap_or(bare);
    let skipped = right.len() - bare.len();
    let length = |words: &str| skipped + words.len();
    if let Some((words, edge)) = EDGES.iter().find(|(words, _)| bare.starts_with(words)) {
        return Behind { bound: None, edge: Some(*edge), length: length(words) };
    }
    let plus =
        skipped == 0 && !bare.get(1..).unwrap_or_default().starts_with(char::is_alphanumeric);
    let said = BEHIND.iter().find(|(words, _)| bare.starts_with(words) && (*words != "+" || plus));
    // "1.2 and before 1.2.4": of the next number.
    let next = said.and_then(|(words, _)| bare.get(words.len()..)).unwrap_or_default();
    let of_next = next.trim_start().starts_with(|c: char| c.is_ascii_digit());
    match said {
        Some((words, _)) if of_next && *words != "+" => {
            Behind { bound: None, edge: None, length: 0 }
        }
        Some((words, bound)) => Behind { bound: Some(*bound), edge: None, length: length(words) },
        None => Behind { bound: None, edge: None, length: 0 },
    }
}

/// "up to 1.2.3, 1.3.4 and 1.4.5": the word says it of each branch.
pub fn spread(text: &str, hits: &mut [Hit]) {
    for at in 1..hits.len() {
        let Some([one, other]) = hits.get_mut(at - 1..=at) else { continue };
        let between = text.get(one.until.max(one.end)..other.at).unwrap_or_default();
        let between = between.trim_matches([' ', ',', '(', ')']);
        let listed = matches!(between, "" | "and" | "or" | "&" | "and v" | "v");
        let open = matches!(one.bound, Bound::Below | Bound::UpTo) && one.spreads;
        let branch = |number: &str| number.rsplit_once('.').map(|(head, _)| head.to_owned());
        let alike = one.number.matches('.').count() == other.number.matches('.').count();
        let apart = alike && branch(&one.number) != branch(&other.number);
        if listed && open && apart && other.bound == Bound::Is && !other.range {
            (other.bound, other.spreads) = (one.bound, true);
        }
    }
}

/// The text ends in this sign, or in this word as a whole.
fn ends_in(text: &str, end: &str) -> bool {
    let Some(head) = text.strip_suffix(end) else { return false };
    match end.chars().next() {
        Some(c) if c.is_alphabetic() => !head.ends_with(|c: char| c.is_alphanumeric() || c == '-'),
        // A dash joins two numbers where one stands before it.
        Some('-' | '~') => {
            let head = head.trim_end_matches('-');
            head.is_empty() || head.ends_with(' ')
        }
        _ => true,
    }
}
