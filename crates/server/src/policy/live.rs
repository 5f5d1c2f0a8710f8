//! The policy in force, and its renewal while the server runs.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::RwLock;

use super::{Policy, PolicyError};
use crate::watch::Watch;

/// The policy in force.
pub(crate) struct LivePolicy {
    file: Option<PathBuf>,
    policy: RwLock<Arc<Policy>>,
}

impl LivePolicy {
    /// The policy in `file`, or the shipped one; and a watch on the file, for [`Self::renew`].
    pub(crate) fn open(file: Option<PathBuf>) -> Result<(Self, Watch), PolicyError> {
        let watch = Watch::on(file.iter().cloned().collect());
        let policy = match &file {
            Some(path) => Policy::load(path)?,
            None => Policy::shipped()?,
        };
        Ok((Self { file, policy: RwLock::new(Arc::new(policy)) }, watch))
    }

    /// The policy in force at this moment.
    pub(crate) fn now(&self) -> Arc<Policy> {
        self.policy.read().clone()
    }

    /// Reads the file again; says whether another policy is in force now. A file that is not valid
    /// is told in the log, and the policy stays as it is.
    pub(crate) fn renew(&self) -> bool {
        let Some(path) = &self.file else { return false };
        match Policy::load(path) {
            Ok(policy) => {
                *self.policy.write() = Arc::new(policy);
                tracing::info!(file = %path.display(), "the policy was renewed");
                true
            }
            Err(error) => {
                tracing::error!("the policy stays as it was: {error}");
                false
            }
        }
    }
}
