//! The store as its users know it, by topic.
#![expect(clippy::unwrap_used, reason = "a test that cannot be prepared fails")]

mod backup;
mod changes;
mod checkpoints;
mod clusters;
mod datasets;
mod full;
mod journal;
mod logs;
mod opening;
mod quotas;
mod restore;
mod results;
mod revision;
mod scope;
mod support;
mod tasks;
mod totals;
mod uploads;
mod users;
