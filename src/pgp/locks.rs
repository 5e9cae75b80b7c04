//! Passphrases over secret keys.

use super::keyring::KeyError;
use sequoia_openpgp as openpgp;

use openpgp::cert::Cert;
use openpgp::cert::amalgamation::key::PrimaryKey;
use openpgp::crypto::Password;
use openpgp::packet::key::{SecretKeyMaterial, SecretParts, UnspecifiedRole};
use openpgp::packet::{Key, Packet};

type Secret = Key<SecretParts, UnspecifiedRole>;

/// Every secret that is there, without its passphrase. A primary that was taken offline (as
/// GnuPG marks it) is none.
pub(super) fn unlocked(cert: Cert, passphrase: Option<&str>) -> Result<Cert, KeyError> {
    if !cert.is_tsk() {
        return Err(KeyError::NoSecret);
    }
    let password = passphrase.map(Password::from);
    let mut secrets = Vec::new();
    for key in cert.keys().secret() {
        let here = match key.key().secret() {
            SecretKeyMaterial::Encrypted(secret) => secret.s2k().is_supported(),
            SecretKeyMaterial::Unencrypted(_) => true,
        };
        if !here {
            continue;
        }
        let secret = match (&password, key.key().has_unencrypted_secret()) {
            (_, true) => key.key().clone(),
            (None, false) => return Err(KeyError::PassphraseNeeded),
            (Some(password), false) => {
                let opened = key.key().clone().decrypt_secret(password);
                opened.map_err(|_| KeyError::WrongPassphrase)?
            }
        };
        secrets.push(as_packet(secret, key.primary()));
    }
    if secrets.is_empty() {
        return Err(KeyError::NoSecret);
    }
    with_secrets(cert, secrets)
}

/// Every secret under the passphrase.
pub(super) fn locked(cert: Cert, passphrase: &str) -> Result<Cert, KeyError> {
    let password = Password::from(passphrase);
    let mut secrets = Vec::new();
    for key in cert.keys().secret() {
        let secret = key.key().clone().encrypt_secret(&password);
        secrets.push(as_packet(secret.map_err(|_| KeyError::Failed)?, key.primary()));
    }
    with_secrets(cert, secrets)
}

fn as_packet(key: Secret, primary: bool) -> Packet {
    if primary { key.role_into_primary().into() } else { key.role_into_subordinate().into() }
}

fn with_secrets(cert: Cert, secrets: Vec<Packet>) -> Result<Cert, KeyError> {
    let public = cert.strip_secret_key_material();
    public.insert_packets(secrets).map(|(cert, _)| cert).map_err(|_| KeyError::Failed)
}
