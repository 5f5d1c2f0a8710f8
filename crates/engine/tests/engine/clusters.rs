use hanami_engine::EngineError;
use hanami_store::{ClusterMode, StoreError, TaskKind};

use crate::support::{House, IMAGES, TABLE};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_cluster_is_empty_and_grows_by_training() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let before = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap();
    assert_eq!((before.steps, before.synapses), (0, 0));
    let dataset = house.images(300).await;
    house.train(cluster, dataset).await;
    let after = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap();
    assert_eq!(after.steps, 300);
    assert!(after.synapses > 0 && after.bytes > before.bytes, "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brick_that_leads_nowhere_is_checked_and_shown_as_not_grown() {
    let house = House::new().await;
    let apart = format!("{TABLE}    50,50,50\n        number_of_neurons: 9\n");
    let mistake = house.engine.check_template(apart).await.unwrap().unwrap_err();
    assert!(mistake.to_string().contains("touches no other brick"), "{mistake}");
    let template = format!("{TABLE}    1,3,1\n        number_of_neurons: 9\n");
    let checked = house.engine.check_template(template.clone()).await.unwrap().unwrap();
    assert_eq!(checked.hears, [vec![], vec![], vec![0, 1], vec![2], vec![]]);
    let cluster = house.cluster("cluster", &template).await;
    let view = house.engine.cluster(&house.access, cluster).await.unwrap();
    let neurons: Vec<_> = view.bricks.iter().map(|brick| brick.neurons).collect();
    assert_eq!((neurons, view.size.unwrap().neurons), (vec![1, 1, 16, 1, 0], 19));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_template_makes_no_cluster_and_says_where_it_is_bad() {
    let house = House::new().await;
    let bad = IMAGES.replace("number_of_neurons: 24", "number_of_neurons: many");
    let error =
        house.engine.create_cluster(&house.access, "cluster", Some(&bad)).await.unwrap_err();
    assert!(matches!(error, EngineError::Template(_)));
    let text = error.to_string();
    assert!(text.contains("many") && text.contains('^'), "{text}");
    assert!(house.store.clusters(&house.access).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_cluster_stops_its_training_and_keeps_its_results() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let short = house.images(30).await;
    let long = house.images(400_000).await;
    let request = house.submit(TaskKind::Request, cluster, short).await.unwrap();
    house.wait(cluster, request).await;
    house.submit(TaskKind::Train, cluster, long).await.unwrap();
    house.submit(TaskKind::Train, cluster, long).await.unwrap();

    house.engine.delete_cluster(&house.access, cluster).await.unwrap();
    let gone = house.engine.cluster(&house.access, cluster).await.unwrap_err();
    assert!(matches!(gone, EngineError::Store(StoreError::NotFound { .. })), "{gone}");
    assert_eq!(house.store.result(&house.access, request).await.unwrap().1.len(), 30);
    // The datasets are free again once no task reads them.
    house.store.delete_dataset(&house.access, long).await.unwrap();
    house.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mode_changes_only_while_the_queue_is_empty() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(400_000).await;
    let task = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    let early = house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await;
    assert!(matches!(early, Err(EngineError::Store(StoreError::Conflict { .. }))), "{early:?}");

    house.engine.delete_task(&house.access, cluster, task).await.unwrap();
    house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();
    let queued = house.submit(TaskKind::Train, cluster, dataset).await;
    assert!(matches!(queued, Err(EngineError::Store(StoreError::Conflict { .. }))), "{queued:?}");
    house.engine.set_mode(&house.access, cluster, ClusterMode::Task).await.unwrap();
    assert!(house.submit(TaskKind::Request, cluster, dataset).await.is_ok());
}
