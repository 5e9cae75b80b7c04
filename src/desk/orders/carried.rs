//! What the lines of a mail came to, gathered: for the confirmation, the transcript, and the news
//! to other handlers.

use crate::case::{Case, CaseId, Class, Deed, Event, RosterFact};
use crate::command::page::Page;
use crate::command::{Attach, Other, Plea, Refusal};
use crate::desk::draft::Draft;
use crate::desk::notify::{self, Said};
use crate::desk::{Opened, SignedWords};
use crate::letter::{Enclosure, Leaving, Letter};
use crate::limits::MANY_READERS;
use crate::mail::{Address, Encrypted};
use serde_json::json;
use std::collections::BTreeMap;

/// Everything that became of the lines so far.
#[derive(Clone, Default)]
pub struct Carried {
    /// Cases in which these orders have changed something, in order.
    begun: Vec<Option<CaseId>>,
    /// Why it is confirmed first, as clauses.
    pub confirm: Vec<String>,
    /// The same, because of when the mail itself was signed: no part of what is confirmed.
    pub late: Vec<String>,
    pub news: BTreeMap<CaseId, News>,
    /// Letters to people outside, as they will be.
    pub leaving: Vec<(Leaving, Letter)>,
    pub pages: Vec<Page>,
    /// Where the page of each notice stands.
    notices: BTreeMap<(CaseId, u32), usize>,
    /// As they were in the case that the line was about.
    pub attached: Vec<Enclosure>,
    pub next: Vec<(String, String)>,
    /// Earlier orders that this mail mends or confirms.
    pub uses: Option<String>,
    /// A case that these orders opened of their own, where they were about none.
    pub opened: Option<CaseId>,
    /// Facts that the trial began with.
    facts_before: usize,
}

/// What others who work on a case hear.
#[derive(Clone, Default)]
pub struct News {
    pub did: Vec<String>,
    pub notes: Vec<String>,
    /// By place in [`Carried::leaving`].
    pub letters: Vec<usize>,
    /// Lines that grant what is asked of them, and what each does.
    pub grants: Vec<(String, String)>,
}

impl Carried {
    pub fn new(draft: &Draft<'_>, uses: Option<String>) -> Carried {
        Carried { facts_before: draft.entries().len(), uses, ..Carried::default() }
    }

    /// How many cases were begun before this one; none where it was begun already.
    pub fn begin(&mut self, case: Option<CaseId>) -> Option<usize> {
        if self.begun.contains(&case) {
            return None;
        }
        self.begun.push(case);
        Some(self.begun.len() - 1)
    }

    /// Something is to be confirmed first.
    pub fn asks(&self) -> bool {
        !self.confirm.is_empty() || !self.late.is_empty()
    }

    pub fn begun(&self) -> bool {
        !self.begun.is_empty()
    }

    pub fn take(
        &mut self,
        case: Option<&Case>,
        did: &[String],
        shows: Option<Page>,
        next: Vec<(String, String)>,
    ) {
        self.next.extend(next);
        self.pages.extend(shows);
        if let Some(case) = case {
            let news = self.news.entry(case.id.clone()).or_default();
            news.did.extend(did.iter().cloned());
        }
    }

    /// The page that comes next shows this notice, and takes the place of an older one.
    pub fn shows_notice(&mut self, case: &CaseId, notice: u32) {
        let old = self.notices.insert((case.clone(), notice), self.pages.len());
        if let Some(page) = old.and_then(|old| self.pages.get_mut(old)) {
            *page = Page::default();
        }
    }

    pub fn ask(&mut self, case: &CaseId, plea: Plea) {
        let news = self.news.entry(case.clone()).or_default();
        news.did.push(plea.asks);
        news.grants.push((plea.line, plea.does));
    }

    pub fn noted(&mut self, case: &CaseId, text: &str) {
        self.news.entry(case.clone()).or_default().notes.push(text.to_owned());
    }

    pub fn say(&mut self, said: Said) {
        self.confirm.extend(said.confirm);
        let Some(letter) = said.letter else { return };
        if let Some(case) = &letter.case {
            let place = self.leaving.len();
            self.news.entry(case.clone()).or_default().letters.push(place);
        }
        self.leaving.push((said.leaving, letter));
        let people: std::collections::BTreeSet<&Address> =
            self.leaving.iter().map(|(_, letter)| &letter.to.address).collect();
        if people.len() > MANY_READERS {
            let why = "it goes to more than three people";
            if !self.confirm.iter().any(|known| known == why) {
                self.confirm.push(why.to_owned());
            }
        }
    }

    /// Files that come back or go along; only of mails that are there.
    ///
    /// # Errors
    /// There is no such mail.
    pub fn attach(&mut self, draft: &Draft<'_>, asked: &[Attach]) -> Result<(), Refusal> {
        let mails = draft.case.as_ref().map_or(0, |case| case.mails.len());
        for one in asked {
            let mail = match one {
                Attach::File { mail, .. }
                | Attach::Words { mail, .. }
                | Attach::Original { mail } => *mail,
                Attach::Document { .. } => 1,
            };
            if mail == 0 || mail > mails.max(1) {
                return Err(Refusal::new(format!("There is no mail {mail} in this case.")));
            }
        }
        self.attached.extend(asked.iter().filter_map(|one| notify::enclosure(draft, one)));
        Ok(())
    }

    /// Of everything that a confirmation is for: what would leave, to whom, under which key, what
    /// would change, why that is asked first, and the cases as they stand before it, with the
    /// letters that others have written to people outside.
    pub fn digest(&self, draft: &Draft<'_>, trial: &Draft<'_>) -> String {
        let letters = self.leaving.iter().map(|(_, letter)| {
            let how = format!("{:?}", letter.to.protection);
            json!([letter.to.address, how, letter.wording, format!("{:?}", letter.files)])
        });
        let facts = trial.entries().iter().skip(self.facts_before).filter_map(|entry| {
            let own = matches!(entry.event, Event::OrdersTaken(_) | Event::LetterWritten(_));
            (!own).then(|| json!([entry.case, entry.event]))
        });
        let own = trial.entries().iter().skip(self.facts_before);
        let cases = own.filter_map(|entry| entry.case.as_ref());
        let cases: std::collections::BTreeSet<&CaseId> = cases.collect();
        let cases = cases.into_iter().filter_map(|id| draft.cases.case(id)).map(|case| {
            let heard = case.mails.iter().filter(|mail| mail.class != Class::Orders).count();
            let letters = draft.cases.letters_in(&case.id);
            let letters = letters.filter(|one| one.participant.is_some()).map(|one| one.number);
            json!([case.matter(), heard, letters.collect::<Vec<u64>>()])
        });
        let whole = json!([
            letters.collect::<Vec<_>>(),
            facts.collect::<Vec<_>>(),
            self.confirm,
            cases.collect::<Vec<_>>()
        ]);
        blake3::hash(whole.to_string().as_bytes()).to_hex().to_string()
    }

    /// Something of these orders is for others to hear.
    pub fn told_in(&self, case: &CaseId) -> Option<&News> {
        self.news.get(case)
    }
}

impl News {
    pub fn is_empty(&self) -> bool {
        self.did.is_empty() && self.notes.is_empty() && self.letters.is_empty()
    }
}

impl Other {
    /// The fact of it.
    pub fn event(self, orders: &super::Orders) -> Event {
        match self {
            Other::ReadIn { member, why } => Event::ReadIn { member, why },
            Other::ChannelSet { participant, channel } => {
                Event::ChannelSet { participant, channel }
            }
            Other::LetterReleased { letter } => Event::LetterReleased { letter },
            Other::LetterHeld { letter, why } => Event::LetterHeld { letter, why, kept: false },
            Other::MemberKey { member, key, accepted: true } => {
                Event::Roster(RosterFact::Accepted { member, key })
            }
            Other::MemberKey { member, key, accepted: false } => {
                Event::Roster(RosterFact::Refused { member, key })
            }
            Other::Away { from, to } => {
                Event::MemberAway { member: orders.member.handle.clone(), from, to }
            }
        }
    }
}

/// A note's words, where a deed is one.
pub fn note_of(event: &Event) -> Option<&str> {
    match event {
        Event::Deed(Deed::NoteWritten { private }) => Some(&private.text),
        _ => None,
    }
}

/// What we saw of the mail itself, for `/ping`.
pub fn seen(opened: &Opened, words: &SignedWords) -> Vec<(String, String)> {
    let subject = match words.subject {
        Some(_) => "signed with the rest",
        None => "not signed: it names no case for us",
    };
    let encrypted = match opened.mail.evidence.encrypted {
        Encrypted::Whole => "yes, the whole mail".to_owned(),
        Encrypted::Partly => "only parts of it".to_owned(),
        _ => "no".to_owned(),
    };
    let from = opened.mail.sender().map(|sender| sender.address.to_string());
    let mut seen = vec![
        ("From".to_owned(), from.unwrap_or_else(|| "not one address".to_owned())),
        ("Signed".to_owned(), format!("good, key {}", words.signed.signer.short())),
        ("Signed at".to_owned(), words.signed.made.strftime("%a %-d %b %Y %H:%M UTC").to_string()),
        ("Encrypted".to_owned(), encrypted),
        ("Subject".to_owned(), subject.to_owned()),
        ("Your key".to_owned(), "the one on the roster".to_owned()),
    ];
    seen.extend(words.oddities.iter().map(|odd| ("Odd".to_owned(), odd.clone())));
    seen
}

/// "a", "a and b", "a, b and c"; "nobody" for none.
pub fn plural(names: &[&str]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
