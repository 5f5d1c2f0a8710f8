//! Logging in: `/control/v1/token`.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::{Extension, Json};
use hanami_api::ErrorCode;
use hanami_api::token::{CreateToken, RenewToken, Token};
use hanami_store::Access;

use super::Answer;
use crate::auth::{self, Auth};
use crate::error::ApiError;
use crate::extract::{Body, Brief};
use crate::log_in;
use crate::openapi::{Always, BadRequest, NotFound};
use crate::record::LoggedIn;
use crate::state::{AppState, Shared};

/// Logs in
///
/// Answers a token for the user's first project. After too many bad tries, an address has to wait
/// (429), even with the right password.
#[utoipa::path(
    post,
    path = "/control/v1/token",
    operation_id = "create_token",
    tag = "token",
    security(()),
    request_body = CreateToken,
    responses((status = 200, description = "Logged in.", body = Token), BadRequest, Always)
)]
pub(super) async fn create(
    State(state): State<AppState>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    Brief(CreateToken { id, password }): Brief<CreateToken>,
) -> Result<(Extension<LoggedIn>, Json<Token>), ApiError> {
    let user = log_in::check(&state, id.as_str(), password, client.ip()).await?;
    let identity = auth::identity(&state.store, &user, None).await?.ok_or_else(|| {
        let detail = "this user is in no project yet; an admin has to assign one";
        ApiError::new(ErrorCode::Forbidden, detail)
    })?;
    let is_admin = identity.is_admin;
    let token = state.tokens.issue(identity)?;
    let logged_in = Extension(LoggedIn(user.id.clone()));
    Ok((logged_in, Json(Token { id: user.id, name: user.name, is_admin, token })))
}

/// Changes the project
///
/// Answers a token for another of the user's projects.
#[utoipa::path(
    put,
    path = "/control/v1/token",
    operation_id = "renew_token",
    tag = "token",
    request_body = RenewToken,
    responses(
        (status = 200, description = "A token for the project.", body = Token),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn renew(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(RenewToken { project_id }): Body<RenewToken>,
) -> Answer<Token> {
    for_project(&state, &access, project_id.as_str()).await.map(Json)
}

/// A token for another of the user's projects.
pub(super) async fn for_project(
    state: &Shared,
    access: &Access,
    project_id: &str,
) -> Result<Token, ApiError> {
    let not_found =
        || ApiError::new(ErrorCode::NotFound, format!("you are in no project '{project_id}'"));
    let user = state.store.user(access.user_id()).await?.ok_or_else(not_found)?;
    let identity = auth::identity(&state.store, &user, Some(project_id)).await?;
    let token = state.tokens.issue(identity.ok_or_else(not_found)?)?;
    Ok(Token { id: user.id, name: user.name, is_admin: user.is_admin, token })
}
