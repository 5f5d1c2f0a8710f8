//! Where a server listens.

use std::{fmt, str::FromStr};

use hanami_api::{API_PREFIX, DEFAULT_PORT};
use tokio_tungstenite::tungstenite::http::uri::Authority;

use crate::ClientError;

/// Host and port of a server, and whether it is spoken to over TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    authority: Authority,
    secure: bool,
}

impl Address {
    /// `host:port`, as a TCP connection takes it.
    pub(crate) fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// The host, as its certificate names it.
    pub(crate) fn host(&self) -> &str {
        self.authority.host().trim_matches(['[', ']'])
    }

    /// Whether the server is spoken to over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// URL of the endpoint `path`, which begins with a slash.
    pub(crate) fn endpoint(&self, path: &str) -> String {
        format!("{self}{API_PREFIX}{path}")
    }

    /// URL of the websocket.
    pub(crate) fn websocket(&self) -> String {
        let scheme = if self.secure { "wss" } else { "ws" };
        format!("{scheme}://{}/", self.authority)
    }
}

impl FromStr for Address {
    type Err = ClientError;

    /// Takes `host`, `host:port`, `http://host:port/` and `https://host:port/`.
    fn from_str(text: &str) -> Result<Self, ClientError> {
        let invalid = |reason: &str| ClientError::Address {
            address: text.to_owned(),
            reason: reason.to_owned(),
        };
        let (bare, secure) = match text.strip_prefix("https://") {
            Some(bare) => (bare, true),
            None => (text.strip_prefix("http://").unwrap_or(text), false),
        };
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
        let authority = format!("{host}:{port}");
        let authority = authority.parse().map_err(|_| invalid("it is not `host:port`"))?;
        Ok(Self { authority, secure })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
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
    fn https_is_for_websockets_too() {
        let address: Address = "https://[::1]/".parse().unwrap();
        assert_eq!(address.endpoint("/token"), "https://[::1]:11418/control/v1/token");
        assert_eq!((address.websocket().as_str(), address.host()), ("wss://[::1]:11418/", "::1"));
        let plain: Address = "garden".parse().unwrap();
        assert_eq!((plain.websocket().as_str(), plain.is_secure()), ("ws://garden:11418/", false));
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, reason) in [
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
