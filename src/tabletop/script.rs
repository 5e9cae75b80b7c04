//! The script of an exercise: who takes part, and which mail arrives when.

use crate::mail::Address;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub title: String,
    pub team: Team,
    #[serde(rename = "mailbox")]
    pub mailboxes: Vec<Mailbox>,
    #[serde(rename = "watch", default)]
    pub watches: Vec<Watch>,
    #[serde(rename = "list", default)]
    pub lists: Vec<List>,
    #[serde(rename = "member", default)]
    pub members: Vec<Member>,
    #[serde(rename = "person", default)]
    pub people: Vec<Person>,
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    pub name: String,
    pub address: Address,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    pub name: String,
    pub list: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    pub name: String,
    pub list_id: String,
    pub address: Option<Address>,
}

/// Where notices go out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    pub name: String,
    pub address: Address,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub handle: String,
    pub name: String,
    pub address: Address,
    pub role: String,
    #[serde(default = "utc")]
    pub timezone: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub handle: String,
    pub name: String,
    pub address: Address,
    /// Has an OpenPGP key, made for the exercise.
    #[serde(default)]
    pub key: bool,
}

/// One mail, and when it arrives; or a storm of them; or, from nobody, time that passes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub at: Timestamp,
    /// What happens, for whoever watches.
    pub say: String,
    #[serde(default)]
    pub from: String,
    /// How many such mails arrive; `{n}` in each stands for its number, in three digits.
    #[serde(default = "once")]
    pub times: usize,
    /// The team, unless said otherwise.
    pub to: Option<Address>,
    pub mailbox: Option<String>,
    #[serde(default)]
    pub subject: String,
    /// `{code}` stands for the code of the letter it replies to, `{digest}` for that of the
    /// notice in it, `{case}` for its case.
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub encrypted: bool,
    #[serde(default)]
    pub signed: bool,
    /// The sender's key is attached.
    #[serde(default)]
    pub key: bool,
    /// Encrypted to a key that is not the team's.
    #[serde(default)]
    pub wrong_key: bool,
    /// Replies to the newest letter this person got; without a subject, with that of the letter.
    #[serde(default)]
    pub answers: bool,
    /// The letter it replies to is quoted below the words.
    #[serde(default)]
    pub quotes: bool,
}

fn once() -> usize {
    1
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Step {
    /// Of a storm: the mail of this number, from 1.
    pub fn numbered(&self, number: usize) -> Step {
        let fill = |text: &str| text.replace("{n}", &format!("{number:03}"));
        Step { subject: fill(&self.subject), body: fill(&self.body), ..self.clone() }
    }
}

impl Script {
    /// Reads a script; an error says where and what.
    pub fn parse(text: &str) -> Result<Script, String> {
        let script: Script = toml::from_str(text).map_err(|error| error.to_string())?;
        let known = |handle: &String| {
            script.people.iter().any(|person| person.handle == *handle)
                || script.members.iter().any(|member| member.handle == *handle)
        };
        let stranger = |step: &&Step| !step.from.is_empty() && !known(&step.from);
        match script.steps.iter().find(stranger) {
            Some(step) => {
                Err(format!("a step is from \"{}\", who is no [[person]] or [[member]]", step.from))
            }
            None => Ok(script),
        }
    }
}
