//! Sealed letters with every kind of line a relay may stumble over.

use sirt_gateway::mail::{Address, MessageId};
use sirt_gateway::outbox::{Envelope, Sealed};

const BODIES: [&str; 8] = [
    "Dear Fay,\r\n\r\nthank you.\r\n",
    ".\r\n",
    "..\r\n.\r\n...\r\n",
    "a\r\n.\r\nMAIL FROM:<sirt@example.org>\r\nRCPT TO:<eve@example.net>\r\nDATA\r\n.\r\n",
    "\r\n\r\n\r\n",
    "From me to you\r\n>From here\r\nFrom: there\r\n",
    "trailing blanks   \r\n\ttab\t\r\n \r\n",
    "no words\r\n.",
];

/// The letter of that number. Its bytes end in CRLF and are 7-bit, whatever else they are.
pub fn letter(number: u64, to: &str) -> Sealed {
    let body = BODIES[number as usize % BODIES.len()];
    let id = format!("letter{number}@example.org");
    let bytes = format!(
        "From: Example SIRT <sirt@example.org>\r\nTo: <{to}>\r\nSubject: [SIRT-2026-4827] Hi\r\n\
         Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{id}>\r\n\r\n{body}\r\n{}\r\n",
        "x".repeat(998)
    );
    Sealed {
        envelope: Envelope { from: None, to: Address::parse(to).expect("an address") },
        message_id: MessageId::parse(&id).expect("an id"),
        bytes: bytes.into_bytes(),
    }
}

/// The letter among what servers stored: behind the transport's own fields, with CRLF line ends.
pub fn below_transport_headers(stored: &[u8]) -> Vec<u8> {
    let stored = String::from_utf8(stored.to_vec()).expect("ASCII");
    let begin = stored.find("From: Example SIRT").expect("our first field");
    stored[begin..].replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()
}

/// The number in the letter's Message-ID.
pub fn number(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let id = text.split("Message-ID: <letter").nth(1).expect("a Message-ID");
    id.split('@').next().and_then(|number| number.parse().ok()).expect("a number")
}
