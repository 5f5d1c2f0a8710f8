//! What is stored of a training's progress besides its position.

use std::sync::Arc;

use hanami_store::{Outcome, Progress, Task, Uuid};
use serde::{Deserialize, Serialize};

use crate::error::EngineError;
use crate::judge::Tally;

/// How well a training did on the samples that it does not learn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ValidationReport {
    /// The epoch that had ended, or was aborted, from 1.
    pub epoch: u32,
    /// Samples that were predicted.
    pub samples: u64,
    /// Share of right answers in percent, where answers can be right.
    pub accuracy: Option<f64>,
    /// Mean squared error over all outputs and samples.
    pub loss: f64,
}

/// What a training goes on from, besides its position and the network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// Answers before they were learned.
    pub(crate) tally: Tally,
    /// One report per epoch that has ended, and one for an abort.
    pub(crate) validation: Vec<ValidationReport>,
}

impl Notes {
    /// The notes that were stored with a task; empty ones before its first save.
    pub(crate) fn of(task: &Task) -> Result<Self, EngineError> {
        let Some(text) = &task.notes else {
            return Ok(Self::default());
        };
        serde_json::from_str(text)
            .map_err(|error| EngineError::Fault(format!("notes can't be read: {error}")))
    }

    /// The text under which the store keeps them.
    fn to_text(&self) -> Result<String, EngineError> {
        serde_json::to_string(self)
            .map_err(|error| EngineError::Fault(format!("notes not written: {error}")))
    }
}

/// How far a training task is with the network in memory.
#[derive(Debug, Clone)]
pub(crate) struct Unsaved {
    /// The task.
    pub(crate) task: Uuid,
    /// Samples learned.
    pub(crate) position: u64,
    /// Answers before they were learned.
    pub(crate) tally: Tally,
    /// The reports up to now.
    pub(crate) reports: Arc<Vec<ValidationReport>>,
}

impl Unsaved {
    /// What is to be stored with a snapshot of that network; the task goes on from there.
    pub(crate) fn progress(&self) -> Result<Progress, EngineError> {
        Ok(Progress::Position {
            task: self.task,
            position: self.position as i64,
            accuracy: self.tally.accuracy(),
            notes: Some(self.notes()?),
        })
    }

    /// What is to be stored with a snapshot of that network and ends the task.
    pub(crate) fn ended(&self, outcome: Outcome) -> Result<Progress, EngineError> {
        let (position, notes) = (self.position as i64, Some(self.notes()?));
        Ok(Progress::Ended { task: self.task, position, notes, outcome })
    }

    fn notes(&self) -> Result<String, EngineError> {
        Notes { tally: self.tally, validation: self.reports.to_vec() }.to_text()
    }
}
