//! Table `clusters`.

use sea_orm::entity::prelude::*;

use super::display_as_stored;
use super::visibility::Visibility;
use crate::access::owned;

/// A cluster: a network, its queue of tasks and the state it was last saved in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clusters")]
pub struct Model {
    /// Its uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub uuid: Uuid,
    /// Its name; unique among what its owner sees.
    pub name: String,
    /// The user it belongs to.
    pub owner_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// The template it was made from; `None` for an empty cluster.
    pub template: Option<String>,
    /// Whether it works through its queue or follows a live connection.
    pub mode: ClusterMode,
    /// The id of its snapshot; `None` for an empty cluster. Every snapshot has a new id.
    pub snapshot: Option<Uuid>,
    /// Steps its network had learned at the snapshot.
    pub steps: i64,
    /// Size of its snapshot in bytes; 0 for an empty cluster.
    pub bytes: i64,
    /// When it was created.
    pub created_at: TimeDateTimeWithTimeZone,
    /// When it last learned or answered, as of the last [`Store::save_uses`](crate::Store::save_uses).
    pub last_used_at: Option<TimeDateTimeWithTimeZone>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
owned!("cluster");

/// Where a cluster takes its work from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum ClusterMode {
    /// From its queue of tasks.
    Task,
    /// From a live connection, one sample at a time.
    Direct,
}
display_as_stored!(ClusterMode);
