//! What is stored of a training's progress besides its position.

use hanami_store::Task;
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
    pub(crate) fn to_text(&self) -> Result<String, EngineError> {
        serde_json::to_string(self)
            .map_err(|error| EngineError::Fault(format!("notes not written: {error}")))
    }
}
