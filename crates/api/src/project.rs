//! Projects: `/control/v1/project`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::{Name, ProjectId};

/// Body of `POST /control/v1/project`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateProject {
    /// The id; unique.
    pub id: ProjectId,
    /// Name of the project.
    pub name: Name,
}

/// Names one project in a query string.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ByProjectId {
    /// Id of the project.
    #[param(inline)]
    pub id: ProjectId,
}

/// Query of `DELETE /control/v1/project`.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteProject {
    /// Id of the project.
    #[param(inline)]
    pub id: ProjectId,
    /// Whether to delete all that belongs to the project, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
}

/// A project: what its members make in it is kept apart from other projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Project {
    /// Id of the project.
    pub id: String,
    /// Name of the project.
    pub name: String,
    /// Id of the user who made it.
    pub creator_id: String,
}

/// A row of `GET /control/v1/project/all`: id, name, creator.
pub type ProjectRow = (String, String, String);
