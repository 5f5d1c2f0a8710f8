//! Who works through a cluster's queue: one runner at most, and no task is overlooked.

use std::sync::{Mutex as SyncMutex, PoisonError};

/// Whether the cluster's queue is being worked through, and whether to look at it again.
#[derive(Debug, Default)]
pub(crate) struct Runner(SyncMutex<RunnerState>);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum RunnerState {
    #[default]
    Idle,
    Running,
    RunningAndCalled,
}

impl Runner {
    /// Notes that the queue has work. Says whether the caller has to start a runner for it.
    pub(crate) fn call(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = *state == RunnerState::Idle;
        *state = if start { RunnerState::Running } else { RunnerState::RunningAndCalled };
        start
    }

    /// Whether nobody works on the queue.
    pub(crate) fn is_idle(&self) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) == RunnerState::Idle
    }

    /// Called by the runner that found the queue empty. Says whether it may leave: not if it was
    /// called since it looked.
    pub(crate) fn leave(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let leave = *state == RunnerState::Running;
        *state = if leave { RunnerState::Idle } else { RunnerState::Running };
        leave
    }
}
