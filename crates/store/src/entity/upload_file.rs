//! Table `upload_files`: the files a dataset waits for; its rows end when the dataset is ready.

use sea_orm::entity::prelude::*;

use super::display_as_stored;

/// One file of a dataset that is being uploaded.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload_files")]
pub struct Model {
    /// Its uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub uuid: Uuid,
    /// The dataset it is part of.
    pub dataset_uuid: Uuid,
    /// Which part.
    pub role: FileRole,
    /// Its declared size in bytes.
    pub size: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Which part of a dataset a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum FileRole {
    /// The inputs, or the whole table.
    Input,
    /// The labels.
    Label,
}
display_as_stored!(FileRole);
