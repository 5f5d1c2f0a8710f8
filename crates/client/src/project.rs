//! Projects: `/control/v1/project`. For global admins.

use hanami_api::{
    ProjectId,
    project::{ByProjectId, CreateProject, DeleteProject, Project, ProjectRow},
};

use crate::{ClientError, Hanami, connection::name};

/// A project id, checked by the rules of the interface.
pub(crate) fn id(text: &str) -> Result<ProjectId, ClientError> {
    text.parse().map_err(|source| ClientError::Invalid { what: "the project id", source })
}

impl Hanami {
    /// Makes a project.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the id is taken, or the user is no admin.
    pub async fn create_project(
        &self,
        project_id: &str,
        project_name: &str,
    ) -> Result<Project, ClientError> {
        let body = CreateProject { id: id(project_id)?, name: name(project_name)? };
        self.post("/project", &body).await
    }

    /// A project.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such project, or the user is no admin.
    pub async fn project(&self, project_id: &str) -> Result<Project, ClientError> {
        self.get("/project", &ByProjectId { id: id(project_id)? }).await
    }

    /// All projects.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the user is no admin.
    pub async fn projects(&self) -> Result<Vec<Project>, ClientError> {
        let rows = self.list::<ProjectRow, ProjectRow>("/project/all", &()).await?;
        let project = |(id, name, creator_id)| Project { id, name, creator_id };
        Ok(rows.into_iter().map(project).collect())
    }

    /// Deletes a project.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such project, if resources still belong to it (the
    /// message lists them), or the user is no admin.
    pub async fn delete_project(&self, project_id: &str) -> Result<(), ClientError> {
        self.delete("/project", &DeleteProject { id: id(project_id)?, force: false }).await
    }

    /// Deletes a project with all that belongs to it. If that fails halfway, repeat it.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such project, or the user is no admin.
    pub async fn delete_project_with_all(&self, project_id: &str) -> Result<(), ClientError> {
        self.delete("/project", &DeleteProject { id: id(project_id)?, force: true }).await
    }
}
