//! What a user does next, at random.

use hanami_client::{Mode, TaskType, Uuid, Visibility};
use rand::{RngExt, seq::IndexedRandom};

use super::{
    lane::{Lane, Step},
    ledger::Label,
    op::{Kind, Op},
    upload::Way,
};
use crate::data;

/// Most of each kind that a user has, so that comparing all of them is quick.
const MOST: usize = 3;

/// Most tasks, ended ones too, that a cluster keeps.
const MOST_TASKS: usize = 4;

/// One of so many trainings is long enough to be met by a kill.
const LONG_ONE_OF: u32 = 6;

impl Lane {
    /// Something that can be done now.
    pub(super) fn choose(&mut self) -> Step {
        loop {
            if let Some(step) = self.try_to_choose() {
                return step;
            }
        }
    }

    fn try_to_choose(&mut self) -> Option<Step> {
        // What was left in direct mode by a kill goes on there.
        let direct = self.ledger.clusters.iter().find(|(_, it)| it.mode == Mode::Direct);
        if let Some(cluster) = direct.map(|(uuid, _)| *uuid) {
            return Some(self.direct_session(cluster));
        }
        let step = match self.rng.random_range(0..100) {
            0..6 => Step::Do(self.create_cluster()?),
            6..12 => Step::Do(self.change()?),
            12..17 => Step::Do(self.delete()?),
            17..23 => Step::Do(self.declare()?),
            23..45 => Step::Do(self.go_on_uploading()?),
            45..57 => {
                let count = self.rng.random_range(1..20);
                let samples = data::samples(&mut self.rng, count);
                Step::Do(Op::Learn { cluster: self.any(Kind::Cluster)?, samples })
            }
            57..62 => {
                let cluster = self.any(Kind::Cluster)?;
                self.direct_session(cluster)
            }
            62..74 => Step::Do(self.task()?),
            74..82 => Step::Do(self.save_or_load()?),
            82..88 => Step::Do(self.delete_task()?),
            88..91 => Step::Do(self.upload_checkpoint()?),
            91..93 => Step::Download(self.any(Kind::Checkpoint)?),
            _ => Step::Ask(self.any(Kind::Cluster)?, data::samples(&mut self.rng, 3)),
        };
        Some(step)
    }

    fn any(&mut self, kind: Kind) -> Option<Uuid> {
        self.ledger.uuids(kind).choose(&mut self.rng).copied()
    }

    fn has_room(&self, kind: Kind) -> bool {
        self.ledger.uuids(kind).len() < MOST
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("{} thing {}", self.user, self.names)
    }

    fn direct_session(&mut self, cluster: Uuid) -> Step {
        let count = self.rng.random_range(1..8);
        Step::Direct(cluster, data::samples(&mut self.rng, count))
    }

    fn create_cluster(&mut self) -> Option<Op> {
        if !self.has_room(Kind::Cluster) {
            return None;
        }
        let name = self.name();
        let from = if self.rng.random() { self.any(Kind::Checkpoint) } else { None };
        Some(match from {
            Some(checkpoint) => Op::CreateClusterFrom { name, checkpoint },
            None => Op::CreateCluster { name, template: data::template(self.rng.random()) },
        })
    }

    fn change(&mut self) -> Option<Op> {
        let kind = *Kind::ALL.choose(&mut self.rng)?;
        let uuid = self.any(kind)?;
        let all = [Visibility::Private, Visibility::Shared, Visibility::Public];
        let label = Label { name: self.name(), visibility: *all.choose(&mut self.rng)? };
        Some(Op::Change { kind, uuid, label })
    }

    fn delete(&mut self) -> Option<Op> {
        let kind = *Kind::ALL.choose(&mut self.rng)?;
        if kind == Kind::Cluster && self.has_room(kind) {
            return None;
        }
        Some(Op::Delete { kind, uuid: self.any(kind)? })
    }

    fn declare(&mut self) -> Option<Op> {
        if !self.has_room(Kind::Dataset) {
            return None;
        }
        let is_long = self.rng.random_ratio(1, LONG_ONE_OF);
        let rows = if is_long { 3000 } else { self.rng.random_range(10..100) };
        let rows = data::samples(&mut self.rng, rows);
        Some(Op::Declare { name: self.name(), content: data::table(&rows), rows })
    }

    /// Sends a piece of what is missing of an upload, or finishes it.
    fn go_on_uploading(&mut self) -> Option<Op> {
        let (uuid, dataset) = self.ledger.datasets.iter().find(|(_, it)| !it.is_finished)?;
        let (dataset, entry) = (*uuid, dataset);
        let whole = 0..entry.content.len() as u64;
        let gaps: Vec<_> = entry.received.gaps(&whole).collect();
        let Some(gap) = gaps.choose(&mut self.rng) else { return Some(Op::Finish { dataset }) };
        let end = gap.end.min(gap.start + self.rng.random_range(1..=whole.end.div_ceil(3)));
        let piece = entry.content.slice(gap.start as usize..end as usize);
        let way = if self.rng.random() { Way::Http } else { Way::Websocket };
        Some(Op::Send { dataset, range: gap.start..end, piece, way })
    }

    /// A finished dataset.
    fn table(&mut self) -> Option<Uuid> {
        let finished = self.ledger.datasets.iter().filter(|(_, it)| it.is_finished);
        let finished: Vec<Uuid> = finished.map(|(uuid, _)| *uuid).collect();
        finished.choose(&mut self.rng).copied()
    }

    /// A cluster that has room for another task.
    fn taker(&mut self) -> Option<Uuid> {
        let cluster = self.any(Kind::Cluster)?;
        (self.ledger.clusters[&cluster].tasks.len() < MOST_TASKS).then_some(cluster)
    }

    fn task(&mut self) -> Option<Op> {
        let (cluster, dataset) = (self.taker()?, self.table()?);
        let asks = self.rng.random_ratio(2, 5) && self.has_room(Kind::Result);
        let kind = if asks { TaskType::Request } else { TaskType::Train };
        Some(Op::Task { cluster, dataset, kind, name: self.name() })
    }

    fn save_or_load(&mut self) -> Option<Op> {
        let cluster = self.taker()?;
        if self.rng.random_ratio(2, 3) {
            let name = self.name();
            return self.has_room(Kind::Checkpoint).then_some(Op::Save { cluster, name });
        }
        Some(Op::Load { cluster, checkpoint: self.any(Kind::Checkpoint)? })
    }

    fn delete_task(&mut self) -> Option<Op> {
        let cluster = self.any(Kind::Cluster)?;
        let task = *self.ledger.clusters[&cluster].tasks.first()?;
        Some(Op::DeleteTask { cluster, task })
    }

    fn upload_checkpoint(&mut self) -> Option<Op> {
        let of = self.any(Kind::Checkpoint)?;
        let is_known = self.ledger.checkpoints[&of].file.is_some();
        let name = self.name();
        (is_known && self.has_room(Kind::Checkpoint)).then_some(Op::UploadCheckpoint { name, of })
    }
}
