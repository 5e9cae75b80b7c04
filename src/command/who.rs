//! People, as a member names them: `me`, handles, addresses, roles.

use super::nearest::nearest;
use super::{Asked, Refusal};
use crate::case::{Case, Member, Participant, Role};
use crate::mail::Address;

/// A member of the team: `me`, a handle, or an address on the roster.
///
/// # Errors
/// Nobody of that name is on the roster.
pub fn member<'a>(word: &str, asked: &Asked<'a>) -> Result<&'a Member, Refusal> {
    if word.eq_ignore_ascii_case("me") {
        return Ok(asked.by);
    }
    let roster = &asked.rules.roster;
    let bare = word.trim_start_matches('@').to_ascii_lowercase();
    let by_handle = roster.members.iter().find(|one| one.handle.eq_ignore_ascii_case(&bare));
    let by_address = || Address::parse(word).and_then(|address| roster.by_address(&address));
    by_handle.or_else(by_address).ok_or_else(|| {
        let handles = roster.members.iter().map(|one| one.handle.as_str());
        let meant = nearest(&bare, handles).map(|meant| format!(" Did you mean {meant} ?"));
        Refusal::new(format!("{word} is no member here.{}", meant.unwrap_or_default()))
    })
}

/// Somebody who takes part: a role, where one person has it, an address, or a number.
///
/// # Errors
/// Nobody fits, or several do; then the answer lists them.
pub fn participant<'a>(word: &str, case: &'a Case) -> Result<&'a Participant, Refusal> {
    let there: Vec<&Participant> = case.participants.iter().filter(|one| !one.left).collect();
    let fits = |one: &&&Participant| {
        one.role.to_string().eq_ignore_ascii_case(word)
            || one.number.to_string() == word
            || Address::parse(word).is_some_and(|address| one.writes_from(&address))
    };
    let found: Vec<&&Participant> = there.iter().filter(fits).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Refusal::new(format!("Nobody here is {word}. {}", taking_part(&there)))),
        several => Err(Refusal::new(format!(
            "{word} fits several; name one by address: {}.",
            several.iter().map(|one| named(one)).collect::<Vec<_>>().join(", ")
        ))),
    }
}

fn taking_part(there: &[&Participant]) -> String {
    if there.is_empty() {
        return "Nobody outside takes part in this case.".to_owned();
    }
    let names: Vec<String> = there.iter().map(|one| named(one)).collect();
    format!("Those who take part: {}.", names.join(", "))
}

/// "finder fay@finders.example"
pub fn named(person: &Participant) -> String {
    let address = person.address.as_ref().map(Address::to_string).unwrap_or_default();
    format!("{} {address}", person.role).trim_end().to_owned()
}

/// The role somebody is added as.
pub const ROLES: &[Role] = &[Role::Finder, Role::Maintainer, Role::Reporter, Role::Other];
