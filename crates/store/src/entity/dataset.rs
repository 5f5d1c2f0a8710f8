//! Table `datasets`.

use sea_orm::entity::prelude::*;

use super::display_as_stored;
use super::visibility::Visibility;
use crate::access::owned;

/// A dataset. Its data is the file [`crate::Store::dataset_path`] once it is ready.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "datasets")]
pub struct Model {
    /// Its uuid.
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
    /// The format it was uploaded in.
    pub kind: DatasetKind,
    /// Whether its data is there.
    pub state: DatasetState,
    /// Input values per row; 0 until ready.
    pub inputs: i64,
    /// Output values per row; 0 until ready.
    pub outputs: i64,
    /// Rows; 0 until ready.
    pub lines: i64,
    /// Size in bytes: that of its file, or until ready those declared for its uploads.
    pub bytes: i64,
    /// When it was created.
    pub created_at: TimeDateTimeWithTimeZone,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
owned!("dataset");

/// The format of a dataset's upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum DatasetKind {
    /// Two IDX files, images and labels.
    Mnist,
    /// One comma-separated table.
    Csv,
}
display_as_stored!(DatasetKind);

/// How far a dataset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum DatasetState {
    /// Its files are arriving.
    Uploading,
    /// Its data is complete and can be used.
    Ready,
}
display_as_stored!(DatasetState);
