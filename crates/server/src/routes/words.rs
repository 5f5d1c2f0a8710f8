//! From the rows of the store to the words of the interface.

use std::path::Path;

use hanami_api::checkpoint::Checkpoint;
use hanami_api::dataset::{Dataset, DatasetType};
use hanami_api::project::Project;
use hanami_api::request_result::RequestResult;
use hanami_api::samples::{BrickSamples, Predicted, Samples};
use hanami_api::task::{CreateTask, Mapping, TaskProgress, TaskState, TaskType, ValidationReport};
use hanami_api::user::{Membership, User};
use hanami_api::{ChangeResource, ErrorCode, Uuid, Visibility, cluster};
use hanami_engine::{BrickRole, BrickValues, Prediction, SubmitTask, TaskOptions, TaskView};
use hanami_store::OffsetDateTime;

use crate::error::ApiError;
use crate::settings::Settings;
use crate::state::AppState;

/// The columns of a list of resources that have an owner.
pub(super) const OWNED: [&str; 5] = ["uuid", "project_id", "owner_id", "visibility", "name"];

/// Where the server keeps a file, relative to its data directory.
pub(super) fn location(settings: &Settings, path: &Path) -> String {
    path.strip_prefix(&settings.data_dir).unwrap_or(path).display().to_string()
}

/// The text of a point in time, or `-` where it has not been reached yet.
pub(super) fn timestamp(time: Option<OffsetDateTime>) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    // Writing these parts to a text can't fail.
    time.and_then(|time| time.format(format).ok()).unwrap_or_else(|| "-".to_owned())
}

pub(super) fn visibility(stored: hanami_store::Visibility) -> Visibility {
    match stored {
        hanami_store::Visibility::Private => Visibility::Private,
        hanami_store::Visibility::Shared => Visibility::Shared,
        hanami_store::Visibility::Public => Visibility::Public,
    }
}

pub(super) fn stored_visibility(visibility: Visibility) -> hanami_store::Visibility {
    match visibility {
        Visibility::Private => hanami_store::Visibility::Private,
        Visibility::Shared => hanami_store::Visibility::Shared,
        Visibility::Public => hanami_store::Visibility::Public,
    }
}

/// What is to be changed of which resource; a body that changes nothing is refused.
pub(super) fn change(body: ChangeResource) -> Result<(Uuid, hanami_store::Change), ApiError> {
    let ChangeResource { uuid, name, visibility } = body;
    if name.is_none() && visibility.is_none() {
        let detail = "the request body is not valid: it changes nothing; send `name`, \
                      `visibility` or both";
        return Err(ApiError::new(ErrorCode::InvalidBody, detail));
    }
    let name = name.map(String::from);
    let visibility = visibility.map(stored_visibility);
    Ok((uuid, hanami_store::Change { name, visibility }))
}

pub(super) fn mode(stored: hanami_store::ClusterMode) -> cluster::Mode {
    match stored {
        hanami_store::ClusterMode::Task => cluster::Mode::Task,
        hanami_store::ClusterMode::Direct => cluster::Mode::Direct,
    }
}

pub(super) fn stored_mode(mode: cluster::Mode) -> hanami_store::ClusterMode {
    match mode {
        cluster::Mode::Task => hanami_store::ClusterMode::Task,
        cluster::Mode::Direct => hanami_store::ClusterMode::Direct,
    }
}

pub(super) fn cluster(stored: hanami_store::Cluster) -> cluster::Cluster {
    cluster::Cluster {
        uuid: stored.uuid,
        name: stored.name,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
    }
}

pub(super) fn cluster_details(view: hanami_engine::ClusterView) -> cluster::ClusterDetails {
    cluster::ClusterDetails {
        mode: mode(view.cluster.mode),
        open_tasks: view.open_tasks,
        network: view.size.map(|size| cluster::NetworkSize {
            steps: size.steps,
            neurons: size.neurons as u64,
            sections: size.sections as u64,
            synapses: size.synapses as u64,
            bytes: size.bytes as u64,
        }),
        template: view.cluster.template.clone(),
        bricks: view.bricks.into_iter().map(brick).collect(),
        host_uuid: view.host,
        create_timestamp: timestamp(Some(view.cluster.created_at)),
        last_used_timestamp: timestamp(view.last_used),
        cluster: cluster(view.cluster),
    }
}

fn brick(brick: hanami_engine::BrickDetails) -> cluster::BrickDetails {
    cluster::BrickDetails {
        name: brick.name,
        kind: match brick.role {
            BrickRole::Input => cluster::BrickKind::Input,
            BrickRole::Inner => cluster::BrickKind::Inner,
            BrickRole::Output => cluster::BrickKind::Output,
        },
        position: brick.position,
        neurons_limit: brick.neurons_limit,
        neurons: brick.neurons,
        sections: brick.sections,
        synapses: brick.synapses,
        bytes: brick.bytes,
    }
}

/// The values of samples as the engine takes them.
pub(super) fn brick_values(samples: BrickSamples) -> BrickValues {
    match samples {
        BrickSamples::Only(samples) => BrickValues::Only(samples.into_rows()),
        BrickSamples::Named(named) => {
            let rows = named.into_iter().map(|(brick, samples)| (brick, samples.into_rows()));
            BrickValues::Named(rows.collect())
        }
    }
}

/// A prediction, for a list of samples or for a single one.
pub(super) fn predicted(prediction: &Prediction, is_list: bool) -> Predicted {
    let samples = |mut rows: Vec<Vec<f32>>| match (is_list, rows.pop()) {
        (false, Some(only)) => Samples::One(only),
        (_, last) => {
            rows.extend(last);
            Samples::Many(rows)
        }
    };
    let bricks = prediction.bricks();
    Predicted { outputs: bricks.map(|(name, rows)| (name.to_owned(), samples(rows))).collect() }
}

/// A checkpoint, which `state` keeps.
pub(super) fn checkpoint(state: &AppState, stored: hanami_store::Checkpoint) -> Checkpoint {
    Checkpoint {
        location: location(&state.settings, &state.store.checkpoint_path(&stored)),
        uuid: stored.uuid,
        name: stored.name,
        steps: stored.steps as u64,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
    }
}

/// A dataset, which `state` keeps.
pub(super) fn dataset(state: &AppState, stored: hanami_store::Dataset) -> Dataset {
    Dataset {
        location: location(&state.settings, &state.store.dataset_path(stored.uuid)),
        uuid: stored.uuid,
        name: stored.name,
        kind: dataset_type(stored.kind),
        inputs: stored.inputs as u64,
        outputs: stored.outputs as u64,
        lines: stored.lines as u64,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
    }
}

/// A request result with its values.
pub(super) fn request_result(
    (stored, data): (hanami_store::RequestResult, Vec<f64>),
) -> RequestResult {
    RequestResult {
        uuid: stored.uuid,
        name: stored.name,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
        data,
    }
}

pub(super) fn dataset_type(stored: hanami_store::DatasetKind) -> DatasetType {
    match stored {
        hanami_store::DatasetKind::Mnist => DatasetType::Mnist,
        hanami_store::DatasetKind::Csv => DatasetType::Csv,
    }
}

pub(super) fn task_state(stored: hanami_store::TaskState) -> TaskState {
    match stored {
        hanami_store::TaskState::Queued => TaskState::Queued,
        hanami_store::TaskState::Active => TaskState::Active,
        hanami_store::TaskState::Aborted => TaskState::Aborted,
        hanami_store::TaskState::Finished => TaskState::Finished,
    }
}

/// What the engine is to do for a client; what the client left out is as by default.
pub(super) fn submitted_task(body: CreateTask) -> SubmitTask {
    let default = TaskOptions::default();
    SubmitTask {
        name: body.name.into(),
        kind: match body.kind {
            TaskType::Train => hanami_store::TaskKind::Train,
            TaskType::Request => hanami_store::TaskKind::Request,
        },
        cluster_uuid: body.cluster_uuid,
        dataset_uuid: body.dataset_uuid,
        options: TaskOptions {
            epochs: body.epochs.unwrap_or(default.epochs),
            shuffle: body.shuffle.unwrap_or(default.shuffle),
            seed: body.seed.unwrap_or(default.seed),
            mapping: body.mapping.map(mapping),
            validation_share: body.validation_share.unwrap_or(default.validation_share),
            full_outputs: body.full_outputs.unwrap_or(default.full_outputs),
        },
    }
}

fn mapping(mapping: Mapping) -> hanami_dataset::Mapping {
    match mapping {
        Mapping::Window { inputs, outputs } => hanami_dataset::Mapping::Window { inputs, outputs },
        Mapping::Row { inputs, outputs } => hanami_dataset::Mapping::Row { inputs, outputs },
    }
}

pub(super) fn task_progress(view: TaskView) -> TaskProgress {
    let report = |report: &hanami_engine::ValidationReport| ValidationReport {
        epoch: report.epoch,
        samples: report.samples,
        accuracy: report.accuracy,
        loss: report.loss,
    };
    TaskProgress {
        percentage_finished: share_done(&view),
        state: task_state(view.task.state),
        queue_timestamp: timestamp(Some(view.task.queued_at)),
        start_timestamp: timestamp(view.task.started_at),
        end_timestamp: timestamp(view.task.ended_at),
        samples: view.samples,
        total_samples: view.task.total as u64,
        epoch: view.epoch,
        running_accuracy: view.running_accuracy,
        running_loss: view.running_loss,
        validation: view.validation.iter().map(report).collect(),
        samples_per_second: view.samples_per_second,
        seconds_left: view.seconds_left,
        error: view.task.error,
    }
}

/// Share of the task's samples that are done, 0 to 1. A finished task is done, whatever it counts.
pub(super) fn share_done(view: &TaskView) -> f64 {
    if view.task.state == hanami_store::TaskState::Finished {
        return 1.0;
    }
    let total = view.task.total.max(1) as f64;
    (view.samples as f64 / total).min(1.0)
}

pub(super) fn project(stored: hanami_store::Project) -> Project {
    Project { id: stored.id, name: stored.name, creator_id: stored.creator_id }
}

pub(super) fn user(stored: hanami_store::User, places: Vec<hanami_store::Membership>) -> User {
    let membership = |place: hanami_store::Membership| Membership {
        project_id: place.project_id,
        role: place.role,
        is_project_admin: place.is_project_admin,
    };
    User {
        id: stored.id,
        name: stored.name,
        is_admin: stored.is_admin,
        creator_id: stored.creator_id,
        projects: places.into_iter().map(membership).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_is_written_to_the_second() {
        let time = time::macros::datetime!(2026-01-02 03:04:05.678 UTC);
        assert_eq!(timestamp(Some(time)), "2026-01-02 03:04:05");
        assert_eq!(timestamp(None), "-");
    }
}
