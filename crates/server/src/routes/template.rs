//! Templates: `/control/v1/template`.

use axum::Json;
use axum::extract::State;
use hanami_api::template::{CheckTemplate, TemplateChecked};

use super::{Answer, cluster, words};
use crate::auth::Auth;
use crate::extract::Body;
use crate::openapi::{Always, BadRequest};
use crate::state::AppState;

/// Checks a template
///
/// Makes nothing. A mistake in the template is an answer, with its place; of a valid one, the answer
/// tells what its bricks are and whom each of them hears.
#[utoipa::path(
    post,
    path = "/control/v1/template/check",
    operation_id = "check_template",
    tag = "cluster",
    request_body = CheckTemplate,
    responses(
        (status = 200, description = "Whether it is valid.", body = TemplateChecked),
        BadRequest, Always
    )
)]
pub(super) async fn check(
    State(state): State<AppState>,
    Auth(_): Auth,
    Body(CheckTemplate { template }): Body<CheckTemplate>,
) -> Answer<TemplateChecked> {
    let text = cluster::decode(&template, state.settings.max_template_bytes.get() as usize)?;
    Ok(Json(words::checked_template(state.engine.check_template(text).await?)))
}
