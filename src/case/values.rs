//! Readers of the values members give a case: ratings, ids, packages, versions, labels.
//!
//! Each takes what people type, gives the one form it is written in, or a sentence that shows
//! what would be right.

use super::{Severity, Tlp, purl};
use crate::limits::VALUE_CHARS;
use cvss::Cvss;
use serde::{Deserialize, Serialize};

/// A CVSS vector with its base score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// In the order and letters of its specification, with all metrics that were given.
    pub vector: String,
    /// 0.0 to 10.0, of the base metrics alone.
    pub base: f64,
    pub severity: Severity,
}

/// A package, with the version where the purl names one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    pub purl: String,
    pub version: Option<String>,
}

/// The base metrics of CVSS 3.0 and 3.1, of which none may be missing.
const BASE_3: &[&str] = &["AV", "AC", "PR", "UI", "S", "C", "I", "A"];
const BASE_4: &[&str] = &["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"];
/// The highest CWE number with some room; a year behind "CWE" is no weakness.
const CWE_LAST: u32 = 1_999;
/// Digits of the second part of a CVE id, in the CVE record format.
const CVE_DIGITS: std::ops::RangeInclusive<usize> = 4..=19;

/// A CVSS 3.0, 3.1 or 4.0 vector.
pub fn cvss(text: &str) -> Result<Rating, String> {
    let typed: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
    if typed.len() > VALUE_CHARS || !typed.starts_with("CVSS:") {
        return Err("That is no CVSS vector. It begins with CVSS:3.1/ or CVSS:4.0/.".to_owned());
    }
    let read = |text: &str| -> Result<Cvss, String> {
        text.parse().map_err(|why| format!("That is no CVSS vector: {why}."))
    };
    let vector = read(&typed)?.to_string();
    let base = if vector.starts_with("CVSS:3") { BASE_3 } else { BASE_4 };
    let lacks = |key: &&&str| !vector.contains(&format!("/{key}:"));
    if let Some(missing) = base.iter().find(lacks) {
        return Err(format!("The CVSS vector lacks {missing}."));
    }
    let parts: Vec<&str> = vector.split('/').take(base.len() + 1).collect();
    let scored = read(&parts.join("/"))?;
    let severity = severity(scored.severity());
    Ok(Rating { base: scored.score(), severity, vector })
}

/// The base score of a vector, or of a score given alone ("9.8", "CVSS 9.8").
pub fn base_score(text: &str) -> Option<f64> {
    if let Ok(rating) = cvss(text) {
        return Some(rating.base);
    }
    let number = text.split_whitespace().last()?.parse::<f64>().ok();
    number.filter(|score| (0.0..=10.0).contains(score))
}

/// `CWE-79`, from that or from the number alone.
pub fn cwe(text: &str) -> Result<String, &'static str> {
    let typed = text.trim().to_ascii_uppercase();
    let rest = typed.strip_prefix("CWE").unwrap_or(&typed);
    let digits = rest.trim_start_matches(|c: char| c == '-' || c.is_whitespace());
    match digits.parse::<u32>() {
        Ok(number) if (1..=CWE_LAST).contains(&number) => Ok(format!("CWE-{number}")),
        _ => Err("That is no CWE. Write CWE-79, or 79."),
    }
}

/// `CVE-2021-44228`, however the parts are divided; the letters may be left out.
pub fn cve(text: &str) -> Result<String, &'static str> {
    let upper = text.to_ascii_uppercase();
    let mut parts = upper.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty());
    let first = parts.next().map(|first| first.strip_prefix("CVE").unwrap_or(first));
    let year = first.filter(|year| !year.is_empty()).or_else(|| parts.next());
    let (number, rest) = (parts.next(), parts.next());
    let plausible = |year: &&str| year.parse::<u16>().is_ok_and(|y| (1990..2100).contains(&y));
    let is_number =
        |n: &&str| CVE_DIGITS.contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
    match (year.filter(plausible), number.filter(is_number), rest) {
        (Some(year), Some(number), None) => Ok(format!("CVE-{year}-{number}")),
        _ => Err("That is no CVE id. Write CVE-2026-12345."),
    }
}

/// A package URL, in its canonical form.
pub fn package(text: &str) -> Result<Package, &'static str> {
    let typed = text.trim();
    let fits = typed.chars().count() <= VALUE_CHARS && !typed.contains(char::is_whitespace);
    let read = purl::canonical(typed).filter(|_| fits);
    let (purl, version) =
        read.ok_or("That is no package URL. Write pkg:npm/left-pad, or pkg:pypi/django@4.2.")?;
    Ok(Package { purl, version })
}

/// Versions in the words of who gives them: "1.4.0 to 1.6.2", "< 1.6.3". Only blanks are tidied.
pub fn versions(text: &str) -> Result<String, &'static str> {
    let tidy = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let readable = !tidy.is_empty() && !tidy.chars().any(char::is_control);
    match readable && tidy.chars().count() <= VALUE_CHARS {
        true => Ok(tidy),
        false => Err("Those are no versions. Write 1.6.2, < 1.6.3, or 1.4.0 to 1.6.2."),
    }
}

/// A label of the Traffic Light Protocol 2.0: `TLP:RED`, `red`, `amber+strict`.
pub fn tlp(text: &str) -> Result<Tlp, &'static str> {
    let lower = text.trim().to_ascii_lowercase();
    let bare = lower.strip_prefix("tlp:").unwrap_or(&lower);
    let joined = bare.split([' ', '+', '-', '_']).filter(|word| !word.is_empty());
    match joined.collect::<Vec<_>>().join("+").as_str() {
        "white" => Err("TLP 2.0 calls that clear. Write /tlp clear."),
        label => label
            .parse()
            .map_err(|_| "That is no label. It is clear, green, amber, amber+strict or red."),
    }
}

fn severity(of: cvss::Severity) -> Severity {
    match of {
        cvss::Severity::None => Severity::None,
        cvss::Severity::Low => Severity::Low,
        cvss::Severity::Medium => Severity::Medium,
        cvss::Severity::High => Severity::High,
        cvss::Severity::Critical => Severity::Critical,
    }
}

#[cfg(test)]
#[path = "values_tests.rs"]
mod tests;
