//! Letters leave in waves: the attempt is in the journal before it is made, the answer after.

use super::summary::Summary;
use super::{Fault, Gateway};
use crate::case::Posted;
use crate::desk::{Input, News, must_stay};
use crate::limits::WAVE_LETTERS;
use crate::outbox::retry::{self, Attempt, Audience, Step};
use crate::outbox::{Envelope, Fate, Sealed};
use jiff::Timestamp;

/// Letters handed to the carrier together.
pub type Wave = Vec<(u64, Sealed)>;

impl Gateway {
    /// The next letters that are due, with the attempt noted; empty when nothing is due.
    pub(super) fn next_wave(&mut self) -> Result<Wave, Fault> {
        let now = self.clock.now();
        let due: Vec<Posted> = self
            .book
            .cases()
            .waiting()
            .filter(|letter| letter.due <= now && !self.on_the_way.contains(&letter.number))
            .take(WAVE_LETTERS)
            .cloned()
            .collect();
        let mut wave = Wave::new();
        for letter in due {
            if self.stays(&letter, now)? {
                continue;
            }
            if let Some(sealed) = self.sealed(&letter)? {
                self.tell(letter.number, News::Tried);
                self.on_the_way.insert(letter.number);
                wave.push((letter.number, sealed));
            }
        }
        self.book.commit()?;
        Ok(wave)
    }

    /// A post to a list that may not leave any more is held, and its people are told.
    fn stays(&mut self, letter: &Posted, now: Timestamp) -> Result<bool, Fault> {
        let book = &self.book;
        let why = must_stay(book.cases(), &book.rules, letter, now);
        let Some(why) = why.filter(|_| letter.is_post()) else { return Ok(false) };
        let input = Input::Letter { number: letter.number, news: News::Held { why } };
        let letters = self.book.decide(&input, now).letters;
        self.dress(letters)?;
        Ok(true)
    }

    /// The finished bytes of a letter. One whose octets are gone can never leave.
    fn sealed(&mut self, letter: &Posted) -> Result<Option<Sealed>, Fault> {
        let bytes = self.book.kept(&letter.mail)?;
        let (Some(bytes), Some(to)) = (bytes, letter.to.clone()) else {
            let why = "its text was destroyed".to_owned();
            self.tell(letter.number, News::Failed { why });
            return Ok(None);
        };
        let team = &self.book.rules.team;
        let return_path = |token: &String| team.address.with_detail(&team.subaddress, token);
        let from = letter.return_token.as_ref().map(return_path);
        let message_id = letter.message_id.clone();
        Ok(Some(Sealed { envelope: Envelope { from, to }, message_id, bytes }))
    }

    /// Notes what became of a wave. Letters to the team that follow are dressed at once.
    pub(super) fn wave_done(&mut self, fates: Vec<(u64, Fate)>) -> Result<Summary, Fault> {
        let mut summary = Summary::default();
        let mut letters = Vec::new();
        for (number, fate) in fates {
            self.on_the_way.remove(&number);
            let Some(news) = self.news(number, &fate) else { continue };
            count(&mut summary, &news);
            let input = Input::Letter { number, news };
            letters.extend(self.book.decide(&input, self.clock.now()).letters);
        }
        summary.held += self.dress(letters)?;
        Ok(summary)
    }

    fn news(&mut self, number: u64, fate: &Fate) -> Option<News> {
        let attempt = attempt(self.book.cases().letter(number)?);
        if let Fate::Stop { why } = fate {
            self.relay_trouble = Some(why.clone());
        }
        let step = retry::next(attempt, self.clock.now(), fate);
        if let (Step::Again(_), Fate::Later { why } | Fate::Unknown { why }) = (&step, fate) {
            self.delayed = Some(why.clone());
        }
        Some(news_of(step, fate.why().to_owned()))
    }

    /// Letters whose attempt was counted and whose answer was lost when the gateway last ended.
    pub(super) fn after_crash(&mut self) -> Result<(), Fault> {
        let now = self.clock.now();
        let lost = self.book.cases().waiting().filter(|letter| letter.in_flight);
        let steps: Vec<(u64, Step)> =
            lost.map(|letter| (letter.number, retry::after_crash(attempt(letter), now))).collect();
        let mut letters = Vec::new();
        for (number, step) in steps {
            let news = news_of(step, "the answer of the relay was lost".to_owned());
            letters.extend(self.book.decide(&Input::Letter { number, news }, now).letters);
        }
        self.dress(letters)?;
        self.book.commit()
    }

    fn tell(&mut self, number: u64, news: News) {
        _ = self.book.decide(&Input::Letter { number, news }, self.clock.now());
    }

    /// When the next letter falls due, where one waits.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let waiting = self.book.cases().waiting();
        let waiting = waiting.filter(|letter| !self.on_the_way.contains(&letter.number));
        waiting.map(|letter| letter.due).min()
    }
}

fn attempt(letter: &Posted) -> Attempt {
    let (count, first) = (letter.attempts, letter.written);
    let audience = if letter.is_post() { Audience::List } else { Audience::Person };
    Attempt { count, first, audience, jitter: spread(letter.number, count) }
}

/// Spreads the pauses of letters that failed together. Not a secret, so a digest will do.
fn spread(number: u64, count: u32) -> u32 {
    let digest = blake3::hash(&[number.to_le_bytes(), u64::from(count).to_le_bytes()].concat());
    digest.as_bytes().first_chunk().map_or(0, |four| u32::from_le_bytes(*four))
}

fn news_of(step: Step, why: String) -> News {
    match step {
        Step::Done => News::Sent,
        Step::Again(again) => News::Delayed { why, again },
        Step::Hold(why) => News::Held { why },
        Step::GiveUp(why) => News::Failed { why },
    }
}

fn count(summary: &mut Summary, news: &News) {
    match news {
        News::Sent => summary.sent += 1,
        News::Held { .. } | News::Kept { .. } => summary.held += 1,
        News::Failed { .. } | News::CameBack { .. } => summary.failed += 1,
        News::Tried | News::Delayed { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::{Wording, sample};
    use crate::limits::UNKNOWN_ATTEMPTS;

    /// As the store has it, after that many attempts.
    fn posted(wording: &Wording, attempts: u32) -> Posted {
        let form = wording.form();
        let json = serde_json::json!({
            "number": 17, "case": null, "template": form.number, "wording": form.file,
            "mail": "00", "message_id": "a@example.org", "code": null,
            "to": "siren@lists.example.org", "member": null, "participant": null,
            "acknowledges": false, "sealed": false,
            "kept": false, "return_token": null, "written": sample::RECEIVED, "state": "waiting",
            "why": "", "attempts": attempts, "in_flight": true, "due": sample::RECEIVED,
            "orders": null, "passages": [],
        });
        serde_json::from_value(json).expect("a letter")
    }

    fn wordings() -> (Wording, Wording) {
        let post = Wording::Notice(Box::new(sample::notice().expect("a post")));
        (post, Wording::ReportReceived(sample::received().remove(0)))
    }

    #[test]
    fn a_post_whose_fate_is_unknown_is_held_and_never_sent_twice() {
        let (post, other) = wordings();
        let unknown = Fate::Unknown { why: "the connection ended".to_owned() };
        for attempts in 1..=UNKNOWN_ATTEMPTS {
            let one = attempt(&posted(&post, attempts));
            assert!(matches!(retry::next(one, sample::RECEIVED, &unknown), Step::Hold(_)));
        }
        let person = attempt(&posted(&other, 1));
        assert!(matches!(retry::next(person, sample::RECEIVED, &unknown), Step::Again(_)));
    }

    #[test]
    fn after_a_crash_a_post_is_held_and_a_letter_sent_again() {
        let (post, other) = wordings();
        let one = attempt(&posted(&post, 1));
        assert!(matches!(retry::after_crash(one, sample::RECEIVED), Step::Hold(_)));
        let person = attempt(&posted(&other, 1));
        assert!(matches!(retry::after_crash(person, sample::RECEIVED), Step::Again(_)));
    }

    #[test]
    fn a_post_that_was_not_taken_is_tried_again() {
        let (post, _) = wordings();
        let later = Fate::Later { why: "450 4.2.0 while data".to_owned() };
        let one = attempt(&posted(&post, 1));
        assert!(matches!(retry::next(one, sample::RECEIVED, &later), Step::Again(_)));
    }
}
