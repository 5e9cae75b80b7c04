//! The layers of one OpenPGP message: what is counted before any cryptography, the session key,
//! and the signature packets, which are collected here and judged in `verdict`.

use super::open::{OpenFailure, Opener};
use crate::limits::{
    HIDDEN_RECIPIENTS, MESSAGE_DEPTH, MESSAGE_PACKETS, SESSION_KEY_PACKETS, SIGNATURE_PACKETS,
};
use sequoia_openpgp as openpgp;

use openpgp::crypto::SessionKey;
use openpgp::packet::{PKESK, SKESK, Signature as Packet, Tag};
use openpgp::parse::PacketParser;
use openpgp::parse::stream::{
    DecryptionHelper, MessageLayer, MessageStructure, VerificationError, VerificationHelper,
};
use openpgp::types::SymmetricAlgorithm;
use openpgp::{Cert, KeyHandle};

/// Key ids told of a message that is not for us.
const NAMED_READERS: usize = 16;

/// What was met while reading one message.
#[derive(Default)]
pub(super) struct Layers {
    packets: usize,
    session_keys: usize,
    signature_packets: usize,
    compressed: usize,
    /// An encrypted container stands in it, or the session keys of one.
    pub ciphertext: bool,
    /// A key of ours opened it.
    pub opened: bool,
    pub failure: Option<OpenFailure>,
    pub signatures: Vec<Packet>,
    /// Signatures that cannot be read, or that stand around the encryption instead of inside.
    pub unfit_signatures: usize,
}

/// Reads with the keys of an [`Opener`], or with none.
pub(super) struct Reader<'a> {
    pub layers: &'a mut Layers,
    pub opener: Option<&'a Opener>,
}

impl Layers {
    /// Counts one packet. Beyond a limit nothing has been computed yet.
    fn count(&mut self, tag: Tag, depth: isize) -> bool {
        self.packets += 1;
        match tag {
            Tag::PKESK | Tag::SKESK => self.session_keys += 1,
            Tag::OnePassSig | Tag::Signature => self.signature_packets += 1,
            Tag::CompressedData => self.compressed += 1,
            _ => {}
        }
        let secret = matches!(tag, Tag::PKESK | Tag::SKESK | Tag::SEIP | Tag::SED | Tag::AED);
        self.ciphertext |= secret;
        self.packets <= MESSAGE_PACKETS
            && self.session_keys <= SESSION_KEY_PACKETS
            && self.signature_packets <= 2 * SIGNATURE_PACKETS
            && self.compressed <= 1
            && depth <= MESSAGE_DEPTH
    }

    fn layer(&mut self, layer: &MessageLayer<'_>) {
        match layer {
            MessageLayer::Compression { .. } => {}
            MessageLayer::Encryption { .. } => {
                self.unfit_signatures += self.signatures.len();
                self.signatures.clear();
            }
            MessageLayer::SignatureGroup { results } => {
                for result in results {
                    match packet(result) {
                        Some(signature) => self.signatures.push(signature.clone()),
                        None => self.unfit_signatures += 1,
                    }
                }
            }
        }
    }
}

fn packet<'a>(result: &'a openpgp::parse::stream::VerificationResult<'_>) -> Option<&'a Packet> {
    use VerificationError::{BadKey, BadSignature, MalformedSignature, MissingKey, UnboundKey};
    match result {
        Ok(good) => Some(good.sig),
        Err(
            MissingKey { sig }
            | MalformedSignature { sig, .. }
            | UnboundKey { sig, .. }
            | BadKey { sig, .. }
            | BadSignature { sig, .. },
        ) => Some(sig),
        Err(_) => None,
    }
}

fn refuse() -> anyhow::Error {
    openpgp::Error::MalformedMessage(String::new()).into()
}

impl VerificationHelper for Reader<'_> {
    fn inspect(&mut self, packet: &PacketParser<'_>) -> openpgp::Result<()> {
        let tag = packet.header().ctb().tag();
        if self.layers.count(tag, packet.recursion_depth()) { Ok(()) } else { Err(refuse()) }
    }

    /// None: the library only computes the digests, [`super::verdict`] judges.
    fn get_certs(&mut self, _: &[KeyHandle]) -> openpgp::Result<Vec<Cert>> {
        Ok(Vec::new())
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> openpgp::Result<()> {
        structure.iter().for_each(|layer| self.layers.layer(layer));
        Ok(())
    }
}

/// Tries one session key on the container.
type Unlock<'a> = &'a mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool;

impl DecryptionHelper for Reader<'_> {
    /// No certificate is returned: intended recipients are compared with all of ours, later.
    /// Passwords are never tried (the key derivation is the sender's to choose).
    fn decrypt(
        &mut self,
        pkesks: &[PKESK],
        _: &[SKESK],
        algorithm: Option<SymmetricAlgorithm>,
        unlock: Unlock<'_>,
    ) -> openpgp::Result<Option<Cert>> {
        let opener = self.opener.filter(|_| !self.layers.opened).ok_or_else(refuse)?;
        let (named, hidden): (Vec<_>, Vec<_>) =
            pkesks.iter().partition(|p| p.recipient().is_some());
        let ours = named.iter().copied().filter(|p| opener.is_named(p)).take(HIDDEN_RECIPIENTS);
        let tried = ours.chain(hidden.into_iter().take(HIDDEN_RECIPIENTS));
        for pkesk in tried {
            if opener.unlock(pkesk, algorithm, unlock) {
                self.layers.opened = true;
                return Ok(None);
            }
        }
        let to_us = named.iter().any(|pkesk| opener.is_named(pkesk));
        self.layers.failure = Some(if to_us { OpenFailure::Damaged } else { not_to_us(&named) });
        Err(refuse())
    }
}

fn not_to_us(named: &[&PKESK]) -> OpenFailure {
    let ids = named.iter().filter_map(|pkesk| pkesk.recipient()).take(NAMED_READERS);
    OpenFailure::NotToUs { key_ids: ids.map(|id| id.to_hex()).collect() }
}
