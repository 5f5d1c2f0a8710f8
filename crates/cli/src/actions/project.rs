//! What is done with projects.

use hanami_api::{
    project::{ByProjectId, Project},
    quota::Quota,
};
use hanami_client::Limits;
use serde_json::Value;

use crate::{
    actions::Context,
    args::administration::{ProjectCommand, QuotaArgs},
    failure::Failure,
    output::Rows,
};

pub(super) async fn run(context: &Context, command: ProjectCommand) -> Result<(), Failure> {
    let (hanami, out) = (&context.hanami, context.out);
    match command {
        ProjectCommand::Create { id, name } => {
            let project: Project = hanami.create_project(&id, &name).await?;
            out.made(&project)
        }
        ProjectCommand::Get { id } => {
            let id =
                id.parse().map_err(|error| Failure::usage(format!("the project id {error}")))?;
            context.show("/project", &ByProjectId { id }).await
        }
        ProjectCommand::List => context.list("/project/all", &()).await,
        ProjectCommand::Delete { id, force: true } => {
            hanami.delete_project_with_all(&id).await?;
            out.done(&format!("deleted the project {id} and all that belonged to it"))
        }
        ProjectCommand::Delete { id, force: false } => {
            hanami.delete_project(&id).await.map_err(super::user::with_hint_of_force)?;
            out.done(&format!("deleted the project {id}"))
        }
        ProjectCommand::Quota(args) => quota(context, args).await,
    }
}

async fn quota(context: &Context, args: QuotaArgs) -> Result<(), Failure> {
    let QuotaArgs { dataset_bytes, checkpoint_bytes, cluster_bytes, clusters, open_tasks, .. } =
        args;
    let limits = Limits { dataset_bytes, checkpoint_bytes, cluster_bytes, clusters, open_tasks };
    let hanami = &context.hanami;
    let quota = match args.id {
        None => hanami.my_quota().await?,
        Some(id) if args.defaults || limits != Limits::default() => {
            hanami.set_quota(&id, limits).await?
        }
        Some(id) => hanami.quota(&id).await?,
    };
    if context.out.json { context.out.json(&quota) } else { table(context, &quota) }
}

fn table(context: &Context, quota: &Quota) -> Result<(), Failure> {
    let allowances = [
        ("dataset_bytes", quota.dataset_bytes),
        ("checkpoint_bytes", quota.checkpoint_bytes),
        ("cluster_bytes", quota.cluster_bytes),
        ("clusters", quota.clusters),
        ("open_tasks", quota.open_tasks),
    ];
    let rows = allowances.map(|(what, allowance)| {
        vec![Value::from(what), allowance.used.into(), allowance.limit.into()]
    });
    context.out.table(&Rows::new(&[&quota.id, "used", "limit"], rows))
}
