//! The part of the engine's face that deals with tasks: the queue of each cluster.

use std::time::Duration;

use hanami_dataset::{BrickShape, Dataset as DatasetFile, Sampler};
use hanami_network::template::{BrickKind, Template};
use hanami_store::{Access, Cluster, Dataset, DatasetState, NewTask, Task, TaskDeletion, TaskKind};
use uuid::Uuid;

use crate::cell::ClusterCell;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::host::blocking;
use crate::options::TaskOptions;
use crate::order::Order;
use crate::outputs;
use crate::queue::call_runner;
use crate::view::TaskView;
use crate::watch::TaskWatch;

/// Most bytes of a task's options as they are kept: those of a mapping of 4096 columns with usual
/// names.
const MAX_OPTIONS: usize = 256 << 10;

/// How long the abort of a task is waited for.
const ABORT_PATIENCE: Duration = Duration::from_secs(5);

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
    /// How it is to be done.
    pub options: TaskOptions,
}

/// What a task comes to.
struct Extent {
    /// Samples that it takes.
    samples: u64,
    /// Bytes that its result will take.
    result_bytes: u64,
}

impl Engine {
    /// Puts a task into the queue of its cluster. When it returns, the task is durable.
    ///
    /// # Errors
    /// [`EngineError::Input`] when the options make no sense for this kind of task;
    /// [`EngineError::Mapping`] when dataset and cluster do not fit; a conflict when the cluster
    /// is empty or in direct mode, or the dataset is not finished; too many when the queue is full;
    /// an exceeded quota when the project has no room for the task or its result.
    pub async fn submit(&self, access: &Access, task: SubmitTask) -> Result<Task, EngineError> {
        let store = &self.shared.store;
        self.shared.refuse_when_stopping()?;
        let SubmitTask { name, kind, cluster_uuid, dataset_uuid, options } = task;
        options.check(kind)?;
        let cluster = store.cluster_to_change(access, cluster_uuid).await?;
        let dataset = store.dataset(access, dataset_uuid).await?;
        let extent = self.measure(&cluster, &dataset, kind, options.clone()).await?;
        let Extent { samples, result_bytes } = extent;
        let (total, options) = (samples as i64, options.to_text()?);
        let length = options.as_ref().map_or(0, String::len);
        if length > MAX_OPTIONS {
            return Err(EngineError::TooLarge(format!(
                "the options of a task take {length} bytes, but at most {MAX_OPTIONS} are kept; map \
                 fewer columns"
            )));
        }
        let new = NewTask { name, kind, cluster_uuid, dataset_uuid, total, options, result_bytes };
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
        self.shared.refuse_when_stopping()?;
        let cluster = self.shared.store.cluster_to_change(access, cluster).await?;
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
        self.shared.refuse_when_stopping()?;
        let cluster = self.shared.store.cluster_to_change(access, cluster).await?;
        let limit = self.shared.settings.queue_limit;
        let task = self.shared.store.enqueue_load(access, checkpoint, cluster.uuid, limit).await?;
        call_runner(&self.shared, &self.shared.cell(&cluster));
        Ok(task)
    }

    /// What a task of this `kind` comes to; an error when dataset and cluster, as it will be by then,
    /// do not fit, or the result would be too large.
    async fn measure(
        &self,
        cluster: &Cluster,
        dataset: &Dataset,
        kind: TaskKind,
        options: TaskOptions,
    ) -> Result<Extent, EngineError> {
        if dataset.state != DatasetState::Ready {
            return Err(EngineError::unfinished(dataset));
        }
        let Some(template) = self.shared.store.coming_template(cluster.uuid).await? else {
            return Err(EngineError::empty(cluster));
        };
        let template = Template::parse_accepted(&template)?;
        let disk = self.shared.store.disk().clone();
        let path = self.shared.store.dataset_path(dataset.uuid);
        let (rows, bytes) = (self.shared.settings.result_limit, self.shared.settings.output_limit);
        blocking(move || {
            let file = DatasetFile::open(&disk, &path)?;
            let (inputs, outputs) = (bricks(&template, true), bricks(&template, false));
            let mapping = options.mapping.as_ref();
            let sampler = match kind {
                TaskKind::Train => Sampler::mapped(file.info(), &inputs, &outputs, mapping)?,
                _ => Sampler::for_request(file.info(), &inputs, &outputs, mapping)?,
            };
            let samples = Order::new(sampler.steps(), &options)?.total();
            let result_bytes = match kind {
                TaskKind::Request => {
                    refuse_too_many(samples, rows)?;
                    let kept = options.full_outputs;
                    let kept = kept.then(|| outputs::size(&outputs, samples, bytes)).transpose()?;
                    hanami_store::result_size(samples, kept)
                }
                _ => 0,
            };
            Ok(Extent { samples, result_bytes })
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
        TaskView::new(task, live.as_deref())
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
        tasks.into_iter().map(|task| TaskView::new(task, live.as_deref())).collect()
    }

    /// Follows a task to its end.
    ///
    /// # Errors
    /// Not found.
    pub async fn watch_task(
        &self,
        access: &Access,
        cluster: Uuid,
        task: Uuid,
    ) -> Result<TaskWatch, EngineError> {
        let cluster = self.shared.store.cluster(access, cluster).await?;
        self.shared.store.task(access, cluster.uuid, task).await?;
        let cell = self.shared.cell(&cluster);
        Ok(TaskWatch::new(self.shared.clone(), access.clone(), cell, task))
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
            cell.turned();
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
            self.shared.refuse_when_stopping()?;
        }
    }
}

/// Refuses a request that would answer more rows than a result holds.
fn refuse_too_many(rows: u64, limit: u64) -> Result<(), EngineError> {
    if rows <= limit {
        return Ok(());
    }
    Err(EngineError::TooLarge(format!(
        "a request would answer {rows} rows, but a result holds at most {limit}; split the dataset"
    )))
}

/// The input bricks of a template, or its output bricks, as a dataset's sampler wants them.
fn bricks(template: &Template, inputs: bool) -> Vec<BrickShape<'_>> {
    let mut shapes = Vec::new();
    for brick in &template.bricks {
        match (&brick.kind, inputs) {
            (BrickKind::Input(name), true) | (BrickKind::Output { name, .. }, false) => {
                shapes.push(BrickShape { name, width: brick.neurons as usize });
            }
            _ => {}
        }
    }
    shapes
}
