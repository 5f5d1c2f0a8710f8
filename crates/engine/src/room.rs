//! Making room: networks that nobody uses leave memory when all of them together take more than the
//! budget, those that were not used for longest first; journals are closed when too many are open.
//!
//! A network comes back from the disk at its next use, with the same bits. Room is made by whoever
//! reads a network from the disk, before it is used, so memory stays within the budget but for what
//! is in use at the time; and by a task of its own when networks have grown, or when one needs to be
//! saved before it leaves, which nobody is to wait for. Neither of them waits for a cluster's lock: a
//! cluster whose lock is taken is in use, and stays.

use std::sync::Arc;
use std::time::Duration;

use crate::cell::ClusterCell;
use crate::shared::Shared;

/// Between two times that room is made for networks that have grown, at least.
const PAUSE: Duration = Duration::from_millis(100);

/// Makes room whenever there is too little, until the engine stops.
pub(crate) async fn keep_room(shared: Arc<Shared>) {
    let mut stopping = shared.stopping();
    loop {
        tokio::select! {
            () = shared.memory.crowded.notified() => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        make_room(&shared, Saving::Allowed).await;
        shared.pause(PAUSE).await;
    }
}

/// Whether a network whose journal takes long to replay may be saved before it leaves, which takes
/// some time; otherwise it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saving {
    Allowed,
    NotNow,
}

/// Makes room if there is too little.
pub(crate) async fn make_room(shared: &Shared, saving: Saving) {
    let memory = &shared.memory;
    if !memory.is_crowded() {
        return;
    }
    let cells = least_recent_first(shared);
    if memory.wants_bytes() {
        for cell in &cells {
            cell.leave(shared, saving).await;
            if !memory.wants_bytes() {
                break;
            }
        }
    }
    if memory.wants_journals() {
        for cell in &cells {
            cell.close_journal().await;
            if !memory.wants_journals() {
                break;
            }
        }
    }
    if saving == Saving::NotNow && memory.is_crowded() {
        memory.crowded.notify_one();
    }
}

/// The clusters in memory; the one that was not used for longest comes first.
fn least_recent_first(shared: &Shared) -> Vec<Arc<ClusterCell>> {
    let mut cells = shared.cells();
    cells.retain(|cell| cell.is_in_memory());
    cells.sort_by_cached_key(|cell| cell.last_hold());
    cells
}
