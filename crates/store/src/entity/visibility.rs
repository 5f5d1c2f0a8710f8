//! Who, besides its owner, may see a resource.

use sea_orm::entity::prelude::*;

use super::display_as_stored;

/// Who, besides its owner and the admins, may see a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Visibility {
    /// Nobody.
    #[default]
    Private,
    /// Everybody in its project.
    Shared,
    /// Everybody.
    Public,
}
display_as_stored!(Visibility);
