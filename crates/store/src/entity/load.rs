//! Table `loads`.

use sea_orm::entity::prelude::*;

/// What an open load task brings into its cluster. It is the task's own, so that the checkpoint
/// may be deleted meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "loads")]
pub(crate) struct Model {
    /// The task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) task_uuid: Uuid,
    /// The template of the network.
    pub(crate) template: String,
    /// Steps the network has learned.
    pub(crate) steps: i64,
    /// The id of the snapshot with the network.
    pub(crate) snapshot: Uuid,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(
        belongs_to = "super::task::Entity",
        from = "Column::TaskUuid",
        to = "super::task::Column::Uuid"
    )]
    Task,
}

impl ActiveModelBehavior for ActiveModel {}
