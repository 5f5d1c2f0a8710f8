//! One cluster in memory: its network, its runner, and the task that runs.
//!
//! Invariants:
//! - The network is touched only under the cell's lock. The lock is fair (first come, first
//!   served) and is held for one slice or one direct step at most, so a request gets its turn
//!   between the slices of a running training.
//! - The network in memory is what the disk says plus, at most, steps nobody was told of yet. When
//!   writing fails the network is dropped, and comes back from the disk at the next use.
//! - What training tasks taught it since the snapshot stands in `unsaved`, and in no journal. As long
//!   as there is such, whatever else is learned becomes durable only as a snapshot, together with
//!   the task's position; otherwise memory is the snapshot and the journal, and a step is appended.
//! - `direct`, `deleted` and `replaced` change only under the lock.
//! - Whoever needs a core of the host and the lock takes the core first. The other way round, two
//!   clusters could wait for each other for ever.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};

use hanami_network::Network;
use hanami_store::{Cluster, ClusterMode, OffsetDateTime, Progress, Store, StoreError};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, watch};
use uuid::Uuid;

use crate::direct_log::DirectLog;
use crate::error::EngineError;
use crate::host::blocking;
use crate::live::LiveTask;
use crate::notes::Unsaved;
use crate::shared::Shared;

/// A network with more synapses than this takes a core of the host in turn for each direct step,
/// as tasks do for a slice; a smaller one answers in less time than it takes to wait for a turn.
const LARGE: usize = 2_000_000;

/// Steps after which it is looked at again whether a network has grown large.
const MEASURED_EVERY: u64 = 256;

/// Stands for the time of a use that there has not been.
const NEVER: i64 = i64::MIN;

/// The lock on a cluster's network, held.
pub(crate) type Held = OwnedMappedMutexGuard<Option<Resident>, Resident>;

/// One cluster in memory.
#[derive(Debug)]
pub(crate) struct ClusterCell {
    pub(crate) uuid: Uuid,
    network: Arc<Mutex<Option<Resident>>>,
    direct: AtomicBool,
    deleted: AtomicBool,
    replaced: AtomicU64,
    reads: AtomicU64,
    /// When it was last used, in seconds of Unix time; [`NEVER`] before the first use.
    used: AtomicI64,
    /// The same, as far as it is on the disk.
    used_on_disk: AtomicI64,
    /// Bytes of the network in memory; 0 when there is none.
    bytes: Arc<AtomicU64>,
    pub(crate) runner: Runner,
    live: SyncMutex<Option<Arc<LiveTask>>>,
    turns: watch::Sender<()>,
}

/// A network in memory and where it stands on the disk.
pub(crate) struct Resident {
    pub(crate) network: Network,
    /// Steps that came after the snapshot and are in the journal.
    pub(crate) log: DirectLog,
    /// How far a training task is that taught the network after the snapshot.
    pub(crate) unsaved: Option<Unsaved>,
    /// Which reading of the network from the disk this is.
    pub(crate) reading: u64,
    /// Whether a step takes so long that it has to wait for a core of the host.
    pub(crate) large: bool,
    /// Set when memory and disk have parted; the next use loads the network again.
    pub(crate) stale: bool,
    /// The cell's count of bytes.
    bytes: Arc<AtomicU64>,
}

impl Drop for Resident {
    fn drop(&mut self) {
        self.bytes.store(0, Relaxed);
    }
}

impl std::fmt::Debug for Resident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resident").field("stale", &self.stale).finish_non_exhaustive()
    }
}

impl ClusterCell {
    pub(crate) fn new(cluster: &Cluster) -> Self {
        let used = cluster.last_used_at.map_or(NEVER, OffsetDateTime::unix_timestamp);
        Self {
            uuid: cluster.uuid,
            network: Arc::default(),
            direct: AtomicBool::new(cluster.mode == ClusterMode::Direct),
            deleted: AtomicBool::new(false),
            replaced: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            used: AtomicI64::new(used),
            used_on_disk: AtomicI64::new(used),
            bytes: Arc::default(),
            runner: Runner::default(),
            live: SyncMutex::default(),
            turns: watch::Sender::new(()),
        }
    }

    /// The network, loaded if need be, for as long as the answer is held.
    pub(crate) async fn hold(&self, store: &Store) -> Result<Held, EngineError> {
        let mut slot = self.lock().await?;
        if slot.as_ref().is_none_or(|resident| resident.stale) {
            *slot = None;
            let (network, log) = load(self.uuid, store).await?;
            *slot = Some(self.resident(network, log));
        }
        OwnedMutexGuard::try_map(slot, Option::as_mut)
            .map_err(|_| EngineError::Fault("a loaded network is gone".to_owned()))
    }

    async fn lock(&self) -> Result<OwnedMutexGuard<Option<Resident>>, EngineError> {
        let slot = self.network.clone().lock_owned().await;
        if self.is_deleted() {
            let (kind, id) = ("cluster", self.uuid.to_string());
            return Err(StoreError::NotFound { kind, id }.into());
        }
        Ok(slot)
    }

    /// Whether direct connections may use the cluster.
    pub(crate) fn is_direct(&self) -> bool {
        self.direct.load(Relaxed)
    }

    /// Changes the mode by `change`, while nobody touches the network.
    pub(crate) async fn change_mode(
        &self,
        change: impl Future<Output = Result<Cluster, StoreError>>,
    ) -> Result<Cluster, EngineError> {
        let _slot = self.lock().await?;
        let cluster = change.await?;
        self.direct.store(cluster.mode == ClusterMode::Direct, Relaxed);
        Ok(cluster)
    }

    /// Deletes the cluster by `delete`, while nobody touches the network, and frees its memory.
    pub(crate) async fn delete(
        &self,
        delete: impl Future<Output = Result<(), StoreError>>,
    ) -> Result<(), EngineError> {
        let mut slot = self.lock().await?;
        delete.await?;
        self.deleted.store(true, Relaxed);
        *slot = None;
        if let Some(live) = self.live() {
            live.cancel();
        }
        self.turned();
        Ok(())
    }

    /// Puts `network`, which `change` makes the cluster's on the disk, in the place of the one in
    /// memory, while nobody touches that.
    pub(crate) async fn replace(
        &self,
        store: &Store,
        network: Network,
        change: impl Future<Output = Result<Cluster, StoreError>>,
    ) -> Result<(), EngineError> {
        let mut slot = self.lock().await?;
        // Until the change is known to have succeeded, only the disk can tell which network it is.
        *slot = None;
        self.replaced.fetch_add(1, Relaxed);
        let cluster = change.await?;
        *slot = Some(self.resident(network, DirectLog::after(&cluster, store)));
        Ok(())
    }

    /// A network that has just been read from the disk.
    fn resident(&self, network: Network, log: DirectLog) -> Resident {
        let reading = self.reads.fetch_add(1, Relaxed);
        let mut resident = Resident {
            network,
            log,
            unsaved: None,
            reading,
            large: false,
            stale: false,
            bytes: self.bytes.clone(),
        };
        resident.measure();
        resident
    }

    /// Notes that the cluster is used now.
    pub(crate) fn touch(&self) {
        self.used.store(OffsetDateTime::now_utc().unix_timestamp(), Relaxed);
    }

    /// When the cluster was last used, to the second.
    pub(crate) fn last_used(&self) -> Option<OffsetDateTime> {
        // Every time here was a time before.
        OffsetDateTime::from_unix_timestamp(self.used.load(Relaxed)).ok()
    }

    /// When the cluster was last used, if the disk does not know; it counts as known from now on.
    pub(crate) fn take_use(&self) -> Option<OffsetDateTime> {
        let used = self.used.load(Relaxed);
        let known = self.used_on_disk.swap(used, Relaxed);
        if known == used { None } else { self.last_used() }
    }

    /// Takes back that the disk knows of the last use.
    pub(crate) fn forget_use(&self) {
        self.used_on_disk.store(NEVER, Relaxed);
    }

    /// How often the network was replaced by another one; its bricks may differ since then.
    pub(crate) fn replaced(&self) -> u64 {
        self.replaced.load(Relaxed)
    }

    /// Bytes of the network in memory, as last measured; 0 when there is none.
    pub(crate) fn resident_bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Whether the cluster is gone.
    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted.load(Relaxed)
    }

    /// The task that runs at present.
    pub(crate) fn live(&self) -> Option<Arc<LiveTask>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets the task that runs at present.
    pub(crate) fn set_live(&self, live: Option<Arc<LiveTask>>) {
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = live;
        self.turned();
    }

    /// Tells whoever follows a task of the queue to look at its row again.
    pub(crate) fn turned(&self) {
        self.turns.send_replace(());
    }

    /// Changes when rows of the queue have changed, but for the progress of the one that runs.
    pub(crate) fn turns(&self) -> watch::Receiver<()> {
        self.turns.subscribe()
    }
}

impl Resident {
    /// Learns a step that a user sent. It is durable after [`settle`]. What can't be appended is
    /// not learned. May block for a moment.
    pub(crate) fn learn(
        &mut self,
        input: &[f32],
        target: &[f32],
        prediction: &mut [f32],
    ) -> Result<(), EngineError> {
        if self.unsaved.is_some() {
            return Ok(self.network.train(input, target, prediction)?);
        }
        self.log.append(input, target)?;
        self.log.learn(&mut self.network, input, target, prediction)?;
        if self.log.steps().is_multiple_of(MEASURED_EVERY) {
            self.measure();
        }
        Ok(())
    }

    /// Refuses to go on with work that began with another `reading` of the network: what this one
    /// holds is behind it.
    pub(crate) fn require_reading(&self, reading: u64) -> Result<(), EngineError> {
        if self.reading == reading { Ok(()) } else { Err(EngineError::reread()) }
    }

    /// Looks again how large the network has grown.
    pub(crate) fn measure(&mut self) {
        let stats = self.network.stats();
        self.large = stats.synapses > LARGE;
        self.bytes.store(stats.bytes as u64, Relaxed);
    }
}

/// Saves a network as its cluster's new snapshot, together with `progress`, in one transaction.
/// On an error the network counts as stale, unless the disk is full: then it can be saved later.
pub(crate) async fn save(
    held: Held,
    uuid: Uuid,
    store: &Store,
    progress: Progress,
) -> Result<(), EngineError> {
    store.require_disk().await?;
    let (mut held, bytes, steps) = blocking(move || {
        let (bytes, steps) = (held.network.to_bytes(), held.network.steps());
        (held, bytes, steps)
    })
    .await?;
    held.measure();
    // Until the commit is known to have succeeded, it may have happened or not.
    held.stale = true;
    let saved = store.save_snapshot(uuid, bytes, steps as i64, progress).await;
    // A full disk has certainly not taken it, and memory stays ahead of the disk.
    held.stale = !matches!(saved, Err(StoreError::Full));
    let saved = saved?;
    held.log = DirectLog::after(&saved, store);
    held.unsaved = None;
    held.stale = false;
    Ok(())
}

/// Makes durable what was learned by [`Resident::learn`] up to now, and gives the network back. A
/// journal is synced after that, so that those who learn at the same time share a sync.
pub(crate) async fn settle(
    held: Held,
    shared: &Shared,
    cell: &ClusterCell,
) -> Result<(), EngineError> {
    cell.touch();
    let appended = held.log.appended();
    let Some((journal, position)) = appended
        .filter(|_| held.unsaved.is_none() && !held.log.is_full(shared.settings.journal_limit))
    else {
        // The snapshot holds it all, so nothing is left to sync.
        let unsaved = held.unsaved.as_ref();
        let progress = unsaved.map_or(Ok(Progress::None), Unsaved::progress)?;
        let saved = save(held, cell.uuid, &shared.store, progress).await;
        if saved.as_ref().is_err_and(EngineError::is_full) {
            // What is not acknowledged is not to stay.
            cell.hold(&shared.store).await?.stale = true;
        }
        return saved;
    };
    drop(held);
    if let Err(error) = blocking(move || journal.sync_through(position)).await? {
        cell.hold(&shared.store).await?.stale = true;
        return Err(error.into());
    }
    Ok(())
}

/// Folds a journal that came after the snapshot into a new snapshot, and gives the network
/// back.
pub(crate) async fn fold(held: Held, uuid: Uuid, store: &Store) -> Result<(), EngineError> {
    if held.log.steps() == 0 {
        return Ok(());
    }
    save(held, uuid, store, Progress::None).await
}

/// Loads the network of a cluster: its snapshot, and the journal that came after it.
async fn load(uuid: Uuid, store: &Store) -> Result<(Network, DirectLog), EngineError> {
    let cluster = store.cluster_for_engine(uuid).await?;
    if cluster.snapshot.is_none() {
        return Err(EngineError::empty(&cluster));
    }
    let bytes = store.snapshot_bytes(&cluster).await?;
    let mut log = DirectLog::after(&cluster, store);
    blocking(move || {
        let mut network = Network::from_bytes(&bytes)?;
        log.replay(&mut network)?;
        Ok((network, log))
    })
    .await?
}

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

    /// Called by the runner that found the queue empty. Says whether it may leave: not if it was
    /// called since it looked.
    pub(crate) fn leave(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let leave = *state == RunnerState::Running;
        *state = if leave { RunnerState::Idle } else { RunnerState::Running };
        leave
    }
}
