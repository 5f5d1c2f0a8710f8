//! What all parts of the engine share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use hanami_store::{Access, Cluster, Kept, Scope, Store};
use tokio::sync::{Mutex, OwnedMutexGuard, Semaphore, watch};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::cell::ClusterCell;
use crate::data::Descriptions;
use crate::error::EngineError;
use crate::host::Host;
use crate::memory::Memory;
use crate::numbers::Counts;
use crate::settings::EngineSettings;

/// Clusters of which it is remembered who sees them, at most.
const SEEN: usize = 4096;

/// Request tasks that hold all their outputs in memory at the same time; others wait.
const OUTPUTS_HELD: usize = 4;

/// What all parts of the engine share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) settings: EngineSettings,
    pub(crate) host: Host,
    pub(crate) runners: TaskTracker,
    pub(crate) counts: Arc<Counts>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) descriptions: Descriptions,
    /// One permit for each request task that may hold all its outputs in memory.
    pub(crate) outputs_held: Semaphore,
    /// One permit for each checkpoint that may be in memory to become one of ours.
    pub(crate) imports: Semaphore,
    /// By user, held while a dataset is converted or described for them.
    whole_reads: SyncMutex<HashMap<String, Arc<Mutex<()>>>>,
    cells: SyncMutex<HashMap<Uuid, Arc<ClusterCell>>>,
    /// Which clusters are to be seen by whom, as far as that is known.
    seen: Kept<(Scope, Uuid), ()>,
    stopping: watch::Sender<bool>,
}

impl Shared {
    pub(crate) fn new(store: Store, settings: EngineSettings, host: Host) -> Self {
        Self {
            outputs_held: Semaphore::new(OUTPUTS_HELD),
            imports: Semaphore::new(settings.cores.max(1)),
            memory: Arc::new(Memory::new(&settings)),
            store,
            settings,
            host,
            runners: TaskTracker::new(),
            counts: Arc::default(),
            descriptions: Descriptions::default(),
            whole_reads: SyncMutex::default(),
            cells: SyncMutex::default(),
            seen: Kept::new(SEEN),
            stopping: watch::Sender::new(false),
        }
    }

    /// The cluster in memory; it is the same for all who ask.
    pub(crate) fn cell(&self, cluster: &Cluster) -> Arc<ClusterCell> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = cells.entry(cluster.uuid);
        cell.or_insert_with(|| Arc::new(ClusterCell::new(cluster))).clone()
    }

    /// The cluster in memory, if `access` may see it. That it may is asked of the database once, and
    /// then again when somebody has written to it.
    ///
    /// # Errors
    /// Not found.
    pub(crate) async fn seen(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<Arc<ClusterCell>, EngineError> {
        let key = (access.scope(), uuid);
        // Before the database is asked: what it tells may be over by the time it is kept.
        let revision = self.store.revision();
        if self.seen.find(&key, revision).is_some()
            && let Some(cell) = self.known(uuid)
        {
            return Ok(cell);
        }
        let cluster = self.store.cluster(access, uuid).await?;
        self.seen.keep(key, revision, ());
        Ok(self.cell(&cluster))
    }

    fn known(&self, uuid: Uuid) -> Option<Arc<ClusterCell>> {
        let cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.get(&uuid).cloned()
    }

    /// All clusters that have a cell: those in memory, in use, or used a short while ago.
    pub(crate) fn cells(&self) -> Vec<Arc<ClusterCell>> {
        let cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.values().cloned().collect()
    }

    /// How many clusters have a cell.
    pub(crate) fn tracked(&self) -> usize {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Waits until no other dataset is read as a whole for `user`, to be converted or described: one
    /// at a time, so that nobody keeps the disk from others by asking for many large ones at once.
    pub(crate) async fn whole_read(&self, user: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.whole_reads.lock().unwrap_or_else(PoisonError::into_inner);
            // A turn that only the map holds is nobody's.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            turns.entry(user.to_owned()).or_default().clone()
        };
        turn.lock_owned().await
    }

    /// Drops a deleted cluster from memory, once nobody uses it any more.
    pub(crate) fn forget(&self, cluster: Uuid) {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner).remove(&cluster);
    }

    /// Drops the cells that hold nothing and that nobody uses, also those that were made for clusters
    /// which were deleted at that moment.
    pub(crate) fn forget_idle(&self) {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        // A cell that only the map holds can't come to anybody while the map is locked.
        cells.retain(|_, cell| Arc::strong_count(cell) > 1 || !cell.is_empty());
    }

    /// Asks everything that runs to stop.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether the engine stops.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Refuses what must not begin, or go on, once the engine stops.
    pub(crate) fn refuse_when_stopping(&self) -> Result<(), EngineError> {
        if self.is_stopping() { Err(EngineError::Stopping) } else { Ok(()) }
    }

    /// Turns true when the engine stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Waits, but not on when the engine stops.
    pub(crate) async fn pause(&self, time: Duration) {
        let mut stopping = self.stopping();
        // An elapsed time is the usual end of this wait.
        let _ = tokio::time::timeout(time, stopping.wait_for(|stopping| *stopping)).await;
    }
}
