//! Tokens as they come with requests.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use hanami_server::{TokenError, Tokens};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};

/// What the tokens of the target are signed with.
pub const SECRET: &[u8] = b"a secret that only the fuzzer knows";

static TOKENS: LazyLock<Tokens> = LazyLock::new(|| Tokens::new(SECRET, NonZeroU32::MAX));
static OTHERS: LazyLock<Tokens> =
    LazyLock::new(|| Tokens::new(b"the secret of another server......", NonZeroU32::MAX));

/// What stands before the signature, signed.
///
/// # Panics
/// Never: anything can be signed.
#[must_use]
pub fn signed(head_and_claims: &str) -> String {
    let key = EncodingKey::from_secret(SECRET);
    let signature = crypto::sign(head_and_claims.as_bytes(), &key, Algorithm::HS256);
    format!("{head_and_claims}.{}", signature.expect("anything can be signed"))
}

/// What is accepted was signed by this server, and no other accepts it; changing its end makes it
/// worthless. Tried as it is, and with what stands before the last dot signed anew.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let head = text.rsplit_once('.').map_or(&*text, |(head, _)| head);
    let ours = signed(head);
    if let Ok(claims) = TOKENS.read(&text) {
        assert!(text == ours, "only what was signed is accepted: {claims:?}");
    }
    match TOKENS.read(&ours) {
        Ok(claims) => {
            let written = serde_json::to_value(&claims).expect("claims can be written");
            let again = serde_json::from_value(written).expect("what was written can be read");
            assert!(claims == again, "{claims:?}");
            assert!(OTHERS.read(&ours).is_err(), "another server's secret is another");
            let unsigned = format!("{head}.");
            assert!(TOKENS.read(&unsigned).is_err(), "no token counts without its signature");
        }
        Err(TokenError::Expired | TokenError::Foreign) => {
            assert!(OTHERS.read(&ours) == Err(TokenError::Foreign), "it is nobody else's either");
        }
    }
}
