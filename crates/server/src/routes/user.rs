//! Users: `/control/v1/user`. For global admins only.

use axum::Json;
use axum::extract::State;
use hanami_api::user::{ByUserId, ChangeUser, CreateUser, DeleteUser, User, UserCell, UserRow};
use hanami_api::{Empty, ErrorCode, Table};
use hanami_store::{NewUser, UserChange};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::error::ApiError;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::{AppState, Shared};

/// Creates a user
///
/// Unless an admin, the user can log in as soon as a project is assigned.
#[utoipa::path(
    post,
    path = "/control/v1/user",
    operation_id = "create_user",
    tag = "user",
    request_body = CreateUser,
    responses((status = 200, description = "Created.", body = User), BadRequest, Conflict, Always)
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(CreateUser { id, name, password, is_admin }): Body<CreateUser>,
) -> Answer<User> {
    let new = NewUser {
        id: id.into(),
        name: name.into(),
        password_hash: state.passwords.hash(password).await?,
        is_admin,
        creator_id: access.user_id().to_owned(),
    };
    Ok(Json(words::user(state.store.create_user(new).await?, Vec::new())))
}

/// Shows a user
#[utoipa::path(
    get,
    path = "/control/v1/user",
    operation_id = "show_user",
    tag = "user",
    params(ByUserId),
    responses((status = 200, description = "The user.", body = User), BadRequest, NotFound, Always)
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(_): Auth,
    Params(ByUserId { id }): Params<ByUserId>,
) -> Answer<User> {
    find(&state, id.as_str()).await.map(Json)
}

/// The user with this id.
pub(super) async fn find(state: &Shared, id: &str) -> Result<User, ApiError> {
    let user = state.store.user(id).await?;
    let not_found = || ApiError::new(ErrorCode::NotFound, format!("there is no user '{id}'"));
    let user = user.ok_or_else(not_found)?;
    Ok(words::user(user, state.store.memberships(id).await?))
}

/// Changes a user
///
/// What is not given stays. A new password, and becoming an admin or ceasing to be one, end the
/// user's tokens and connections. The last admin stays one.
#[utoipa::path(
    put,
    path = "/control/v1/user",
    operation_id = "change_user",
    tag = "user",
    request_body = ChangeUser,
    responses(
        (status = 200, description = "The user.", body = User),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Auth(_): Auth,
    Body(ChangeUser { id, name, password, is_admin }): Body<ChangeUser>,
) -> Answer<User> {
    let password_hash = match password {
        Some(password) => Some(state.passwords.hash(password).await?),
        None => None,
    };
    let change = UserChange { name: name.map(Into::into), password_hash, is_admin };
    state.store.change_user(id.as_str(), change).await?;
    state.places_changed();
    find(&state, id.as_str()).await.map(Json)
}

/// Deletes a user
///
/// Not possible while the user owns resources, unless with `force`, which deletes them too: also
/// running tasks and uploads under way. The user's tokens and connections end.
#[utoipa::path(
    delete,
    path = "/control/v1/user",
    operation_id = "delete_user",
    tag = "user",
    params(DeleteUser),
    responses(
        (status = 200, description = "Deleted.", body = Empty),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(DeleteUser { id, force }): Params<DeleteUser>,
) -> Answer<Empty> {
    if id.as_str() == access.user_id() {
        let detail = "you can't delete yourself; another admin can";
        return Err(ApiError::new(ErrorCode::Conflict, detail));
    }
    let deleted = state.engine.delete_user(&access, id.as_str(), force).await;
    // Also when it failed halfway: the user is out of all projects by then.
    state.places_changed();
    deleted?;
    Ok(done())
}

/// Lists the users
#[utoipa::path(
    get,
    path = "/control/v1/user/all",
    operation_id = "list_users",
    tag = "user",
    responses(
        (
            status = 200,
            description = "Columns: id, name, creator_id, projects, is_admin.",
            body = Table<Vec<UserCell>>
        ),
        Always
    )
)]
pub(super) async fn list(State(state): State<AppState>, Auth(_): Auth) -> Answer<Table<UserRow>> {
    let header = ["id", "name", "creator_id", "projects", "is_admin"];
    let rows = state.store.users().await?.into_iter().map(|(user, places)| {
        let User { id, name, is_admin, creator_id, projects } = words::user(user, places);
        (id, name, creator_id, projects, is_admin)
    });
    Ok(Json(Table::new(&header, rows)))
}
