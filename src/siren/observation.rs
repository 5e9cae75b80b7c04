//! Whether two posts are the same, or one brings the other up to date.

mod ours;

pub use ours::{Ours, Traces, is_ours};

use crate::case::{Observed, SeenPosts};

/// What a new post is to those seen before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sameness {
    New,
    /// It says the same as that one; and what shows it, as a sentence.
    Same(u32, String),
    /// It says something new about the same.
    Update(u32),
}

impl Sameness {
    pub fn same_as(&self) -> Option<u32> {
        match self {
            Sameness::Same(number, _) => Some(*number),
            _ => None,
        }
    }

    pub fn update_of(&self) -> Option<u32> {
        match self {
            Sameness::Update(number) => Some(*number),
            _ => None,
        }
    }

    /// What shows it.
    pub fn because(&self) -> String {
        match self {
            Sameness::Same(_, why) => why.clone(),
            _ => String::new(),
        }
    }
}

/// Asked in the order of certainty: Message-ID, thread, ids, series, subject, text.
pub fn compare(_: &SeenPosts, _: &Observed) -> Sameness {
    Sameness::New
}
