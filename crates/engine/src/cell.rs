//! One cluster in memory: its network, its runner, and the task that runs.
//!
//! Invariants:
//! - The network is touched only under the cell's lock. The lock is fair (first come, first
//!   served) and is held for one slice or one direct step at most, so a request gets its turn
//!   between the slices of a running training.
//! - The network in memory is what the disk says plus, at most, steps nobody was told of yet. When
//!   writing fails the network is dropped, and comes back from the disk at the next use.
//! - A network that leaves memory to make room is what its snapshot and its journal hold, so what
//!   comes back is the same reading of it. It leaves only while nobody has the lock, no runner is at
//!   work and nothing is unsaved.
//! - What training tasks taught it since the snapshot stands in `unsaved`, and in no journal. As long
//!   as there is such, whatever else is learned becomes durable only as a snapshot, together with
//!   the task's position; otherwise memory is the snapshot and the journal, and a step is appended.
//! - `direct`, `deleted`, `replaced` and `reading` change only under the lock.
//! - Whoever needs a core of the host and the lock takes the core first. The other way round, two
//!   clusters could wait for each other for ever.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::{Duration, Instant};

use hanami_network::{Gauges, Network};
use hanami_store::{Cluster, ClusterMode, OffsetDateTime, Progress, StoreError};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, watch};
use uuid::Uuid;

use crate::direct_log::DirectLog;
use crate::error::EngineError;
use crate::host::blocking;
use crate::live::LiveTask;
use crate::memory::Footprint;
use crate::notes::Unsaved;
use crate::room::{Saving, make_room};
use crate::runner::Runner;
use crate::shared::Shared;

/// A network with more synapses than this takes a core of the host in turn for each direct step,
/// as tasks do for a slice; a smaller one answers in less time than it takes to wait for a turn.
const LARGE: usize = 2_000_000;

/// Steps after which it is looked at again how large a network has grown. The first ones make it grow
/// most, so it is looked at after 1, 2, 4, 8 and so on too.
const MEASURED_EVERY: u64 = 256;

/// Time after which it is looked at again while a task or a long call works on a network.
const MEASURED_AFTER: Duration = Duration::from_millis(500);

/// Stands for the time of a use that there has not been.
const NEVER: i64 = i64::MIN;

/// The lock on a cluster's network, held.
pub(crate) type Held = OwnedMappedMutexGuard<Slot, Resident>;

/// One cluster in memory.
#[derive(Debug)]
pub(crate) struct ClusterCell {
    pub(crate) uuid: Uuid,
    slot: Arc<Mutex<Slot>>,
    direct: AtomicBool,
    deleted: AtomicBool,
    replaced: AtomicU64,
    /// The number of the present reading of the network.
    reading: AtomicU64,
    /// The number of the last use, in the order of all clusters' uses.
    last_hold: AtomicU64,
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

/// Where the network is, if it is in memory.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    /// In a place of its own, so that a cluster whose network is away takes little.
    resident: Option<Box<Resident>>,
    /// What was measured of a network that has left memory, and is in no snapshot.
    gauges: Option<Gauges>,
}

impl Slot {
    /// Forgets the network: only the disk tells what it is.
    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A network in memory and where it stands on the disk.
pub(crate) struct Resident {
    pub(crate) network: Network,
    /// Steps that came after the snapshot and are in the journal.
    pub(crate) log: DirectLog,
    /// How far a training task is that taught the network after the snapshot.
    pub(crate) unsaved: Option<Unsaved>,
    /// Which reading of the network from the disk this is. One that has left memory and come back is
    /// the same still.
    pub(crate) reading: u64,
    /// Whether a step takes so long that it has to wait for a core of the host.
    pub(crate) large: bool,
    /// Set when memory and disk have parted; the next use loads the network again.
    pub(crate) stale: bool,
    footprint: Footprint,
    measured: Instant,
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
            slot: Arc::default(),
            direct: AtomicBool::new(cluster.mode == ClusterMode::Direct),
            deleted: AtomicBool::new(false),
            replaced: AtomicU64::new(0),
            reading: AtomicU64::new(0),
            last_hold: AtomicU64::new(0),
            used: AtomicI64::new(used),
            used_on_disk: AtomicI64::new(used),
            bytes: Arc::default(),
            runner: Runner::default(),
            live: SyncMutex::default(),
            turns: watch::Sender::new(()),
        }
    }

    /// The network, loaded if need be, for as long as the answer is held.
    pub(crate) async fn hold(&self, shared: &Shared) -> Result<Held, EngineError> {
        let mut slot = self.lock().await?;
        self.last_hold.store(shared.memory.next_use(), Relaxed);
        if slot.resident.as_ref().is_some_and(|resident| resident.stale) {
            slot.clear();
            self.reading.fetch_add(1, Relaxed);
        }
        if slot.resident.is_none() {
            self.load(&mut slot, shared).await?;
        }
        OwnedMutexGuard::try_map(slot, |slot| slot.resident.as_deref_mut())
            .map_err(|_| EngineError::Fault("a loaded network is gone".to_owned()))
    }

    async fn lock(&self) -> Result<OwnedMutexGuard<Slot>, EngineError> {
        let slot = self.slot.clone().lock_owned().await;
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
        slot.clear();
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
        shared: &Shared,
        network: Network,
        change: impl Future<Output = Result<Cluster, StoreError>>,
    ) -> Result<(), EngineError> {
        let mut slot = self.lock().await?;
        // Until the change is known to have succeeded, only the disk can tell which network it is.
        slot.clear();
        self.replaced.fetch_add(1, Relaxed);
        self.reading.fetch_add(1, Relaxed);
        let cluster = change.await?;
        let log = DirectLog::after(&cluster, shared);
        slot.resident = Some(self.resident(network, log, shared));
        Ok(())
    }

    /// Reads the network from the disk: its snapshot, and the journal that came after it. Then makes
    /// room for it, which waits for no other cluster.
    async fn load(&self, slot: &mut Slot, shared: &Shared) -> Result<(), EngineError> {
        // The semaphore is never closed; should it be, going on beats waiting for ever.
        let _loading = shared.memory.loading.acquire().await.ok();
        let cluster = shared.store.cluster_for_engine(self.uuid).await?;
        if cluster.snapshot.is_none() {
            return Err(EngineError::empty(&cluster));
        }
        // The cell may have been made of a row that was read before the mode was changed.
        self.direct.store(cluster.mode == ClusterMode::Direct, Relaxed);
        let bytes = shared.store.snapshot_bytes(&cluster).await?;
        let mut log = DirectLog::after(&cluster, shared);
        let loaded = blocking(move || {
            let mut network = Network::from_bytes(&bytes)?;
            drop(bytes);
            log.replay(&mut network)?;
            Ok::<_, EngineError>((network, log))
        });
        let (mut network, log) = loaded.await??;
        if let Some(gauges) = slot.gauges.take() {
            network.set_gauges(gauges);
        }
        slot.resident = Some(self.resident(network, log, shared));
        shared.memory.loads.fetch_add(1, Relaxed);
        make_room(shared, Saving::NotNow).await;
        Ok(())
    }

    /// A network that is the one on the disk.
    fn resident(&self, network: Network, log: DirectLog, shared: &Shared) -> Box<Resident> {
        let mut resident = Box::new(Resident {
            network,
            log,
            unsaved: None,
            reading: self.reading.load(Relaxed),
            large: false,
            stale: false,
            footprint: Footprint::new(&shared.memory, &self.bytes),
            measured: Instant::now(),
        });
        resident.measure();
        resident
    }

    /// Lets the network leave memory, unless the cluster is in use.
    pub(crate) async fn leave(&self, shared: &Shared, saving: Saving) {
        let Some(mut slot) = self.lock_idle() else { return };
        let Some(resident) = &mut slot.resident else { return };
        if !resident.stale && !resident.log.is_quick() {
            if saving == Saving::NotNow {
                return;
            }
            let Ok(held) = OwnedMutexGuard::try_map(slot, |slot| slot.resident.as_deref_mut())
            else {
                return;
            };
            if let Err(error) = fold(held, self.uuid, shared).await {
                tracing::warn!(cluster = %self.uuid, %error, "not saved before it leaves memory");
            }
            let Some(unlocked) = self.lock_idle() else { return };
            slot = unlocked;
        }
        let Some(mut resident) = slot.resident.take() else { return };
        let stale = resident.stale;
        // Counts as gone at once, or others would make the same room again.
        resident.footprint.set(0);
        let left = blocking(move || {
            let closed = resident.log.close();
            (closed, resident.network.take_gauges())
        });
        match left.await {
            Ok((Ok(()), gauges)) if !stale => slot.gauges = Some(gauges),
            // What comes back may be behind what was in memory.
            _ => _ = self.reading.fetch_add(1, Relaxed),
        }
        shared.memory.evictions.fetch_add(1, Relaxed);
    }

    /// Closes the journal, unless the cluster is in use.
    pub(crate) async fn close_journal(&self) {
        let Some(slot) = self.lock_idle() else { return };
        let held = OwnedMutexGuard::try_map(slot, |slot| slot.resident.as_deref_mut());
        let Some(mut held) = held.ok().filter(|held| held.log.is_open()) else { return };
        let closing = blocking(move || held.stale |= held.log.close().is_err());
        if let Err(error) = closing.await {
            tracing::error!(cluster = %self.uuid, %error, "a journal can't be closed");
        }
    }

    /// The lock, if nobody has it, and nobody is about to work on what is not saved.
    fn lock_idle(&self) -> Option<OwnedMutexGuard<Slot>> {
        let slot = self.slot.clone().try_lock_owned().ok()?;
        let saved = slot.resident.as_ref().is_none_or(|resident| resident.unsaved.is_none());
        (saved && self.runner.is_idle()).then_some(slot)
    }

    /// Whether the network is in memory.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.bytes.load(Relaxed) > 0
    }

    /// The number of the last use.
    pub(crate) fn last_hold(&self) -> u64 {
        self.last_hold.load(Relaxed)
    }

    /// Whether nothing is lost with this cell that the disk does not know.
    pub(crate) fn is_empty(&self) -> bool {
        let slot = self.slot.try_lock();
        slot.is_ok_and(|slot| slot.resident.is_none() && slot.gauges.is_none())
            && self.used.load(Relaxed) == self.used_on_disk.load(Relaxed)
    }

    /// Notes that the cluster is used now.
    pub(crate) fn touch(&self, shared: &Shared) {
        self.used.store(shared.store.now().unix_timestamp(), Relaxed);
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
        let steps = self.log.steps();
        if steps.is_power_of_two() || steps.is_multiple_of(MEASURED_EVERY) {
            self.measure();
        }
        Ok(())
    }

    /// Refuses to go on with work that began with another `reading` of the network: what this one
    /// holds is behind it.
    pub(crate) fn require_reading(&self, reading: u64) -> Result<(), EngineError> {
        if self.reading == reading { Ok(()) } else { Err(EngineError::reread()) }
    }

    /// Looks again how large the network has grown, if that was too long ago.
    pub(crate) fn measure_again(&mut self) {
        if self.measured.elapsed() >= MEASURED_AFTER {
            self.measure();
        }
    }

    /// Looks again how large the network has grown.
    pub(crate) fn measure(&mut self) {
        let stats = self.network.stats();
        self.large = stats.synapses > LARGE;
        self.footprint.set(stats.bytes as u64);
        self.measured = Instant::now();
    }
}

/// Saves a network as its cluster's new snapshot, together with `progress`, in one transaction.
/// On an error the network counts as stale, unless the disk is full: then it can be saved later.
pub(crate) async fn save(
    held: Held,
    uuid: Uuid,
    shared: &Shared,
    progress: Progress,
) -> Result<(), EngineError> {
    shared.store.require_disk().await?;
    let (mut held, bytes, steps) = blocking(move || {
        let (bytes, steps) = (held.network.to_bytes(), held.network.steps());
        (held, bytes, steps)
    })
    .await?;
    held.measure();
    // Until the commit is known to have succeeded, it may have happened or not.
    held.stale = true;
    let saved = shared.store.save_snapshot(uuid, bytes, steps as i64, progress).await;
    // A full disk has certainly not taken it, and memory stays ahead of the disk.
    held.stale = !matches!(saved, Err(StoreError::Full));
    let saved = saved?;
    held.log = DirectLog::after(&saved, shared);
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
    cell.touch(shared);
    let appended = held.log.appended();
    let Some((journal, position)) = appended
        .filter(|_| held.unsaved.is_none() && !held.log.is_full(shared.settings.journal_limit))
    else {
        // The snapshot holds it all, so nothing is left to sync.
        let unsaved = held.unsaved.as_ref();
        let is_ahead = unsaved.is_some();
        let progress = unsaved.map_or(Ok(Progress::None), Unsaved::progress)?;
        let saved = save(held, cell.uuid, shared, progress).await;
        if !is_ahead && saved.as_ref().is_err_and(EngineError::is_full) {
            // What is not acknowledged is not to stay, unless a training would lose its work with it.
            cell.hold(shared).await?.stale = true;
        }
        return saved;
    };
    drop(held);
    // Else a save that has failed might come back after a crash, without these steps.
    let synced = match shared.store.settle().await {
        Ok(()) => blocking(move || journal.sync_through(position)).await?,
        Err(error) => Err(error),
    };
    if let Err(error) = synced {
        cell.hold(shared).await?.stale = true;
        return Err(error.into());
    }
    Ok(())
}

/// Folds a journal that came after the snapshot into a new snapshot, and gives the network
/// back.
pub(crate) async fn fold(held: Held, uuid: Uuid, shared: &Shared) -> Result<(), EngineError> {
    if held.log.steps() == 0 {
        return Ok(());
    }
    save(held, uuid, shared, Progress::None).await
}
