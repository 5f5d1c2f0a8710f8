//! Hosts: the places where clusters compute.
//!
//! A host has as many permits as cores that clusters may use. Whoever computes holds one permit
//! for one slice of a few milliseconds and gives it back. Permits are handed out in the order of
//! asking, so clusters that train at the same time take turns and none of them starves.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;
use uuid::Uuid;

use crate::compute::Compute;
use crate::error::EngineError;

/// How long no core counts as idle after other programs took one.
const CROWDED: Duration = Duration::from_millis(500);

/// What a host computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// The processor's cores.
    Cpu,
}

/// A place where clusters compute.
#[derive(Debug, Clone)]
pub struct Host {
    uuid: Uuid,
    kind: HostKind,
    cores: usize,
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// When other programs last took a core from work that others had to wait for.
    crowded: Arc<SyncMutex<Option<Instant>>>,
    compute: Compute,
}

impl Host {
    /// A host named `uuid` of `cores` processor cores.
    ///
    /// # Errors
    /// [`EngineError::Fault`] when the system has no threads for it.
    pub(crate) fn cpu(uuid: Uuid, cores: usize) -> Result<Self, EngineError> {
        let permits = Arc::new(Semaphore::new(cores));
        let compute = Compute::new(cores)
            .map_err(|error| EngineError::Fault(format!("no threads to compute with: {error}")))?;
        Ok(Self {
            uuid,
            kind: HostKind::Cpu,
            cores,
            permits,
            waiting: Arc::default(),
            crowded: Arc::default(),
            compute,
        })
    }

    /// Uuid of the host, the same after every restart.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// What it computes with.
    #[must_use]
    pub fn kind(&self) -> HostKind {
        self.kind
    }

    /// Cores that clusters may use.
    pub(crate) fn cores(&self) -> usize {
        self.cores
    }

    /// Cores that are taken.
    pub(crate) fn busy(&self) -> usize {
        self.cores.saturating_sub(self.permits.available_permits())
    }

    /// How many wait for a core.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Relaxed)
    }

    /// Notes that other programs use the cores that seem to be idle.
    pub(crate) fn note_crowd(&self) {
        *self.crowded.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Takes cores that nobody uses or waits for, `most` at most; none while other programs use them.
    pub(crate) fn idle_cores(&self, most: usize) -> Vec<OwnedSemaphorePermit> {
        let crowded = *self.crowded.lock().unwrap_or_else(PoisonError::into_inner);
        if crowded.is_some_and(|time| time.elapsed() < CROWDED) {
            return Vec::new();
        }
        let core = || self.permits.clone().try_acquire_owned().ok();
        std::iter::from_fn(core).take(most).collect()
    }

    /// Runs `work` on a thread that computes, for one of the [`Host::idle_cores`].
    pub(crate) fn lend_thread(&self, work: impl FnOnce() + Send + 'static) {
        // It runs to its end even if nobody waits for that.
        drop(self.compute.run(work));
    }

    /// Waits for a core.
    pub(crate) async fn turn(&self) -> Turn {
        let _waiting = Waiting::begin(&self.waiting);
        // The semaphore is never closed; should it be, going on beats waiting for ever.
        let permit = self.permits.clone().acquire_owned().await.ok();
        Turn { permit, compute: self.compute.clone() }
    }
}

/// Counts as one that waits, until dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// The right to compute on one core of a host, until it is used or dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    permit: Option<OwnedSemaphorePermit>,
    compute: Compute,
}

impl Turn {
    /// Runs `work` on the core. The core stays taken until `work` ends, even if nobody waits for
    /// its result any more.
    ///
    /// # Errors
    /// [`EngineError::Fault`] when `work` panicked.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let Self { permit, compute } = self;
        let done = compute.run(move || {
            let result = work();
            drop(permit);
            result
        });
        done.await.map_err(failed)
    }
}

/// Runs `work`, which may block, where it holds up nobody.
///
/// # Errors
/// [`EngineError::Fault`] when `work` panicked.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work).await.map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped")]
fn failed(panic: JoinError) -> EngineError {
    EngineError::Fault(format!("a computation failed: {panic}"))
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;

    #[tokio::test]
    async fn who_waits_is_counted_until_they_have_a_core_or_give_up() {
        let host = Host::cpu(Uuid::new_v4(), 1).unwrap();
        assert_eq!((host.cores(), host.busy(), host.waiting()), (1, 0, 0));
        let turn = host.turn().await;
        assert_eq!((host.busy(), host.waiting()), (1, 0));
        let mut second = Box::pin(host.turn());
        let mut third = Box::pin(host.turn());
        std::future::poll_fn(|context| {
            assert!(second.as_mut().poll(context).is_pending());
            assert!(third.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        assert_eq!((host.busy(), host.waiting()), (1, 2));
        drop(third);
        assert_eq!(host.waiting(), 1);
        drop(turn);
        let _turn = second.await;
        assert_eq!((host.busy(), host.waiting()), (1, 0));
    }
}
