//! A file system that is really full, under a server at work.
//!
//! The disk is one in memory, mounted in a namespace of its own, so that no other program is
//! disturbed: the trial starts itself once more in there. Where the system does not allow that,
//! `--directory` names a small file system that nobody else uses.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use hanami_client::{Hanami, TaskState, TaskType, Uuid};
use reqwest::Method;
use serde_json::{Value, json};

use crate::data::{self, Sample};
use crate::process::{ADMIN, PASSWORD, Process};
use crate::report;

/// Size of the disk, in mebibytes.
const SIZE: u32 = 96;

/// Rows that are trained on: some seconds of work.
const ROWS: u32 = 400_000;

/// How long the server may take to notice that there is room.
const PATIENCE: Duration = Duration::from_mins(1);

const FLAGS: [&str; 2] = ["--training-save-seconds", "1"];

/// Neurons that make each step take a while.
const NEURONS: u32 = 64;

/// How the disk is filled.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A small file system for this trial alone [default: one in memory]
    #[arg(long, value_name = "PATH")]
    directory: Option<PathBuf>,
}

/// Runs the trial.
///
/// # Errors
///
/// When a promise is broken, or there is no file system to fill.
pub async fn run(program: &Path, options: &Options) -> Result<String> {
    let Some(directory) = &options.directory else { return in_namespace(program) };
    // Not on the disk that is going to be full.
    let elsewhere = tempfile::tempdir()?;
    let log = elsewhere.path().join("log");
    let done = fill_up(program, directory, &log).await;
    done.with_context(|| format!("the server logged:\n{}", last_lines(&log)))
}

/// Runs the trial in a namespace with a file system of its own.
fn in_namespace(program: &Path) -> Result<String> {
    let directory = tempfile::tempdir()?;
    let script = format!("mount -t tmpfs -o size={SIZE}m none \"$1\" && shift && exec \"$@\"");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &script, "sh"]);
    command.arg(directory.path()).arg(std::env::current_exe()?).arg("--hanami").arg(program);
    command.args(["disk-full", "--directory"]).arg(directory.path());
    let output = command.output().context("can't start `unshare`")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{said}\n(if this system allows no namespaces, name a small file system with --directory)"
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// A server on the disk, and its admin.
struct Site {
    process: Process,
    hanami: Hanami,
    http: reqwest::Client,
}

impl Site {
    async fn start(program: &Path, data: &Path, log: &Path) -> Result<Self> {
        // Fails when it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let process = Process::start(program, data, log, &FLAGS)?;
        let hanami = Hanami::connect(process.address(), ADMIN, PASSWORD).await?;
        Ok(Self { process, hanami, http: reqwest::Client::new() })
    }

    /// Sends a request; answers status and body.
    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.process.address());
        let token = self.hanami.access_token().await;
        let request = self.http.request(method, url).header("X-Auth-Token", token);
        let answer = request.body(body.to_string()).send().await?;
        let status = answer.status().as_u16();
        Ok((status, serde_json::from_str(&answer.text().await?).unwrap_or_default()))
    }

    /// Teaches a sample; answers whether it is acknowledged.
    async fn learn(&self, cluster: Uuid) -> Result<bool> {
        let body =
            json!({"uuid": cluster, "inputs": {"left": [1.0], "right": [2.0]}, "outputs": [3.0]});
        acknowledged(&self.send(Method::POST, "/control/v1/cluster/learn", &body).await?)
    }

    async fn predict(&self, cluster: Uuid) -> Result<Value> {
        let body = json!({"uuid": cluster, "inputs": {"left": [1.0], "right": [2.0]}});
        let (status, answer) =
            self.send(Method::POST, "/control/v1/cluster/predict", &body).await?;
        ensure!(status == 200, "a prediction on a full disk: {status} {answer}");
        Ok(answer)
    }

    async fn ready(&self) -> Result<u16> {
        Ok(self.send(Method::GET, "/readyz", &Value::Null).await?.0)
    }
}

/// Whether a write was done; it may only be refused because the disk is full.
fn acknowledged((status, answer): &(u16, Value)) -> Result<bool> {
    match status {
        200 => Ok(true),
        503 if answer["code"] == "storage-full" => Ok(false),
        _ => bail!("a write on a full disk: {status} {answer}"),
    }
}

/// Fills the file system to the last byte; answers how many that were.
fn fill(path: &Path) -> Result<u64> {
    let mut filler = File::options().create(true).append(true).open(path)?;
    let before = filler.metadata()?.len();
    let filling = vec![7; 1 << 20];
    let mut piece = &filling[..];
    while !piece.is_empty() {
        if filler.write_all(piece).is_err() {
            piece = &piece[..piece.len() / 2];
        }
    }
    Ok(filler.metadata()?.len() - before)
}

/// What is trained on.
fn rows() -> Vec<Sample> {
    let row = |(left, right): (u8, u8)| [left, right, left + right].map(f32::from);
    (0..ROWS).map(|i| row(((i % 10) as u8, (i % 7) as u8))).collect()
}

/// The end of a log.
fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().filter(|line| !line.contains(" INFO ")).collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

async fn fill_up(program: &Path, directory: &Path, log: &Path) -> Result<String> {
    let (data, filler) = (directory.join("data"), directory.join("filler"));
    let site = Site::start(program, &data, log).await?;
    let hanami = &site.hanami;
    let table = |rows: &[Sample]| data::table(rows).to_vec();
    let rows = hanami.upload_csv("rows", table(&rows()), |_, _| ()).await?;
    let spare = hanami.upload_csv("spare", table(&[[1.0, 2.0, 3.0]]), |_, _| ()).await?;
    let template = data::wide_template(1, NEURONS);
    let taught = hanami.create_cluster("taught", Some(&template)).await?.uuid;
    let training = hanami.create_cluster("training", Some(&template)).await?.uuid;
    let aborted = hanami.create_cluster("aborted", Some(&template)).await?.uuid;
    ensure!(site.learn(taught).await?, "there is room");
    let task = hanami.create_task("train", TaskType::Train, training, rows).await?.uuid;
    let ended = hanami.create_task("train", TaskType::Train, aborted, rows).await?.uuid;

    // Full, while both trainings run.
    let filled = fill(&filler)?;
    let (mut steps, mut made) = (1, 0);
    while site.learn(taught).await? {
        steps += 1;
    }
    loop {
        let body = json!({"name": format!("one more {made}")});
        if !acknowledged(&site.send(Method::POST, "/control/v1/cluster", &body).await?)? {
            break;
        }
        made += 1;
    }
    ensure!(site.ready().await? == 503, "a full disk is not ready");
    let predicted = site.predict(taught).await?;
    hanami.clusters().await?;
    Hanami::connect(site.process.address(), ADMIN, PASSWORD).await.context("log-in")?;
    hanami.delete_task(aborted, ended).await.context("abort on a full disk")?;
    hanami.delete_dataset(spare).await.context("deletion on a full disk")?;

    // Killed and started again, still full.
    site.process.kill()?;
    let site = Site::start(program, &data, log).await.context("start on a full disk")?;
    let hanami = &site.hanami;
    ensure!(site.predict(taught).await? == predicted, "an answer has changed");
    ensure!(!site.learn(taught).await?, "the disk is full still");
    hanami.delete_cluster(aborted).await.context("deletion on a full disk")?;

    fs::remove_file(&filler)?;
    let start = Instant::now();
    while site.ready().await? != 200 {
        ensure!(start.elapsed() < PATIENCE, "there is room, and the server is not ready");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let noticed = start.elapsed();
    ensure!(site.learn(taught).await?, "there is room again");
    let found = hanami.cluster(taught).await?.network.context("a network")?.steps;
    // One that was refused may have been learned.
    ensure!((steps + 1..=steps + 2).contains(&found), "{found} steps of {}", steps + 1);
    let end = hanami.wait(training, task, |_| ()).await?;
    ensure!(end.state == TaskState::Finished, "the training ended as {:?}", end.state);
    let datasets = hanami.datasets().await?;
    ensure!(datasets.len() == 1, "what was deleted on a full disk is back");
    // Besides those that were made, two of the three from before.
    ensure!(hanami.clusters().await?.len() == made + 2, "not the clusters that were acknowledged");
    site.process.end().await?;
    Ok(format!(
        "# A full disk\n\n{}\n\nA disk of {SIZE} MiB was filled with {filled} bytes while two trainings \
         ran. The server acknowledged {} more writes, then refused each with `storage-full`; \
         it went on to predict, list, log in, abort and delete. It was killed, and started on the full \
         disk. {:.1} s after there was room it was ready; the training that was left went on to its \
         end, and all {found} steps were there.\n",
        report::machine(),
        steps - 1 + made as u64,
        noticed.as_secs_f64(),
    ))
}
