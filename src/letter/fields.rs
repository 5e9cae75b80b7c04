//! From a letter to the values that its template sees.
//!
//! Whatever a template does with a field, it stays one line of text: line ends, controls and
//! direction marks are gone, imitations of our case line are broken up, and strangers' words
//! stand behind bars. To readers outside, a letter without detail is given no field that they,
//! or anybody, could have written.

use super::layout::{BARRED, COLUMNS, behind_bars, without_case_lines};
use super::own_words::{own_words, page};
use super::{Detail, Letter, Protection, Wording};
use crate::case::Team;
use crate::limits::FIELD_CHARS;
use crate::mail::clean;
use jiff::tz::TimeZone;
use minijinja::value::{Object, Serde, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

/// The reader's zone, for the filters alone.
#[derive(Debug)]
pub struct Zone(pub TimeZone);

impl Object for Zone {}

/// A letter to somebody else, as it stands inside one to a member.
#[derive(Serialize)]
pub struct Enclosed {
    /// Every line of it behind a bar.
    pub body: String,
    /// It goes unencrypted.
    pub clear: bool,
}

/// Everything a template may name: its wording's own fields, and `team`, `reader`, `case`,
/// `sealed`, `with_key`, `exercise`; in letters to members also `code` and `enclosed`.
pub fn context(
    letter: &Letter,
    team: &Team,
    enclosed: &[Enclosed],
) -> Result<Value, serde_json::Error> {
    let mut fields = match serde_json::to_value(&letter.wording)? {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    if let Wording::CannotDecrypt(letter) = &letter.wording {
        let ids: Vec<String> = letter.key_ids.iter().map(|id| hex(id)).collect();
        fields.insert("key_ids".into(), ids.into());
    }
    fields.insert("team".into(), team_fields(team));
    fields.insert("reader".into(), reader_fields(letter));
    fields.insert("case".into(), json!(letter.case.as_ref().map(|case| case.as_str())));
    fields.insert("sealed".into(), json!(letter.to.protection != Protection::Signed));
    fields.insert("exercise".into(), json!(team.exercise));
    fields.insert("with_key".into(), json!(letter.wording.form().with_key));
    if letter.wording.form().internal {
        fields.insert("code".into(), json!(letter.code));
    }
    for (name, field) in &mut fields {
        clean_field(name, field, &team.case_prefix);
    }
    // Already the words of a letter, each of its fields cleaned.
    if letter.wording.form().internal {
        fields.insert("enclosed".into(), serde_json::to_value(enclosed)?);
    }
    let zone = Value::from_object(Zone(letter.to.zone.clone()));
    let named = fields.iter().map(|(name, field)| (name.clone(), Value::from(Serde(field))));
    Ok(Value::from_pairs(named.chain([("zone".to_owned(), zone)])))
}

fn team_fields(team: &Team) -> Json {
    let detail = Some(team.subaddress.as_str()).filter(|separator| !separator.is_empty());
    let help = detail.map(|separator| team.address.with_detail(separator, "help"));
    json!({
        "help": help,
        "name": team.name,
        "address": team.address,
        "fingerprint": team.key.spaced(),
        "policy_url": team.policy_url,
        "telephone": team.telephone,
    })
}

/// A name outside the team is a stranger's word: only letters with detail may repeat it.
fn reader_fields(letter: &Letter) -> Json {
    let reader = &letter.to;
    let known = reader.member.is_some() || letter.wording.form().detail == Detail::Case;
    match known {
        true => json!({
            "name": reader.name,
            "address": reader.address,
            "member": reader.member,
        }),
        false => json!({ "member": null }),
    }
}

/// Key ids come from the mail. Nothing but digits, in groups of four, comes through.
fn hex(id: &str) -> String {
    let digits: Vec<char> = id.chars().filter(char::is_ascii_hexdigit).take(64).collect();
    let groups: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    groups.join(" ").to_ascii_uppercase()
}

/// By its name, as it stands in a wording; what lies deeper is one line, but for carets and the
/// gist of a post.
fn clean_field(name: &str, field: &mut Json, prefix: &str) {
    match field {
        Json::String(text) => *text = cleaned(name, text, prefix),
        Json::Array(fields) => {
            let inner = if name == "pages" { "page" } else { "" };
            fields.iter_mut().for_each(|field| clean_field(inner, field, prefix));
        }
        Json::Object(fields) => fields.iter_mut().for_each(|(name, field)| {
            let known = ["caret", "gist"].into_iter().find(|known| name == known);
            clean_field(known.unwrap_or_default(), field, prefix);
        }),
        _ => {}
    }
}

fn cleaned(name: &str, text: &str, prefix: &str) -> String {
    let lines = || without_case_lines(&clean::text(text), prefix);
    match name {
        "gist" if text.trim().is_empty() => String::new(),
        "words" | "gist" => behind_bars(&lines()),
        "note" => behind_bars(&own_words(&lines(), BARRED)),
        "text" => own_words(&lines(), COLUMNS),
        "page" => page(&lines()),
        "caret" => text.chars().filter(|c| matches!(c, ' ' | '^')).take(COLUMNS).collect(),
        _ => without_case_lines(&one_line(text), prefix),
    }
}

fn one_line(text: &str) -> String {
    clean::line(text).chars().take(FIELD_CHARS).collect()
}

/// A title as it may stand in a protected Subject: one line, cut, and not an imitation of ours.
pub fn title(text: &str, prefix: &str) -> String {
    without_case_lines(&super::filters::line(text), prefix)
}
