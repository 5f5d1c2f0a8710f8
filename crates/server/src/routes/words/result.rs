//! Request results, and how good they are.

use hanami_api::request_result::{OutputBrick, RequestResult};
use hanami_api::score::{ClassScore, Score};

use super::{dataset_type, timestamp, visibility};

/// A request result with its values.
pub(in crate::routes) fn request_result(
    (stored, data): (hanami_store::RequestResult, Vec<f64>),
) -> RequestResult {
    RequestResult {
        uuid: stored.uuid,
        name: stored.name,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
        dataset_type: dataset_type(stored.dataset_kind),
        column: stored.column,
        rows: data.len() as u64,
        has_outputs: stored.outputs_blob.is_some(),
        created: timestamp(Some(stored.created_at)),
        data,
    }
}

/// How good a request result is.
pub(in crate::routes) fn score(found: hanami_dataset::Score) -> Score {
    let hanami_dataset::Score { accuracy, samples, invalid, classes, errors } = found;
    let class = |found: hanami_dataset::ClassScore| ClassScore {
        class: found.label,
        precision: found.precision,
        recall: found.recall,
        f1: found.f1,
        support: found.support,
    };
    let (confusion, classes) = classes
        .map(|found| (found.confusion, found.scores.into_iter().map(class).collect()))
        .unzip();
    let (mae, rmse, r2) =
        errors.map_or((None, None, None), |errors| (errors.mae, errors.rmse, errors.r2));
    Score { accuracy, samples, invalid, confusion, classes, mae, rmse, r2 }
}

pub(in crate::routes) fn output_brick(kept: &hanami_engine::OutputBrick) -> OutputBrick {
    OutputBrick { name: kept.name.clone(), width: kept.width }
}
