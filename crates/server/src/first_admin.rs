//! The first admin: without one nobody could log in to a new server.

use hanami_api::ids::{IdError, Name, Password, UserId};
use hanami_store::{Membership, NewProject, NewUser, Store, StoreError};
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretString};

use crate::auth::ADMIN_PROJECT;
use crate::{passwords, policy};

const ID: &str = "HANAMI_ADMIN_USER_ID";
const NAME: &str = "HANAMI_ADMIN_USER_NAME";
const PASSWORD: &str = "HANAMI_ADMIN_PASSWORD";

/// Id, name and password that the first admin is to have: all three, or none and the server makes
/// them up. Looked at only when the server has no users.
#[derive(Debug, Clone, Default)]
pub struct AdminWish {
    /// Id to log in with.
    pub id: Option<String>,
    /// Name to be shown.
    pub name: Option<String>,
    /// Password to log in with.
    pub password: Option<SecretString>,
}

impl AdminWish {
    /// What the variables `HANAMI_ADMIN_USER_ID`, `HANAMI_ADMIN_USER_NAME` and
    /// `HANAMI_ADMIN_PASSWORD` say.
    #[must_use]
    pub fn from_environment() -> Self {
        let variable = |name| std::env::var_os(name).map(|value| value.to_string_lossy().into());
        Self {
            id: variable(ID),
            name: variable(NAME),
            password: variable(PASSWORD).map(|password: String| password.into()),
        }
    }
}

/// An admin with a passphrase that the server made up. It can't be seen again: only its hash is
/// stored.
#[derive(Debug)]
pub struct FirstAdmin {
    /// Id to log in with.
    pub id: String,
    /// Passphrase to log in with.
    pub passphrase: SecretString,
}

/// Why there is no first admin.
#[derive(Debug, thiserror::Error)]
pub enum FirstAdminError {
    /// Only some of the variables are set.
    #[error(
        "{missing} is not set: a first admin needs {ID}, {NAME} and {PASSWORD}; set all three, \
         or none to have a passphrase made up"
    )]
    Incomplete {
        /// The variable that is not set.
        missing: &'static str,
    },
    /// A variable holds something that breaks the rules for it.
    #[error("{variable} is not valid: it {source}")]
    Invalid {
        /// The variable.
        variable: &'static str,
        /// The rule that it breaks.
        source: IdError,
    },
    /// The operating system gave no randomness, or the password can't be hashed.
    #[error("no passphrase for the first admin: {0}")]
    Passphrase(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the first admin if `store` has no users. Returns it if its passphrase was made up.
pub(crate) async fn ensure(
    store: &Store,
    wish: &AdminWish,
) -> Result<Option<FirstAdmin>, FirstAdminError> {
    if store.has_users().await? {
        return Ok(None);
    }
    match wish {
        AdminWish { id: None, name: None, password: None } => {
            let id = "admin".to_owned();
            let passphrase = passphrase()?;
            create(store, id.clone(), "Admin".to_owned(), &passphrase).await?;
            Ok(Some(FirstAdmin { id, passphrase: passphrase.into() }))
        }
        AdminWish { id, name, password } => {
            let password = password.as_ref().map(|password| password.expose_secret().to_owned());
            let id: UserId = checked(ID, id.clone())?;
            let name: Name = checked(NAME, name.clone())?;
            let password: Password = checked(PASSWORD, password)?;
            create(store, id.into(), name.into(), password.expose()).await?;
            Ok(None)
        }
    }
}

fn checked<T: TryFrom<String, Error = IdError>>(
    variable: &'static str,
    value: Option<String>,
) -> Result<T, FirstAdminError> {
    let value = value.ok_or(FirstAdminError::Incomplete { missing: variable })?;
    T::try_from(value).map_err(|source| FirstAdminError::Invalid { variable, source })
}

async fn create(
    store: &Store,
    id: String,
    name: String,
    password: &str,
) -> Result<(), FirstAdminError> {
    let password_hash = passwords::hash(password)
        .map_err(|error| FirstAdminError::Passphrase(error.to_string()))?;
    let project =
        NewProject { id: ADMIN_PROJECT.into(), name: "Admin".into(), creator_id: id.clone() };
    match store.create_project(project).await {
        // It is there already when an earlier first start was cut off right here.
        Ok(_) | Err(StoreError::Conflict { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let user =
        NewUser { id: id.clone(), name, password_hash, is_admin: true, creator_id: id.clone() };
    store.create_user(user).await?;
    let membership = Membership {
        user_id: id,
        project_id: ADMIN_PROJECT.into(),
        role: policy::ADMIN.into(),
        is_project_admin: true,
    };
    Ok(store.assign(membership).await?)
}

/// 25 letters and digits in groups of five, 125 bits of the operating system's randomness.
/// Without `i`, `l`, `o` and `1`, which are easily taken for each other.
fn passphrase() -> Result<String, FirstAdminError> {
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut random = [0; 25];
    SysRng
        .try_fill_bytes(&mut random)
        .map_err(|error| FirstAdminError::Passphrase(error.to_string()))?;
    let letters = random.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passphrases_are_long_and_never_the_same() {
        let (one, other) = (passphrase().unwrap(), passphrase().unwrap());
        assert_eq!(one.len(), 29);
        assert_ne!(one, other);
    }
}
