//! Outsiders need no syntax: the first line of a reply may be one word. `status`, `clear` and
//! `encrypt` are answered here. `accept`, `decline` and `withdraw` are put on record, with whether
//! their key has signed them, and move nothing: a handler's word does. `stop` ends reminders.

use super::draft::Draft;
use super::{Opened, notify};
use crate::case::{Actor, Channel, Deed, Event};
use crate::letter::{ChannelAnswer, Wording};
use crate::mail::automatic;
use crate::triage::Link;
use jiff::ToSpan;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Status,
    Clear,
    Encrypt,
    Accept,
    Decline,
    Withdraw,
    Stop,
}

/// Answers go only to the address on record. `status` is answered once an hour; a change of the
/// channel always holds, and is answered when it changes something.
pub fn answer(draft: &mut Draft<'_>, opened: &Opened, participant: u32) {
    let Some(word) = first_word(&opened.mail.text) else { return };
    if automatic(&opened.mail).is_some() {
        return;
    }
    match word {
        Word::Status if answered_lately(draft, participant) => {}
        Word::Status => notify::status(draft, opened, participant),
        Word::Clear => set(draft, opened, participant, Channel::Clear),
        Word::Encrypt => set(draft, opened, participant, Channel::Encrypted),
        Word::Accept => record(draft, opened, participant, "accept"),
        Word::Decline => record(draft, opened, participant, "decline"),
        Word::Withdraw => record(draft, opened, participant, "withdraw"),
        Word::Stop => record(draft, opened, participant, "stop"),
    }
}

/// From is no authority, and neither is a code: whether the key on record signed it is kept too.
fn record(draft: &mut Draft<'_>, opened: &Opened, participant: u32, word: &str) {
    let (word, mail) = (word.to_owned(), opened.arrival.mail.clone());
    let proven = opened.triage.belongs.as_ref().is_some_and(|belongs| belongs.proven);
    let deed = Deed::Answered { participant, word, mail, proven };
    draft.note(Actor::Participant(participant), Event::Deed(deed));
}

fn set(draft: &mut Draft<'_>, opened: &Opened, participant: u32, channel: Channel) {
    let person = draft.case.as_ref().and_then(|case| case.participant(participant));
    let Some((before, have_key)) = person.map(|p| (p.channel, p.key_on_record().is_some())) else {
        return;
    };
    let prove_key = notify::has_to_prove_key(draft, opened, participant);
    // Whoever asked before they had a key sends it now, and hears how to prove it.
    let asks_again = channel == Channel::Encrypted && prove_key;
    // A proven key has set it to encrypted, and from there only a coordinator goes back: From alone
    // is no authority for less protection.
    if before == channel && !asks_again || have_key && channel == Channel::Clear {
        return;
    }
    // Nor is a number that anybody may know: less protection needs an answer to a letter.
    if before == Channel::Encrypted && channel != before && !answers_a_letter(opened) {
        return;
    }
    if before != channel {
        draft.note(Actor::Participant(participant), Event::ChannelSet { participant, channel });
    }
    let answer = ChannelAnswer { channel: channel.to_string(), have_key, prove_key };
    notify::answer(draft, opened, participant, Wording::ChannelSet(answer));
}

fn answers_a_letter(opened: &Opened) -> bool {
    let by = opened.triage.belongs.as_ref().map(|belongs| belongs.by);
    matches!(by, Some(Link::Code | Link::MessageId))
}

fn answered_lately(draft: &Draft<'_>, participant: u32) -> bool {
    let Some(case) = &draft.case else { return true };
    let hour_ago = draft.now.checked_sub(1.hour()).unwrap_or(draft.now);
    draft.cases.letters_in(&case.id).any(|letter| {
        letter.participant == Some(participant)
            && letter.wording == "status-answer"
            && letter.written > hour_ago
    })
}

/// One word alone on the first line that is not blank, nor a mark of ours in brackets; punctuation
/// and case do not matter.
pub fn first_word(text: &str) -> Option<Word> {
    let said = |line: &&str| !line.is_empty() && !line.starts_with('[');
    let line = text.lines().map(str::trim).find(said)?;
    let bare: String = line.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
    match bare.trim().to_lowercase().as_str() {
        "status" => Some(Word::Status),
        "clear" => Some(Word::Clear),
        "encrypt" => Some(Word::Encrypt),
        "accept" => Some(Word::Accept),
        "decline" => Some(Word::Decline),
        "withdraw" => Some(Word::Withdraw),
        "stop" => Some(Word::Stop),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_and_nothing_else() {
        assert!(first_word("\n  Status.\n\n> old words") == Some(Word::Status));
        assert!(first_word("\"clear\"") == Some(Word::Clear));
        assert!(first_word("The status of this is clear").is_none());
        assert!(first_word("").is_none());
    }
}
