//! Stories: Markdown that is read as a manual and run as a test.
//!
//! ```text
//! desk coordinators=cora,vic expired=cora mail_limit=64KiB subaddress=none   (once, at the top)
//! mail from=fay [as=mo] [seal] [sign] [key] [answers] [wrong-key] [id-of=1] [fill=70000]
//! mail … file=poc.py signed=-72h  with a file; signed (and dated) at another time than it comes
//! post from=mo list=oss-security  a mail by the mailbox of that list, with the list's marks
//! orders by=val [fresh|older] [clear] [with=eve] [signed=-72h]
//!                                 a signed, sealed answer to the newest letter to val (older:
//!                                 the one before)
//! restart [vic=vic-new]           the gateway starts again, with another key for a member
//! again mail=1 [route]            the same octets once more, or by another route
//! stolen mail=1 from=eve [key]    captured ciphertext under another name
//! bounce of=cora [at=team] [action=delayed]
//! listed of=siren by=mailman [changed=2.3.2/2.3.3]
//!                                 our newest post, as that list software hands it to a reader
//! clock +48h                      time passes
//! terminal release L3             what somebody at the terminal asks, and the answer
//! journal                         the facts that followed, one a line
//! letter to=fay wording=status-answer sealed     "+ words" it says, "- words" it does not
//! posted                          the newest post to a list, every word of it
//! cases, quarantine               what the command line shows
//! ```
//!
//! A letter that nobody expected fails the story: silence is checked too. `{case}`, `{case 1}`,
//! `{code fay}`, `{case-line fay}`, `{case-line fay 1}` (of case 1), `{answer val}` (the code of
//! their newest transcript), `{digest}` (of the notice that was shown last; `{older digest}`: of
//! the one before), `{letter-id fay}`, `{reply-to fay}`, `{fingerprint fay}` stand for
//! what only a run knows. `UPDATE=1` writes expectations anew; then they are to be read:
//! `TELL=1` prints every letter (with `--nocapture`).

mod cast;
mod check;
mod desk;
mod parse;
mod play;
mod told;

pub use check::check;
pub use desk::Mode;
pub use parse::Story;
pub use play::{Played, play};

use std::path::{Path, PathBuf};

/// Every story, by name. `STORY=name` leaves out all others.
pub fn all() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let wanted = std::env::var("STORY").unwrap_or_default();
    let entries = std::fs::read_dir(folder).expect("tests/stories");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.to_string_lossy().contains(&wanted)).collect();
    paths.sort();
    paths
}
