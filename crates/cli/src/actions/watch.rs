//! Following a task to its end.

use futures_util::TryStreamExt;
use hanami_client::{TaskProgress, TaskState, Uuid};
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

/// Shows a bar while the task goes on, and the task at its end; as JSON a line for every change.
pub(super) async fn watch(context: &Context, cluster: Uuid, task: Uuid) -> Result<(), Failure> {
    let mut changes = context.hanami.watch(cluster, task).await?;
    let bar = context.out.bar(Some(1000), "{bar:24} {percent:>3} %  {wide_msg}");
    let mut curve = Curve::default();
    let mut last = None;
    while let Some(progress) = changes.try_next().await? {
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
