//! Table `tasks`.

use sea_orm::entity::prelude::*;

use super::display_as_stored;

/// A task: one piece of work in the queue of one cluster.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    /// Its place in the order of all tasks ever accepted; never used twice.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// Its uuid.
    pub uuid: Uuid,
    /// Its name; not unique.
    pub name: String,
    /// The cluster whose queue it is in.
    pub cluster_uuid: Uuid,
    /// What it works on: the dataset that it reads, or the checkpoint that it saves or loads. An
    /// ended task may outlive it.
    pub subject_uuid: Uuid,
    /// The user that made it.
    pub owner_id: String,
    /// The project it was made in.
    pub project_id: String,
    /// What it does.
    pub kind: TaskKind,
    /// What was asked of it besides, as the engine wrote it; `None` where nothing was.
    pub options: Option<String>,
    /// How far it is.
    pub state: TaskState,
    /// Steps of it that the cluster's snapshot contains.
    pub position: i64,
    /// Steps it consists of.
    pub total: i64,
    /// Bytes that its result will take, kept free for it in its project as long as it is open.
    pub result_bytes: i64,
    /// Share of the samples that were answered right, in percent, once known.
    pub accuracy: Option<f64>,
    /// What the engine keeps of its progress besides, as the engine wrote it.
    pub notes: Option<String>,
    /// Why it failed; an `aborted` task without it was stopped by a user.
    pub error: Option<String>,
    /// When it was accepted.
    pub queued_at: TimeDateTimeWithTimeZone,
    /// When it first ran.
    pub started_at: Option<TimeDateTimeWithTimeZone>,
    /// When it ended.
    pub ended_at: Option<TimeDateTimeWithTimeZone>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum TaskKind {
    /// Learn every row of the dataset.
    Train,
    /// Answer every row of the dataset; makes a request result.
    Request,
    /// Save the cluster's network; makes a checkpoint.
    Save,
    /// Put the network of a checkpoint in the place of the cluster's.
    Load,
}
display_as_stored!(TaskKind);

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum TaskState {
    /// Waiting for its turn.
    Queued,
    /// Running, or interrupted and about to go on.
    Active,
    /// Ended before its end, by a user or by an error.
    Aborted,
    /// Done.
    Finished,
}
display_as_stored!(TaskState);
