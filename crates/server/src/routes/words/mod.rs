//! From the rows of the store to the words of the interface.

mod cluster;
mod dataset;
mod result;
mod task;
mod template;

use std::path::Path;

use hanami_api::project::Project;
use hanami_api::user::{Membership, User};
use hanami_api::{ChangeResource, ErrorCode, Uuid, Visibility};
use hanami_store::OffsetDateTime;

use crate::error::ApiError;
use crate::settings::Settings;

pub(super) use cluster::*;
pub(super) use dataset::*;
pub(super) use result::*;
pub(super) use task::*;
pub(super) use template::*;

/// The columns of a list of resources that have an owner.
pub(super) const OWNED: [&str; 5] = ["uuid", "project_id", "owner_id", "visibility", "name"];

/// Where the server keeps a file, relative to its data directory.
pub(super) fn location(settings: &Settings, path: &Path) -> String {
    path.strip_prefix(&settings.data_dir).unwrap_or(path).display().to_string()
}

/// The text of a point in time, or `-` where it has not been reached yet.
pub(super) fn timestamp(time: Option<OffsetDateTime>) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    // Writing these parts to a text can't fail.
    time.and_then(|time| time.format(format).ok()).unwrap_or_else(|| "-".to_owned())
}

pub(super) fn visibility(stored: hanami_store::Visibility) -> Visibility {
    match stored {
        hanami_store::Visibility::Private => Visibility::Private,
        hanami_store::Visibility::Shared => Visibility::Shared,
        hanami_store::Visibility::Public => Visibility::Public,
    }
}

pub(super) fn stored_visibility(visibility: Visibility) -> hanami_store::Visibility {
    match visibility {
        Visibility::Private => hanami_store::Visibility::Private,
        Visibility::Shared => hanami_store::Visibility::Shared,
        Visibility::Public => hanami_store::Visibility::Public,
    }
}

/// What is to be changed of which resource; a body that changes nothing is refused.
pub(super) fn change(body: ChangeResource) -> Result<(Uuid, hanami_store::Change), ApiError> {
    let ChangeResource { uuid, name, visibility } = body;
    if name.is_none() && visibility.is_none() {
        let detail = "the request body is not valid: it changes nothing; send `name`, \
                      `visibility` or both";
        return Err(ApiError::new(ErrorCode::InvalidBody, detail));
    }
    let name = name.map(String::from);
    let visibility = visibility.map(stored_visibility);
    Ok((uuid, hanami_store::Change { name, visibility }))
}

pub(super) fn project(stored: hanami_store::Project) -> Project {
    Project { id: stored.id, name: stored.name, creator_id: stored.creator_id }
}

pub(super) fn user(stored: hanami_store::User, places: Vec<hanami_store::Membership>) -> User {
    let membership = |place: hanami_store::Membership| Membership {
        project_id: place.project_id,
        role: place.role,
        is_project_admin: place.is_project_admin,
    };
    User {
        id: stored.id,
        name: stored.name,
        is_admin: stored.is_admin,
        creator_id: stored.creator_id,
        projects: places.into_iter().map(membership).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_is_written_to_the_second() {
        let time = time::macros::datetime!(2026-01-02 03:04:05.678 UTC);
        assert_eq!(timestamp(Some(time)), "2026-01-02 03:04:05");
        assert_eq!(timestamp(None), "-");
    }
}
