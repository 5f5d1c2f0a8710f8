//! One's own password: `/control/v1/user/password`.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use hanami_api::token::Token;
use hanami_api::user::ChangePassword;
use hanami_store::UserChange;

use super::{Answer, token};
use crate::auth::Auth;
use crate::extract::Body;
use crate::log_in;
use crate::openapi::{Always, BadRequest};
use crate::state::AppState;

/// Changes one's own password
///
/// All one's tokens and connections end; the answer holds a new token for the same project. A
/// wrong present password counts as a bad try to log in.
#[utoipa::path(
    put,
    path = "/control/v1/user/password",
    operation_id = "change_password",
    tag = "user",
    request_body = ChangePassword,
    responses((status = 200, description = "A new token.", body = Token), BadRequest, Always)
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Auth(access): Auth,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    Body(ChangePassword { password, new_password }): Body<ChangePassword>,
) -> Answer<Token> {
    log_in::check(&state, access.user_id(), password, client.ip()).await?;
    let password_hash = Some(state.passwords.hash(new_password).await?);
    let change = UserChange { password_hash, ..UserChange::default() };
    state.store.change_user(access.user_id(), change).await?;
    state.places_changed();
    token::for_project(&state, &access, access.project_id()).await.map(Json)
}
