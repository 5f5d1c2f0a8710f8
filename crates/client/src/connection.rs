//! A logged-in client, and the requests that all resources are made of.

use std::{fmt, time::Duration};

use hanami_api::{Empty, Name, TOKEN_HEADER};
use reqwest::{Method, RequestBuilder, header::HeaderValue};
use serde::{Serialize, de::DeserializeOwned};

use crate::{ClientError, address::Address};

/// A client that is logged in to a Hanami server.
///
/// Cheap to clone: clones share their HTTP connections. `Debug` shows neither password nor token.
#[derive(Clone)]
pub struct Hanami {
    http: reqwest::Client,
    address: Address,
    user_id: String,
    token: HeaderValue,
}

impl Hanami {
    /// Logs in to the server at `address` (`host`, `host:port` or `http://host:port`).
    ///
    /// # Errors
    ///
    /// [`ClientError::Unreachable`] if nothing answers there, [`ClientError::Refused`] if id or
    /// password are wrong.
    pub async fn connect(address: &str, user: &str, password: &str) -> Result<Self, ClientError> {
        let address: Address = address.parse()?;
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .tcp_nodelay(true)
            // The websocket of the same server would not go through a proxy either.
            .no_proxy()
            .build()
            .map_err(|source| ClientError::Connection {
                address: address.to_string(),
                doing: "it was set up",
                source: source.into(),
            })?;
        let mut client = Self {
            http,
            address,
            user_id: user.to_owned(),
            token: HeaderValue::from_static(""),
        };
        client.log_in(user, password).await?;
        Ok(client)
    }

    /// Id of the user who is logged in.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Uses `token`, which belongs to `user_id`, from now on.
    pub(crate) fn set_token(&mut self, user_id: String, token: &str) -> Result<(), ClientError> {
        let mut token = HeaderValue::from_str(token)
            .map_err(|source| self.connection_error("reading the token", source))?;
        token.set_sensitive(true);
        self.token = token;
        self.user_id = user_id;
        Ok(())
    }

    /// The token as text.
    pub(crate) fn token(&self) -> &str {
        self.token
            .to_str()
            .expect("a header value made from text can be read as text")
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) async fn get<Answer: DeserializeOwned>(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.send(self.request(Method::GET, path).query(query))
            .await
    }

    pub(crate) async fn post<Answer: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn put<Answer: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub(crate) async fn delete(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, path).query(query);
        self.send::<Empty>(request).await.map(|Empty {}| ())
    }

    /// An error of the connection to this server.
    pub(crate) fn connection_error(
        &self,
        doing: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ClientError {
        ClientError::Connection {
            address: self.address.to_string(),
            doing,
            source: source.into(),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, self.address.endpoint(path));
        if self.token.is_empty() {
            return request;
        }
        request.header(TOKEN_HEADER, self.token.clone())
    }

    async fn send<Answer: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<Answer, ClientError> {
        let answer = request.send().await.map_err(|error| {
            if error.is_connect() {
                ClientError::Unreachable {
                    address: self.address.to_string(),
                    source: error.into(),
                }
            } else {
                self.connection_error("sending a request", error)
            }
        })?;
        let status = answer.status();
        let body = answer
            .bytes()
            .await
            .map_err(|error| self.connection_error("reading an answer", error))?;
        if !status.is_success() {
            return Err(ClientError::refused(status.as_u16(), &body));
        }
        serde_json::from_slice(&body)
            .map_err(|error| self.connection_error("reading an answer", error))
    }
}

impl fmt::Debug for Hanami {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hanami")
            .field("address", &self.address)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// A name, checked by the rules of the interface.
pub(crate) fn name(text: &str) -> Result<Name, ClientError> {
    text.parse().map_err(|source| ClientError::Invalid {
        what: "the name",
        source,
    })
}
