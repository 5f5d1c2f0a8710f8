//! Everything durable in Hanami: metadata in a database, large data in files beside it.
//!
//! [`Store::open`] takes a data directory for itself. All methods keep one promise:
//! **acknowledged means durable**. What a method has reported as done survives a crash or a power
//! loss right after; what was interrupted before is either not there at all or swept away by the
//! next open.
//!
//! ```text
//! <data directory>/          mode 0700
//!     lock                   held exclusively by the server or the restore that uses the directory
//!     backup.lock            held exclusively by a backup that runs
//!     kept/                  files that a backup still needs, though no row refers to them any more
//!     hanami.db              SQLite, write-ahead log, every commit synced
//!     reserve                bytes that are kept for deletions on a full disk
//!     blobs/datasets/        finished datasets, `<dataset uuid>`
//!     blobs/snapshots/       cluster snapshots, `<blob id>`
//!     blobs/checkpoints/     networks of checkpoints, `<blob id>`
//!     blobs/results/         values and outputs of request results, `<blob id>`
//!     uploads/               arriving files, `<file uuid>` and `<file uuid>.ranges`; `<id>.scratch`
//!     journals/              direct-mode training, `<cluster uuid>.<snapshot id>`
//! ```
//!
//! A row and its blob become visible together: the blob is written first, under a fresh id that
//! nothing refers to, then one transaction points the row at it, then the old blob is removed.
//!
//! Who sees what is decided in one place, [`Access`]: every query on something that has an owner
//! takes one. The engine's own methods, which act on behalf of work that was accepted before,
//! take none and say so.

mod access;
mod archive;
mod backup;
mod blobs;
mod changes;
mod checkpoints;
mod clusters;
mod database_copy;
mod datasets;
mod doubts;
mod entity;
mod error;
mod files;
mod hold;
mod holdings;
mod inspection;
mod journal;
mod kept;
mod layout;
mod loads;
mod logs;
mod measure;
mod migration;
mod placing;
mod projects;
mod quota;
mod references;
mod reserve;
mod restore;
mod results;
mod scratch;
mod settings;
mod store;
mod sweep;
mod tasks;
mod totals;
mod transaction;
mod upload;
mod uploads;
mod users;

pub use access::{Access, Listed, Scope};
pub use backup::{Backup, BackupError, backup};
pub use blobs::BlobReader;
pub use changes::Change;
pub use checkpoints::NewCheckpoint;
pub use clusters::Progress;
pub use datasets::NewDataset;
pub use entity::audit_entry::Model as AuditEntry;
pub use entity::checkpoint::Model as Checkpoint;
pub use entity::cluster::{ClusterMode, Model as Cluster};
pub use entity::dataset::{DatasetKind, DatasetState, Model as Dataset};
pub use entity::error_entry::Model as ErrorEntry;
pub use entity::project::Model as Project;
pub use entity::request_result::Model as RequestResult;
pub use entity::task::{Model as Task, TaskKind, TaskState};
pub use entity::upload_file::{FileRole, Model as UploadFile};
pub use entity::user::Model as User;
pub use entity::visibility::Visibility;
pub use error::StoreError;
pub use holdings::{Holder, Holdings};
pub use inspection::Inspection;
pub use journal::{Entries, Journal, MAX_ENTRY};
pub use kept::Kept;
pub use layout::Folder;
pub use logs::{LOG_PAGE_ROWS, NewAuditEntry, NewErrorEntry};
pub use projects::NewProject;
pub use quota::{Quotas, Resource};
pub use references::{Load, Owning, Reference};
pub use reserve::DiskRoom;
pub use restore::restore;
pub use results::{NewResult, result_size};
pub use scratch::Scratch;
pub use store::Store;
pub use sweep::SweepReport;
pub use tasks::{NewTask, Outcome, TaskDeletion};
pub use time::OffsetDateTime;
pub use totals::Totals;
pub use upload::{FileProgress, MAX_RANGES, Upload, UploadError};
pub use users::{Membership, NewUser, UserChange};
pub use uuid::Uuid;
