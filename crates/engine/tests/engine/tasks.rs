use hanami_engine::{EngineError, EngineSettings};
use hanami_network::Network;
use hanami_store::{StoreError, TaskKind, TaskState};

use crate::support::{House, IMAGES, TABLE, sums, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_trained_cluster_answers_right() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(600).await;
    let trained = house.train(cluster, dataset).await;
    assert_eq!(trained.samples, 600);
    assert!(trained.running_accuracy.unwrap() > 80.0, "{trained:?}");
    assert!(trained.task.started_at >= Some(trained.task.queued_at));
    assert!(trained.task.ended_at >= trained.task.started_at);

    let request = house.submit(TaskKind::Request, cluster, dataset).await.unwrap();
    assert_eq!(house.wait(cluster, request).await.task.state, TaskState::Finished);
    let (result, data) = house.store.result(&house.access, request).await.unwrap();
    assert_eq!((result.name.as_str(), data.len()), ("work", 600));
    let accuracy = house.engine.check(&house.access, request, dataset).await.unwrap().accuracy;
    assert!(accuracy > 98.0, "{accuracy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_learned_and_answered_row_by_row() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", TABLE).await;
    let dataset = house.table(&sums(400)).await;
    for _ in 0..10 {
        let trained = house.train(cluster, dataset).await;
        assert_eq!(trained.running_accuracy, None, "nothing is right or wrong in a table");
    }
    let request = house.submit(TaskKind::Request, cluster, dataset).await.unwrap();
    house.wait(cluster, request).await;
    let (result, data) = house.store.result(&house.access, request).await.unwrap();
    assert_eq!((result.column.as_deref(), data.len()), (Some("sum"), 400));
    let error = |(i, value): (usize, &f64)| (value - (i * 7 % 10 + i * 3 % 8) as f64).abs();
    let mean = data.iter().enumerate().map(error).sum::<f64>() / 400.0;
    assert!(mean < 1.0, "mean error {mean}");
    assert!(house.engine.check(&house.access, request, dataset).await.unwrap().accuracy > 50.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_of_a_cluster_run_in_order() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(3000).await;
    let mut tasks = Vec::new();
    for kind in [TaskKind::Train, TaskKind::Request, TaskKind::Train, TaskKind::Request] {
        tasks.push(house.submit(kind, cluster, dataset).await.unwrap());
    }
    house.wait(cluster, tasks[3]).await;
    let views = house.engine.tasks(&house.access, cluster).await.unwrap();
    assert_eq!(views.iter().map(|view| view.task.uuid).collect::<Vec<_>>(), tasks);
    for pair in views.windows(2) {
        assert!(pair[0].task.ended_at <= pair[1].task.started_at, "{pair:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aborted_training_ends_at_a_whole_step_and_the_queue_goes_on() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let long = house.images(400_000).await;
    let short = house.images(30).await;
    let task = house.submit(TaskKind::Train, cluster, long).await.unwrap();
    let next = house.submit(TaskKind::Train, cluster, short).await.unwrap();
    while house.engine.task(&house.access, cluster, task).await.unwrap().samples == 0 {
        tokio::task::yield_now().await;
    }
    house.engine.delete_task(&house.access, cluster, task).await.unwrap();

    let aborted = house.engine.task(&house.access, cluster, task).await.unwrap();
    assert_eq!((aborted.task.state, aborted.task.error.clone()), (TaskState::Aborted, None));
    assert!((1..400_000).contains(&aborted.samples), "{aborted:?}");
    assert_eq!(house.wait(cluster, next).await.task.state, TaskState::Finished);
    let steps = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap().steps;
    assert_eq!(steps, aborted.samples + 30);

    house.engine.delete_task(&house.access, cluster, task).await.unwrap();
    let gone = house.engine.task(&house.access, cluster, task).await;
    assert!(matches!(gone, Err(EngineError::Store(StoreError::NotFound { .. }))), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_a_spiking_cluster_follows_the_rows_as_training_does() {
    let house = House::new().await;
    let spiking = "settings:\n    neuron_cooldown: 2\n    refractory_time: 3\nbricks:";
    let cluster = house.cluster("cluster", &TABLE.replace("bricks:", spiking)).await;
    let dataset = house.table(&sums(200)).await;
    house.train(cluster, dataset).await;
    let request = house.submit(TaskKind::Request, cluster, dataset).await.unwrap();
    house.wait(cluster, request).await;
    let (_, data) = house.store.result(&house.access, request).await.unwrap();

    let mut network = Network::from_bytes(&house.snapshot(cluster).await).unwrap();
    let mut course = network.course();
    let mut alone = Vec::new();
    for (i, answer) in (0..200u8).zip(&data) {
        let input = [f32::from(u16::from(i) * 7 % 10), f32::from(u16::from(i) * 3 % 8)];
        let mut output = [0.0];
        network.predict(&input, &mut output).unwrap();
        alone.push(f64::from(output[0]));
        network.predict_next(&mut course, &input, &mut output).unwrap();
        assert_eq!(f64::from(output[0]), *answer, "row {i}");
    }
    assert_ne!(alone, data, "each row alone is another question");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_gets_its_turn_while_another_cluster_trains_on_the_only_core() {
    let house = House::with(EngineSettings { cores: 1, ..EngineSettings::default() }).await;
    let busy = house.cluster("busy", IMAGES).await;
    let other = house.cluster("other", IMAGES).await;
    let long = house.images(400_000).await;
    let short = house.images(300).await;
    let training = house.submit(TaskKind::Train, busy, long).await.unwrap();
    house.train(other, short).await;
    let still = house.engine.task(&house.access, busy, training).await.unwrap();
    assert_eq!(still.task.state, TaskState::Active, "the short task waited for the long one");
    house.engine.delete_task(&house.access, busy, training).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_before_it_is_queued() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let empty = house.engine.create_cluster(&house.access, "empty", None).await.unwrap().uuid;
    let table = house.table(&sums(5)).await;
    let images = house.images(5).await;

    let mismatch = house.submit(TaskKind::Train, cluster, table).await;
    assert!(matches!(mismatch, Err(EngineError::Mapping(_))), "{mismatch:?}");
    let nothing = house.submit(TaskKind::Train, empty, images).await;
    assert!(matches!(nothing, Err(EngineError::Conflict(_))), "{nothing:?}");
    assert_eq!(house.engine.cluster(&house.access, cluster).await.unwrap().open_tasks, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_takes_no_more() {
    let settings = EngineSettings { queue_limit: 2, ..EngineSettings::default() };
    let house = House::with(settings).await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(400_000).await;
    let first = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    let third = house.submit(TaskKind::Train, cluster, dataset).await;
    assert!(matches!(third, Err(EngineError::Store(StoreError::TooMany { .. }))), "{third:?}");
    house.engine.delete_task(&house.access, cluster, first).await.unwrap();
    house.submit(TaskKind::Request, cluster, dataset).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn others_can_neither_see_nor_stop_a_task() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(100_000).await;
    let task = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    let stranger = user("mallory");
    assert!(house.engine.task(&stranger, cluster, task).await.is_err());
    assert!(house.engine.delete_task(&stranger, cluster, task).await.is_err());
    assert!(house.engine.delete_cluster(&stranger, cluster).await.is_err());
    assert_eq!(house.wait(cluster, task).await.task.state, TaskState::Finished);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_more_rows_than_a_result_may_hold_is_refused() {
    let house = House::with(EngineSettings { result_limit: 29, ..Default::default() }).await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(30).await;
    let refused = house.submit(TaskKind::Request, cluster, dataset).await;
    assert!(matches!(refused, Err(EngineError::TooLarge(_))), "{refused:?}");
    house.train(cluster, dataset).await;
}
