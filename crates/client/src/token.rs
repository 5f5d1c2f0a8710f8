//! Logging in: `/control/v1/token`.

use hanami_api::{
    ErrorCode, ProjectId,
    ids::Password,
    token::{CreateToken, RenewToken, Token},
    user::ChangePassword,
};
use reqwest::{Method, header::HeaderValue};

use crate::{ClientError, transport::Transport, user};

/// Where tokens are had.
pub(crate) const PATH: &str = "/token";

/// Who is logged in, where, and the token that says so.
pub(crate) struct Session {
    /// What a new token is got with; without it, the session ends with its token.
    credentials: Option<CreateToken>,
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
        let token = first_token(transport, &credentials).await?;
        Ok(Self { credentials: Some(credentials), project: None, token })
    }

    /// A session that someone has logged in to before.
    pub(crate) fn with_token(transport: &Transport, token: &str) -> Result<Self, ClientError> {
        Ok(Self { credentials: None, project: None, token: header(transport, token)? })
    }

    pub(crate) fn token(&self) -> &HeaderValue {
        &self.token
    }

    /// Whether it can get a new token by itself.
    pub(crate) fn can_renew(&self) -> bool {
        self.credentials.is_some()
    }

    /// Logs in once more, into the same project; does nothing without credentials.
    pub(crate) async fn renew(&mut self, transport: &Transport) -> Result<(), ClientError> {
        let Some(credentials) = &self.credentials else { return Ok(()) };
        self.token = first_token(transport, credentials).await?;
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
        let answer: Token =
            transport.send(Method::PUT, PATH, current, |request| request.json(&body)).await?;
        self.token = header(transport, &answer.token)?;
        self.project = Some(project);
        Ok(())
    }

    /// Changes the password; without `password`, the present one is that of the log-in.
    pub(crate) async fn change_password(
        &mut self,
        transport: &Transport,
        password: Option<Password>,
        new_password: Password,
    ) -> Result<(), ClientError> {
        let known = self.credentials.as_ref().map(|credentials| credentials.password.clone());
        let password = password.or(known).ok_or(ClientError::NoPassword)?;
        let body = ChangePassword { password, new_password: new_password.clone() };
        let current = Some(self.token.clone());
        let path = "/user/password";
        let changed =
            transport.send(Method::PUT, path, current, |request| request.json(&body)).await;
        let answer: Token = match changed {
            Err(error) if error.code() == Some(ErrorCode::InvalidToken) && self.can_renew() => {
                self.renew(transport).await?;
                let current = Some(self.token.clone());
                transport.send(Method::PUT, path, current, |request| request.json(&body)).await?
            }
            other => other?,
        };
        self.token = header(transport, &answer.token)?;
        if let Some(credentials) = &mut self.credentials {
            credentials.password = new_password;
        }
        Ok(())
    }
}

async fn first_token(
    transport: &Transport,
    credentials: &CreateToken,
) -> Result<HeaderValue, ClientError> {
    let answer: Token =
        transport.send(Method::POST, PATH, None, |request| request.json(credentials)).await?;
    header(transport, &answer.token)
}

fn header(transport: &Transport, token: &str) -> Result<HeaderValue, ClientError> {
    let mut token = HeaderValue::from_str(token)
        .map_err(|error| transport.error("reading the token", error))?;
    // Keeps it out of every `Debug`.
    token.set_sensitive(true);
    Ok(token)
}
