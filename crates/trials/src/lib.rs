//! Programs that try to break Hanami, for the binary and for tests.
//!
//! A trial works on a server as clients do, or on the store and the engine, and knows what has to come
//! of it. It returns a report that can be printed as Markdown, or an error that says which promise was
//! broken and with which seed.

pub mod disk;
pub mod disk_full;
pub mod process;
pub mod report;
