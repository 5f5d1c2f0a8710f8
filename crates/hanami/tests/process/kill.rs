//! What was acknowledged is there after `kill -9`, however often and whenever it comes.

use std::time::Duration;

use hanami_client::{Mode, TaskState, TaskType};

use crate::common::{Process, adder, answers, table};

/// Rows to train on: some seconds of work, so that a kill comes after a save and before the end.
const ROWS: u32 = 2_000_000;

/// Neurons between input and output.
const NEURONS: u32 = 64;

#[tokio::test(flavor = "multi_thread")]
async fn a_training_that_is_killed_again_and_again_ends_as_if_nothing_had_happened() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(directory.path()).await;
    let dataset = process.hanami.upload_csv("rows", table(ROWS), |_, _| ()).await.unwrap();
    let probe = process.hanami.upload_csv("probe", table(80), |_, _| ()).await.unwrap();
    let undisturbed =
        process.hanami.create_cluster("undisturbed", Some(&adder(NEURONS))).await.unwrap();
    let killed = process.hanami.create_cluster("killed", Some(&adder(NEURONS))).await.unwrap();
    let (undisturbed, killed) = (undisturbed.uuid, killed.uuid);
    let train = TaskType::Train;
    let task = process.hanami.create_task("train", train, undisturbed, dataset).await.unwrap();
    process.hanami.wait(undisturbed, task.uuid, |_| ()).await.unwrap();
    let expected = answers(&process.hanami, undisturbed, probe).await;

    let task = process.hanami.create_task("train", train, killed, dataset).await.unwrap();
    drop(process);
    let mut resumed = false;
    for milliseconds in [50, 400, 1200, 1200, 1200] {
        let process = Process::start(directory.path()).await;
        let found = process.hanami.task(killed, task.uuid).await.unwrap();
        resumed |= found.samples > 0 && found.state == TaskState::Active;
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    assert!(resumed, "no kill came between a save and the end");
    let process = Process::start(directory.path()).await;
    let ended = process.hanami.wait(killed, task.uuid, |_| ()).await.unwrap();
    assert_eq!((ended.state, ended.samples), (TaskState::Finished, ROWS.into()));
    assert_eq!(answers(&process.hanami, killed, probe).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_steps_that_were_acknowledged_survive_each_kill() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(directory.path()).await;
    let cluster = process.hanami.create_cluster("live", Some(&adder(NEURONS))).await.unwrap().uuid;
    process.hanami.set_mode(cluster, Mode::Direct).await.unwrap();
    drop(process);

    let mut learned = 0;
    for round in 0..4 {
        let process = Process::start(directory.path()).await;
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

        let process = Process::start(directory.path()).await;
        let steps = process.hanami.cluster(cluster).await.unwrap().network.unwrap().steps;
        let fewest = learned + acknowledged;
        // One more may have been on its way.
        assert!((fewest..=fewest + 1).contains(&steps), "{steps} of {fewest}");
        learned = steps;
    }
}
