//! Whose a token is, and what it allows: `/control/v1/auth`.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hanami_api::ErrorCode;
use hanami_api::auth::{CheckToken, Identity};

use super::Answer;
use crate::auth::{self, Right};
use crate::error::ApiError;
use crate::extract::Params;
use crate::openapi::{Always, BadRequest};
use crate::state::AppState;

/// Checks a token
///
/// Tells whom it stands for; with `endpoint` and `http_type` only if it is good for that too.
#[utoipa::path(
    get,
    path = "/control/v1/auth",
    operation_id = "check_token",
    tag = "token",
    params(CheckToken),
    responses(
        (status = 200, description = "Whom the token stands for.", body = Identity),
        BadRequest, Always
    )
)]
pub(super) async fn check(
    State(state): State<AppState>,
    headers: HeaderMap,
    Params(CheckToken { token, endpoint, http_type }): Params<CheckToken>,
) -> Answer<Identity> {
    let token = match &token {
        Some(token) => token,
        None => auth::token(&headers)?,
    };
    let (right, access) = Right::of(&state, token, "GET", "auth").await?;
    match (endpoint, http_type) {
        (None, None) => {}
        (Some(endpoint), Some(method)) => {
            let endpoint = endpoint.trim_start_matches('/');
            let endpoint = endpoint.strip_prefix("v1/").unwrap_or(endpoint);
            right.permit(method.as_str(), endpoint)?;
        }
        (None, Some(_)) | (Some(_), None) => {
            let detail = "the parameters `endpoint` and `http_type` belong together; give both";
            return Err(ApiError::new(ErrorCode::InvalidQuery, detail));
        }
    }
    Ok(Json(Identity {
        id: access.user_id().to_owned(),
        name: access.user_name().to_owned(),
        is_admin: access.is_admin(),
        project_id: access.project_id().to_owned(),
        role: access.role().to_owned(),
        is_project_admin: access.is_project_admin(),
    }))
}
