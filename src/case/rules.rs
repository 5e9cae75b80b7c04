//! What the team has agreed, as values: the desk reads these and no file.

use super::{PostList, Roster, Secrets, SirenRules, Watch};
use crate::mail::{Address, Fingerprint};
use jiff::SignedDuration;
use jiff::civil::Time;

/// The first line, and the mark in the Subject, of what is sent in an exercise.
pub const EXERCISE: &str = "[EXERCISE]";

/// Everything the desk must know beside the caseload.
#[derive(Clone, Debug)]
pub struct HouseRules {
    pub team: Team,
    pub roster: Roster,
    pub lists: Vec<PostList>,
    pub watches: Vec<Watch>,
    pub siren: SirenRules,
    pub secrets: Secrets,
    pub letters: LetterRules,
    /// The name our own border writes into Authentication-Results (RFC 8601).
    pub authserv_id: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Team {
    pub name: String,
    pub address: Address,
    pub case_prefix: String,
    /// Between the local part and a detail: "+", "-", or empty where there is no such thing.
    pub subaddress: String,
    pub key: Fingerprint,
    /// Marks every letter [`EXERCISE`].
    pub exercise: bool,
    /// Where our promises and our key are published.
    pub policy_url: Option<String>,
    /// How members reach a person when mail fails.
    pub telephone: Option<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct LetterRules {
    /// Whether T-01 to T-04 leave by themselves.
    pub automatic: bool,
    /// Letters to outsiders in one hour; above it they are held.
    pub an_hour: u32,
    /// Automatic answers in one case in one day.
    pub a_case_a_day: u32,
    /// Business days until a finder hears what we make of a report.
    pub assess_days: u32,
    /// What a date alone means.
    pub publish_time: Time,
    /// How long words to somebody outside wait and can be stopped.
    pub send_delay: SignedDuration,
    /// Age above which a signature makes no orders.
    pub signature_age: SignedDuration,
}

impl HouseRules {
    /// The address itself, or one with a detail of ours behind it.
    pub fn is_ours(&self, address: &Address) -> bool {
        *address == self.team.address
            || address.detail_of(&self.team.address, &self.team.subaddress).is_some()
    }

    pub fn is_list(&self, address: &Address) -> bool {
        self.lists.iter().any(|list| list.address == *address)
            || self.watches.iter().any(|watch| watch.address.as_ref() == Some(address))
    }

    /// Never a participant, whatever a mail says: ourselves, members, lists.
    pub fn never_participant(&self, address: &Address) -> bool {
        self.is_ours(address) || self.is_list(address) || self.roster.by_address(address).is_some()
    }
}
