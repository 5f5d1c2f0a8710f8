//! Opening a data directory: the lock, the schema, and what a crash has left behind.

use std::os::unix::fs::PermissionsExt;

use hanami_store::{Store, StoreError, SweepReport, Uuid};

use crate::support::{Home, cluster, enqueue, names, owner, ready_dataset, uploading_dataset};

#[tokio::test]
async fn a_new_directory_is_for_its_user_only() {
    let home = Home::new();
    let path = home.path().join("new").join("data");
    let store = Store::open(&path).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(store.swept(), SweepReport::default());
}

#[tokio::test]
async fn a_directory_belongs_to_one_store_at_a_time() {
    let home = Home::new();
    let store = home.open().await;
    let clone = store.clone();
    let second = Store::open(home.path()).await;
    assert!(matches!(second, Err(StoreError::InUse { .. })), "{second:?}");
    drop(store);
    let second = Store::open(home.path()).await;
    assert!(matches!(second, Err(StoreError::InUse { .. })), "a clone holds it: {second:?}");
    drop(clone);
    home.open().await;
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_alone() {
    let home = Home::new();
    let store = home.open().await;
    cluster(&store, &owner(), "learner").await;
    drop(store);
    let applied = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_next', 0)";
    home.execute(applied).await;

    match Store::open(home.path()).await {
        Err(StoreError::Newer { migration }) => assert_eq!(migration, "m9999_next"),
        other => panic!("{other:?}"),
    }
    assert_eq!(names(&home, "blobs/snapshots").len(), 1);
}

#[tokio::test]
async fn tasks_of_a_version_without_options_are_still_there() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let task = enqueue(&store, &owner(), &cluster, &dataset).await;
    drop(store);
    for sql in [
        "ALTER TABLE tasks DROP COLUMN options",
        "ALTER TABLE tasks DROP COLUMN notes",
        "DELETE FROM seaql_migrations WHERE version = 'm0007_task_options'",
    ] {
        home.execute(sql).await;
    }
    let store = home.open().await;
    assert_eq!(store.next_task(cluster.uuid).await.unwrap(), Some(task));
}

#[tokio::test]
async fn without_its_database_no_data_is_swept() {
    let home = Home::new();
    let store = home.open().await;
    cluster(&store, &owner(), "learner").await;
    drop(store);
    let database = home.path().join("hanami.db");
    let elsewhere = home.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    for name in names(&home, "") {
        if name.starts_with("hanami.db") {
            std::fs::rename(home.path().join(&name), elsewhere.join(&name)).unwrap();
        }
    }
    match Store::open(home.path()).await {
        Err(StoreError::DatabaseMissing { path }) => assert_eq!(path, database),
        other => panic!("{other:?}"),
    }
    assert_eq!(names(&home, "blobs/snapshots").len(), 1);
}

#[tokio::test]
async fn what_a_crash_has_left_behind_is_swept_and_nothing_else() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let arriving = uploading_dataset(&store, &owner(), 4).await;
    let file = store.upload_files(&owner(), arriving.uuid).await.unwrap()[0].uuid;
    store.open_upload(&owner(), file).await.unwrap().write(0, b"da").unwrap();
    let cluster = cluster(&store, &owner(), "learner").await;
    let snapshot = cluster.snapshot.unwrap();
    std::fs::write(store.journal_path(cluster.uuid, snapshot), b"").unwrap();
    drop(store);

    let folders = [
        "blobs/datasets",
        "blobs/snapshots",
        "blobs/checkpoints",
        "blobs/results",
        "uploads",
        "journals",
    ];
    let before = folders.map(|folder| names(&home, folder));
    let orphan = Uuid::new_v4();
    for left in [
        // A conversion that was interrupted, one that was done but not recorded, one half-written.
        format!("blobs/datasets/{}", arriving.uuid),
        format!("blobs/datasets/{orphan}"),
        format!("blobs/datasets/{}.part", dataset.uuid),
        // A snapshot whose transaction was not committed, and one half-written.
        format!("blobs/snapshots/{orphan}"),
        format!("blobs/snapshots/{snapshot}.tmp"),
        // A checkpoint that was linked, but whose transaction was not committed.
        format!("blobs/checkpoints/{orphan}"),
        format!("blobs/results/{orphan}"),
        format!("uploads/{orphan}"),
        format!("uploads/{orphan}.ranges"),
        format!("uploads/{file}.ranges.tmp"),
        // Bytes that were arriving.
        format!("uploads/{orphan}.scratch"),
        // The journal of a snapshot that was replaced.
        format!("journals/{}.{orphan}", cluster.uuid),
    ] {
        std::fs::write(home.path().join(left), b"left behind").unwrap();
    }

    std::fs::create_dir(home.path().join("blobs/datasets/lost+found")).unwrap();

    let store = home.open().await;
    std::fs::remove_dir(home.path().join("blobs/datasets/lost+found")).unwrap();
    let expected = SweepReport {
        datasets: 3,
        snapshots: 2,
        checkpoints: 1,
        results: 1,
        uploads: 4,
        journals: 1,
    };
    assert_eq!(store.swept(), expected);
    assert_eq!(store.swept().total(), 12);
    assert_eq!(folders.map(|folder| names(&home, folder)), before);
    assert_eq!(store.snapshot_bytes(&cluster).await.unwrap(), b"grown");
}
