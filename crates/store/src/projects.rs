//! Projects. Only admins manage them, which the server checks.

use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter,
    QueryOrder,
};

use crate::entity::{membership, project};
use crate::error::StoreError;
use crate::holdings::{self, Holder};
use crate::store::Store;
use crate::users::conflict_if_taken;

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

impl Store {
    /// Creates a project.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if the id is taken, or resources of a former project with this id
    /// are left, which the new one must not get.
    pub async fn create_project(&self, new: NewProject) -> Result<project::Model, StoreError> {
        let taken = format!("there is already a project '{}': choose another id", new.id);
        let row = project::ActiveModel {
            id: Set(new.id),
            name: Set(new.name),
            creator_id: Set(new.creator_id),
            created_at: Set(self.now()),
        };
        let txn = self.begin("create project").await?;
        let project = row.insert(&txn).await.map_err(|error| conflict_if_taken(error, taken))?;
        // A request that was under way when a project was deleted may have left something.
        holdings::refuse_any(&txn, Holder::Project(&project.id)).await?;
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

    /// All projects, oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn projects(&self) -> Result<Vec<project::Model>, StoreError> {
        let oldest_first = project::Entity::find()
            .order_by_asc(project::Column::CreatedAt)
            .order_by_asc(project::Column::Id);
        Ok(oldest_first.all(self.reader()).await?)
    }

    /// Takes everyone out of a project that is about to be deleted with all that belongs to it, so
    /// that they make nothing more there.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none.
    pub async fn expel_members(&self, id: &str) -> Result<(), StoreError> {
        let txn = self.begin_deletion("expel members").await?;
        find(&txn, id).await?;
        let members = membership::Column::ProjectId.eq(id);
        membership::Entity::delete_many().filter(members).exec(&txn).await?;
        txn.commit().await
    }

    /// Deletes a project, and with it the memberships in it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none, [`StoreError::Conflict`] while resources belong
    /// to it.
    pub async fn delete_project(&self, id: &str) -> Result<(), StoreError> {
        let txn = self.begin_deletion("delete project").await?;
        let project = find(&txn, id).await?;
        holdings::refuse_any(&txn, Holder::Project(id)).await?;
        project.delete(&txn).await?;
        txn.commit().await
    }
}

pub(crate) async fn find(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<project::Model, StoreError> {
    let found = project::Entity::find_by_id(id.to_owned()).one(db).await?;
    found.ok_or_else(|| StoreError::not_found("project", id))
}
