//! Every limit of the gateway, by name and in one place.
//!
//! What strangers send is measured against these before anything expensive happens to it.

use std::time::Duration;

pub const KIB: usize = 1024;
pub const MIB: usize = 1024 * KIB;

/// Octets of one mail; `[limits] mail` narrows or widens it. Above it: header only, quarantined, answered.
pub const MAIL_BYTES: usize = 20 * MIB;
/// Octets that one encrypted part may open to. Above `MAIL_BYTES`, below the look-ahead of the OpenPGP reader.
pub const OPENED_BYTES: usize = 40 * MIB;
/// Octets of the outer header block.
pub const HEADER_BYTES: usize = 256 * KIB;
/// Header fields kept of one mail, and characters kept of one field.
pub const HEADER_FIELDS: usize = 500;
pub const FIELD_CHARS: usize = 4_000;
/// Addresses read from one field.
pub const ADDRESSES: usize = 100;
/// Message-IDs read from References.
pub const REFERENCES: usize = 50;
/// Characters of one Message-ID (RFC 5322 section 2.1.1 bounds the line).
pub const MESSAGE_ID_CHARS: usize = 250;
/// MIME parts of one mail, and how deep they may nest.
pub const PARTS: usize = 1_000;
/// Header fields of all parts together.
pub const PARTS_FIELDS: usize = 20_000;
pub const DEPTH: usize = 32;
/// Octets of readable text kept of one mail.
pub const TEXT_BYTES: usize = 512 * KIB;
/// Octets of HTML of one mail, and open elements in it, that are rendered with care; beyond them
/// it is only stripped.
pub const HTML_BYTES: usize = 256 * KIB;
pub const HTML_DEPTH: usize = 100;
/// Received fields of a mail; more mean that it runs in a circle (RFC 5321 section 6.3).
pub const HOPS: usize = 30;
/// Attachments listed.
pub const ATTACHMENTS: usize = 100;
/// Octets and packets of a signature part; verification time grows with the square of the packets.
pub const SIGNATURE_BYTES: usize = 64 * KIB;
pub const SIGNATURE_PACKETS: usize = 16;
/// Session-key packets of one message, and how many without a key id are tried.
pub const SESSION_KEY_PACKETS: usize = 200;
pub const HIDDEN_RECIPIENTS: usize = 20;
/// Encrypted or signed pieces opened below the root of one mail.
pub const ERRANT_PIECES: usize = 16;
/// Octets of key material in one mail; of one Autocrypt header (Autocrypt 1.1); of a stored certificate.
pub const KEY_BYTES: usize = MIB;
pub const AUTOCRYPT_BYTES: usize = 10 * KIB;
pub const CERTIFICATE_BYTES: usize = 64 * KIB;
/// Certificates learned from one mail.
pub const CANDIDATE_KEYS: usize = 8;
/// Characters of a stranger's one-line field in a letter.
pub const LINE_CHARS: usize = 120;

/// Memory and processor time a worker may use for opening; wall time for one mail.
pub const WORKER_MEMORY: usize = 1024 * MIB;
pub const WORKER_MAIL_TIME: Duration = Duration::from_secs(30);
/// Deaths of a worker over one mail before that mail is poison.
pub const POISON_DEATHS: u32 = 3;

/// Arrivals of one batch: opened in parallel, committed with one pair of syncs.
pub const BATCH_MAILS: usize = 100;
pub const BATCH_BYTES: usize = 32 * MIB;
/// Letters of one wave to the relay: one sync before, one after.
pub const WAVE_LETTERS: usize = 4;
/// Extracted ids, packages, versions and dates kept of one mail.
pub const EXTRACTED: usize = 64;
/// Places in one mail that each reader of ids, packages, versions or dates looks at.
pub const MENTIONS: usize = 1_000;

/// How far a correspondent's clock may be ahead of ours.
pub const CLOCK_SKEW: Duration = Duration::from_secs(30 * 60);
/// Certificates read from one block of key material, and encryption subkeys sealed to of one.
pub const CERTIFICATES: usize = 64;
pub const ENCRYPTION_SUBKEYS: usize = 8;
/// Packets looked at in front of the data of one OpenPGP message, and how deep they may nest.
pub const MESSAGE_PACKETS: usize = 300;
pub const MESSAGE_DEPTH: isize = 4;
/// Stack of the thread that opens mail, for parsers that recurse.
pub const WORKER_STACK: usize = 64 * MIB;
/// Octets of one frame between gateway and worker.
pub const FRAME_BYTES: usize = 64 * MIB;
/// How long a new team key is valid.
pub const KEY_VALIDITY: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// Files a worker may have open; its pipes, and what libraries open once.
pub const WORKER_FILES: u64 = 16;
/// How long a worker may take to read its setup.
pub const WORKER_START_TIME: Duration = Duration::from_secs(20);
