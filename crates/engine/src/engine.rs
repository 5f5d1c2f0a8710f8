//! The engine's face: what the server asks of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use hanami_dataset::{BrickShape, Dataset as DatasetFile, Sampler, accuracy};
use hanami_network::template::{BrickKind, Template};
use hanami_network::{Network, Stats};
use hanami_store::{
    Access, Cluster, ClusterMode, Dataset, DatasetState, NewTask, Store, StoreError, Task,
    TaskDeletion, TaskKind, TaskState,
};
use tokio::sync::{Mutex, watch};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::cell::ClusterCell;
use crate::direct::DirectSession;
use crate::error::EngineError;
use crate::host::{Host, blocking};
use crate::ingest;
use crate::queue::call_runner;
use crate::settings::EngineSettings;

/// How long a stop waits for the tasks that run.
const STOP_PATIENCE: Duration = Duration::from_secs(4);

/// How long the abort of a task is waited for.
const ABORT_PATIENCE: Duration = Duration::from_secs(5);

/// What all parts of the engine share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) settings: EngineSettings,
    pub(crate) host: Host,
    pub(crate) runners: TaskTracker,
    /// Held while a dataset is converted: one at a time keeps the disk and the cores for others.
    pub(crate) conversions: Mutex<()>,
    cells: SyncMutex<HashMap<Uuid, Arc<ClusterCell>>>,
    stopping: watch::Sender<bool>,
}

impl Shared {
    /// The cluster in memory; it is the same for all who ask.
    pub(crate) fn cell(&self, cluster: &Cluster) -> Arc<ClusterCell> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = cells.entry(cluster.uuid);
        cell.or_insert_with(|| Arc::new(ClusterCell::new(cluster))).clone()
    }

    fn forget(&self, cluster: Uuid) {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner).remove(&cluster);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
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

/// A cluster, its queue and what has grown in it.
#[derive(Debug, Clone)]
pub struct ClusterView {
    /// The cluster.
    pub cluster: Cluster,
    /// Queued and running tasks.
    pub open_tasks: u64,
    /// What its network is made of; `None` for an empty cluster.
    pub size: Option<Stats>,
}

/// A task and how far it is at this moment.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The task.
    pub task: Task,
    /// Samples worked through.
    pub samples: u64,
    /// Share in percent of the samples that were answered right before they were learned.
    pub running_accuracy: Option<f64>,
}

/// What a client wants done.
#[derive(Debug, Clone)]
pub struct SubmitTask {
    /// Name of the task.
    pub name: String,
    /// What to do.
    pub kind: TaskKind,
    /// The cluster that does it.
    pub cluster_uuid: Uuid,
    /// The data it is done with.
    pub dataset_uuid: Uuid,
}

/// Runs clusters. Cheap to clone; all clones are one engine.
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

impl Engine {
    /// Starts an engine on `store`, and goes on with the tasks that are open there.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn start(store: Store, settings: EngineSettings) -> Result<Self, EngineError> {
        let random = store.secret("host uuid", 16).await?;
        let random = random.try_into().map_err(|_| {
            EngineError::Fault("the uuid of the host in the store has a wrong length".to_owned())
        })?;
        let host = Host::cpu(uuid::Builder::from_random_bytes(random).into_uuid(), settings.cores);
        let shared = Arc::new(Shared {
            store,
            settings,
            host,
            runners: TaskTracker::new(),
            conversions: Mutex::default(),
            cells: SyncMutex::default(),
            stopping: watch::Sender::new(false),
        });
        for uuid in shared.store.clusters_with_open_tasks().await? {
            let cluster = shared.store.cluster_for_engine(uuid).await?;
            call_runner(&shared, &shared.cell(&cluster));
        }
        Ok(Self { shared })
    }

    /// Stops after the slices that run now. Tasks are saved as far as they are, and go on at the
    /// next start.
    pub async fn shutdown(&self) {
        self.shared.stopping.send_replace(true);
        self.shared.runners.close();
        let ended = tokio::time::timeout(STOP_PATIENCE, self.shared.runners.wait());
        if ended.await.is_err() {
            // Nothing is lost: what was acknowledged is durable already.
            tracing::warn!("some tasks did not stop in time; they go on from their last save");
        }
    }

    /// The hosts that clusters compute on.
    #[must_use]
    pub fn hosts(&self) -> &[Host] {
        std::slice::from_ref(&self.shared.host)
    }

    /// Creates a cluster, empty or from the text of a template.
    ///
    /// # Errors
    /// [`EngineError::Template`] and [`EngineError::Build`] say what is wrong with the template; a
    /// conflict when the name is taken.
    pub async fn create_cluster(
        &self,
        access: &Access,
        name: &str,
        template: Option<&str>,
    ) -> Result<Cluster, EngineError> {
        let snapshot = match template {
            Some(text) => {
                let template = Template::parse(text)?;
                Some(
                    blocking(move || Ok::<_, EngineError>(Network::new(&template)?.to_bytes()))
                        .await??,
                )
            }
            None => None,
        };
        let template = template.map(str::to_owned);
        Ok(self.shared.store.create_cluster(access, name, template, snapshot).await?)
    }

    /// A cluster as it is now.
    ///
    /// # Errors
    /// Not found, or damaged on the disk.
    pub async fn cluster(&self, access: &Access, uuid: Uuid) -> Result<ClusterView, EngineError> {
        let cluster = self.shared.store.cluster(access, uuid).await?;
        let open_tasks = self.shared.store.open_tasks(uuid).await?;
        let size = match cluster.snapshot {
            Some(_) => {
                let cell = self.shared.cell(&cluster);
                Some(cell.hold(&self.shared.store).await?.network.stats())
            }
            None => None,
        };
        Ok(ClusterView { cluster, open_tasks, size })
    }

    /// Deletes a cluster with its tasks. A running task is stopped first; results stay.
    ///
    /// # Errors
    /// Not found, or not the user's to delete.
    pub async fn delete_cluster(&self, access: &Access, uuid: Uuid) -> Result<(), EngineError> {
        let cluster = self.shared.store.cluster(access, uuid).await?;
        let cell = self.shared.cell(&cluster);
        cell.delete(self.shared.store.delete_cluster(access, uuid)).await?;
        self.shared.forget(uuid);
        Ok(())
    }

    /// Lets a cluster work from its queue, or from direct connections.
    ///
    /// # Errors
    /// A conflict while tasks are open.
    pub async fn set_mode(
        &self,
        access: &Access,
        uuid: Uuid,
        mode: ClusterMode,
    ) -> Result<Cluster, EngineError> {
        let cluster = self.shared.store.cluster(access, uuid).await?;
        let cell = self.shared.cell(&cluster);
        cell.change_mode(self.shared.store.set_cluster_mode(access, uuid, mode)).await
    }

    /// Lets a cluster compute on another host.
    ///
    /// # Errors
    /// Not found, when there is no such cluster that the user may change, or no such host.
    pub async fn switch_host(
        &self,
        access: &Access,
        uuid: Uuid,
        host: Uuid,
    ) -> Result<Cluster, EngineError> {
        let cluster = self.shared.store.cluster_to_change(access, uuid).await?;
        // All clusters are on the only host there is, so it is enough that this is the one.
        if host != self.shared.host.uuid() {
            return Err(StoreError::NotFound { kind: "host", id: host.to_string() }.into());
        }
        Ok(cluster)
    }

    /// Makes a dataset of its uploaded `files`, named in the order input, label.
    ///
    /// # Errors
    /// [`EngineError::Incomplete`] when bytes are missing; [`EngineError::Dataset`] says what is
    /// wrong with the data, and the upload stays as it is.
    pub async fn finish_dataset(
        &self,
        access: &Access,
        uuid: Uuid,
        files: &[Uuid],
    ) -> Result<Dataset, EngineError> {
        ingest::finish_dataset(self.shared.clone(), access.clone(), uuid, files.to_vec()).await
    }

    /// Puts a task into the queue of its cluster. When it returns, the task is durable.
    ///
    /// # Errors
    /// [`EngineError::Mapping`] when dataset and cluster do not fit; a conflict when the cluster
    /// is empty or in direct mode, or the dataset is not finished; too many when the queue is full.
    pub async fn submit(&self, access: &Access, task: SubmitTask) -> Result<Task, EngineError> {
        let store = &self.shared.store;
        if self.shared.is_stopping() {
            return Err(EngineError::Stopping);
        }
        let SubmitTask { name, kind, cluster_uuid, dataset_uuid } = task;
        let cluster = store.cluster(access, cluster_uuid).await?;
        let dataset = store.dataset(access, dataset_uuid).await?;
        let total = self.count_steps(&cluster, &dataset, kind).await?;
        let limit = self.shared.settings.result_limit;
        if kind == TaskKind::Request && total > limit {
            return Err(EngineError::TooLarge(format!(
                "a request would answer {total} rows, but a result holds at most {limit}; split \
                 the dataset"
            )));
        }
        let new = NewTask { name, kind, cluster_uuid, dataset_uuid, total: total as i64 };
        let task = store.enqueue_task(access, new, self.shared.settings.queue_limit).await?;
        call_runner(&self.shared, &self.shared.cell(&cluster));
        Ok(task)
    }

    /// Puts a task that saves a cluster into its queue. The checkpoint `name` that it makes will
    /// have the task's uuid. When it returns, the task is durable.
    ///
    /// # Errors
    /// A conflict when the cluster is empty or in direct mode; too many when the queue is full.
    pub async fn save_cluster(
        &self,
        access: &Access,
        name: &str,
        cluster: Uuid,
    ) -> Result<Task, EngineError> {
        if self.shared.is_stopping() {
            return Err(EngineError::Stopping);
        }
        let cluster = self.shared.store.cluster(access, cluster).await?;
        let limit = self.shared.settings.queue_limit;
        let task = self.shared.store.enqueue_save(access, name, cluster.uuid, limit).await?;
        call_runner(&self.shared, &self.shared.cell(&cluster));
        Ok(task)
    }

    /// Puts a task that loads a checkpoint into a cluster into the cluster's queue. From then on,
    /// network and template are the checkpoint's. When it returns, the task is durable, and the
    /// checkpoint may be deleted.
    ///
    /// # Errors
    /// A conflict when the cluster is in direct mode; too many when the queue is full.
    pub async fn load_cluster(
        &self,
        access: &Access,
        checkpoint: Uuid,
        cluster: Uuid,
    ) -> Result<Task, EngineError> {
        if self.shared.is_stopping() {
            return Err(EngineError::Stopping);
        }
        let cluster = self.shared.store.cluster(access, cluster).await?;
        let limit = self.shared.settings.queue_limit;
        let task = self.shared.store.enqueue_load(access, checkpoint, cluster.uuid, limit).await?;
        call_runner(&self.shared, &self.shared.cell(&cluster));
        Ok(task)
    }

    /// The number of steps `kind` of task takes; an error when dataset and cluster, as it will be
    /// by then, do not fit.
    async fn count_steps(
        &self,
        cluster: &Cluster,
        dataset: &Dataset,
        kind: TaskKind,
    ) -> Result<u64, EngineError> {
        if dataset.state != DatasetState::Ready {
            return Err(EngineError::unfinished(dataset));
        }
        let Some(template) = self.shared.store.coming_template(cluster.uuid).await? else {
            return Err(EngineError::empty(cluster));
        };
        let template = Template::parse(&template)?;
        let path = self.shared.store.dataset_path(dataset.uuid);
        blocking(move || {
            let file = DatasetFile::open(&path)?;
            let inputs = bricks(&template, true);
            let learns = kind == TaskKind::Train;
            let outputs = if learns { bricks(&template, false) } else { Vec::new() };
            Ok(Sampler::new(file.info(), &inputs, &outputs)?.steps())
        })
        .await?
    }

    /// A task as it is now.
    ///
    /// # Errors
    /// Not found.
    pub async fn task(
        &self,
        access: &Access,
        cluster: Uuid,
        task: Uuid,
    ) -> Result<TaskView, EngineError> {
        // Looked up before the row: a task that ends in between is then seen as ended.
        let cluster = self.shared.store.cluster(access, cluster).await?;
        let live = self.shared.cell(&cluster).live();
        let task = self.shared.store.task(access, cluster.uuid, task).await?;
        Ok(view(task, live.as_deref()))
    }

    /// All tasks of a cluster in the order of the queue.
    ///
    /// # Errors
    /// Not found.
    pub async fn tasks(
        &self,
        access: &Access,
        cluster: Uuid,
    ) -> Result<Vec<TaskView>, EngineError> {
        let cluster = self.shared.store.cluster(access, cluster).await?;
        let live = self.shared.cell(&cluster).live();
        let tasks = self.shared.store.tasks(access, cluster.uuid).await?;
        Ok(tasks.into_iter().map(|task| view(task, live.as_deref())).collect())
    }

    /// Deletes a task that waits or has ended. One that runs is aborted, and stays in the list; a
    /// save or a load that runs is short and goes to its end.
    ///
    /// # Errors
    /// Not found, or not the user's to delete.
    pub async fn delete_task(
        &self,
        access: &Access,
        cluster: Uuid,
        task: Uuid,
    ) -> Result<(), EngineError> {
        let row = self.shared.store.cluster(access, cluster).await?;
        let cell = self.shared.cell(&row);
        let deleted = self.shared.store.delete_task(access, cluster, task).await?;
        if let TaskDeletion::Deleted(_) = deleted {
            return Ok(());
        }
        let aborted = tokio::time::timeout(ABORT_PATIENCE, self.abort(&cell, task)).await;
        aborted.unwrap_or_else(|_| {
            Err(EngineError::Unavailable(
                "the task will be aborted as soon as the cluster can be saved, which fails at \
                 present"
                    .to_owned(),
            ))
        })
    }

    /// Returns once a task that was active has ended.
    async fn abort(&self, cell: &ClusterCell, task: Uuid) -> Result<(), EngineError> {
        loop {
            match cell.live().filter(|live| live.uuid == task) {
                Some(live) => {
                    live.cancel();
                    live.ended().await;
                }
                // Its runner is about to take it up, or has just left it.
                None => self.shared.pause(Duration::from_millis(5)).await,
            }
            if self.shared.store.has_ended(task).await? {
                return Ok(());
            }
            if self.shared.is_stopping() {
                return Err(EngineError::Stopping);
            }
        }
    }

    /// The share in percent of right answers in a request result, judged by a dataset.
    ///
    /// # Errors
    /// [`EngineError::Score`] when the two do not fit.
    pub async fn check(
        &self,
        access: &Access,
        result: Uuid,
        dataset: Uuid,
    ) -> Result<f64, EngineError> {
        let (result, data) = self.shared.store.result(access, result).await?;
        let dataset = self.shared.store.dataset(access, dataset).await?;
        if dataset.state != DatasetState::Ready {
            return Err(EngineError::unfinished(&dataset));
        }
        let path = self.shared.store.dataset_path(dataset.uuid);
        let judged = blocking(move || -> Result<f64, EngineError> {
            let file = DatasetFile::open(&path)?;
            Ok(accuracy(&data, &file, result.column.as_deref())?)
        });
        judged.await?
    }

    /// Opens a direct connection to a cluster.
    ///
    /// # Errors
    /// A conflict unless the cluster is in direct mode.
    pub async fn connect(
        &self,
        access: &Access,
        cluster: Uuid,
    ) -> Result<DirectSession, EngineError> {
        DirectSession::open(self.shared.clone(), access, cluster).await
    }
}

/// The input bricks of a template, or its output bricks, as a dataset's sampler wants them.
fn bricks(template: &Template, inputs: bool) -> Vec<BrickShape<'_>> {
    let mut shapes = Vec::new();
    for brick in &template.bricks {
        match (&brick.kind, inputs) {
            (BrickKind::Input(name), true) | (BrickKind::Output(name), false) => {
                shapes.push(BrickShape { name, width: brick.neurons as usize });
            }
            _ => {}
        }
    }
    shapes
}

fn view(task: Task, live: Option<&crate::live::LiveTask>) -> TaskView {
    let running = live.filter(|live| live.uuid == task.uuid && task.state == TaskState::Active);
    let (samples, running_accuracy) = match running {
        Some(live) if live.samples() > 0 => (live.samples(), live.running_accuracy()),
        _ => (task.position as u64, task.accuracy),
    };
    TaskView { task, samples, running_accuracy }
}
