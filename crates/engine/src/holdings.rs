//! The part of the engine's face that deletes users and projects, if need be with all they own.
//!
//! What is owned goes piece by piece, files with their rows, and the user or project goes last: a
//! deletion that was interrupted is finished by repeating it.

use hanami_store::{Access, Holder, StoreError, Uuid};

use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// Deletes a user; with `force`, also all they own, for which running tasks are stopped.
    /// `access` is that of a global admin.
    ///
    /// # Errors
    /// Not found; a conflict for the last admin, and when the user owns something: with `force`,
    /// something that was added meanwhile.
    pub async fn delete_user(
        &self,
        access: &Access,
        id: &str,
        force: bool,
    ) -> Result<(), EngineError> {
        if force {
            self.shared.store.expel_user(id).await?;
            self.delete_holdings(access, Holder::User(id)).await?;
        }
        Ok(self.shared.store.delete_user(id).await?)
    }

    /// Deletes a project; with `force`, also all that belongs to it, for which running tasks are
    /// stopped. `access` is that of a global admin.
    ///
    /// # Errors
    /// Not found; a conflict when something belongs to it: with `force`, something that was added
    /// meanwhile.
    pub async fn delete_project(
        &self,
        access: &Access,
        id: &str,
        force: bool,
    ) -> Result<(), EngineError> {
        if force {
            self.shared.store.expel_members(id).await?;
            self.delete_holdings(access, Holder::Project(id)).await?;
        }
        Ok(self.shared.store.delete_project(id).await?)
    }

    /// Deletes everything that `holder` owns. Tasks go before what they make and what they read.
    async fn delete_holdings(
        &self,
        access: &Access,
        holder: Holder<'_>,
    ) -> Result<(), EngineError> {
        let store = &self.shared.store;
        for cluster in store.holdings(holder).await?.clusters {
            unless_gone(self.delete_cluster(access, cluster).await)?;
        }
        // What is left of their tasks is in the queues of others.
        for (cluster, task) in store.holdings(holder).await?.tasks {
            unless_gone(self.remove_task(access, cluster, task).await)?;
        }
        let holdings = store.holdings(holder).await?;
        for dataset in holdings.datasets {
            unless_gone(store.delete_dataset(access, dataset).await.map_err(EngineError::from))?;
        }
        for checkpoint in holdings.checkpoints {
            let deleted = store.delete_checkpoint(access, checkpoint).await;
            unless_gone(deleted.map_err(EngineError::from))?;
        }
        for result in holdings.results {
            unless_gone(store.delete_result(access, result).await.map_err(EngineError::from))?;
        }
        Ok(())
    }

    /// Deletes a task, also one that runs.
    async fn remove_task(
        &self,
        access: &Access,
        cluster: Uuid,
        task: Uuid,
    ) -> Result<(), EngineError> {
        // The first only aborts a task that runs.
        self.delete_task(access, cluster, task).await?;
        self.delete_task(access, cluster, task).await
    }
}

/// Somebody else may have deleted it first.
fn unless_gone(deleted: Result<(), EngineError>) -> Result<(), EngineError> {
    match deleted {
        Err(EngineError::Store(StoreError::NotFound { .. })) => Ok(()),
        other => other,
    }
}
