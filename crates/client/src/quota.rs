//! What projects may hold: `/control/v1/project/quota`.

use hanami_api::quota::{OfProject, Quota, SetQuota};

use crate::{ClientError, Hanami, project};

/// Limits of one project; where there is `None`, the server's default counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of datasets and request results.
    pub dataset_bytes: Option<u64>,
    /// Most bytes of checkpoints.
    pub checkpoint_bytes: Option<u64>,
    /// Most bytes of clusters.
    pub cluster_bytes: Option<u64>,
    /// Most clusters.
    pub clusters: Option<u64>,
    /// Most queued and running tasks.
    pub open_tasks: Option<u64>,
}

impl Hanami {
    /// What one's own project may hold, and what it holds.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn my_quota(&self) -> Result<Quota, ClientError> {
        self.get("/project/quota", &OfProject::default()).await
    }

    /// What a project may hold, and what it holds. For global admins.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such project, or the user is no admin.
    pub async fn quota(&self, project_id: &str) -> Result<Quota, ClientError> {
        self.get("/project/quota", &OfProject { id: Some(project::id(project_id)?) }).await
    }

    /// Gives a project limits of its own. For global admins.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such project, or the user is no admin.
    pub async fn set_quota(&self, project_id: &str, limits: Limits) -> Result<Quota, ClientError> {
        let Limits { dataset_bytes, checkpoint_bytes, cluster_bytes, clusters, open_tasks } =
            limits;
        let id = project::id(project_id)?;
        let body =
            SetQuota { id, dataset_bytes, checkpoint_bytes, cluster_bytes, clusters, open_tasks };
        self.put("/project/quota", &body).await
    }
}
