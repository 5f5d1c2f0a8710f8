//! After a restart: what was in flight is there wholly or not at all, and everything else is as the
//! ledger says.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use hanami_client::{Entry, Hanami, Mode, Part, TaskState, Uuid};
use rangemap::RangeSet;

use super::{
    lane::{Lane, whole},
    ledger::Label,
    op::{Kind, Op},
};
use crate::data::{self, Sample};

impl Lane {
    /// Compares everything.
    pub(super) async fn verify(&mut self, hanami: &Hanami) -> Result<()> {
        if let Some(op) = self.in_flight.take() {
            let resolved = self.resolve(hanami, &op).await;
            resolved.with_context(|| format!("in flight when the server died: {op:?}"))?;
        }
        // The queues may have begun to work before the first request.
        for cluster in self.ledger.clusters.values_mut() {
            cluster.is_busy |= !cluster.tasks.is_empty();
        }
        self.settle_all(hanami).await?;
        for kind in Kind::ALL {
            let found = self.listed(hanami, kind).await?;
            let mut expected = BTreeMap::new();
            for uuid in self.ledger.uuids(kind) {
                expected.insert(uuid, self.ledger.label(kind, uuid)?.clone());
            }
            ensure!(
                found == expected,
                "{kind:?}s of {}: there are {found:?}, and not {expected:?}",
                self.user
            );
        }
        self.verify_clusters(hanami).await?;
        self.verify_datasets(hanami).await?;
        for uuid in self.ledger.uuids(Kind::Checkpoint) {
            let found = hanami.checkpoint(uuid).await?.steps;
            let expected = self.ledger.checkpoint(uuid)?.steps;
            ensure!(found == expected, "checkpoint {uuid}: {found} steps, and not {expected}");
            self.compare_checkpoint(hanami, uuid).await?;
        }
        for (uuid, answers) in &self.ledger.results {
            let found = hanami.request_result(*uuid).await?.data;
            let is_right = answers.data.as_ref().is_none_or(|expected| *expected == found);
            ensure!(is_right, "result {uuid}: {found:?}, and not {:?}", answers.data);
        }
        Ok(())
    }

    async fn verify_clusters(&mut self, hanami: &Hanami) -> Result<()> {
        for uuid in self.ledger.uuids(Kind::Cluster) {
            let found = hanami.cluster(uuid).await?;
            let steps = found.network.context("a cluster has lost its network")?.steps;
            let expected = self.ledger.cluster(uuid)?;
            ensure!(
                (found.mode, steps) == (expected.mode, expected.steps),
                "cluster {uuid}: {:?} with {steps} steps, and not {:?} with {}",
                found.mode,
                expected.mode,
                expected.steps
            );
            let tasks = hanami.tasks(uuid).await?;
            let there: BTreeSet<Uuid> = tasks.iter().map(|task| task.uuid).collect();
            let expected = &expected.tasks;
            ensure!(there == *expected, "cluster {uuid}: tasks {there:?}, and not {expected:?}");
            let undone = tasks.iter().find(|task| task.state != TaskState::Finished);
            ensure!(undone.is_none(), "cluster {uuid}: a task has not finished: {undone:?}");
            let samples = data::samples(&mut self.rng, 4);
            self.compare_answers(hanami, uuid, &samples).await?;
        }
        Ok(())
    }

    async fn verify_datasets(&mut self, hanami: &Hanami) -> Result<()> {
        for (uuid, expected) in &self.ledger.datasets {
            if !expected.is_finished {
                let received = received(hanami, *uuid).await?;
                let expected = &expected.received;
                ensure!(
                    received.as_ref() == Some(expected),
                    "dataset {uuid}: {received:?} has arrived, and not {expected:?}"
                );
                continue;
            }
            let lines = hanami.dataset(*uuid).await?.lines;
            ensure!(lines == expected.rows.len() as u64, "dataset {uuid}: {lines} lines");
            let found = whole(hanami.download_dataset(*uuid, Part::Input).await?).await?;
            ensure!(found == expected.content, "dataset {uuid} holds other rows");
        }
        Ok(())
    }

    /// Finds out whether what was in flight was done, and writes it down if it was.
    async fn resolve(&mut self, hanami: &Hanami, op: &Op) -> Result<()> {
        match op {
            Op::CreateCluster { name, .. } | Op::CreateClusterFrom { name, .. } => {
                self.adopt(hanami, op, Kind::Cluster, name).await
            }
            Op::Declare { name, .. } => self.adopt(hanami, op, Kind::Dataset, name).await,
            Op::UploadCheckpoint { name, .. } => {
                self.settle_all(hanami).await?;
                self.adopt(hanami, op, Kind::Checkpoint, name).await
            }
            Op::Task { cluster, .. } | Op::Save { cluster, .. } | Op::Load { cluster, .. } => {
                let there = hanami.tasks(*cluster).await?.into_iter().map(|task| task.uuid);
                let known = &self.ledger.cluster(*cluster)?.tasks;
                let new: Vec<Uuid> = there.filter(|uuid| !known.contains(uuid)).collect();
                ensure!(new.len() <= 1, "one task was in flight, and there are {new:?}");
                new.first().map_or(Ok(()), |task| self.ledger.apply(op, Some(*task)))
            }
            Op::Change { kind, uuid, label } => {
                let found = self.listed(hanami, *kind).await?.remove(uuid);
                let before = self.ledger.label(*kind, *uuid)?.clone();
                let found = found.with_context(|| format!("the {kind:?} {uuid} is gone"))?;
                self.choose_between(op, found == *label, found == before)
            }
            Op::Delete { kind, uuid } => {
                let is_there = self.listed(hanami, *kind).await?.contains_key(uuid);
                self.choose_between(op, !is_there, is_there)
            }
            Op::SetMode { cluster, mode } => {
                let found: Mode = hanami.cluster(*cluster).await?.mode;
                self.choose_between(op, found == *mode, found != *mode)
            }
            Op::Send { dataset, range, .. } => {
                let found = received(hanami, *dataset).await?.context("finished by itself")?;
                let before = &self.ledger.dataset(*dataset)?.received;
                let mut after = before.clone();
                after.insert(range.clone());
                let is_before = found == *before;
                ensure!(found == after || is_before, "{found:?} has arrived");
                self.choose_between(op, found == after, is_before)
            }
            Op::Finish { dataset } => {
                let found = received(hanami, *dataset).await?;
                self.choose_between(op, found.is_none(), found.is_some())
            }
            Op::Learn { cluster, samples } => self.resolve_steps(hanami, *cluster, samples).await,
            Op::DeleteTask { cluster, task } => {
                let there = hanami.tasks(*cluster).await?;
                let is_there = there.iter().any(|found| found.uuid == *task);
                self.choose_between(op, !is_there, is_there)
            }
        }
    }

    /// Writes down that `op` was done if what is there is what it makes.
    fn choose_between(&mut self, op: &Op, is_done: bool, is_undone: bool) -> Result<()> {
        ensure!(is_done || is_undone, "it is there by half");
        if is_done { self.ledger.apply(op, None) } else { Ok(()) }
    }

    /// Writes down what `op` made, if there is something new.
    async fn adopt(&mut self, hanami: &Hanami, op: &Op, kind: Kind, name: &str) -> Result<()> {
        let known = self.ledger.uuids(kind);
        let mut new = self.listed(hanami, kind).await?;
        new.retain(|uuid, _| !known.contains(uuid));
        let mut new = new.into_iter();
        let Some((uuid, label)) = new.next() else { return Ok(()) };
        ensure!(label.name == name && new.next().is_none(), "there is {uuid}: {label:?}");
        self.ledger.apply(op, Some(uuid))
    }

    /// Writes down how many samples of a list were learned.
    async fn resolve_steps(
        &mut self,
        hanami: &Hanami,
        cluster: Uuid,
        samples: &[Sample],
    ) -> Result<()> {
        self.settle(hanami, cluster).await?;
        let steps = hanami.cluster(cluster).await?.network.context("no network")?.steps;
        let entry = self.ledger.cluster(cluster)?;
        let learned = steps.checked_sub(entry.steps).and_then(|more| samples.get(..more as usize));
        let Some(learned) = learned else {
            bail!("cluster {cluster}: {steps} steps, {} acknowledged", entry.steps)
        };
        entry.learn(learned)
    }

    /// Names and visibility of all that the user owns of a kind.
    async fn listed(&self, hanami: &Hanami, kind: Kind) -> Result<BTreeMap<Uuid, Label>> {
        let rows = match kind {
            Kind::Cluster => hanami.clusters().await?,
            Kind::Checkpoint => hanami.checkpoints().await?,
            Kind::Result => hanami.request_results().await?,
            Kind::Dataset => {
                let rows = hanami.datasets().await?.into_iter().map(|row| Entry {
                    uuid: row.uuid,
                    project_id: row.project_id,
                    owner_id: row.owner_id,
                    visibility: row.visibility,
                    name: row.name,
                });
                rows.collect()
            }
        };
        let own = rows.into_iter().filter(|row| row.owner_id == self.user);
        let label = |row: Entry| (row.uuid, Label { name: row.name, visibility: row.visibility });
        Ok(own.map(label).collect())
    }
}

/// Which bytes of an upload have arrived; nothing once it is finished.
async fn received(hanami: &Hanami, dataset: Uuid) -> Result<Option<RangeSet<u64>>> {
    let progress = hanami.upload_progress(dataset).await?;
    let Some(file) = progress.files.first() else { return Ok(None) };
    let mut received = RangeSet::new();
    received.insert(0..file.size);
    for [from, to] in &file.missing {
        received.remove(*from..*to);
    }
    Ok(Some(received))
}
