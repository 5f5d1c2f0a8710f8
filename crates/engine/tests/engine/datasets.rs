use hanami_engine::EngineError;
use hanami_store::{DatasetKind, DatasetState, FileRole, NewDataset, StoreError, TaskKind};

use crate::support::{House, IMAGES, images};

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_upload_is_a_dataset() {
    let house = House::new().await;
    let dataset = house.images(50).await;
    let dataset = house.store.dataset(&house.access, dataset).await.unwrap();
    assert_eq!(dataset.state, DatasetState::Ready);
    assert_eq!((dataset.inputs, dataset.outputs, dataset.lines), (16, 10, 50));
    assert_eq!(std::fs::read_dir(house.dir.path().join("uploads")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_lacks_bytes_can_not_be_finished_but_completed() {
    let house = House::new().await;
    let (images, labels) = images(50);
    let sizes = [(FileRole::Input, images.len() as u64), (FileRole::Label, labels.len() as u64)];
    let new = NewDataset { name: "data".into(), kind: DatasetKind::Mnist };
    let (dataset, files) = house.store.create_dataset(&house.access, new, &sizes).await.unwrap();
    let uuids = [files[0].uuid, files[1].uuid];
    let input = house.store.open_upload(&house.access, uuids[0]).await.unwrap();
    let label = house.store.open_upload(&house.access, uuids[1]).await.unwrap();
    input.write(100, &images[100..]).unwrap();
    label.write(0, &labels).unwrap();

    let finished = house.engine.finish_dataset(&house.access, dataset.uuid, &uuids).await;
    let Err(EngineError::Incomplete { missing: 100, first: 0, .. }) = finished else {
        panic!("{finished:?}");
    };
    let cluster = house.cluster("cluster", IMAGES).await;
    let early = house.submit(TaskKind::Train, cluster, dataset.uuid).await;
    assert!(matches!(early, Err(EngineError::Conflict(_))), "{early:?}");

    input.write(0, &images[..100]).unwrap();
    house.engine.finish_dataset(&house.access, dataset.uuid, &uuids).await.unwrap();
    let again = house.engine.finish_dataset(&house.access, dataset.uuid, &uuids).await;
    assert!(matches!(again, Err(EngineError::Conflict(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_data_is_refused_and_can_be_sent_again() {
    let house = House::new().await;
    let bad = "a,b\n1,2\n3,four\n";
    let (dataset, files) =
        house.declare(DatasetKind::Csv, &[(FileRole::Input, bad.as_bytes())]).await;
    let error = house.engine.finish_dataset(&house.access, dataset, &files).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, EngineError::Dataset(_)), "{text}");
    assert!(text.contains("line 3") && text.contains("four") && text.contains('b'), "{text}");

    let upload = house.store.open_upload(&house.access, files[0]).await.unwrap();
    upload.write(0, b"a,b\n1,2\n3,4.44\n").unwrap();
    house.engine.finish_dataset(&house.access, dataset, &files).await.unwrap();
    assert_eq!(house.store.dataset(&house.access, dataset).await.unwrap().lines, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_another_dataset_do_not_finish_this_one() {
    let house = House::new().await;
    let table = |text: &'static str| [(FileRole::Input, text.as_bytes())];
    let (one, _) = house.declare(DatasetKind::Csv, &table("a\n1\n")).await;
    let (_, files) = house.declare(DatasetKind::Csv, &table("b\n2\n")).await;
    let error = house.engine.finish_dataset(&house.access, one, &files).await.unwrap_err();
    assert!(matches!(error, EngineError::Input(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dataset_in_use_can_not_be_deleted() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(400_000).await;
    let task = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    let early = house.store.delete_dataset(&house.access, dataset).await;
    assert!(matches!(early, Err(StoreError::Conflict { .. })), "{early:?}");
    house.engine.delete_task(&house.access, cluster, task).await.unwrap();
    house.store.delete_dataset(&house.access, dataset).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_could_not_be_finished_before_a_stop_is_finished_after_it() {
    let house = House::new().await;
    let (dataset, files) =
        house.declare(DatasetKind::Csv, &[(FileRole::Input, b"a,b\n1,2\n3,4\n")]).await;
    house.engine.shutdown().await;
    let stopped = house.engine.finish_dataset(&house.access, dataset, &files).await;
    assert!(matches!(stopped, Err(EngineError::Stopping)), "{stopped:?}");

    let house = house.restart().await;
    house.engine.finish_dataset(&house.access, dataset, &files).await.unwrap();
    assert_eq!(house.store.dataset(&house.access, dataset).await.unwrap().lines, 2);
}
