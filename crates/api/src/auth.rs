//! Whose a token is, and what it allows: `/control/v1/auth`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Query of `GET /control/v1/auth`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckToken {
    /// The token; without it, the one in the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// An endpoint that the token is to be good for, such as `v1/user`; with `http_type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The method for `endpoint`: 1 DELETE, 2 GET, 3 HEAD, 4 POST, 5 PUT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 5)]
    pub http_type: Option<HttpType>,
}

/// A method of HTTP, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum HttpType {
    /// `DELETE`
    Delete = 1,
    /// `GET`
    Get = 2,
    /// `HEAD`
    Head = 3,
    /// `POST`
    Post = 4,
    /// `PUT`
    Put = 5,
}

impl HttpType {
    const ALL: [Self; 5] = [Self::Delete, Self::Get, Self::Head, Self::Post, Self::Put];

    /// The method as HTTP writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

impl From<HttpType> for u8 {
    fn from(method: HttpType) -> Self {
        method as Self
    }
}

impl TryFrom<u8> for HttpType {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        let found = Self::ALL.into_iter().find(|method| u8::from(*method) == number);
        found.ok_or("must be 1 (DELETE), 2 (GET), 3 (HEAD), 4 (POST) or 5 (PUT)")
    }
}

/// Whom a token stands for: a user, in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    /// Id of the user.
    pub id: String,
    /// Name of the user.
    pub name: String,
    /// Whether the user is a global admin.
    pub is_admin: bool,
    /// Id of the project.
    pub project_id: String,
    /// The user's role in the project.
    pub role: String,
    /// Whether the user is an admin of the project.
    pub is_project_admin: bool,
}
