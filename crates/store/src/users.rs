//! Users, and which projects they are in. Only admins manage them, which the server checks; no
//! [`crate::Access`] is needed to look one up, since logging in comes before having one.

use std::collections::HashMap;

use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ModelTrait, PaginatorTrait,
    QueryFilter, QueryOrder, Select, SqlErr,
};

use crate::entity::{membership, user};
use crate::error::StoreError;
use crate::holdings::{self, Holder};
use crate::projects;
use crate::store::Store;

/// What a user is made of.
#[derive(Clone)]
pub struct NewUser {
    /// The id to log in with; unique.
    pub id: String,
    /// The user's name.
    pub name: String,
    /// The hash of the password, in PHC string format.
    pub password_hash: String,
    /// Whether the user administrates the whole server.
    pub is_admin: bool,
    /// The user that creates this one.
    pub creator_id: String,
}

/// What is to be changed of a user; nothing where there is `None`.
#[derive(Clone, Default)]
pub struct UserChange {
    /// A new name.
    pub name: Option<String>,
    /// The hash of a new password, in PHC string format.
    pub password_hash: Option<String>,
    /// Whether the user administrates the whole server.
    pub is_admin: Option<bool>,
}

/// A user's place in a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The user.
    pub user_id: String,
    /// The project.
    pub project_id: String,
    /// The user's role there, which the policy knows.
    pub role: String,
    /// Whether the user administrates the project.
    pub is_project_admin: bool,
}

impl Store {
    /// Whether there is any user yet.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        Ok(user::Entity::find().count(self.reader()).await? > 0)
    }

    /// Creates a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if the id is taken, or resources of a former user with this id are
    /// left, which the new one must not get.
    pub async fn create_user(&self, new: NewUser) -> Result<user::Model, StoreError> {
        let taken = format!("there is already a user '{}': choose another id", new.id);
        let row = user::ActiveModel {
            id: Set(new.id),
            name: Set(new.name),
            password_hash: Set(new.password_hash),
            password_version: Set(0),
            is_admin: Set(new.is_admin),
            creator_id: Set(new.creator_id),
            created_at: Set(self.now()),
        };
        let txn = self.begin("create user").await?;
        let user = row.insert(&txn).await.map_err(|error| conflict_if_taken(error, taken))?;
        // A request that was under way when a user was deleted may have left something.
        holdings::refuse_any(&txn, Holder::User(&user.id)).await?;
        txn.commit().await?;
        Ok(user)
    }

    /// The user with this id.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn user(&self, id: &str) -> Result<Option<user::Model>, StoreError> {
        Ok(user::Entity::find_by_id(id.to_owned()).one(self.reader()).await?)
    }

    /// All users with the projects they are in, oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn users(&self) -> Result<Vec<(user::Model, Vec<Membership>)>, StoreError> {
        let oldest_first = user::Entity::find()
            .order_by_asc(user::Column::CreatedAt)
            .order_by_asc(user::Column::Id);
        let users = oldest_first.all(self.reader()).await?;
        let mut places: HashMap<String, Vec<Membership>> = HashMap::new();
        for place in in_order().all(self.reader()).await? {
            places.entry(place.user_id.clone()).or_default().push(place.into());
        }
        let with_places = |user: user::Model| {
            let places = places.remove(&user.id).unwrap_or_default();
            (user, places)
        };
        Ok(users.into_iter().map(with_places).collect())
    }

    /// Deletes a user, and with them their memberships.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none, [`StoreError::Conflict`] for the last admin, and
    /// while the user owns resources.
    pub async fn delete_user(&self, id: &str) -> Result<(), StoreError> {
        let txn = self.begin_deletion("delete user").await?;
        let user = find(&txn, id).await?;
        refuse_last_admin(&txn, &user).await?;
        holdings::refuse_any(&txn, Holder::User(id)).await?;
        user.delete(&txn).await?;
        txn.commit().await
    }

    /// Changes a user. A new password ends all tokens that were made with the old one.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none, [`StoreError::Conflict`] if the last admin is not
    /// to be one any more.
    pub async fn change_user(
        &self,
        id: &str,
        change: UserChange,
    ) -> Result<user::Model, StoreError> {
        let UserChange { name, password_hash, is_admin } = change;
        let txn = self.begin("change user").await?;
        let user = find(&txn, id).await?;
        if is_admin == Some(false) {
            refuse_last_admin(&txn, &user).await?;
        }
        // What ends the user's tokens, also if it is taken back before they expire.
        let ends_tokens = password_hash.is_some() || is_admin.is_some_and(|is| is != user.is_admin);
        let version = user.password_version + i64::from(ends_tokens);
        let row = user::ActiveModel {
            id: Unchanged(user.id),
            name: Set(name.unwrap_or(user.name)),
            password_hash: Set(password_hash.unwrap_or(user.password_hash)),
            password_version: Set(version),
            is_admin: Set(is_admin.unwrap_or(user.is_admin)),
            ..Default::default()
        };
        let user = row.update(&txn).await?;
        txn.commit().await?;
        Ok(user)
    }

    /// Takes a user who is about to be deleted with all they own out of all projects, so that they
    /// make nothing more.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none, [`StoreError::Conflict`] for the last admin.
    pub async fn expel_user(&self, id: &str) -> Result<(), StoreError> {
        let txn = self.begin_deletion("expel user").await?;
        let user = find(&txn, id).await?;
        refuse_last_admin(&txn, &user).await?;
        let theirs = membership::Entity::delete_many().filter(membership::Column::UserId.eq(id));
        theirs.exec(&txn).await?;
        txn.commit().await
    }

    /// Puts a user in a project, or changes the user's role there.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such user or project.
    pub async fn assign(&self, membership: Membership) -> Result<(), StoreError> {
        use membership::Column;

        let Membership { user_id, project_id, role, is_project_admin } = membership;
        let txn = self.begin("assign").await?;
        find(&txn, &user_id).await?;
        projects::find(&txn, &project_id).await?;
        let row = membership::ActiveModel {
            user_id: Set(user_id),
            project_id: Set(project_id),
            role: Set(role),
            is_project_admin: Set(is_project_admin),
            assigned_at: Set(self.now()),
        };
        let change_role = OnConflict::columns([Column::UserId, Column::ProjectId])
            .update_columns([Column::Role, Column::IsProjectAdmin])
            .to_owned();
        membership::Entity::insert(row).on_conflict(change_role).exec(&txn).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Takes a user out of a project. What the user owns there stays.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such user, or the user is not in the project.
    pub async fn unassign(&self, user_id: &str, project_id: &str) -> Result<(), StoreError> {
        let txn = self.begin_deletion("unassign").await?;
        find(&txn, user_id).await?;
        let key = (user_id.to_owned(), project_id.to_owned());
        let deleted = membership::Entity::delete_by_id(key).exec(&txn).await?;
        if deleted.rows_affected == 0 {
            let place = format!("{user_id} in {project_id}");
            return Err(StoreError::not_found("membership", place));
        }
        txn.commit().await
    }

    /// The projects a user is in, in the order of assignment.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn memberships(&self, user_id: &str) -> Result<Vec<Membership>, StoreError> {
        let theirs = in_order().filter(membership::Column::UserId.eq(user_id));
        let found = theirs.all(self.reader()).await?;
        Ok(found.into_iter().map(Membership::from).collect())
    }
}

impl From<membership::Model> for Membership {
    fn from(row: membership::Model) -> Self {
        let membership::Model { user_id, project_id, role, is_project_admin, assigned_at: _ } = row;
        Self { user_id, project_id, role, is_project_admin }
    }
}

async fn find(db: &impl ConnectionTrait, id: &str) -> Result<user::Model, StoreError> {
    let found = user::Entity::find_by_id(id.to_owned()).one(db).await?;
    found.ok_or_else(|| StoreError::not_found("user", id))
}

/// Refuses to go on with the only admin there is.
async fn refuse_last_admin(
    db: &impl ConnectionTrait,
    user: &user::Model,
) -> Result<(), StoreError> {
    let admins = user::Entity::find().filter(user::Column::IsAdmin.eq(true));
    if user.is_admin && admins.count(db).await? == 1 {
        let id = &user.id;
        let message = format!("the user '{id}' is the last admin: make another one first");
        return Err(StoreError::Conflict { message });
    }
    Ok(())
}

/// All memberships, each user's in the order of assignment.
fn in_order() -> Select<membership::Entity> {
    membership::Entity::find()
        .order_by_asc(membership::Column::AssignedAt)
        .order_by_asc(membership::Column::ProjectId)
}

/// The error of an insert: a conflict, told with `message`, if the id was taken.
pub(crate) fn conflict_if_taken(error: DbErr, message: String) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Conflict { message },
        _ => error.into(),
    }
}
