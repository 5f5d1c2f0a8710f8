//! A task as its user sees it: its row, and what is known of it while it runs.

use std::sync::Arc;

use hanami_store::{Task, TaskKind, TaskState};

use crate::error::EngineError;
use crate::live::{LiveState, LiveTask, Seen};
use crate::notes::{Notes, ValidationReport};
use crate::options::TaskOptions;
use crate::recent::Lately;
use crate::train::epoch;

/// A task and how far it is at this moment.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The task.
    pub task: Task,
    /// Samples worked through, of all epochs.
    pub samples: u64,
    /// Share in percent of the samples that were answered right before they were learned.
    pub running_accuracy: Option<f64>,
    /// Mean squared error, over all outputs and samples so far, of the answers before they were
    /// learned.
    pub running_loss: Option<f64>,
    /// How well a training did on the samples that it does not learn, epoch after epoch.
    pub validation: Arc<Vec<ValidationReport>>,
    /// The epoch that a training is in, or ended in, from 1.
    pub epoch: Option<u32>,
    /// How a training is doing at present; while it runs.
    pub lately: Option<Lately>,
    /// Samples per second since the task began, or went on after an interruption; while it runs.
    pub samples_per_second: Option<f64>,
    /// Seconds that it will take yet at this speed.
    pub seconds_left: Option<f64>,
}

impl TaskView {
    /// Whether the task has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.task.state, TaskState::Finished | TaskState::Aborted)
    }

    /// A task as `live` tells, if it is that one, or else its row.
    pub(crate) fn new(task: Task, live: Option<&LiveTask>) -> Result<Self, EngineError> {
        let running = live.filter(|live| live.uuid == task.uuid && task.state == TaskState::Active);
        let state = running.map(LiveTask::state);
        let pace = state.as_ref().and_then(LiveState::pace);
        let seen = match state.and_then(|state| state.seen) {
            Some(seen) => seen,
            None => stored(&task)?,
        };
        let left = (task.total as u64).saturating_sub(seen.samples);
        Ok(Self {
            epoch: epoch_of(&task, seen.samples)?,
            samples: seen.samples,
            running_accuracy: seen.accuracy,
            running_loss: seen.loss,
            validation: seen.validation,
            lately: seen.lately,
            samples_per_second: pace,
            seconds_left: pace.map(|pace| left as f64 / pace),
            task,
        })
    }
}

/// What the row of a task tells of its progress.
fn stored(task: &Task) -> Result<Seen, EngineError> {
    let Notes { tally, validation } = Notes::of(task)?;
    Ok(Seen {
        samples: task.position as u64,
        accuracy: tally.accuracy().or(task.accuracy),
        loss: tally.loss(),
        validation: Arc::new(validation),
        lately: None,
    })
}

/// The epoch that a training is in after `samples` samples, once it has begun.
fn epoch_of(task: &Task, samples: u64) -> Result<Option<u32>, EngineError> {
    if task.kind != TaskKind::Train || task.started_at.is_none() {
        return Ok(None);
    }
    let epochs = u64::from(TaskOptions::of(task)?.epochs);
    Ok(Some(epoch(samples, task.total as u64 / epochs.max(1))))
}
