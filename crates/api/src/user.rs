//! Users and the projects they are in: `/control/v1/user`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::{Name, Password, ProjectId, UserId};
use crate::token::{RenewToken, Token};

/// Body of `POST /control/v1/user`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// The id to log in with; unique.
    pub id: UserId,
    /// Name of the user.
    pub name: Name,
    /// The password to log in with.
    pub password: Password,
    /// Whether the user administrates the whole server.
    #[serde(default)]
    pub is_admin: bool,
}

/// Names one user in a query string.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ByUserId {
    /// Id of the user.
    #[param(inline)]
    pub id: UserId,
}

/// Query of `DELETE /control/v1/user`.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteUser {
    /// Id of the user.
    #[param(inline)]
    pub id: UserId,
    /// Whether to delete all that the user owns, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
}

/// Body of `PUT /control/v1/user`. What is not given stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    /// Id of the user.
    pub id: UserId,
    /// A new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// A new password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// Whether the user administrates the whole server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_admin: Option<bool>,
}

/// Body of `PUT /control/v1/user/password`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// One's present password.
    pub password: Password,
    /// The new one.
    pub new_password: Password,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Id of the user.
    pub id: String,
    /// Name of the user.
    pub name: String,
    /// Whether the user administrates the whole server.
    pub is_admin: bool,
    /// Id of the user who made this one.
    pub creator_id: String,
    /// The projects the user is in, in the order of assignment.
    pub projects: Vec<Membership>,
}

/// A user's place in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    /// Id of the project.
    pub project_id: String,
    /// The user's role in the project.
    pub role: String,
    /// Whether the user administrates the project.
    pub is_project_admin: bool,
}

/// A row of `GET /control/v1/user/all`: id, name, creator, projects, whether an admin.
pub type UserRow = (String, String, String, Vec<Membership>, bool);

/// A cell of a [`UserRow`], for the OpenAPI document.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum UserCell {
    /// An id or a name.
    Text(String),
    /// The projects the user is in.
    Projects(Vec<Membership>),
    /// Whether the user is an admin.
    IsAdmin(bool),
}

/// Puts a user in a project, or changes the user's role there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignProject {
    /// Id of the user.
    pub id: UserId,
    /// Id of the project.
    pub project_id: ProjectId,
    /// A role that the server's policy knows.
    pub role: String,
    /// Whether the user administrates the project.
    pub is_project_admin: bool,
}

/// Body of `POST /control/v1/user/project`: an assignment, or a `project_id` alone, with which
/// older clients change the project of their token.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged, try_from = "AssignOrSwitchFields")]
pub enum AssignOrSwitch {
    /// Assign a project to a user.
    Assign(AssignProject),
    /// Get a token for another project.
    Switch(RenewToken),
}

/// Answer of `POST /control/v1/user/project`.
#[derive(Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AssignedOrSwitched {
    /// The user, now in the project.
    Assigned(User),
    /// The token.
    Switched(Token),
}

/// The fields of both bodies, so that an error can name the one that is missing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssignOrSwitchFields {
    project_id: ProjectId,
    id: Option<UserId>,
    role: Option<String>,
    is_project_admin: Option<bool>,
}

impl TryFrom<AssignOrSwitchFields> for AssignOrSwitch {
    type Error = String;

    fn try_from(fields: AssignOrSwitchFields) -> Result<Self, String> {
        let AssignOrSwitchFields { project_id, id, role, is_project_admin } = fields;
        if id.is_none() && role.is_none() && is_project_admin.is_none() {
            return Ok(Self::Switch(RenewToken { project_id }));
        }
        let missing = |field: &str| format!("missing field `{field}`");
        Ok(Self::Assign(AssignProject {
            id: id.ok_or_else(|| missing("id"))?,
            project_id,
            role: role.ok_or_else(|| missing("role"))?,
            is_project_admin: is_project_admin.ok_or_else(|| missing("is_project_admin"))?,
        }))
    }
}

/// Query of `GET /control/v1/user/project`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfUser {
    /// Id of another user, for admins; without it, one's own projects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub user_id: Option<UserId>,
}

/// Answer of `GET /control/v1/user/project`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Projects {
    /// The projects the user is in, in the order of assignment.
    pub projects: Vec<Membership>,
}

/// Query of `DELETE /control/v1/user/project`.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnassignProject {
    /// Id of the user.
    #[param(inline)]
    pub id: UserId,
    /// Id of the project.
    #[param(inline)]
    pub project_id: ProjectId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<AssignOrSwitch, serde_json::Error> {
        serde_json::from_str(body)
    }

    #[test]
    fn a_project_alone_switches_and_all_fields_assign() {
        let switch = parse(r#"{"project_id": "garden"}"#).unwrap();
        assert!(matches!(switch, AssignOrSwitch::Switch(_)));
        let assign =
            r#"{"id":"anna","project_id":"garden","role":"member","is_project_admin":true}"#;
        let AssignOrSwitch::Assign(assignment) = parse(assign).unwrap() else { panic!() };
        assert_eq!(serde_json::to_string(&assignment).unwrap(), assign);
    }

    #[test]
    fn half_an_assignment_names_what_is_missing() {
        for (body, named) in [
            (r"{}", "`project_id`"),
            (r#"{"id": "anna", "role": "member", "is_project_admin": true}"#, "`project_id`"),
            (r#"{"project_id": "garden", "role": "member", "is_project_admin": true}"#, "`id`"),
            (r#"{"project_id": "garden", "id": "anna", "is_project_admin": true}"#, "`role`"),
            (r#"{"project_id": "garden", "id": "anna", "role": "member"}"#, "`is_project_admin`"),
            (r#"{"project_id": "garden", "more": 1}"#, "`more`"),
        ] {
            let error = parse(body).unwrap_err().to_string();
            assert!(error.contains(named), "{body}: {error}");
        }
    }
}
