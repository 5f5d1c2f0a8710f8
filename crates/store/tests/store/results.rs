//! Results of request tasks.

use hanami_store::{
    Cluster, DatasetKind, NewProject, NewResult, NewTask, Quotas, RequestResult, Store, StoreError,
    Task, TaskKind, TaskState, result_size,
};

use crate::support::{
    Home, LIMIT, abort, cluster, names, new_task, overwrite, owner, ready_dataset,
};

const VALUES: [f64; 4] = [0.1, -2.0, f64::MAX, f64::MIN_POSITIVE];

fn new_result() -> NewResult {
    NewResult {
        dataset_kind: DatasetKind::Csv,
        column: Some("price".into()),
        data: VALUES.to_vec(),
        outputs: None,
    }
}

/// A request task and its stored result.
async fn finished_request(store: &Store) -> (Cluster, Task, RequestResult) {
    finish_request(store, new_result()).await
}

async fn finish_request(store: &Store, result: NewResult) -> (Cluster, Task, RequestResult) {
    let dataset = ready_dataset(store, &owner()).await;
    let cluster = cluster(store, &owner(), "oracle").await;
    let new = new_task(&cluster, &dataset, TaskKind::Request);
    let task = store.enqueue_task(&owner(), new, LIMIT).await.unwrap();
    store.start_task(task.uuid).await.unwrap();
    let result = store.finish_request(task.uuid, result).await.unwrap();
    (cluster, task, result)
}

#[tokio::test]
async fn a_result_has_its_tasks_uuid_and_name_and_is_there_after_a_restart() {
    let home = Home::new();
    let store = home.open().await;
    let (cluster, task, created) = finished_request(&store).await;
    assert_eq!((created.uuid, &created.name), (task.uuid, &task.name));
    drop(store);

    let store = home.open().await;
    assert_eq!(store.swept().total(), 0);
    let found = store.result(&owner(), task.uuid).await.unwrap();
    assert_eq!(found, (created.clone(), VALUES.to_vec()));
    assert_eq!(store.results(&owner()).await.unwrap(), [created]);
    let ended = store.task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    assert_eq!((ended.state, ended.position), (TaskState::Finished, ended.total));
}

#[tokio::test]
async fn a_result_outlives_task_and_cluster() {
    let home = Home::new();
    let store = home.open().await;
    let (cluster, task, _) = finished_request(&store).await;
    store.delete_task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    store.delete_cluster(&owner(), cluster.uuid).await.unwrap();
    assert_eq!(store.result(&owner(), task.uuid).await.unwrap().1, VALUES);
}

#[tokio::test]
async fn a_request_finishes_once() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task, created) = finished_request(&store).await;
    let again = store.finish_request(task.uuid, new_result()).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(names(&home, "blobs/results"), [created.blob.to_string()]);
}

#[tokio::test]
async fn deleting_a_result_frees_its_values() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task, _) = finished_request(&store).await;
    store.delete_result(&owner(), task.uuid).await.unwrap();
    assert_eq!(names(&home, "blobs/results"), [""; 0]);
    assert_eq!(store.results(&owner()).await.unwrap(), []);
    let gone = store.result(&owner(), task.uuid).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
    let gone = store.delete_result(&owner(), task.uuid).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn damaged_values_are_an_error_and_can_be_deleted() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task, created) = finished_request(&store).await;
    overwrite(&home.path().join("blobs/results").join(created.blob.to_string()), b"not a blob");
    let found = store.result(&owner(), task.uuid).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
    store.delete_result(&owner(), task.uuid).await.unwrap();
}

fn with_outputs() -> NewResult {
    NewResult { outputs: Some((0..=255).collect()), ..new_result() }
}

#[tokio::test]
async fn outputs_are_kept_with_their_result_and_read_in_parts() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task, _) = finish_request(&store, with_outputs()).await;
    assert_eq!(names(&home, "blobs/results").len(), 2);
    drop(store);

    let store = home.open().await;
    assert_eq!(store.swept().total(), 0);
    let mut outputs = store.result_outputs(&owner(), task.uuid).await.unwrap();
    assert_eq!(outputs.length(), 256);
    let mut part = [0; 3];
    outputs.read_at(253, &mut part).unwrap();
    assert_eq!(part, [253, 254, 255]);
    assert!(outputs.read_at(254, &mut part).is_err());
    outputs.verify().unwrap();

    store.delete_result(&owner(), task.uuid).await.unwrap();
    assert_eq!(names(&home, "blobs/results"), [""; 0]);
    outputs.read_at(253, &mut part).unwrap();
    let gone = store.result_outputs(&owner(), task.uuid).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn a_result_without_outputs_says_how_to_get_them() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task, _) = finished_request(&store).await;
    let none = store.result_outputs(&owner(), task.uuid).await.unwrap_err();
    assert!(matches!(none, StoreError::Conflict { .. }), "{none:?}");
    assert!(none.to_string().contains("full_outputs"), "{none}");
}

#[tokio::test]
async fn damaged_outputs_are_an_error() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task, created) = finish_request(&store, with_outputs()).await;
    let id = created.outputs_blob.unwrap().to_string();
    let path = home.path().join("blobs/results").join(id);
    let sound = std::fs::read(&path).unwrap();

    let mut flipped = sound.clone();
    flipped[100] ^= 1;
    overwrite(&path, &flipped);
    let mut outputs = store.result_outputs(&owner(), task.uuid).await.unwrap();
    let damage = outputs.verify();
    assert!(matches!(damage, Err(StoreError::Corrupt { .. })), "{damage:?}");

    for broken in [&sound[..sound.len() - 1], &sound[..10], b"not a blob, but as long as one"] {
        overwrite(&path, broken);
        let opened = store.result_outputs(&owner(), task.uuid).await;
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "{opened:?}");
    }
}

#[tokio::test]
async fn outputs_that_no_result_refers_to_are_swept() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task, _) = finish_request(&store, with_outputs()).await;
    drop(store);
    home.execute("UPDATE request_results SET outputs_blob = NULL").await;
    let store = home.open().await;
    assert_eq!(store.swept().results, 1);
    assert_eq!(store.result(&owner(), task.uuid).await.unwrap().1, VALUES);
}

/// The bytes of a result of [`VALUES`], with the header of its blob.
const SIZE: u64 = 16 + 4 * 8;

async fn project(store: &Store) {
    let creator_id = "admin".to_owned();
    let new = NewProject { id: "project".into(), name: "Project".into(), creator_id };
    store.create_project(new).await.unwrap();
}

/// A project that may hold so many bytes more than it holds, and a request task that is to take
/// some of them.
async fn limited(store: &Store, more: u64, result_bytes: u64) -> (NewTask, Task) {
    project(store).await;
    let dataset = ready_dataset(store, &owner()).await;
    let cluster = cluster(store, &owner(), "oracle").await;
    let limit = Some(used(store).await + more);
    let own = Quotas { dataset_bytes: limit, ..Quotas::default() };
    store.set_quota("project", own).await.unwrap();
    let new = NewTask { result_bytes, ..new_task(&cluster, &dataset, TaskKind::Request) };
    let task = store.enqueue_task(&owner(), new.clone(), LIMIT).await.unwrap();
    (new, task)
}

/// Bytes of datasets and results of the project.
async fn used(store: &Store) -> u64 {
    store.quota("project").await.unwrap().1.dataset_bytes
}

#[tokio::test]
async fn a_result_counts_from_the_moment_its_task_is_made() {
    let home = Home::new();
    let store = home.open().await;
    assert_eq!(result_size(4, None), SIZE);
    assert_eq!(result_size(4, Some(256)), SIZE + 16 + 256);
    let (new, task) = limited(&store, SIZE, SIZE).await;
    let full = used(&store).await;
    let refused = store.enqueue_task(&owner(), new.clone(), LIMIT).await;
    assert!(
        matches!(
            refused,
            Err(StoreError::QuotaExceeded { quota: "dataset_bytes", more: SIZE, .. })
        ),
        "{refused:?}"
    );
    let finished = store.finish_request(task.uuid, new_result()).await.unwrap();
    assert_eq!((finished.bytes as u64, used(&store).await), (SIZE, full));

    // What is given back can be taken again, by a task that makes no result too.
    store.delete_result(&owner(), task.uuid).await.unwrap();
    assert_eq!(used(&store).await, full - SIZE);
    let task = store.enqueue_task(&owner(), new.clone(), LIMIT).await.unwrap();
    abort(&store, &task).await;
    assert_eq!(used(&store).await, full - SIZE);
    let task = store.enqueue_task(&owner(), new, LIMIT).await.unwrap();
    store.delete_task(&owner(), task.cluster_uuid, task.uuid).await.unwrap();
    assert_eq!(used(&store).await, full - SIZE);
}

#[tokio::test]
async fn a_result_that_is_larger_than_was_told_needs_room_for_the_rest() {
    let home = Home::new();
    let store = home.open().await;
    let (_, task) = limited(&store, SIZE - 1, SIZE - 1).await;
    let before = used(&store).await;
    let refused = store.finish_request(task.uuid, new_result()).await;
    assert!(matches!(refused, Err(StoreError::QuotaExceeded { more: 1, .. })), "{refused:?}");
    assert_eq!(names(&home, "blobs/results"), [""; 0]);
    store.set_quota("project", Quotas::default()).await.unwrap();
    store.finish_request(task.uuid, new_result()).await.unwrap();
    assert_eq!(used(&store).await, before + 1);
}

#[tokio::test]
async fn results_of_a_version_that_did_not_count_them_are_measured() {
    let home = Home::new();
    let store = home.open().await;
    project(&store).await;
    let (_, _, created) = finish_request(&store, with_outputs()).await;
    let datasets = used(&store).await - created.bytes as u64;
    drop(store);
    for sql in [
        "DROP INDEX results_by_project",
        "ALTER TABLE request_results DROP COLUMN bytes",
        "ALTER TABLE tasks DROP COLUMN result_bytes",
        "DELETE FROM seaql_migrations WHERE version = 'm0009_result_bytes'",
    ] {
        home.execute(sql).await;
    }
    let store = home.open().await;
    assert_eq!(store.results(&owner()).await.unwrap(), [created]);
    assert_eq!(used(&store).await, datasets + SIZE + 16 + 256);
}
