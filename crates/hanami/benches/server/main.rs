//! What the whole server can do, measured from outside: `cargo xtask measure-server`.
//!
//! The server is a process of its own, built like a release, on a fresh data directory; this
//! process is its client, on one thread, over loopback. Both share the machine, so the figures are
//! those of a machine that does both. Everything is printed as Markdown.

#![expect(clippy::unwrap_used, reason = "a benchmark that can't go on has to fail")]

mod data;
mod fairness;
mod http;
mod idle;
mod large;
mod load;
mod process;
mod requests;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    requests::measure().await;
    idle::measure().await;
    fairness::measure().await;
    large::measure().await;
}
