//! Letters to people outside that a member orders: under which protection, and what a member is
//! asked first. Detail goes under the key on record, or in the clear once its author has
//! confirmed these very words, or it waits.

use super::letters::letter;
use super::team::enclosure;
use super::{post, reply_to};
use crate::case::{
    Actor, Case, CaseMail, Channel, Class, Deed, Event, LetterState, Member, Participant, Posted,
    Words, facts,
};
use crate::command::{Refusal, Say};
use crate::desk::draft::Draft;
use crate::desk::leak_guard::{Guarded, Leak, Sought, Source, leaks};
use crate::desk::orders::{Orders, Plan};
use crate::letter::{Detail, Leaving, Letter, OwnWords, Protection, Reader, Wording};
use crate::mail::{Address, MessageId};
use jiff::tz::TimeZone;

/// One letter that orders ask for.
pub struct Sending<'a> {
    pub orders: &'a Orders,
    pub plan: &'a Plan,
    pub say: &'a Say,
}

/// What became of it, on the scratch copy.
pub struct Said {
    pub leaving: Leaving,
    /// None where the words wait for their reader to be reachable.
    pub letter: Option<Letter>,
    /// Why it is confirmed first.
    pub confirm: Vec<String>,
    /// For the transcript.
    pub told: Vec<String>,
}

/// Writes the letter, or keeps the words, or says why neither can be.
///
/// # Errors
/// There is no such reader, or the words may not go where they would.
pub fn say(draft: &mut Draft<'_>, sending: &Sending<'_>) -> Result<Said, Refusal> {
    let case = draft.case.clone().ok_or_else(|| Refusal::new(crate::command::NO_CASE))?;
    let person = case.participant(sending.say.to).filter(|person| !person.left).cloned();
    let person = person.ok_or_else(|| Refusal::new("Nobody of that kind takes part."))?;
    let (protection, wording) = match protection(&person, &sending.say.wording)? {
        Way::Letter(protection, wording) => (protection, wording),
        Way::Waits => {
            let found = found(draft, sending, &case, (&person, &sending.say.wording));
            let confirm = found.iter().map(Leak::to_string).collect();
            return Ok(Said { confirm, ..keep(draft, sending, &person) });
        }
    };
    let found = found(draft, sending, &case, (&person, &wording));
    if let (Wording::OwnWordsClear(_), Some(_)) = (&wording, found.first()) {
        let found: Vec<String> = found.iter().map(Leak::to_string).collect();
        let what = format!("This would go unencrypted. {} Take that out.", found.join(" "));
        return Err(Refusal::new(what));
    }
    let mut confirm: Vec<String> = found.iter().map(Leak::to_string).collect();
    confirm.extend(asks_first(draft, sending, &case, &person));
    if let Wording::OwnWordsClear(_) = wording {
        confirm.insert(0, format!("UNENCRYPTED to the {}", person.role));
    }
    let reader = reader(draft, &person, protection);
    let references = thread(draft, &case, &person);
    let letter = letter(draft, reader, wording, references);
    let mut letter = letter.ok_or_else(|| Refusal::new("No letter could be made of this."))?;
    letter.orders = Some(sending.orders.id.clone());
    letter.files = sending.say.files.iter().filter_map(|one| enclosure(draft, one)).collect();
    let delay = draft.rules.letters.send_delay;
    letter.due = (!sending.plan.at_once).then(|| draft.now.checked_add(delay).unwrap_or(draft.now));
    letter.held = claimed(&case);
    post(draft, letter.clone());
    no_longer_unsaid(draft, sending, &case, &person);
    let leaving = leaving(&person, &letter);
    let told = vec![sentence(&leaving, &letter)];
    Ok(Said { leaving, letter: Some(letter), confirm, told })
}

/// While somebody says that it is out in spite of an embargo, nothing leaves by itself.
pub fn claimed(case: &Case) -> Option<String> {
    let claim = facts::claimed(&case.facts).next().filter(|_| case.embargo.in_force())?;
    Some(format!("{claim} is claimed, and not signed by a second member"))
}

/// Words that waited and were sent again do not leave a second time.
fn no_longer_unsaid(draft: &mut Draft<'_>, sending: &Sending<'_>, case: &Case, to: &Participant) {
    let (Wording::OwnWords(own) | Wording::OwnWordsClear(own)) = &sending.say.wording else {
        return;
    };
    let (participant, text) = (to.number, own.text.as_str());
    if case.unsaid.iter().any(|words| words.participant == participant && words.text == text) {
        let deed = Deed::WordsSaid { participant, private: Words::of(text) };
        draft.note(Actor::Member(sending.orders.member.handle.clone()), Event::Deed(deed));
    }
}

/// Words that waited, once their reader can be written to: the numbers of the letters. Where
/// orders have done that, the letters can be stopped with them, as any other.
pub fn say_kept(draft: &mut Draft<'_>, participant: u32, orders: Option<&Orders>) -> Vec<u64> {
    let mut said = Vec::new();
    let Some(case) = draft.case.clone() else { return said };
    let Some(person) = case.participant(participant).filter(|person| !person.left).cloned() else {
        return said;
    };
    let Some(key) = person.key_on_record() else { return said };
    let protection = Protection::Sealed {
        key: key.fingerprint.clone(),
        certificate: Some(key.certificate.clone()),
    };
    for unsaid in case.unsaid.iter().filter(|words| words.participant == participant) {
        let signs_as = signs_as(draft, &unsaid.by);
        let own = OwnWords { text: unsaid.text.clone(), signs_as, ..OwnWords::default() };
        let reader = reader(draft, &person, protection.clone());
        let references = thread(draft, &case, &person);
        if let Some(mut letter) = letter(draft, reader, Wording::OwnWords(own), references) {
            letter.orders = orders.map(|orders| orders.id.clone());
            let due = draft.now.checked_add(draft.rules.letters.send_delay).unwrap_or(draft.now);
            letter.due = orders.map(|_| due);
            letter.held = claimed(&case);
            said.push(letter.number);
            post(draft, letter);
        }
    }
    if !said.is_empty() {
        let deed = Deed::WordsSaid { participant, private: Words::default() };
        let by = orders.map(|orders| Actor::Member(orders.member.handle.clone()));
        draft.note(by.unwrap_or(Actor::Gateway), Event::Deed(deed));
    }
    said
}

fn signs_as(draft: &Draft<'_>, handle: &str) -> String {
    let member = draft.rules.roster.by_handle(handle);
    member.map_or_else(|| draft.rules.team.name.clone(), |member| member.signs_as.clone())
}

enum Way {
    Letter(Protection, Wording),
    Waits,
}

fn protection(person: &Participant, wording: &Wording) -> Result<Way, Refusal> {
    let wording = wording.clone();
    if let Some(key) = person.key_on_record() {
        let (key, certificate) = (key.fingerprint.clone(), Some(key.certificate.clone()));
        return Ok(Way::Letter(Protection::Sealed { key, certificate }, wording));
    }
    match (wording.form().detail, person.channel, wording) {
        (Detail::None, Channel::Encrypted, wording) => Ok(Way::Letter(Protection::Kept, wording)),
        (Detail::None, _, wording) => Ok(Way::Letter(Protection::Signed, wording)),
        (_, Channel::Clear, Wording::OwnWords(own))
            if own.words_are.is_none() && own.files.is_empty() =>
        {
            Ok(Way::Letter(Protection::Signed, Wording::OwnWordsClear(own)))
        }
        (_, _, Wording::OwnWords(own)) if own.words_are.is_some() || !own.files.is_empty() => {
            Err(Refusal::new(format!(
                "A report or a file goes encrypted only, and there is no proven key of the {}. {}",
                person.role,
                way_to_key(person)
            )))
        }
        (_, _, Wording::OwnWords(_)) => Ok(Way::Waits),
        (_, _, _) => Err(Refusal::new(format!(
            "Your sentence would go unencrypted: there is no proven key of the {}. Leave out \
             `using`, or write to them with /send.",
            person.role
        ))),
    }
}

/// How a key of theirs comes to be used.
fn way_to_key(person: &Participant) -> String {
    match person.keys.iter().find(|key| !key.proven && key.trouble.is_none()) {
        Some(key) => format!(
            "One came with their mail: once somebody has compared its fingerprint with them in \
             another way, a coordinator accepts it with /key accept {}.",
            key.fingerprint
        ),
        None => format!("Ask them for it: /send {} .", person.role),
    }
}

fn keep(draft: &mut Draft<'_>, sending: &Sending<'_>, person: &Participant) -> Said {
    let text = match &sending.say.wording {
        Wording::OwnWords(own) => own.text.as_str(),
        _ => "",
    };
    let deed = Deed::WordsKept { participant: person.number, private: Words::of(text) };
    draft.note(Actor::Member(sending.orders.member.handle.clone()), Event::Deed(deed));
    let (role, to) = (person.role, name(person));
    let why = match person.channel {
        Channel::Encrypted => "they want encrypted mail only, and we have no proven key of theirs",
        _ => "they have not yet chosen between encrypted and clear mail, and no key is proven",
    };
    let told = format!(
        "The text for {to}, waits: {why}. It leaves by itself when the {role} has proven a key. \
         To send it unencrypted once the {role} asked for it: /channel {role} clear <reason>, \
         then /send again."
    );
    let leaving = Leaving {
        letter: None,
        to,
        how: "encrypted, once there is a key".to_owned(),
        leaves: None,
        waits: Some(why.to_owned()),
    };
    Said { leaving, letter: None, confirm: Vec::new(), told: vec![told] }
}

fn name(person: &Participant) -> String {
    let address = person.address.as_ref().map(Address::to_string).unwrap_or_default();
    format!("the {}, {address}", person.role)
}

fn leaving(person: &Participant, letter: &Letter) -> Leaving {
    let how = match &letter.to.protection {
        Protection::Sealed { key, .. } => format!("encrypted to {}", key.short()),
        Protection::Signed => match letter.wording {
            Wording::OwnWordsClear(_) => "UNENCRYPTED: servers on the way can read it".to_owned(),
            _ => "unencrypted, and without any detail".to_owned(),
        },
        Protection::Public => "signed, for everybody to read".to_owned(),
        Protection::Kept => "encrypted, once there is a key".to_owned(),
    };
    let (leaves, waits) = (letter.due, letter.held.clone());
    Leaving { letter: Some(format!("L{}", letter.number)), to: name(person), how, leaves, waits }
}

fn sentence(leaving: &Leaving, letter: &Letter) -> String {
    let form = letter.wording.form();
    let what = match &letter.wording {
        Wording::OwnWords(own) | Wording::OwnWordsClear(own) => match own.text.lines().count() {
            1 => "The text, 1 line,".to_owned(),
            lines => format!("The text, {lines} lines,"),
        },
        _ => format!("A letter ({})", form.number),
    };
    format!("{what} to {}, {}.", leaving.to, leaving.how)
}

/// What of the guarded stands in the member's own words.
fn found(
    draft: &Draft<'_>,
    sending: &Sending<'_>,
    case: &Case,
    (person, wording): (&Participant, &Wording),
) -> Vec<Leak> {
    let text = match wording {
        Wording::OwnWords(own) | Wording::OwnWordsClear(own) => own.text.as_str(),
        other => other.sentence().unwrap_or_default(),
    };
    let clear = matches!(wording, Wording::OwnWordsClear(_));
    let author = &sending.orders.member;
    let guarded = guarded(draft, case, (person, clear), author);
    leaks(text, &guarded)
}

/// What must not stand in a letter to this person.
fn guarded<'a>(
    draft: &'a Draft<'_>,
    case: &'a Case,
    (person, clear): (&'a Participant, bool),
    author: &Member,
) -> Guarded<'a> {
    let theirs = |mail: &CaseMail| mail.participant == Some(person.number);
    let others = case.mails.iter().filter(|mail| match theirs(mail) {
        // In the clear not even what they themselves sent encrypted is repeated.
        true => clear && mail.encrypted,
        // The author's own words: a letter refused before, and written again.
        false => mail.class != Class::Orders || mail.from.as_ref() != Some(&author.address),
    });
    let sources =
        others.map(|mail| Source { whose: whose(case, mail), passages: &mail.passages }).collect();
    let known = case.mails.iter().filter(|mail| theirs(mail) && (!clear || !mail.encrypted));
    let known = known.map(|mail| mail.passages.as_slice()).collect();
    let secrets = &draft.rules.secrets;
    let others = case.participants.iter().filter(|other| other.number != person.number);
    Guarded {
        notes: case.notes.iter().map(|note| note.text.as_str()).collect(),
        words: Sought { secrets, sources, known },
        addresses: others.filter_map(|other| other.address.as_ref()).collect(),
        members: draft.rules.roster.members.iter().collect(),
        this_case: &case.id,
        prefix: &draft.rules.team.case_prefix,
        codes: draft
            .cases
            .letters_in(&case.id)
            .filter(|letter| letter.participant != Some(person.number))
            .filter_map(|letter| letter.code.as_deref())
            .collect(),
    }
}

fn whose(case: &Case, mail: &CaseMail) -> &'static str {
    use crate::case::Role;
    if mail.class == Class::Orders {
        return "another member";
    }
    match mail.participant.and_then(|number| case.participant(number)).map(|person| person.role) {
        Some(Role::Finder) => "the finder",
        Some(Role::Maintainer) => "the maintainer",
        Some(Role::Reporter) => "the reporter",
        Some(Role::Other) => "another participant",
        None => "somebody who takes no part",
    }
}

/// Why a person looks at it once more before it leaves.
fn asks_first(
    draft: &Draft<'_>,
    sending: &Sending<'_>,
    case: &Case,
    person: &Participant,
) -> Vec<String> {
    let mut why = Vec::new();
    let to_them = |letter: &&Posted| letter.participant == Some(person.number);
    let mut earlier = draft.cases.letters_in(&case.id).filter(to_them);
    if !earlier.any(|letter| letter.state != LetterState::Discarded) {
        why.push(format!("the first letter to {}", name(person)));
    }
    let answered = sending.plan.named.answers.and_then(|number| draft.cases.letter(number));
    let since = |mail: &CaseMail| {
        mail.participant == Some(person.number)
            && answered.is_some_and(|letter| mail.at > letter.written)
    };
    if case.mails.iter().any(since) {
        why.push(format!("the {} wrote since the letter you answer", person.role));
    }
    let me = &sending.orders.member.handle;
    let by = |letter: &Posted| {
        let orders = letter.orders.as_ref().and_then(|orders| draft.cases.orders(orders));
        orders.map(|orders| orders.taken.member.clone()).filter(|member| member != me)
    };
    let waiting = |letter: &Posted| letter.state == LetterState::Waiting;
    let mut letters = draft.cases.letters_in(&case.id).filter(to_them);
    if let Some(other) = letters.find_map(|letter| by(letter).filter(|_| waiting(letter))) {
        why.push(format!("a letter of {other} to the {} waits to leave", person.role));
    }
    why
}

fn reader(draft: &Draft<'_>, person: &Participant, protection: Protection) -> Reader {
    Reader {
        address: person.address.clone().unwrap_or_else(|| draft.rules.team.address.clone()),
        name: person.name.clone(),
        member: None,
        participant: Some(person.number),
        zone: TimeZone::UTC,
        reply_to: reply_to(draft, person, &protection),
        protection,
    }
}

/// Their newest mail, and our letters to them: one thread in any client.
fn thread(draft: &Draft<'_>, case: &Case, person: &Participant) -> Vec<MessageId> {
    let mut theirs = case.mails.iter().filter(|mail| mail.participant == Some(person.number));
    let mut ours = draft.cases.letters_in(&case.id);
    let mine = |letter: &&Posted| letter.participant == Some(person.number);
    let first = theirs.next().and_then(|mail| mail.message_id.clone());
    let answer = ours.find(mine).map(|letter| letter.message_id.clone());
    let newest = theirs.next_back().and_then(|mail| mail.message_id.clone());
    first.into_iter().chain(answer).chain(newest).collect()
}
