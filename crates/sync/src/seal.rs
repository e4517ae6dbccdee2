//! Sealing what must not lie open in Postgres: the token of the writing session.

use chacha20poly1305::{
    ChaCha20Poly1305, Key, KeyInit as _, Nonce,
    aead::{Aead as _, AeadCore as _, OsRng},
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// Bytes of the nonce in front of the sealed text.
const NONCE: usize = 12;

/// Seals and opens with a key derived from the site's secret key.
#[derive(Clone)]
pub struct Seal(ChaCha20Poly1305);

impl std::fmt::Debug for Seal {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

/// The bytes were not sealed with this key: the site's secret key was changed, or they were altered.
#[derive(Debug, thiserror::Error)]
#[error("a stored secret cannot be opened; was CROSSBILL_SECRET_KEY changed?")]
pub struct Unopened;

impl Seal {
    /// The seal of a site.
    pub fn new(secret_key: &SecretString) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"crossbill seal 1");
        hash.update(secret_key.expose_secret().as_bytes());
        Self(ChaCha20Poly1305::new(Key::from_slice(&hash.finalize())))
    }

    /// Seals `plain`.
    pub fn close(&self, plain: &[u8]) -> Result<Vec<u8>, Unopened> {
        let nonce = ChaCha20Poly1305::generate_nonce(&mut OsRng);
        let mut sealed = nonce.to_vec();
        sealed.extend(self.0.encrypt(&nonce, plain).map_err(|_| Unopened)?);
        Ok(sealed)
    }

    /// Opens what [`Seal::close`] sealed.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
        let (nonce, text) = sealed.split_at_checked(NONCE).ok_or(Unopened)?;
        self.0
            .decrypt(Nonce::from_slice(nonce), text)
            .map_err(|_| Unopened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_only() {
        let (ours, theirs) = (
            Seal::new(&"a".repeat(32).into()),
            Seal::new(&"b".repeat(32).into()),
        );
        let sealed = ours.close(b"token").unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"token"));
        assert_eq!(ours.open(&sealed).unwrap(), b"token");
        assert!(theirs.open(&sealed).is_err());
        assert!(ours.open(&sealed[..5]).is_err());
    }
}
