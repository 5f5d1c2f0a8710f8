//! Requests as plain HTTP, for what the client would not send.

use std::sync::OnceLock;

use anyhow::Result;
use bytes::Bytes;
use hanami_api::{API_PREFIX, TOKEN_HEADER};
use reqwest::{Body, Method, RequestBuilder};

/// Connections to a server. Clones share them.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    address: String,
}

impl Http {
    /// Makes ready for requests to the server at this URL.
    ///
    /// # Errors
    ///
    /// If the system gives no means for it.
    pub fn new(address: &str) -> Result<Self> {
        // Making one takes milliseconds: it reads the certificates that the machine trusts.
        static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
        if let Some(client) = CLIENT.get() {
            return Ok(Self { client: client.clone(), address: address.to_owned() });
        }
        // Of several that do this at once one comes first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build()?;
        let client = CLIENT.get_or_init(|| client).clone();
        Ok(Self { client, address: address.to_owned() })
    }

    /// The server's URL.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The answer to a GET of a whole path, without a token: the status and the body.
    ///
    /// # Errors
    ///
    /// If the connection breaks.
    pub async fn get(&self, path: &str) -> Result<(u16, Bytes), reqwest::Error> {
        let answer = self.client.get(format!("{}{path}", self.address)).send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.bytes().await?))
    }

    /// A request for an endpoint, given with its query.
    pub fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let url = format!("{}{API_PREFIX}{path}", self.address);
        self.client.request(method, url).header(TOKEN_HEADER, token)
    }

    /// Sends a request and reads its answer: the status and the body.
    ///
    /// # Errors
    ///
    /// If the connection breaks.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: impl Into<Body>,
    ) -> Result<(u16, Bytes), reqwest::Error> {
        let answer = self.request(method, path, token).body(body).send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.bytes().await?))
    }
}
