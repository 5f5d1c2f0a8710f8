//! The operations that are acknowledged or, when the server dies meanwhile, in flight.

use std::ops::Range;

use bytes::Bytes;
use hanami_client::{ClientError, Hanami, Mode, TaskType, Uuid};

use super::{
    ledger::Label,
    upload::{self, Way},
};
use crate::data::{self, Sample};

/// The kinds of resources that are named, shared and deleted alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Cluster,
    Dataset,
    Checkpoint,
    Result,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 4] =
        [Self::Cluster, Self::Dataset, Self::Checkpoint, Self::Result];
}

/// Something that changes what is there, wholly or not at all. Steps of a list that is learned may be
/// there up to any sample.
#[derive(Debug, Clone)]
pub(super) enum Op {
    CreateCluster { name: String, template: String },
    CreateClusterFrom { name: String, checkpoint: Uuid },
    Change { kind: Kind, uuid: Uuid, label: Label },
    Delete { kind: Kind, uuid: Uuid },
    SetMode { cluster: Uuid, mode: Mode },
    Declare { name: String, rows: Vec<Sample>, content: Bytes },
    Send { dataset: Uuid, range: Range<u64>, piece: Bytes, way: Way },
    Finish { dataset: Uuid },
    Learn { cluster: Uuid, samples: Vec<Sample> },
    Task { cluster: Uuid, dataset: Uuid, kind: TaskType, name: String },
    Save { cluster: Uuid, name: String },
    Load { cluster: Uuid, checkpoint: Uuid },
    DeleteTask { cluster: Uuid, task: Uuid },
    UploadCheckpoint { name: String, of: Uuid },
}

impl Op {
    /// What the report counts it as.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::CreateCluster { .. } => "create cluster",
            Self::CreateClusterFrom { .. } => "create cluster from checkpoint",
            Self::Change { .. } => "rename or share",
            Self::Delete { kind: Kind::Cluster, .. } => "delete cluster",
            Self::Delete { kind: Kind::Dataset, .. } => "delete dataset",
            Self::Delete { kind: Kind::Checkpoint, .. } => "delete checkpoint",
            Self::Delete { kind: Kind::Result, .. } => "delete request result",
            Self::SetMode { .. } => "set mode",
            Self::Declare { .. } => "declare dataset",
            Self::Send { way: Way::Http, .. } => "upload piece over HTTP",
            Self::Send { way: Way::Websocket, .. } => "upload piece over websocket",
            Self::Finish { .. } => "finish dataset",
            Self::Learn { .. } => "learn over HTTP",
            Self::Task { kind: TaskType::Train, .. } => "train task",
            Self::Task { kind: TaskType::Request, .. } => "request task",
            Self::Save { .. } => "save task",
            Self::Load { .. } => "load task",
            Self::DeleteTask { .. } => "delete task",
            Self::UploadCheckpoint { .. } => "upload checkpoint",
        }
    }

    /// Whether it makes the server write a whole network or dataset.
    pub(super) fn saves(&self) -> bool {
        matches!(
            self,
            Self::Save { .. } | Self::Load { .. } | Self::Finish { .. } | Self::Task { .. }
        )
    }

    /// Does it; answers the uuid of what it made.
    pub(super) async fn perform(
        &self,
        hanami: &Hanami,
        file: Option<Bytes>,
    ) -> Result<Option<Uuid>, ClientError> {
        let made = match self {
            Self::CreateCluster { name, template } => {
                hanami.create_cluster(name, Some(template)).await?.uuid
            }
            Self::CreateClusterFrom { name, checkpoint } => {
                hanami.create_cluster_from(name, *checkpoint).await?.uuid
            }
            Self::Declare { name, content, .. } => {
                hanami.declare_csv(name, content.len() as u64).await?.uuid
            }
            Self::Task { cluster, dataset, kind, name } => {
                hanami.create_task(name, *kind, *cluster, *dataset).await?.uuid
            }
            Self::Save { cluster, name } => hanami.save_cluster(name, *cluster).await?.uuid,
            Self::Load { cluster, checkpoint } => {
                hanami.load_cluster(*checkpoint, *cluster).await?
            }
            Self::UploadCheckpoint { name, .. } => {
                hanami.upload_checkpoint(name, file.unwrap_or_default()).await?
            }
            Self::Change { kind, uuid, label } => {
                change(hanami, *kind, *uuid, label).await?;
                return Ok(None);
            }
            Self::Delete { kind, uuid } => {
                delete(hanami, *kind, *uuid).await?;
                return Ok(None);
            }
            Self::SetMode { cluster, mode } => {
                hanami.set_mode(*cluster, *mode).await?;
                return Ok(None);
            }
            Self::Send { dataset, range, piece, way } => {
                upload::send(hanami, *dataset, range.clone(), piece.clone(), *way).await?;
                return Ok(None);
            }
            Self::Finish { dataset } => {
                hanami.finish_upload(*dataset).await?;
                return Ok(None);
            }
            Self::Learn { cluster, samples } => {
                let (inputs, outputs) = (data::inputs(samples), data::targets(samples));
                hanami.learn(*cluster, inputs, outputs).await?;
                return Ok(None);
            }
            Self::DeleteTask { cluster, task } => {
                hanami.delete_task(*cluster, *task).await?;
                return Ok(None);
            }
        };
        Ok(Some(made))
    }
}

async fn change(hanami: &Hanami, kind: Kind, uuid: Uuid, label: &Label) -> Result<(), ClientError> {
    let (name, visibility) = (Some(label.name.as_str()), Some(label.visibility));
    match kind {
        Kind::Cluster => hanami.change_cluster(uuid, name, visibility).await.map(drop),
        Kind::Dataset => hanami.change_dataset(uuid, name, visibility).await.map(drop),
        Kind::Checkpoint => hanami.change_checkpoint(uuid, name, visibility).await.map(drop),
        Kind::Result => hanami.change_request_result(uuid, name, visibility).await.map(drop),
    }
}

async fn delete(hanami: &Hanami, kind: Kind, uuid: Uuid) -> Result<(), ClientError> {
    match kind {
        Kind::Cluster => hanami.delete_cluster(uuid).await,
        Kind::Dataset => hanami.delete_dataset(uuid).await,
        Kind::Checkpoint => hanami.delete_checkpoint(uuid).await,
        Kind::Result => hanami.delete_request_result(uuid).await,
    }
}
