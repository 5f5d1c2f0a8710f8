//! Logging in: `/control/v1/token`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{Password, ProjectId, UserId};

/// Body of `POST /control/v1/token`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// Who logs in.
    pub id: UserId,
    /// Their password.
    pub password: Password,
}

/// Body of `PUT /control/v1/token`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewToken {
    /// The project that the new token is for.
    pub project_id: ProjectId,
}

/// A token and whose it is.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Id of the user.
    pub id: String,
    /// Name of the user.
    pub name: String,
    /// Whether the user is a global admin.
    pub is_admin: bool,
    /// The token, to be sent in the header `X-Auth-Token`.
    pub token: String,
}
