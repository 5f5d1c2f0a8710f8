//! Which projects a user is in: `/control/v1/user/project`.

use axum::Json;
use axum::extract::State;
use hanami_api::ErrorCode;
use hanami_api::user::{
    AssignOrSwitch, AssignProject, AssignedOrSwitched, OfUser, Projects, UnassignProject, User,
};
use hanami_store::Membership;

use super::{Answer, token, user};
use crate::auth::{self, Auth};
use crate::error::ApiError;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, NotFound};
use crate::state::{AppState, Shared};

/// Assigns a project to a user
///
/// Or changes the user's role there; for admins. With `project_id` alone everyone gets a token for
/// another of their projects, as with `PUT /control/v1/token`; for the sake of older clients.
#[utoipa::path(
    post,
    path = "/control/v1/user/project",
    operation_id = "assign_project",
    tag = "user",
    request_body = AssignOrSwitch,
    responses(
        (status = 200, description = "The user, or the token.", body = AssignedOrSwitched),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn assign(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(body): Body<AssignOrSwitch>,
) -> Answer<AssignedOrSwitched> {
    Ok(Json(match body {
        AssignOrSwitch::Switch(wanted) => {
            let token = token::for_project(&state, &access, wanted.project_id.as_str()).await?;
            AssignedOrSwitched::Switched(token)
        }
        AssignOrSwitch::Assign(wanted) => {
            auth::only_admins(&access, "assign projects")?;
            AssignedOrSwitched::Assigned(put_in(&state, wanted).await?)
        }
    }))
}

/// Puts a user in a project.
async fn put_in(state: &Shared, wanted: AssignProject) -> Result<User, ApiError> {
    let AssignProject { id, project_id, role, is_project_admin } = wanted;
    let policy = state.policy.now();
    if !policy.knows(&role) {
        let known = policy.roles().collect::<Vec<_>>().join("`, `");
        let detail = format!(
            "the request body is not valid: the field `role`: no such role; there are `{known}`"
        );
        return Err(ApiError::new(ErrorCode::InvalidBody, detail));
    }
    let user_id = id.as_str().to_owned();
    let place = Membership { user_id, project_id: project_id.into(), role, is_project_admin };
    state.store.assign(place).await?;
    state.places_changed();
    user::find(state, id.as_str()).await
}

/// Lists a user's projects
///
/// One's own, or for admins another user's.
#[utoipa::path(
    get,
    path = "/control/v1/user/project",
    operation_id = "list_user_projects",
    tag = "user",
    params(OfUser),
    responses(
        (status = 200, description = "The projects.", body = Projects),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(OfUser { user_id }): Params<OfUser>,
) -> Answer<Projects> {
    let id = match &user_id {
        Some(id) => {
            auth::only_admins(&access, "ask for the projects of a user")?;
            id.as_str()
        }
        None => access.user_id(),
    };
    let User { projects, .. } = user::find(&state, id).await?;
    Ok(Json(Projects { projects }))
}

/// Takes a user out of a project
///
/// What the user owns there stays. The user's tokens for the project, and their connections to it,
/// end.
#[utoipa::path(
    delete,
    path = "/control/v1/user/project",
    operation_id = "unassign_project",
    tag = "user",
    params(UnassignProject),
    responses((status = 200, description = "The user.", body = User), BadRequest, NotFound, Always)
)]
pub(super) async fn unassign(
    State(state): State<AppState>,
    Auth(_): Auth,
    Params(UnassignProject { id, project_id }): Params<UnassignProject>,
) -> Answer<User> {
    state.store.unassign(id.as_str(), project_id.as_str()).await?;
    state.places_changed();
    user::find(&state, id.as_str()).await.map(Json)
}
