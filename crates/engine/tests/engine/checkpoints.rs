use hanami_engine::EngineError;
use hanami_store::{ClusterMode, StoreError, TaskKind, TaskState, Uuid};

use crate::support::{House, IMAGES, TABLE, sums, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_cluster_goes_on_bit_for_bit_as_the_original_did() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(500).await;
    house.train(cluster, dataset).await;
    let saved = house.snapshot(cluster).await;
    let checkpoint = house.save(cluster).await;
    assert!(house.snapshot(cluster).await == saved, "saving changes nothing");
    house.train(cluster, dataset).await;
    let trained = house.snapshot(cluster).await;
    assert!(trained != saved);

    house.load(checkpoint, cluster).await;
    assert!(house.snapshot(cluster).await == saved);
    let steps = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap().steps;
    assert_eq!(steps, 500);
    house.train(cluster, dataset).await;
    assert!(house.snapshot(cluster).await == trained);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_outlives_its_cluster_and_fills_an_empty_one() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(300).await;
    house.train(cluster, dataset).await;
    let checkpoint = house.save(cluster).await;
    let saved = house.snapshot(cluster).await;
    house.engine.delete_cluster(&house.access, cluster).await.unwrap();

    let house = house.restart().await;
    let empty = house.engine.create_cluster(&house.access, "empty", None).await.unwrap().uuid;
    house.load(checkpoint, empty).await;
    assert!(house.snapshot(empty).await == saved);
    let house = house.restart().await;
    house.train(empty, dataset).await;
    let steps = house.engine.cluster(&house.access, empty).await.unwrap().size.unwrap().steps;
    assert_eq!(steps, 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_learned_in_direct_mode_is_in_the_checkpoint() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();
    let mut session = house.engine.connect(&house.access, cluster).await.unwrap();
    for step in 0..50 {
        session.fill("image", true, &[(step % 7) as f32; 16]).unwrap();
        session.fill("digit", true, &[(step % 2) as f32; 10]).unwrap();
        session.train().await.unwrap();
    }
    let save = house.engine.save_cluster(&house.access, "backup", cluster).await;
    assert!(matches!(save, Err(EngineError::Store(StoreError::Conflict { .. }))), "{save:?}");
    house.engine.set_mode(&house.access, cluster, ClusterMode::Task).await.unwrap();
    let checkpoint = house.save(cluster).await;
    let copy = house.engine.create_cluster(&house.access, "copy", None).await.unwrap().uuid;
    house.load(checkpoint, copy).await;
    let steps = house.engine.cluster(&house.access, copy).await.unwrap().size.unwrap().steps;
    assert_eq!(steps, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn saves_loads_and_tasks_run_in_one_order_without_the_checkpoint_that_was_deleted() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(2000).await;
    house.train(cluster, dataset).await;
    let first = house.save(cluster).await;
    let at_first = house.snapshot(cluster).await;

    let train = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    let second = house.engine.save_cluster(&house.access, "second", cluster).await.unwrap().uuid;
    let load = house.engine.load_cluster(&house.access, first, cluster).await.unwrap().uuid;
    house.store.delete_checkpoint(&house.access, first).await.unwrap();
    let third = house.engine.save_cluster(&house.access, "third", cluster).await.unwrap().uuid;
    assert_eq!(house.wait(cluster, third).await.task.state, TaskState::Finished);
    let views = house.engine.tasks(&house.access, cluster).await.unwrap();
    let order: Vec<Uuid> = views.iter().skip(2).map(|view| view.task.uuid).collect();
    assert_eq!(order, [train, second, load, third]);
    assert!(views.iter().all(|view| view.task.state == TaskState::Finished), "{views:?}");

    assert!(house.snapshot(cluster).await == at_first);
    let steps = |checkpoint| house.store.checkpoint(&house.access, checkpoint);
    assert_eq!(steps(second).await.unwrap().steps, 4000);
    assert_eq!(steps(third).await.unwrap().steps, 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_brings_the_template_along() {
    let house = House::new().await;
    let images = house.images(30).await;
    let table = house.table(&sums(30)).await;
    let source = house.cluster("source", TABLE).await;
    let checkpoint = house.save(source).await;
    let target = house.cluster("target", IMAGES).await;
    house.load(checkpoint, target).await;
    house.train(target, table).await;
    let misfit = house.submit(TaskKind::Train, target, images).await;
    assert!(matches!(misfit, Err(EngineError::Mapping(_))), "{misfit:?}");
    let row = house.store.cluster_for_engine(target).await.unwrap();
    assert_eq!(row.template.as_deref(), Some(TABLE));
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_checked_for_the_bricks_that_a_load_before_them_brings() {
    let house = House::new().await;
    let long = house.images(400_000).await;
    let table = house.table(&sums(30)).await;
    let source = house.cluster("source", TABLE).await;
    let checkpoint = house.save(source).await;
    let target = house.cluster("target", IMAGES).await;
    let busy = house.submit(TaskKind::Train, target, long).await.unwrap();
    let load = house.engine.load_cluster(&house.access, checkpoint, target).await.unwrap().uuid;
    let misfit = house.submit(TaskKind::Train, target, long).await;
    assert!(matches!(misfit, Err(EngineError::Mapping(_))), "{misfit:?}");
    let train = house.submit(TaskKind::Train, target, table).await.unwrap();

    // And again when they start: without the load, this one does not fit.
    house.engine.delete_task(&house.access, target, load).await.unwrap();
    house.engine.delete_task(&house.access, target, busy).await.unwrap();
    let failed = house.wait(target, train).await.task;
    assert_eq!(failed.state, TaskState::Aborted);
    let error = failed.error.unwrap();
    assert!(error.contains("image"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_save_and_a_killed_load_are_done_after_the_restart() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(100_000).await;
    let first = house.save(cluster).await;
    let at_first = house.snapshot(cluster).await;
    house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    let save = house.engine.save_cluster(&house.access, "trained", cluster).await.unwrap().uuid;
    let load = house.engine.load_cluster(&house.access, first, cluster).await.unwrap().uuid;
    house.store.delete_checkpoint(&house.access, first).await.unwrap();

    let revived = house.after_kill().await;
    assert_eq!(revived.wait(cluster, load).await.task.state, TaskState::Finished);
    assert_eq!(revived.wait(cluster, save).await.task.state, TaskState::Finished);
    assert!(revived.snapshot(cluster).await == at_first);
    let trained = revived.store.checkpoint(&revived.access, save).await.unwrap();
    assert_eq!(trained.steps, 100_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_checkpoint_is_not_loaded() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let checkpoint = house.save(cluster).await;
    house.train(cluster, house.images(30).await).await;
    let before = house.snapshot(cluster).await;
    let row = house.store.checkpoint(&house.access, checkpoint).await.unwrap();
    let path = house.store.checkpoint_path(&row);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();

    let load = house.engine.load_cluster(&house.access, checkpoint, cluster).await.unwrap().uuid;
    let failed = house.wait(cluster, load).await.task;
    assert_eq!(failed.state, TaskState::Aborted);
    assert!(failed.error.is_some());
    assert!(house.snapshot(cluster).await == before);
    house.train(cluster, house.images(30).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_with_the_network_it_was_opened_to() {
    let house = House::new().await;
    let source = house.cluster("source", TABLE).await;
    let checkpoint = house.save(source).await;
    let target = house.cluster("target", IMAGES).await;
    house.engine.set_mode(&house.access, target, ClusterMode::Direct).await.unwrap();
    let mut session = house.engine.connect(&house.access, target).await.unwrap();
    house.engine.set_mode(&house.access, target, ClusterMode::Task).await.unwrap();
    house.load(checkpoint, target).await;
    house.engine.set_mode(&house.access, target, ClusterMode::Direct).await.unwrap();

    session.fill("image", true, &[1.0; 16]).unwrap();
    session.fill("digit", true, &[1.0; 10]).unwrap();
    let train = session.train().await;
    assert!(matches!(&train, Err(EngineError::Conflict(why)) if why.contains("connect")));
    let request = session.request().await;
    assert!(matches!(&request, Err(EngineError::Conflict(why)) if why.contains("connect")));
    let mut session = house.engine.connect(&house.access, target).await.unwrap();
    session.fill("left", false, &[1.0]).unwrap();
    assert_eq!(session.request().await.unwrap().1.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_cluster_has_nothing_to_save() {
    let house = House::new().await;
    let empty = house.engine.create_cluster(&house.access, "empty", None).await.unwrap().uuid;
    let refused = house.engine.save_cluster(&house.access, "backup", empty).await;
    assert!(matches!(refused, Err(EngineError::Store(StoreError::Conflict { .. }))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_stays_on_the_only_host() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let host = house.engine.hosts()[0].uuid();
    let same = house.engine.switch_host(&house.access, cluster, host).await.unwrap();
    assert_eq!(same.uuid, cluster);
    for (access, host) in [(&house.access, Uuid::from_u128(1)), (&user("mallory"), host)] {
        let refused = house.engine.switch_host(access, cluster, host).await;
        assert!(matches!(refused, Err(EngineError::Store(StoreError::NotFound { .. }))));
    }
}
