//! Tasks: `/control/v1/task`.

use std::time::{Duration, Instant};

use futures_util::stream::{self, BoxStream, StreamExt};
use hanami_api::{
    Uuid,
    task::{
        ByCluster, ByTask, CreateTask, TaskCreated, TaskProgress, TaskRow, TaskState, TaskType,
    },
};

use crate::{ClientError, Hanami, connection::name};

/// Between two looks at a task that is about to end.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);
/// Between two looks at a task that takes long.
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// A row of the list of tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskEntry {
    /// Uuid of the task.
    pub uuid: Uuid,
    /// How far it has come.
    pub state: TaskState,
    /// Share done, 0.0 to 1.0, in digits.
    pub percentage: String,
    /// When it was queued, UTC, `YYYY-MM-DD HH:MM:SS`.
    pub queued: String,
    /// When it started, or `-`.
    pub started: String,
    /// When it ended, or `-`.
    pub ended: String,
}

impl From<TaskRow> for TaskEntry {
    fn from((uuid, state, percentage, queued, started, ended): TaskRow) -> Self {
        Self { uuid, state, percentage, queued, started, ended }
    }
}

impl Hanami {
    /// Queues a task: `cluster` is to learn or to predict every sample of `dataset`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if one of them does not exist, they do not fit together, or the
    /// cluster is in direct mode.
    pub async fn create_task(
        &self,
        task_name: &str,
        kind: TaskType,
        cluster: Uuid,
        dataset: Uuid,
    ) -> Result<TaskCreated, ClientError> {
        self.create_task_with(&CreateTask::new(name(task_name)?, kind, cluster, dataset)).await
    }

    /// Queues a task with options, for instance epochs or a mapping of columns to bricks.
    ///
    /// # Errors
    ///
    /// As [`Hanami::create_task`], and [`ClientError::Refused`] for an option that makes no sense
    /// for the type of task.
    pub async fn create_task_with(&self, task: &CreateTask) -> Result<TaskCreated, ClientError> {
        self.post("/task", task).await
    }

    /// How far a task of `cluster` has come.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such task.
    pub async fn task(&self, cluster: Uuid, task: Uuid) -> Result<TaskProgress, ClientError> {
        self.get("/task", &by_task(cluster, task)).await
    }

    /// All tasks of `cluster`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster.
    pub async fn tasks(&self, cluster: Uuid) -> Result<Vec<TaskEntry>, ClientError> {
        let query = ByCluster { cluster_uuid: cluster };
        self.list::<TaskRow, _>("/task/all", &query).await
    }

    /// Deletes a task of `cluster`; one that runs is aborted.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such task.
    pub async fn delete_task(&self, cluster: Uuid, task: Uuid) -> Result<(), ClientError> {
        self.delete("/task", &by_task(cluster, task)).await
    }

    /// Follows a task of `cluster`: the stream has how far it has come now, and whenever that has
    /// changed, a few times a second at most. It ends after the task has.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such task. The stream ends with the same error when
    /// it is deleted, or when the user may not see it any more.
    pub async fn watch(
        &self,
        cluster: Uuid,
        task: Uuid,
    ) -> Result<BoxStream<'static, Result<TaskProgress, ClientError>>, ClientError> {
        let events = self.events("/task/events", &by_task(cluster, task)).await?;
        let progress = stream::try_unfold(events, async |mut events| {
            loop {
                let event = events.next().await?;
                match event.name.as_str() {
                    "progress" => return Ok(Some((events.read(&event.data)?, events))),
                    "end" => return Ok(None),
                    // Of a newer server.
                    _ => {}
                }
            }
        });
        Ok(progress.boxed())
    }

    /// Waits until a task of `cluster` is finished, and tells `on_progress` several times a second
    /// how far it has come.
    ///
    /// # Errors
    ///
    /// [`ClientError::TaskAborted`] if it was aborted, [`ClientError::Refused`] if it is gone.
    pub async fn wait(
        &self,
        cluster: Uuid,
        task: Uuid,
        mut on_progress: impl FnMut(&TaskProgress),
    ) -> Result<TaskProgress, ClientError> {
        let start = Instant::now();
        loop {
            let progress = self.task(cluster, task).await?;
            on_progress(&progress);
            match progress.state {
                TaskState::Finished => return Ok(progress),
                TaskState::Aborted => {
                    let reason = progress.error;
                    return Err(ClientError::TaskAborted {
                        uuid: task,
                        reason: reason.unwrap_or_else(|| "someone stopped it".to_owned()),
                    });
                }
                TaskState::Queued | TaskState::Active => {}
            }
            tokio::time::sleep(pause(start.elapsed(), progress.percentage_finished)).await;
        }
    }
}

/// How long not to look at a task that has come to `done` in the time that has `passed`: for as
/// long as it seems to need yet, so that its end is seen soon, but not for too long, so that its
/// progress is seen too.
fn pause(passed: Duration, done: f64) -> Duration {
    let share_left = if done > 0.0 { (1.0 - done).max(0.0) / done } else { 1.0 };
    let left = Duration::try_from_secs_f64(passed.as_secs_f64() * share_left);
    left.unwrap_or(LONGEST_PAUSE).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}

fn by_task(cluster: Uuid, task: Uuid) -> ByTask {
    ByTask { uuid: task, cluster_uuid: cluster }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_looked_at_when_it_should_have_ended() {
        let second = Duration::from_secs(1);
        assert_eq!(pause(second, 0.95).as_millis(), 52);
        assert_eq!(pause(second, 0.001), LONGEST_PAUSE);
        assert_eq!(pause(second, 0.0), LONGEST_PAUSE);
        assert_eq!(pause(second, 0.999_999), SHORTEST_PAUSE);
        assert_eq!(pause(second, 1.0), SHORTEST_PAUSE);
        assert_eq!(pause(Duration::ZERO, 0.0), SHORTEST_PAUSE);
        assert_eq!(pause(Duration::MAX, f64::MIN_POSITIVE), LONGEST_PAUSE);
    }
}
