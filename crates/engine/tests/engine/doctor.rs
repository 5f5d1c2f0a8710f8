//! What is told of a data directory in which something is wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hanami_engine::{Examination, Severity, TaskOptions, examine};
use hanami_store::{ClusterMode, DatasetKind, FileRole, TaskKind};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

use crate::support::{House, TABLE, copy, sums};

/// A data directory with something of everything; nobody has it open.
struct Closed {
    dir: TempDir,
}

impl Closed {
    async fn new() -> Self {
        let house = House::new().await;
        let data = house.table(&sums(100)).await;
        house.images(30).await;
        let cluster = house.cluster("learner", TABLE).await;
        house.train(cluster, data).await;
        house.save(cluster).await;
        let outputs = TaskOptions { full_outputs: true, ..TaskOptions::default() };
        let request = house.submit_with(TaskKind::Request, cluster, data, outputs).await.unwrap();
        house.wait(cluster, request).await;
        house.declare(DatasetKind::Csv, &[(FileRole::Input, b"left,right,sum\n")]).await;
        house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();
        let mut session = house.engine.connect(&house.access, cluster).await.unwrap();
        for step in 0..20_u8 {
            let (left, right) = (f32::from(step % 7), f32::from(step % 3));
            for (brick, value) in [("left", left), ("right", right), ("sum", left + right)] {
                session.fill(brick, true, &[value]).unwrap();
            }
            session.train().await.unwrap();
        }
        drop(session);
        house.engine.shutdown().await;
        // Of the directory itself, the database is closed in the background.
        let dir = TempDir::new().unwrap();
        copy(house.dir.path(), dir.path());
        set_mode(dir.path(), 0o700);
        Self { dir }
    }

    async fn report(&self) -> Examination {
        examine(self.dir.path(), |_, _| ()).await.unwrap()
    }

    /// A file of a folder, but no record of an upload.
    fn file(&self, folder: &str) -> PathBuf {
        let entries = fs::read_dir(self.dir.path().join(folder)).unwrap();
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(|path| path.extension().is_none_or(|end| end != "ranges")).unwrap()
    }
}

fn set_mode(directory: &Path, mode: u32) {
    fs::set_permissions(directory, fs::Permissions::from_mode(mode)).unwrap();
}

/// All files of a directory, with what is in them.
fn everything(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(everything(&path));
        } else {
            files.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_directory_is_sound_and_left_as_it_is() {
    let closed = Closed::new().await;
    let before = everything(closed.dir.path());
    let mut told = 0;
    let report = examine(closed.dir.path(), |done, total| {
        assert!(told <= done && done <= total);
        told = done;
    });
    let report = report.await.unwrap();
    assert!(report.is_sound() && report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(told, report.bytes);
    let counts: Vec<_> = report.counts.into_iter().collect();
    let expected =
        [("checkpoint", 1), ("cluster", 1), ("dataset", 3), ("request result", 1), ("upload", 1)];
    assert_eq!(counts, expected);
    assert!(everything(closed.dir.path()) == before, "something was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_in_use_is_looked_at_too() {
    let house = House::new().await;
    set_mode(house.dir.path(), 0o700);
    let cluster = house.cluster("learner", TABLE).await;
    let data = house.table(&sums(100)).await;
    let task = house.submit_long(cluster, data).await;
    for _ in 0..3 {
        let report = examine(house.dir.path(), |_, _| ()).await.unwrap();
        assert!(report.in_use && report.findings.is_empty(), "{:?}", report.findings);
    }
    assert_eq!(house.engine.task(&house.access, cluster, task).await.unwrap().task.error, None);
    house.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_damage_is_told_with_whose_it_is() {
    let closed = Closed::new().await;
    let cases = [
        ("dataset", closed.file("blobs/datasets")),
        ("cluster", closed.file("blobs/snapshots")),
        ("cluster", closed.file("journals")),
        ("checkpoint", closed.file("blobs/checkpoints")),
        ("request result", closed.file("blobs/results")),
        ("upload", closed.file("uploads")),
    ];
    for (kind, path) in cases {
        // A link of a cluster's snapshot may be the checkpoint's, so each is written anew.
        let sound = fs::read(&path).unwrap();
        let mut damaged = sound.clone();
        // In the first frame of a journal, near the end of what is larger.
        let at = if sound.len() < 2000 { 20.min(sound.len() - 1) } else { sound.len() - 2 };
        damaged[at] ^= 1;
        let cut = sound[..sound.len() / 2].to_vec();
        for (wrong, bytes) in [("changed", Some(damaged)), ("cut", Some(cut)), ("gone", None)] {
            fs::remove_file(&path).unwrap();
            if let Some(bytes) = bytes {
                fs::write(&path, bytes).unwrap();
            }
            let report = closed.report().await;
            let told = report.findings.iter().find(|finding| {
                finding.severity == Severity::Problem
                    && finding.subject.as_ref().is_some_and(|subject| subject.kind == kind)
            });
            // Without a journal nothing was taught. What has arrived has no checksum.
            let is_journal = path.starts_with(closed.dir.path().join("journals"));
            let hidden =
                (is_journal && wrong == "gone") || (kind == "upload" && wrong == "changed");
            assert_eq!(told.is_none(), hidden, "{kind} {wrong}: {:?}", report.findings);
            if let Some(told) = told {
                let subject = told.subject.as_ref().unwrap();
                assert_eq!(
                    (subject.owner.as_str(), subject.project.as_str()),
                    ("alice", "project")
                );
                assert!(!told.what.is_empty() && !told.advice.is_empty());
                assert!(!report.is_sound());
            }
            fs::write(&path, &sound).unwrap();
        }
    }
    let report = closed.report().await;
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_next_start_takes_care_of_is_a_note() {
    let closed = Closed::new().await;
    let journal = closed.file("journals");
    let mut bytes = fs::read(&journal).unwrap();
    bytes.extend([9, 0, 0, 0, 1]);
    fs::write(&journal, bytes).unwrap();
    let orphan = closed.dir.path().join("blobs/results/orphan");
    fs::write(&orphan, b"left").unwrap();
    let report = closed.report().await;
    assert!(report.is_sound());
    let [torn, left] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!(torn.file.as_ref(), Some(&journal));
    assert!(torn.what.contains("the last 5 bytes"), "{}", torn.what);
    assert_eq!(left.file.as_ref(), Some(&orphan));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_everybody_may_look_into_is_a_problem() {
    let closed = Closed::new().await;
    set_mode(closed.dir.path(), 0o755);
    let report = closed.report().await;
    let [open] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert!(open.advice.contains("chmod 700"), "{}", open.advice);
    assert!(!report.is_sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_or_missing_database_is_told() {
    let closed = Closed::new().await;
    let path = closed.dir.path().join("hanami.db");
    let url = format!("sqlite:{}", path.display());
    let database = Database::connect(url).await.unwrap();
    database.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    database.close().await.unwrap();
    let sound = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let error = examine(closed.dir.path(), |_, _| ()).await.unwrap_err().to_string();
    assert!(error.contains("is missing"), "{error}");
    let mut damaged = sound.clone();
    for page in (4096..sound.len()).step_by(4096).take(20) {
        damaged[page..page + 200].fill(0xa5);
    }
    fs::write(&path, damaged).unwrap();
    match examine(closed.dir.path(), |_, _| ()).await {
        Ok(report) => assert!(!report.is_sound()),
        Err(error) => assert!(error.to_string().contains("database"), "{error}"),
    }
}
