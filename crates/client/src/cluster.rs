//! Clusters: `/control/v1/cluster`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hanami_api::{
    Uuid,
    cluster::{ByUuid, Cluster, ClusterDetails, ClusterRow, CreateCluster, Mode, ModeSet, SetMode},
};

use crate::{ClientError, Entry, Hanami, connection::name};

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
}
