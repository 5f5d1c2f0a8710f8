//! The task queue of a cluster, worked through by its runner.
//!
//! A cluster with open tasks has one runner: a tokio task that takes them in order until none is
//! left. The queue itself is in the store, so a restart finds it as it was; a task that was
//! interrupted goes on from the cluster's last snapshot, which says how many of its samples it
//! holds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hanami_dataset::{self as dataset, AnswerKind, BrickShape, Dataset, Sampler};
use hanami_network::Port;
use hanami_store::{NewErrorEntry, NewResult, Outcome, Progress, StoreError, Task, TaskKind, Uuid};

use tokio::sync::SemaphorePermit;

use crate::cell::{ClusterCell, fold, save};
use crate::checkpoint;
use crate::error::EngineError;
use crate::host::blocking;
use crate::live::LiveTask;
use crate::options::TaskOptions;
use crate::order::Order;
use crate::outputs;
use crate::request::{Answer, Request};
use crate::samples::{Samples, Source};
use crate::shared::Shared;
use crate::slices::{Left, work_through};
use crate::train::Training;

/// How long a runner waits before it tries again what the store failed to do.
const RETRY: Duration = Duration::from_secs(1);

/// How long a request waits before it looks again whether it may hold its outputs.
const WAIT: Duration = Duration::from_millis(100);

/// Makes sure that the queue of `cell` is worked through.
pub(crate) fn call_runner(shared: &Arc<Shared>, cell: &Arc<ClusterCell>) {
    if cell.runner.call() {
        let (shared, cell) = (shared.clone(), cell.clone());
        let tracker = shared.runners.clone();
        tracker.spawn(async move { work_off(&shared, &cell).await });
    }
}

/// Nothing runs any more; whoever waits for the end of a task may look at its row.
fn end_live(cell: &ClusterCell) {
    if let Some(live) = cell.live() {
        cell.set_live(None);
        live.end();
    }
}

async fn work_off(shared: &Shared, cell: &ClusterCell) {
    while !shared.is_stopping() {
        match shared.store.next_task(cell.uuid).await {
            Ok(Some(task)) => {
                // A task that is tried again keeps what was asked of it.
                let tried = cell.live().filter(|live| live.uuid == task.uuid);
                let first_try = tried.is_none();
                let live = tried.unwrap_or_else(|| Arc::new(LiveTask::new(task.uuid)));
                cell.set_live(Some(live.clone()));
                match run_task(shared, cell, &task, &live).await {
                    Ok(()) => end_live(cell),
                    Err(error) if error.is_full() && live.is_cancelled() => {
                        abort_unsaved(shared, cell, &task).await;
                    }
                    Err(error) => {
                        if first_try {
                            tracing::error!(
                                cluster = %cell.uuid, task = %task.uuid, %error,
                                "a task can't go on; trying again"
                            );
                            log_error(shared, &task, &error).await;
                        }
                        shared.pause(RETRY).await;
                    }
                }
            }
            Ok(None) => {
                // Before leaving: the next runner may come with a task of its own right after.
                end_live(cell);
                if cell.runner.leave() {
                    return;
                }
            }
            Err(error) => {
                tracing::error!(cluster = %cell.uuid, %error, "the task queue can't be read; trying again");
                shared.pause(RETRY).await;
            }
        }
    }
    end_live(cell);
}

/// Ends a task that is to be aborted on a disk too full to save what it has done. The cluster is
/// again as it was saved last.
async fn abort_unsaved(shared: &Shared, cell: &ClusterCell, task: &Task) {
    match shared.store.end_task(task.uuid, Outcome::Aborted).await {
        Ok(_) => {
            // One that can't be read is not in memory, and has nothing that is not saved.
            if let Ok(mut held) = cell.hold(shared).await {
                held.stale |= held.unsaved.is_some();
            }
            end_live(cell);
        }
        Err(error) => {
            tracing::error!(cluster = %cell.uuid, task = %task.uuid, %error, "a task can't be aborted; trying again");
            shared.pause(RETRY).await;
        }
    }
}

/// Runs one task to its end, or until the engine stops.
///
/// A task that can't be done is ended with its reason. An error means that the store failed and
/// that the task is still open.
async fn run_task(
    shared: &Shared,
    cell: &ClusterCell,
    task: &Task,
    live: &LiveTask,
) -> Result<(), EngineError> {
    let task = match shared.store.start_task(task.uuid).await {
        Ok(task) => task,
        // Deleted, or ended, since the queue was read.
        Err(StoreError::NotFound { .. } | StoreError::Conflict { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    cell.turned();
    let result = match task.kind {
        TaskKind::Train => train(shared, cell, &task, live).await,
        TaskKind::Request => request(shared, cell, &task, live).await,
        TaskKind::Save => checkpoint::save(shared, cell, &task).await,
        TaskKind::Load => checkpoint::load(shared, cell, &task).await,
    };
    match result {
        Err(_) if cell.is_deleted() => Ok(()),
        Err(error) if !error.is_passing() => {
            tracing::warn!(cluster = %cell.uuid, task = %task.uuid, %error, "a task failed");
            fail(shared, &task, &error).await
        }
        other => other,
    }
}

/// Ends a task with the reason why it failed.
async fn fail(shared: &Shared, task: &Task, error: &EngineError) -> Result<(), EngineError> {
    if error.is_internal() {
        log_error(shared, task, error).await;
    }
    let outcome = Outcome::Failed { error: error.for_task() };
    shared.store.end_task(task.uuid, outcome).await?;
    Ok(())
}

/// Notes in the error log what kept a task from going on.
async fn log_error(shared: &Shared, task: &Task, error: &EngineError) {
    let entry = NewErrorEntry {
        user_id: task.owner_id.clone(),
        component: format!("{} task", task.kind),
        context: task.uuid.to_string(),
        input_values: format!("cluster_uuid={}&uuid={}", task.cluster_uuid, task.subject_uuid),
        message: error.to_string(),
    };
    if let Err(error) = shared.store.log_error(entry).await {
        tracing::error!(%error, "the error log can't be written");
    }
}

async fn train(
    shared: &Shared,
    cell: &ClusterCell,
    task: &Task,
    live: &LiveTask,
) -> Result<(), EngineError> {
    let mut training = resume(shared, cell, task).await?;
    live.begin(training.position());
    let mut is_full = false;
    loop {
        let interval = shared.settings.save_interval;
        let pause = Instant::now() + if is_full { interval.min(RETRY) } else { interval };
        let (worked, left) = work_through(shared, cell, live, training, pause).await?;
        training = worked;
        let goes_on = matches!(left, Left::Paused);
        if let Left::Failed(error) = &left
            && error.is_internal()
        {
            log_error(shared, task, error).await;
        }
        let (progress, trouble) = progress(&training, left)?;
        let held = cell.hold(shared).await?;
        training.require(&held)?;
        match save(held, cell.uuid, shared, progress).await {
            // It keeps what it has learned, and saves it as soon as there is room.
            Err(error) if error.is_full() && !live.is_cancelled() && !shared.is_stopping() => {
                if !is_full {
                    tracing::error!(cluster = %cell.uuid, task = %task.uuid, %error, "a training can't be saved; trying again");
                }
                is_full = true;
                if !goes_on {
                    shared.pause(RETRY).await;
                }
            }
            Ok(()) => match trouble {
                Some(error) => return Err(error),
                None if goes_on => is_full = false,
                None => return Ok(()),
            },
            Err(error) => return Err(error),
        }
    }
}

/// The training that a task is, as far as it was saved.
async fn resume(shared: &Shared, cell: &ClusterCell, task: &Task) -> Result<Training, EngineError> {
    let mut held = cell.hold(shared).await?;
    if held.unsaved.is_some() {
        // Of a task that could not be ended as it was: this one goes on from where the disk is.
        held.stale = true;
        drop(held);
        held = cell.hold(shared).await?;
    }
    let inputs = held.network.inputs().to_vec();
    let outputs = held.network.outputs().to_vec();
    let reading = held.reading;
    // The task's position counts from a snapshot: nothing may lie between that and its start.
    fold(held, cell.uuid, shared).await?;

    let dataset = open_dataset(shared, task.subject_uuid).await?;
    let options = TaskOptions::of(task)?;
    let (inputs, outputs) = (shapes(&inputs), shapes(&outputs));
    let mapping = options.mapping.as_ref();
    let sampler = Sampler::mapped(dataset.info(), &inputs, &outputs, mapping)?;
    let classes = match dataset::Answer::of(dataset.info(), &outputs, mapping).kind {
        AnswerKind::Class { count } => Some(count),
        AnswerKind::Value { .. } => None,
    };
    let order = Order::new(sampler.steps(), &options)?;
    let source = Source::new(dataset, sampler, order);
    Training::resume(task, reading, source, classes, shared.counts.clone())
}

/// What is to be saved of a training that was left, and what keeps it from going on for a while.
fn progress(
    training: &Training,
    left: Left,
) -> Result<(Progress, Option<EngineError>), EngineError> {
    let unsaved = training.unsaved();
    let progress = match left {
        Left::Done => unsaved.ended(Outcome::Finished { accuracy: training.accuracy() }),
        Left::Cancelled => unsaved.ended(Outcome::Aborted),
        // Memory is behind what was worked through: the task goes on from where the disk is.
        Left::Failed(error @ EngineError::Unavailable(_)) => Err(error),
        Left::Failed(error) if error.is_passing() => {
            return Ok((unsaved.progress()?, Some(error)));
        }
        Left::Failed(error) => unsaved.ended(Outcome::Failed { error: error.for_task() }),
        Left::Stopping | Left::Paused => unsaved.progress(),
    };
    Ok((progress?, None))
}

async fn request(
    shared: &Shared,
    cell: &ClusterCell,
    task: &Task,
    live: &LiveTask,
) -> Result<(), EngineError> {
    let held = cell.hold(shared).await?;
    let inputs = held.network.inputs().to_vec();
    let outputs = held.network.outputs().to_vec();
    drop(held);

    // Or all of it would be computed in vain, again and again until there is room.
    shared.store.require_room_for_result(task).await?;
    let row = shared.store.dataset_for_engine(task.subject_uuid).await?;
    let dataset = open_dataset(shared, task.subject_uuid).await?;
    let options = TaskOptions::of(task)?;
    let width: usize = outputs.iter().map(|port| port.width).sum();
    let (inputs, outputs) = (shapes(&inputs), shapes(&outputs));
    let mapping = options.mapping.as_ref();
    let sampler = Sampler::for_request(dataset.info(), &inputs, &outputs, mapping)?;
    let dataset::Answer { kind, column } = dataset::Answer::of(dataset.info(), &outputs, mapping);
    let answer = match kind {
        AnswerKind::Class { count } => Answer::Class(0..count),
        AnswerKind::Value { place } => Answer::Value(place),
    };
    let _memory = match outputs_memory(shared, live, &options).await {
        Ok(permit) => permit,
        Err(left) => return leave(shared, task, left).await,
    };
    let limit = shared.settings.output_limit;
    let kept = options.full_outputs.then(|| outputs::begin(&outputs, sampler.steps(), limit));
    let kept = kept.transpose()?;
    let order = Order::new(sampler.steps(), &options)?;
    let samples = Samples::from(0, Source::new(dataset, sampler, order));
    live.begin(0);
    let request = Request::new(samples, width, answer, kept);
    // A request is not saved in between: it is quick, and starts anew after a restart.
    let never = Instant::now() + Duration::from_secs(u64::from(u32::MAX));
    let (request, left) = work_through(shared, cell, live, request, never).await?;
    if !matches!(left, Left::Done) {
        return leave(shared, task, left).await;
    }
    let Request { data, outputs, .. } = request;
    let result = NewResult { dataset_kind: row.kind, column, data, outputs };
    shared.store.finish_request(task.uuid, result).await?;
    Ok(())
}

/// What becomes of a request that was left before its end.
async fn leave(shared: &Shared, task: &Task, left: Left) -> Result<(), EngineError> {
    match left {
        Left::Cancelled => {
            shared.store.end_task(task.uuid, Outcome::Aborted).await?;
            Ok(())
        }
        Left::Failed(error) => Err(error),
        Left::Done | Left::Stopping | Left::Paused => Ok(()),
    }
}

/// Waits until a request may hold all its outputs in memory, if that is asked of it. An error says
/// why it was left meanwhile.
async fn outputs_memory<'s>(
    shared: &'s Shared,
    live: &LiveTask,
    options: &TaskOptions,
) -> Result<Option<SemaphorePermit<'s>>, Left> {
    if !options.full_outputs {
        return Ok(None);
    }
    loop {
        if let Ok(permit) = shared.outputs_held.try_acquire() {
            return Ok(Some(permit));
        } else if live.is_cancelled() {
            return Err(Left::Cancelled);
        } else if shared.is_stopping() {
            return Err(Left::Stopping);
        }
        shared.pause(WAIT).await;
    }
}

/// Opens a dataset after a check of all its bytes: nothing is learned from damaged data.
async fn open_dataset(shared: &Shared, uuid: Uuid) -> Result<Dataset, EngineError> {
    let disk = shared.store.disk().clone();
    let path = shared.store.dataset_path(uuid);
    let opened = blocking(move || {
        let dataset = Dataset::open(&disk, &path)?;
        dataset.verify()?;
        Ok(dataset)
    });
    opened.await?
}

/// The ports of a network as a dataset's sampler wants them.
fn shapes(ports: &[Port]) -> Vec<BrickShape<'_>> {
    ports.iter().map(|port| BrickShape { name: &port.name, width: port.width }).collect()
}
