//! What a mail is, and which way its case goes.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What a mail is. Encryption is evidence, not a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Class {
    Report,
    /// A maintainer asks for help with a report or its finder.
    Plea,
    Question,
    BegBounty,
    Scanner,
    ClosedSource,
    /// Somebody asks how to mend their own use of software with a known hole.
    OwnExposure,
    Press,
    Legal,
    Extortion,
    Spam,
    /// Signed by a member of the roster and addressed to us.
    Orders,
    FollowUp,
    List,
    Bounce,
    Automatic,
    /// A sender-verification robot wants a click.
    Challenge,
    OwnLetter,
}

/// The way a case goes: see the three ways in, and list traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Pathway {
    /// List traffic: nobody asked us.
    P0,
    /// Finder, through us, to a maintainer.
    P1,
    /// A maintainer asks us.
    P2,
    /// Finder, through us, to those who use it: nobody maintains it.
    P3,
}

/// What we do in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Service {
    /// Bringing finder and maintainer together.
    Coordination,
    /// Warning those who use it.
    Notice,
    /// Helping a maintainer with a report.
    Advice,
    Education,
}

impl Class {
    /// A mail of this class, outside known cases, opens a case.
    pub fn opens_case(self) -> bool {
        use Class::*;
        !matches!(self, Orders | FollowUp | List | Bounce | Automatic | OwnLetter)
    }

    /// The sender of such a mail gets an acknowledgement from the program itself.
    pub fn acknowledged(self) -> bool {
        matches!(self, Class::Report | Class::Plea | Class::Question)
    }

    /// Nobody on the team is woken by it; it waits in `sirt cases --all`.
    pub fn silent(self) -> bool {
        matches!(self, Class::Spam)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for class in Class::VARIANTS {
            assert_eq!(class.to_string().parse(), Ok(*class));
        }
        assert_eq!(Class::VARIANTS.len(), 18);
    }
}
