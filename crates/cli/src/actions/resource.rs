//! What clusters, datasets, checkpoints and request results have in common: names, lists, deletion,
//! and who may see them.

use hanami_api::cluster::ByUuid;
use hanami_client::{Uuid, Visibility};
use serde_json::Value;

use crate::{
    actions::Context,
    args::{One, Rename, Share},
    failure::{Exit, Failure},
    output::Rows,
};

/// The kinds of things that have uuid, owner, project, visibility and name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Cluster,
    Dataset,
    Checkpoint,
    RequestResult,
}

impl Kind {
    /// Path of its endpoints.
    fn path(self) -> &'static str {
        match self {
            Self::Cluster => "/cluster",
            Self::Dataset => "/dataset",
            Self::Checkpoint => "/checkpoint",
            Self::RequestResult => "/request_result",
        }
    }

    /// What people call it.
    fn noun(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Dataset => "dataset",
            Self::Checkpoint => "checkpoint",
            Self::RequestResult => "request result",
        }
    }

    /// Its command.
    fn command(self) -> &'static str {
        match self {
            Self::RequestResult => "request-result",
            other => other.noun(),
        }
    }
}

/// The uuid of the thing that is called `which`, or has this uuid.
pub(super) async fn uuid(context: &Context, kind: Kind, which: &str) -> Result<Uuid, Failure> {
    if let Ok(uuid) = which.parse() {
        return Ok(uuid);
    }
    let rows: Rows = context.hanami.fetch(&format!("{}/all", kind.path()), &()).await?;
    let named: Vec<_> = rows.body.iter().filter_map(|row| Candidate::read(row)).collect();
    let named: Vec<_> = named.into_iter().filter(|candidate| candidate.name == which).collect();
    match named.as_slice() {
        [only] => Ok(only.uuid),
        [] => {
            let message = format!("no {} that you may see is called `{which}`", kind.noun());
            let hint = format!("`hanamictl {} list` shows those that you may see", kind.command());
            Err(Failure::new(Exit::NotFound, message).hint(hint))
        }
        several => {
            let noun = kind.noun();
            let lines = several.iter().map(|Candidate { uuid, owner, project, .. }| {
                format!("\n  {uuid}  of {owner} in {project}")
            });
            let lines: String = lines.collect();
            let message = format!("`{which}` is the name of {} {noun}s:{lines}", several.len());
            Err(Failure::usage(message).hint("name the one that you mean by its uuid"))
        }
    }
}

/// A row of a list, as far as it tells who is meant.
struct Candidate<'a> {
    uuid: Uuid,
    project: &'a str,
    owner: &'a str,
    name: &'a str,
}

impl<'a> Candidate<'a> {
    /// Reads the first columns, which all these lists have in common; a row of something else is
    /// none.
    fn read(row: &'a [Value]) -> Option<Self> {
        let [uuid, project, owner, _visibility, name, ..] = row else { return None };
        Some(Self {
            uuid: uuid.as_str()?.parse().ok()?,
            project: project.as_str()?,
            owner: owner.as_str()?,
            name: name.as_str()?,
        })
    }
}

pub(super) async fn list(context: &Context, kind: Kind) -> Result<(), Failure> {
    context.list(&format!("{}/all", kind.path()), &()).await
}

pub(super) async fn get(context: &Context, kind: Kind, one: &One) -> Result<(), Failure> {
    let uuid = uuid(context, kind, &one.which).await?;
    context.show(kind.path(), &ByUuid { uuid }).await
}

pub(super) async fn delete(context: &Context, kind: Kind, one: &One) -> Result<(), Failure> {
    let uuid = uuid(context, kind, &one.which).await?;
    let hanami = &context.hanami;
    match kind {
        Kind::Cluster => hanami.delete_cluster(uuid).await?,
        Kind::Dataset => hanami.delete_dataset(uuid).await?,
        Kind::Checkpoint => hanami.delete_checkpoint(uuid).await?,
        Kind::RequestResult => hanami.delete_request_result(uuid).await?,
    }
    context.out.done(&format!("deleted the {} {}", kind.noun(), one.which))
}

pub(super) async fn rename(context: &Context, kind: Kind, args: &Rename) -> Result<(), Failure> {
    change(context, kind, &args.one, Some(&args.new_name), None).await
}

pub(super) async fn share(context: &Context, kind: Kind, args: &Share) -> Result<(), Failure> {
    change(context, kind, &args.one, None, Some(args.visibility.into())).await
}

async fn change(
    context: &Context,
    kind: Kind,
    one: &One,
    new_name: Option<&str>,
    visibility: Option<Visibility>,
) -> Result<(), Failure> {
    let uuid = uuid(context, kind, &one.which).await?;
    let (hanami, out) = (&context.hanami, context.out);
    match kind {
        Kind::Cluster => out.made(&hanami.change_cluster(uuid, new_name, visibility).await?),
        Kind::Dataset => out.made(&hanami.change_dataset(uuid, new_name, visibility).await?),
        Kind::Checkpoint => out.made(&hanami.change_checkpoint(uuid, new_name, visibility).await?),
        Kind::RequestResult => {
            out.made(&hanami.change_request_result(uuid, new_name, visibility).await?)
        }
    }
}
