//! Table `audit_log`.

use sea_orm::entity::prelude::*;

/// A request that may have changed something, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    /// The place in the log.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// When the request was answered.
    pub timestamp: TimeDateTimeWithTimeZone,
    /// The user who asked.
    pub user_id: String,
    /// What was asked, e.g. `v1/cluster`.
    pub endpoint: String,
    /// The method, e.g. `POST`.
    pub request_type: String,
    /// The status of the answer, e.g. 200.
    pub status: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
