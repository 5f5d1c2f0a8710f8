//! A data directory that any released version has written opens, with all that is in it.
//!
//! `fixtures/directories` holds one per version: the directory as it was when its server was killed,
//! and beside it what has to be found there. `UPDATE_DIRECTORIES=1` makes the one of this version if
//! there is none; one that is there is never made anew.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use hanami_client::{CreateTask, Hanami, Part, TaskState, TaskType, Uuid};
use serde::{Deserialize, Serialize};

use crate::common::{PASSWORD, Process, adder, doctor, table};

/// What has to be in a directory.
#[derive(Serialize, Deserialize)]
struct Expected {
    /// A table and images.
    datasets: Vec<(Uuid, u64)>,
    /// A cluster that trained, was saved, and learned some more.
    learner: Uuid,
    steps: u64,
    /// What was saved of it, and what it answers to the samples in `asked`.
    checkpoint: Uuid,
    asked: Vec<[f32; 2]>,
    answers: Vec<f32>,
    /// What a request has found.
    result: Uuid,
    data: Vec<f64>,
    /// Two files of which one has arrived.
    upload: Uuid,
    received: u64,
    /// A cluster with a task that runs, and one that waits for it.
    busy: Uuid,
    running: Uuid,
    waiting: Uuid,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/directories")
}

/// IDX files of some images of 4 x 4 pixels, and their labels.
fn images() -> (Vec<u8>, Vec<u8>) {
    let (count, side) = (30_u32.to_be_bytes(), 4_u32.to_be_bytes());
    let mut images = [&[0, 0, 8, 3][..], &count, &side, &side].concat();
    let mut labels = [&[0, 0, 8, 1][..], &count].concat();
    for image in 0..30_u8 {
        labels.push(image % 3);
        images
            .extend((0..16).map(|pixel| if pixel / 4 == image % 3 { 200 + image } else { pixel }));
    }
    (images, labels)
}

/// A user of a project, logged in.
async fn anna(process: &Process) -> Hanami {
    let anna = Hanami::connect(&process.address, "anna", PASSWORD).await.unwrap();
    anna.switch_project("garden").await.unwrap();
    anna
}

/// Asks a cluster for the sums of `asked`.
async fn answers(hanami: &Hanami, cluster: Uuid, asked: &[[f32; 2]]) -> Vec<f32> {
    let mut direct = hanami.direct(cluster).await.unwrap();
    let mut answers = Vec::new();
    for [left, right] in asked {
        let inputs = [("left", &[*left][..]), ("right", &[*right][..])];
        answers.extend(direct.request(&inputs).await.unwrap());
    }
    answers
}

/// Does a bit of everything with a server of this version.
async fn furnish(process: &Process) -> Expected {
    let chief = &process.hanami;
    chief.create_project("garden", "Garden").await.unwrap();
    chief.create_user("anna", "Anna", PASSWORD, false).await.unwrap();
    chief.assign_project("anna", "garden", "member", false).await.unwrap();
    let anna = anna(process).await;
    let sums = anna.upload_csv("sums", table(100), |_, _| ()).await.unwrap();
    let (pictures, labels) = images();
    let sizes = (pictures.len() as u64, labels.len() as u64);
    let mnist = anna.upload_mnist("images", pictures.clone(), labels, |_, _| ()).await.unwrap();
    let half = anna.declare_mnist("half", sizes.0, sizes.1).await.unwrap().uuid;
    anna.send_missing(half, Part::Input, pictures, |_, _| ()).await.unwrap();

    let learner = anna.create_cluster("learner", Some(&adder(16))).await.unwrap().uuid;
    let train = anna.create_task("train", TaskType::Train, learner, sums).await.unwrap();
    anna.wait(learner, train.uuid, |_| ()).await.unwrap();
    let save = anna.save_cluster("saved", learner).await.unwrap();
    anna.wait(learner, save.uuid, |_| ()).await.unwrap();
    let mut request = CreateTask::new("request".parse().unwrap(), TaskType::Request, learner, sums);
    request.full_outputs = Some(true);
    let request = anna.create_task_with(&request).await.unwrap();
    anna.wait(learner, request.uuid, |_| ()).await.unwrap();
    let asked = vec![[1.0, 2.0], [5.0, 0.0], [9.0, 7.0]];
    anna.set_mode(learner, hanami_client::Mode::Direct).await.unwrap();
    let before = answers(&anna, learner, &asked).await;
    let mut direct = anna.direct(learner).await.unwrap();
    for step in 0..5_u8 {
        let (left, right) = (f32::from(step), 2.0);
        let inputs = [("left", &[left][..]), ("right", &[right][..])];
        direct.train(&inputs, &[("sum", &[left + right][..])]).await.unwrap();
    }
    let steps = anna.cluster(learner).await.unwrap().network.unwrap().steps;

    let busy = anna.create_cluster("busy", Some(&adder(16))).await.unwrap().uuid;
    let rows = anna.upload_csv("many", table(2000), |_, _| ()).await.unwrap();
    let mut long = CreateTask::new("long".parse().unwrap(), TaskType::Train, busy, rows);
    long.epochs = Some(1000);
    let running = anna.create_task_with(&long).await.unwrap().uuid;
    let waiting = anna.save_cluster("later", busy).await.unwrap().uuid;
    Expected {
        datasets: vec![(sums, 100), (mnist, 30), (rows, 2000)],
        learner,
        steps,
        checkpoint: save.uuid,
        asked,
        answers: before,
        result: request.uuid,
        data: anna.request_result(request.uuid).await.unwrap().data,
        upload: half,
        received: sizes.0,
        busy,
        running,
        waiting,
    }
}

/// Makes the fixture of this version, if it is not there yet.
async fn make() {
    let archive = folder().join(concat!(env!("CARGO_PKG_VERSION"), ".tar.gz"));
    assert!(!archive.exists(), "{} is never made anew", archive.display());
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(directory.path()).await;
    let expected = furnish(&process).await;
    drop(process);
    let told = serde_json::to_string_pretty(&expected).unwrap() + "\n";
    fs::write(archive.with_extension("").with_extension("json"), told).unwrap();
    let packed = GzEncoder::new(File::create(archive).unwrap(), Compression::best());
    let mut tar = tar::Builder::new(packed);
    tar.append_dir_all(".", directory.path()).unwrap();
    tar.into_inner().unwrap().finish().unwrap();
}

/// Opens a directory, and compares what is in it.
async fn check(directory: &Path, expected: &Expected) {
    let process = Process::start(directory).await;
    let chief = &process.hanami;
    assert_eq!(chief.project("garden").await.unwrap().name, "Garden");
    let anna = anna(&process).await;
    for (dataset, lines) in &expected.datasets {
        assert_eq!(anna.dataset(*dataset).await.unwrap().lines, *lines);
    }
    let steps = anna.cluster(expected.learner).await.unwrap().network.unwrap().steps;
    assert_eq!(steps, expected.steps);
    let saved = anna.create_cluster_from("again", expected.checkpoint).await.unwrap().uuid;
    anna.set_mode(saved, hanami_client::Mode::Direct).await.unwrap();
    let found = answers(&anna, saved, &expected.asked).await;
    for (found, expected) in found.iter().zip(&expected.answers) {
        assert!((found - expected).abs() <= 1e-4 * expected.abs(), "{found} for {expected}");
    }
    assert_eq!(found.len(), expected.answers.len());
    assert_eq!(anna.request_result(expected.result).await.unwrap().data, expected.data);
    let progress = anna.upload_progress(expected.upload).await.unwrap();
    let received: Vec<_> = progress.files.iter().map(|file| file.received).collect();
    assert_eq!(received, [expected.received, 0]);
    let (_, labels) = images();
    anna.send_missing(expected.upload, Part::Label, labels, |_, _| ()).await.unwrap();
    anna.finish_upload(expected.upload).await.unwrap();
    assert_eq!(anna.dataset(expected.upload).await.unwrap().lines, 30);

    anna.delete_task(expected.busy, expected.running).await.unwrap();
    let waited = anna.wait(expected.busy, expected.waiting, |_| ()).await.unwrap();
    assert_eq!(waited.state, TaskState::Finished);
    assert_eq!(anna.checkpoint(expected.waiting).await.unwrap().name, "later");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_of_each_released_version_opens() {
    if std::env::var_os("UPDATE_DIRECTORIES").is_some() {
        make().await;
    }
    let mut opened = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let expected: Expected = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let packed = File::open(path.with_extension("tar.gz")).unwrap();
        let data = directory.path().join("data");
        fs::create_dir(&data).unwrap();
        let mut archive = tar::Archive::new(GzDecoder::new(packed));
        archive.unpack(&data).unwrap();
        restrict(&data);
        let (report, code) = doctor(&data);
        assert_eq!(code, Some(0), "{}: {report}", path.display());
        check(&data, &expected).await;
        let (report, code) = doctor(&data);
        assert_eq!(code, Some(0), "{}: {report}", path.display());
        opened += 1;
    }
    assert!(opened > 0, "there are no directories");
}

/// Keeps others out of a directory.
fn restrict(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).unwrap();
}
