//! Hosts, logs, and the machine that the server runs on.

use hanami_api::log::LogPage;

use crate::{
    actions::Context,
    args::administration::{HostCommand, LogArgs, LogsCommand},
    failure::Failure,
    output::Record,
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

/// Shows what five endpoints tell as one object, with the fields of all of them.
pub(super) async fn system(context: &Context) -> Result<(), Failure> {
    let mut all = Record::new();
    for path in ["system_info", "threading", "speed", "power_consumption", "temperature_production"]
    {
        let part: Record = context.hanami.fetch(&format!("/{path}"), &()).await?;
        all.extend(part);
    }
    if context.out.json {
        return context.out.json(&all);
    }
    for (title, value) in all {
        context.out.text(&format!("{title}:"))?;
        match value {
            serde_json::Value::Array(items) => {
                let first = items.first().and_then(|item| item.as_object());
                let columns: Vec<_> = first.into_iter().flat_map(|item| item.keys()).collect();
                let columns: Vec<_> = columns.into_iter().map(String::as_str).collect();
                context.out.objects(&serde_json::Value::Array(items.clone()), &columns)?;
            }
            serde_json::Value::Object(fields) => {
                context.out.fields(&fields.into_iter().filter(|(_, v)| !v.is_array()).collect())?;
            }
            other => context.out.text(&format!("  {}", crate::output::cell(&other)))?,
        }
    }
    Ok(())
}
