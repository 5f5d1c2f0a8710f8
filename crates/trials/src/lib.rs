//! Programs that try to break a Hanami server, for the binary and for tests.
//!
//! A trial starts the server as a process of its own, works on it as clients do, and knows what has
//! to come of it. It returns a report that can be printed as Markdown, or an error that says which
//! promise was broken and with which seed.

pub mod many;
pub mod metrics;
pub mod process;
pub mod report;
