//! Where a certificate is published for its address (Web Key Directory).

use crate::mail::Address;
use sequoia_openpgp::types::HashAlgorithm;

/// The file to publish, below the web root of `openpgpkey.<domain>` or of `<domain>` itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WkdPaths {
    pub advanced: String,
    pub direct: String,
}

/// draft-koch-openpgp-webkey-service section 3.1: z-base-32 of SHA-1 of the local part, its
/// ASCII letters in lower case.
pub fn wkd_paths(address: &Address) -> Option<WkdPaths> {
    let local = address.local().to_ascii_lowercase();
    let mut hash = HashAlgorithm::SHA1.context().ok()?.for_digest();
    hash.update(local.as_bytes());
    let name = z_base_32(&hash.into_digest().ok()?);
    let domain = address.domain();
    Some(WkdPaths {
        advanced: format!(".well-known/openpgpkey/{domain}/hu/{name}"),
        direct: format!(".well-known/openpgpkey/hu/{name}"),
    })
}

/// RFC 6189 section 5.1.6.
fn z_base_32(bytes: &[u8]) -> String {
    let alphabet: Vec<char> = "ybndrfg8ejkmcpqxot1uwisza345h769".chars().collect();
    let bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let quintets = bits.chunks(5).map(|five| {
        let padded = five.iter().chain(std::iter::repeat(&0)).take(5);
        padded.fold(0usize, |number, bit| number << 1 | usize::from(*bit))
    });
    quintets.filter_map(|quintet| alphabet.get(quintet)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_draft() {
        let joe = Address::parse("Joe.Doe@example.org").expect("address");
        let paths = wkd_paths(&joe).expect("paths");
        let name = "iy9q119eutrkn8s1mk4r39qejnbu3n5q";
        assert_eq!(paths.direct, format!(".well-known/openpgpkey/hu/{name}"));
        assert_eq!(paths.advanced, format!(".well-known/openpgpkey/example.org/hu/{name}"));
    }
}
