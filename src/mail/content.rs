//! What stands below the header: text, files, keys, pieces.

use super::{Address, Attachment, Bounce, KeySource};

/// Everything of an entity that is not its header.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    /// What a person reads, cleaned. Encrypted blocks, key blocks and secret keys are replaced by a
    /// line in brackets that names them; cleartext-signed blocks stay as they stand.
    pub text: String,
    pub text_cut: bool,
    pub attachments: Vec<Body>,
    /// Encrypted or signed things below the root, at most `ERRANT_PIECES`, outermost only.
    pub pieces: Vec<Piece>,
    pub keys: Vec<KeyBlock>,
    /// The one valid Autocrypt header, if there is one. Where this entity has no From of its own,
    /// compare `address` with the sender before use.
    pub autocrypt: Vec<Autocrypt>,
    pub bounce: Option<Bounce>,
    /// An armored or binary secret key stands in the text or in a file.
    pub secret_key: bool,
    /// Why `text` may not be read as commands; `None` where it may.
    pub not_for_orders: Option<&'static str>,
    pub oddities: Vec<String>,
}

/// A file. `bytes` are kept only for what is opened further: OpenPGP files and keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    pub attachment: Attachment,
    pub bytes: Option<Vec<u8>>,
}

/// Something encrypted or signed below the root. Opened for handlers' reading, never believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub matter: Matter,
    pub place: Place,
    /// It stood inside a forwarded mail, not in the sender's own words.
    pub forwarded: bool,
}

impl Piece {
    /// A piece at a place, once it is known what it is.
    pub(super) fn at(place: Place, forwarded: bool) -> impl FnOnce(Matter) -> Piece {
        move |matter| Piece { matter, place, forwarded }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Matter {
    /// An OpenPGP message, armored or binary; it opens to a text or a file.
    Encrypted(Vec<u8>),
    /// A nested multipart/encrypted: it opens to a MIME entity.
    EncryptedEntity(Vec<u8>),
    /// A nested multipart/signed; its words stand in `text` already.
    Signed { signed: Vec<u8>, signature: Vec<u8> },
    /// A cleartext-signed block, from its first armor line to its last.
    Clearsigned(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the whole text: the ordinary mail of older clients.
    WholeText,
    /// An armored block among other words.
    InText,
    /// The file with this index in `attachments`.
    Attachment(usize),
    /// A MIME part below the root.
    Part,
}

/// A public key that came along, armored or binary. A hint.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyBlock {
    pub source: KeySource,
    pub bytes: Vec<u8>,
}

/// A valid Autocrypt header (Autocrypt 1.1 section 2.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Autocrypt {
    pub address: Address,
    /// `prefer-encrypt=mutual`.
    pub mutual: bool,
    /// The certificate, binary.
    pub keydata: Vec<u8>,
}
