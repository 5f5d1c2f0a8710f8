//! Tasks that are followed.

use hanami_engine::EngineError;
use hanami_store::{StoreError, TaskKind, TaskState};

use crate::support::{House, IMAGES, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_followed_from_the_queue_to_its_end() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(100_000).await;
    let before = house.submit_long(cluster, dataset).await;
    let task = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    let mut watch = house.engine.watch_task(&house.access, cluster, task).await.unwrap();
    let first = watch.next().await.unwrap().unwrap();
    let mut seen = vec![(first.task.state, first.samples)];
    house.engine.delete_task(&house.access, cluster, before).await.unwrap();
    while let Some(view) = watch.next().await.unwrap() {
        assert_eq!(view.task.uuid, task);
        seen.push((view.task.state, view.samples));
    }
    assert_eq!(seen[0], (TaskState::Queued, 0));
    assert_eq!(*seen.last().unwrap(), (TaskState::Finished, 100_000));
    assert!(seen.is_sorted_by_key(|(_, samples)| *samples), "{seen:?}");
    assert!(watch.next().await.unwrap().is_none());

    let mut late = house.engine.watch_task(&house.access, cluster, before).await.unwrap();
    assert!(late.next().await.unwrap().unwrap().has_ended());
    assert!(late.next().await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn following_ends_when_the_task_or_its_cluster_is_deleted() {
    let house = House::new().await;
    let dataset = house.images(100_000).await;
    for whole_cluster in [false, true] {
        let cluster = house.cluster("cluster", IMAGES).await;
        house.submit_long(cluster, dataset).await;
        let task = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
        let mut watch = house.engine.watch_task(&house.access, cluster, task).await.unwrap();
        watch.next().await.unwrap().unwrap();
        if whole_cluster {
            house.engine.delete_cluster(&house.access, cluster).await.unwrap();
        } else {
            house.engine.delete_task(&house.access, cluster, task).await.unwrap();
        }
        let gone = watch.next().await;
        let not_found = matches!(gone, Err(EngineError::Store(StoreError::NotFound { .. })));
        assert!(not_found, "{gone:?}");
        if !whole_cluster {
            house.engine.delete_cluster(&house.access, cluster).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_sees_a_task_may_follow_it() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let task = house.submit(TaskKind::Train, cluster, house.images(50).await).await.unwrap();
    let stranger = house.engine.watch_task(&user("bob"), cluster, task).await;
    let not_found = matches!(stranger, Err(EngineError::Store(StoreError::NotFound { .. })));
    assert!(not_found, "{stranger:?}");
}
