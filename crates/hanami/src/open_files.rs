//! How many files and connections the process may have open.

use hanami_server::Settings;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What is open besides connections: files of clusters and datasets, the database.
const OTHERS: u64 = 1024;

/// Raises the limit as far as the system lets it, and warns if that is not enough for `settings`.
/// Many systems begin with 1024, which is meant for programs that would not work with more.
pub(crate) fn raise_limit(settings: &Settings) {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, "the limit of open files can't be raised");
    }
    let needed = u64::from(settings.max_connections.get()) + OTHERS;
    if let Some(limit) = getrlimit(Resource::Nofile).current
        && limit < needed
    {
        tracing::warn!(
            limit,
            needed,
            "the system lets this process open too few files for so many connections: raise its \
             limit of open files, or lower max_connections"
        );
    }
}
