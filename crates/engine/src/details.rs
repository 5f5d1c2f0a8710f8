//! What is told of a cluster.

use hanami_network::template::{BrickKind, Position};
use hanami_network::{Network, Stats};
use hanami_store::{Access, Cluster, OffsetDateTime, Uuid};

use crate::engine::Engine;
use crate::error::EngineError;

/// A cluster, its queue and what has grown in it.
#[derive(Debug, Clone)]
pub struct ClusterView {
    /// The cluster.
    pub cluster: Cluster,
    /// The host that it computes on.
    pub host: Uuid,
    /// Queued and running tasks.
    pub open_tasks: u64,
    /// When it last learned or answered; `None` if it never did.
    pub last_used: Option<OffsetDateTime>,
    /// What its network is made of; `None` for an empty cluster.
    pub size: Option<Stats>,
    /// Its bricks in the order of the template; none for an empty cluster.
    pub bricks: Vec<BrickDetails>,
}

/// What a brick is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrickRole {
    /// It takes values in.
    Input,
    /// It lies between others.
    Inner,
    /// It gives values out.
    Output,
}

/// One brick of a cluster.
#[derive(Debug, Clone)]
pub struct BrickDetails {
    /// Its name; inner bricks have none.
    pub name: Option<String>,
    /// What it is for.
    pub role: BrickRole,
    /// Where it lies: x, y, z.
    pub position: [u32; 3],
    /// The neurons that it may have.
    pub neurons_limit: u64,
    /// The neurons that it has in use.
    pub neurons: u64,
    /// Sections that lead to them; an input brick has none.
    pub sections: u64,
    /// Synapses of these sections.
    pub synapses: u64,
    /// Memory held for them, in bytes; what input bricks hold is not counted one by one.
    pub bytes: Option<u64>,
    /// The share of its neurons that fire, and how wrong they are on average, over about the last
    /// 1000 samples taught; `None` where nothing was taught since the network was read, and no input
    /// is wrong.
    pub activity: Option<f64>,
    /// See `activity`.
    pub error: Option<f64>,
}

impl Engine {
    /// A cluster as it is now. Its network is read from the disk if it is not in memory: the
    /// numbers are those of the network as it is, with what came after its snapshot.
    ///
    /// # Errors
    /// Not found, or damaged on the disk.
    pub async fn cluster(&self, access: &Access, uuid: Uuid) -> Result<ClusterView, EngineError> {
        let cluster = self.shared.store.cluster(access, uuid).await?;
        let open_tasks = self.shared.store.open_tasks(uuid).await?;
        let cell = self.shared.cell(&cluster);
        let (mut size, mut bricks) = (None, Vec::new());
        if cluster.snapshot.is_some() {
            let held = cell.hold(&self.shared).await?;
            let stats = held.network.stats();
            bricks = details(&held.network, &stats);
            size = Some(stats);
        }
        let (host, last_used) = (self.shared.host.uuid(), cell.last_used());
        Ok(ClusterView { cluster, host, open_tasks, last_used, size, bricks })
    }
}

/// The bricks of a network, in the order of its template.
fn details(network: &Network, stats: &Stats) -> Vec<BrickDetails> {
    let detail = |brick: &hanami_network::template::Brick| {
        let limit = u64::from(brick.neurons);
        let (role, name) = match &brick.kind {
            BrickKind::Input(name) => (BrickRole::Input, Some(name.clone())),
            BrickKind::Inner => (BrickRole::Inner, None),
            BrickKind::Output { name, .. } => (BrickRole::Output, Some(name.clone())),
        };
        let grown = stats.bricks.iter().find(|grown| grown.position == brick.position);
        let Position { x, y, z } = brick.position;
        BrickDetails {
            bytes: grown.filter(|_| role != BrickRole::Input).map(|grown| grown.bytes as u64),
            activity: grown.and_then(|grown| grown.activity),
            error: grown.and_then(|grown| grown.error),
            name,
            role,
            position: [x, y, z],
            neurons_limit: limit,
            // A brick that leads from no input to an output is not grown.
            neurons: grown.map_or(0, |grown| grown.neurons as u64),
            sections: grown.map_or(0, |grown| grown.sections as u64),
            synapses: grown.map_or(0, |grown| grown.synapses as u64),
        }
    };
    network.template().bricks.iter().map(detail).collect()
}
