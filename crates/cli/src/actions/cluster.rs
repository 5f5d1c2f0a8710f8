//! What is done with clusters.

use std::fs;

use hanami_api::cluster::{ByUuid, LoadQueued};

use crate::{
    actions::{
        Context, explain,
        resource::{self, Kind},
    },
    args::{
        One,
        cluster::{ClusterCommand, CreateArgs},
    },
    failure::Failure,
    output::Record,
};

pub(super) async fn run(context: &Context, command: ClusterCommand) -> Result<(), Failure> {
    const KIND: Kind = Kind::Cluster;
    let (hanami, out) = (&context.hanami, context.out);
    match command {
        ClusterCommand::Create(args) => create(context, args).await,
        ClusterCommand::List => resource::list(context, KIND).await,
        ClusterCommand::Get(one) => get(context, &one).await,
        ClusterCommand::Delete(one) => resource::delete(context, KIND, &one).await,
        ClusterCommand::Rename(args) => resource::rename(context, KIND, &args).await,
        ClusterCommand::Share(args) => resource::share(context, KIND, &args).await,
        ClusterCommand::Explain(args) => explain::explain(context, args).await,
        ClusterCommand::Save { one, name } => {
            let uuid = resource::uuid(context, KIND, &one.which).await?;
            out.made(&hanami.save_cluster(&name, uuid).await?)
        }
        ClusterCommand::Restore { one, checkpoint } => {
            let cluster = resource::uuid(context, KIND, &one.which).await?;
            let checkpoint = resource::uuid(context, Kind::Checkpoint, &checkpoint).await?;
            out.made(&LoadQueued { uuid: hanami.load_cluster(checkpoint, cluster).await? })
        }
        ClusterCommand::Mode { one, mode } => {
            let uuid = resource::uuid(context, KIND, &one.which).await?;
            out.made(&hanami.set_mode(uuid, mode.into()).await?)
        }
        ClusterCommand::Host { one, host } => {
            let uuid = resource::uuid(context, KIND, &one.which).await?;
            out.made(&hanami.switch_host(uuid, host).await?)
        }
    }
}

async fn create(context: &Context, args: CreateArgs) -> Result<(), Failure> {
    let hanami = &context.hanami;
    let made = match (args.template, args.checkpoint) {
        (None, Some(checkpoint)) => {
            let checkpoint = resource::uuid(context, Kind::Checkpoint, &checkpoint).await?;
            hanami.create_cluster_from(&args.name, checkpoint).await?
        }
        (Some(path), _) => {
            let template = fs::read_to_string(&path);
            let template = template.map_err(|error| Failure::file("read", &path, &error))?;
            hanami.create_cluster(&args.name, Some(&template)).await?
        }
        (None, None) => hanami.create_cluster(&args.name, None).await?,
    };
    context.out.made(&made)
}

/// Shows a cluster; for people with a table of its bricks and the text of its template.
async fn get(context: &Context, one: &One) -> Result<(), Failure> {
    let uuid = resource::uuid(context, Kind::Cluster, &one.which).await?;
    let mut record: Record = context.hanami.fetch("/cluster", &ByUuid { uuid }).await?;
    if context.out.json {
        return context.out.json(&record);
    }
    let bricks = record.shift_remove("bricks");
    let template = record.shift_remove("template");
    context.out.fields(&record)?;
    if let Some(bricks) =
        bricks.filter(|bricks| bricks.as_array().is_some_and(|all| !all.is_empty()))
    {
        let columns = [
            "position",
            "kind",
            "name",
            "neurons",
            "neurons_limit",
            "sections",
            "synapses",
            "bytes",
            "activity",
            "error",
        ];
        context.out.objects(&bricks, &columns)?;
    }
    match template.as_ref().and_then(|template| template.as_str()) {
        Some(template) => context.out.text(template),
        None => Ok(()),
    }
}
