//! Password hashes: Argon2id, each with its own salt, made and checked a few at a time.
//!
//! Either is slow and takes 19 MiB on purpose. It runs off the async threads, and no more run at
//! once than there are cores, so that a flood of logins can take neither all memory nor the
//! server's attention.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use hanami_api::ErrorCode;
use hanami_api::ids::Password;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;

/// How long a login waits for its turn before it is turned away.
const PATIENCE: Duration = Duration::from_secs(5);

/// The hash of `password` with a new salt, in PHC string format.
pub(crate) fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Hashes and checks passwords, a bounded number at a time.
pub(crate) struct PasswordChecks {
    turns: Arc<Semaphore>,
    /// Checked in place of the hash of a user that does not exist, so that the time taken does
    /// not tell which ids exist.
    nobody: String,
}

impl PasswordChecks {
    /// At most `at_once` of both run at the same time.
    pub(crate) fn new(at_once: usize) -> Result<Self, argon2::password_hash::Error> {
        let turns = Arc::new(Semaphore::new(at_once));
        Ok(Self { turns, nobody: hash("nobody's password")? })
    }

    /// The hash of `password` with a new salt, in PHC string format.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, ApiError> {
        let turn = self.turn().await?;
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            hash(password.expose())
        });
        work.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }

    /// Waits until it is one's turn to have a password checked.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned())
            .await
            .map_err(|_| ApiError::new(ErrorCode::TooMany, "too many logins at once"))?
            .map_err(ApiError::internal)
    }

    /// Whether `password` has the hash `expected`; never, but just as slowly, for `None`.
    pub(crate) async fn matches(
        &self,
        turn: OwnedSemaphorePermit,
        password: Password,
        expected: Option<String>,
    ) -> Result<bool, ApiError> {
        let is_user = expected.is_some();
        let expected = expected.unwrap_or_else(|| self.nobody.clone());
        let check = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            verify(&password, &expected)
        });
        let matches = check.await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
        Ok(matches && is_user)
    }
}

fn verify(password: &Password, expected: &str) -> Result<bool, argon2::password_hash::Error> {
    use argon2::password_hash::Error;
    let expected = PasswordHash::new(expected).map_err(|_| Error::EncodingInvalid)?;
    match Argon2::default().verify_password(password.expose().as_bytes(), &expected) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::try_from(text.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_user_matches() {
        let checks = PasswordChecks::new(1).unwrap();
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let check = async |text: &str, stored: Option<String>| {
            let turn = checks.turn().await.unwrap();
            checks.matches(turn, password(text), stored).await
        };
        assert!(check("correct horse", Some(stored.clone())).await.unwrap());
        assert!(!check("wrong horse", Some(stored)).await.unwrap());
        assert!(!check("nobody's password", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_damaged_hash_is_an_internal_error() {
        let checks = PasswordChecks::new(1).unwrap();
        let damaged = Some("$argon2id$broken".to_owned());
        let turn = checks.turn().await.unwrap();
        let error = checks.matches(turn, password("correct horse"), damaged).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Internal);
    }
}
