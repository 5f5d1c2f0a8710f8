//! What can go wrong in the engine.

use std::io::ErrorKind;

use hanami_dataset::{DatasetError, MappingError, ScoreError};
use hanami_network::template::TemplateError;
use hanami_network::{BuildError, ShapeError, SnapshotError};
use hanami_store::{Cluster, Dataset, StoreError};

use crate::checkpoint_file::CheckpointFileError;

/// Why the engine did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store said no, or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The text of a template can't be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The template is well formed, but no network can be built from it.
    #[error("{0}")]
    Build(#[from] BuildError),
    /// The uploaded data, or a dataset, can't be read.
    #[error(transparent)]
    Dataset(DatasetError),
    /// The bricks of the cluster do not fit the columns of the dataset.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A result can't be judged by this dataset.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// The saved network of a cluster is damaged.
    #[error("the saved network is damaged: {0}")]
    Snapshot(#[from] SnapshotError),
    /// Values of the wrong number reached a network.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// An upload was finished before all its bytes had arrived.
    #[error(
        "the upload is not complete: {file} lacks {missing} of {size} bytes, the first at byte {first}; send them, then finish the upload again"
    )]
    Incomplete {
        /// What the file is for: `input` or `label`.
        file: String,
        /// Number of bytes that are missing.
        missing: u64,
        /// Declared size.
        size: u64,
        /// Offset of the first byte that is missing.
        first: u64,
    },
    /// Bytes that are no file of a checkpoint.
    #[error(transparent)]
    CheckpointFile(#[from] CheckpointFileError),
    /// Values given to a cluster are not usable.
    #[error("{0}")]
    Input(String),
    /// The state of the cluster, dataset or task does not allow this.
    #[error("{0}")]
    Conflict(String),
    /// More than the engine may be asked for at once.
    #[error("{0}")]
    TooLarge(String),
    /// It is noted, but can't be done at present.
    #[error("{0}")]
    Unavailable(String),
    /// The server is about to stop.
    #[error("the server is stopping; try again when it is back")]
    Stopping,
    /// A fault of the engine's own.
    #[error("{0}")]
    Fault(String),
}

impl From<DatasetError> for EngineError {
    fn from(error: DatasetError) -> Self {
        match error {
            DatasetError::Io { ref source, .. }
                if matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
            {
                Self::Store(StoreError::Full)
            }
            error => Self::Dataset(error),
        }
    }
}

impl EngineError {
    /// A cluster without a template was asked to work.
    pub(crate) fn empty(cluster: &Cluster) -> Self {
        let name = &cluster.name;
        Self::Conflict(format!(
            "the cluster '{name}' is empty: load a checkpoint into it, or create one with a template"
        ))
    }

    /// A dataset was asked for before its upload was finished.
    pub(crate) fn unfinished(dataset: &Dataset) -> Self {
        let name = &dataset.name;
        Self::Conflict(format!(
            "the dataset '{name}' is not complete: upload its files and finish it first"
        ))
    }

    /// The network that was worked on is not the one in memory any more.
    pub(crate) fn reread() -> Self {
        Self::Unavailable(
            "the cluster's network was replaced, or had to be read from the disk again; what was \
             not acknowledged may be lost: try again"
                .to_owned(),
        )
    }

    /// Whether the same may succeed later, without anybody changing the request.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Store(
                StoreError::Database(_)
                    | StoreError::Io { .. }
                    | StoreError::Full
                    | StoreError::Busy
            ) | Self::Unavailable(_)
                | Self::Dataset(DatasetError::Io { .. })
        )
    }

    /// Whether the disk is full.
    pub(crate) fn is_full(&self) -> bool {
        matches!(self, Self::Store(StoreError::Full))
    }

    /// Whether the cause is the server's own, and for its logs only.
    pub(crate) fn is_internal(&self) -> bool {
        matches!(self, Self::Fault(_) | Self::Store(_) | Self::Shape(_) | Self::Dataset(_))
    }

    /// Why a task failed, as its owner may read it.
    pub(crate) fn for_task(&self) -> String {
        match self {
            Self::Store(quota @ StoreError::QuotaExceeded { .. }) => quota.to_string(),
            Self::Dataset(_) => {
                "the dataset can't be read: the cause is in the server's log".to_owned()
            }
            internal if internal.is_internal() => {
                "internal error: the cause is in the server's log".to_owned()
            }
            shown => shown.to_string(),
        }
    }
}
