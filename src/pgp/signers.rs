//! Whose a signature claims to be, before anybody has looked whether it holds.

use super::keyring::Certificate;
use super::verdict::is_issuer;
use crate::limits::SIGNATURE_BYTES;
use sequoia_openpgp as openpgp;

use openpgp::parse::Parse;
use openpgp::{Packet, PacketPile};

const BEGIN: &str = "-----BEGIN PGP SIGNATURE-----";

/// Whether a signature, armored or not, or at the end of a cleartext block, names a key of these
/// certificates as its maker. Anybody can write that: it says what is worth checking, no more.
pub fn claims_signer(signature: &[u8], certificates: &[Certificate]) -> bool {
    let armored = std::str::from_utf8(signature).ok().and_then(last_signature);
    let signature = armored.map_or(signature, str::as_bytes);
    if signature.len() > SIGNATURE_BYTES {
        return false;
    }
    let Ok(packets) = PacketPile::from_bytes(signature) else { return false };
    let issuers = packets.children().filter_map(|packet| match packet {
        Packet::Signature(signature) => Some(signature.get_issuers()),
        _ => None,
    });
    let issuers: Vec<openpgp::KeyHandle> = issuers.flatten().collect();
    let keys = certificates.iter().flat_map(|certificate| certificate.cert().keys());
    keys.into_iter().any(|key| is_issuer(&key, &issuers))
}

fn last_signature(text: &str) -> Option<&str> {
    text.rfind(BEGIN).and_then(|at| text.get(at..))
}
