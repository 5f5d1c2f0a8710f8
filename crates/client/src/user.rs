//! Users and the projects they are in: `/control/v1/user`. For global admins, but for one's own
//! projects.

use hanami_api::{
    UserId,
    ids::Password,
    user::{
        AssignProject, ByUserId, ChangeUser, CreateUser, DeleteUser, Membership, OfUser, Projects,
        UnassignProject, User, UserRow,
    },
};
use reqwest::Method;

use crate::{ClientError, Hanami, connection::name, project};

/// A user id, checked by the rules of the interface.
pub(crate) fn id(text: &str) -> Result<UserId, ClientError> {
    text.parse().map_err(|source| ClientError::Invalid { what: "the user id", source })
}

/// A password, checked by the rules of the interface.
pub(crate) fn password(text: &str) -> Result<Password, ClientError> {
    Password::try_from(text.to_owned())
        .map_err(|source| ClientError::Invalid { what: "the password", source })
}

/// What is to be changed of a user; nothing where there is `None`.
#[derive(Clone, Copy, Default)]
pub struct UserChange<'a> {
    /// A new name.
    pub name: Option<&'a str>,
    /// A new password.
    pub password: Option<&'a str>,
    /// Whether the user administrates the whole server.
    pub is_admin: Option<bool>,
}

impl Hanami {
    /// Makes a user, who can log in once they are assigned a project; global admins can at once.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the id is taken, or the one who asks is no admin.
    pub async fn create_user(
        &self,
        user_id: &str,
        user_name: &str,
        user_password: &str,
        is_admin: bool,
    ) -> Result<User, ClientError> {
        let body = CreateUser {
            id: id(user_id)?,
            name: name(user_name)?,
            password: password(user_password)?,
            is_admin,
        };
        self.post("/user", &body).await
    }

    /// A user.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such user, or the one who asks is no admin.
    pub async fn user(&self, user_id: &str) -> Result<User, ClientError> {
        self.get("/user", &ByUserId { id: id(user_id)? }).await
    }

    /// All users.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the one who asks is no admin.
    pub async fn users(&self) -> Result<Vec<User>, ClientError> {
        let rows = self.list::<UserRow, UserRow>("/user/all", &()).await?;
        let user = |(id, name, creator_id, projects, is_admin)| User {
            id,
            name,
            is_admin,
            creator_id,
            projects,
        };
        Ok(rows.into_iter().map(user).collect())
    }

    /// Deletes a user. Their tokens and connections end.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such user, if they still own resources (the message
    /// lists them), if it is oneself, or the one who asks is no admin.
    pub async fn delete_user(&self, user_id: &str) -> Result<(), ClientError> {
        self.delete("/user", &DeleteUser { id: id(user_id)?, force: false }).await
    }

    /// Deletes a user with all they own. If that fails halfway, repeat it.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such user, if it is oneself, or the one who asks is
    /// no admin.
    pub async fn delete_user_with_all(&self, user_id: &str) -> Result<(), ClientError> {
        self.delete("/user", &DeleteUser { id: id(user_id)?, force: true }).await
    }

    /// Changes a user. A new password, and becoming an admin or ceasing to be one, end their
    /// tokens and connections.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such user, if the last admin is not to be one any
    /// more, or the one who asks is no admin.
    pub async fn change_user(
        &self,
        user_id: &str,
        change: UserChange<'_>,
    ) -> Result<User, ClientError> {
        let body = ChangeUser {
            id: id(user_id)?,
            name: change.name.map(name).transpose()?,
            password: change.password.map(password).transpose()?,
            is_admin: change.is_admin,
        };
        self.put("/user", &body).await
    }

    /// Puts a user in a project, or changes their role there.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such user, project or role, or the one who asks is
    /// no admin.
    pub async fn assign_project(
        &self,
        user_id: &str,
        project_id: &str,
        role: &str,
        is_project_admin: bool,
    ) -> Result<User, ClientError> {
        let body = AssignProject {
            id: id(user_id)?,
            project_id: project::id(project_id)?,
            role: role.to_owned(),
            is_project_admin,
        };
        self.post("/user/project", &body).await
    }

    /// Takes a user out of a project. What they own there stays.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the user is not in the project, or the one who asks is no
    /// admin.
    pub async fn unassign_project(
        &self,
        user_id: &str,
        project_id: &str,
    ) -> Result<User, ClientError> {
        let query = UnassignProject { id: id(user_id)?, project_id: project::id(project_id)? };
        self.send(Method::DELETE, "/user/project", |request| request.query(&query)).await
    }

    /// The projects one is in oneself.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn my_projects(&self) -> Result<Vec<Membership>, ClientError> {
        let found: Projects = self.get("/user/project", &OfUser::default()).await?;
        Ok(found.projects)
    }

    /// The projects that a user is in, for admins.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such user.
    pub async fn projects_of(&self, user_id: &str) -> Result<Vec<Membership>, ClientError> {
        let query = OfUser { user_id: Some(id(user_id)?) };
        let found: Projects = self.get("/user/project", &query).await?;
        Ok(found.projects)
    }
}
