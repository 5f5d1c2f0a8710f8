//! What was acknowledged is there after `kill -9`, however often and whenever it comes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hanami_client::{Hanami, Mode, TaskState, TaskType, Uuid};
use tempfile::TempDir;

/// Rows to train on: some seconds of work, so that a kill comes after a save and before the end.
const ROWS: u32 = 2_000_000;

const PASSWORD: &str = "correct horse battery";

const TEMPLATE: &str = "\
version: 1
bricks:
    1,1,1
        input: left
        number_of_neurons: 1
    1,2,1
        input: right
        number_of_neurons: 1
    2,1,1
        number_of_neurons: 64
    3,1,1
        output: sum
        number_of_neurons: 1
";

/// A server as a process, that is killed when this is dropped.
struct Process {
    server: Child,
    hanami: Hanami,
}

impl Process {
    async fn start(directory: &TempDir) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_hanami"))
            .args(["serve", "--listen", "127.0.0.1:0", "--training-save-seconds", "1"])
            .arg("--data-dir")
            .arg(directory.path())
            .env_clear()
            .envs([("HANAMI_ADMIN_USER_ID", "chief"), ("HANAMI_ADMIN_USER_NAME", "chief")])
            .env("HANAMI_ADMIN_PASSWORD", PASSWORD)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Hanami listens on ").unwrap();
        let hanami = Hanami::connect(address, "chief", PASSWORD).await.unwrap();
        Self { server, hanami }
    }
}

impl Drop for Process {
    /// `Child::kill` sends SIGKILL.
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

/// A table whose column `sum` is the sum of the two others.
fn table(rows: u32) -> Vec<u8> {
    let row = |i: u32| format!("{},{},{}\n", i * 7 % 10, i * 3 % 8, i * 7 % 10 + i * 3 % 8);
    let rows = (0..rows).map(row);
    std::iter::once("left,right,sum\n".to_owned()).chain(rows).collect::<String>().into_bytes()
}

/// The answers of a cluster to a whole dataset.
async fn answers(hanami: &Hanami, cluster: Uuid, dataset: Uuid) -> Vec<f64> {
    let task = hanami.create_task("request", TaskType::Request, cluster, dataset).await.unwrap();
    hanami.wait(cluster, task.uuid, |_| ()).await.unwrap();
    hanami.request_result(task.uuid).await.unwrap().data
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_that_is_killed_again_and_again_ends_as_if_nothing_had_happened() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(&directory).await;
    let dataset = process.hanami.upload_csv("rows", table(ROWS), |_, _| ()).await.unwrap();
    let probe = process.hanami.upload_csv("probe", table(80), |_, _| ()).await.unwrap();
    let undisturbed = process.hanami.create_cluster("undisturbed", Some(TEMPLATE)).await.unwrap();
    let killed = process.hanami.create_cluster("killed", Some(TEMPLATE)).await.unwrap();
    let (undisturbed, killed) = (undisturbed.uuid, killed.uuid);
    let train = TaskType::Train;
    let task = process.hanami.create_task("train", train, undisturbed, dataset).await.unwrap();
    process.hanami.wait(undisturbed, task.uuid, |_| ()).await.unwrap();
    let expected = answers(&process.hanami, undisturbed, probe).await;

    let task = process.hanami.create_task("train", train, killed, dataset).await.unwrap();
    drop(process);
    let mut resumed = false;
    for milliseconds in [50, 400, 1200, 1200, 1200] {
        let process = Process::start(&directory).await;
        let found = process.hanami.task(killed, task.uuid).await.unwrap();
        resumed |= found.samples > 0 && found.state == TaskState::Active;
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    assert!(resumed, "no kill came between a save and the end");
    let process = Process::start(&directory).await;
    let ended = process.hanami.wait(killed, task.uuid, |_| ()).await.unwrap();
    assert_eq!((ended.state, ended.samples), (TaskState::Finished, ROWS.into()));
    assert_eq!(answers(&process.hanami, killed, probe).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_steps_that_were_acknowledged_survive_each_kill() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(&directory).await;
    let cluster = process.hanami.create_cluster("live", Some(TEMPLATE)).await.unwrap().uuid;
    process.hanami.set_mode(cluster, Mode::Direct).await.unwrap();
    drop(process);

    let mut learned = 0;
    for round in 0..4 {
        let process = Process::start(&directory).await;
        let mut direct = process.hanami.direct(cluster).await.unwrap();
        let teaching = tokio::spawn(async move {
            let mut acknowledged = 0_u64;
            let sample = |step: u64| ((step * 7 % 10) as f32, (step * 3 % 8) as f32);
            loop {
                let (left, right) = sample(acknowledged);
                let inputs = [("left", &[left][..]), ("right", &[right][..])];
                let targets = [("sum", &[left + right][..])];
                if direct.train(&inputs, &targets).await.is_err() {
                    return acknowledged;
                }
                acknowledged += 1;
            }
        });
        tokio::time::sleep(Duration::from_millis(100 + 50 * round)).await;
        drop(process);
        let acknowledged = teaching.await.unwrap();
        assert!(acknowledged > 0);

        let process = Process::start(&directory).await;
        let steps = process.hanami.cluster(cluster).await.unwrap().network.unwrap().steps;
        let fewest = learned + acknowledged;
        // One more may have been on its way.
        assert!((fewest..=fewest + 1).contains(&steps), "{steps} of {fewest}");
        learned = steps;
    }
}
