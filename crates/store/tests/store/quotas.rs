//! What projects may hold, and what counts.

use hanami_store::{
    DatasetKind, FileRole, NewDataset, NewProject, Progress, Quotas, Resource, Store, StoreError,
    TaskKind,
};

use crate::support::{
    Home, LIMIT, WITHOUT_ADMINISTRATION, cluster, enqueue, member, new_task, owner, ready_dataset,
    uploading_dataset,
};

const PROJECT: &str = "project";

async fn home_with_project() -> (Home, Store) {
    let home = Home::new();
    let store = home.open().await;
    for id in [PROJECT, "other"] {
        let name = "Some Project".to_owned();
        let new = NewProject { id: id.to_owned(), name, creator_id: "admin".into() };
        store.create_project(new).await.unwrap();
    }
    (home, store)
}

/// Gives the project these limits and no others.
async fn limit(store: &Store, own: Quotas<Option<u64>>) {
    store.set_quota(PROJECT, own).await.unwrap();
}

async fn used(store: &Store) -> Quotas {
    store.quota(PROJECT).await.unwrap().1
}

#[track_caller]
fn exceeded<T: std::fmt::Debug>(result: Result<T, StoreError>) -> (&'static str, u64, u64, u64) {
    match result {
        Err(StoreError::QuotaExceeded { quota, project, limit, used, more, .. }) => {
            assert_eq!(project, PROJECT);
            (quota, limit, used, more)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn limits_are_the_project_s_own_or_the_server_s() {
    let (home, store) = home_with_project().await;
    assert_eq!(store.quota(PROJECT).await.unwrap(), (Quotas::UNLIMITED, Quotas::default()));
    drop(store);
    let default = Quotas { clusters: 7, dataset_bytes: 8, ..Quotas::UNLIMITED };
    let store = Store::open_with(home.path(), default, 0).await.unwrap();
    limit(&store, Quotas { clusters: Some(1), open_tasks: Some(u64::MAX), ..Quotas::default() })
        .await;
    let (limits, _) = store.quota(PROJECT).await.unwrap();
    assert_eq!((limits.clusters, limits.dataset_bytes), (1, 8));
    assert_eq!(store.quota("other").await.unwrap().0, default);

    limit(&store, Quotas { dataset_bytes: Some(0), ..Quotas::default() }).await;
    let (limits, _) = store.quota(PROJECT).await.unwrap();
    assert_eq!((limits.clusters, limits.dataset_bytes), (7, 0));
    for unknown in [
        store.quota("nowhere").await.map(|_| ()),
        store.set_quota("nowhere", Quotas::default()).await,
    ] {
        assert!(matches!(unknown, Err(StoreError::NotFound { .. })), "{unknown:?}");
    }
}

#[tokio::test]
async fn a_dataset_counts_from_its_declaration() {
    let (_home, store) = home_with_project().await;
    limit(&store, Quotas { dataset_bytes: Some(100), ..Quotas::default() }).await;
    let new = || NewDataset { name: "a pair".into(), kind: DatasetKind::Mnist };
    let files = |size| [(FileRole::Input, 60), (FileRole::Label, size)];
    let refused = store.create_dataset(&owner(), new(), &files(41)).await;
    assert_eq!(exceeded(refused), ("dataset_bytes", 100, 0, 101));
    let refused = store.create_dataset(&owner(), new(), &files(u64::MAX)).await;
    assert_eq!(exceeded(refused), ("dataset_bytes", 100, 0, u64::MAX));
    let (dataset, _) = store.create_dataset(&owner(), new(), &files(40)).await.unwrap();
    let another = member("another", PROJECT);
    let refused = store.create_dataset(&another, new(), &[(FileRole::Input, 1)]).await;
    assert_eq!(exceeded(refused), ("dataset_bytes", 100, 100, 1));
    uploading_dataset(&store, &member("stranger", "other"), 1).await;

    // Ready, it counts what its file takes.
    std::fs::write(store.dataset_path(dataset.uuid), [0; 30]).unwrap();
    store.finish_dataset(&owner(), dataset.uuid, 1, 1, 1).await.unwrap();
    assert_eq!(used(&store).await.dataset_bytes, 30);
    store.delete_dataset(&owner(), dataset.uuid).await.unwrap();
    assert_eq!(used(&store).await, Quotas::default());
}

#[tokio::test]
async fn a_dataset_that_becomes_too_large_is_not_finished() {
    let (_home, store) = home_with_project().await;
    limit(&store, Quotas { dataset_bytes: Some(20), ..Quotas::default() }).await;
    let dataset = uploading_dataset(&store, &owner(), 10).await;
    std::fs::write(store.dataset_path(dataset.uuid), [0; 21]).unwrap();
    let refused = store.finish_dataset(&owner(), dataset.uuid, 1, 1, 1).await;
    assert_eq!(exceeded(refused), ("dataset_bytes", 20, 10, 11));
    limit(&store, Quotas { dataset_bytes: Some(21), ..Quotas::default() }).await;
    store.finish_dataset(&owner(), dataset.uuid, 1, 1, 1).await.unwrap();
}

#[tokio::test]
async fn clusters_count_with_their_snapshots() {
    let (_home, store) = home_with_project().await;
    limit(&store, Quotas { clusters: Some(2), cluster_bytes: Some(40), ..Quotas::default() }).await;
    let first = cluster(&store, &owner(), "first").await;
    // A header of 16 bytes and `grown`.
    assert_eq!(used(&store).await.cluster_bytes, 21);
    let grown = Some(b"grown".to_vec());
    let refused = store.create_cluster(&owner(), "second", None, grown).await;
    assert_eq!(exceeded(refused), ("cluster_bytes", 40, 21, 21));
    let second = store.create_cluster(&owner(), "second", None, None).await.unwrap();
    let refused = store.create_cluster(&owner(), "third", None, None).await;
    assert_eq!(exceeded(refused), ("clusters", 2, 2, 1));

    // What has begun may go past the limit; the next may not begin.
    let dataset = ready_dataset(&store, &owner()).await;
    let task = enqueue(&store, &owner(), &first, &dataset).await;
    store.save_snapshot(first.uuid, vec![0; 24], 1, Progress::None).await.unwrap();
    assert_eq!(used(&store).await.cluster_bytes, 40);
    let train = new_task(&first, &dataset, TaskKind::Train);
    let refused = store.enqueue_task(&owner(), train, LIMIT).await;
    assert_eq!(exceeded(refused), ("cluster_bytes", 40, 40, 1));
    let refused = store.require_room(PROJECT, Resource::ClusterBytes, 1).await;
    assert_eq!(exceeded(refused), ("cluster_bytes", 40, 40, 1));
    let request = new_task(&first, &dataset, TaskKind::Request);
    store.enqueue_task(&owner(), request, LIMIT).await.unwrap();
    store.start_task(task.uuid).await.unwrap();

    store.delete_cluster(&owner(), second.uuid).await.unwrap();
    store.delete_cluster(&owner(), first.uuid).await.unwrap();
    let left = used(&store).await;
    assert_eq!((left.clusters, left.cluster_bytes, left.open_tasks), (0, 0, 0));
}

#[tokio::test]
async fn checkpoints_count_when_they_are_ordered_and_when_they_are_made() {
    let (_home, store) = home_with_project().await;
    let limits = Quotas { checkpoint_bytes: Some(42), ..Quotas::default() };
    limit(&store, limits).await;
    let learner = cluster(&store, &owner(), "learner").await;
    let mut saves = Vec::new();
    for _ in 0..3 {
        saves.push(store.enqueue_save(&owner(), "backup", learner.uuid, LIMIT).await.unwrap());
    }
    let checkpoint = store.finish_save(saves[0].uuid).await.unwrap();
    store.finish_save(saves[1].uuid).await.unwrap();
    let refused = store.finish_save(saves[2].uuid).await;
    assert_eq!(exceeded(refused), ("checkpoint_bytes", 42, 42, 21));
    let refused = store.enqueue_save(&owner(), "backup", learner.uuid, LIMIT).await;
    assert_eq!(exceeded(refused), ("checkpoint_bytes", 42, 42, 21));
    store.delete_checkpoint(&owner(), checkpoint.uuid).await.unwrap();
    store.finish_save(saves[2].uuid).await.unwrap();
}

#[tokio::test]
async fn a_load_may_not_take_a_cluster_past_the_limit() {
    let (_home, store) = home_with_project().await;
    let large = cluster(&store, &owner(), "large").await;
    let save = store.enqueue_save(&owner(), "backup", large.uuid, LIMIT).await.unwrap();
    let checkpoint = store.finish_save(save.uuid).await.unwrap();
    let empty = store.create_cluster(&owner(), "empty", None, None).await.unwrap();
    limit(&store, Quotas { cluster_bytes: Some(21), ..Quotas::default() }).await;
    let refused = store.enqueue_load(&owner(), checkpoint.uuid, empty.uuid, LIMIT).await;
    assert_eq!(exceeded(refused), ("cluster_bytes", 21, 21, 21));
    store.enqueue_load(&owner(), checkpoint.uuid, large.uuid, LIMIT).await.unwrap();
    limit(&store, Quotas::default()).await;
    let load = store.enqueue_load(&owner(), checkpoint.uuid, empty.uuid, LIMIT).await.unwrap();
    store.finish_load(load.uuid).await.unwrap();
    assert_eq!(used(&store).await.cluster_bytes, 42);
}

#[tokio::test]
async fn open_tasks_of_all_clusters_count() {
    let (_home, store) = home_with_project().await;
    limit(&store, Quotas { open_tasks: Some(2), ..Quotas::default() }).await;
    let (one, other) =
        (cluster(&store, &owner(), "one").await, cluster(&store, &owner(), "other").await);
    let dataset = ready_dataset(&store, &owner()).await;
    let task = enqueue(&store, &owner(), &one, &dataset).await;
    store.start_task(task.uuid).await.unwrap();
    enqueue(&store, &owner(), &other, &dataset).await;
    let train = new_task(&other, &dataset, TaskKind::Train);
    let refused = store.enqueue_task(&owner(), train, LIMIT).await;
    assert_eq!(exceeded(refused), ("open_tasks", 2, 2, 1));
    let refused = store.enqueue_save(&owner(), "backup", one.uuid, LIMIT).await;
    assert_eq!(exceeded(refused), ("open_tasks", 2, 2, 1));
    crate::support::abort(&store, &task).await;
    store.enqueue_save(&owner(), "backup", one.uuid, LIMIT).await.unwrap();
}

#[tokio::test]
async fn requests_at_the_same_time_do_not_pass_together() {
    let (_home, store) = home_with_project().await;
    limit(&store, Quotas { clusters: Some(3), ..Quotas::default() }).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..12 {
        let store = store.clone();
        tasks.spawn(async move {
            store.create_cluster(&owner(), &format!("cluster {number}"), None, None).await.is_ok()
        });
    }
    let made = tasks.join_all().await.into_iter().filter(|made| *made).count();
    assert_eq!(made, 3);
}

#[tokio::test]
async fn sizes_of_before_there_were_quotas_are_measured_at_open() {
    let (home, store) = home_with_project().await;
    let learner = cluster(&store, &owner(), "learner").await;
    store.create_cluster(&owner(), "empty", None, None).await.unwrap();
    let save = store.enqueue_save(&owner(), "backup", learner.uuid, LIMIT).await.unwrap();
    store.finish_save(save.uuid).await.unwrap();
    ready_dataset(&store, &owner()).await;
    uploading_dataset(&store, &owner(), 1000).await;
    let before = used(&store).await;
    assert_eq!((before.dataset_bytes, before.checkpoint_bytes), (1009, 21));
    drop(store);

    home.execute(WITHOUT_ADMINISTRATION).await;
    let store = home.open().await;
    assert_eq!(used(&store).await, before);
}

#[tokio::test]
async fn loads_that_were_accepted_together_do_not_pass_together() {
    let (_home, store) = home_with_project().await;
    let source = cluster(&store, &owner(), "source").await;
    store.save_snapshot(source.uuid, vec![1; 1000], 1, Progress::None).await.unwrap();
    let save = store.enqueue_save(&owner(), "backup", source.uuid, LIMIT).await.unwrap();
    let checkpoint = store.finish_save(save.uuid).await.unwrap();
    let room = used(&store).await.cluster_bytes + checkpoint.bytes as u64;
    limit(&store, Quotas { cluster_bytes: Some(room), ..Quotas::default() }).await;

    let mut loads = Vec::new();
    for name in ["first", "second"] {
        let empty = store.create_cluster(&owner(), name, None, None).await.unwrap();
        let load = store.enqueue_load(&owner(), checkpoint.uuid, empty.uuid, LIMIT).await;
        loads.push(load.unwrap());
    }
    store.finish_load(loads[0].uuid).await.unwrap();
    assert_eq!(exceeded(store.finish_load(loads[1].uuid).await).0, "cluster_bytes");
    let second = store.cluster(&owner(), loads[1].cluster_uuid).await.unwrap();
    assert_eq!(second.snapshot, None);
}
