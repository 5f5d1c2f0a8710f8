//! Clusters: `/control/v1/cluster`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hanami_api::{
    Uuid, Visibility,
    cluster::{
        ByUuid, Cluster, ClusterDetails, ClusterRow, CreateCluster, LoadCluster, LoadQueued, Mode,
        ModeSet, SaveCluster, SaveQueued, SetMode, SwitchHost,
    },
};

use crate::{
    ClientError, Entry, Hanami,
    connection::{change, name},
};

impl Hanami {
    /// Makes a cluster from the text of a template; without one it is empty.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the template can't be read (the message says in which line) or
    /// the name is taken.
    pub async fn create_cluster(
        &self,
        cluster_name: &str,
        template: Option<&str>,
    ) -> Result<Cluster, ClientError> {
        let body = CreateCluster {
            name: name(cluster_name)?,
            template: template.map(|text| BASE64_STANDARD.encode(text)),
            checkpoint_uuid: None,
        };
        self.post("/cluster", &body).await
    }

    /// Makes a cluster with the network and the template of a checkpoint.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such checkpoint or the name is taken.
    pub async fn create_cluster_from(
        &self,
        cluster_name: &str,
        checkpoint: Uuid,
    ) -> Result<Cluster, ClientError> {
        let body = CreateCluster {
            name: name(cluster_name)?,
            template: None,
            checkpoint_uuid: Some(checkpoint),
        };
        self.post("/cluster", &body).await
    }

    /// A cluster and what has grown in it.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster.
    pub async fn cluster(&self, uuid: Uuid) -> Result<ClusterDetails, ClientError> {
        self.get("/cluster", &ByUuid { uuid }).await
    }

    /// All clusters that the user may see.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn clusters(&self) -> Result<Vec<Entry>, ClientError> {
        self.list::<ClusterRow, _>("/cluster/all", &()).await
    }

    /// Renames a cluster, or changes who else may see and ask it; what is `None` stays.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster that the user may change, the name is
    /// taken, or nothing is to be changed.
    pub async fn change_cluster(
        &self,
        cluster: Uuid,
        new_name: Option<&str>,
        visibility: Option<Visibility>,
    ) -> Result<Cluster, ClientError> {
        self.put("/cluster", &change(cluster, new_name, visibility)?).await
    }

    /// Deletes a cluster and its tasks.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster.
    pub async fn delete_cluster(&self, uuid: Uuid) -> Result<(), ClientError> {
        self.delete("/cluster", &ByUuid { uuid }).await
    }

    /// Lets a cluster work through its tasks, or answer direct connections.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] while its task queue is not empty.
    pub async fn set_mode(&self, cluster: Uuid, mode: Mode) -> Result<ModeSet, ClientError> {
        let body = SetMode { uuid: cluster, new_state: mode, connection_uuid: None };
        self.put("/cluster/set_mode", &body).await
    }

    /// Queues a task that saves a cluster. The checkpoint that it makes has its uuid.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster, or it is empty or in direct mode.
    pub async fn save_cluster(
        &self,
        checkpoint_name: &str,
        cluster: Uuid,
    ) -> Result<SaveQueued, ClientError> {
        let body = SaveCluster { name: name(checkpoint_name)?, cluster_uuid: cluster };
        self.post("/cluster/save", &body).await
    }

    /// Queues a task that gives a cluster the network and the template of a checkpoint; answers
    /// the task's uuid. The checkpoint may be deleted right after.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if one of them does not exist or the cluster is in direct mode.
    pub async fn load_cluster(&self, checkpoint: Uuid, cluster: Uuid) -> Result<Uuid, ClientError> {
        let body = LoadCluster { checkpoint_uuid: checkpoint, cluster_uuid: cluster };
        let answer: LoadQueued = self.post("/cluster/load", &body).await?;
        Ok(answer.uuid)
    }

    /// Moves a cluster to another host.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if one of them does not exist.
    pub async fn switch_host(&self, cluster: Uuid, host: Uuid) -> Result<Cluster, ClientError> {
        let body = SwitchHost { cluster_uuid: cluster, host_uuid: host };
        self.put("/cluster/switch_host", &body).await
    }
}
