//! Programs that try to break Hanami, for the binary and for tests.
//!
//! A trial works on a server of its own as clients do, or on a store and an engine on a simulated
//! disk, and knows what has to come of it. It returns a report that can be printed as Markdown, or an
//! error that says which promise was broken and with which seed.

mod data;
pub mod disk;
pub mod disk_full;
pub mod http;
pub mod kill;
pub mod many;
mod metrics;
pub mod model;
pub mod process;
pub mod report;
pub mod soak;
mod socket;
mod tally;
