//! Cleartext-signed blocks (RFC 9580 section 7): read for reports, never believed as orders.

use super::layers::{Layers, Reader};
use super::verdict::{self, Context, Known, Look};
use super::{policy, system};
use crate::limits::OPENED_BYTES;
use crate::mail::Signature;
use jiff::Timestamp;
use sequoia_openpgp as openpgp;

use openpgp::parse::Parse;
use openpgp::parse::stream::VerifierBuilder;
use std::io::Read;

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const END: &str = "-----END PGP SIGNATURE-----";

/// The signed words alone, dash escapes undone, and what their signature is worth. Where the
/// block is not exactly one well-formed block, all of it comes back with a bad signature:
/// nothing is lost, and nothing beside the signed words is believed.
pub fn verify_cleartext(block: &[u8], keys: &Known<'_>, now: Timestamp) -> (String, Signature) {
    let whole = String::from_utf8_lossy(block);
    let look = Look { keys: *keys, context: Context::Open, now };
    if !well_formed(&whole) {
        let why = "The signed block is not in the form it must have.";
        return (whole.into_owned(), verdict::bad(why));
    }
    let mut layers = Layers::default();
    match read(block, now, &mut layers) {
        Ok(bytes) if layers.unfit_signatures == 0 => {
            let signature = verdict::verdict(&layers.signatures, &bytes, &look);
            (String::from_utf8_lossy(&bytes).into_owned(), signature)
        }
        _ => (whole.into_owned(), verdict::bad("The signed block cannot be read.")),
    }
}

fn read(block: &[u8], now: Timestamp, layers: &mut Layers) -> openpgp::Result<Vec<u8>> {
    let policy = policy(now);
    let reader = Reader { layers, opener: None };
    let mut verifier =
        VerifierBuilder::from_bytes(block)?.with_policy(&policy, system(now), reader)?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(OPENED_BYTES).unwrap_or(u64::MAX);
    verifier.by_ref().take(limit).read_to_end(&mut bytes)?;
    if verifier.message_processed() {
        Ok(bytes)
    } else {
        Err(openpgp::Error::MalformedMessage(String::new()).into())
    }
}

/// One block and nothing else: blank outside, only well-formed Hash headers, one signature.
fn well_formed(block: &str) -> bool {
    let mut lines = block.trim().lines().map(str::trim_end);
    let starts = lines.next() == Some(BEGIN);
    let headers = lines.by_ref().take_while(|line| !line.is_empty()).all(hash_header);
    let rest: Vec<&str> = lines.collect();
    let once = |mark: &str| rest.iter().filter(|line| **line == mark).count() == 1;
    let again = rest.contains(&BEGIN);
    starts && headers && !again && once(SIGNATURE) && once(END) && rest.last() == Some(&END)
}

/// RFC 9580 section 7.1: no other header may stand there.
fn hash_header(line: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ',' | ' ');
    line.strip_prefix("Hash: ").is_some_and(|names| !names.is_empty() && names.chars().all(name))
}
