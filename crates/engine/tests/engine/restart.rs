use hanami_store::{ClusterMode, TaskKind, TaskState};

use crate::support::{House, IMAGES};

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_training_goes_on_and_ends_bit_equal() {
    let house = House::new().await;
    let images = 100_000;
    let undisturbed = house.cluster("undisturbed", IMAGES).await;
    let interrupted = house.cluster("interrupted", IMAGES).await;
    let dataset = house.images(images).await;
    house.train(undisturbed, dataset).await;

    let task = house.submit(TaskKind::Train, interrupted, dataset).await.unwrap();
    while house.engine.task(&house.access, interrupted, task).await.unwrap().samples == 0 {
        tokio::task::yield_now().await;
    }
    let house = house.restart().await;
    let resumed = house.wait(interrupted, task).await;
    assert_eq!((resumed.task.state, resumed.samples), (TaskState::Finished, u64::from(images)));
    assert!(house.snapshot(interrupted).await == house.snapshot(undisturbed).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_accuracy_goes_on_after_an_interruption() {
    let house = House::new().await;
    let one = house.cluster("undisturbed", IMAGES).await;
    let other = house.cluster("interrupted", IMAGES).await;
    let dataset = house.images(100_000).await;
    let expected = house.train(one, dataset).await.running_accuracy;
    let task = house.submit(TaskKind::Train, other, dataset).await.unwrap();
    while house.engine.task(&house.access, other, task).await.unwrap().samples == 0 {
        tokio::task::yield_now().await;
    }
    let house = house.restart().await;
    assert_eq!(house.wait(other, task).await.running_accuracy, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_a_restart() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(300).await;
    house.train(cluster, dataset).await;
    let request = house.submit(TaskKind::Request, cluster, dataset).await.unwrap();
    house.wait(cluster, request).await;
    let accuracy = house.engine.check(&house.access, request, dataset).await.unwrap();
    let host = house.engine.hosts()[0].uuid();
    let before = house.engine.cluster(&house.access, cluster).await.unwrap().size;
    house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();

    let house = house.restart().await;
    let after = house.engine.cluster(&house.access, cluster).await.unwrap();
    assert_eq!(after.cluster.mode, ClusterMode::Direct);
    assert_eq!(after.size.map(|size| size.synapses), before.map(|size| size.synapses));
    assert_eq!(house.engine.check(&house.access, request, dataset).await.unwrap(), accuracy);
    assert_eq!(house.engine.hosts()[0].uuid(), host);
    assert_eq!(house.engine.tasks(&house.access, cluster).await.unwrap().len(), 2);
}
