//! Tokens: JSON web tokens signed with a key that only this server knows.

use std::num::NonZeroU32;
use std::time::Duration;

use hanami_api::ErrorCode;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, get_current_timestamp,
};
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// Why a token counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good once.
    #[error("the token has expired; log in again")]
    Expired,
    /// It is no token, or not one of this server.
    #[error("the token was not made by this server; log in again")]
    Foreign,
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        Self::new(ErrorCode::InvalidToken, error.to_string())
    }
}

/// Whom a token stands for: a user, in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Id of the user.
    pub id: String,
    /// When the user was made, in microseconds since 1970: a later user with the same id is
    /// somebody else.
    pub made_at: i64,
    /// How often the user's password had been changed. Tokens of earlier versions do not tell, and
    /// are as old as the first password.
    #[serde(default)]
    pub password_version: i64,
    /// Whether the user is a global admin.
    pub is_admin: bool,
    /// Id of the project.
    pub project_id: String,
    /// The user's role in the project.
    pub role: String,
    /// Whether the user is an admin of the project.
    pub is_project_admin: bool,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Whom it stands for.
    #[serde(flatten)]
    pub identity: Identity,
    /// Seconds since 1970 at which it ends.
    pub exp: u64,
}

/// Whether a token is over that ends at this time, in seconds since 1970.
pub(crate) fn is_over(exp: u64) -> bool {
    exp < get_current_timestamp()
}

/// Makes and reads tokens.
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
    lifetime: u64,
}

impl Tokens {
    /// Tokens signed with `secret`, good for `lifetime` seconds.
    #[must_use]
    pub fn new(secret: &[u8], lifetime: NonZeroU32) -> Self {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.leeway = 0;
        Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            rules,
            lifetime: lifetime.get().into(),
        }
    }

    /// A new token for `identity`.
    pub(crate) fn issue(&self, identity: Identity) -> Result<String, ApiError> {
        let exp = get_current_timestamp() + self.lifetime;
        let header = Header::new(Algorithm::HS256);
        jsonwebtoken::encode(&header, &Claims { identity, exp }, &self.signing)
            .map_err(ApiError::internal)
    }

    /// How long `token` is still good for.
    pub(crate) fn time_left(&self, token: &str) -> Result<Duration, ApiError> {
        let exp = self.read(token)?.exp;
        Ok(Duration::from_secs(exp.saturating_sub(get_current_timestamp())))
    }

    /// What `token` says.
    ///
    /// # Errors
    /// If this server did not make it, or it has expired.
    pub fn read(&self, token: &str) -> Result<Claims, TokenError> {
        use jsonwebtoken::errors::ErrorKind;
        match jsonwebtoken::decode::<Claims>(token, &self.checking, &self.rules) {
            Ok(data) => Ok(data.claims),
            Err(error) => Err(match error.kind() {
                ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Foreign,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a secret of thirty-two bytes....";

    fn identity() -> Identity {
        Identity {
            id: "somebody".into(),
            made_at: 1,
            password_version: 2,
            is_admin: false,
            project_id: "some_project".into(),
            role: "member".into(),
            is_project_admin: true,
        }
    }

    fn tokens() -> Tokens {
        Tokens::new(SECRET, NonZeroU32::MIN.saturating_add(60))
    }

    fn sign(header: &Header, claims: &serde_json::Value) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(SECRET)).unwrap()
    }

    fn claims(exp: u64) -> serde_json::Value {
        let mut claims = serde_json::to_value(identity()).unwrap();
        claims["exp"] = exp.into();
        claims
    }

    #[test]
    fn a_token_tells_whom_it_was_made_for() {
        let token = tokens().issue(identity()).unwrap();
        assert_eq!(tokens().read(&token).unwrap().identity, identity());
    }

    #[test]
    fn a_token_without_the_number_of_a_password_is_as_old_as_the_first() {
        let mut old = claims(get_current_timestamp() + 100);
        old.as_object_mut().unwrap().remove("password_version");
        let read = tokens().read(&sign(&Header::new(Algorithm::HS256), &old)).unwrap();
        assert_eq!(read.identity, Identity { password_version: 0, ..identity() });
    }

    #[test]
    fn foreign_altered_and_expired_tokens_are_refused() {
        let token = tokens().issue(identity()).unwrap();
        let foreign = Tokens::new(b"another secret", NonZeroU32::MAX).issue(identity()).unwrap();
        let (head, _) = token.rsplit_once('.').unwrap();
        let header = Header::new(Algorithm::HS256);
        let soon = get_current_timestamp() + 100;
        let bad = [
            String::new(),
            "not a token".into(),
            foreign,
            head.to_owned(),
            format!("{head}."),
            format!("{head}.AAAA"),
            sign(&header, &claims(get_current_timestamp() - 1)),
            sign(&Header::new(Algorithm::HS512), &claims(soon)),
            sign(&header, &serde_json::json!({"exp": soon})),
            sign(&header, &serde_json::to_value(identity()).unwrap()),
        ];
        for token in bad {
            let error = ApiError::from(tokens().read(&token).unwrap_err());
            assert_eq!(error.code(), ErrorCode::InvalidToken, "{token}");
        }
        assert!(tokens().read(&sign(&header, &claims(soon))).is_ok());
    }
}
