//! `/invite`: asks whether somebody is the right person, without any detail.

use super::words::Words;
use super::{Asked, Command, Needs, Refusal, Rule, Ruling, people, who};
use crate::case::{Case, Deed, Person, purl};
use crate::letter::{Invitation, Wording};
use crate::limits::WORD_CHARS;
use crate::mail::{Address, Fingerprint};

pub const INVITE: Command = Command {
    name: "invite",
    usage: "/invite <role> <address|purl|name> [key]",
    summary: "Asks whether somebody is the right person to talk to. No detail.",
    help: "<role> is finder, maintainer, reporter or other. The letter says who we are and asks \
           how to reach them safely; while an embargo is in force it asks first whether they will \
           keep it. A package URL or the name of the project may stand beside the address, and \
           then the letter names the project, without a version. [key] is the fingerprint of \
           their key, without blanks, where you have it from them. Nothing of the case is told, \
           and they count as somebody who does not know.\n\nExample: /invite maintainer \
           mo@lib.example pkg:npm/example",
    needs: Needs::Reader,
    writes: "T-10 or T-30",
    takes_text: false,
    risky: false,
    rule: Rule::Asks(invite),
};

/// What stands behind the role, in any order.
#[derive(Default)]
struct Named {
    address: Option<Address>,
    project: Option<String>,
    key: Option<Fingerprint>,
}

fn invite(words: &mut Words<'_>, asked: &Asked<'_>) -> Result<Ruling, Refusal> {
    let case = asked.case()?;
    let role = words.one_of("a role", who::ROLES)?;
    let named = named(words)?;
    let Some(address) = named.address else {
        let project = named.project.unwrap_or_else(|| "<project>".to_owned());
        return Err(Refusal::new(format!(
            "The address is needed: no address of {project} is on record here. Look for one in \
             its repository, then: /invite {role} <address> {project}"
        )));
    };
    people::new_address(&address, asked, case)?;
    people::not_removed(&address, asked, case)?;
    let participant = people::next_number(case);
    let answer = format!(
        "The {role}, {address}, is asked{}, without any detail.",
        if case.embargo.in_force() { " whether they keep the embargo" } else { "" }
    );
    let wording = wording(case, asked, named.project);
    let private = Person { name: String::new(), address: Some(address), expected_key: named.key };
    Ok(Ruling::of(Deed::Invited { participant, role, private }, answer).says(participant, wording))
}

fn wording(case: &Case, asked: &Asked<'_>, project: Option<String>) -> Wording {
    let embargo_until = case.embargo.ends();
    let signs_as = asked.by.signs_as.clone();
    let invitation = Invitation { signs_as, project, embargo_until };
    match case.embargo.in_force() {
        true => Wording::EmbargoInvited(invitation),
        false => Wording::ContactAsked(invitation),
    }
}

fn named(words: &mut Words<'_>) -> Result<Named, Refusal> {
    let mut named = Named::default();
    let first = words.word("a mail address")?;
    take(&mut named, first, words)?;
    while let Some(word) = words.optional() {
        take(&mut named, word, words)?;
    }
    Ok(named)
}

fn take(named: &mut Named, word: &str, words: &Words<'_>) -> Result<(), Refusal> {
    let bare = word.strip_prefix('<').and_then(|word| word.strip_suffix('>')).unwrap_or(word);
    let twice = |there: bool, what: &str| match there {
        true => Err(Refusal::from(words.slip(format!("that is a second {what}")))),
        false => Ok(()),
    };
    if let Some((purl, _)) = purl::canonical(word) {
        twice(named.project.is_some(), "project")?;
        named.project = Some(purl);
    } else if let Some(address) = Address::parse(bare) {
        twice(named.address.is_some(), "address")?;
        named.address = Some(address);
    } else if let Some(key) = Fingerprint::parse(word) {
        twice(named.key.is_some(), "key")?;
        named.key = Some(key);
    } else if is_name(word) {
        twice(named.project.is_some(), "project")?;
        named.project = Some(word.to_owned());
    } else {
        return Err(words.slip("no address, package URL, name of a project or key").into());
    }
    Ok(())
}

/// A project's name in one word: nothing else of ours stands in a letter without detail.
fn is_name(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/+".contains(c);
    word.len() <= WORD_CHARS && word.chars().all(plain) && word.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use crate::case::{Actor, Deed, EmbargoState, Entry, Event};
    use crate::desk::orders::cast::Office;
    use crate::letter::{Protection, Wording};

    #[test]
    fn a_first_letter_is_confirmed_and_tells_nothing() {
        let mut office = Office::new();
        let before = office.case().matter();
        let text = "/invite maintainer mo@lib.example pkg:npm/example@1.2.3\n";
        let order = office.order("cora", text);
        let (decision, answer) = office.take(&order);
        assert!(decision.letters.iter().all(|letter| letter.to.member.is_some()));
        let Wording::Transcript(asked) = &answer.wording else { panic!("no transcript") };
        assert!(asked.why[0].contains("the first letter to the maintainer"), "{:?}", asked.why);
        let code = answer.code.expect("a code");
        let order = office.order("cora", &format!("/confirm {code}"));
        let (decision, _) = office.take(&order);
        let outside = |one: &&crate::letter::Letter| one.to.participant == Some(2);
        let letter = decision.letters.iter().find(outside).expect("a letter");
        let Wording::ContactAsked(invitation) = &letter.wording else { panic!("{letter:?}") };
        assert_eq!(invitation.project.as_deref(), Some("pkg:npm/example"));
        assert!(letter.to.protection == Protection::Signed && letter.title.is_none());
        office.does("cora", "/undo\n");
        assert_eq!(office.case().matter(), before);
    }

    #[test]
    fn without_an_address_the_project_is_kept_in_the_line_to_send() {
        let mut office = Office::new();
        let said = office.refused("cora", "/invite maintainer pkg:npm/example@1.2.3\n");
        assert!(said.contains("/invite maintainer <address> pkg:npm/example"), "{said}");
        let said = office.refused("cora", "/invite maintainer a@b.example heap|overflow\n");
        assert!(said.contains("no address, package URL"), "{said}");
    }

    #[test]
    fn under_an_embargo_they_are_asked_to_keep_it() {
        let mut office = Office::new();
        let mut embargo = office.case().embargo.clone();
        embargo.state = EmbargoState::Active;
        embargo.until = Some("2026-12-20T14:00:00Z".parse().expect("an instant"));
        let event = Event::Deed(Deed::EmbargoSet { embargo, private: Default::default() });
        let (at, case) = (office.world.now(), Some(office.case.clone()));
        office.world.fold(Entry { at, case, by: Actor::Cli, event });
        office.confirmed("cora", "/invite maintainer mo@lib.example\n");
        let mut letters = office.cases().letters_in(&office.case);
        let letter = letters.rfind(|one| one.participant == Some(2)).expect("a letter");
        assert_eq!(letter.template, "T-30");
    }

    #[test]
    fn members_lists_ourselves_and_those_removed_are_not_asked() {
        let mut office = Office::new();
        for address in ["val@example.org", "siren@lists.example", "sirt+k@example.org"] {
            let said = office.refused("cora", &format!("/invite other {address}\n"));
            assert!(said.contains("never takes part"), "{said}");
        }
        office.read_in("val");
        office.does("cora", "/remove finder\n");
        let said = office.refused("val", "/invite finder fay@finders.example\n");
        assert!(said.contains("was removed"), "{said}");
    }
}
