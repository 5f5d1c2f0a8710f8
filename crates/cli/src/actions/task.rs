//! What is done with tasks. Following one is in `watch.rs`.

use std::fs;

use hanami_api::task::{ByCluster, ByTask};
use hanami_client::{ClientError, CreateTask, ErrorCode, Mapping, Uuid};

use crate::{
    actions::{
        Context,
        resource::{self, Kind},
        watch::{show, watch},
    },
    args::task::{CreateArgs, TaskArgs, TaskCommand},
    failure::{Exit, Failure},
};

pub(super) async fn run(context: &Context, command: TaskCommand) -> Result<(), Failure> {
    match command {
        TaskCommand::Create(args) => create(context, args).await,
        TaskCommand::List { cluster } => {
            let cluster_uuid = resource::uuid(context, Kind::Cluster, &cluster).await?;
            context.list("/task/all", &ByCluster { cluster_uuid }).await
        }
        TaskCommand::Get(args) => {
            let query = ByTask { uuid: args.uuid, cluster_uuid: cluster_of(context, &args).await? };
            show(context.out, context.hanami.fetch("/task", &query).await?)
        }
        TaskCommand::Delete(args) => {
            let cluster = cluster_of(context, &args).await?;
            context.hanami.delete_task(cluster, args.uuid).await?;
            context.out.done(&format!("deleted the task {}", args.uuid))
        }
        TaskCommand::Watch(args) => {
            let cluster = cluster_of(context, &args).await?;
            watch(context, cluster, args.uuid).await
        }
    }
}

async fn create(context: &Context, args: CreateArgs) -> Result<(), Failure> {
    let name = args.name.parse().map_err(|error| Failure::usage(format!("the name {error}")))?;
    let mapping = args.mapping.as_deref().map(mapping).transpose()?;
    let cluster = resource::uuid(context, Kind::Cluster, &args.cluster).await?;
    let dataset = resource::uuid(context, Kind::Dataset, &args.dataset).await?;
    let task = CreateTask {
        epochs: args.epochs,
        shuffle: args.shuffle.then_some(true),
        seed: args.seed,
        mapping,
        validation_share: args.validation_share,
        full_outputs: args.full_outputs.then_some(true),
        ..CreateTask::new(name, args.task_type.into(), cluster, dataset)
    };
    let created = context.hanami.create_task_with(&task).await?;
    if args.watch {
        context.out.note(&format!("queued as {}", created.uuid));
        return watch(context, cluster, created.uuid).await;
    }
    context.out.made(&created)
}

fn mapping(path: &std::path::Path) -> Result<Mapping, Failure> {
    let text = fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
    serde_json::from_slice(&text).map_err(|error| {
        Failure::usage(format!("{} is no mapping: {error}", path.display())).hint(
            "for instance {\"type\": \"row\", \"inputs\": {\"BRICK\": [\"COLUMN\"]}, \"outputs\": \
             {\"BRICK\": [\"COLUMN\"]}}",
        )
    })
}

/// The cluster that is named, or the one whose queue has the task.
async fn cluster_of(context: &Context, args: &TaskArgs) -> Result<Uuid, Failure> {
    if let Some(cluster) = &args.cluster {
        return resource::uuid(context, Kind::Cluster, cluster).await;
    }
    for cluster in context.hanami.clusters().await? {
        match context.hanami.task(cluster.uuid, args.uuid).await {
            Ok(_) => return Ok(cluster.uuid),
            Err(error) if is_elsewhere(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let message = format!("no cluster that you may see has the task {}", args.uuid);
    Err(Failure::new(Exit::NotFound, message).hint("`hanamictl task list -c CLUSTER` shows tasks"))
}

fn is_elsewhere(error: &ClientError) -> bool {
    error.code() == Some(ErrorCode::NotFound)
}
