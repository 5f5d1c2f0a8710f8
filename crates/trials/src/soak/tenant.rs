//! One tenant: a project with one user, who comes to work again and again and leaves nothing behind.

use std::time::{Duration, Instant};

use anyhow::Result;
use hanami_client::{ClientError, Hanami, Mode, TaskType, Uuid};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::time::{Interval, MissedTickBehavior};

use crate::{
    data::{self, Sample},
    tally::Tally,
};

/// Rows of the tables that are uploaded.
const ROWS: usize = 200;

/// A tenant, and what was answered.
#[derive(Debug)]
pub(super) struct Tenant {
    hanami: Hanami,
    cluster: Uuid,
    rng: StdRng,
    /// When the next call may go.
    pace: Interval,
    names: u32,
    pub(super) outcome: Outcome,
}

/// What came of the calls.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) calls: Tally,
    /// How long they took.
    pub(super) times: Vec<Duration>,
    /// Answers with a status of 500 or above.
    pub(super) server_errors: u64,
    /// What else went wrong.
    pub(super) errors: Vec<String>,
}

impl Tenant {
    /// Makes a cluster for `hanami`, who then makes so many calls a second.
    pub(super) async fn begin(hanami: Hanami, seed: u64, rate: f64) -> Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let template = data::template(rng.random());
        let cluster = hanami.create_cluster("at home", Some(&template)).await?.uuid;
        let mut pace = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self { hanami, cluster, rng, pace, names: 0, outcome: Outcome::default() })
    }

    /// Works until then.
    pub(super) async fn work(mut self, until: Instant) -> Outcome {
        while Instant::now() < until {
            let done = match self.rng.random_range(0..10) {
                0 => Box::pin(self.try_a_table()).await,
                1 => self.try_a_cluster().await,
                2 => self.keep_a_checkpoint().await,
                3..6 => Box::pin(self.teach_directly()).await,
                _ => self.ask().await,
            };
            if let Err(error) = done {
                self.note(&error);
            }
        }
        self.outcome
    }

    fn note(&mut self, error: &ClientError) {
        match error {
            ClientError::Refused { status: 500.., .. } => self.outcome.server_errors += 1,
            other => self.outcome.errors.push(other.to_string()),
        }
    }

    /// Waits for its time, makes a call, and takes the time that the answer takes.
    async fn call<Answer>(
        &mut self,
        word: &'static str,
        call: impl Future<Output = Result<Answer, ClientError>>,
    ) -> Result<Answer, ClientError> {
        self.pace.tick().await;
        let began = Instant::now();
        let answer = call.await?;
        self.outcome.times.push(began.elapsed());
        self.outcome.calls.count(word);
        Ok(answer)
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("thing {}", self.names)
    }

    fn samples(&mut self, count: usize) -> Vec<Sample> {
        data::samples(&mut self.rng, count)
    }

    /// Uploads a table, trains on it, asks about it, and deletes all that came of it.
    async fn try_a_table(&mut self) -> Result<(), ClientError> {
        let (hanami, cluster, name) = (self.hanami.clone(), self.cluster, self.name());
        let table = data::table(&self.samples(ROWS));
        let upload = Box::pin(hanami.upload_csv(&name, table, |_, _| ()));
        let dataset = self.call("upload", upload).await?;
        for (word, kind) in [("train", TaskType::Train), ("request", TaskType::Request)] {
            let task = async {
                let task = hanami.create_task(&name, kind, cluster, dataset).await?.uuid;
                hanami.wait(cluster, task, |_| ()).await.map(|_| task)
            };
            let task = self.call(word, task).await?;
            self.call("delete task", hanami.delete_task(cluster, task)).await?;
            if kind == TaskType::Request {
                self.call("show result", hanami.request_result(task)).await?;
                self.call("delete result", hanami.delete_request_result(task)).await?;
            }
        }
        self.call("show columns", hanami.columns(dataset)).await?;
        self.call("delete dataset", hanami.delete_dataset(dataset)).await
    }

    /// Makes a cluster, teaches and asks it, and deletes it.
    async fn try_a_cluster(&mut self) -> Result<(), ClientError> {
        let (hanami, name) = (self.hanami.clone(), self.name());
        let template = data::template(self.rng.random());
        let made = self.call("create cluster", hanami.create_cluster(&name, Some(&template)));
        let cluster = made.await?.uuid;
        let samples = self.samples(20);
        let (inputs, targets) = (data::inputs(&samples), data::targets(&samples));
        self.call("learn", hanami.learn(cluster, inputs.clone(), targets)).await?;
        self.call("predict", hanami.predict(cluster, inputs)).await?;
        self.call("list clusters", hanami.clusters()).await?;
        self.call("delete cluster", hanami.delete_cluster(cluster)).await
    }

    /// Saves the cluster, loads it again, and deletes checkpoint and tasks.
    async fn keep_a_checkpoint(&mut self) -> Result<(), ClientError> {
        let (hanami, cluster, name) = (self.hanami.clone(), self.cluster, self.name());
        let save = async {
            let task = hanami.save_cluster(&name, cluster).await?.uuid;
            hanami.wait(cluster, task, |_| ()).await.map(|_| task)
        };
        let checkpoint = self.call("save", save).await?;
        let load = async {
            let task = hanami.load_cluster(checkpoint, cluster).await?;
            hanami.wait(cluster, task, |_| ()).await.map(|_| task)
        };
        let load = self.call("load", load).await?;
        for task in [checkpoint, load] {
            self.call("delete task", hanami.delete_task(cluster, task)).await?;
        }
        self.call("delete checkpoint", hanami.delete_checkpoint(checkpoint)).await
    }

    /// Teaches the cluster over a live connection.
    async fn teach_directly(&mut self) -> Result<(), ClientError> {
        let (hanami, cluster) = (self.hanami.clone(), self.cluster);
        self.call("set mode", hanami.set_mode(cluster, Mode::Direct)).await?;
        let mut direct = self.call("connect", Box::pin(hanami.direct(cluster))).await?;
        for [left, right, sum] in self.samples(20) {
            let (inputs, targets) = ([("left", &[left][..]), ("right", &[right])], [sum]);
            self.call("direct step", direct.train(&inputs, &[("sum", &targets)])).await?;
        }
        self.call("close", direct.close()).await?;
        self.call("set mode", hanami.set_mode(cluster, Mode::Task)).await.map(drop)
    }

    /// Asks the cluster.
    async fn ask(&mut self) -> Result<(), ClientError> {
        let (hanami, cluster) = (self.hanami.clone(), self.cluster);
        let inputs = data::inputs(&self.samples(5));
        self.call("predict", hanami.predict(cluster, inputs)).await?;
        self.call("show cluster", hanami.cluster(cluster)).await.map(drop)
    }
}
