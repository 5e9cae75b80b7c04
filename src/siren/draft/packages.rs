//! Packages and their versions, as members read and write them.

use super::parts::{lines, none, shown};
use super::values::{versions, word};
use crate::case::{Affected, Statement};

/// `pkg:pypi/acme; >=1.4|<1.6, 2.0; fixed: 1.6, 2.1; scheme: pypi; git: https://...`
pub fn show(said: &Statement) -> String {
    let labelled = |label: &str, value: &Option<String>| {
        value.iter().map(|value| format!("; {label}: {value}")).collect::<String>()
    };
    let one = |one: &Affected| {
        let fixed = Some(one.fixed.join(", ")).filter(|fixed| !fixed.is_empty());
        let (fixed, scheme) = (labelled("fixed", &fixed), labelled("scheme", &one.scheme));
        let git = labelled("git", &one.repo);
        format!("{}; {}{fixed}{scheme}{git}", one.package, one.versions.join(", "))
    };
    said.affected.iter().map(one).collect::<Vec<_>>().join("\n")
}

pub fn set(said: &mut Statement, text: &str) -> Result<(), String> {
    said.affected =
        text.lines().filter(|line| !line.trim().is_empty() && !none(line)).map(package).collect();
    Ok(())
}

fn package(text: &str) -> Affected {
    let text = text.trim();
    let text = text.strip_prefix("* ").unwrap_or(text);
    let purl = text.starts_with("pkg:");
    let end = text.find(|c: char| c == ';' || (purl && c == ' ')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start_matches([' ', ';']);
    let mut one = Affected { package: word(name), ..Affected::default() };
    for (at, part) in rest.split(';').enumerate() {
        let labelled = part.trim().split_once(':').map(|(label, value)| (label.trim(), value));
        match labelled {
            Some(("fixed", value)) => one.fixed = versions(value),
            Some(("scheme", value)) => one.scheme = Some(word(value)),
            Some(("git", value)) => one.repo = Some(word(value)),
            Some(("versions", value)) => one.versions = versions(value),
            _ if at == 0 => one.versions = versions(part),
            _ => one.versions.extend(versions(part)),
        }
    }
    one
}

/// Of the only package, or `pkg:pypi/acme 1.6.3` for each.
pub fn set_fixed(said: &mut Statement, text: &str) -> Result<(), String> {
    for text in lines(text) {
        let of = |one: &Affected| text.starts_with(&one.package) && !one.package.is_empty();
        let only = said.affected.len() == 1;
        let at = said.affected.iter().position(of).or(only.then_some(0));
        let Some(one) = at.and_then(|at| said.affected.get_mut(at)) else {
            return Err(format!(
                "It is not clear which package \"{}\" is a version of. Write: pkg:pypi/acme 1.6.3",
                shown(&text)
            ));
        };
        let rest = text.strip_prefix(&one.package).filter(|_| !one.package.is_empty());
        let rest = rest.unwrap_or(&text).trim_start_matches([':', ';', ' ']);
        one.fixed = versions(rest.strip_prefix("fixed:").unwrap_or(rest));
    }
    Ok(())
}
