//! The engine's face: what the server asks of it.
//!
//! Whoever begins one of these calls has to see it to its end: dropped halfway, a change could be
//! made in the store and not in memory. The server runs every request in a task that nobody
//! cancels.

use std::sync::Arc;
use std::time::Duration;

use hanami_dataset::{Score, score};
use hanami_network::Network;
use hanami_network::template::Template;
use hanami_store::{Access, Cluster, ClusterMode, Dataset, Resource, Store, StoreError, Uuid};

use crate::direct::DirectSession;
use crate::error::EngineError;
use crate::expiry;
use crate::host::{Host, blocking};
use crate::ingest;
use crate::queue::call_runner;
use crate::room::keep_room;
use crate::settings::EngineSettings;
use crate::shared::Shared;
use crate::uses::{keep_uses, save_uses};

/// How long a stop waits for the times of last use to be written.
const LAST_USES_PATIENCE: Duration = Duration::from_millis(400);

/// How long a stop waits for the tasks that run.
const STOP_PATIENCE: Duration = Duration::from_secs(4);

/// Runs clusters. Cheap to clone; all clones are one engine.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

impl Engine {
    /// Starts an engine on `store`, and goes on with the tasks that are open there.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn start(store: Store, settings: EngineSettings) -> Result<Self, EngineError> {
        let random = store.secret("host uuid", 16).await?;
        let random = random.try_into().map_err(|_| {
            EngineError::Fault("the uuid of the host in the store has a wrong length".to_owned())
        })?;
        let host = Host::cpu(uuid::Builder::from_random_bytes(random).into_uuid(), settings.cores)?;
        let shared = Arc::new(Shared::new(store, settings, host));
        shared.runners.spawn(keep_uses(shared.clone()));
        shared.runners.spawn(keep_room(shared.clone()));
        let expiring = shared.clone();
        shared.runners.spawn(async move { expiry::run(&expiring).await });
        for uuid in shared.store.clusters_with_open_tasks().await? {
            let cluster = shared.store.cluster_for_engine(uuid).await?;
            call_runner(&shared, &shared.cell(&cluster));
        }
        Ok(Self { shared })
    }

    /// Stops after the slices that run now. Tasks are saved as far as they are, and go on at the
    /// next start.
    pub async fn shutdown(&self) {
        self.shared.stop();
        self.shared.runners.close();
        let ended = tokio::time::timeout(STOP_PATIENCE, self.shared.runners.wait());
        if ended.await.is_err() {
            // Nothing is lost: what was acknowledged is durable already.
            tracing::warn!("some tasks did not stop in time; they go on from their last save");
        }
        // A database that does not answer is to hold up no stop.
        let _ = tokio::time::timeout(LAST_USES_PATIENCE, save_uses(&self.shared)).await;
    }

    /// The hosts that clusters compute on.
    #[must_use]
    pub fn hosts(&self) -> &[Host] {
        std::slice::from_ref(&self.shared.host)
    }

    /// Creates a cluster, empty or from the text of a template.
    ///
    /// # Errors
    /// [`EngineError::Template`] and [`EngineError::Build`] say what is wrong with the template; a
    /// conflict when the name is taken, or an exceeded quota of the project.
    pub async fn create_cluster(
        &self,
        access: &Access,
        name: &str,
        template: Option<&str>,
    ) -> Result<Cluster, EngineError> {
        let project = access.project_id();
        self.shared.store.require_room(project, Resource::Clusters, 1).await?;
        let snapshot = match template {
            Some(text) => {
                self.shared.store.require_room(project, Resource::ClusterBytes, 1).await?;
                let template = Template::parse(text)?;
                Some(blocking(move || Network::new(&template).map(|new| new.to_bytes())).await??)
            }
            None => None,
        };
        let template = template.map(str::to_owned);
        Ok(self.shared.store.create_cluster(access, name, template, snapshot).await?)
    }

    /// Deletes a cluster with its tasks. A running task is stopped first; results stay.
    ///
    /// # Errors
    /// Not found, or not the user's to delete.
    pub async fn delete_cluster(&self, access: &Access, uuid: Uuid) -> Result<(), EngineError> {
        let cluster = self.shared.store.cluster(access, uuid).await?;
        let cell = self.shared.cell(&cluster);
        cell.delete(self.shared.store.delete_cluster(access, uuid)).await?;
        self.shared.forget(uuid);
        Ok(())
    }

    /// Lets a cluster work from its queue, or from direct connections.
    ///
    /// # Errors
    /// A conflict while tasks are open.
    pub async fn set_mode(
        &self,
        access: &Access,
        uuid: Uuid,
        mode: ClusterMode,
    ) -> Result<Cluster, EngineError> {
        let cluster = self.shared.store.cluster(access, uuid).await?;
        let cell = self.shared.cell(&cluster);
        cell.change_mode(self.shared.store.set_cluster_mode(access, uuid, mode)).await
    }

    /// Lets a cluster compute on another host.
    ///
    /// # Errors
    /// Not found, when there is no such cluster that the user may change, or no such host.
    pub async fn switch_host(
        &self,
        access: &Access,
        uuid: Uuid,
        host: Uuid,
    ) -> Result<Cluster, EngineError> {
        let cluster = self.shared.store.cluster_to_change(access, uuid).await?;
        // All clusters are on the only host there is, so it is enough that this is the one.
        if host != self.shared.host.uuid() {
            return Err(StoreError::NotFound { kind: "host", id: host.to_string() }.into());
        }
        Ok(cluster)
    }

    /// Makes a dataset of its uploaded `files`, named in the order input, label.
    ///
    /// # Errors
    /// [`EngineError::Incomplete`] when bytes are missing; [`EngineError::Dataset`] says what is
    /// wrong with the data, and the upload stays as it is.
    pub async fn finish_dataset(
        &self,
        access: &Access,
        uuid: Uuid,
        files: &[Uuid],
    ) -> Result<Dataset, EngineError> {
        ingest::finish_dataset(&self.shared, access, uuid, files).await
    }

    /// How good the answers in a request result are, judged by a dataset.
    ///
    /// # Errors
    /// [`EngineError::Score`] when the two do not fit.
    pub async fn check(
        &self,
        access: &Access,
        result: Uuid,
        dataset: Uuid,
    ) -> Result<Score, EngineError> {
        let (result, data) = self.shared.store.result(access, result).await?;
        let (_, file) = self.open(access, dataset).await?;
        blocking(move || Ok(score(&data, &file, result.column.as_deref())?)).await?
    }

    /// Opens a direct connection to a cluster.
    ///
    /// # Errors
    /// A conflict unless the cluster is in direct mode; an exceeded quota when the clusters of its
    /// project may not grow.
    pub async fn connect(
        &self,
        access: &Access,
        cluster: Uuid,
    ) -> Result<DirectSession, EngineError> {
        DirectSession::open(self.shared.clone(), access, cluster).await
    }
}
