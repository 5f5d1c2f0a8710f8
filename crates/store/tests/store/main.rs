//! The store as its users know it, by topic.

mod support;
mod users;
