//! Following a task while it waits and runs.
//!
//! A watch reads the task's row when the cluster turns to another task, or the queue loses one.
//! While the task runs, it is told of progress by the runner and asks the disk nothing.

use std::sync::Arc;
use std::time::Duration;

use hanami_store::{Access, Task, TaskState};
use tokio::sync::watch::Receiver;
use uuid::Uuid;

use crate::cell::ClusterCell;
use crate::error::EngineError;
use crate::live::LiveState;
use crate::shared::Shared;
use crate::view::TaskView;

/// Between two looks at a task, at least.
const PAUSE: Duration = Duration::from_millis(200);

/// Follows one task to its end.
#[derive(Debug)]
pub struct TaskWatch {
    shared: Arc<Shared>,
    access: Access,
    cell: Arc<ClusterCell>,
    task: Uuid,
    /// Changes when the cluster turns to another task.
    turns: Receiver<()>,
    /// Changes with the progress of the task, while it runs.
    progress: Option<Receiver<LiveState>>,
    /// Its row, while it runs.
    active: Option<Task>,
    begun: bool,
    ended: bool,
}

impl TaskWatch {
    pub(crate) fn new(
        shared: Arc<Shared>,
        access: Access,
        cell: Arc<ClusterCell>,
        task: Uuid,
    ) -> Self {
        let turns = cell.turns();
        let (progress, active, begun, ended) = (None, None, false, false);
        Self { shared, access, cell, task, turns, progress, active, begun, ended }
    }

    /// The task as it is when first asked, then whenever it may have changed, a few times a second
    /// at most. `None` once it was shown as ended. Not to be dropped half-way: a change could be
    /// missed.
    ///
    /// # Errors
    /// Not found, when it was deleted.
    pub async fn next(&mut self) -> Result<Option<TaskView>, EngineError> {
        if self.ended {
            return Ok(None);
        }
        if self.begun {
            tokio::time::sleep(PAUSE).await;
            self.changed().await;
        }
        self.begun = true;
        let view = self.look().await?;
        self.ended = view.has_ended();
        Ok(Some(view))
    }

    /// Waits until there is something to be seen. The senders of both live in the cell, or end
    /// with a turn.
    async fn changed(&mut self) {
        let Self { turns, progress, .. } = self;
        let _ = match progress {
            Some(progress) => tokio::select! {
                changed = progress.changed() => changed,
                turned = turns.changed() => turned,
            },
            None => turns.changed().await,
        };
    }

    async fn look(&mut self) -> Result<TaskView, EngineError> {
        let turned = self.turns.has_changed().unwrap_or(true);
        self.turns.mark_unchanged();
        // Looked up before the row: a task that ends in between is then seen as ended.
        let live = self.cell.live().filter(|live| live.uuid == self.task);
        self.progress = live.as_ref().map(|live| live.watch());
        let task = match self.active.take() {
            Some(task) if live.is_some() && !turned => {
                // Who may see the cluster can change while the task runs.
                self.shared.seen(&self.access, self.cell.uuid).await?;
                task
            }
            _ => self.shared.store.task(&self.access, self.cell.uuid, self.task).await?,
        };
        self.active = (task.state == TaskState::Active).then(|| task.clone());
        TaskView::new(task, live.as_deref())
    }
}
