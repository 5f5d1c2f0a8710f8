//! What the demo does, all of it as any client would: over HTTP and websocket.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hanami_client::{Direct, Hanami, Mode, NetworkSize, TaskType, Uuid};
use indicatif::{DecimalBytes, HumanCount};
use serde::Serialize;

use super::{
    draw,
    mnist::{Digits, Mnist},
    voice::{Voice, progress},
};

/// Requests over the live connection, for a distribution of their times.
const LIVE_REQUESTS: usize = 2000;

/// Name of the brick that takes an image.
const INPUT: &str = "pixels";

/// What came out: the object that `--json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    /// Share of the test images that were read rightly, in percent.
    accuracy: f64,
    /// How often all training images were learned.
    epochs: u32,
    upload_seconds: f64,
    train_seconds: f64,
    request_seconds: f64,
    /// Median time from sending an image over the live connection to having the answer.
    direct_request_p50_us: f64,
    synapses: u64,
    /// Memory that the network holds.
    cluster_bytes: u64,
}

/// One run of the demo.
pub(super) struct Story<'a> {
    pub(super) hanami: &'a Hanami,
    pub(super) voice: &'a Voice,
    pub(super) mnist: &'a Mnist,
    pub(super) epochs: u32,
}

impl Story<'_> {
    /// Tells the whole story.
    pub(super) async fn tell(&self) -> Result<Outcome> {
        let start = Instant::now();
        self.voice.heading("Upload")?;
        let train = self.upload("train", &self.mnist.train).await?;
        let test = self.upload("test", &self.mnist.test).await?;
        let upload_seconds = seconds_since(start);

        let cluster = self.create_cluster().await?;
        let train_seconds = self.train(cluster, train).await?;
        let (accuracy, request_seconds) = self.test(cluster, test).await?;
        let grown = self.show_growth(cluster).await?;
        let direct_request_p50_us = self.go_live(cluster).await?;
        Ok(Outcome {
            accuracy,
            epochs: self.epochs,
            upload_seconds,
            train_seconds,
            request_seconds,
            direct_request_p50_us,
            synapses: grown.synapses,
            cluster_bytes: grown.bytes,
        })
    }

    async fn upload(&self, what: &str, digits: &Digits) -> Result<Uuid> {
        let start = Instant::now();
        let size = (digits.images.len() + digits.labels.len()) as u64;
        let bar = progress(format!("{what:<5}"), size);
        let (images, labels) = (digits.images.clone(), digits.labels.clone());
        let dataset = self
            .hanami
            .upload_mnist(&format!("{what} digits"), images, labels, |sent, _| {
                bar.set_position(sent);
            })
            .await
            .with_context(|| format!("can't upload the {what} images"))?;
        bar.finish_and_clear();
        self.voice.line(format_args!(
            "{what:<5}  {:>6} images  {:>9}  {:>5.2} s",
            HumanCount(digits.count as u64).to_string(),
            DecimalBytes(size).to_string(),
            seconds_since(start)
        ))?;
        Ok(dataset)
    }

    async fn create_cluster(&self) -> Result<Uuid> {
        self.voice.heading("Cluster: empty at first, grows where the data needs it")?;
        let template = template(self.mnist.train.pixels_per_image(), self.mnist.classes());
        for line in template.lines() {
            self.voice.line(line)?;
        }
        let cluster = self
            .hanami
            .create_cluster("digit reader", Some(&template))
            .await
            .context("can't make the cluster")?;
        Ok(cluster.uuid)
    }

    /// Trains all epochs; returns the seconds they took.
    async fn train(&self, cluster: Uuid, dataset: Uuid) -> Result<f64> {
        self.voice.heading("Train: one image at a time, each judged before it is learned")?;
        let start = Instant::now();
        for epoch in 1..=self.epochs {
            let epoch_start = Instant::now();
            let name = format!("epoch {epoch}");
            let (accuracy, samples) = self.run(&name, TaskType::Train, cluster, dataset).await?;
            let seconds = seconds_since(epoch_start);
            let accuracy =
                accuracy.map_or_else(String::new, |share| format!("{share:6.2} % right"));
            self.voice.line(format_args!(
                "{name:<8}  {accuracy}  {seconds:>6.2} s  {:>5.1} µs an image",
                seconds * 1e6 / samples as f64
            ))?;
        }
        Ok(seconds_since(start))
    }

    /// Lets the cluster read the test images; returns its accuracy in percent, and the seconds.
    async fn test(&self, cluster: Uuid, dataset: Uuid) -> Result<(f64, f64)> {
        let images = HumanCount(self.mnist.test.count as u64);
        self.voice.heading(format_args!("Test: {images} images it has never seen"))?;
        let start = Instant::now();
        let task = self.hanami.create_task("test", TaskType::Request, cluster, dataset).await?;
        self.hanami.wait(cluster, task.uuid, |_| ()).await?;
        let seconds = seconds_since(start);
        let accuracy = self.hanami.check(task.uuid, dataset).await?;
        self.voice.line(format_args!("{accuracy:.2} % right  {seconds:.2} s"))?;
        Ok((accuracy, seconds))
    }

    async fn show_growth(&self, cluster: Uuid) -> Result<NetworkSize> {
        let details = self.hanami.cluster(cluster).await?;
        let grown = details.network.context("the cluster has no network")?;
        self.voice.line(format_args!(
            "{} synapses have grown, {} in memory",
            HumanCount(grown.synapses),
            DecimalBytes(grown.bytes)
        ))?;
        Ok(grown)
    }

    /// Asks over a live connection, shows some of the answers, and returns the median time of a
    /// request in microseconds.
    async fn go_live(&self, cluster: Uuid) -> Result<f64> {
        self.voice.heading("Live: one image at a time over a websocket")?;
        self.hanami.set_mode(cluster, Mode::Direct).await?;
        let mut direct = self.hanami.direct(cluster).await?;
        let (answers, mut times) = self.ask(&mut direct).await?;
        direct.close().await?;
        self.hanami.set_mode(cluster, Mode::Task).await?;

        times.sort_unstable();
        let percentile = |share: usize| micros(times[(times.len() - 1) * share / 100]);
        self.voice.line(format_args!(
            "{} requests: median {:.0} µs, 99 % within {:.0} µs",
            HumanCount(times.len() as u64),
            percentile(50),
            percentile(99)
        ))?;
        self.show(&answers)?;
        Ok(percentile(50))
    }

    /// The likelihoods that the cluster gives to the first test images, and the time of each.
    async fn ask(&self, direct: &mut Direct) -> Result<(Vec<Vec<f32>>, Vec<Duration>)> {
        let mut answers = Vec::with_capacity(LIVE_REQUESTS);
        let mut times = Vec::with_capacity(LIVE_REQUESTS);
        for request in 0..LIVE_REQUESTS {
            let pixels = self.mnist.test.pixels(request % self.mnist.test.count);
            let values: Vec<f32> = pixels.iter().map(|&pixel| pixel.into()).collect();
            let start = Instant::now();
            let answer = direct.request(&[(INPUT, &values)]).await?;
            times.push(start.elapsed());
            answers.push(answer);
        }
        Ok((answers, times))
    }

    /// Shows the first two images and the one that the cluster is least certain of.
    fn show(&self, answers: &[Vec<f32>]) -> Result<()> {
        let digits = &self.mnist.test;
        let certainty = |index: &usize| answers[*index][draw::likeliest(&answers[*index])];
        let asked = 0..digits.count.min(answers.len());
        let hardest = asked.min_by(|a, b| certainty(a).total_cmp(&certainty(b)));
        for index in [0, 1].into_iter().filter(|&index| index < digits.count).chain(hardest) {
            let read = draw::likeliest(&answers[index]);
            let label = digits.label(index);
            let verdict = if read == label { "rightly" } else { "wrongly" };
            self.voice.line("")?;
            self.voice.line(format_args!("image {index}: a {label}, {verdict} read as {read}"))?;
            for line in draw::answer(digits.pixels(index), digits.columns, &answers[index]) {
                self.voice.line(line)?;
            }
        }
        Ok(())
    }

    /// Runs a task to its end beside a progress bar; returns its running accuracy and its samples.
    async fn run(
        &self,
        name: &str,
        kind: TaskType,
        cluster: Uuid,
        dataset: Uuid,
    ) -> Result<(Option<f64>, u64)> {
        let task = self
            .hanami
            .create_task(name, kind, cluster, dataset)
            .await
            .with_context(|| format!("can't queue the task {name:?}"))?;
        let bar = progress(format!("{name:<8}"), self.mnist.train.count as u64);
        let end = self
            .hanami
            .wait(cluster, task.uuid, |now| {
                bar.set_position(now.samples);
                if let Some(accuracy) = now.running_accuracy {
                    bar.set_message(format!("{accuracy:.2} % right"));
                }
            })
            .await?;
        bar.finish_and_clear();
        Ok((end.running_accuracy, end.samples))
    }
}

/// A network for images of `pixels` pixels that show one of `classes` things.
fn template(pixels: usize, classes: usize) -> String {
    format!(
        "\
version: 1
bricks:
    1,1,1
        input: {INPUT}
        number_of_neurons: {pixels}
    2,1,1
        number_of_neurons: 400
    3,1,1
        output: digit
        number_of_neurons: {classes}
"
    )
}

/// Seconds since `start`, exact to a microsecond.
fn seconds_since(start: Instant) -> f64 {
    start.elapsed().as_micros() as f64 / 1e6
}

/// A time in microseconds, exact to a nanosecond.
fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e3
}
