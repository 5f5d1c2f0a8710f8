//! A logged-in client, and the requests that all resources are made of.

use std::{fmt, sync::Arc};

use hanami_api::{ChangeResource, Empty, ErrorCode, Name, Table, Uuid, Visibility};
use reqwest::{Method, RequestBuilder, Response, header::HeaderValue};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::RwLock;

use crate::{ClientError, Trust, project, token::Session, transport::Transport, user};

/// A client that is logged in to a Hanami server.
///
/// Cheap to clone: clones share connections, token and project. A token that has expired is
/// replaced on the way, by logging in once more. `Debug` shows neither password nor token.
#[derive(Clone)]
pub struct Hanami {
    transport: Transport,
    session: Arc<RwLock<Session>>,
}

impl Hanami {
    /// Logs in to the server at `address` (`host`, `host:port`, `http://host:port` or
    /// `https://host:port`). Over HTTPS it must have a certificate that this machine trusts.
    ///
    /// # Errors
    ///
    /// [`ClientError::Unreachable`] if nothing answers there or the certificate is not trusted,
    /// [`ClientError::Refused`] if id or password are wrong.
    pub async fn connect(address: &str, user: &str, password: &str) -> Result<Self, ClientError> {
        Self::connect_trusting(&Trust::System, address, user, password).await
    }

    /// Logs in as [`Hanami::connect`] does, but over HTTPS believes those to be the server that
    /// `trust` says.
    ///
    /// # Errors
    ///
    /// As [`Hanami::connect`], and [`ClientError::Connection`] if `trust` holds no certificates.
    pub async fn connect_trusting(
        trust: &Trust,
        address: &str,
        user: &str,
        password: &str,
    ) -> Result<Self, ClientError> {
        let transport = Transport::new(address.parse()?, trust)?;
        let session = Session::log_in(&transport, user, password).await?;
        Ok(Self { transport, session: Arc::new(RwLock::new(session)) })
    }

    /// Goes on with a token that a client had before ([`Hanami::access_token`]). When it expires,
    /// calls are refused ([`ErrorCode::InvalidToken`]): without a password there is no new one.
    ///
    /// # Errors
    ///
    /// [`ClientError::Address`] for an address that can't be used, [`ClientError::Connection`] if
    /// `trust` holds no certificates or this is no token. The server is not asked yet.
    pub fn with_token(trust: &Trust, address: &str, token: &str) -> Result<Self, ClientError> {
        let transport = Transport::new(address.parse()?, trust)?;
        let session = Session::with_token(&transport, token)?;
        Ok(Self { transport, session: Arc::new(RwLock::new(session)) })
    }

    /// The present token. Whoever has it can act as the user until it expires: keep it secret.
    pub async fn access_token(&self) -> String {
        String::from_utf8_lossy(self.token().await.as_bytes()).into_owned()
    }

    /// The server's address, as `http://host:port` or `https://host:port`.
    #[must_use]
    pub fn address(&self) -> String {
        self.transport.address().to_string()
    }

    /// The answer to a GET request below `/control/v1`, read as the caller wants it: for what this
    /// SDK has no method for, and for programs that pass the JSON on.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the server refuses, [`ClientError::Connection`] if its answer
    /// can't be read as an `Answer`.
    pub async fn fetch<Answer: DeserializeOwned>(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.get(path, query).await
    }

    /// Works in the project `project_id` from now on; clones do too.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the user is not assigned to that project.
    pub async fn switch_project(&self, project_id: &str) -> Result<(), ClientError> {
        let project = project::id(project_id)?;
        let mut session = self.session.write().await;
        session.switch_project(&self.transport, project).await
    }

    /// Changes one's own password. All one's other tokens and connections end; this client and its
    /// clones go on.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if it was changed since this client has logged in.
    pub async fn change_password(&self, new_password: &str) -> Result<(), ClientError> {
        let new_password = user::password(new_password)?;
        self.session.write().await.change_password(&self.transport, None, new_password).await
    }

    /// Changes one's own password as [`Hanami::change_password`] does, for a client that only has a
    /// token and has to be told the present one.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if `password` is wrong.
    pub async fn change_password_from(
        &self,
        password: &str,
        new_password: &str,
    ) -> Result<(), ClientError> {
        let password = Some(user::password(password)?);
        let new_password = user::password(new_password)?;
        self.session.write().await.change_password(&self.transport, password, new_password).await
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(crate) async fn token(&self) -> HeaderValue {
        self.session.read().await.token().clone()
    }

    pub(crate) async fn get<Answer: DeserializeOwned>(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.send(Method::GET, path, |request| request.query(query)).await
    }

    /// All rows of a listing.
    pub(crate) async fn list<Row: DeserializeOwned, Entry: From<Row>>(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<Vec<Entry>, ClientError> {
        let table: Table<Row> = self.get(path, query).await?;
        Ok(table.body.into_iter().map(Entry::from).collect())
    }

    pub(crate) async fn post<Answer: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.send(Method::POST, path, |request| request.json(body)).await
    }

    pub(crate) async fn put<Answer: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.send(Method::PUT, path, |request| request.json(body)).await
    }

    pub(crate) async fn delete(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<(), ClientError> {
        self.send(Method::DELETE, path, |request| request.query(query)).await.map(|Empty {}| ())
    }

    pub(crate) async fn send<Answer: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        fill: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, ClientError> {
        let answer = self.open(method, path, fill).await?;
        self.transport.read(answer).await
    }

    /// Sends a request, completed by `fill`, and hands over the answer before its body is read.
    pub(crate) async fn open(
        &self,
        method: Method,
        path: &str,
        fill: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, ClientError> {
        let token = self.token().await;
        let outcome = self.transport.open(method.clone(), path, Some(token.clone()), &fill).await;
        match outcome {
            Err(error) if error.code() == Some(ErrorCode::InvalidToken) => {
                let Some(token) = self.fresh_token(&token).await? else { return Err(error) };
                self.transport.open(method, path, Some(token), &fill).await
            }
            outcome => outcome,
        }
    }

    /// A token in place of the expired one, unless another call got one meanwhile; none if there
    /// are no credentials to get it with.
    async fn fresh_token(&self, expired: &HeaderValue) -> Result<Option<HeaderValue>, ClientError> {
        let mut session = self.session.write().await;
        if session.token() == expired {
            if !session.can_renew() {
                return Ok(None);
            }
            session.renew(&self.transport).await?;
        }
        Ok(Some(session.token().clone()))
    }
}

impl fmt::Debug for Hanami {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hanami").field("address", self.transport.address()).finish_non_exhaustive()
    }
}

/// The body that changes name or visibility of a resource.
pub(crate) fn change(
    uuid: Uuid,
    new_name: Option<&str>,
    visibility: Option<Visibility>,
) -> Result<ChangeResource, ClientError> {
    Ok(ChangeResource { uuid, name: new_name.map(name).transpose()?, visibility })
}

/// A name, checked by the rules of the interface.
pub(crate) fn name(text: &str) -> Result<Name, ClientError> {
    text.parse().map_err(|source| ClientError::Invalid { what: "the name", source })
}
