//! Tasks: what is to be done, and how far it is.

use hanami_api::task::{CreateTask, Mapping, TaskProgress, TaskState, TaskType, ValidationReport};
use hanami_engine::{SubmitTask, TaskOptions, TaskView};

use super::timestamp;

pub(in crate::routes) fn task_state(stored: hanami_store::TaskState) -> TaskState {
    match stored {
        hanami_store::TaskState::Queued => TaskState::Queued,
        hanami_store::TaskState::Active => TaskState::Active,
        hanami_store::TaskState::Aborted => TaskState::Aborted,
        hanami_store::TaskState::Finished => TaskState::Finished,
    }
}

/// What the engine is to do for a client; what the client left out is as by default.
pub(in crate::routes) fn submitted_task(body: CreateTask) -> SubmitTask {
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

pub(in crate::routes) fn task_progress(view: TaskView) -> TaskProgress {
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
        accuracy: view.lately.and_then(|lately| lately.accuracy),
        loss: view.lately.map(|lately| lately.loss),
        synapses: view.lately.map(|lately| lately.synapses),
        validation: view.validation.iter().map(report).collect(),
        samples_per_second: view.samples_per_second,
        seconds_left: view.seconds_left,
        error: view.task.error,
    }
}

/// Share of the task's samples that are done, 0 to 1. A finished task is done, whatever it counts.
pub(in crate::routes) fn share_done(view: &TaskView) -> f64 {
    if view.task.state == hanami_store::TaskState::Finished {
        return 1.0;
    }
    let total = view.task.total.max(1) as f64;
    (view.samples as f64 / total).min(1.0)
}
