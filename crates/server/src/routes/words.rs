//! From the rows of the store to the words of the interface.

use std::path::Path;

use hanami_api::checkpoint::Checkpoint;
use hanami_api::content::{Category, Cell, Column, ColumnType, Image, Preview};
use hanami_api::dataset::{Dataset, DatasetType, FileProgress, Part};
use hanami_api::project::Project;
use hanami_api::request_result::{OutputBrick, RequestResult};
use hanami_api::samples::{BrickSamples, Predicted, Samples};
use hanami_api::score::{ClassScore, Score};
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
        dataset_type: dataset_type(stored.dataset_kind),
        column: stored.column,
        rows: data.len() as u64,
        has_outputs: stored.outputs_blob.is_some(),
        created: timestamp(Some(stored.created_at)),
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

/// How far a file has arrived.
pub(super) fn file_progress(stored: hanami_store::FileProgress) -> FileProgress {
    FileProgress {
        uuid: stored.file.uuid,
        part: match stored.file.role {
            hanami_store::FileRole::Input => Part::Input,
            hanami_store::FileRole::Label => Part::Label,
        },
        size: stored.file.size as u64,
        received: stored.received,
        missing: stored.missing.into_iter().map(|range| [range.start, range.end]).collect(),
    }
}

pub(super) fn stored_part(part: Part) -> hanami_dataset::Part {
    match part {
        Part::Input => hanami_dataset::Part::Input,
        Part::Label => hanami_dataset::Part::Label,
    }
}

/// The name that the file of a dataset is saved under.
pub(super) fn file_name(dataset: &hanami_store::Dataset, part: Part) -> String {
    let name = &dataset.name;
    match (dataset.kind, part) {
        (hanami_store::DatasetKind::Csv, _) => format!("{name}.csv"),
        (hanami_store::DatasetKind::Mnist, Part::Input) => format!("{name}-images-idx3-ubyte"),
        (hanami_store::DatasetKind::Mnist, Part::Label) => format!("{name}-labels-idx1-ubyte"),
    }
}

/// Rows of a dataset from the row `from` on, as far as they were found.
pub(super) fn preview(found: hanami_engine::Preview, from: u64) -> Preview {
    let hanami_engine::Preview { dataset, columns, picture, rows } = found;
    let (height, width) = picture.unzip();
    let empty = Preview {
        uuid: dataset.uuid,
        from,
        lines: dataset.lines as u64,
        columns: None,
        rows: None,
        height,
        width,
        images: None,
    };
    match dataset.kind {
        hanami_store::DatasetKind::Csv => {
            let rows = rows.into_iter().map(|row| row.into_iter().filter_map(cell).collect());
            Preview { columns: Some(columns), rows: Some(rows.collect()), ..empty }
        }
        hanami_store::DatasetKind::Mnist => {
            Preview { images: Some(rows.into_iter().map(image).collect()), ..empty }
        }
    }
}

/// A cell of a table, which holds neither classes nor images.
fn cell(cell: hanami_dataset::Cell) -> Option<Cell> {
    match cell {
        hanami_dataset::Cell::Number(number) => Some(Cell::Number(number)),
        hanami_dataset::Cell::Text(text) => Some(Cell::Text(text)),
        hanami_dataset::Cell::Class(_) | hanami_dataset::Cell::Pixels(_) => None,
    }
}

/// A row of a dataset of images.
fn image(row: Vec<hanami_dataset::Cell>) -> Image {
    let mut image = Image::default();
    for cell in row {
        match cell {
            hanami_dataset::Cell::Pixels(pixels) => image.pixels = pixels,
            hanami_dataset::Cell::Class(label) => image.label = label,
            hanami_dataset::Cell::Number(_) | hanami_dataset::Cell::Text(_) => {}
        }
    }
    image
}

/// What a column of a dataset holds.
pub(super) fn column(found: &hanami_dataset::ColumnSummary) -> Column {
    let counted =
        |(category, count): &(String, u64)| Category { category: category.clone(), count: *count };
    let categories: Vec<_> = found.counts.iter().map(counted).collect();
    Column {
        name: found.name.clone(),
        kind: match found.kind {
            hanami_dataset::ColumnKind::Number => ColumnType::Number,
            hanami_dataset::ColumnKind::Boolean => ColumnType::Boolean,
            hanami_dataset::ColumnKind::Pixels => ColumnType::Pixels,
            hanami_dataset::ColumnKind::Class => ColumnType::Class,
            hanami_dataset::ColumnKind::Category => ColumnType::Category,
        },
        minimum: found.spread.map(|spread| spread.minimum),
        maximum: found.spread.map(|spread| spread.maximum),
        mean: found.spread.map(|spread| spread.mean),
        standard_deviation: found.spread.map(|spread| spread.deviation),
        categories: Some(categories).filter(|categories| !categories.is_empty()),
    }
}

/// How good a request result is.
pub(super) fn score(found: hanami_dataset::Score) -> Score {
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

pub(super) fn output_brick(kept: &hanami_engine::OutputBrick) -> OutputBrick {
    OutputBrick { name: kept.name.clone(), width: kept.width }
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
