//! Datasets from declaration to deletion.

use hanami_store::{DatasetKind, DatasetState, FileRole, NewDataset, StoreError, TaskDeletion};

use crate::support::{
    self, Home, cluster, enqueue, names, owner, ready_dataset, uploading_dataset,
};

#[tokio::test]
async fn a_dataset_and_its_files_are_there_after_a_restart() {
    let home = Home::new();
    let store = home.open().await;
    let new = NewDataset { name: "digits".into(), kind: DatasetKind::Mnist };
    let sizes = [(FileRole::Label, 10), (FileRole::Input, 7840)];
    let (created, declared) = store.create_dataset(&owner(), new, &sizes).await.unwrap();
    assert_eq!(created.state, DatasetState::Uploading);
    drop(store);

    let store = home.open().await;
    assert_eq!(store.dataset(&owner(), created.uuid).await.unwrap(), created);
    assert_eq!(store.datasets(&owner()).await.unwrap(), vec![created.clone()]);
    let files = store.upload_files(&owner(), created.uuid).await.unwrap();
    assert_eq!(files, [declared[1].clone(), declared[0].clone()], "inputs come first");
    assert_eq!(files[0].size, 7840);
}

#[tokio::test]
async fn a_finished_dataset_is_there_after_a_restart_without_its_upload() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = uploading_dataset(&store, &owner(), 4).await;
    let files = store.upload_files(&owner(), dataset.uuid).await.unwrap();
    let upload = store.open_upload(&owner(), files[0].uuid).await.unwrap();
    upload.write(0, b"data").unwrap();
    std::fs::write(store.dataset_path(dataset.uuid), b"converted").unwrap();
    let ready = store.finish_dataset(&owner(), dataset.uuid, 3, 2, 100).await.unwrap();
    assert_eq!(ready.state, DatasetState::Ready);
    assert_eq!((ready.inputs, ready.outputs, ready.lines), (3, 2, 100));
    assert_eq!(names(&home, "uploads"), [""; 0]);
    drop((store, upload));

    let store = home.open().await;
    assert_eq!(store.swept().total(), 0);
    assert_eq!(store.dataset_for_engine(dataset.uuid).await.unwrap(), ready);
    assert_eq!(store.upload_files(&owner(), dataset.uuid).await.unwrap(), []);
    assert_eq!(std::fs::read(store.dataset_path(dataset.uuid)).unwrap(), b"converted");
}

#[tokio::test]
async fn a_dataset_is_finished_once_and_not_without_its_data() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = uploading_dataset(&store, &owner(), 4).await;
    let early = store.finish_dataset(&owner(), dataset.uuid, 3, 2, 100).await;
    assert!(matches!(early, Err(StoreError::Io { .. })), "{early:?}");
    let still = store.dataset(&owner(), dataset.uuid).await.unwrap();
    assert_eq!(still.state, DatasetState::Uploading);

    let ready = ready_dataset(&store, &owner()).await;
    let again = store.finish_dataset(&owner(), ready.uuid, 9, 9, 9).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(store.dataset(&owner(), ready.uuid).await.unwrap(), ready);
}

#[tokio::test]
async fn deleting_a_dataset_frees_its_files() {
    let home = Home::new();
    let store = home.open().await;
    let ready = ready_dataset(&store, &owner()).await;
    let arriving = uploading_dataset(&store, &owner(), 4).await;
    let files = store.upload_files(&owner(), arriving.uuid).await.unwrap();
    store.open_upload(&owner(), files[0].uuid).await.unwrap().write(0, b"da").unwrap();

    store.delete_dataset(&owner(), ready.uuid).await.unwrap();
    store.delete_dataset(&owner(), arriving.uuid).await.unwrap();
    assert_eq!(names(&home, "blobs/datasets"), [""; 0]);
    assert_eq!(names(&home, "uploads"), [""; 0]);
    assert_eq!(store.datasets(&owner()).await.unwrap(), []);
    for uuid in [ready.uuid, arriving.uuid] {
        let again = store.delete_dataset(&owner(), uuid).await;
        assert!(matches!(again, Err(StoreError::NotFound { kind: "dataset", .. })), "{again:?}");
    }
    let gone = store.open_upload(&owner(), files[0].uuid).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn what_an_open_task_reads_stays_until_the_task_has_ended() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "reader").await;
    let task = enqueue(&store, &owner(), &cluster, &dataset).await;

    match store.delete_dataset(&owner(), dataset.uuid).await {
        Err(StoreError::Conflict { message }) => {
            assert!(message.contains(&task.uuid.to_string()), "{message}");
        }
        other => panic!("{other:?}"),
    }
    assert!(store.dataset_path(dataset.uuid).exists());
    store.start_task(task.uuid).await.unwrap();
    let active = store.delete_dataset(&owner(), dataset.uuid).await;
    assert!(matches!(active, Err(StoreError::Conflict { .. })), "{active:?}");

    support::abort(&store, &task).await;
    store.delete_dataset(&owner(), dataset.uuid).await.unwrap();
    let deleted = store.delete_task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    assert!(matches!(deleted, TaskDeletion::Deleted(_)), "an ended task outlives its dataset");
}
