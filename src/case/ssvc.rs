//! Stakeholder-specific vulnerability categorization: from decision points to a decision.
//!
//! Two tables of a coordinator: whether to take part (decline, track, coordinate), and whether to
//! publish when the embargo is over. They are written as rules which give the same outcome as the
//! published tables in every row. One point is ours: *assistance requested* (`AR`). The stock
//! table declines nearly everybody who asks us to find a contact or to help with a fix, which is
//! what a team like this one is for. A vector without `AR` is read by the stock table.

use crate::limits::VALUE_CHARS;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    Decline,
    Track,
    Coordinate,
    DoNotPublish,
    Publish,
}

/// A decision, with what it was taken on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    pub outcome: Outcome,
    /// The points and the outcome as a vector; None where a member gave the outcome alone.
    pub vector: Option<String>,
    /// Name and version of the table that was asked.
    pub table: Option<String>,
}

/// A decision point: its key, its name, and its values by their keys, from harmless to grave.
struct Point {
    key: &'static str,
    name: &'static str,
    values: &'static [&'static str],
}

type Chosen = BTreeMap<&'static str, usize>;

const TRIAGE: &[Point] = &[
    Point { key: "RP", name: "report public", values: &["N", "Y"] },
    Point { key: "SCON", name: "supplier contacted", values: &["N", "Y"] },
    Point { key: "RC", name: "report credibility", values: &["NC", "C"] },
    Point { key: "SC", name: "supplier cardinality", values: &["O", "M"] },
    Point { key: "SE", name: "supplier engagement", values: &["A", "U"] },
    Point { key: "U", name: "utility", values: &["L", "E", "S"] },
    Point { key: "PSI", name: "public safety impact", values: &["M", "S"] },
];
const PUBLISH: &[Point] = &[
    Point { key: "SINV", name: "supplier involvement", values: &["FR", "C", "UU"] },
    Point { key: "E", name: "exploitation", values: &["N", "P", "A"] },
    Point { key: "PVA", name: "public value added", values: &["L", "A", "P"] },
];
/// Points that stand for others: automatable and value density for utility, safety impact for
/// public safety impact; and the one that is ours.
const OTHERS: &[Point] = &[
    Point { key: "A", name: "automatable", values: &["N", "Y"] },
    Point { key: "VD", name: "value density", values: &["D", "C"] },
    Point { key: "SI", name: "safety impact", values: &["N", "M", "R", "C"] },
    // Nobody, a finder who needs a contact, a maintainer who needs help, consumers to be warned.
    Point { key: "AR", name: "assistance requested", values: &["N", "F", "M", "C"] },
];

const TRIAGE_TABLE: &str = "coordinator triage 1.0.0";
const ASSISTED_TABLE: &str = "coordinator triage 1.0.0 with assistance requested 1";
const PUBLISH_TABLE: &str = "coordinator publish 1.0.0";

/// Reads `coordinate`, or a vector: `SSVCv2/RP:N/SCON:Y/RC:C/SC:M/SE:U/U:S/PSI:S`.
///
/// Keys and values are those of the SSVC documentation. A decision (`D:`) and an instant at the
/// end may be given; a decision other than the table's is refused.
pub fn read(text: &str) -> Result<Selection, String> {
    let typed = text.trim();
    if let Ok(outcome) = typed.to_ascii_lowercase().parse() {
        return Ok(Selection { outcome, vector: None, table: None });
    }
    let upper = typed.to_ascii_uppercase();
    let rest = upper.strip_prefix("SSVCV").and_then(|rest| rest.split_once('/'));
    let (Some(("1" | "2", points)), true) = (rest, typed.len() <= VALUE_CHARS) else {
        return Err(
            "Write decline, track or coordinate, or a vector that begins with SSVCv2/.".to_owned()
        );
    };
    let (mut chosen, said) = points_of(points)?;
    stand_ins(&mut chosen)?;
    let (outcome, table, asked) = decided(&chosen)?;
    if said.is_some_and(|said| said != outcome.key()) {
        return Err(format!(
            "The table says {outcome}. Leave D out, or decide otherwise with one word and a note."
        ));
    }
    let vector = Some(written(&chosen, asked, outcome));
    Ok(Selection { outcome, vector, table: Some(table.to_owned()) })
}

impl Outcome {
    fn key(self) -> &'static str {
        match self {
            Outcome::Decline => "D",
            Outcome::Track => "T",
            Outcome::Coordinate => "C",
            Outcome::DoNotPublish => "N",
            Outcome::Publish => "P",
        }
    }
}

/// The points by their keys, and the decision where the vector names one.
fn points_of(points: &str) -> Result<(Chosen, Option<&str>), String> {
    let (mut chosen, mut said) = (Chosen::new(), None);
    let given = points.split('/').map(str::trim).filter(|part| !part.is_empty());
    for part in given.filter(|part| part.parse::<Timestamp>().is_err()) {
        match part.split_once(':') {
            Some(("D", value)) => said = Some(value),
            Some((key, value)) => {
                let (point, index) = value_of(key, value)?;
                if chosen.insert(point.key, index).is_some() {
                    return Err(format!("{key} stands twice in the vector."));
                }
            }
            None => return Err(format!("{part} is no decision point. Write RP:N.")),
        }
    }
    Ok((chosen, said))
}

fn value_of(key: &str, value: &str) -> Result<(&'static Point, usize), String> {
    let mut all = TRIAGE.iter().chain(PUBLISH).chain(OTHERS);
    let point = all
        .find(|point| point.key == key)
        .ok_or_else(|| format!("{key} is no decision point of a coordinator."))?;
    let index = point.values.iter().position(|one| *one == value).ok_or_else(|| {
        let values = point.values.join(", ");
        format!("{key} ({}) is one of {values}, not {value}.", point.name)
    })?;
    Ok((point, index))
}

fn stand_ins(chosen: &mut Chosen) -> Result<(), String> {
    let utility = match (chosen.remove("A"), chosen.remove("VD")) {
        (Some(automatable), Some(density)) => Some(automatable + density),
        (None, None) => None,
        _ => return Err("A (automatable) and VD (value density) go together.".to_owned()),
    };
    let safety = chosen.remove("SI").map(|safety| usize::from(safety > 0));
    for (key, index) in [("U", utility), ("PSI", safety)] {
        let Some(index) = index else { continue };
        if chosen.insert(key, index).is_some() {
            return Err(format!("The vector gives {key}, and what stands for it. Give one."));
        }
    }
    Ok(())
}

/// The outcome, the table it stands in, and the points of that table.
fn decided(chosen: &Chosen) -> Result<(Outcome, &'static str, &'static [Point]), String> {
    if PUBLISH.iter().any(|point| chosen.contains_key(point.key)) {
        if let Some(key) = chosen.keys().find(|key| PUBLISH.iter().all(|p| p.key != **key)) {
            return Err(format!("{key} is no point of the table that decides to publish."));
        }
        let [involvement, exploitation, value] = all_of(PUBLISH, chosen)?;
        return Ok((publish(involvement, exploitation, value), PUBLISH_TABLE, PUBLISH));
    }
    let [public, contacted, credible, several, silent, utility, unsafe_] = all_of(TRIAGE, chosen)?;
    let points = Triage {
        public: public > 0,
        contacted: contacted > 0,
        credible: credible > 0,
        several: several > 0,
        silent: silent > 0,
        utility,
        endangers: unsafe_ > 0,
    };
    match chosen.get("AR") {
        None => Ok((points.stock(), TRIAGE_TABLE, TRIAGE)),
        Some(asked) => Ok((points.with_assistance(*asked > 0), ASSISTED_TABLE, TRIAGE)),
    }
}

fn all_of<const N: usize>(points: &[Point], chosen: &Chosen) -> Result<[usize; N], String> {
    let mut found = [0; N];
    for (slot, point) in found.iter_mut().zip(points) {
        *slot = *chosen
            .get(point.key)
            .ok_or_else(|| format!("The vector lacks {} ({}).", point.key, point.name))?;
    }
    Ok(found)
}

struct Triage {
    public: bool,
    contacted: bool,
    credible: bool,
    several: bool,
    silent: bool,
    /// Laborious, efficient, super effective.
    utility: usize,
    endangers: bool,
}

impl Triage {
    fn stock(&self) -> Outcome {
        if self.several && self.utility == 2 && self.endangers {
            return Outcome::Coordinate;
        }
        if self.public || !self.contacted {
            return Outcome::Decline;
        }
        match (self.credible, self.silent) {
            (true, true) if self.is_small() => Outcome::Track,
            (true, true) => Outcome::Coordinate,
            (true, false) => self.in_good_hands(),
            (false, _) => self.doubtful(),
        }
    }

    /// Who asks for help with a credible report gets it, as if nobody answered them.
    fn with_assistance(&self, asked: bool) -> Outcome {
        match asked && self.credible {
            true if self.is_small() => Outcome::Track,
            true => Outcome::Coordinate,
            false => self.stock(),
        }
    }

    fn is_small(&self) -> bool {
        !self.several && self.utility == 0 && !self.endangers
    }

    fn in_good_hands(&self) -> Outcome {
        match self.several {
            true if self.utility == 2 => Outcome::Coordinate,
            several if self.endangers && (several || self.utility > 0) => Outcome::Track,
            _ => Outcome::Decline,
        }
    }

    fn doubtful(&self) -> Outcome {
        let weight = usize::from(self.several) + usize::from(self.silent) + self.utility;
        let silent_alone = !self.several && self.silent && self.utility == 0;
        let track = match self.endangers {
            true => weight >= 1 && !silent_alone,
            false => self.several && self.utility == 2,
        };
        if track { Outcome::Track } else { Outcome::Decline }
    }
}

fn publish(involvement: usize, exploitation: usize, value: usize) -> Outcome {
    let (uninvolved, exploited, active) = (involvement == 2, exploitation > 0, exploitation == 2);
    let publish = match value {
        0 => active && uninvolved,
        1 => active || exploited && uninvolved,
        _ => true,
    };
    if publish { Outcome::Publish } else { Outcome::DoNotPublish }
}

fn written(chosen: &Chosen, points: &[Point], outcome: Outcome) -> String {
    let ours = OTHERS.iter().filter(|point| point.key == "AR" && chosen.contains_key("AR"));
    let mut vector = "SSVCv2".to_owned();
    for point in points.iter().chain(ours) {
        if let Some(value) = chosen.get(point.key).and_then(|index| point.values.get(*index)) {
            vector.push_str(&format!("/{}:{value}", point.key));
        }
    }
    format!("{vector}/D:{}", outcome.key())
}

#[cfg(test)]
#[path = "ssvc_tests.rs"]
mod tests;
