//! Hosts, logs, and the machine that the server runs on.

use hanami_api::log::LogPage;
use serde_json::Value;

use crate::{
    actions::Context,
    args::administration::{HostCommand, LogArgs, LogsCommand},
    failure::Failure,
    output::{Record, cell},
};

pub(super) async fn hosts(context: &Context, command: HostCommand) -> Result<(), Failure> {
    match command {
        HostCommand::List => context.list("/host/all", &()).await,
    }
}

pub(super) async fn logs(context: &Context, command: LogsCommand) -> Result<(), Failure> {
    let (path, LogArgs { page, of }) = match command {
        LogsCommand::Audit(args) => ("/audit_log", args),
        LogsCommand::Error(args) => ("/error_log", args),
    };
    let user_id = of.map(|id| id.parse()).transpose();
    let user_id = user_id.map_err(|error| Failure::usage(format!("the user id {error}")))?;
    context.list(path, &LogPage { page, user_id }).await
}

/// What the server tells of its machine: path, field, and the columns of that field's table.
const PARTS: [(&str, &str, &[&str]); 5] = [
    ("/system_info", "info", &[]),
    ("/threading", "thread_map", &["id", "name", "cpus", "last_cpu", "cpu_seconds"]),
    ("/speed", "current_speed", &["cpu", "mhz", "min_mhz", "max_mhz"]),
    ("/power_consumption", "power", &["part", "watts"]),
    ("/temperature_production", "temperature", &["sensor", "celsius"]),
];

/// Shows what five endpoints tell as one object, with the fields of all of them.
pub(super) async fn system(context: &Context) -> Result<(), Failure> {
    let mut all = Record::new();
    for (path, ..) in PARTS {
        let part: Record = context.hanami.fetch(path, &()).await?;
        all.extend(part);
    }
    if context.out.json {
        return context.out.json(&all);
    }
    for (_, field, columns) in PARTS {
        context.out.text(&format!("{field}:"))?;
        match all.shift_remove(field).unwrap_or_default() {
            Value::Object(fields) => {
                let single = fields.into_iter().filter(|(_, value)| !value.is_array());
                context.out.fields(&single.collect())?;
            }
            items @ Value::Array(_) => context.out.objects(&items, columns)?,
            other => context.out.text(&format!("  {}", cell(&other)))?,
        }
    }
    Ok(())
}
