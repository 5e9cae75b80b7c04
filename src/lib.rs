//! The mail gateway of an open-source security incident response team: the map.
//!
//! People who find holes write encrypted mail; maintainers and volunteers answer; users must be
//! warned. This program takes that mail in, makes cases of it, and writes the letters. Three things
//! must never happen: a report is lost; something is said twice, early, or to the wrong reader;
//! somebody without the key is obeyed.
//!
//! # Bird's eye view
//!
//! ```text
//!            intake ──▶ gateway ──▶ outbox            edges: async, failing, slow
//!                        │  │  ▲
//!            worker ◀────┘  │  └──── control, cli
//!          (mail, pgp)      ▼
//!                 triage ─▶ desk ─▶ letter            core: values in, values out
//!                         command   siren
//!                           case
//!                           │
//!                         store                       one function makes decisions true
//! ```
//!
//! - [`mail`] and [`pgp`] are codecs: octets to values and back.
//! - [`case`], [`triage`], [`command`], [`siren`], [`letter`], [`desk`] are the core. It has no
//!   clock, no file, no random number and no `.await`: the same inputs give the same decision,
//!   always.
//! - [`intake`], [`outbox`], [`store`], [`worker`], [`net`], [`control`] are edges. They do not
//!   know each other; [`gateway`] introduces them.
//! - [`config`] and [`cli`] are what an operator sees; [`tabletop`] plays an exercise.
//!
//! # One mail, end to end
//!
//! Fay sends an encrypted report.
//!
//! 1. [`intake`]: `Source::next` gives an `Arrival`: octets, and where they can be settled.
//! 2. `gateway/taking.rs` asks the store whether it has seen their keyed digest. It has not.
//! 3. [`worker`]: a process of its own, with limits, opens it: `mail::parse`,
//!    `mail::Entity::shape`, `pgp::Opener::decrypt`, and back comes one [`mail::Mail`] with its
//!    [`mail::Evidence`]. Where a member's key has signed it, `gateway/proving.rs` verifies that
//!    once more, for itself: orders are read from those bytes alone.
//! 4. [`triage`]: `RULES` are asked in order; `report.rs` answers: a report, and why.
//! 5. [`desk`]: `decide` returns facts for the journal, letters to write, and the filing.
//!    `desk/report.rs` opens a case; `desk/notify` chooses who hears of it.
//! 6. `gateway/dressing.rs`: what a letter encloses is fetched (`enclosing.rs`), each letter is
//!    rendered (`letter/template.rs`) and sealed (`outbox/dress.rs`) into the octets that will
//!    leave, the same at every attempt.
//! 7. [`store`]: `Store::commit` appends octets (sync), then facts (sync), then brings sled up.
//!    Now it is true.
//! 8. [`intake`]: `Source::settle` moves the mail at its server. Not a moment earlier.
//! 9. `gateway/sending.rs`: the attempt is noted, [`outbox`] carries the letter, and what became
//!    of it is a fact.
//!
//! # One order, end to end
//!
//! Val answers a letter of the case, signed and encrypted: `/take`. 1 to 3 are the same; then
//! triage knows a member's proven signature, and [`desk::orders`] takes over.
//!
//! 1. `authority.rs`, the one place that says who is obeyed: whose key, how old, seen before, for
//!    these readers.
//! 2. [`command::sheet`] reads lines and text out of the signed bytes; `which_case.rs` says which
//!    case they mean.
//! 3. `run.rs` asks the rule of each command, by [`command`]'s table, on a scratch copy of the
//!    case. One refusal, and none of it is done; what a person has to see again first waits for
//!    `/confirm`.
//! 4. `transcript.rs` answers, to the address on the roster; `desk/notify/say.rs` writes to people
//!    outside, after `desk/leak_guard` has looked. From 6 on it is a mail like any other.
//!
//! # One notice, end to end
//!
//! A maintainer posts to a list that the team watches.
//!
//! 1. 1 to 3 are the same: its mailbox says that it is list traffic. `triage/posts` reads it, and
//!    `desk/watching` makes an observation of it: the same as another? an update? worth a notice
//!    ([`siren::select`])? It moves no fact, and nobody on the list is answered.
//! 2. The clock brings the digest to the coordinators; at once, and alone, those whose case the
//!    post touches.
//! 3. `/siren draft O1` makes a [`case::Statement`] of it, in a case ([`siren::draft`]); `/siren
//!    edit` changes it.
//! 4. [`siren::clear`] says everything that stands against it, or makes the [`siren::Post`], word
//!    for word, out of which all documents come ([`siren::format`]). Its digest is what two members
//!    sign by `/siren approve`; any other word has another digest.
//! 5. `desk/posting.rs`: its instant has come. It is judged once more as it would leave now, and
//!    becomes a letter to the list, by `desk/notify/notice.rs` alone; `outbox/posts.rs` signs it in
//!    the list's form.
//! 6. It comes back by the mailbox of the list, with whatever the list made of it. Words and
//!    signature are held against what was approved, and the team hears which of them are whole.
//!
//! A crash before 7 repeats the work with the same decision; after 7 the digest is known and the
//! mail is only settled.
//!
//! # Invariants
//!
//! - An arrival has exactly one filing, and nothing is settled at the source before the journal's
//!   sync.
//! - The same arrival twice changes nothing; a letter's octets never change once kept.
//! - Only `Store::commit` makes decisions true. Only `desk/notify` chooses recipients. Only
//!   `pgp/open.rs` ever holds plaintext that is not yet verified.
//! - Nobody is obeyed but by a signature of the key on the roster, over the very bytes that are
//!   read, once. A signed mail is done whole or not at all.
//! - Folding the journal gives the cases; `sirt verify` proves it.
//! - Only what two members have signed is posted, once, and never while a case about the same is
//!   under an embargo.
//! - No words of a report in the log, or on disk in the clear; none in a letter to anybody who is
//!   not read in.
//! - There is no answer to automatic mail.

#![forbid(unsafe_code)]

pub mod case;
pub mod cli;
pub mod command;
pub mod config;
pub mod control;
pub mod desk;
pub mod gateway;
pub mod intake;
pub mod letter;
pub mod limits;
pub mod mail;
pub mod net;
pub mod outbox;
pub mod pgp;
pub mod siren;
pub mod store;
pub mod tabletop;
pub mod triage;
pub mod worker;
