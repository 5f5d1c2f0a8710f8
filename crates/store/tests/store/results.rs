//! Results of request tasks.

use hanami_store::{
    Cluster, DatasetKind, NewResult, RequestResult, Store, StoreError, Task, TaskKind, TaskState,
};

use crate::support::{Home, LIMIT, cluster, names, new_task, overwrite, owner, ready_dataset};

const VALUES: [f64; 4] = [0.1, -2.0, f64::MAX, f64::MIN_POSITIVE];

fn new_result() -> NewResult {
    NewResult {
        dataset_kind: DatasetKind::Csv,
        column: Some("price".into()),
        data: VALUES.to_vec(),
    }
}

/// A request task and its stored result.
async fn finished_request(store: &Store) -> (Cluster, Task, RequestResult) {
    let dataset = ready_dataset(store, &owner()).await;
    let cluster = cluster(store, &owner(), "oracle").await;
    let new = new_task(&cluster, &dataset, TaskKind::Request);
    let task = store.enqueue_task(&owner(), new, LIMIT).await.unwrap();
    store.start_task(task.uuid).await.unwrap();
    let result = store.finish_request(task.uuid, new_result()).await.unwrap();
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
