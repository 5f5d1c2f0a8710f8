//! What one user was told is there, and what has to come of it.
//!
//! A cluster's network is kept as a network of this process, taught the same samples in the same
//! order, so that the server's can be compared with it bit for bit. That ends for a cluster that is
//! taught while it trains, as nobody knows in which order; its steps still count. A checkpoint
//! that is loaded brings the network back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use bytes::Bytes;
use hanami_client::{Mode, TaskType, Uuid, Visibility};
use hanami_network::{Network, template::Template};
use rangemap::RangeSet;

use super::op::{Kind, Op};
use crate::data::Sample;

/// Everything that belongs to one user.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) clusters: BTreeMap<Uuid, Cluster>,
    pub(super) datasets: BTreeMap<Uuid, Dataset>,
    pub(super) checkpoints: BTreeMap<Uuid, Checkpoint>,
    pub(super) results: BTreeMap<Uuid, Answers>,
}

/// What every resource has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) visibility: Visibility,
}

/// A cluster, as it is when its queue is done.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) label: Label,
    pub(super) mode: Mode,
    pub(super) steps: u64,
    /// Its network, unless it was taught in an order that nobody knows.
    pub(super) network: Option<Network>,
    /// Whether tasks may be waiting or running.
    pub(super) is_busy: bool,
    /// Whether none of these is anything but a training.
    pub(super) only_trains: bool,
    pub(super) tasks: BTreeSet<Uuid>,
}

/// A table, or one that is being uploaded.
#[derive(Debug)]
pub(super) struct Dataset {
    pub(super) label: Label,
    pub(super) rows: Vec<Sample>,
    pub(super) content: Bytes,
    pub(super) received: RangeSet<u64>,
    pub(super) is_finished: bool,
}

/// A checkpoint.
#[derive(Debug)]
pub(super) struct Checkpoint {
    pub(super) label: Label,
    pub(super) steps: u64,
    /// The bytes of its network, if they are known.
    pub(super) network: Option<Vec<u8>>,
    /// Its file, once it was downloaded.
    pub(super) file: Option<Bytes>,
}

/// A request result.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) label: Label,
    /// Its values, if they are known.
    pub(super) data: Option<Vec<f64>>,
}

impl Label {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), visibility: Visibility::Private }
    }
}

impl Cluster {
    fn new(name: &str, network: Option<Network>, steps: u64) -> Self {
        let (mode, tasks) = (Mode::Task, BTreeSet::new());
        Self {
            label: Label::new(name),
            mode,
            steps,
            network,
            is_busy: false,
            only_trains: true,
            tasks,
        }
    }

    /// Teaches it these samples, in this order.
    pub(super) fn learn(&mut self, samples: &[Sample]) -> Result<()> {
        self.steps += samples.len() as u64;
        let Some(network) = &mut self.network else { return Ok(()) };
        for [left, right, sum] in samples {
            network.train(&[*left, *right], &[*sum], &mut [0.0])?;
        }
        Ok(())
    }

    /// What it answers to these samples, if that is known.
    pub(super) fn answers(&mut self, samples: &[Sample]) -> Result<Option<Vec<f32>>> {
        let Some(network) = &mut self.network else { return Ok(None) };
        let answers = samples.iter().map(|[left, right, _]| {
            let mut answer = [0.0];
            network.predict(&[*left, *right], &mut answer).map(|()| answer[0])
        });
        Ok(Some(answers.collect::<Result<_, _>>()?))
    }
}

impl Ledger {
    /// Writes down that `op` was done; `made` is the uuid of what it made, if it makes something.
    pub(super) fn apply(&mut self, op: &Op, made: Option<Uuid>) -> Result<()> {
        let made = || made.context("an operation answered no uuid");
        match op {
            Op::CreateCluster { name, template } => {
                let network = Network::new(&Template::parse(template)?)?;
                self.clusters.insert(made()?, Cluster::new(name, Some(network), 0));
            }
            Op::CreateClusterFrom { name, checkpoint } => {
                let checkpoint = self.checkpoint(*checkpoint)?;
                let (network, steps) = (checkpoint.network()?, checkpoint.steps);
                self.clusters.insert(made()?, Cluster::new(name, network, steps));
            }
            Op::Change { kind, uuid, label } => *self.label(*kind, *uuid)? = label.clone(),
            Op::Delete { kind, uuid } => self.forget(*kind, *uuid),
            Op::SetMode { cluster, mode } => self.cluster(*cluster)?.mode = *mode,
            Op::Declare { name, rows, content } => {
                let (label, received) = (Label::new(name), RangeSet::new());
                let (rows, content) = (rows.clone(), content.clone());
                let dataset = Dataset { label, rows, content, received, is_finished: false };
                self.datasets.insert(made()?, dataset);
            }
            Op::Send { dataset, range, .. } => {
                self.dataset(*dataset)?.received.insert(range.clone());
            }
            Op::Finish { dataset } => self.dataset(*dataset)?.is_finished = true,
            Op::Learn { cluster, samples } => self.cluster(*cluster)?.learn(samples)?,
            Op::Task { cluster, dataset, kind, name } => {
                self.queue(made()?, *cluster, *dataset, *kind, name)?;
            }
            Op::Save { cluster, name } => self.save(made()?, *cluster, name)?,
            Op::Load { cluster, checkpoint } => {
                let checkpoint = self.checkpoint(*checkpoint)?;
                let (network, steps) = (checkpoint.network()?, checkpoint.steps);
                let cluster = self.cluster(*cluster)?;
                (cluster.network, cluster.steps) = (network, steps);
                cluster.queued(made()?, false);
            }
            Op::DeleteTask { cluster, task } => {
                self.cluster(*cluster)?.tasks.remove(task);
            }
            Op::UploadCheckpoint { name, of } => {
                let of = self.checkpoint(*of)?;
                let (network, file) = (of.network.clone(), of.file.clone());
                let steps = of.steps;
                let checkpoint = Checkpoint { label: Label::new(name), steps, network, file };
                self.checkpoints.insert(made()?, checkpoint);
            }
        }
        Ok(())
    }

    fn queue(
        &mut self,
        task: Uuid,
        cluster: Uuid,
        dataset: Uuid,
        kind: TaskType,
        name: &str,
    ) -> Result<()> {
        let rows = self.dataset(dataset)?.rows.clone();
        let cluster = self.cluster(cluster)?;
        cluster.queued(task, kind == TaskType::Train);
        if kind == TaskType::Train {
            return cluster.learn(&rows);
        }
        let answers = cluster.answers(&rows)?;
        let data = answers.map(|values| values.into_iter().map(f64::from).collect());
        self.results.insert(task, Answers { label: Label::new(name), data });
        Ok(())
    }

    fn save(&mut self, task: Uuid, cluster: Uuid, name: &str) -> Result<()> {
        let cluster = self.cluster(cluster)?;
        cluster.queued(task, false);
        let network = cluster.network.as_ref().map(Network::to_bytes);
        let steps = cluster.steps;
        let checkpoint = Checkpoint { label: Label::new(name), steps, network, file: None };
        self.checkpoints.insert(task, checkpoint);
        Ok(())
    }

    /// The cluster with this uuid.
    pub(super) fn cluster(&mut self, uuid: Uuid) -> Result<&mut Cluster> {
        self.clusters.get_mut(&uuid).context("a cluster is missing in the ledger")
    }

    /// The dataset with this uuid.
    pub(super) fn dataset(&mut self, uuid: Uuid) -> Result<&mut Dataset> {
        self.datasets.get_mut(&uuid).context("a dataset is missing in the ledger")
    }

    /// The checkpoint with this uuid.
    pub(super) fn checkpoint(&mut self, uuid: Uuid) -> Result<&mut Checkpoint> {
        self.checkpoints.get_mut(&uuid).context("a checkpoint is missing in the ledger")
    }

    /// Name and visibility of something.
    pub(super) fn label(&mut self, kind: Kind, uuid: Uuid) -> Result<&mut Label> {
        let label = match kind {
            Kind::Cluster => self.clusters.get_mut(&uuid).map(|it| &mut it.label),
            Kind::Dataset => self.datasets.get_mut(&uuid).map(|it| &mut it.label),
            Kind::Checkpoint => self.checkpoints.get_mut(&uuid).map(|it| &mut it.label),
            Kind::Result => self.results.get_mut(&uuid).map(|it| &mut it.label),
        };
        label.with_context(|| format!("a {kind:?} is missing in the ledger"))
    }

    /// The uuids of all of a kind.
    pub(super) fn uuids(&self, kind: Kind) -> Vec<Uuid> {
        match kind {
            Kind::Cluster => self.clusters.keys().copied().collect(),
            Kind::Dataset => self.datasets.keys().copied().collect(),
            Kind::Checkpoint => self.checkpoints.keys().copied().collect(),
            Kind::Result => self.results.keys().copied().collect(),
        }
    }

    fn forget(&mut self, kind: Kind, uuid: Uuid) {
        match kind {
            Kind::Cluster => drop(self.clusters.remove(&uuid)),
            Kind::Dataset => drop(self.datasets.remove(&uuid)),
            Kind::Checkpoint => drop(self.checkpoints.remove(&uuid)),
            Kind::Result => drop(self.results.remove(&uuid)),
        }
    }
}

impl Cluster {
    fn queued(&mut self, task: Uuid, trains: bool) {
        self.only_trains = trains && (self.only_trains || !self.is_busy);
        self.is_busy = true;
        self.tasks.insert(task);
    }
}

impl Checkpoint {
    fn network(&self) -> Result<Option<Network>> {
        Ok(self.network.as_deref().map(Network::from_bytes).transpose()?)
    }
}
