//! Changes of what is the same for all kinds of resources: their names and who sees them.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use uuid::Uuid;

use crate::access::{Access, Owned};
use crate::clusters;
use crate::entity::visibility::Visibility;
use crate::entity::{checkpoint, cluster, dataset, request_result};
use crate::error::StoreError;
use crate::store::Store;

/// What is to be changed of a resource; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Its new name.
    pub name: Option<String>,
    /// Who else may see and use it from now on.
    pub visibility: Option<Visibility>,
}

impl Store {
    /// Changes name or visibility of a cluster.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed,
    /// [`StoreError::Conflict`] if another cluster that is to be seen has the name.
    pub async fn change_cluster(
        &self,
        access: &Access,
        uuid: Uuid,
        change: Change,
    ) -> Result<cluster::Model, StoreError> {
        let txn = self.begin("change cluster").await?;
        access.change::<cluster::Entity>(&txn, uuid).await?;
        if let Some(name) = &change.name {
            clusters::refuse_taken_name(access, &txn, name, Some(uuid)).await?;
        }
        let cluster = apply::<cluster::Entity>(access, &txn, uuid, change).await?;
        txn.commit().await?;
        Ok(cluster)
    }

    /// Changes name or visibility of a dataset. Tasks that were accepted before go on with it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn change_dataset(
        &self,
        access: &Access,
        uuid: Uuid,
        change: Change,
    ) -> Result<dataset::Model, StoreError> {
        self.change::<dataset::Entity>(access, uuid, change).await
    }

    /// Changes name or visibility of a checkpoint.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn change_checkpoint(
        &self,
        access: &Access,
        uuid: Uuid,
        change: Change,
    ) -> Result<checkpoint::Model, StoreError> {
        self.change::<checkpoint::Entity>(access, uuid, change).await
    }

    /// Changes name or visibility of a request result.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn change_result(
        &self,
        access: &Access,
        uuid: Uuid,
        change: Change,
    ) -> Result<request_result::Model, StoreError> {
        self.change::<request_result::Entity>(access, uuid, change).await
    }

    async fn change<E: Owned>(
        &self,
        access: &Access,
        uuid: Uuid,
        change: Change,
    ) -> Result<E::Model, StoreError>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: Send,
    {
        let txn = self.begin("change what is shared").await?;
        let changed = apply::<E>(access, &txn, uuid, change).await?;
        txn.commit().await?;
        Ok(changed)
    }
}

async fn apply<E: Owned>(
    access: &Access,
    db: &impl ConnectionTrait,
    uuid: Uuid,
    change: Change,
) -> Result<E::Model, StoreError>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let mut row = access.change::<E>(db, uuid).await?.into_active_model();
    if let Some(name) = change.name {
        row.set(E::NAME, name.into());
    }
    if let Some(visibility) = change.visibility {
        row.set(E::VISIBILITY, visibility.into());
    }
    Ok(row.update(db).await?)
}
