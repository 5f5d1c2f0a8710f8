//! Following a task to its end.

use std::time::Duration;

use futures_util::{TryStreamExt, stream::BoxStream};
use hanami_client::{ClientError, ErrorCode, Hanami, TaskProgress, TaskState, Uuid};
use indicatif::ProgressBar;
use serde_json::Value;

use crate::{
    actions::Context,
    curve::Curve,
    failure::{Exit, Failure},
    output::{Output, Record, record_of},
};

/// Width of the curve beside the bar, and of the one that is shown at the end, in characters.
const CURVE_WIDTH: usize = 30;

/// How often following is begun anew after a connection that broke, before that is told.
const TRIES: u32 = 5;
/// The pause before the first of these tries; it gets longer with each.
const PAUSE: Duration = Duration::from_secs(1);

/// Shows a bar while the task goes on, and the task at its end; as JSON a line for every change.
pub(super) async fn watch(context: &Context, cluster: Uuid, task: Uuid) -> Result<(), Failure> {
    let mut changes = Changes::follow(context.hanami.clone(), cluster, task).await?;
    let bar = context.out.bar(Some(1000), "{bar:24} {percent:>3} %  {wide_msg}");
    let mut curve = Curve::default();
    let mut last = None;
    while let Some(progress) = changes.next().await? {
        if context.out.json {
            context.out.json(&progress)?;
        }
        if let Some(value) = progress.running_accuracy.or(progress.running_loss) {
            curve.add(value);
        }
        draw(&bar, &progress, &curve);
        last = Some(progress);
    }
    bar.finish_and_clear();
    let Some(last) = last else {
        return Err(Failure::new(Exit::Other, "the server told nothing of the task"));
    };
    if !context.out.json {
        let mut record = record_of(&last)?;
        if let Some(line) = curve.line(CURVE_WIDTH) {
            record.insert("learning curve".to_owned(), Value::from(line));
        }
        show(context.out, record)?;
    }
    match last.state {
        TaskState::Aborted => {
            let reason = last.error.unwrap_or_else(|| "someone stopped it".to_owned());
            Err(Failure::new(Exit::Other, format!("the task was aborted: {reason}")))
        }
        _ => Ok(()),
    }
}

/// The changes of a task, also when the connection breaks or the server starts anew.
struct Changes {
    hanami: Hanami,
    cluster: Uuid,
    task: Uuid,
    stream: BoxStream<'static, Result<TaskProgress, ClientError>>,
    /// Tries since the last change.
    tries: u32,
}

impl Changes {
    async fn follow(hanami: Hanami, cluster: Uuid, task: Uuid) -> Result<Self, ClientError> {
        let stream = hanami.watch(cluster, task).await?;
        Ok(Self { hanami, cluster, task, stream, tries: 0 })
    }

    /// The next change; `None` after the task has ended.
    async fn next(&mut self) -> Result<Option<TaskProgress>, ClientError> {
        loop {
            match self.stream.try_next().await {
                Ok(change) => {
                    self.tries = 0;
                    return Ok(change);
                }
                Err(error) => self.begin_anew(error).await?,
            }
        }
    }

    /// Follows the task anew after `error`, if that may help.
    async fn begin_anew(&mut self, mut error: ClientError) -> Result<(), ClientError> {
        while is_passing(&error) && self.tries < TRIES {
            self.tries += 1;
            tokio::time::sleep(PAUSE * self.tries).await;
            match self.hanami.watch(self.cluster, self.task).await {
                Ok(stream) => {
                    self.stream = stream;
                    return Ok(());
                }
                Err(next) => error = next,
            }
        }
        Err(error)
    }
}

/// Whether it may be over in a moment: the connection is broken, or the server stops or starts.
fn is_passing(error: &ClientError) -> bool {
    let broken = matches!(error, ClientError::Connection { .. } | ClientError::Unreachable { .. });
    broken || matches!(error.code(), Some(ErrorCode::Unavailable | ErrorCode::StorageFull))
}

/// Shows how far a task has come; for people with a table of its validation.
pub(super) fn show(out: Output, mut progress: Record) -> Result<(), Failure> {
    if out.json {
        return out.json(&progress);
    }
    let validation = progress.shift_remove("validation");
    out.fields(&progress)?;
    match validation {
        Some(reports) => {
            out.text("validation:")?;
            out.objects(&reports, &["epoch", "samples", "accuracy", "loss"])
        }
        None => Ok(()),
    }
}

fn draw(bar: &ProgressBar, progress: &TaskProgress, curve: &Curve) {
    bar.set_position((progress.percentage_finished * 1000.0) as u64);
    let mut parts = Vec::new();
    if progress.state == TaskState::Queued {
        parts.push("queued".to_owned());
    }
    if let Some(accuracy) = progress.running_accuracy {
        parts.push(format!("{accuracy:.2} % right"));
    }
    if let Some(loss) = progress.running_loss {
        parts.push(format!("loss {loss:.4}"));
    }
    parts.extend(curve.line(CURVE_WIDTH));
    if let Some(report) = progress.validation.last() {
        let judged = report.accuracy.map(|accuracy| format!("{accuracy:.2} % right, "));
        parts.push(format!("validation {}loss {:.4}", judged.unwrap_or_default(), report.loss));
    }
    if let Some(seconds) = progress.seconds_left {
        parts.push(format!("{seconds:.0} s left"));
    }
    bar.set_message(parts.join("  "));
}
