//! Table `quotas`: what a project may hold, where that is not the server's default.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quotas")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) project_id: String,
    pub(crate) dataset_bytes: Option<i64>,
    pub(crate) checkpoint_bytes: Option<i64>,
    pub(crate) cluster_bytes: Option<i64>,
    pub(crate) clusters: Option<i64>,
    pub(crate) open_tasks: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
