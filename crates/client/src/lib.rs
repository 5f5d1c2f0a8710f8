//! The Rust SDK for Hanami, the self-hosted server that learns.
//!
//! Log in with [`Hanami::connect`], then call a method per thing to do: they are grouped by
//! resource, named like the paths of the HTTP interface, and answer with the types of
//! [`hanami_api`].
//!
//! ```no_run
//! use hanami_client::{Hanami, TaskType};
//!
//! # async fn run() -> Result<(), hanami_client::ClientError> {
//! let hanami = Hanami::connect("127.0.0.1:11418", "admin", "correct horse battery").await?;
//!
//! let template = "\
//! version: 1
//! bricks:
//!     1,1,1
//!         input: pixels
//!         number_of_neurons: 784
//!     2,1,1
//!         number_of_neurons: 400
//!     3,1,1
//!         output: digit
//!         number_of_neurons: 10
//! ";
//! let cluster = hanami.create_cluster("digits", Some(template)).await?;
//!
//! let images = std::path::Path::new("train-images-idx3-ubyte");
//! let labels = std::path::Path::new("train-labels-idx1-ubyte");
//! let dataset = hanami
//!     .upload_mnist("handwriting", images, labels, |sent, total| println!("{sent} of {total}"))
//!     .await?;
//!
//! let task = hanami.create_task("first epoch", TaskType::Train, cluster.uuid, dataset).await?;
//! hanami
//!     .wait(cluster.uuid, task.uuid, |now| println!("{:.0} %", now.percentage_finished * 100.0))
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! One sample at a time, with an answer in well under a millisecond, goes over a live connection:
//! see [`Direct`].
//!
//! Held to the same scenarios as the SDKs of the other languages: `sdk/scenarios`.

mod address;
mod auth;
mod checkpoint;
mod checkpoint_file;
mod cluster;
mod connection;
mod content;
mod dataset;
mod direct;
mod download;
mod error;
mod events;
mod host;
mod log;
mod project;
mod quota;
mod request_result;
mod resume;
mod samples;
mod socket;
mod system;
mod task;
mod template;
mod tls;
mod token;
mod transport;
mod upload;
mod user;

pub use connection::Hanami;
pub use dataset::DatasetEntry;
pub use direct::Direct;
pub use download::Download;
pub use error::ClientError;
pub use host::Host;
pub use log::{AuditEntry, ErrorEntry};
pub use quota::Limits;
pub use task::TaskEntry;
pub use tls::Trust;
pub use upload::Source;
pub use user::UserChange;

use hanami_api::cluster::ClusterRow;
pub use hanami_api::{
    ErrorCode, Uuid, Visibility,
    auth::Identity,
    checkpoint::Checkpoint,
    cluster::{BrickDetails, BrickKind, Cluster, ClusterDetails, Mode, NetworkSize, SaveQueued},
    content::{Category, Cell, Column, ColumnType, Columns, Image, Preview},
    dataset::{Dataset, DatasetType, FileProgress, Part, UploadProgress},
    explain::Explained,
    host::HostType,
    project::Project,
    quota::{Allowance, Quota},
    request_result::{OutputBrick, RequestResult, ResultOutputs},
    samples::{BrickSamples, Samples},
    score::{ClassScore, Score},
    system::{Clock, Cpu, Power, Reading, Temperature, Thread, Topology},
    task::{CreateTask, Mapping, TaskCreated, TaskProgress, TaskState, TaskType, ValidationReport},
    template::{TemplateBrick, TemplateChecked, TemplateMistake, TemplateSettings},
    user::{Membership, User},
};

/// A row of the lists of clusters, checkpoints and request results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Uuid of the resource.
    pub uuid: Uuid,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// Name of the resource.
    pub name: String,
}

impl From<ClusterRow> for Entry {
    fn from((uuid, project_id, owner_id, visibility, name): ClusterRow) -> Self {
        Self { uuid, project_id, owner_id, visibility, name }
    }
}

/// The samples in the project's README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
