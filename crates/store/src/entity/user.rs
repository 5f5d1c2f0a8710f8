//! Table `users`.

use sea_orm::entity::prelude::*;

/// A user.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// The id the user logs in with.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The user's name.
    pub name: String,
    /// The hash of the password, in PHC string format.
    pub password_hash: String,
    /// How often the password was changed, or the user became or ceased to be an admin.
    pub password_version: i64,
    /// Whether the user administrates the whole server.
    pub is_admin: bool,
    /// The user that created this one.
    pub creator_id: String,
    /// When the user was created.
    pub created_at: TimeDateTimeWithTimeZone,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

// Not derived: a password hash has no place in a log.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("is_admin", &self.is_admin)
            .field("creator_id", &self.creator_id)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}
