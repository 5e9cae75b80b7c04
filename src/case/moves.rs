//! Which status may follow which, why a report is rejected, and what that decides.
//!
//! The table is the report management model of Vultron, with its sender tables' way back from
//! valid to invalid. Nothing leads from valid to closed: what was found to be real is engaged in,
//! deferred or rejected, so that no real report is closed in passing.

use super::Status;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Why a report is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Reason {
    NotSecurity,
    NotCredible,
    ClosedSource,
    Hardening,
    OwnExposure,
    BelowFloor,
    BegBounty,
    Spam,
}

/// What we have decided about taking part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Engagement {
    Undecided,
    Engage,
    Track,
    Decline,
    /// Declined, and somebody else is named who can help.
    Refer,
}

/// Every status that may follow, the likelier first. `/reopen` is not among them.
pub fn next(from: Status) -> &'static [Status] {
    use Status::{Accepted, Closed, Deferred, Invalid, Received, Valid};
    match from {
        Received => &[Valid, Invalid],
        Invalid => &[Valid, Closed],
        Valid => &[Accepted, Deferred, Invalid],
        Accepted => &[Closed, Deferred],
        Deferred => &[Accepted, Closed],
        Closed => &[],
    }
}

/// May a case in one status be put into the other? If not: a sentence for who asked, which says
/// what the case is and which command is possible.
pub fn may_become(from: Status, to: Status) -> Result<(), &'static str> {
    if next(from).contains(&to) {
        return Ok(());
    }
    Err(if from == to { already(from) } else { refusal(from, to) })
}

/// The statuses a duplicate passes through: it is valid, and deferred in favour of the original.
pub fn as_duplicate(from: Status) -> Result<&'static [Status], &'static str> {
    match from {
        Status::Received | Status::Invalid => Ok(&[Status::Valid, Status::Deferred]),
        Status::Valid | Status::Accepted => Ok(&[Status::Deferred]),
        Status::Deferred => Ok(&[]),
        Status::Closed => Err(already_closed()),
    }
}

/// What a closed case becomes by `/reopen`: accepted if it ever was, else valid.
///
/// Vultron's closed is final, and asks for a new, linked case. Here the same case goes on, by an
/// order that states its reason and stands in the journal: its thread, people, keys and embargo
/// stay what they were, and nobody has to be told of a second number. A report that was closed as
/// invalid comes back as valid, since reopening it says that it is credible after all.
pub fn reopened(from: Status, was_accepted: bool) -> Result<Status, &'static str> {
    match from {
        Status::Closed if was_accepted => Ok(Status::Accepted),
        Status::Closed => Ok(Status::Valid),
        _ => Err("The case is not closed: there is nothing to reopen."),
    }
}

fn already(status: Status) -> &'static str {
    match status {
        Status::Received => "The case is received already.",
        Status::Invalid => "The case is invalid already. New facts make it /valid.",
        Status::Valid => "The case is valid already. /engage, /defer or /reject is next.",
        Status::Accepted => "The case is accepted already.",
        Status::Deferred => "The case is deferred already. /engage takes it up again.",
        Status::Closed => already_closed(),
    }
}

fn already_closed() -> &'static str {
    "The case is closed. /reopen with a reason takes it up again."
}

fn refusal(from: Status, to: Status) -> &'static str {
    use Status::{Accepted, Closed, Deferred, Invalid, Received, Valid};
    match (from, to) {
        (Closed, _) => already_closed(),
        (_, Received) => "A case that was looked at is not received again.",
        (Received, _) => "The case is received. Say /valid or /reject first.",
        (Invalid, _) => "The case is invalid. Say /valid first.",
        (Valid, _) => {
            "The case is valid, and a valid case is not closed in passing. \
             Say /engage, /defer or /reject first."
        }
        (Accepted, Valid) => "The case is accepted, so it is valid already.",
        (Accepted, Invalid) => {
            "The case is accepted: it can no longer be rejected. /close it or /defer it."
        }
        (Deferred, Valid) => {
            "The case is deferred, so it is valid already. /engage takes it up again."
        }
        (Deferred, Invalid) => {
            "The case is deferred: it can no longer be rejected. /close it, or /engage."
        }
        (Accepted | Deferred, Accepted | Deferred | Closed) => "The case cannot become that.",
    }
}

impl Reason {
    /// The letter that tells the sender, by its T-number. Nobody writes to spam.
    pub fn letter(self) -> Option<&'static str> {
        match self {
            Reason::NotSecurity | Reason::NotCredible => Some("T-07b"),
            Reason::ClosedSource => Some("T-09a"),
            Reason::Hardening => Some("T-09b"),
            Reason::OwnExposure => Some("T-09c"),
            Reason::BelowFloor => Some("T-09d"),
            Reason::BegBounty => Some("T-09e"),
            Reason::Spam => None,
        }
    }

    /// The reason as a sentence, fit for the sender.
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::NotSecurity => "What is described does not weaken anybody's security.",
            Reason::NotCredible => "We could not confirm what is described with what we have.",
            Reason::ClosedSource => "The software concerned is not open source.",
            Reason::Hardening => {
                "What is proposed is an improvement; it mends no newly found vulnerability."
            }
            Reason::OwnExposure => {
                "It concerns how a product or a service is exposed to a vulnerability of others."
            }
            Reason::BelowFloor => {
                "The project's own way of taking reports is the right one for this severity."
            }
            Reason::BegBounty => "We pay no rewards and broker none.",
            Reason::Spam => "It is no report.",
        }
    }

    /// Does the letter name somebody else who can help?
    fn refers(self) -> bool {
        use Reason::{BelowFloor, ClosedSource, Hardening, NotSecurity, OwnExposure};
        matches!(self, NotSecurity | ClosedSource | Hardening | OwnExposure | BelowFloor)
    }
}

impl Engagement {
    /// What a new status decides. None for closed: what was decided before stands.
    pub fn implied(status: Status, reason: Option<Reason>) -> Option<Engagement> {
        match status {
            Status::Received | Status::Valid => Some(Engagement::Undecided),
            Status::Accepted => Some(Engagement::Engage),
            Status::Deferred => Some(Engagement::Track),
            Status::Invalid if reason.is_some_and(Reason::refers) => Some(Engagement::Refer),
            Status::Invalid => Some(Engagement::Decline),
            Status::Closed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    /// Every edge, from and to, by the first letters of the statuses.
    const EDGES: &str = "RV RI IV IC VA VD VI AC AD DA DC";

    fn letter(status: Status) -> char {
        status.to_string().to_ascii_uppercase().chars().next().unwrap_or_default()
    }

    #[test]
    fn the_edges_and_no_others() {
        for from in Status::VARIANTS {
            for to in Status::VARIANTS {
                let edge = format!("{}{}", letter(*from), letter(*to));
                let allowed = EDGES.split(' ').any(|one| one == edge);
                assert_eq!(may_become(*from, *to).is_ok(), allowed, "{from} -> {to}");
            }
        }
    }

    /// What a refusal names can be done: every command in it leads somewhere from there.
    #[test]
    fn a_refusal_names_what_is_possible() {
        let leads = [
            ("/valid", Status::Valid),
            ("/reject", Status::Invalid),
            ("/engage", Status::Accepted),
            ("/defer", Status::Deferred),
            ("/close", Status::Closed),
        ];
        for from in Status::VARIANTS {
            for to in Status::VARIANTS {
                let Err(why) = may_become(*from, *to) else { continue };
                for (command, target) in leads {
                    let named = why.contains(command);
                    assert!(!named || next(*from).contains(&target), "{from} -> {to}: {why}");
                }
                let says = why.contains(&format!("is {from}"));
                assert!(says || *to == Status::Received, "{from} -> {to}: {why}");
                assert!(!why.contains("cannot become that"), "{from} -> {to}");
            }
        }
        let early = may_become(Status::Received, Status::Accepted);
        assert_eq!(early, Err("The case is received. Say /valid or /reject first."));
    }

    #[test]
    fn closed_opens_only_by_reopen() {
        assert!(Status::VARIANTS.iter().all(|to| may_become(Status::Closed, *to).is_err()));
        assert_eq!(reopened(Status::Closed, true), Ok(Status::Accepted));
        assert_eq!(reopened(Status::Closed, false), Ok(Status::Valid));
        assert!(reopened(Status::Deferred, true).is_err());
    }

    #[test]
    fn a_duplicate_is_valid_and_deferred() {
        for from in Status::VARIANTS {
            let Ok(steps) = as_duplicate(*from) else {
                assert_eq!(*from, Status::Closed);
                continue;
            };
            let mut at = *from;
            for step in steps {
                assert_eq!(may_become(at, *step), Ok(()), "{from}");
                at = *step;
            }
            assert_eq!(at, Status::Deferred);
        }
    }

    #[test]
    fn each_reason_has_its_letter() {
        let letters: Vec<_> = Reason::VARIANTS.iter().filter_map(|one| one.letter()).collect();
        assert_eq!(letters, ["T-07b", "T-07b", "T-09a", "T-09b", "T-09c", "T-09d", "T-09e"]);
        assert_eq!("beg-bounty".parse(), Ok(Reason::BegBounty));
        assert!(Reason::VARIANTS.iter().all(|one| one.sentence().ends_with('.')));
    }

    #[test]
    fn a_status_decides_whether_we_take_part() {
        use Engagement::{Decline, Engage, Refer, Track, Undecided};
        let of = Engagement::implied;
        assert_eq!(of(Status::Valid, None), Some(Undecided));
        assert_eq!(of(Status::Accepted, None), Some(Engage));
        assert_eq!(of(Status::Deferred, None), Some(Track));
        assert_eq!(of(Status::Invalid, Some(Reason::ClosedSource)), Some(Refer));
        assert_eq!(of(Status::Invalid, Some(Reason::NotCredible)), Some(Decline));
        assert_eq!(of(Status::Closed, None), None);
    }
}
