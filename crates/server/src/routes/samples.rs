//! Predicting, explaining and learning in plain HTTP: `/control/v1/cluster/predict`,
//! `/control/v1/cluster/explain`, `/control/v1/cluster/learn`.

use axum::Json;
use axum::extract::State;
use hanami_api::explain::{Explain, Explained};
use hanami_api::samples::{Learn, Learned, Predict, Predicted};

use super::{Answer, words};
use crate::auth::Auth;
use crate::extract::Large;
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::AppState;

/// Asks a cluster
///
/// In either mode, and while a task runs. Values are given by the names of the input bricks, or
/// without a name where there is only one; for one sample, or for a list of them.
#[utoipa::path(
    post,
    path = "/control/v1/cluster/predict",
    operation_id = "predict",
    tag = "cluster",
    request_body = Predict,
    responses(
        (status = 200, description = "What the output bricks answer.", body = Predicted),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn predict(
    State(state): State<AppState>,
    Auth(access): Auth,
    Large(Predict { uuid, inputs }, _room): Large<Predict>,
) -> Answer<Predicted> {
    let is_list = inputs.is_list();
    let prediction = state.engine.predict(&access, uuid, words::brick_values(inputs)).await?;
    Ok(Json(words::predicted(&prediction, is_list)))
}

/// Tells where an answer comes from
///
/// For one sample and one value of the answer: what each value of the input contributed to it. That is
/// an exact account of what was computed, in either mode and while a task runs; not what would be
/// answered to another input, and not what causes what.
#[utoipa::path(
    post,
    path = "/control/v1/cluster/explain",
    operation_id = "explain",
    tag = "cluster",
    request_body = Explain,
    responses(
        (status = 200, description = "What each input contributed.", body = Explained),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn explain(
    State(state): State<AppState>,
    Auth(access): Auth,
    Large(Explain { uuid, inputs, output, index }, _room): Large<Explain>,
) -> Answer<Explained> {
    let (inputs, output) = (words::brick_values(inputs), output.as_deref());
    let explained = state.engine.explain(&access, uuid, inputs, output, index as usize).await?;
    Ok(Json(words::explained(&explained)))
}

/// Teaches a cluster
///
/// In either mode, and while a task runs. Samples are learned in their order, and all of them are
/// durable with the answer.
#[utoipa::path(
    post,
    path = "/control/v1/cluster/learn",
    operation_id = "learn",
    tag = "cluster",
    request_body = Learn,
    responses(
        (status = 200, description = "Learned.", body = Learned),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn learn(
    State(state): State<AppState>,
    Auth(access): Auth,
    Large(Learn { uuid, inputs, outputs }, _room): Large<Learn>,
) -> Answer<Learned> {
    let (inputs, outputs) = (words::brick_values(inputs), words::brick_values(outputs));
    let steps = state.engine.learn(&access, uuid, inputs, outputs).await?;
    Ok(Json(Learned { steps }))
}
