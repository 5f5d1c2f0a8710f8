//! The server from outside: over HTTP and websocket, as clients see it. One module per resource,
//! like the routes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod checkpoint;
mod cluster;
mod common;
mod dataset;
mod errors;
mod first_admin;
mod hostile;
mod openapi;
mod request_result;
mod restart;
mod settings;
mod task;
mod token;
mod websocket;
