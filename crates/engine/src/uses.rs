//! When clusters were last used.
//!
//! A use is noted in memory, in the cluster's cell: a transaction for each prediction would cost a
//! thousand times the prediction. Once a minute, and when the engine stops, one transaction writes
//! the times that have changed. A server that is killed forgets the uses of its last minute, and
//! nothing else. Cells that hold nothing else are forgotten after that.

use std::sync::Arc;
use std::time::Duration;

use crate::shared::Shared;

/// How often the times are written.
const INTERVAL: Duration = Duration::from_mins(1);

/// Writes the times of last use until the engine stops.
pub(crate) async fn keep_uses(shared: Arc<Shared>) {
    while !shared.is_stopping() {
        shared.pause(INTERVAL).await;
        save_uses(&shared).await;
        shared.forget_idle();
    }
}

/// Writes the times of last use that the disk does not know.
pub(crate) async fn save_uses(shared: &Shared) {
    let mut cells = shared.cells();
    let mut uses = Vec::new();
    cells.retain(|cell| {
        let used = cell.take_use();
        uses.extend(used.map(|at| (cell.uuid, at)));
        used.is_some()
    });
    if uses.is_empty() {
        return;
    }
    if let Err(error) = shared.store.save_uses(&uses).await {
        tracing::warn!(%error, "when clusters were last used can't be written; trying again later");
        for cell in cells {
            cell.forget_use();
        }
    }
}
