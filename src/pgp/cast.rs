//! The cast, for tests: people with keys of every kind, and messages that no honest program makes.

use super::keyring::Certificate;
use super::team::TeamKey;
use super::{Known, system};
use jiff::{SignedDuration, Timestamp};
use sequoia_openpgp as openpgp;

use openpgp::Packet;
use openpgp::cert::{Cert, CertBuilder, CertRevocationBuilder, CipherSuite};
use openpgp::crypto::KeyPair;
use openpgp::packet::UserID;
use openpgp::packet::signature::SignatureBuilder;
use openpgp::policy::StandardPolicy;
use openpgp::serialize::stream::{
    Compressor, Encryptor, LiteralWriter, Message, Recipient, Signer,
};
use openpgp::serialize::{Marshal, MarshalInto};
use openpgp::types::{CompressionAlgorithm, KeyFlags, ReasonForRevocation, SignatureType};
use std::io::Write;

pub fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().expect("an instant")
}

pub fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// Somebody with a key that is 90 days old.
pub struct Person {
    pub cert: Cert,
}

/// How a key of the cast differs from an ordinary one.
pub struct Made {
    pub ago: SignedDuration,
    pub valid_days: i64,
    pub encrypts: bool,
    pub version_6: bool,
}

impl Default for Made {
    fn default() -> Self {
        Made { ago: days(90), valid_days: 730, encrypts: true, version_6: false }
    }
}

pub fn person(name: &str) -> Person {
    person_with(name, Made::default())
}

pub fn person_with(name: &str, made: Made) -> Person {
    let profile =
        if made.version_6 { openpgp::Profile::RFC9580 } else { openpgp::Profile::RFC4880 };
    let mut builder = CertBuilder::new()
        .set_cipher_suite(CipherSuite::Cv25519)
        .set_profile(profile)
        .expect("profile")
        .set_creation_time(system(now() - made.ago))
        .set_validity_period(std::time::Duration::from_secs(
            u64::try_from(made.valid_days).expect("days") * 86_400,
        ))
        .add_userid(format!("{name} <{name}@example.org>"))
        .add_signing_subkey();
    if made.encrypts {
        let flags = KeyFlags::empty().set_transport_encryption();
        builder = builder.add_subkey(flags, None, None);
    }
    Person { cert: builder.generate().expect("key").0 }
}

impl Person {
    pub fn certificate(&self) -> Certificate {
        Certificate::new(self.cert.clone()).expect("certificate")
    }

    pub fn team(&self) -> TeamKey {
        TeamKey::new(self.cert.clone()).expect("team key")
    }

    pub fn secret(&self) -> Vec<u8> {
        self.cert.as_tsk().to_vec().expect("bytes")
    }

    pub fn primary(&self) -> KeyPair {
        let key = self.cert.primary_key().key().clone().parts_into_secret().expect("secret");
        key.into_keypair().expect("pair")
    }

    pub fn signer(&self) -> KeyPair {
        let policy = StandardPolicy::at(system(now()));
        let at = self.cert.primary_key().key().creation_time();
        let mut keys = self.cert.keys().with_policy(&policy, at).for_signing().secret();
        keys.next().expect("signing key").key().clone().into_keypair().expect("pair")
    }

    /// A detached signature packet with that date.
    pub fn signature(&self, bytes: &[u8], made: Timestamp) -> Vec<u8> {
        self.signature_with(bytes, made, |builder| builder)
    }

    pub fn signature_with<F>(&self, bytes: &[u8], made: Timestamp, change: F) -> Vec<u8>
    where
        F: FnOnce(SignatureBuilder) -> SignatureBuilder,
    {
        let builder = change(SignatureBuilder::new(SignatureType::Binary));
        let builder = builder.set_signature_creation_time(system(made)).expect("time");
        let signature = builder.sign_message(&mut self.signer(), bytes).expect("signature");
        Packet::from(signature).to_vec().expect("bytes")
    }

    pub fn revoked(&self, reason: ReasonForRevocation, made: Timestamp) -> Person {
        let revocation = CertRevocationBuilder::new()
            .set_signature_creation_time(system(made))
            .expect("time")
            .set_reason_for_revocation(reason, b"")
            .expect("reason")
            .build(&mut self.primary(), &self.cert, None)
            .expect("revocation");
        let cert = self.cert.clone().insert_packets(revocation).expect("revoked").0;
        Person { cert }
    }

    pub fn with_user_id(&self, id: &str) -> Person {
        let id = UserID::from(id);
        let builder = SignatureBuilder::new(SignatureType::PositiveCertification)
            .set_signature_creation_time(system(now() - days(90)))
            .expect("time");
        let binding = id.bind(&mut self.primary(), &self.cert, builder).expect("binding");
        let packets = vec![Packet::from(id), binding.into()];
        Person { cert: self.cert.clone().insert_packets(packets).expect("cert").0 }
    }
}

/// A message of the cast's making.
#[derive(Default)]
pub struct Sealing<'a> {
    pub from: Option<&'a Person>,
    pub to: Vec<&'a Person>,
    pub intended: Vec<&'a Person>,
    /// Session-key packets without a key id, for the first reader, put in front.
    pub decoys: Vec<&'a Person>,
    pub hidden: bool,
    pub compressed: usize,
    pub made: Option<Timestamp>,
}

impl Sealing<'_> {
    pub fn message(&self, bytes: &[u8]) -> Vec<u8> {
        self.encrypted(|message| self.inner(message, bytes))
    }

    /// An encrypted container with whatever `inner` writes into it.
    pub fn encrypted<F>(&self, inner: F) -> Vec<u8>
    where
        F: FnOnce(Message<'_>),
    {
        let policy = StandardPolicy::at(system(now()));
        let mut sink = Vec::new();
        let decoys = self.decoys.iter().map(|person| (person, true));
        let all = decoys.chain(self.to.iter().map(|person| (person, self.hidden)));
        let recipients: Vec<Recipient<'_>> = all
            .flat_map(|(person, hidden)| {
                let at = person.cert.primary_key().key().creation_time();
                let keys = person.cert.keys().with_policy(&policy, at);
                keys.for_transport_encryption().map(move |key| {
                    let recipient = Recipient::from(key);
                    if hidden { recipient.set_key_handle(None).expect("hidden") } else { recipient }
                })
            })
            .collect();
        let message = Message::new(&mut sink);
        inner(Encryptor::for_recipients(message, recipients).build().expect("encryptor"));
        sink
    }

    pub fn inner(&self, mut message: Message<'_>, bytes: &[u8]) {
        for _ in 0..self.compressed {
            let zip = Compressor::new(message).algo(CompressionAlgorithm::Zip);
            message = zip.build().expect("compressor");
        }
        if let Some(from) = self.from {
            let mut signing = Signer::new(message, from.signer()).expect("signer");
            for reader in &self.intended {
                signing = signing.add_intended_recipient(&reader.cert);
            }
            let made = self.made.unwrap_or(now() - hours(1));
            message = signing.creation_time(system(made)).build().expect("signer");
        }
        let mut literal = LiteralWriter::new(message).build().expect("literal");
        literal.write_all(bytes).expect("written");
        literal.finalize().expect("finished");
    }
}

/// The same signature packet with a notation in the part of it that nobody signed.
pub fn with_unhashed(packet: &[u8], words: &[u8]) -> Vec<u8> {
    use openpgp::packet::signature::subpacket::{NotationData, Subpacket, SubpacketValue};
    use openpgp::parse::Parse;
    let Ok(Packet::Signature(mut signature)) = Packet::from_bytes(packet) else {
        panic!("no signature")
    };
    let notation = NotationData::new("eve@example.org", words, None);
    let value = SubpacketValue::NotationData(notation);
    let subpacket = Subpacket::new(value, false).expect("subpacket");
    signature.unhashed_area_mut().add(subpacket).expect("added");
    Packet::from(signature).to_vec().expect("bytes")
}

/// For tests outside this folder, which do not name the library.
pub type Writer<'a> = Message<'a>;

pub fn writer(sink: &mut Vec<u8>) -> Writer<'_> {
    Message::new(sink)
}

/// The armored form of a message or signature.
pub fn armor(kind: openpgp::armor::Kind, bytes: &[u8]) -> String {
    super::keyring::armored(kind, bytes)
}

pub fn message_armor(bytes: &[u8]) -> String {
    armor(openpgp::armor::Kind::Message, bytes)
}

pub fn signature_armor(bytes: &[u8]) -> String {
    armor(openpgp::armor::Kind::Signature, bytes)
}

pub fn secret_armor(person: &Person) -> String {
    armor(openpgp::armor::Kind::SecretKey, &person.secret())
}

/// A literal packet, for messages put together by hand.
pub fn literal(bytes: &[u8]) -> Vec<u8> {
    let mut literal = openpgp::packet::Literal::new(openpgp::types::DataFormat::Binary);
    literal.set_body(bytes.to_vec());
    Packet::from(literal).to_vec().expect("literal")
}

pub fn known<'a>(on_record: &'a [Certificate], in_mail: &'a [Certificate]) -> Known<'a> {
    Known { on_record, in_mail, ours: &[] }
}

pub fn write(message: &mut Message<'_>, packet: &[u8]) {
    message.write_all(packet).expect("written");
}

pub fn packet(packet: Packet) -> Vec<u8> {
    let mut bytes = Vec::new();
    packet.serialize(&mut bytes).expect("bytes");
    bytes
}
