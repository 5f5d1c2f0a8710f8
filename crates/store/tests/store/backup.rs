//! Backups: what they hold, also beside a store that goes on, and what is refused as one.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hanami_store::{
    BackupError, DatasetKind, Journal, NewCheckpoint, NewResult, Progress, Store, StoreError,
    TaskKind, backup, restore,
};
use tokio::runtime::Handle;

use crate::support::{
    Home, LIMIT, cluster, names, names_in, new_task, owner, ready_dataset, uploading_dataset,
};

/// A store with something of everything.
struct House {
    home: Home,
    store: Store,
    elsewhere: tempfile::TempDir,
}

impl House {
    async fn furnished() -> Self {
        let home = Home::new();
        let store = home.open().await;
        let dataset = ready_dataset(&store, &owner()).await;
        let arriving = uploading_dataset(&store, &owner(), 1 << 20).await;
        let file = store.upload_files(&owner(), arriving.uuid).await.unwrap()[0].uuid;
        let upload = store.open_upload(&owner(), file).await.unwrap();
        upload.write(500_000, b"in the middle").unwrap();
        let learner = cluster(&store, &owner(), "learner").await;
        let journal = store.journal_path(learner.uuid, learner.snapshot.unwrap());
        let (journal, _) = Journal::open(store.disk(), &journal).unwrap();
        journal.sync_through(journal.append(b"a step").unwrap()).unwrap();
        let network = NewCheckpoint {
            name: "brought".into(),
            template: "version: 1".into(),
            steps: 3,
            network: vec![7; 3000],
        };
        let checkpoint = store.create_checkpoint(&owner(), network).await.unwrap();
        let other = cluster(&store, &owner(), "other").await;
        store.enqueue_load(&owner(), checkpoint.uuid, other.uuid, LIMIT).await.unwrap();
        let request = new_task(&learner, &dataset, TaskKind::Request);
        let task = store.enqueue_task(&owner(), request, LIMIT).await.unwrap();
        let found = NewResult {
            dataset_kind: DatasetKind::Csv,
            column: None,
            data: vec![0.5; 100],
            outputs: Some(vec![1; 100]),
        };
        store.finish_request(task.uuid, found).await.unwrap();
        Self { home, store, elsewhere: tempfile::tempdir().unwrap() }
    }

    fn place(&self, name: &str) -> PathBuf {
        self.elsewhere.path().join(name)
    }

    /// A backup of it.
    async fn archive(&self, name: &str) -> PathBuf {
        let path = self.place(name);
        backup(self.home.path(), &path, |_, _| ()).await.unwrap();
        path
    }
}

/// All files of a data directory but the database and the locks, with what is in them.
fn contents(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let folders = [
        "blobs/datasets",
        "blobs/snapshots",
        "blobs/checkpoints",
        "blobs/results",
        "uploads",
        "journals",
    ];
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(directory.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(directory).unwrap().display().to_string();
            files.push((name, fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn everything_is_in_a_backup() {
    let house = House::furnished().await;
    let mut told = (0, 0);
    let (sender, receiver) = std::sync::mpsc::channel();
    let archive = house.place("backup.tar");
    let show = move |done, total| sender.send((done, total)).unwrap();
    let written = backup(house.home.path(), &archive, show).await.unwrap();
    for (done, total) in receiver {
        assert!(done > told.0 && done <= total, "{done} of {total}");
        told = (done, total);
    }
    assert_eq!((told.0, told.1), (written.bytes, written.bytes));

    let restored = house.place("restored");
    let read = restore(&archive, &restored, |_, _| ()).await.unwrap();
    assert_eq!(read, written);
    for private in [&archive, &restored] {
        assert_eq!(fs::metadata(private).unwrap().permissions().mode() & 0o077, 0);
    }
    assert_eq!(contents(&restored), contents(house.home.path()));
    let store = Store::open(&restored).await.unwrap();
    assert_eq!(store.swept().total(), 0);
    assert_eq!(store.totals().await.unwrap(), house.store.totals().await.unwrap());
    let both = [&store, &house.store];
    let mut progress = Vec::new();
    for store in both {
        let arriving = store.datasets(&owner()).await.unwrap();
        let arriving = arriving.iter().find(|dataset| dataset.lines == 0).unwrap();
        progress.push(store.upload_progress(&owner(), arriving.uuid).await.unwrap());
    }
    assert_eq!(progress[0], progress[1]);
    assert_eq!(progress[0][0].received, 13);
}

#[tokio::test]
async fn a_closed_store_is_backed_up_too() {
    let house = House::furnished().await;
    let before = contents(house.home.path());
    let House { home, store, elsewhere } = house;
    drop(store);
    let archive = elsewhere.path().join("backup.tar");
    backup(home.path(), &archive, |_, _| ()).await.unwrap();
    let restored = elsewhere.path().join("restored");
    restore(&archive, &restored, |_, _| ()).await.unwrap();
    assert_eq!(contents(&restored), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_while_a_backup_runs_is_in_it_and_gone_afterwards() {
    let house = House::furnished().await;
    let before = contents(house.home.path());
    let (store, runtime) = (house.store.clone(), Handle::current());
    let (path, second) = (house.home.path().to_owned(), house.place("second.tar"));
    let mut first = true;
    // Called after the database was copied, and before any other file is.
    let meanwhile = move |_, _| {
        if !std::mem::take(&mut first) {
            return;
        }
        runtime.block_on(async {
            for cluster in store.clusters(&owner()).await.unwrap() {
                let saved = (b"later".to_vec(), 1, Progress::None);
                store.save_snapshot(cluster.uuid, saved.0, saved.1, saved.2).await.unwrap();
            }
            for checkpoint in store.checkpoints(&owner()).await.unwrap() {
                store.delete_checkpoint(&owner(), checkpoint.uuid).await.unwrap();
            }
            for result in store.results(&owner()).await.unwrap() {
                store.delete_result(&owner(), result.uuid).await.unwrap();
            }
            for dataset in store.datasets(&owner()).await.unwrap() {
                store.delete_dataset(&owner(), dataset.uuid).await.unwrap();
            }
            let refused = backup(&path, &second, |_, _| ()).await;
            assert!(matches!(refused, Err(BackupError::Running { .. })), "{refused:?}");
        });
    };
    let archive = house.place("backup.tar");
    backup(house.home.path(), &archive, meanwhile).await.unwrap();
    let restored = house.place("restored");
    restore(&archive, &restored, |_, _| ()).await.unwrap();
    assert_eq!(contents(&restored), before);
    // Two snapshots, and that of the load.
    assert_eq!(contents(house.home.path()).len(), 3);
    assert!(!house.home.path().join("kept").exists());
    assert_eq!(names_in(house.elsewhere.path()), ["backup.tar", "restored"]);
}

#[tokio::test]
async fn what_an_interrupted_backup_has_kept_goes_with_the_next_start() {
    let House { home, store, .. } = House::furnished().await;
    drop(store);
    fs::create_dir(home.path().join("kept")).unwrap();
    fs::write(home.path().join("kept").join("snapshot"), b"kept").unwrap();
    home.open().await;
    assert!(!names(&home, "").contains(&"kept".to_owned()));
}

#[tokio::test]
async fn a_backup_without_a_file_that_it_needs_is_none() {
    let house = House::furnished().await;
    let snapshot = names(&house.home, "blobs/snapshots").remove(0);
    fs::remove_file(house.home.path().join("blobs/snapshots").join(&snapshot)).unwrap();
    let archive = house.place("backup.tar");
    match backup(house.home.path(), &archive, |_, _| ()).await {
        Err(BackupError::Missing { path }) => assert!(path.ends_with(snapshot)),
        other => panic!("{other:?}"),
    }
    assert_eq!(names_in(house.elsewhere.path()), [""; 0]);
}

#[tokio::test]
async fn nothing_is_written_over() {
    let house = House::furnished().await;
    let archive = house.archive("backup.tar").await;
    let again = backup(house.home.path(), &archive, |_, _| ()).await;
    assert!(matches!(again, Err(BackupError::Exists { .. })), "{again:?}");
    let before = contents(house.home.path());
    let over = restore(&archive, house.home.path(), |_, _| ()).await;
    assert!(matches!(over, Err(BackupError::Exists { .. })), "{over:?}");
    assert_eq!(contents(house.home.path()), before);
    let empty = house.place("empty");
    fs::create_dir_all(empty.join("lost+found")).unwrap();
    restore(&archive, &empty, |_, _| ()).await.unwrap();
    assert_eq!(contents(&empty), before);
    let expected = ["blobs", "hanami.db", "journals", "lock", "lost+found", "uploads"];
    assert_eq!(names_in(&empty), expected);
    Store::open(&empty).await.unwrap();
    let nowhere = backup(&house.place("nowhere"), &house.place("none.tar"), |_, _| ()).await;
    let missing =
        |error: &_| matches!(error, BackupError::Store(StoreError::DatabaseMissing { .. }));
    assert!(nowhere.as_ref().is_err_and(missing), "{nowhere:?}");
}

#[tokio::test]
async fn a_backup_that_was_killed_leaves_nothing_to_the_next_of_its_name() {
    let house = House::furnished().await;
    let workplace = house.place(".backup.tar.hanami-backup");
    fs::create_dir_all(workplace.join(".hanami-a1b2c3")).unwrap();
    fs::create_dir(workplace.join("work")).unwrap();
    fs::write(workplace.join("work/archive"), b"half").unwrap();
    house.archive("other.tar").await;
    assert!(workplace.exists(), "it may be that of a backup that runs");
    house.archive("backup.tar").await;
    assert_eq!(names_in(house.elsewhere.path()), ["backup.tar", "other.tar"]);
}

#[tokio::test]
async fn two_backups_are_not_made_to_one_file_at_once() {
    let house = House::furnished().await;
    let workplace = house.place(".backup.tar.hanami-backup");
    fs::create_dir(&workplace).unwrap();
    let lock = fs::File::create(workplace.join("lock")).unwrap();
    lock.lock().unwrap();
    let out = house.place("backup.tar");
    let refused = backup(house.home.path(), &out, |_, _| ()).await;
    let runs = |error: &_| matches!(error, BackupError::Running { path } if *path == out);
    assert!(refused.as_ref().is_err_and(runs), "{refused:?}");
    lock.unlock().unwrap();
    house.archive("backup.tar").await;
    assert_eq!(names_in(house.elsewhere.path()), ["backup.tar"]);
}

/// Restores `bytes`. What comes of it is what `house` holds, or an error and nothing but a lock.
async fn try_restoring(house: &House, bytes: &[u8]) -> Result<(), String> {
    let (archive, restored) = (house.place("tried.tar"), house.place("tried"));
    fs::write(&archive, bytes).unwrap();
    let before = names_in(house.elsewhere.path());
    let done = restore(&archive, &restored, |_, _| ()).await;
    match done {
        Ok(_) => assert_eq!(contents(&restored), contents(house.home.path())),
        Err(_) => assert_eq!(names_in(&restored), ["lock"]),
    }
    fs::remove_dir_all(&restored).unwrap();
    assert_eq!(names_in(house.elsewhere.path()), before);
    done.map(|_| ()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_backup_that_was_cut_is_refused() {
    let house = House::furnished().await;
    let archive = fs::read(house.archive("backup.tar").await).unwrap();
    let end = archive.len();
    // The archive ends with empty blocks, which say nothing.
    let said = end - archive.iter().rev().take_while(|byte| **byte == 0).count();
    let steps = (0..40).map(|step| said * step / 40);
    for length in steps.chain([1, 511, 512, 513, said - 1]) {
        let refused = try_restoring(&house, &archive[..length]).await.unwrap_err();
        assert!(refused.contains("can't be restored"), "{length}: {refused}");
    }
}

#[tokio::test]
async fn a_backup_in_which_a_byte_changed_is_refused_or_the_same() {
    let house = House::furnished().await;
    let archive = fs::read(house.archive("backup.tar").await).unwrap();
    let mut refused = 0;
    for step in 0..60 {
        let mut changed = archive.clone();
        changed[archive.len() * step / 60 + step % 7] ^= 1 << (step % 8);
        refused += usize::from(try_restoring(&house, &changed).await.is_err());
    }
    // The others lie in the padding of the archive.
    assert!(refused > 40, "{refused}");
}

/// A backup's first entry, and then others of a header and what follows it.
fn forged(entries: &[(tar::Header, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let head = br#"{"format":1,"hanami":"0.1.0","begun_at":0}"#;
    for (header, content) in
        [(header("backup.json", head.len() as u64), &head[..])].iter().chain(entries)
    {
        bytes.write_all(header.as_bytes()).unwrap();
        bytes.write_all(content).unwrap();
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

/// The header of a file, with a name that no library would write.
fn header(path: &str, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(size);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

#[tokio::test]
async fn a_hostile_backup_is_refused() {
    let house = House::furnished().await;
    let link = |kind| {
        let mut header = header("journals/link", 0);
        header.set_entry_type(kind);
        header.set_link_name("/etc/passwd").unwrap();
        header.set_cksum();
        header
    };
    let mut huge = header("hanami.db", 0);
    huge.as_gnu_mut().unwrap().size = [0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0];
    huge.set_cksum();
    let file = |path: &str| vec![(header(path, 4), &b"evil"[..])];
    let cases = [
        (file("../evil"), "no place"),
        (file("blobs/../../evil"), "no place"),
        (file("/tmp/evil"), "no place"),
        (file("journals/../lock"), "no place"),
        (file("journals/.."), "no place"),
        (file("journals/a/b"), "no place"),
        (file("journals/"), "no place"),
        (file("lock"), "no place"),
        (file("hanami.db-wal"), "no place"),
        (vec![(link(tar::EntryType::Symlink), &b""[..])], "no file"),
        (vec![(link(tar::EntryType::Link), &b""[..])], "no file"),
        (vec![(link(tar::EntryType::GNULongName), &b""[..])], "no file"),
        (vec![(huge, &b""[..])], "more are needed"),
        ([file("journals/twice"), file("journals/twice")].concat(), "twice"),
        ([file("backup.json")].concat(), "does not begin like one"),
        (file("manifest.json"), "expected"),
        (vec![(header("manifest.json", 12), &br#"{"files":{}}"#[..])], "backup.json is not what"),
    ];
    for (entries, expected) in cases {
        let refused = try_restoring(&house, &forged(&entries)).await.unwrap_err();
        assert!(refused.contains(expected), "{expected}: {refused}");
    }
    for none in [&b""[..], b"no archive at all", &[b'x'; 2000]] {
        let refused = try_restoring(&house, none).await.unwrap_err();
        let told = ["this is no backup of Hanami", "it has no manifest: it was cut"];
        assert!(told.iter().any(|told| refused.ends_with(told)), "{refused}");
    }
    assert!(File::open("/tmp/evil").is_err());
}
