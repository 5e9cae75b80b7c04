//! The play itself: one step after the other.

use super::desk::{DeskFiles, lay_out, write, write_key};
use super::people::{Writer, new_key};
use super::reading::{PlayedLetter, Received};
use super::script::{Script, Step};
use super::{TabletopError, trouble};
use crate::gateway::{self, Clock, Gateway, Summary};
use crate::intake::Source;
use crate::mail::Mailbox;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was played, for the screen.
pub struct Played {
    pub folder: PathBuf,
    pub config: PathBuf,
    pub steps: Vec<PlayedStep>,
    pub gateway: Gateway,
}

pub struct PlayedStep {
    pub at: Timestamp,
    pub say: String,
    pub from: String,
    pub summary: Summary,
    /// The letters that followed.
    pub letters: Vec<PlayedLetter>,
}

struct Stage {
    gateway: Gateway,
    sources: Vec<Source>,
    people: BTreeMap<String, Writer>,
    desk: DeskFiles,
}

/// Plays a script in `folder`. `program` is started again as the workers that open mail.
pub async fn play(
    script: &Script,
    folder: &Path,
    program: PathBuf,
) -> Result<Played, TabletopError> {
    let first = script.steps.first().ok_or_else(|| trouble("the script has no [[step]]"))?;
    let born = first.at.checked_sub(24.hours() * 30).map_err(trouble)?;
    let mut desk = lay_out(script, folder, born)?;
    let settings = crate::config::load(&desk.config, None).map_err(trouble)?;
    let gateway =
        gateway::start(&settings, program, Clock::Set(first.at)).await.map_err(trouble)?;
    let sources = gateway::sources(&settings);
    let people = people(script, &mut desk, born)?;
    let mut stage = Stage { gateway, sources, people, desk };
    let mut steps = Vec::new();
    for (number, step) in script.steps.iter().enumerate() {
        steps.push(stage.step(script, step, number, born).await?);
    }
    let Stage { gateway, desk, .. } = stage;
    Ok(Played { folder: desk.folder, config: desk.config, steps, gateway })
}

fn people(
    script: &Script,
    desk: &mut DeskFiles,
    born: Timestamp,
) -> Result<BTreeMap<String, Writer>, TabletopError> {
    let mut people = BTreeMap::new();
    for member in &script.members {
        let key =
            desk.members.remove(&member.handle).ok_or_else(|| trouble("a handle is twice"))?;
        people.insert(member.handle.clone(), Writer::member(member, key));
    }
    for person in &script.people {
        let writer = Writer::new(person, born)?;
        if let Some(key) = &writer.key {
            let path = desk.folder.join(format!("people/{}.secret.asc", person.handle));
            write_key(&path, key)?;
        }
        people.insert(person.handle.clone(), writer);
    }
    Ok(people)
}

impl Stage {
    async fn step(
        &mut self,
        script: &Script,
        step: &Step,
        number: usize,
        born: Timestamp,
    ) -> Result<PlayedStep, TabletopError> {
        *self.gateway.clock_mut() = Clock::Set(step.at);
        let before = self.gateway.book().cases().next_letter();
        self.deliver(script, step, number, born)?;
        let finished =
            gateway::once(&mut self.gateway, &mut self.sources).await.map_err(trouble)?;
        let letters = self.hand_over(before, step.at)?;
        Ok(PlayedStep {
            at: step.at,
            say: step.say.clone(),
            from: step.from.clone(),
            summary: finished.summary,
            letters,
        })
    }

    fn deliver(
        &self,
        script: &Script,
        step: &Step,
        number: usize,
        born: Timestamp,
    ) -> Result<(), TabletopError> {
        if step.from.is_empty() {
            return Ok(());
        }
        let writer = self.people.get(&step.from).ok_or_else(|| trouble("nobody writes"))?;
        let address = step.to.clone().unwrap_or_else(|| script.team.address.clone());
        let to = Mailbox { name: String::new(), address };
        let team = match step.wrong_key {
            true => &new_key(&script.team.name, &script.team.address, born)?,
            false => &self.desk.team,
        };
        let mailbox =
            step.mailbox.as_deref().or(script.mailboxes.first().map(|it| it.name.as_str()));
        let mailbox = mailbox.ok_or_else(|| trouble("the script has no [[mailbox]]"))?;
        let new = self.desk.folder.join("mail").join(mailbox).join("new");
        for one in 1..=step.times {
            let id = if step.times == 1 { "".to_owned() } else { format!(".{one:03}") };
            let id = format!("{:03}{id}", number + 1);
            let raw = writer.write(&step.numbered(one), &to, team.certificate(), &id)?;
            write(&new.join(format!("{}.{id}.tabletop", step.at.as_second())), &raw)?;
        }
        Ok(())
    }

    /// Everybody gets their letters and reads them, so that they can answer.
    fn hand_over(&mut self, from: u64, now: Timestamp) -> Result<Vec<PlayedLetter>, TabletopError> {
        let mut played = Vec::new();
        let letters = self.gateway.book().cases().letters();
        for posted in letters.filter(|letter| letter.number >= from) {
            let to = posted.to.as_ref();
            let reader = self.people.values_mut().find(|one| Some(&one.mailbox.address) == to);
            let mut lines = Vec::new();
            if let Some(reader) = reader {
                let team = self.desk.team.certificate();
                let received = Received::of(&self.gateway, posted, reader, team, now)?;
                lines = received.orders();
                reader.newest = Some(received);
            }
            let waits = posted.due.duration_since(posted.written);
            let lines = if posted.wording == "transcript" { lines } else { Vec::new() };
            played.push(PlayedLetter { number: posted.number, waits, lines });
        }
        Ok(played)
    }
}
