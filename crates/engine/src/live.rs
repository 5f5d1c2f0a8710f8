//! What is known of a task while it runs, without asking the disk.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use tokio::sync::watch;
use uuid::Uuid;

/// Progress of the running task of a cluster, shared between the runner that writes it and the
/// requests that read it or ask for its end.
#[derive(Debug)]
pub(crate) struct LiveTask {
    /// The task.
    pub(crate) uuid: Uuid,
    samples: AtomicU64,
    right: AtomicU64,
    judged: AtomicBool,
    cancelled: AtomicBool,
    ended: watch::Sender<bool>,
}

impl LiveTask {
    pub(crate) fn new(uuid: Uuid) -> Self {
        Self {
            uuid,
            samples: AtomicU64::new(0),
            right: AtomicU64::new(0),
            judged: AtomicBool::new(false),
            cancelled: AtomicBool::new(false),
            ended: watch::Sender::new(false),
        }
    }

    /// Publishes that `samples` are done, `right` of them answered right before they were learned
    /// (`None` where there is no right or wrong).
    pub(crate) fn publish(&self, samples: u64, right: Option<u64>) {
        self.right.store(right.unwrap_or(0), Relaxed);
        self.judged.store(right.is_some(), Relaxed);
        self.samples.store(samples, Relaxed);
    }

    /// Samples done.
    pub(crate) fn samples(&self) -> u64 {
        self.samples.load(Relaxed)
    }

    /// Share in percent of the samples answered right.
    pub(crate) fn running_accuracy(&self) -> Option<f64> {
        let samples = self.samples();
        let judged = self.judged.load(Relaxed) && samples > 0;
        judged.then(|| percent(self.right.load(Relaxed), samples))
    }

    /// Asks the runner to stop after the slice it is in.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }

    /// Whether somebody asked for the end of this task.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }

    /// Tells everybody who waits that the runner has left the task.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits until the runner has left the task.
    pub(crate) async fn ended(&self) {
        // The sender lives in `self`, so waiting can't fail while `self` is borrowed.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

/// `part` of `whole` in percent.
pub(crate) fn percent(part: u64, whole: u64) -> f64 {
    part as f64 * 100.0 / whole as f64
}
