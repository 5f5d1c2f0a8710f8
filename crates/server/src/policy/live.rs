//! The policy in force, and its renewal while the server runs.
//!
//! One task looks at the file every quarter of a second. A file that has changed is read once it
//! has stayed the same for one look, so that one that is being written is not read half. A file
//! that is not valid is told in the log, and the policy stays as it is.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::RwLock;
use tokio::sync::watch;

use super::{Policy, PolicyError};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// The policy in force.
pub(crate) struct LivePolicy {
    file: Option<PathBuf>,
    /// What the file was like when it was last read.
    read: Option<Mark>,
    policy: RwLock<Arc<Policy>>,
}

/// What tells two versions of a file apart without reading them; a file that is gone has none.
type Mark = (SystemTime, u64, u64);

impl LivePolicy {
    /// The policy in `file`, or the shipped one.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<Self, PolicyError> {
        // Before the file is read: a change in between is then seen by the next look.
        let read = file.as_deref().and_then(mark);
        let policy = match &file {
            Some(path) => Policy::load(path)?,
            None => Policy::shipped()?,
        };
        Ok(Self { file, read, policy: RwLock::new(Arc::new(policy)) })
    }

    /// The policy in force at this moment.
    pub(crate) fn now(&self) -> Arc<Policy> {
        self.policy.read().clone()
    }

    /// Follows the changes of the file until the server stops; calls `changed` after each that is
    /// in force.
    pub(crate) async fn follow(&self, mut stopping: watch::Receiver<bool>, changed: impl Fn()) {
        let Some(path) = &self.file else { return };
        let (mut read, mut last) = (self.read, self.read);
        while tokio::time::timeout(LOOK, stopping.wait_for(|stopping| *stopping)).await.is_err() {
            let looked = path.clone();
            let Ok(found) = tokio::task::spawn_blocking(move || mark(&looked)).await else {
                return;
            };
            let settled = found == std::mem::replace(&mut last, found);
            if settled && found != read {
                read = found;
                self.reload(path.clone(), &changed).await;
            }
        }
    }

    async fn reload(&self, path: PathBuf, changed: &impl Fn()) {
        let shown = path.display().to_string();
        match tokio::task::spawn_blocking(move || Policy::load(&path)).await {
            Ok(Ok(policy)) => {
                *self.policy.write() = Arc::new(policy);
                changed();
                tracing::info!(file = shown, "the policy was renewed");
            }
            Ok(Err(error)) => tracing::error!("the policy stays as it was: {error}"),
            Err(error) => tracing::error!(%error, "the policy stays as it was"),
        }
    }
}

fn mark(path: &Path) -> Option<Mark> {
    let of = |metadata: Metadata| Some((metadata.modified().ok()?, metadata.len(), metadata.ino()));
    std::fs::metadata(path).ok().and_then(of)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_bad_file_leaves_the_policy_as_it_is() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_owned();
        std::fs::write(&path, "[roles.admin]\n[roles.reader]\n").unwrap();
        let policy = LivePolicy::open(Some(path.clone())).unwrap();
        let changes = Cell::new(0);
        let changed = || changes.set(changes.get() + 1);
        std::fs::write(&path, "[roles.reader]\n").unwrap();
        policy.reload(path.clone(), &changed).await;
        assert!(policy.now().knows("reader"));
        assert_eq!(changes.get(), 0);

        std::fs::write(&path, "[roles.admin]\n").unwrap();
        policy.reload(path.clone(), &changed).await;
        assert!(!policy.now().knows("reader"));
        std::fs::remove_file(&path).unwrap();
        policy.reload(path, &changed).await;
        assert!(policy.now().knows("admin"));
        assert_eq!(changes.get(), 1);
    }
}
