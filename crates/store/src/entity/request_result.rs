//! Table `request_results`; the values themselves are in a blob.

use sea_orm::entity::prelude::*;

use super::dataset::DatasetKind;
use super::visibility::Visibility;
use crate::access::owned;

/// What a request task found. It has the task's uuid and name, and outlives task and cluster.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_results")]
pub struct Model {
    /// The uuid of the task that made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub uuid: Uuid,
    /// The name of the task that made it.
    pub name: String,
    /// The user it belongs to.
    pub owner_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// The kind of the dataset that was asked about; tells what the values mean.
    pub dataset_kind: DatasetKind,
    /// The column of the dataset that the values answer, if it is a table.
    pub column: Option<String>,
    /// The id of the blob that holds its values.
    pub blob: Uuid,
    /// The id of the blob that holds all output values of each row, if they were asked for.
    pub outputs_blob: Option<Uuid>,
    /// Bytes of its files.
    pub bytes: i64,
    /// When it was made.
    pub created_at: TimeDateTimeWithTimeZone,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
owned!("request result");
