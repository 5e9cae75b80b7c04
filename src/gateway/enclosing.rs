//! What letters enclose is fetched before they are dressed: kept octets, opened again by a process
//! of its own. It blocks and never waits, since the decision has been made.

use super::{Fault, Gateway};
use crate::letter::{Enclosure, LeftOut, Letter, Wording, passed_on};
use crate::limits::{KEPT_BYTES, KIB};
use crate::mail::{self, Mailbox};
use crate::worker::Wanted;

/// Room in a letter for its words, header and signature.
const WORDS_BYTES: u64 = 512 * KIB as u64;
const MAIL: &str = "message/rfc822";
/// Whatever a stranger called it: no reader's program shows it by itself or takes it for a key.
const OCTETS: &str = "application/octet-stream";

impl Gateway {
    /// Puts octets in the place of what letters name, or why they are not there.
    pub(super) fn enclose(&self, letters: &mut [Letter]) -> Result<(), Fault> {
        let mut known: Vec<(Enclosure, Enclosure)> = Vec::new();
        for letter in letters.iter_mut() {
            for shown in &mut letter.enclosed {
                self.pass_on(shown)?;
            }
            self.pass_on(letter)?;
        }
        for letter in letters.iter_mut().filter(|letter| !letter.files.is_empty()) {
            let files = std::mem::take(&mut letter.files);
            for named in files {
                let found = known.iter().find(|(one, _)| *one == named);
                let fetched = match found {
                    Some((_, fetched)) => fetched.clone(),
                    None => self.fetched(&named)?,
                };
                if found.is_none() {
                    known.push((named, fetched.clone()));
                }
                letter.files.push(fetched);
            }
            self.fit(letter);
        }
        Ok(())
    }

    /// Words of a kept mail go into the letter's own text, the same in every showing of it.
    fn pass_on(&self, letter: &mut Letter) -> Result<(), Fault> {
        let Wording::OwnWords(own) = &mut letter.wording else { return Ok(()) };
        let is_words = |file: &Enclosure| matches!(file, Enclosure::Words { .. });
        let Some(at) = letter.files.iter().position(is_words) else { return Ok(()) };
        let Enclosure::Words { mail, without } = letter.files.remove(at) else { return Ok(()) };
        let name = own.words_are.clone().unwrap_or_else(|| "the words of a mail".to_owned());
        match self.words_of(&mail)? {
            Ok(words) => own.words = Some(passed_on(&words, &without)),
            Err(why) => {
                (own.words, own.words_are) = (None, None);
                letter.files.insert(at, Enclosure::LeftOut { name, why });
            }
        }
        Ok(())
    }

    fn words_of(&self, mail: &str) -> Result<Result<String, LeftOut>, Fault> {
        let Some(raw) = self.book.kept(mail)? else { return Ok(Err(LeftOut::Gone)) };
        let fetched = self.pool.fetch(&raw, Wanted::Words, self.clock.now());
        Ok(match fetched {
            Ok(Some(words)) => String::from_utf8(words.bytes).map_err(|_| LeftOut::Unreadable),
            Ok(None) => Err(LeftOut::Unreadable),
            Err(error) => {
                tracing::warn!(%error, "the words of a kept mail could not be fetched");
                Err(LeftOut::Unreadable)
            }
        })
    }

    fn fetched(&self, named: &Enclosure) -> Result<Enclosure, Fault> {
        Ok(match named {
            Enclosure::File { mail, number } => self.one_file(mail, *number)?,
            Enclosure::Original { mail } => self.original_mail(mail)?,
            other => other.clone(),
        })
    }

    fn one_file(&self, mail: &str, number: usize) -> Result<Enclosure, Fault> {
        let left_out = |why| Enclosure::LeftOut { name: format!("file {number}"), why };
        let Some(index) = number.checked_sub(1) else { return Ok(left_out(LeftOut::NotThere)) };
        let Some(raw) = self.book.kept(mail)? else { return Ok(left_out(LeftOut::Gone)) };
        let fetched = self.pool.fetch(&raw, Wanted::File(index), self.clock.now());
        Ok(match fetched {
            Ok(Some(file)) => {
                Enclosure::Bytes { name: file.name, kind: OCTETS.to_owned(), bytes: file.bytes }
            }
            Ok(None) => left_out(LeftOut::NotThere),
            Err(error) => {
                tracing::warn!(%error, "a file of a kept mail could not be fetched");
                left_out(LeftOut::Unreadable)
            }
        })
    }

    /// Where it cannot be opened again, it comes as it was kept.
    fn original_mail(&self, mail: &str) -> Result<Enclosure, Fault> {
        let name = "original.eml".to_owned();
        let Some(raw) = self.book.kept(mail)? else {
            return Ok(Enclosure::LeftOut { name, why: LeftOut::Gone });
        };
        let fetched = self.pool.fetch(&raw, Wanted::Original, self.clock.now());
        let (entity, date) = match fetched {
            Ok(Some(mail)) => (mail.bytes, mail.date),
            Ok(None) => (raw, None),
            Err(error) => {
                tracing::warn!(%error, "a kept mail could not be opened again");
                (raw, None)
            }
        };
        let team = &self.dresser.team;
        let team = Mailbox { name: team.name.clone(), address: team.address.clone() };
        let bytes = mail::pass_on(&entity, &team, date);
        Ok(Enclosure::Bytes { name, kind: MAIL.to_owned(), bytes })
    }

    fn fit(&self, letter: &mut Letter) {
        let most = self.carrier.size_limit().unwrap_or(u64::MAX).min(KEPT_BYTES as u64);
        let left_out = fit(&mut letter.files, most);
        if left_out > 0 {
            let (number, case) = (letter.number, letter.case.as_ref());
            tracing::warn!(
                number,
                ?case,
                left_out,
                "a letter leaves without files too large for it"
            );
        }
    }
}

/// Leaves out what does not fit into a letter of `most` octets, and says how many those are. What
/// stands first has the room first.
fn fit(files: &mut [Enclosure], most: u64) -> usize {
    let mut room = most.saturating_sub(WORDS_BYTES);
    let mut left_out = 0;
    for file in files {
        let Enclosure::Bytes { name, kind, bytes } = &*file else { continue };
        let (bytes, cost) = (bytes.len() as u64, cost(kind, bytes));
        if cost <= room {
            room -= cost;
            continue;
        }
        let why = LeftOut::TooLarge { bytes, room: bytes.saturating_mul(room) / cost.max(1) };
        *file = Enclosure::LeftOut { name: name.clone(), why };
        left_out += 1;
    }
    left_out
}

/// Octets that it takes in a sealed letter: base64 in lines, and armor around that. A mail that
/// can stand as it is has armor alone.
fn cost(kind: &str, bytes: &[u8]) -> u64 {
    let tenths = if kind == MAIL && mail::is_seven_bit(bytes) { 14 } else { 19 };
    (bytes.len() as u64).saturating_mul(tenths) / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: usize) -> Enclosure {
        let kind = OCTETS.to_owned();
        Enclosure::Bytes { name: name.to_owned(), kind, bytes: vec![b'x'; bytes] }
    }

    #[test]
    fn a_file_that_no_relay_takes_is_left_out_and_the_others_go() {
        let most = WORDS_BYTES + 2_000;
        let mut files = [file("small", 500), file("large", 5_000), file("last", 500)];
        assert_eq!(fit(&mut files, most), 1);
        let why = LeftOut::TooLarge { bytes: 5_000, room: 552 };
        let large = Enclosure::LeftOut { name: "large".to_owned(), why };
        assert_eq!(files, [file("small", 500), large, file("last", 500)]);
    }

    #[test]
    fn a_relay_that_takes_hardly_anything_still_gets_the_words() {
        for most in [0, WORDS_BYTES] {
            assert_eq!(fit(&mut [file("one", 1), file("two", 2)], most), 2);
        }
        assert_eq!(fit(&mut [file("empty", 0)], 0), 0);
    }
}
