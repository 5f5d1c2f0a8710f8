//! Long work on a network, done in slices.
//!
//! A slice takes a core of the host and the cluster's lock, works for a few milliseconds, and
//! gives both back. In between, others get their turn: other clusters on the core, requests on
//! the cluster, and whoever wants the work to stop. For a large network it takes idle cores besides.

use std::time::{Duration, Instant};

use crate::cell::{ClusterCell, Held, Resident};
use crate::error::EngineError;
use crate::helpers::Helpers;
use crate::live::LiveTask;
use crate::shared::Shared;

/// How long a slice works: long enough that taking turns costs little, short enough that nobody
/// notices the wait.
const SLICE: Duration = Duration::from_millis(4);

/// Work that can be done piece by piece.
pub(crate) trait Slices: Send + 'static {
    /// Works on a network until the end of the work or until `deadline`, whichever comes first,
    /// but by one step at least.
    fn slice(&mut self, resident: &mut Resident, deadline: Instant) -> Result<(), EngineError>;

    /// Whether all is done.
    fn is_done(&self) -> bool;

    /// Called when the work is to end early: whether a little is still to be done all the same.
    fn winds_down(&mut self) -> bool {
        false
    }

    /// Tells others how far the work has come.
    fn publish(&self, live: &LiveTask);
}

/// Why work was left.
#[derive(Debug)]
pub(crate) enum Left {
    /// All is done.
    Done,
    /// The time given was over.
    Paused,
    /// Somebody asked for the end of the task.
    Cancelled,
    /// The engine stops; the task goes on after the next start.
    Stopping,
    /// It can't go on.
    Failed(EngineError),
}

/// Does one slice of `work`, which may last until the time it is given, and hands the network over
/// as it is then.
///
/// # Errors
/// When the network can't be loaded, or `work` panicked.
pub(crate) async fn slice<T: Send + 'static>(
    shared: &Shared,
    cell: &ClusterCell,
    work: impl FnOnce(&mut Resident, Instant) -> T + Send + 'static,
) -> Result<(Held, T), EngineError> {
    let turn = shared.host.turn().await;
    let mut held = cell.hold(shared).await?;
    let most = shared.settings.cores_per_cluster;
    let helpers = Helpers::call(&shared.host, &held.network, most);
    let work = move || {
        // Should the slice panic, the network is not used again as it is.
        held.stale = true;
        held.network.set_crew(helpers.as_ref().map(Helpers::crew));
        let done = work(&mut held, Instant::now() + SLICE);
        held.network.set_crew(None);
        held.measure_again();
        held.stale = false;
        (held, done)
    };
    turn.run(work).await
}

/// Does `work` until it is done or has to be left, at most until `pause`, and gives it back as it
/// is after its last whole step.
///
/// # Errors
/// When the network can't be loaded, or a slice panicked; the work is lost then.
pub(crate) async fn work_through<W: Slices>(
    shared: &Shared,
    cell: &ClusterCell,
    live: &LiveTask,
    mut work: W,
    pause: Instant,
) -> Result<(W, Left), EngineError> {
    loop {
        if work.is_done() {
            return Ok((work, Left::Done));
        } else if live.is_cancelled() && (shared.is_stopping() || !work.winds_down()) {
            return Ok((work, Left::Cancelled));
        } else if shared.is_stopping() {
            return Ok((work, Left::Stopping));
        } else if Instant::now() >= pause {
            return Ok((work, Left::Paused));
        }
        let (_, (piece, result)) = slice(shared, cell, move |resident, deadline| {
            let result = work.slice(resident, deadline);
            (work, result)
        })
        .await?;
        work = piece;
        cell.touch(shared);
        work.publish(live);
        if let Err(error) = result {
            return Ok((work, Left::Failed(error)));
        }
    }
}
