//! Ids and names, with their rules checked where they enter.
//!
//! Each type can only be made through its check, so code behind the interface never has to ask
//! again whether an id is well formed.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::limits::{ID_LENGTH, PASSWORD_LENGTH};

/// Why a text is not a valid id, name or password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Too short or too long.
    #[error("must have {} to {} characters, but has {found}", expected.start(), expected.end())]
    Length {
        /// Allowed number of characters.
        expected: std::ops::RangeInclusive<usize>,
        /// Number of characters given.
        found: usize,
    },
    /// The first character is not a letter.
    #[error("must begin with a letter (a-z, A-Z)")]
    FirstCharacter,
    /// A character that is not allowed.
    #[error("must not hold {found:?} (character {position}); allowed are {allowed}")]
    Character {
        /// The character.
        found: char,
        /// Its place, counted from 1.
        position: usize,
        /// The characters that are allowed, in words.
        allowed: &'static str,
    },
}

fn check(text: &str, extra: &[char], allowed: &'static str) -> Result<(), IdError> {
    let found = text.chars().count();
    if !ID_LENGTH.contains(&found) {
        return Err(IdError::Length { expected: ID_LENGTH, found });
    }
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(IdError::FirstCharacter);
    }
    let bad = |&(_, c): &(usize, char)| !c.is_ascii_alphanumeric() && !extra.contains(&c);
    match text.chars().enumerate().find(bad) {
        Some((index, found)) => Err(IdError::Character { found, position: index + 1, allowed }),
        None => Ok(()),
    }
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, extra: $extra:expr, allowed: $allowed:literal, pattern: $pattern:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, min_length = 4, max_length = 256, pattern = $pattern)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text, &$extra, $allowed)?;
                Ok(Self(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> String {
                checked.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked_text!(
    /// Id of a user: 4 to 256 letters, digits, `_` and `@`, beginning with a letter.
    UserId, extra: ['_', '@'], allowed: "letters, digits, `_` and `@`", pattern: "^[a-zA-Z][a-zA-Z_0-9@]*$"
);
checked_text!(
    /// Id of a project: 4 to 256 letters, digits and `_`, beginning with a letter.
    ProjectId, extra: ['_'], allowed: "letters, digits and `_`", pattern: "^[a-zA-Z][a-zA-Z_0-9]*$"
);
checked_text!(
    /// Name of a user or a resource: 4 to 256 letters, digits, `_` and spaces, beginning with a
    /// letter.
    Name, extra: ['_', ' '], allowed: "letters, digits, `_` and spaces", pattern: "^[a-zA-Z][a-zA-Z_0-9 ]*$"
);

/// A password: 8 to 4096 characters. Never printed, not even by `Debug`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Password, min_length = 8, max_length = 4096)]
pub struct Password(String);

impl Password {
    /// The password in the clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Password {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        let found = text.chars().count();
        if PASSWORD_LENGTH.contains(&found) {
            Ok(Self(text))
        } else {
            Err(IdError::Length { expected: PASSWORD_LENGTH, found })
        }
    }
}

impl From<Password> for String {
    fn from(password: Password) -> String {
        password.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_rules_of_the_wire() {
        assert!("user".parse::<UserId>().is_ok());
        assert!("me@home".parse::<UserId>().is_ok());
        assert!("me@home".parse::<ProjectId>().unwrap_err().to_string().contains('@'));
        assert!("my cluster 2".parse::<Name>().is_ok());
        assert_eq!("1abc".parse::<Name>(), Err(IdError::FirstCharacter));
        assert_eq!("".parse::<Name>(), Err(IdError::Length { expected: ID_LENGTH, found: 0 }));
        assert!("a".repeat(256).parse::<Name>().is_ok());
        assert!("a".repeat(257).parse::<Name>().is_err());
    }

    #[test]
    fn lengths_count_characters_and_bad_characters_are_named() {
        let error = "nam\u{e9}".parse::<Name>().unwrap_err();
        let allowed = "letters, digits, `_` and spaces";
        assert_eq!(error, IdError::Character { found: '\u{e9}', position: 4, allowed });
    }

    #[test]
    fn a_password_does_not_show_itself() {
        let password = Password::try_from("correct horse".to_owned()).unwrap();
        assert!(!format!("{password:?}").contains("horse"));
        assert!(Password::try_from("short".to_owned()).is_err());
    }
}
