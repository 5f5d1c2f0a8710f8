//! The server from outside: over HTTP and websocket, as clients see it. One module per resource,
//! like the routes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit_log;
mod auth;
mod checkpoint;
mod checkpoint_file;
mod cluster;
mod common;
mod connections;
mod content;
mod dashboard;
mod dataset;
mod error_log;
mod errors;
mod first_admin;
mod hostile;
mod isolation;
mod matrix;
mod monitoring;
mod openapi;
mod places;
mod policy;
mod project;
mod quota;
mod request_result;
mod restart;
mod samples;
mod settings;
mod sharing;
mod system;
mod task;
mod task_events;
mod task_options;
mod template;
mod throttle;
mod tls;
mod token;
mod transfers;
mod user;
mod user_change;
mod websocket;
