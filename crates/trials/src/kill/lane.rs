//! One user's worker: does one operation after the other and writes down what was acknowledged.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use hanami_client::{ClientError, Hanami, Mode, Uuid};
use rand::{RngExt, rngs::StdRng};
use tokio::sync::Notify;

use super::{
    ledger::Ledger,
    op::{Kind, Op},
};
use crate::{
    data::{self, Sample},
    socket,
    tally::Tally,
};

/// What the workers and the one who kills tell each other.
#[derive(Debug, Default)]
pub(super) struct Signals {
    /// Operations acknowledged in this round.
    pub(super) acknowledged: AtomicU64,
    /// Whether the server is being ended, so that broken connections are as expected.
    pub(super) is_ending: AtomicBool,
    /// Whether a worker met what it must not.
    pub(super) has_failed: AtomicBool,
    /// Told when the server is asked to write something large.
    pub(super) saving: Notify,
}

/// One user and what they were told.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) user: String,
    pub(super) token: String,
    pub(super) ledger: Ledger,
    /// The operation that was in flight when the server died.
    pub(super) in_flight: Option<Op>,
    pub(super) rng: StdRng,
    pub(super) tally: Tally,
    /// Numbers the names that were given.
    pub(super) names: u32,
}

/// What one does next.
#[derive(Debug)]
pub(super) enum Step {
    /// Changes something.
    Do(Op),
    /// Switches to direct mode, teaches these samples, asks, and switches back.
    Direct(Uuid, Vec<Sample>),
    /// Asks a cluster about these samples.
    Ask(Uuid, Vec<Sample>),
    /// Downloads a checkpoint.
    Download(Uuid),
}

impl Lane {
    /// Works until the server dies.
    pub(super) async fn work(&mut self, hanami: &Hanami, signals: &Arc<Signals>) -> Result<()> {
        loop {
            let step = self.choose();
            let done = match &step {
                Step::Do(op) => self.perform(hanami, op, signals).await,
                Step::Direct(cluster, samples) => {
                    self.direct(hanami, *cluster, samples, signals).await
                }
                Step::Ask(cluster, samples) => self.ask(hanami, *cluster, samples, signals).await,
                Step::Download(checkpoint) => self.download(hanami, *checkpoint, signals).await,
            };
            let Err(error) = done else { continue };
            if signals.is_ending.load(Relaxed) && is_broken(&error) {
                return Ok(());
            }
            return Err(error).with_context(|| format!("{} was refused: {step:?}", self.user));
        }
    }

    /// Does something, and writes it down once it is acknowledged.
    async fn perform(&mut self, hanami: &Hanami, op: &Op, signals: &Signals) -> Result<()> {
        self.make_ready(hanami, op).await?;
        if op.saves() {
            signals.saving.notify_one();
        }
        let file = match op {
            Op::UploadCheckpoint { of, .. } => self.ledger.checkpoint(*of)?.file.clone(),
            _ => None,
        };
        self.in_flight = Some(op.clone());
        let made = op.perform(hanami, file).await?;
        self.in_flight = None;
        self.ledger.apply(op, made)?;
        self.acknowledged(op.word(), signals);
        Ok(())
    }

    fn acknowledged(&mut self, word: &'static str, signals: &Signals) {
        self.tally.count(word);
        signals.acknowledged.fetch_add(1, Relaxed);
    }

    /// Waits for the queues that an operation must not meet, since nobody would know what comes of it.
    async fn make_ready(&mut self, hanami: &Hanami, op: &Op) -> Result<()> {
        match op {
            Op::Learn { cluster, .. } => {
                let entry = self.ledger.cluster(*cluster)?;
                if !entry.is_busy {
                    return Ok(());
                }
                // Samples between those of a training: their order is nobody's, their number is.
                if entry.only_trains && self.rng.random_ratio(1, 3) {
                    entry.network = None;
                    return Ok(());
                }
                self.settle(hanami, *cluster).await
            }
            // A checkpoint may go while loads of it are queued.
            Op::Delete { kind: Kind::Checkpoint, uuid }
                if self.ledger.checkpoint(*uuid)?.file.is_some() =>
            {
                Ok(())
            }
            Op::SetMode { cluster, .. } => self.settle(hanami, *cluster).await,
            Op::Delete { .. }
            | Op::Change { .. }
            | Op::DeleteTask { .. }
            | Op::UploadCheckpoint { .. }
            | Op::CreateClusterFrom { .. }
            | Op::Load { .. } => self.settle_all(hanami).await,
            _ => Ok(()),
        }
    }

    /// Waits until all tasks of a cluster have ended.
    pub(super) async fn settle(&mut self, hanami: &Hanami, cluster: Uuid) -> Result<()> {
        let entry = self.ledger.cluster(cluster)?;
        while entry.is_busy {
            entry.is_busy = hanami.cluster(cluster).await?.open_tasks > 0;
            if entry.is_busy {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        Ok(())
    }

    /// Waits until all tasks of all clusters have ended.
    pub(super) async fn settle_all(&mut self, hanami: &Hanami) -> Result<()> {
        for cluster in self.ledger.clusters.keys().copied().collect::<Vec<_>>() {
            self.settle(hanami, cluster).await?;
        }
        Ok(())
    }

    async fn direct(
        &mut self,
        hanami: &Hanami,
        cluster: Uuid,
        samples: &[Sample],
        signals: &Signals,
    ) -> Result<()> {
        if self.ledger.cluster(cluster)?.mode == Mode::Task {
            self.perform(hanami, &Op::SetMode { cluster, mode: Mode::Direct }, signals).await?;
        }
        let mut direct = hanami.direct(cluster).await?;
        for sample in samples {
            let op = Op::Learn { cluster, samples: vec![*sample] };
            self.in_flight = Some(op.clone());
            socket::teach(&mut direct, *sample).await?;
            self.in_flight = None;
            self.ledger.apply(&op, None)?;
            self.acknowledged("direct step", signals);
            let answer = socket::ask(&mut direct, *sample).await?;
            let expected = self.ledger.cluster(cluster)?.answers(&[*sample])?;
            ensure!(
                expected.as_ref().is_none_or(|expected| *expected == answer),
                "the cluster {cluster} answers {answer:?}, and not {expected:?}"
            );
        }
        direct.close().await?;
        self.perform(hanami, &Op::SetMode { cluster, mode: Mode::Task }, signals).await
    }

    async fn ask(
        &mut self,
        hanami: &Hanami,
        cluster: Uuid,
        samples: &[Sample],
        signals: &Signals,
    ) -> Result<()> {
        self.settle(hanami, cluster).await?;
        self.compare_answers(hanami, cluster, samples).await?;
        self.acknowledged("predict", signals);
        Ok(())
    }

    /// Compares what a cluster with an empty queue answers, bit for bit.
    pub(super) async fn compare_answers(
        &mut self,
        hanami: &Hanami,
        cluster: Uuid,
        samples: &[Sample],
    ) -> Result<()> {
        let answers = hanami.predict(cluster, data::inputs(samples)).await?;
        let answers = answers.get("sum").context("no answers of the brick `sum`")?.clone();
        let answers: Vec<f32> = answers.into_rows().into_iter().flatten().collect();
        let Some(expected) = self.ledger.cluster(cluster)?.answers(samples)? else { return Ok(()) };
        if answers != expected {
            bail!("the cluster {cluster} answers {answers:?}, and not {expected:?}");
        }
        Ok(())
    }

    async fn download(
        &mut self,
        hanami: &Hanami,
        checkpoint: Uuid,
        signals: &Signals,
    ) -> Result<()> {
        self.settle_all(hanami).await?;
        self.compare_checkpoint(hanami, checkpoint).await?;
        self.acknowledged("download checkpoint", signals);
        Ok(())
    }

    /// Compares a checkpoint's file with what was downloaded before and with the network it holds.
    pub(super) async fn compare_checkpoint(&mut self, hanami: &Hanami, uuid: Uuid) -> Result<()> {
        let file = whole(hanami.download_checkpoint(uuid).await?).await?;
        let entry = self.ledger.checkpoint(uuid)?;
        if let Some(network) = &entry.network {
            let found = data::holds(&file, network);
            ensure!(found, "the checkpoint {uuid} does not hold the network that was saved");
        }
        let before = entry.file.get_or_insert_with(|| file.clone());
        ensure!(*before == file, "the file of the checkpoint {uuid} has changed");
        Ok(())
    }
}

/// All bytes of a download.
pub(super) async fn whole(mut download: hanami_client::Download) -> Result<Bytes, ClientError> {
    let mut bytes = Vec::new();
    while let Some(piece) = download.next_piece().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.into())
}

/// Whether an operation failed because the server was ending, and may have been done or not.
pub(super) fn is_broken(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<ClientError>() {
        Some(ClientError::Refused { status, .. }) => *status == 503,
        Some(
            ClientError::Unreachable { .. }
            | ClientError::Connection { .. }
            | ClientError::Closed(_)
            | ClientError::WebsocketRefused(_),
        ) => true,
        _ => false,
    }
}
