//! HTTP requests to one server, each with or without a token.

use std::{sync::Arc, time::Duration};

use hanami_api::TOKEN_HEADER;
use reqwest::{Method, RequestBuilder, Response, header::HeaderValue};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;

use crate::{ClientError, Trust, address::Address, tls, token};

/// Connections to a server. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    address: Address,
    tls: Arc<ClientConfig>,
}

impl Transport {
    /// Makes ready for requests to `address`; connects with the first one.
    pub(crate) fn new(address: Address, trust: &Trust) -> Result<Self, ClientError> {
        let failed = |source| ClientError::Connection {
            address: address.to_string(),
            doing: "setting it up",
            source,
        };
        // Without TLS nothing has to be known of the roots that this machine trusts.
        let trust = if address.is_secure() { trust } else { &Trust::Anyone };
        let tls = tls::config(trust).map_err(failed)?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .connect_timeout(Duration::from_secs(10))
            .tcp_nodelay(true)
            // Shorter than that of the server, which then does not close what is about to be used.
            .pool_idle_timeout(Duration::from_mins(1))
            // The websocket of the same server would not go through a proxy either.
            .no_proxy()
            .build()
            .map_err(|error| failed(error.into()))?;
        Ok(Self { http, address, tls: Arc::new(tls) })
    }

    /// How this client speaks TLS.
    pub(crate) fn tls(&self) -> &Arc<ClientConfig> {
        &self.tls
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a request, completed by `fill`, and reads the answer.
    pub(crate) async fn send<Answer: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        token: Option<HeaderValue>,
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, ClientError> {
        self.read(self.open(method, path, token, fill).await?).await
    }

    /// Sends a request, completed by `fill`, and hands over the answer to a success before its body
    /// is read. One that does no harm twice is sent again if its connection breaks.
    pub(crate) async fn open(
        &self,
        method: Method,
        path: &str,
        token: Option<HeaderValue>,
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, ClientError> {
        // A token more is no harm.
        let is_repeatable = method == Method::GET || path == token::PATH;
        let mut request = fill(self.http.request(method, self.address.endpoint(path)));
        if let Some(token) = token {
            request = request.header(TOKEN_HEADER, token);
        }
        let again = if is_repeatable { request.try_clone() } else { None };
        let answer = match (request.send().await, again) {
            (Err(error), Some(again)) if is_broken(&error) => again.send().await,
            (outcome, _) => outcome,
        };
        let answer = answer.map_err(|error| {
            if error.is_connect() {
                ClientError::Unreachable { address: self.address.to_string(), source: error.into() }
            } else {
                self.error("sending a request", error)
            }
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let body = answer.bytes().await;
        let body = body.map_err(|error| self.error("reading an answer", error))?;
        Err(ClientError::refused(status.as_u16(), &body))
    }

    /// Reads the body of an answer.
    pub(crate) async fn read<Answer: DeserializeOwned>(
        &self,
        answer: Response,
    ) -> Result<Answer, ClientError> {
        let body = answer.bytes().await;
        let body = body.map_err(|error| self.error("reading an answer", error))?;
        serde_json::from_slice(&body).map_err(|error| self.error("reading an answer", error))
    }

    /// An error of the connection to this server.
    pub(crate) fn error(
        &self,
        doing: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ClientError {
        ClientError::Connection { address: self.address.to_string(), doing, source: source.into() }
    }
}

/// Whether the connection broke before an answer began: most often one that was kept for another
/// request, and that the server closed just when this one came.
fn is_broken(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout()
}
