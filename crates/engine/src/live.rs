//! What is known of a task while it runs, without asking the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use tokio::sync::watch;
use uuid::Uuid;

use crate::notes::ValidationReport;
use crate::recent::Lately;

/// Progress of the running task of a cluster, shared between the runner that writes it and the
/// requests that read it or ask for its end.
#[derive(Debug)]
pub(crate) struct LiveTask {
    /// The task.
    pub(crate) uuid: Uuid,
    state: watch::Sender<LiveState>,
    cancelled: AtomicBool,
    ended: watch::Sender<bool>,
}

/// How far a task is at a moment.
#[derive(Debug, Clone)]
pub(crate) struct LiveState {
    /// What is done; `None` until the first samples are.
    pub(crate) seen: Option<Seen>,
    /// When this run began, and how many samples were done then.
    begun: (Instant, u64),
    /// When this was published.
    at: Instant,
}

/// What a task has come to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Samples done.
    pub(crate) samples: u64,
    /// Share in percent of the samples that were answered right before they were learned.
    pub(crate) accuracy: Option<f64>,
    /// Mean squared error of the answers before they were learned.
    pub(crate) loss: Option<f64>,
    /// The reports so far.
    pub(crate) validation: Arc<Vec<ValidationReport>>,
    /// How a training is doing at present.
    pub(crate) lately: Option<Lately>,
}

impl LiveState {
    /// Samples per second in this run, once it is known.
    pub(crate) fn pace(&self) -> Option<f64> {
        let (start, before) = self.begun;
        let samples = self.seen.as_ref()?.samples.checked_sub(before)?;
        let seconds = self.at.duration_since(start).as_secs_f64();
        (samples > 0 && seconds > 0.0).then(|| samples as f64 / seconds)
    }
}

impl LiveTask {
    pub(crate) fn new(uuid: Uuid) -> Self {
        let now = Instant::now();
        Self {
            uuid,
            state: watch::Sender::new(LiveState { seen: None, begun: (now, 0), at: now }),
            cancelled: AtomicBool::new(false),
            ended: watch::Sender::new(false),
        }
    }

    /// Begins a run in which `samples` are done already; the pace counts from here.
    pub(crate) fn begin(&self, samples: u64) {
        self.state.send_modify(|state| state.begun = (Instant::now(), samples));
    }

    /// Publishes what is done.
    pub(crate) fn publish(&self, seen: Seen) {
        self.state.send_modify(|state| {
            state.seen = Some(seen);
            state.at = Instant::now();
        });
    }

    /// How far it is.
    pub(crate) fn state(&self) -> LiveState {
        self.state.borrow().clone()
    }

    /// Tells of every change.
    pub(crate) fn watch(&self) -> watch::Receiver<LiveState> {
        self.state.subscribe()
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
