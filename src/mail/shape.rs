//! What an entity is at its root (RFC 1847, RFC 3156). A signature counts there or nowhere.

/// The outermost layer of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// RFC 3156 section 4. `ciphertext` is the decoded body of the second part.
    Encrypted { ciphertext: Vec<u8> },
    /// RFC 3156 section 5. `signed` is the first part byte for byte, with CRLF line ends.
    Signed { signed: Vec<u8>, signature: Vec<u8> },
    Plain,
}
