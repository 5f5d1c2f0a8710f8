//! Clusters, their modes and their snapshots.

use hanami_store::{ClusterMode, OffsetDateTime, Outcome, Progress, StoreError, TaskState, Uuid};

use crate::support::{
    Home, abort, cluster, enqueue, member, names, overwrite, owner, ready_dataset,
};

#[tokio::test]
async fn a_cluster_and_its_snapshot_are_there_after_a_restart() {
    let home = Home::new();
    let store = home.open().await;
    let template = Some("version: 1".to_owned());
    let grown = Some(b"grown".to_vec());
    let created = store.create_cluster(&owner(), "grown", template, grown).await.unwrap();
    let empty = store.create_cluster(&owner(), "empty", None, None).await.unwrap();
    assert_eq!(created.mode, ClusterMode::Task);
    drop(store);

    let store = home.open().await;
    assert_eq!(store.cluster(&owner(), created.uuid).await.unwrap(), created);
    let listed = store.clusters(&owner()).await.unwrap();
    let listed: Vec<_> = listed.into_iter().map(|row| (row.uuid, row.name)).collect();
    assert_eq!(listed, [(created.uuid, "grown".into()), (empty.uuid, "empty".into())]);
    assert_eq!(store.snapshot_bytes(&created).await.unwrap(), b"grown");
    let none = store.snapshot_bytes(&empty).await;
    assert!(matches!(none, Err(StoreError::NotFound { .. })), "{none:?}");
}

#[tokio::test]
async fn a_name_is_unique_among_what_its_owner_sees() {
    let home = Home::new();
    let store = home.open().await;
    cluster(&store, &owner(), "mine").await;
    let again = store.create_cluster(&owner(), "mine", None, Some(vec![1])).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(names(&home, "blobs/snapshots").len(), 1, "the refused one leaves no blob");
    cluster(&store, &member("another", "project"), "mine").await;
}

#[tokio::test]
async fn each_snapshot_replaces_the_one_before_and_its_journal() {
    let home = Home::new();
    let store = home.open().await;
    let first = cluster(&store, &owner(), "learner").await;
    let first_id = first.snapshot.unwrap();
    std::fs::write(store.journal_path(first.uuid, first_id), b"journal").unwrap();

    let bytes = b"learned".to_vec();
    let second = store.save_snapshot(first.uuid, bytes, 7, Progress::None).await.unwrap();
    let second_id = second.snapshot.unwrap();
    assert_ne!(second_id, first_id);
    assert_eq!(names(&home, "blobs/snapshots"), [second_id.to_string()]);
    assert_eq!(names(&home, "journals"), [""; 0]);
    assert_ne!(store.journal_path(first.uuid, first_id), store.journal_path(first.uuid, second_id));
    drop(store);

    let store = home.open().await;
    let found = store.cluster_for_engine(first.uuid).await.unwrap();
    assert_eq!(found, second);
    assert_eq!(found.steps, 7);
    assert_eq!(store.snapshot_bytes(&found).await.unwrap(), b"learned");
}

#[tokio::test]
async fn a_snapshot_moves_its_task_along() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let task = enqueue(&store, &owner(), &cluster, &dataset).await;
    store.start_task(task.uuid).await.unwrap();

    let halfway = Progress::Position {
        task: task.uuid,
        position: 50,
        accuracy: Some(80.0),
        notes: Some("halfway".into()),
    };
    store.save_snapshot(cluster.uuid, vec![1], 50, halfway).await.unwrap();
    let found = store.task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    assert_eq!((found.state, found.position), (TaskState::Active, 50));
    assert_eq!((found.accuracy, found.notes.as_deref()), (Some(80.0), Some("halfway")));

    let done = Progress::Ended {
        task: task.uuid,
        position: 100,
        notes: Some("done".into()),
        outcome: Outcome::Finished { accuracy: Some(97.5) },
    };
    store.save_snapshot(cluster.uuid, vec![2], 100, done.clone()).await.unwrap();
    drop(store);

    let store = home.open().await;
    let found = store.task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    assert_eq!((found.state, found.position), (TaskState::Finished, 100));
    assert_eq!((found.accuracy, found.error), (Some(97.5), None));
    assert_eq!(found.notes.as_deref(), Some("done"));
    assert!(found.ended_at.unwrap() >= found.started_at.unwrap());

    let again = store.save_snapshot(cluster.uuid, vec![3], 200, done).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    let unchanged = store.cluster_for_engine(cluster.uuid).await.unwrap();
    assert_eq!(unchanged.steps, 100);
    assert_eq!(store.snapshot_bytes(&unchanged).await.unwrap(), [2]);
    assert_eq!(names(&home, "blobs/snapshots").len(), 1);
}

#[tokio::test]
async fn a_snapshot_of_what_is_gone_changes_nothing() {
    let home = Home::new();
    let store = home.open().await;
    let nobody = store.save_snapshot(Uuid::new_v4(), vec![1], 1, Progress::None).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { kind: "cluster", .. })), "{nobody:?}");

    let cluster = cluster(&store, &owner(), "learner").await;
    let task = Uuid::new_v4();
    let progress = Progress::Position { task, position: 1, accuracy: None, notes: None };
    let no_task = store.save_snapshot(cluster.uuid, vec![1], 1, progress).await;
    assert!(matches!(no_task, Err(StoreError::NotFound { kind: "task", .. })), "{no_task:?}");
    assert_eq!(store.cluster_for_engine(cluster.uuid).await.unwrap(), cluster);
    assert_eq!(names(&home, "blobs/snapshots").len(), 1);
}

#[tokio::test]
async fn the_mode_stays_while_the_queue_is_not_empty() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let task = enqueue(&store, &owner(), &cluster, &dataset).await;
    for start in [false, true] {
        if start {
            store.start_task(task.uuid).await.unwrap();
        }
        let busy = store.set_cluster_mode(&owner(), cluster.uuid, ClusterMode::Direct).await;
        assert!(matches!(busy, Err(StoreError::Conflict { .. })), "{busy:?}");
    }
    abort(&store, &task).await;
    let direct = store.set_cluster_mode(&owner(), cluster.uuid, ClusterMode::Direct).await;
    assert_eq!(direct.unwrap().mode, ClusterMode::Direct);
    drop(store);

    let store = home.open().await;
    let found = store.cluster(&owner(), cluster.uuid).await.unwrap();
    assert_eq!(found.mode, ClusterMode::Direct);
    let back = store.set_cluster_mode(&owner(), cluster.uuid, ClusterMode::Task).await.unwrap();
    assert_eq!(back, cluster);
}

#[tokio::test]
async fn deleting_a_cluster_takes_its_tasks_and_files_along() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    enqueue(&store, &owner(), &cluster, &dataset).await;
    let journal = store.journal_path(cluster.uuid, cluster.snapshot.unwrap());
    std::fs::write(journal, b"journal").unwrap();

    store.delete_cluster(&owner(), cluster.uuid).await.unwrap();
    assert_eq!(store.clusters(&owner()).await.unwrap(), []);
    assert!(store.clusters_with_open_tasks().await.unwrap().is_empty());
    assert_eq!(names(&home, "blobs/snapshots"), [""; 0]);
    assert_eq!(names(&home, "journals"), [""; 0]);
    let again = store.delete_cluster(&owner(), cluster.uuid).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
    store.delete_dataset(&owner(), dataset.uuid).await.unwrap();
}

#[tokio::test]
async fn every_flipped_bit_and_every_cut_of_a_snapshot_shows() {
    let home = Home::new();
    let store = home.open().await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let path = home.path().join("blobs/snapshots").join(cluster.snapshot.unwrap().to_string());
    let sound = std::fs::read(&path).unwrap();

    for bit in 0..sound.len() * 8 {
        let mut flipped = sound.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        overwrite(&path, &flipped);
        let found = store.snapshot_bytes(&cluster).await;
        assert!(matches!(found, Err(StoreError::Corrupt { .. })), "bit {bit}: {found:?}");
    }
    for length in 0..sound.len() {
        overwrite(&path, &sound[..length]);
        let found = store.snapshot_bytes(&cluster).await;
        assert!(matches!(found, Err(StoreError::Corrupt { .. })), "length {length}: {found:?}");
    }
    std::fs::remove_file(&path).unwrap();
    let found = store.snapshot_bytes(&cluster).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
}

#[tokio::test]
async fn the_last_use_of_clusters_is_kept_and_those_that_are_gone_are_passed_over() {
    let home = Home::new();
    let store = home.open().await;
    let one = cluster(&store, &owner(), "one").await;
    let other = cluster(&store, &owner(), "other").await;
    assert_eq!(one.last_used_at, None);
    let at = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    store.save_uses(&[(Uuid::new_v4(), at), (one.uuid, at)]).await.unwrap();
    drop(store);
    let store = home.open().await;
    assert_eq!(store.cluster(&owner(), one.uuid).await.unwrap().last_used_at, Some(at));
    assert_eq!(store.cluster(&owner(), other.uuid).await.unwrap().last_used_at, None);
}
