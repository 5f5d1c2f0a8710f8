//! Logging in: `/control/v1/token`.

use hanami_api::{
    ErrorCode, ProjectId,
    ids::Password,
    token::{CreateToken, RenewToken, Token},
    user::ChangePassword,
};
use reqwest::{Method, header::HeaderValue};

use crate::{ClientError, transport::Transport, user};

const PATH: &str = "/token";

/// Who is logged in, where, and the token that says so.
pub(crate) struct Session {
    credentials: CreateToken,
    /// The project switched to; without one, the user's first.
    project: Option<ProjectId>,
    token: HeaderValue,
}

impl Session {
    pub(crate) async fn log_in(
        transport: &Transport,
        user: &str,
        password: &str,
    ) -> Result<Self, ClientError> {
        let credentials = CreateToken { id: user::id(user)?, password: user::password(password)? };
        Ok(Self { token: first_token(transport, &credentials).await?, credentials, project: None })
    }

    pub(crate) fn token(&self) -> &HeaderValue {
        &self.token
    }

    /// Logs in once more, into the same project.
    pub(crate) async fn renew(&mut self, transport: &Transport) -> Result<(), ClientError> {
        self.token = first_token(transport, &self.credentials).await?;
        match self.project.clone() {
            Some(project) => self.switch_project(transport, project).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn switch_project(
        &mut self,
        transport: &Transport,
        project: ProjectId,
    ) -> Result<(), ClientError> {
        let body = RenewToken { project_id: project.clone() };
        let current = Some(self.token.clone());
        let answer =
            transport.send(Method::PUT, PATH, current, |request| request.json(&body)).await?;
        self.token = header(transport, &answer)?;
        self.project = Some(project);
        Ok(())
    }

    pub(crate) async fn change_password(
        &mut self,
        transport: &Transport,
        new_password: Password,
    ) -> Result<(), ClientError> {
        let password = self.credentials.password.clone();
        let body = ChangePassword { password, new_password: new_password.clone() };
        let current = Some(self.token.clone());
        let path = "/user/password";
        let changed =
            transport.send(Method::PUT, path, current, |request| request.json(&body)).await;
        let answer = match changed {
            Err(error) if error.code() == Some(ErrorCode::InvalidToken) => {
                self.renew(transport).await?;
                let current = Some(self.token.clone());
                transport.send(Method::PUT, path, current, |request| request.json(&body)).await?
            }
            other => other?,
        };
        self.token = header(transport, &answer)?;
        self.credentials.password = new_password;
        Ok(())
    }
}

async fn first_token(
    transport: &Transport,
    credentials: &CreateToken,
) -> Result<HeaderValue, ClientError> {
    let answer =
        transport.send(Method::POST, PATH, None, |request| request.json(credentials)).await?;
    header(transport, &answer)
}

fn header(transport: &Transport, answer: &Token) -> Result<HeaderValue, ClientError> {
    let mut token = HeaderValue::from_str(&answer.token)
        .map_err(|error| transport.error("reading the token", error))?;
    // Keeps it out of every `Debug`.
    token.set_sensitive(true);
    Ok(token)
}
