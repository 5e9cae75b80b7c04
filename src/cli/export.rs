//! `sirt export`: the document on stdout as it is, or everything it lacks on stderr.

use super::{Exit, Failure, Outcome, Reading, say};
use serde_json::Value;

pub(super) fn told(value: &Value, reading: Reading) -> Outcome {
    let field = |name| value.get(name).and_then(Value::as_str);
    let Some(text) = field("text") else { return refused(value, reading) };
    let wrapped = reading == Reading::Json && !field("name").is_some_and(|n| n.ends_with(".json"));
    // Nothing in it steers a terminal: a notice with such characters is none.
    if wrapped {
        say(&format!("{value}\n"))?
    } else {
        say(text)?
    }
    Ok(Exit::Done)
}

/// As JSON it is one document on stdout, as all answers are.
fn refused(value: &Value, reading: Reading) -> Outcome {
    if reading == Reading::Json {
        say(&format!("{value}\n"))?;
        return Ok(Exit::Findings);
    }
    let findings = value.get("findings").and_then(Value::as_array);
    let line = |one: &Value| {
        let field = |name| one.get(name).and_then(Value::as_str).unwrap_or_default();
        let part = match field("part") {
            "" => String::new(),
            part => format!(" ({part})"),
        };
        format!("{}{part}: {}", field("rule"), field("what"))
    };
    let lines = findings.map(|all| all.iter().map(line).collect()).unwrap_or_default();
    Err(Failure { exit: Exit::Findings, lines })
}
