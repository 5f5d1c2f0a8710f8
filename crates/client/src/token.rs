//! Logging in: `/control/v1/token`.

use hanami_api::{
    ids::Password,
    token::{CreateToken, RenewToken, Token},
};

use crate::{ClientError, Hanami};

impl Hanami {
    /// Logs in, again or as someone else; what this client does from now on, `user` does.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if id or password are wrong; the old token stays in use then.
    pub async fn log_in(&mut self, user: &str, password: &str) -> Result<(), ClientError> {
        let id = user.parse().map_err(|source| ClientError::Invalid {
            what: "the user id",
            source,
        })?;
        let password =
            Password::try_from(password.to_owned()).map_err(|source| ClientError::Invalid {
                what: "the password",
                source,
            })?;
        let token: Token = self.post("/token", &CreateToken { id, password }).await?;
        self.set_token(token.id, &token.token)
    }

    /// Works in the project `project_id` from now on.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the user is not assigned to that project.
    pub async fn switch_project(&mut self, project_id: &str) -> Result<(), ClientError> {
        let project_id = project_id.parse().map_err(|source| ClientError::Invalid {
            what: "the project id",
            source,
        })?;
        let token: Token = self.put("/token", &RenewToken { project_id }).await?;
        self.set_token(token.id, &token.token)
    }
}
