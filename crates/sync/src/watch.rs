//! Webhooks of Autotask that tell of a kind's records, and what they watch: data that each kind declares. And what they
//! sign with.

use std::fmt::Write as _;

use autotask::WebhookKind;
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The setting that holds our own resource id in Autotask, as `connect` found it.
pub const OWN_RESOURCE: &str = "autotask.resource_id";
/// The setting that says that Autotask cannot reach us, so that it is asked for changes.
pub const POLL_ONLY: &str = "autotask.poll_only";

/// A webhook as it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// Whose changes it tells.
    pub entity: WebhookKind,
    /// Its name in Autotask and in its address.
    pub name: &'static str,
    /// Fields whose change is told, by REST names.
    pub fields: &'static [&'static str],
    /// Fields that are told with every change.
    pub always_sent: &'static [&'static str],
    /// User-defined fields whose change is told: the setting that names each, and its name where nobody chose another.
    pub udfs: &'static [(&'static str, &'static str)],
}

/// The secret that webhook `name` signs with in its `version`: 64 characters, Autotask's limit.
///
/// The same site key gives the same secret, so who registers webhooks and who takes their calls need not tell each other.
pub fn webhook_secret(site_key: &SecretString, name: &str, version: i32) -> SecretString {
    let mut mac = Hmac::<Sha256>::new_from_slice(site_key.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(format!("webhook:{name}:{version}").as_bytes());
    let mut secret = String::with_capacity(64);
    for byte in mac.finalize().into_bytes() {
        write!(secret, "{byte:02x}").expect("writing to a string cannot fail");
    }
    secret.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site_key() -> SecretString {
        "a secret key of at least 32 letters".into()
    }

    #[test]
    fn every_webhook_and_version_has_a_secret_of_its_own_that_fits() {
        let secrets = [
            webhook_secret(&site_key(), "crossbill-ticket", 1),
            webhook_secret(&site_key(), "crossbill-ticket", 2),
            webhook_secret(&site_key(), "crossbill-contact", 1),
            webhook_secret(
                &"another key of at least 32 letters".into(),
                "crossbill-ticket",
                1,
            ),
        ];
        for (index, secret) in secrets.iter().enumerate() {
            assert_eq!(secret.expose_secret().len(), 64);
            let same = |other: &&SecretString| other.expose_secret() == secret.expose_secret();
            assert_eq!(secrets.iter().filter(same).count(), 1, "secret {index}");
        }
        let again = webhook_secret(&site_key(), "crossbill-ticket", 1);
        assert_eq!(again.expose_secret(), secrets[0].expose_secret());
    }
}
