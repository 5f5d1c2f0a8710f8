//! Clusters: `/control/v1/cluster`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{Visibility, ids::Name};

/// Body of `POST /control/v1/cluster`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCluster {
    /// Name, unique among what the user sees.
    pub name: Name,
    /// The template's text in base64; without it the cluster is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "dmVyc2lvbjogMQpicmlja3M6CiAgMSwxLDEKICAgIGlucHV0OiBzcGVlZAogICAgbnVtYmVyX29mX25ldXJv\
                   bnM6IDIKICAyLDEsMQogICAgbnVtYmVyX29mX25ldXJvbnM6IDE2CiAgMywxLDEKICAgIG91dHB1dDogd2Vh\
                   cgogICAgbnVtYmVyX29mX25ldXJvbnM6IDEK"
    )]
    pub template: Option<String>,
    /// In the place of a template: the checkpoint whose network and template the cluster gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint_uuid: Option<Uuid>,
}

/// Names one resource in a query string.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ByUuid {
    /// Uuid of the resource.
    pub uuid: Uuid,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Cluster {
    /// Uuid of the cluster.
    pub uuid: Uuid,
    /// Name of the cluster.
    pub name: String,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
}

/// A cluster and what has grown in it: answer of `GET /control/v1/cluster`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClusterDetails {
    /// The cluster.
    #[serde(flatten)]
    pub cluster: Cluster,
    /// Whether it works through its task queue or answers a direct connection.
    pub mode: Mode,
    /// Queued and running tasks.
    pub open_tasks: u64,
    /// What the network is made of at present; absent for an empty cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkSize>,
    /// The text of its template; absent for an empty cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Its bricks in the order of the template; none for an empty cluster.
    #[serde(default)]
    pub bricks: Vec<BrickDetails>,
    /// The host that it computes on.
    #[serde(default)]
    pub host_uuid: Uuid,
    /// When it was made.
    #[serde(default)]
    pub create_timestamp: String,
    /// When it last learned or answered; `-` if it never did.
    #[serde(default)]
    pub last_used_timestamp: String,
}

/// One brick of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BrickDetails {
    /// Name of an input or output brick.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    pub kind: BrickKind,
    /// Where it lies in the grid: x, y, z.
    pub position: [u32; 3],
    /// Neurons that it may have.
    pub neurons_limit: u64,
    /// Neurons in use.
    pub neurons: u64,
    /// Sections that lead to them.
    pub sections: u64,
    /// Synapses of these sections.
    pub synapses: u64,
    /// Memory held for them, in bytes; not counted for input bricks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Share of its neurons that fire, over about the last 1000 samples taught. Of an input brick, the
    /// share of values that make signals; of an output brick, that of answers above one half or, for
    /// numbers, above their mean. Absent until something is taught after a start of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<f64>,
    /// How wrong its neurons are on average, over about the last 1000 samples taught: how far the
    /// answers of an output brick are from what was expected, or the size of an inner brick's
    /// gradients. Absent for inputs, and until something is taught after a start of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
}

/// What a brick is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BrickKind {
    /// It takes values in.
    Input,
    /// It lies between others.
    Inner,
    /// It gives values out.
    Output,
}

/// What a network is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NetworkSize {
    /// Training steps taken.
    pub steps: u64,
    /// Neurons in use.
    pub neurons: u64,
    /// Sections grown.
    pub sections: u64,
    /// Synapses grown.
    pub synapses: u64,
    /// Memory held, in bytes.
    pub bytes: u64,
}

/// How a cluster takes work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Mode {
    /// From its task queue.
    Task,
    /// From a websocket, one sample at a time.
    Direct,
}

/// Body of `PUT /control/v1/cluster/set_mode`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMode {
    /// The cluster.
    pub uuid: Uuid,
    /// The mode to go into.
    pub new_state: Mode,
    /// Uuid of the websocket that will be used; taken for the sake of older clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_uuid: Option<Uuid>,
}

/// Answer of `PUT /control/v1/cluster/set_mode`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModeSet {
    /// The cluster.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The mode it is in now.
    pub new_state: Mode,
}

/// Body of `POST /control/v1/cluster/save`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveCluster {
    /// Name of the checkpoint to make.
    pub name: Name,
    /// The cluster to save.
    pub cluster_uuid: Uuid,
}

/// Answer of `POST /control/v1/cluster/save`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SaveQueued {
    /// Uuid of the task that saves, and of the checkpoint once the task is finished.
    pub uuid: Uuid,
    /// Name of both.
    pub name: String,
}

/// Body of `POST /control/v1/cluster/load`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadCluster {
    /// The checkpoint to load.
    pub checkpoint_uuid: Uuid,
    /// The cluster to load it into.
    pub cluster_uuid: Uuid,
}

/// Answer of `POST /control/v1/cluster/load`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoadQueued {
    /// Uuid of the task that loads.
    pub uuid: Uuid,
}

/// Body of `PUT /control/v1/cluster/switch_host`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchHost {
    /// The cluster to move.
    pub cluster_uuid: Uuid,
    /// The host to move it to.
    pub host_uuid: Uuid,
}

/// A row of `GET /control/v1/cluster/all`: uuid, project, owner, visibility, name.
pub type ClusterRow = (Uuid, String, String, Visibility, String);
