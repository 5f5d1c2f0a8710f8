//! Table `checkpoints`.

use sea_orm::entity::prelude::*;

use super::visibility::Visibility;
use crate::access::owned;

/// A network as it was when it was saved, apart from the cluster it was saved from.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkpoints")]
pub struct Model {
    /// The uuid of the task that saved it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub uuid: Uuid,
    /// Its name; not unique.
    pub name: String,
    /// The user it belongs to.
    pub owner_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// The template its network was made from.
    pub template: String,
    /// Steps its network had learned.
    pub steps: i64,
    /// The id of the blob with its network.
    pub blob: Uuid,
    /// Size of the blob in bytes.
    pub bytes: i64,
    /// When it was saved.
    pub created_at: TimeDateTimeWithTimeZone,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
owned!("checkpoint");
