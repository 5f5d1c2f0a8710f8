//! What can go wrong, in one table: code, status, title.
//!
//! An error travels as an RFC 9457 problem document ([`Problem`]). Its `code` is stable and meant
//! for programs, its `detail` is meant for people and says how to mend the request.

use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// Every kind of error that a client can meet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl ErrorCode {
            /// All of them, in the order of the table.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// The code as it travels.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The HTTP status it travels with.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What it means, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

error_codes! {
    /// The body is no JSON object, or a field is missing, unknown or malformed.
    InvalidBody = "invalid-body", 400, "The request body is not valid";
    /// A parameter of the query string is missing, unknown or malformed.
    InvalidQuery = "invalid-query", 400, "The query string is not valid";
    /// A cluster template that can't be read.
    InvalidTemplate = "invalid-template", 400, "The cluster template is not valid";
    /// Uploaded data that can't be read, or is not complete.
    InvalidDataset = "invalid-dataset", 400, "The uploaded data is not valid";
    /// An uploaded checkpoint that can't be read.
    InvalidCheckpoint = "invalid-checkpoint", 400, "The checkpoint is not valid";
    /// The dataset and the cluster do not fit together.
    DatasetMismatch = "dataset-mismatch", 400, "The dataset does not fit";
    /// A request that goes past a limit.
    LimitExceeded = "limit-exceeded", 400, "A limit is exceeded";
    /// The token is missing, malformed, forged or expired.
    InvalidToken = "invalid-token", 401, "The token is missing or not valid";
    /// The id or the password is wrong.
    WrongCredentials = "wrong-credentials", 401, "The id or the password is wrong";
    /// The role does not allow it.
    Forbidden = "forbidden", 401, "The role of this token does not allow this";
    /// There is no such thing, or this user may not see it.
    NotFound = "not-found", 404, "Not found";
    /// The thing exists already, or its state does not allow this.
    Conflict = "conflict", 409, "In conflict with the present state";
    /// The project would hold more than it may.
    QuotaExceeded = "quota-exceeded", 409, "A quota of the project is exceeded";
    /// Too much at once; try again later.
    TooMany = "too-many", 429, "Too much at once";
    /// A fault of the server's own; the cause is in its log under the request id.
    Internal = "internal", 500, "Internal error";
    /// The server is stopping, or can't do this at present.
    Unavailable = "unavailable", 503, "Not available at present";
    /// The disk of the server is full; what makes room still works.
    StorageFull = "storage-full", 503, "The disk of the server is full";
}

// Derived, the schema would name the variants: it does not see the names that the macro hands to
// serde.
impl ToSchema for ErrorCode {}

impl PartialSchema for ErrorCode {
    fn schema() -> RefOr<Schema> {
        let codes = ErrorCode::ALL.iter().map(|code| code.as_str());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Every kind of error that a client can meet."))
            .enum_values(Some(codes))
            .into()
    }
}

/// An error as it travels: an RFC 9457 problem document (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Page that explains this kind of error.
    #[serde(rename = "type")]
    pub page: String,
    /// The kind of error, in a few words.
    pub title: String,
    /// The HTTP status, once more.
    pub status: u16,
    /// The kind of error, for programs.
    pub code: ErrorCode,
    /// What is wrong with this very request, and how to mend it.
    pub detail: String,
    /// Id of the request, to find it in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem of kind `code`, explained by `detail`.
    #[must_use]
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            page: format!("/docs/errors#{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: detail.into(),
            request_id: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_statuses_that_old_clients_know_are_used() {
        for code in ErrorCode::ALL {
            assert!([400, 401, 404, 409, 429, 500, 503].contains(&code.status()), "{code:?}");
        }
    }

    #[test]
    fn a_code_travels_under_the_name_in_the_table() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_value(code).unwrap();
            assert_eq!(json, code.as_str());
        }
    }

    #[test]
    fn the_schema_lists_the_codes_as_they_travel() {
        let schema = serde_json::to_value(ErrorCode::schema()).unwrap();
        let listed: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(schema["enum"], serde_json::to_value(listed).unwrap());
    }
}
