//! Hanami's engine: clusters as actors, their task queues, and the hosts they run on.
//!
//! ```text
//! Engine ── Host                 cores, lent out in turn, a few milliseconds at a time
//!    │
//!    └── ClusterCell (one per cluster in use)
//!          ├── network           behind a fair lock; loaded from the store when first needed
//!          ├── runner            works through the cluster's queue, one task after the other
//!          └── DirectSession…    one per websocket in direct mode
//! ```
//!
//! Everything that must outlive the process is in the store: a cluster is its last snapshot plus
//! what came after it, a task is a row with the number of samples the snapshot holds. Nothing is
//! acknowledged before it is durable.
//!
//! The engine knows nothing of HTTP, tokens or JSON; it is given an [`Access`](hanami_store::Access)
//! with everything that a user asks for.

mod batch;
mod cell;
mod checkpoint;
mod checkpoint_file;
mod compute;
mod data;
mod details;
mod direct;
mod direct_log;
mod doctor;
mod engine;
mod error;
mod expiry;
mod explain;
mod helpers;
mod holdings;
mod host;
mod ingest;
mod judge;
mod learn;
mod live;
mod memory;
mod notes;
mod numbers;
mod options;
mod order;
mod outputs;
mod predict;
mod queue;
mod recent;
mod request;
mod result_export;
mod room;
mod runner;
mod samples;
mod settings;
mod shared;
mod slices;
mod tasks;
mod template_check;
mod train;
mod transfer;
mod uses;
mod view;
mod watch;

pub use batch::BrickValues;
pub use checkpoint_file::{CheckpointFile, CheckpointFileError, read_checkpoint};
pub use data::Preview;
pub use details::{BrickDetails, BrickRole, ClusterView};
pub use direct::DirectSession;
pub use doctor::{Examination, Finding, Severity, Subject, examine};
pub use engine::Engine;
pub use error::EngineError;
pub use explain::Explained;
pub use host::{Host, HostKind};
pub use notes::ValidationReport;
pub use numbers::EngineNumbers;
pub use options::TaskOptions;
pub use outputs::{OutputBrick, Outputs};
pub use predict::Prediction;
pub use recent::Lately;
pub use result_export::ResultExport;
pub use settings::EngineSettings;
pub use tasks::SubmitTask;
pub use template_check::CheckedTemplate;
pub use transfer::CheckpointExport;
pub use view::TaskView;
pub use watch::TaskWatch;

/// What a template is made of, for who looks at a [`CheckedTemplate`].
pub use hanami_network::template;
