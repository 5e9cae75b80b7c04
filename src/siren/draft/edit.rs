//! A draft as a form that members send back: every part below its heading.

use super::parts::{HIDDEN, PARTS, Part};
use crate::case::Statement;
use crate::limits::WORD_CHARS;
use crate::mail::clean;

/// How alike two headings must be for one to be a slip of the other (Jaro-Winkler, 0 to 1).
const SLIP: f64 = 0.92;
const INDENT: &str = "  ";

/// The form to edit: sent back unchanged, it changes nothing.
pub fn sheet(said: &Statement) -> String {
    let mut sheet = String::new();
    for part in PARTS.iter().filter(|part| !HIDDEN.contains(&part.name)) {
        let text = (part.show)(said);
        let colon = if part.heading.ends_with('?') { "" } else { ":" };
        sheet.push_str(part.heading);
        sheet.push_str(colon);
        if text.contains('\n') || text.len() > WORD_CHARS {
            for line in text.lines() {
                sheet.push('\n');
                sheet.push_str(if line.is_empty() { "" } else { INDENT });
                sheet.push_str(line);
            }
        } else if !text.is_empty() {
            sheet.push(' ');
            sheet.push_str(&text);
        }
        sheet.push('\n');
    }
    sheet
}

/// The statement with the parts in a member's text: all of them or a few, each below its heading
/// or behind it. A heading with nothing below it empties its part.
///
/// # Errors
/// A sentence: what was not understood, and what would be.
pub fn edit(said: &Statement, text: &str) -> Result<Statement, String> {
    let mut new = said.clone();
    let found = divide(&clean::text(text))?;
    if found.is_empty() {
        return Err(format!("There is nothing to change in it. {}", example()));
    }
    for (part, text) in &found {
        (part.set)(&mut new, text).map_err(|why| format!("{}: {why}", part.heading))?;
    }
    Ok(new)
}

/// The statement with one part set, by its name or its heading.
///
/// # Errors
/// A sentence: there is no such part, or that cannot stand in it.
pub fn edit_part(said: &Statement, part: &str, text: &str) -> Result<Statement, String> {
    let name = part.trim().trim_end_matches(':');
    let part = known(&as_heading(name)).ok_or_else(|| unknown(name))?;
    let mut new = said.clone();
    (part.set)(&mut new, &dedented(&clean::text(text)))
        .map_err(|why| format!("{}: {why}", part.heading))?;
    Ok(new)
}

fn example() -> &'static str {
    "Write each part below its heading, as in the draft: \"Description:\", \
     \"Recommended Actions:\"."
}

/// Each heading with the text that belongs to it.
fn divide(text: &str) -> Result<Vec<(&'static Part, String)>, String> {
    let mut found: Vec<(&'static Part, String)> = Vec::new();
    for line in text.lines() {
        match heading(line)? {
            Some((part, rest)) => {
                if let Some((_, before)) = found.iter().find(|(one, _)| one.name == part.name) {
                    // The label stands at both ends of a whole notice.
                    if part.name == "tlp" && before.trim().eq_ignore_ascii_case(rest) {
                        continue;
                    }
                    return Err(format!("\"{}\" stands in it twice.", part.heading));
                }
                found.push((part, format!("{rest}\n")));
            }
            None => match found.last_mut() {
                Some((_, text)) => {
                    text.push_str(line);
                    text.push('\n');
                }
                None if line.trim().is_empty() => {}
                None => return Err(no_heading(line)),
            },
        }
    }
    Ok(found.into_iter().map(|(part, text)| (part, dedented(&text))).collect())
}

fn no_heading(line: &str) -> String {
    let name = line.split(':').next().unwrap_or(line);
    match line.contains(':') && name.chars().count() <= WORD_CHARS {
        true => unknown(name),
        false => format!(
            "\"{}\" stands below no heading. {}",
            clean::cut(&clean::line(line), WORD_CHARS),
            example()
        ),
    }
}

fn unknown(name: &str) -> String {
    let name = clean::cut(&clean::line(name), WORD_CHARS);
    match nearest(&name) {
        Some(near) => format!("\"{name}\" is no part of a notice. Did you mean \"{near}\"?"),
        None => format!("\"{name}\" is no part of a notice. {}", example()),
    }
}

fn alike(name: &str, part: &Part) -> f64 {
    let one = |known: &str| strsim::jaro_winkler(&as_heading(known), name);
    one(part.name).max(one(part.heading))
}

fn nearest(name: &str) -> Option<&'static str> {
    let name = as_heading(name);
    let scored = PARTS.iter().map(|part| (alike(&name, part), part));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (best.0 > 0.75).then_some(best.1.heading)
}

/// The heading at the start of a line that is not indented, and what stands behind it.
fn heading(line: &str) -> Result<Option<(&'static Part, &str)>, String> {
    if line.starts_with([' ', '\t']) {
        return Ok(None);
    }
    // "Known to be Actively Exploited? yes" has no colon.
    let asked = line.find('?').map(|at| at + 1);
    let colon = line.find(':');
    // Whichever comes first ends the heading: the other may stand in the words behind it.
    let both = asked.min(colon).or(asked).or(colon).into_iter().chain(asked.max(colon));
    for at in both {
        let (name, rest) = line.split_at(at);
        if name.chars().count() > WORD_CHARS {
            continue;
        }
        if let Some(part) = known(&as_heading(name)) {
            let rest = rest.strip_prefix(':').unwrap_or(rest);
            return Ok(Some((part, rest.trim())));
        }
        let bare = as_heading(name);
        let slip = PARTS.iter().any(|part| alike(&bare, part) >= SLIP);
        if slip && rest.trim() == ":" {
            return Err(unknown(name));
        }
    }
    Ok(None)
}

/// In lower case, without what stands in parentheses.
fn as_heading(name: &str) -> String {
    let bare = name.split('(').next().unwrap_or(name);
    bare.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn known(name: &str) -> Option<&'static Part> {
    let asked = name.trim_end_matches('?');
    let is = |one: &str| one.trim_end_matches('?') == asked;
    PARTS.iter().find(|part| {
        is(part.name) || is(&part.heading.to_lowercase()) || part.also.iter().any(|one| is(one))
    })
}

/// The lines without what they are all indented by; the first one may stand behind its heading.
fn dedented(text: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let filled = rest.lines().filter(|line| !line.trim().is_empty());
    let common = filled.map(indent).min().unwrap_or_default();
    let bare = rest.lines().map(|line| line.get(common..).unwrap_or_default());
    let lines: Vec<&str> = std::iter::once(first).chain(bare).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
