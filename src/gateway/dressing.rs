//! Letters become bytes: rendered, signed, encrypted, on all cores, and kept under their names.
//! A letter whose reader's key cannot be used is sealed to ourselves and waits for a person.

use super::{Fault, Gateway};
use crate::desk::{Input, News};
use crate::letter::{Letter, Protection};
use crate::outbox::dress::{DressError, Dressed, dress};
use std::thread;

/// How often news of a letter that cannot be sealed may make another such letter.
const ROUNDS: usize = 3;

impl Gateway {
    /// Dresses letters and gathers their bytes. Says how many of them wait for a person.
    pub(super) fn dress(&mut self, mut letters: Vec<Letter>) -> Result<u64, Fault> {
        let mut held = letters.iter().filter(|letter| letter.held.is_some()).count() as u64;
        for _ in 0..ROUNDS {
            self.enclose(&mut letters)?;
            let mut news = Vec::new();
            for (letter, dressed) in letters.iter().zip(self.dress_all(&letters)) {
                match dressed {
                    Ok(dressed) => self.keep_letter(letter, dressed)?,
                    Err(DressError::Key(why)) => {
                        news.extend(self.keep_unsealable(letter, why.to_string())?);
                    }
                    Err(error) => return Err(Fault::Dress(error)),
                }
            }
            held += news.len() as u64;
            letters = news;
            if letters.is_empty() {
                break;
            }
        }
        Ok(held)
    }

    /// Pins what is new on the roster, and tells the coordinators. Whoever calls it commits.
    pub(super) fn judge_roster(&mut self) -> Result<(), Fault> {
        let decided = self.book.decide(&Input::Roster, self.clock.now());
        self.dress(decided.letters).map(|_| ())
    }

    /// On as many threads as there are cores; the order stays.
    fn dress_all(&self, letters: &[Letter]) -> Vec<Result<Dressed, DressError>> {
        let (dresser, now) = (&self.dresser, self.clock.now());
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let share = letters.len().div_ceil(cores).max(1);
        thread::scope(|scope| {
            let threads: Vec<_> = letters
                .chunks(share)
                .map(|chunk| {
                    let dress_one = move |letter| dress(letter, dresser, now);
                    scope.spawn(move || chunk.iter().map(dress_one).collect::<Vec<_>>())
                })
                .collect();
            let panicked = |_| Vec::new();
            threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(panicked)).collect()
        })
    }

    fn keep_letter(&mut self, letter: &Letter, dressed: Dressed) -> Result<(), Fault> {
        let name = self.book.rules.secrets.kept(letter.number);
        self.book.keep(&name, letter.case.as_ref(), dressed.sealed.bytes)
    }

    /// The letter waits, sealed to ourselves; the team hears of it.
    fn keep_unsealable(&mut self, letter: &Letter, why: String) -> Result<Vec<Letter>, Fault> {
        let mut kept = letter.clone();
        kept.to.protection = Protection::Kept;
        let dressed = dress(&kept, &self.dresser, self.clock.now()).map_err(Fault::Dress)?;
        self.keep_letter(&kept, dressed)?;
        let input = Input::Letter { number: letter.number, news: News::Kept { why } };
        Ok(self.book.decide(&input, self.clock.now()).letters)
    }
}
