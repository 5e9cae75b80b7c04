//! Encrypted and signed pieces below the root: opened so that handlers can read them.
//!
//! Each has a marked section of its own at the end of the text, never joined with its
//! neighbours, and the marks cannot be imitated. Nothing inside a piece is opened further, and
//! no piece makes a mail count as encrypted or signed as a whole.

use super::opening::Request;
use super::root::{partly, unopened};
use crate::limits::{ATTACHMENTS, TEXT_BYTES};
use crate::mail::{self, Attachment, Encrypted, Mail, Matter, Piece, Place, Signature, clean};
use crate::pgp::{
    Certificate, Context, Detached, Known, OpenFailure, Opener, Plain, verify_cleartext,
    verify_detached,
};

/// Begins every mark of ours; a stranger's line that begins so is broken up.
const MARKS: [&str; 3] = ["[encrypted piece", "[signed piece", "[end of"];

pub(super) struct Pieces<'a> {
    pub mail: &'a mut Mail,
    pub opener: &'a Opener,
    pub request: &'a Request<'a>,
    pub in_mail: &'a [Certificate],
}

impl Pieces<'_> {
    pub fn read(&mut self, pieces: &[Piece]) {
        self.mail.text = unmarked(&self.mail.text);
        for (index, piece) in pieces.iter().enumerate() {
            self.piece(index + 1, piece);
        }
    }

    fn piece(&mut self, number: usize, piece: &Piece) {
        match &piece.matter {
            Matter::Encrypted(bytes) => self.encrypted(number, piece, bytes, false),
            Matter::EncryptedEntity(bytes) => self.encrypted(number, piece, bytes, true),
            Matter::Signed { signed, signature } => {
                let mail = Detached { signed, signature, context: self.context() };
                let verdict = verify_detached(&mail, &self.keys(), self.request.now);
                self.signed(number, piece, verdict);
            }
            Matter::Clearsigned(block) => {
                let (_, verdict) = verify_cleartext(block, &self.keys(), self.request.now);
                self.signed(number, piece, verdict);
            }
        }
    }

    fn keys(&self) -> Known<'_> {
        self.request.known(self.in_mail)
    }

    fn context(&self) -> Context {
        match self.mail.evidence.encrypted {
            Encrypted::Whole => Context::Encrypted,
            _ => Context::Open,
        }
    }

    fn encrypted(&mut self, number: usize, piece: &Piece, bytes: &[u8], entity: bool) {
        match self.opener.decrypt(bytes, self.request.now) {
            Ok(plain) => self.opened(number, piece, &plain, entity),
            Err(failure) => self.closed(number, piece, failure),
        }
    }

    fn opened(&mut self, number: usize, piece: &Piece, plain: &Plain, entity: bool) {
        let kind = if plain.was_encrypted { "encrypted" } else { "signed" };
        if plain.was_encrypted {
            self.note_encrypted(Encrypted::Partly);
        }
        if let Place::Attachment(index) = piece.place
            && let Some(file) = self.mail.attachments.get_mut(index)
        {
            file.encrypted |= plain.was_encrypted;
        }
        let verdict = plain.signature(&self.keys(), self.request.now);
        self.note_signature(piece, verdict);
        let words = if entity || is_text(&plain.bytes) {
            self.words(&plain.bytes)
        } else {
            format!("[a file of {} octets, not text]\n", plain.bytes.len())
        };
        self.section(&format!("{kind} piece {number}"), "opened", &words);
    }

    /// The text of a piece, with its files listed. What is sealed inside it stays closed.
    fn words(&mut self, bytes: &[u8]) -> String {
        let inner = match mail::parse_payload(bytes) {
            Ok(entity) => entity.content(),
            Err(why) => return format!("[{why}]\n"),
        };
        self.mail.secret_key_inside |= inner.secret_key;
        let files = inner.attachments.into_iter().map(|body| body.attachment);
        let room = ATTACHMENTS.saturating_sub(self.mail.attachments.len());
        let files = files.map(|file| Attachment { encrypted: true, ..file });
        self.mail.attachments.extend(files.take(room));
        let mut words = unmarked(&inner.text);
        if !inner.pieces.is_empty() {
            words.push_str(&format!("[{} more inside, not opened]\n", inner.pieces.len()));
        }
        words
    }

    fn closed(&mut self, number: usize, piece: &Piece, failure: OpenFailure) {
        let state = match failure {
            OpenFailure::NotToUs { .. } => "not for a key of ours",
            OpenFailure::TooLarge => "opens to more than a mail may hold",
            OpenFailure::NotOpenPgp => "not OpenPGP",
            OpenFailure::Damaged => "damaged",
        };
        if failure != OpenFailure::NotOpenPgp {
            let whole = piece.place == Place::WholeText;
            self.note_encrypted(if whole { unopened(failure) } else { Encrypted::Partly });
        }
        self.say(&format!("[encrypted piece {number}: {state}]\n"));
    }

    fn signed(&mut self, number: usize, piece: &Piece, verdict: Signature) {
        let state = match &verdict {
            Signature::Good(signed) => format!("good signature of {}", signed.signer.spaced()),
            Signature::UnknownKey { .. } => "signature of a key that we do not hold".to_owned(),
            _ => "its signature does not hold".to_owned(),
        };
        self.note_signature(piece, verdict);
        self.say(&format!("[signed piece {number}: {state}]\n"));
    }

    /// A piece never says anything about the whole mail where the root says something.
    fn note_encrypted(&mut self, found: Encrypted) {
        if matches!(self.mail.evidence.encrypted, Encrypted::No) {
            self.mail.evidence.encrypted = found;
        }
    }

    /// Who signed a forwarded mail says nothing about the one who forwards it.
    fn note_signature(&mut self, piece: &Piece, verdict: Signature) {
        let unknown = matches!(verdict, Signature::UnknownKey { .. } | Signature::Bad { .. });
        let told = piece.place == Place::WholeText && unknown;
        let good = matches!(verdict, Signature::Good(_));
        if self.mail.evidence.signature == Signature::None && !piece.forwarded && (good || told) {
            self.mail.evidence.signature = partly(verdict);
        }
    }

    fn section(&mut self, name: &str, state: &str, words: &str) {
        let gap = if words.ends_with('\n') { "" } else { "\n" };
        self.say(&format!("[{name}, {state}]\n{words}{gap}[end of {name}]\n"));
    }

    /// Sections stand below the sender's own words, apart from them and from each other.
    fn say(&mut self, words: &str) {
        let text = &mut self.mail.text;
        let gap = match text.as_str() {
            "" => "",
            before if before.ends_with("\n\n") => "",
            before if before.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let room = TEXT_BYTES.saturating_sub(text.len() + gap.len());
        let kept = clean::prefix(words, room);
        self.mail.text_cut |= kept.len() < words.len();
        text.push_str(gap);
        text.push_str(kept);
    }
}

/// No line of a stranger's can be taken for a mark of ours.
fn unmarked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let first = line.trim_start();
        if first.starts_with('[') && MARKS.iter().any(|mark| first.to_lowercase().starts_with(mark))
        {
            out.push_str("| ");
        }
        out.push_str(line);
    }
    out
}

/// Words to read, as far as one can tell without a type: UTF-8 without controls of binary files.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) || is_latin(bytes)
}

/// Old programs write text in the character set of their country and do not say so.
fn is_latin(bytes: &[u8]) -> bool {
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    !bytes.iter().any(control)
        && bytes.iter().filter(|byte| !byte.is_ascii()).count() < bytes.len() / 3
}
