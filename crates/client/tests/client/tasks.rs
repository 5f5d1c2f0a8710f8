//! Tasks with options, and tasks that are followed.

use futures_util::TryStreamExt;
use hanami_client::{CreateTask, ErrorCode, TaskState, TaskType, Uuid};

use crate::common::{Site, TEMPLATE};

#[tokio::test]
async fn a_task_of_many_epochs_is_followed_to_its_end() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("tell halves", Some(TEMPLATE)).await.unwrap().uuid;
    let dataset = site.upload_halves("to train on", 400).await;
    let task = CreateTask {
        epochs: Some(5),
        shuffle: Some(true),
        seed: Some(3),
        validation_share: Some(0.25),
        ..CreateTask::new("learn".parse().unwrap(), TaskType::Train, cluster, dataset)
    };
    let task = hanami.create_task_with(&task).await.unwrap().uuid;
    let followed: Vec<_> = hanami.watch(cluster, task).await.unwrap().try_collect().await.unwrap();
    let end = followed.last().unwrap();
    assert_eq!((end.state, end.samples, end.epoch), (TaskState::Finished, 1500, Some(5)));
    assert_eq!(end.validation.len(), 5);
    assert!(end.validation[4].accuracy.unwrap() > 95.0, "{end:?}");
    assert_eq!(*end, hanami.task(cluster, task).await.unwrap());
    site.stop().await;
}

#[tokio::test]
async fn a_task_that_is_deleted_ends_its_stream_with_an_error() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("tell halves", Some(TEMPLATE)).await.unwrap().uuid;
    let dataset = site.upload_halves("to train on", 10_000).await;
    let name = || "learn".parse().unwrap();
    let long = CreateTask {
        epochs: Some(1000),
        ..CreateTask::new(name(), TaskType::Train, cluster, dataset)
    };
    let long = hanami.create_task_with(&long).await.unwrap().uuid;
    let waiting = hanami.create_task("wait", TaskType::Train, cluster, dataset).await.unwrap().uuid;
    let mut followed = hanami.watch(cluster, waiting).await.unwrap();
    assert_eq!(followed.try_next().await.unwrap().unwrap().state, TaskState::Queued);
    hanami.delete_task(cluster, waiting).await.unwrap();
    let error = followed.try_next().await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NotFound), "{error}");
    hanami.delete_task(cluster, long).await.unwrap();

    let nowhere = hanami.watch(cluster, Uuid::nil()).await.err().unwrap();
    assert_eq!(nowhere.code(), Some(ErrorCode::NotFound));
    site.stop().await;
}
