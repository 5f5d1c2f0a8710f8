//! Where a server listens.

use std::{fmt, str::FromStr};

use hanami_api::{API_PREFIX, DEFAULT_PORT};
use tokio_tungstenite::tungstenite::http::uri::Authority;

use crate::ClientError;

/// Host and port of a server, as `host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// `host:port`, as a TCP connection takes it.
    pub(crate) fn authority(&self) -> &str {
        &self.0
    }

    /// URL of the endpoint `path`, which begins with a slash.
    pub(crate) fn endpoint(&self, path: &str) -> String {
        format!("http://{}{API_PREFIX}{path}", self.0)
    }

    /// URL of the websocket.
    pub(crate) fn websocket(&self) -> String {
        format!("ws://{}/", self.0)
    }
}

impl FromStr for Address {
    type Err = ClientError;

    /// Takes `host`, `host:port` and `http://host:port/`.
    fn from_str(text: &str) -> Result<Self, ClientError> {
        let invalid = |reason: &str| ClientError::Address {
            address: text.to_owned(),
            reason: reason.to_owned(),
        };
        if text.starts_with("https://") {
            return Err(invalid("this SDK speaks plain HTTP only"));
        }
        let bare = text.strip_prefix("http://").unwrap_or(text);
        let bare = bare.strip_suffix('/').unwrap_or(bare);
        let authority: Authority = bare.parse().map_err(|_| invalid("it is not `host:port`"))?;
        if bare.contains('@') {
            return Err(invalid("user and password are arguments of their own"));
        }
        let host = authority.host();
        let port = match authority.port_u16() {
            Some(port) => port,
            None if bare == host => DEFAULT_PORT,
            None => return Err(invalid("the port is not a number from 0 to 65535")),
        };
        Ok(Self(format!("{host}:{port}")))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        text.parse::<Address>().unwrap().authority().to_owned()
    }

    #[test]
    fn scheme_port_and_slash_are_optional() {
        assert_eq!(parsed("garden"), "garden:11418");
        assert_eq!(parsed("garden:80"), "garden:80");
        assert_eq!(parsed("http://garden:80/"), "garden:80");
        assert_eq!(parsed("http://127.0.0.1"), "127.0.0.1:11418");
        assert_eq!(parsed("[::1]:99"), "[::1]:99");
        assert_eq!(parsed("[::1]"), "[::1]:11418");
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, reason) in [
            ("https://garden", "plain HTTP"),
            ("", "host:port"),
            ("garden:99999", "port"),
            ("garden:", "port"),
            ("me@garden", "arguments"),
            ("garden/control", "host:port"),
            ("gar den", "host:port"),
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
