//! Table `projects`.

use sea_orm::entity::prelude::*;

/// A project: what its members make in it is kept apart from other projects.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    /// The project's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The project's name.
    pub name: String,
    /// The user that created the project.
    pub creator_id: String,
    /// When the project was created.
    pub created_at: TimeDateTimeWithTimeZone,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
