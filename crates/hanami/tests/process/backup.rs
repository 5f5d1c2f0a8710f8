//! `hanami backup`, `restore` and `doctor` as an operator uses them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hanami_client::{CreateTask, Hanami, Mode, Samples, TaskType, Uuid};
use tempfile::TempDir;
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

/// A pipe in the place of a file: who reads it waits for what is written to it.
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hanami"));
    command.args(arguments).env_clear().stderr(Stdio::null()).spawn().unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A directory with a `data` directory in it, which holds a cluster.
async fn with_a_cluster() -> (TempDir, Uuid) {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(&directory.path().join("data")).await;
    let cluster = process.hanami.create_cluster("learner", Some(&adder(16))).await.unwrap().uuid;
    (directory, cluster)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_killed_leaves_nothing_after_the_next_one() {
    let (directory, _) = with_a_cluster().await;
    let (data, out) = (directory.path().join("data"), directory.path().join("b.tar"));
    let snapshots = data.join("blobs/snapshots");
    let snapshot = snapshots.join(names(&snapshots).remove(0));
    let away = directory.path().join("away");
    fs::rename(&snapshot, &away).unwrap();
    pipe(&snapshot);
    let arguments =
        ["backup", "--data-dir", data.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let mut child = start(&arguments);
    while !directory.path().join(".b.tar.hanami-backup/work/archive").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it did not wait");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(directory.path()), [".b.tar.hanami-backup", "away", "data"]);

    fs::rename(&away, &snapshot).unwrap();
    backup(&data, &out);
    assert_eq!(names(directory.path()), ["b.tar", "data"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_is_done_again_or_finished_by_the_next_start() {
    let (directory, cluster) = with_a_cluster().await;
    let place = |name| directory.path().join(name);
    let (out, restored, piped) = (place("b.tar"), place("restored"), place("pipe"));
    backup(&place("data"), &out);
    let to = restored.to_str().unwrap();
    pipe(&piped);
    let mut child = start(&["restore", piped.to_str().unwrap(), "--data-dir", to]);
    let archive = fs::read(&out).unwrap();
    let mut writer = File::options().write(true).open(&piped).unwrap();
    writer.write_all(&archive[..archive.len() / 2]).unwrap();
    assert!(child.try_wait().unwrap().is_none(), "it did not wait");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(&restored), [".hanami-restoring", "lock"]);

    let refused = hanami(&["serve", "--data-dir", to]);
    assert!(!refused.status.success());
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(text.contains("run `hanami restore` again"), "{text}");
    let done = hanami(&["restore", out.to_str().unwrap(), "--data-dir", to]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let expected = ["blobs", "hanami.db", "journals", "lock", "uploads"];
    assert_eq!(names(&restored), expected);

    // As a kill leaves it that comes while the parts are put in their places.
    let unpacked = restored.join(".hanami-restored");
    fs::create_dir(&unpacked).unwrap();
    for name in ["journals", "hanami.db"] {
        fs::rename(restored.join(name), unpacked.join(name)).unwrap();
    }
    let (report, code) = doctor(&restored);
    assert_eq!(code, Some(2), "{report}");
    assert!(report.to_string().contains("start the server"), "{report}");
    let process = Process::start(&restored).await;
    assert_eq!(process.hanami.cluster(cluster).await.unwrap().cluster.name, "learner");
    drop(process);
    assert!(!unpacked.exists());
}
