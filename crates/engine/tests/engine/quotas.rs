//! Quotas where the engine works for a project.

use hanami_engine::{EngineError, TaskOptions};
use hanami_store::{ClusterMode, NewProject, Quotas, StoreError, TaskKind, TaskState};

use crate::support::{House, IMAGES};

/// A house whose project is at its limit with one cluster.
async fn full_house() -> (House, hanami_store::Uuid) {
    let house = House::new().await;
    let (id, name) = ("project".to_owned(), "Project".to_owned());
    house.store.create_project(NewProject { id, name, creator_id: "root".into() }).await.unwrap();
    let cluster = house.cluster("cluster", IMAGES).await;
    let (_, used) = house.store.quota("project").await.unwrap();
    let full = Quotas { cluster_bytes: Some(used.cluster_bytes), ..Quotas::default() };
    house.store.set_quota("project", full).await.unwrap();
    (house, cluster)
}

#[track_caller]
fn assert_exceeded<T: std::fmt::Debug>(result: &Result<T, EngineError>) {
    let exceeded = matches!(result, Err(EngineError::Store(StoreError::QuotaExceeded { .. })));
    assert!(exceeded, "{result:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_its_limit_a_project_gets_no_cluster_no_training_and_no_connection() {
    let (house, cluster) = full_house().await;
    let dataset = house.images(30).await;
    let made = house.engine.create_cluster(&house.access, "second", Some(IMAGES)).await;
    assert_exceeded(&made);
    assert_exceeded(&house.submit(TaskKind::Train, cluster, dataset).await);
    house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();
    assert_exceeded(&house.engine.connect(&house.access, cluster).await);

    house.engine.set_mode(&house.access, cluster, ClusterMode::Task).await.unwrap();
    let request = house.submit(TaskKind::Request, cluster, dataset).await.unwrap();
    assert_eq!(house.wait(cluster, request).await.task.state, TaskState::Finished);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_result_would_exceed_the_quota_is_not_taken() {
    let (house, cluster) = full_house().await;
    let dataset = house.images(30).await;
    let (_, used) = house.store.quota("project").await.unwrap();
    let none = Quotas { dataset_bytes: Some(used.dataset_bytes), ..Quotas::default() };
    house.store.set_quota("project", none).await.unwrap();
    assert_exceeded(&house.submit(TaskKind::Request, cluster, dataset).await);
    house.store.set_quota("project", Quotas::default()).await.unwrap();

    // What is kept free is what the result takes.
    for full_outputs in [false, true] {
        let options = TaskOptions { full_outputs, ..TaskOptions::default() };
        let task = house.submit_with(TaskKind::Request, cluster, dataset, options).await.unwrap();
        let ended = house.wait(cluster, task).await.task;
        let (result, _) = house.store.result(&house.access, task).await.unwrap();
        assert_eq!(result.bytes, ended.result_bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_that_would_exceed_the_quota_ends_and_tells_why() {
    let (house, cluster) = full_house().await;
    house.store.set_quota("project", Quotas::default()).await.unwrap();
    let long = house.images(100_000).await;
    house.submit(TaskKind::Train, cluster, long).await.unwrap();
    let save = house.engine.save_cluster(&house.access, "backup", cluster).await.unwrap();
    let none = Quotas { checkpoint_bytes: Some(0), ..Quotas::default() };
    house.store.set_quota("project", none).await.unwrap();
    let ended = house.wait(cluster, save.uuid).await.task;
    assert_eq!(ended.state, TaskState::Aborted);
    assert!(ended.error.unwrap().contains("`checkpoint_bytes`"));
    assert!(house.store.checkpoints(&house.access).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dataset_that_becomes_too_large_leaves_no_file() {
    let (house, _) = full_house().await;
    let (images, labels) = crate::support::images(30);
    let files = [
        (hanami_store::FileRole::Input, &images[..]),
        (hanami_store::FileRole::Label, &labels[..]),
    ];
    let (dataset, uuids) = house.declare(hanami_store::DatasetKind::Mnist, &files).await;
    let declared = (images.len() + labels.len()) as u64;
    let tight = Quotas { dataset_bytes: Some(declared), ..Quotas::default() };
    house.store.set_quota("project", tight).await.unwrap();
    assert_exceeded(&house.engine.finish_dataset(&house.access, dataset, &uuids).await);
    assert!(!house.store.dataset_path(dataset).exists());
    house.store.set_quota("project", Quotas::default()).await.unwrap();
    house.engine.finish_dataset(&house.access, dataset, &uuids).await.unwrap();
}
