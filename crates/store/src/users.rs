//! Users, projects, and who is in which. Only admins manage them, which the server checks; no
//! [`crate::Access`] is needed to look one up, since logging in comes before having one.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    SqlErr,
};

use crate::entity::{membership, project, user};
use crate::error::StoreError;
use crate::store::{Store, now};

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

/// What a project is made of.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// The id; unique.
    pub id: String,
    /// The project's name.
    pub name: String,
    /// The user that creates it.
    pub creator_id: String,
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
    /// [`StoreError::Conflict`] if the id is taken.
    pub async fn create_user(&self, new: NewUser) -> Result<user::Model, StoreError> {
        let taken = format!("there is already a user '{}': choose another id", new.id);
        let row = user::ActiveModel {
            id: Set(new.id),
            name: Set(new.name),
            password_hash: Set(new.password_hash),
            is_admin: Set(new.is_admin),
            creator_id: Set(new.creator_id),
            created_at: Set(now()),
        };
        let txn = self.begin().await?;
        let user = row.insert(&txn).await.map_err(|error| conflict_if_taken(error, taken))?;
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

    /// Creates a project.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if the id is taken.
    pub async fn create_project(&self, new: NewProject) -> Result<project::Model, StoreError> {
        let taken = format!("there is already a project '{}': choose another id", new.id);
        let row = project::ActiveModel {
            id: Set(new.id),
            name: Set(new.name),
            creator_id: Set(new.creator_id),
            created_at: Set(now()),
        };
        let txn = self.begin().await?;
        let project = row.insert(&txn).await.map_err(|error| conflict_if_taken(error, taken))?;
        txn.commit().await?;
        Ok(project)
    }

    /// The project with this id.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn project(&self, id: &str) -> Result<Option<project::Model>, StoreError> {
        Ok(project::Entity::find_by_id(id.to_owned()).one(self.reader()).await?)
    }

    /// Puts a user in a project, or changes the user's role there.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such user or project.
    pub async fn assign(&self, membership: Membership) -> Result<(), StoreError> {
        use membership::Column;

        let Membership { user_id, project_id, role, is_project_admin } = membership;
        let txn = self.begin().await?;
        if user::Entity::find_by_id(user_id.clone()).one(&txn).await?.is_none() {
            return Err(StoreError::not_found("user", user_id));
        }
        if project::Entity::find_by_id(project_id.clone()).one(&txn).await?.is_none() {
            return Err(StoreError::not_found("project", project_id));
        }
        let row = membership::ActiveModel {
            user_id: Set(user_id),
            project_id: Set(project_id),
            role: Set(role),
            is_project_admin: Set(is_project_admin),
            assigned_at: Set(now()),
        };
        let change_role = OnConflict::columns([Column::UserId, Column::ProjectId])
            .update_columns([Column::Role, Column::IsProjectAdmin])
            .to_owned();
        membership::Entity::insert(row).on_conflict(change_role).exec(&txn).await?;
        txn.commit().await?;
        Ok(())
    }

    /// The projects a user is in, in the order of assignment.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn memberships(&self, user_id: &str) -> Result<Vec<Membership>, StoreError> {
        let found = membership::Entity::find()
            .filter(membership::Column::UserId.eq(user_id))
            .order_by_asc(membership::Column::AssignedAt)
            .order_by_asc(membership::Column::ProjectId)
            .all(self.reader())
            .await?;
        Ok(found.into_iter().map(Membership::from).collect())
    }
}

impl From<membership::Model> for Membership {
    fn from(row: membership::Model) -> Self {
        let membership::Model { user_id, project_id, role, is_project_admin, assigned_at: _ } = row;
        Self { user_id, project_id, role, is_project_admin }
    }
}

fn conflict_if_taken(error: DbErr, message: String) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Conflict { message },
        _ => error.into(),
    }
}
