//! Checkpoints, and the tasks that save and load them.

use hanami_store::{
    Checkpoint, Cluster, ClusterMode, NewCheckpoint, Outcome, Progress, Store, StoreError, Task,
    TaskKind, TaskState, Uuid,
};

use crate::support::{
    Home, LIMIT, WITHOUT_ADMINISTRATION, cluster, enqueue, member, names, overwrite, owner,
    ready_dataset,
};

const SNAPSHOTS: &str = "blobs/snapshots";
const CHECKPOINTS: &str = "blobs/checkpoints";

async fn saved(store: &Store, cluster: &Cluster, name: &str) -> Checkpoint {
    let task = store.enqueue_save(&owner(), name, cluster.uuid, LIMIT).await.unwrap();
    store.start_task(task.uuid).await.unwrap();
    store.finish_save(task.uuid).await.unwrap()
}

async fn enqueue_load(store: &Store, checkpoint: &Checkpoint, cluster: &Cluster) -> Task {
    store.enqueue_load(&owner(), checkpoint.uuid, cluster.uuid, LIMIT).await.unwrap()
}

async fn empty(store: &Store) -> Cluster {
    store.create_cluster(&owner(), "empty", None, None).await.unwrap()
}

#[tokio::test]
async fn a_checkpoint_has_its_tasks_uuid_and_name_and_outlives_task_and_cluster() {
    let home = Home::new();
    let store = home.open().await;
    let cluster = cluster(&store, &owner(), "learner").await;
    store.save_snapshot(cluster.uuid, b"learned".to_vec(), 7, Progress::None).await.unwrap();
    let task = store.enqueue_save(&owner(), "backup", cluster.uuid, LIMIT).await.unwrap();
    assert_eq!((task.kind, task.state), (TaskKind::Save, TaskState::Queued));
    assert_eq!(store.checkpoints(&owner()).await.unwrap(), [], "not before it is saved");
    let made = store.finish_save(task.uuid).await.unwrap();
    assert_eq!((made.uuid, made.name.as_str(), made.steps), (task.uuid, "backup", 7));
    let ended = store.task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    assert_eq!(ended.state, TaskState::Finished);

    store.delete_task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    store.delete_cluster(&owner(), cluster.uuid).await.unwrap();
    drop(store);
    let store = home.open().await;
    assert_eq!(store.swept().total(), 0);
    assert_eq!(store.checkpoint(&owner(), made.uuid).await.unwrap(), made);
    assert_eq!(store.checkpoints(&owner()).await.unwrap()[0].uuid, made.uuid);

    let empty = empty(&store).await;
    let load = enqueue_load(&store, &made, &empty).await;
    assert_eq!(store.load_bytes(load.uuid).await.unwrap(), b"learned");
    let loaded = store.finish_load(load.uuid).await.unwrap();
    assert_eq!((loaded.steps, loaded.template), (7, cluster.template));
}

#[tokio::test]
async fn a_save_ends_once_and_makes_one_checkpoint() {
    let home = Home::new();
    let store = home.open().await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let made = saved(&store, &cluster, "backup").await;
    let again = store.finish_save(made.uuid).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(names(&home, CHECKPOINTS), [made.blob.to_string()]);
    assert_eq!(
        store.checkpoint_path(&made),
        home.path().join(CHECKPOINTS).join(made.blob.to_string())
    );
    store.delete_checkpoint(&owner(), made.uuid).await.unwrap();
    assert_eq!(names(&home, CHECKPOINTS), [""; 0]);
    let again = store.delete_checkpoint(&owner(), made.uuid).await;
    assert!(matches!(again, Err(StoreError::NotFound { kind: "checkpoint", .. })), "{again:?}");
}

#[tokio::test]
async fn a_cluster_is_made_of_a_checkpoint_and_shares_nothing_with_it_but_the_bytes() {
    let home = Home::new();
    let store = home.open().await;
    let source = cluster(&store, &owner(), "source").await;
    store.save_snapshot(source.uuid, b"learned".to_vec(), 7, Progress::None).await.unwrap();
    let checkpoint = saved(&store, &source, "backup").await;
    let made = store.create_cluster_from(&owner(), "made", checkpoint.uuid).await.unwrap();
    assert_eq!((made.steps, &made.template), (7, &source.template));
    assert_eq!(made.mode, ClusterMode::Task);

    let taken = store.create_cluster_from(&owner(), "source", checkpoint.uuid).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    let unseen = member("another", "project");
    let hidden = store.create_cluster_from(&unseen, "mine", checkpoint.uuid).await;
    assert!(matches!(hidden, Err(StoreError::NotFound { .. })), "{hidden:?}");
    assert_eq!(names(&home, SNAPSHOTS).len(), 2);

    store.delete_checkpoint(&owner(), checkpoint.uuid).await.unwrap();
    store.delete_cluster(&owner(), source.uuid).await.unwrap();
    drop(store);
    let store = home.open().await;
    assert_eq!(store.snapshot_bytes(&made).await.unwrap(), b"learned");
    assert_eq!(store.clusters(&owner()).await.unwrap()[0].uuid, made.uuid);
}

#[tokio::test]
async fn a_checkpoint_from_elsewhere_is_read_piece_by_piece_and_its_damage_shows_at_the_end() {
    let home = Home::new();
    let store = home.open().await;
    let new = NewCheckpoint {
        name: "elsewhere".into(),
        template: "version: 1".into(),
        steps: 9,
        network: b"a network".to_vec(),
    };
    let made = store.create_checkpoint(&owner(), new).await.unwrap();
    drop(store);
    let store = home.open().await;
    let (row, mut blob) = store.open_checkpoint(&owner(), made.uuid).await.unwrap();
    assert_eq!((row, blob.length()), (made.clone(), 9));
    assert_eq!(blob.next_piece(4).unwrap(), b"a ne");
    store.delete_checkpoint(&owner(), made.uuid).await.unwrap();
    assert_eq!(blob.next_piece(100).unwrap(), b"twork");
    assert_eq!(blob.next_piece(100).unwrap(), b"");
}

#[tokio::test]
async fn a_damaged_checkpoint_is_not_read_to_its_end() {
    let home = Home::new();
    let store = home.open().await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let made = saved(&store, &cluster, "backup").await;
    let path = store.checkpoint_path(&made);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    overwrite(&path, &bytes);
    let (_, mut blob) = store.open_checkpoint(&owner(), made.uuid).await.unwrap();
    assert_eq!(blob.next_piece(3).unwrap(), b"gro");
    let damaged = blob.next_piece(100);
    assert!(matches!(damaged, Err(StoreError::Corrupt { .. })), "{damaged:?}");
    overwrite(&path, &bytes[..bytes.len() - 1]);
    let cut = store.open_checkpoint(&owner(), made.uuid).await.map(|_| ());
    assert!(matches!(cut, Err(StoreError::Corrupt { .. })), "{cut:?}");
}

#[tokio::test]
async fn a_load_replaces_network_template_and_journal() {
    let home = Home::new();
    let store = home.open().await;
    let source = cluster(&store, &owner(), "source").await;
    let made = saved(&store, &source, "backup").await;
    let other = Some("version: 1 # other".to_owned());
    let target = store.create_cluster(&owner(), "target", other, Some(vec![1])).await.unwrap();
    let journal = store.journal_path(target.uuid, target.snapshot.unwrap());
    std::fs::write(&journal, b"journal").unwrap();

    let load = enqueue_load(&store, &made, &target).await;
    assert_eq!((load.kind, load.name.as_str()), (TaskKind::Load, "backup"));
    assert_eq!(store.coming_template(target.uuid).await.unwrap(), source.template);
    let loaded = store.finish_load(load.uuid).await.unwrap();
    assert_eq!((loaded.uuid, loaded.name.as_str()), (target.uuid, "target"));
    assert_eq!(loaded.template, source.template);
    assert_ne!(loaded.snapshot, source.snapshot, "each has a journal of its own");
    assert_eq!(store.snapshot_bytes(&loaded).await.unwrap(), b"grown");
    assert!(!journal.exists());
    assert_eq!(names(&home, SNAPSHOTS).len(), 2);
    let again = store.finish_load(load.uuid).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
}

#[tokio::test]
async fn a_queued_load_does_without_its_checkpoint_also_after_a_restart() {
    let home = Home::new();
    let store = home.open().await;
    let source = cluster(&store, &owner(), "source").await;
    let made = saved(&store, &source, "backup").await;
    let target = empty(&store).await;
    let load = enqueue_load(&store, &made, &target).await;
    store.delete_checkpoint(&owner(), made.uuid).await.unwrap();
    store.delete_cluster(&owner(), source.uuid).await.unwrap();
    store.start_task(load.uuid).await.unwrap();
    drop(store);

    let store = home.open().await;
    assert_eq!(store.swept().total(), 0);
    assert_eq!(store.next_task(target.uuid).await.unwrap().unwrap().uuid, load.uuid);
    let loaded = store.finish_load(load.uuid).await.unwrap();
    assert_eq!(store.snapshot_bytes(&loaded).await.unwrap(), b"grown");
    drop(store);
    assert_eq!(home.open().await.swept().total(), 0);
}

#[tokio::test]
async fn a_load_that_does_not_happen_leaves_nothing_behind() {
    let home = Home::new();
    let store = home.open().await;
    let source = cluster(&store, &owner(), "source").await;
    let made = saved(&store, &source, "backup").await;
    let target = empty(&store).await;
    let deleted = enqueue_load(&store, &made, &target).await;
    let failed = enqueue_load(&store, &made, &target).await;
    enqueue_load(&store, &made, &target).await;
    assert_eq!(names(&home, SNAPSHOTS).len(), 4);

    store.delete_task(&owner(), target.uuid, deleted.uuid).await.unwrap();
    store.end_task(failed.uuid, Outcome::Failed { error: "damaged".into() }).await.unwrap();
    assert_eq!(names(&home, SNAPSHOTS).len(), 2);
    store.delete_cluster(&owner(), target.uuid).await.unwrap();
    assert_eq!(names(&home, SNAPSHOTS), [source.snapshot.unwrap().to_string()]);
    store.delete_cluster(&owner(), source.uuid).await.unwrap();
    assert_eq!(names(&home, CHECKPOINTS), [made.blob.to_string()]);
}

#[tokio::test]
async fn an_empty_cluster_is_saved_only_behind_a_load() {
    let home = Home::new();
    let store = home.open().await;
    let source = cluster(&store, &owner(), "source").await;
    let made = saved(&store, &source, "backup").await;
    let target = empty(&store).await;
    let access = owner();
    let save = || store.enqueue_save(&access, "copy", target.uuid, LIMIT);
    match save().await {
        Err(StoreError::Conflict { message }) => assert!(message.contains("empty"), "{message}"),
        other => panic!("{other:?}"),
    }
    let load = enqueue_load(&store, &made, &target).await;
    let save = save().await.unwrap();
    store.finish_load(load.uuid).await.unwrap();
    assert_eq!(store.finish_save(save.uuid).await.unwrap().template, made.template);
}

#[tokio::test]
async fn saves_and_loads_stand_in_the_queue_of_the_cluster() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let made = saved(&store, &cluster, "backup").await;
    let train = enqueue(&store, &owner(), &cluster, &dataset).await;
    let save = store.enqueue_save(&owner(), "second", cluster.uuid, 2).await.unwrap();
    let full = store.enqueue_load(&owner(), made.uuid, cluster.uuid, 2).await;
    assert!(matches!(full, Err(StoreError::TooMany { limit: 2, .. })), "{full:?}");
    let full = store.enqueue_save(&owner(), "third", cluster.uuid, 2).await;
    assert!(matches!(full, Err(StoreError::TooMany { limit: 2, .. })), "{full:?}");
    for task in [train, save] {
        assert_eq!(store.next_task(cluster.uuid).await.unwrap().unwrap().uuid, task.uuid);
        store.end_task(task.uuid, Outcome::Aborted).await.unwrap();
    }

    store.set_cluster_mode(&owner(), cluster.uuid, ClusterMode::Direct).await.unwrap();
    for refused in [
        store.enqueue_save(&owner(), "third", cluster.uuid, LIMIT).await,
        store.enqueue_load(&owner(), made.uuid, cluster.uuid, LIMIT).await,
    ] {
        match refused {
            Err(StoreError::Conflict { message }) => assert!(message.contains("task mode")),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(names(&home, SNAPSHOTS).len(), 1, "what was refused leaves no blob");
}

#[tokio::test]
async fn one_loads_what_one_sees_into_what_one_may_change() {
    let home = Home::new();
    let store = home.open().await;
    let mine = cluster(&store, &owner(), "mine").await;
    let made = saved(&store, &mine, "backup").await;
    let another = member("another", "project");
    let theirs = cluster(&store, &another, "theirs").await;
    let load = |target: Uuid| store.enqueue_load(&another, made.uuid, target, LIMIT);
    let unseen = load(theirs.uuid).await;
    assert!(matches!(unseen, Err(StoreError::NotFound { kind: "checkpoint", .. })), "{unseen:?}");

    for table in ["checkpoints", "clusters"] {
        home.execute(&format!("UPDATE {table} SET visibility = 'shared'")).await;
    }
    load(theirs.uuid).await.unwrap();
    let not_theirs = load(mine.uuid).await;
    assert!(matches!(not_theirs, Err(StoreError::NotFound { kind: "cluster", .. })));
    let not_theirs = store.enqueue_save(&another, "theft", mine.uuid, LIMIT).await;
    assert!(matches!(not_theirs, Err(StoreError::NotFound { kind: "cluster", .. })));
}

#[tokio::test]
async fn the_tasks_of_a_database_without_checkpoints_are_kept() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let task = enqueue(&store, &owner(), &cluster, &dataset).await;
    drop(store);
    for undo in [
        WITHOUT_ADMINISTRATION,
        "DROP TABLE loads",
        "DROP TABLE checkpoints",
        "ALTER TABLE tasks RENAME COLUMN subject_uuid TO dataset_uuid",
        "DELETE FROM seaql_migrations WHERE version = 'm0003_checkpoints'",
    ] {
        home.execute(undo).await;
    }
    std::fs::remove_dir(home.path().join(CHECKPOINTS)).unwrap();

    let store = home.open().await;
    assert_eq!(store.tasks(&owner(), cluster.uuid).await.unwrap(), [task]);
    let busy = store.delete_dataset(&owner(), dataset.uuid).await;
    assert!(matches!(busy, Err(StoreError::Conflict { .. })), "{busy:?}");
}
