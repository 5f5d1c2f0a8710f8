//! Hanami over HTTP and websocket: settings, log-in, policy, and one handler per endpoint.
//!
//! A request passes, from the outside in: request id and log span, security headers, the writer of
//! problem documents, the counter of requests, the recorder of the audit log and the error log, the
//! catcher of panics, the router, and then the handler's extractors, which decide who is asking
//! (`auth`), whether the role may ask this (`policy`), and whether the body or query is well formed
//! (`extract`). The handler itself only calls the store or the engine and turns the result into
//! words of `hanami-api`.
//!
//! [`Server`] is the whole of it in one process; the binary `hanami`, the demo and the tests all
//! start it the same way.

mod auth;
mod connections;
mod dashboard;
mod error;
mod extract;
mod first_admin;
mod links;
mod log_in;
mod machine;
mod metrics;
mod openapi;
mod passwords;
mod policy;
mod quiet;
mod rates;
mod readiness;
mod receive;
mod record;
mod routes;
mod seats;
mod send;
mod server;
mod serving;
mod settings;
mod state;
mod throttle;
mod tls;
mod to_end;
mod tokens;
mod unread;
mod watch;
mod websocket;

pub use first_admin::{AdminWish, FirstAdmin, FirstAdminError};
pub use openapi::openapi_json;
pub use policy::{Policy, PolicyError};
pub use server::{Server, StartError};
pub use settings::{LogFormat, Setting, Settings, SettingsArgs, SettingsError};
pub use tls::TlsError;
pub use tokens::{Claims, Identity, TokenError, Tokens};
pub use websocket::read_hello;
