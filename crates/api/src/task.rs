//! Tasks: `/control/v1/task`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::ids::Name;

/// What a task does with its dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskType {
    /// Learns every sample of the dataset once, in order.
    Train,
    /// Predicts every sample; makes a request result with the task's uuid.
    Request,
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    /// Waits for its turn.
    Queued,
    /// Runs.
    Active,
    /// Was stopped, or failed: then it has an `error`.
    Aborted,
    /// Done.
    Finished,
}

/// Which columns of a table which brick of the cluster reads, or is to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Mapping {
    /// Each brick reads one column through a window of as many rows as it has neurons.
    Window {
        /// The column of each input brick.
        inputs: BTreeMap<String, String>,
        /// The column of each output brick; a request needs none.
        #[serde(default)]
        outputs: BTreeMap<String, String>,
    },
    /// Each brick reads some columns of one row per step, side by side: one neuron for a column of
    /// numbers, one per category for a column of texts.
    Row {
        /// The columns of each input brick.
        inputs: BTreeMap<String, Vec<String>>,
        /// The columns of each output brick.
        #[serde(default)]
        outputs: BTreeMap<String, Vec<String>>,
    },
}

/// Body of `POST /control/v1/task`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTask {
    /// Name of the task, and of the result it makes.
    pub name: Name,
    /// What to do.
    #[serde(rename = "type")]
    pub kind: TaskType,
    /// The cluster that does it.
    pub cluster_uuid: Uuid,
    /// The data it is done with.
    pub dataset_uuid: Uuid,
    /// How often a training goes through the dataset; once without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    pub epochs: Option<u32>,
    /// Whether a training takes the samples in another, random order in each epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<bool>,
    /// What the random order depends on; 0 without it. The same seed gives the same order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint64")]
    pub seed: Option<u64>,
    /// Which columns of a table which brick reads. Without it, the one that is named like it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    /// Share of the samples that a training does not learn, but is judged by after each epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0.0, maximum = 0.5)]
    pub validation_share: Option<f64>,
    /// Whether the result of a request holds all output values of each row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_outputs: Option<bool>,
}

impl CreateTask {
    /// A task without options: once through the dataset, in its order.
    #[must_use]
    pub fn new(name: Name, kind: TaskType, cluster_uuid: Uuid, dataset_uuid: Uuid) -> Self {
        Self {
            name,
            kind,
            cluster_uuid,
            dataset_uuid,
            epochs: None,
            shuffle: None,
            seed: None,
            mapping: None,
            validation_share: None,
            full_outputs: None,
        }
    }
}

/// Answer of `POST /control/v1/task`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskCreated {
    /// Uuid of the task.
    pub uuid: Uuid,
    /// Name of the task.
    pub name: String,
}

/// Names one task in a query string.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ByTask {
    /// Uuid of the task.
    pub uuid: Uuid,
    /// Uuid of the cluster whose task it is.
    pub cluster_uuid: Uuid,
}

/// Names one cluster in a query string.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ByCluster {
    /// Uuid of the cluster.
    pub cluster_uuid: Uuid,
}

/// Answer of `GET /control/v1/task`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskProgress {
    /// Share done, 0.0 to 1.0.
    pub percentage_finished: f64,
    /// How far it has come.
    pub state: TaskState,
    /// When it was queued, UTC, `YYYY-MM-DD HH:MM:SS`.
    pub queue_timestamp: String,
    /// When it started, or `-`.
    pub start_timestamp: String,
    /// When it ended, or `-`.
    pub end_timestamp: String,
    /// Samples worked through, of all epochs.
    pub samples: u64,
    /// Samples that the task consists of, over all epochs.
    #[serde(default)]
    pub total_samples: u64,
    /// The epoch that a training is in, or ended in, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// Share in percent of the samples so far whose answer was right *before* it was learned;
    /// for a training with classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_accuracy: Option<f64>,
    /// Mean squared error over all outputs and the samples so far, *before* they were learned; for
    /// a training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_loss: Option<f64>,
    /// Share in percent of the last 1000 samples whose answer was right *before* it was learned; for
    /// a training with classes, while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// Mean squared error over all outputs and the last 1000 samples, *before* they were learned; for
    /// a training, while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// Synapses of the network, as counted at most a fifth of a second ago; for a training, while it
    /// runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synapses: Option<u64>,
    /// How well a training does on the samples held out of it: one report per epoch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validation: Vec<ValidationReport>,
    /// Samples per second since it began, or went on after an interruption; while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples_per_second: Option<f64>,
    /// Seconds that it takes yet at this speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_left: Option<f64>,
    /// Why the task failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How well a training did on the samples that it does not learn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ValidationReport {
    /// The epoch that had ended, or was aborted, from 1.
    pub epoch: u32,
    /// Samples that were predicted.
    pub samples: u64,
    /// Share of right answers in percent; where there are classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// Mean squared error over all outputs and samples.
    pub loss: f64,
}

/// A row of `GET /control/v1/task/all`: uuid, state, percentage as text, queued, start, end.
pub type TaskRow = (Uuid, TaskState, String, String, String, String);
