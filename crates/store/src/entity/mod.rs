//! The rows of the database, one file per table. The schema itself is in `migration`.

pub(crate) mod audit_entry;
pub(crate) mod checkpoint;
pub(crate) mod cluster;
pub(crate) mod dataset;
pub(crate) mod error_entry;
pub(crate) mod load;
pub(crate) mod membership;
pub(crate) mod project;
pub(crate) mod quota;
pub(crate) mod request_result;
pub(crate) mod setting;
pub(crate) mod task;
pub(crate) mod upload_file;
pub(crate) mod user;
pub(crate) mod visibility;

/// Displays an enum as the text its column holds, which is also the text of the interface.
macro_rules! display_as_stored {
    ($name:ty) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&sea_orm::ActiveEnum::to_value(self))
            }
        }
    };
}
pub(crate) use display_as_stored;
