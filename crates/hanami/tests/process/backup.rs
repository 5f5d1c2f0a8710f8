//! `hanami backup`, `restore` and `doctor` as an operator uses them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use hanami_client::{CreateTask, Hanami, Mode, Samples, TaskType, Uuid};
use tokio::task::JoinSet;

use crate::common::{PASSWORD, Process, adder, doctor, hanami, table};

/// Backups that are taken while the server is at work.
const BACKUPS: usize = 3;

/// What was acknowledged up to now.
#[derive(Default)]
struct Acknowledged {
    /// Steps of the cluster in direct mode.
    direct: AtomicU64,
    /// Steps that were taught over HTTP while a training runs.
    taught: AtomicU64,
    /// Datasets that are complete.
    datasets: Mutex<Vec<Uuid>>,
    stop: AtomicBool,
}

/// What a backup has to hold at least.
struct Promise {
    direct: u64,
    taught: u64,
    datasets: Vec<Uuid>,
}

impl Acknowledged {
    fn promise(&self) -> Promise {
        Promise {
            direct: self.direct.load(SeqCst),
            taught: self.taught.load(SeqCst),
            datasets: self.datasets.lock().unwrap().clone(),
        }
    }
}

/// Teaches a cluster step by step, in direct mode.
async fn teach_directly(hanami: Hanami, cluster: Uuid, done: Arc<Acknowledged>) {
    let mut direct = hanami.direct(cluster).await.unwrap();
    while !done.stop.load(SeqCst) {
        let (inputs, targets) =
            ([("left", &[1.0][..]), ("right", &[2.0][..])], [("sum", &[3.0][..])]);
        direct.train(&inputs, &targets).await.unwrap();
        done.direct.fetch_add(1, SeqCst);
    }
}

/// Teaches a cluster that trains; each call saves its network and removes the one before.
async fn teach_beside(hanami: Hanami, cluster: Uuid, done: Arc<Acknowledged>) {
    while !done.stop.load(SeqCst) {
        let bricks = |names: &[(&str, f32)]| -> BTreeMap<String, Samples> {
            names
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Samples::One(vec![*value])))
                .collect()
        };
        let inputs = bricks(&[("left", 1.0), ("right", 2.0)]);
        hanami.learn(cluster, inputs, bricks(&[("sum", 3.0)])).await.unwrap();
        done.taught.fetch_add(1, SeqCst);
    }
}

/// Uploads datasets, and deletes every other one again.
async fn upload(hanami: Hanami, done: Arc<Acknowledged>) {
    while !done.stop.load(SeqCst) {
        let kept = hanami.upload_csv("kept", table(50), |_, _| ()).await.unwrap();
        done.datasets.lock().unwrap().push(kept);
        let gone = hanami.upload_csv("gone", table(50), |_, _| ()).await.unwrap();
        hanami.delete_dataset(gone).await.unwrap();
    }
}

fn backup(directory: &Path, out: &Path) {
    let (directory, out) = (directory.to_str().unwrap(), out.to_str().unwrap());
    let done = hanami(&["backup", "--data-dir", directory, "--out", out]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_all_that_was_acknowledged_before_it() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let process = Process::start(&data).await;
    let server = &Hanami::connect(&process.address, "chief", PASSWORD).await.unwrap();
    let rows = server.upload_csv("rows", table(20_000), |_, _| ()).await.unwrap();
    let live = server.create_cluster("live", Some(&adder(16))).await.unwrap().uuid;
    server.set_mode(live, Mode::Direct).await.unwrap();
    let training = server.create_cluster("training", Some(&adder(16))).await.unwrap().uuid;
    let mut task = CreateTask::new("long".parse().unwrap(), TaskType::Train, training, rows);
    task.epochs = Some(1000);
    server.create_task_with(&task).await.unwrap();

    let done = Arc::new(Acknowledged::default());
    let mut load = JoinSet::new();
    load.spawn(teach_directly(server.clone(), live, done.clone()));
    load.spawn(teach_beside(server.clone(), training, done.clone()));
    load.spawn(upload(server.clone(), done.clone()));
    let mut promises = Vec::new();
    for round in 0..BACKUPS {
        let so_far = done.promise();
        while done.direct.load(SeqCst) < so_far.direct + 20
            || done.taught.load(SeqCst) < so_far.taught + 2
            || done.datasets.lock().unwrap().len() < so_far.datasets.len() + 2
        {
            tokio::task::yield_now().await;
        }
        promises.push(done.promise());
        let (data, out) = (data.clone(), directory.path().join(format!("{round}.tar")));
        tokio::task::spawn_blocking(move || backup(&data, &out)).await.unwrap();
    }
    let (report, code) = doctor(&data);
    assert_eq!((code, &report["in_use"]), (Some(0), &true.into()), "{report}");
    done.stop.store(true, SeqCst);
    while let Some(ended) = load.join_next().await {
        ended.unwrap();
    }
    drop(process);
    assert!(!data.join("kept").exists());

    for (round, promise) in promises.iter().enumerate() {
        let (out, restored) = (
            directory.path().join(format!("{round}.tar")),
            directory.path().join(format!("{round}")),
        );
        let arguments =
            ["restore", out.to_str().unwrap(), "--data-dir", restored.to_str().unwrap()];
        let done = hanami(&arguments);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let (report, code) = doctor(&restored);
        assert_eq!((code, &report["sound"]), (Some(0), &true.into()), "{report}");
        assert!(
            report["findings"].as_array().unwrap().iter().all(|found| found["severity"] == "note"),
            "{report}"
        );
        let process = Process::start(&restored).await;
        let steps =
            async |cluster| process.hanami.cluster(cluster).await.unwrap().network.unwrap().steps;
        assert!(steps(live).await >= promise.direct);
        assert!(steps(training).await >= promise.taught);
        for dataset in &promise.datasets {
            assert_eq!(process.hanami.dataset(*dataset).await.unwrap().lines, 50);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_tell_what_is_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("nowhere");
    let (report, code) = doctor(&nowhere);
    assert_eq!((code, &report["sound"]), (Some(2), &false.into()), "{report}");

    let data = directory.path().join("data");
    let process = Process::start(&data).await;
    let cluster = process.hanami.create_cluster("learner", Some(&adder(16))).await.unwrap().uuid;
    drop(process);
    let snapshots = std::fs::read_dir(data.join("blobs/snapshots")).unwrap();
    let snapshot = snapshots.map(|entry| entry.unwrap().path()).next().unwrap();
    std::fs::write(&snapshot, b"damaged").unwrap();
    let output = hanami(&["doctor", "--data-dir", data.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    for told in ["learner", &cluster.to_string(), "chief", "restore a backup", "1 problem"] {
        assert!(text.contains(told), "{told}: {text}");
    }

    let out = directory.path().join("missing").join("backup.tar");
    let done =
        hanami(&["backup", "--data-dir", data.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(!done.status.success());
    let text = String::from_utf8(done.stderr).unwrap();
    assert!(text.contains("missing"), "{text}");
    let used = ["restore", snapshot.to_str().unwrap(), "--data-dir", data.to_str().unwrap()];
    let done = hanami(&used);
    assert!(!done.status.success());
    let text = String::from_utf8(done.stderr).unwrap();
    assert!(text.contains("exists already"), "{text}");
}
