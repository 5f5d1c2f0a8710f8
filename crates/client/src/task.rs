//! Tasks: `/control/v1/task`.

use std::time::Duration;

use hanami_api::{
    Uuid,
    task::{
        ByCluster, ByTask, CreateTask, TaskCreated, TaskProgress, TaskRow, TaskState, TaskType,
    },
};

use crate::{ClientError, Hanami, connection::name};

/// Between the first two looks at a task that is waited for.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// Between two looks at a task that takes long.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

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
        let body = CreateTask {
            name: name(task_name)?,
            kind,
            cluster_uuid: cluster,
            dataset_uuid: dataset,
        };
        self.post("/task", &body).await
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
        let mut pause = FIRST_PAUSE;
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
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

fn by_task(cluster: Uuid, task: Uuid) -> ByTask {
    ByTask { uuid: task, cluster_uuid: cluster }
}
