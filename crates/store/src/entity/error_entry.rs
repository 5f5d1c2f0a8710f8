//! Table `error_log`.

use sea_orm::entity::prelude::*;

/// A fault of the server's own that a request, a connection or a task met.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "error_log")]
pub struct Model {
    /// The place in the log.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// When it happened.
    pub timestamp: TimeDateTimeWithTimeZone,
    /// The user who asked, or `-` if that is not known.
    pub user_id: String,
    /// Where it happened: method and path, the target of a websocket, or the kind of a task.
    pub component: String,
    /// The id of the request, the connection or the task.
    pub context: String,
    /// What was asked with, without secrets.
    pub input_values: String,
    /// The cause.
    pub message: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
