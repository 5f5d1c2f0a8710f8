//! What each role may do: the table that is asked before any handler runs.
//!
//! It comes from a file, `policy.toml` beside the sources unless the settings name another. A role
//! that does not stand in it may do nothing. *Which* things a user sees is not decided here but by
//! [`hanami_store::Access`].
//!
//! Managing users and projects is for global admins and no matter of roles; that is fixed here.

mod endpoints;
mod error;
mod live;
mod parse;

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub use error::PolicyError;
pub(crate) use live::LivePolicy;

/// The role of those who administrate.
pub(crate) const ADMIN: &str = "admin";

/// Largest policy file, in bytes. One that names each endpoint for a hundred roles is smaller.
const MAX_BYTES: u64 = 256 << 10;

/// Endpoints and methods that are for global admins, whatever their role.
const FOR_ADMINS: &[(&str, &[&str])] = &[
    ("error_log", &["GET"]),
    ("project", &["GET", "POST", "DELETE"]),
    ("project/all", &["GET"]),
    ("project/quota", &["PUT"]),
    ("user", &["GET", "POST", "PUT", "DELETE"]),
    ("user/all", &["GET"]),
    ("user/project", &["DELETE"]),
];

/// Whether sending `method` to `endpoint` is for global admins only.
pub(crate) fn is_for_admins(method: &str, endpoint: &str) -> bool {
    FOR_ADMINS.iter().any(|&(path, methods)| path == endpoint && methods.contains(&method))
}

/// Endpoints (paths below the prefix) and the methods allowed there.
type Rules = HashMap<String, Vec<String>>;

/// What each role may do.
#[derive(Debug, PartialEq, Eq)]
pub struct Policy {
    roles: BTreeMap<String, Rules>,
}

impl Policy {
    /// The text of the policy that is in force unless the settings name another.
    pub const SHIPPED: &str = include_str!("../../policy.toml");

    /// Reads a policy from a file.
    ///
    /// # Errors
    /// When the file can't be read, is too large, or is not valid; the error shows where and why.
    pub fn load(path: &Path) -> Result<Self, PolicyError> {
        let unreadable = |source| PolicyError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let mut text = Vec::new();
        // It may grow while it is read.
        file.take(MAX_BYTES + 1).read_to_end(&mut text).map_err(unreadable)?;
        if text.len() as u64 > MAX_BYTES {
            return Err(PolicyError::TooLarge { path: path.to_owned(), limit: MAX_BYTES });
        }
        let text = String::from_utf8(text).map_err(|error| {
            unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error()))
        })?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// The policy that is in force unless the settings name another.
    ///
    /// # Errors
    /// Never, unless the shipped file is wrong.
    pub(crate) fn shipped() -> Result<Self, PolicyError> {
        Self::parse("the shipped policy", Self::SHIPPED)
    }

    /// The names of all roles, in alphabetical order.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.keys().map(String::as_str)
    }

    /// Whether there is such a role.
    pub(crate) fn knows(&self, role: &str) -> bool {
        self.roles.contains_key(role)
    }

    /// Whether `role` may send `method` to `endpoint`.
    #[must_use]
    pub fn allows(&self, role: &str, method: &str, endpoint: &str) -> bool {
        let methods = self.roles.get(role).and_then(|rules| rules.get(endpoint));
        methods.is_some_and(|methods| methods.iter().any(|allowed| allowed == method))
    }
}

#[cfg(test)]
mod tests;
