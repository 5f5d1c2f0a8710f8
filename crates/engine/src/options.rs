//! What a client may ask of a task besides its dataset.

use hanami_dataset::Mapping;
use hanami_store::{Task, TaskKind};
use serde::{Deserialize, Serialize};

use crate::error::EngineError;

/// Most epochs of a training.
const MAX_EPOCHS: u32 = 1000;
/// Largest share of the samples that may be held out of a training.
const MAX_VALIDATION_SHARE: f64 = 0.5;

/// How a task is to be done. It is stored with the task; a field that an older version did not
/// know has its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskOptions {
    /// How often a training goes through the dataset.
    pub epochs: u32,
    /// Whether a training takes the samples in another order in each epoch.
    pub shuffle: bool,
    /// What the order depends on.
    pub seed: u64,
    /// Which columns of a table which brick reads; `None`: the one that is named like it.
    pub mapping: Option<Mapping>,
    /// Share of the samples that a training does not learn, but is judged by after each epoch.
    pub validation_share: f64,
    /// Whether the result of a request holds all output values of each row.
    pub full_outputs: bool,
}

impl Default for TaskOptions {
    fn default() -> Self {
        Self {
            epochs: 1,
            shuffle: false,
            seed: 0,
            mapping: None,
            validation_share: 0.0,
            full_outputs: false,
        }
    }
}

impl TaskOptions {
    /// Refuses what is out of range, or makes no sense for a task of this `kind`.
    pub(crate) fn check(&self, kind: TaskKind) -> Result<(), EngineError> {
        let Self { epochs, shuffle, seed, mapping: _, validation_share, full_outputs } = self;
        let invalid = |field, reason: String| {
            Err(EngineError::Input(format!(
                "the field `{field}`: {reason}; change it or leave it out"
            )))
        };
        if !(1..=MAX_EPOCHS).contains(epochs) {
            return invalid("epochs", format!("{epochs} is not within 1 and {MAX_EPOCHS}"));
        }
        if !(0.0..=MAX_VALIDATION_SHARE).contains(validation_share) {
            let limit = MAX_VALIDATION_SHARE;
            let reason = format!("{validation_share} is not within 0 and {limit}");
            return invalid("validation_share", reason);
        }
        let only_for = match kind {
            TaskKind::Train => [("full_outputs", *full_outputs)].to_vec(),
            _ => vec![
                ("epochs", *epochs != 1),
                ("shuffle", *shuffle),
                ("seed", *seed != 0),
                ("validation_share", *validation_share != 0.0),
            ],
        };
        match only_for.iter().find(|(_, set)| *set) {
            Some((field, _)) => invalid(field, format!("a {kind} task can't have it")),
            None => Ok(()),
        }
    }

    /// The text under which the store keeps them; `None` where all are as by default.
    pub(crate) fn to_text(&self) -> Result<Option<String>, EngineError> {
        if *self == Self::default() {
            return Ok(None);
        }
        let text = serde_json::to_string(self);
        text.map(Some).map_err(|error| EngineError::Fault(format!("options not written: {error}")))
    }

    /// The options that a task was accepted with.
    pub(crate) fn of(task: &Task) -> Result<Self, EngineError> {
        let Some(text) = &task.options else {
            return Ok(Self::default());
        };
        serde_json::from_str(text)
            .map_err(|error| EngineError::Fault(format!("options can't be read: {error}")))
    }
}
