//! The check of what a webhook signed.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;

/// Whether `header` is the signature of exactly these bytes, compared in constant time.
///
/// Autotask help, `SecretKeyPayloadVerification`: `sha1=` and base64 of HMAC-SHA1. Some receivers report calls
/// without the prefix, so it is optional.
pub(crate) fn is_signed_with(secret: &SecretString, header: &str, body: &[u8]) -> bool {
    let header = header.trim();
    let told = match header.split_at_checked(5) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("sha1=") => rest,
        Some(_) | None => header,
    };
    let Ok(told) = BASE64_STANDARD.decode(told) else {
        return false;
    };
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(body);
    mac.verify_slice(&told).is_ok()
}

/// The header of these bytes, as Autotask would send it.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn signature(secret: &SecretString, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(body);
    format!(
        "sha1={}",
        BASE64_STANDARD.encode(mac.finalize().into_bytes())
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use sync::webhook_secret;

    use super::*;

    fn site_key() -> SecretString {
        "a secret key of at least 32 letters".into()
    }

    #[test]
    fn the_published_test_vector_holds_with_and_without_its_prefix() {
        // RFC 2202, test case 2.
        let body = b"what do ya want for nothing?";
        for (header, expected) in [
            ("sha1=7/zfauXrL6LSdBbV8YTfnCWafHk=", true),
            ("SHA1=7/zfauXrL6LSdBbV8YTfnCWafHk=", true),
            ("7/zfauXrL6LSdBbV8YTfnCWafHk=", true),
            (" 7/zfauXrL6LSdBbV8YTfnCWafHk= ", true),
            ("sha1=7/zfauXrL6LSdBbV8YTfnCWafHk", false),
            ("sha1=", false),
            ("", false),
            ("sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", false),
            ("sha256=7/zfauXrL6LSdBbV8YTfnCWafHk=", false),
            ("sha1=8/zfauXrL6LSdBbV8YTfnCWafHk=", false),
            ("é\u{301}é", false),
        ] {
            assert_eq!(
                is_signed_with(&"Jefe".into(), header, body),
                expected,
                "{header}"
            );
        }
        assert!(!is_signed_with(
            &"jefe".into(),
            "7/zfauXrL6LSdBbV8YTfnCWafHk=",
            body
        ));
        assert!(!is_signed_with(
            &"Jefe".into(),
            "7/zfauXrL6LSdBbV8YTfnCWafHk=",
            &body[1..]
        ));
    }

    proptest! {
        #[test]
        fn what_we_did_not_sign_is_never_taken(header: String, body: Vec<u8>) {
            let secret = webhook_secret(&site_key(), "crossbill-ticket", 1);
            prop_assert!(!is_signed_with(&secret, &header, &body));
        }

        #[test]
        fn one_changed_byte_breaks_the_seal(mut body in proptest::collection::vec(any::<u8>(), 1..500), at: usize, flip in 1_u8..) {
            let secret = webhook_secret(&site_key(), "crossbill-ticket", 1);
            let header = signature(&secret, &body);
            prop_assert!(is_signed_with(&secret, &header, &body));
            let at = at % body.len();
            body[at] ^= flip;
            prop_assert!(!is_signed_with(&secret, &header, &body));
        }
    }
}
