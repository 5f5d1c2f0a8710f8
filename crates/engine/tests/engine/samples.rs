//! Predicting and learning by single calls, without a connection.

use std::collections::BTreeMap;

use hanami_engine::{BrickValues, EngineError, EngineSettings, TaskOptions};
use hanami_network::Network;
use hanami_store::{ClusterMode, StoreError, TaskKind, TaskState, Uuid, Visibility};

use crate::support::{House, IMAGES, TABLE, images, user};

/// Something that no sample of the datasets here says.
fn lesson(index: usize) -> (Vec<f32>, Vec<f32>) {
    let mut target = vec![0.0; 10];
    target[index % 10] = 1.0;
    (vec![(index % 50) as f32; 16], target)
}

fn lessons(count: usize) -> (BrickValues, BrickValues) {
    let (inputs, targets) = (0..count).map(lesson).unzip();
    (BrickValues::Only(inputs), BrickValues::Only(targets))
}

async fn learn(house: &House, cluster: Uuid, count: usize) -> Result<u64, EngineError> {
    let (inputs, targets) = lessons(count);
    house.engine.learn(&house.access, cluster, inputs, targets).await
}

/// The bits of the answers to a few samples.
async fn ask(house: &House, cluster: Uuid) -> Vec<u32> {
    let inputs = (0..7).map(|index| lesson(index).0).collect();
    let predicted = house.engine.predict(&house.access, cluster, BrickValues::Only(inputs)).await;
    let predicted = predicted.unwrap();
    let mut bricks = predicted.bricks();
    let (name, rows) = bricks.next().unwrap();
    assert_eq!((name, rows.len(), bricks.next().is_none()), ("digit", 7, true));
    rows.concat().into_iter().map(f32::to_bits).collect()
}

/// A network that learns image `index` of the data that [`images`] makes.
fn train(network: &mut Network, (pixels, labels): &(Vec<u8>, Vec<u8>), index: usize) {
    let input: Vec<f32> = pixels[16 + index * 16..][..16].iter().map(|&p| f32::from(p)).collect();
    let mut target = [0.0; 10];
    target[usize::from(labels[8 + index])] = 1.0;
    network.train(&input, &target, &mut [0.0; 10]).unwrap();
}

fn named<const N: usize>(values: [(&str, &[&[f32]]); N]) -> BrickValues {
    let rows = |rows: &[&[f32]]| rows.iter().map(|row| row.to_vec()).collect();
    BrickValues::Named(values.map(|(name, values)| (name.to_owned(), rows(values))).into())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_call_taught_survives_a_kill_in_either_mode() {
    for mode in [ClusterMode::Task, ClusterMode::Direct] {
        let house = House::new().await;
        let cluster = house.cluster("cluster", IMAGES).await;
        house.engine.set_mode(&house.access, cluster, mode).await.unwrap();
        assert_eq!(learn(&house, cluster, 300).await.unwrap(), 300);
        assert_eq!(learn(&house, cluster, 1).await.unwrap(), 301);
        let revived = house.after_kill().await;
        assert_eq!(ask(&revived, cluster).await, ask(&house, cluster).await);
        learn(&house, cluster, 20).await.unwrap();
        learn(&revived, cluster, 20).await.unwrap();
        assert_eq!(ask(&revived, cluster).await, ask(&house, cluster).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_teaches_what_its_samples_teach_one_by_one_and_over_a_connection() {
    let house = House::new().await;
    let [list, single, direct] = [
        house.cluster("list", IMAGES).await,
        house.cluster("single", IMAGES).await,
        house.cluster("direct", IMAGES).await,
    ];
    learn(&house, list, 200).await.unwrap();
    house.engine.set_mode(&house.access, direct, ClusterMode::Direct).await.unwrap();
    let mut session = house.engine.connect(&house.access, direct).await.unwrap();
    for (input, target) in (0..200).map(lesson) {
        session.fill("image", true, &input).unwrap();
        session.fill("digit", true, &target).unwrap();
        session.train().await.unwrap();
        let (input, target) = (BrickValues::Only(vec![input]), BrickValues::Only(vec![target]));
        house.engine.learn(&house.access, single, input, target).await.unwrap();
    }
    let answers = ask(&house, list).await;
    assert_eq!(ask(&house, single).await, answers);
    assert_eq!(ask(&house, direct).await, answers);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_learned_during_a_training_is_saved_with_the_trainings_position() {
    let count = 100_000;
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let mut expected = Network::from_bytes(&house.snapshot(cluster).await).unwrap();
    let dataset = house.images(count as u32).await;
    let task = house.submit(TaskKind::Train, cluster, dataset).await.unwrap();
    house.underway(cluster, task).await;
    learn(&house, cluster, 1).await.unwrap();
    ask(&house, cluster).await;

    // What a kill would leave: the training saves itself only every 30 seconds.
    let saved = house.snapshot(cluster).await;
    let row = house.store.task(&house.access, cluster, task).await.unwrap();
    assert_eq!(row.state, TaskState::Active);
    let position = row.position as usize;
    assert!(position > 0);
    let data = images(count as u32);
    (0..position).for_each(|index| train(&mut expected, &data, index));
    let (input, target) = lesson(0);
    expected.train(&input, &target, &mut [0.0; 10]).unwrap();
    assert!(saved == expected.to_bytes(), "at {position}");

    let house = house.restart().await;
    assert_eq!(house.wait(cluster, task).await.task.state, TaskState::Finished);
    (position..count).for_each(|index| train(&mut expected, &data, index));
    assert!(house.snapshot(cluster).await == expected.to_bytes(), "at the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_learned_between_epochs_is_saved_with_their_reports() {
    let (epochs, lessons) = (4, 5);
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(30_000).await;
    let options =
        TaskOptions { epochs, shuffle: true, validation_share: 0.2, ..TaskOptions::default() };
    let task = house.submit_with(TaskKind::Train, cluster, dataset, options).await.unwrap();
    let view = async |house: &House| house.engine.task(&house.access, cluster, task).await.unwrap();
    while view(&house).await.validation.is_empty() {
        tokio::task::yield_now().await;
    }
    learn(&house, cluster, lessons).await.unwrap();

    let row = house.store.task(&house.access, cluster, task).await.unwrap();
    assert_eq!(row.state, TaskState::Active);
    let saved = Network::from_bytes(&house.snapshot(cluster).await).unwrap();
    assert_eq!(saved.steps(), row.position as u64 + lessons as u64);
    let notes: serde_json::Value = serde_json::from_str(&row.notes.unwrap()).unwrap();
    assert!(!notes["validation"].as_array().unwrap().is_empty(), "{notes}");

    let house = house.restart().await;
    let ended = house.wait(cluster, task).await;
    let reports: Vec<u32> = ended.validation.iter().map(|report| report.epoch).collect();
    assert_eq!(reports, (1..=epochs).collect::<Vec<_>>());
    let size = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap();
    assert_eq!(size.steps, ended.samples + lessons as u64);
    assert_eq!(ended.samples, ended.task.total as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_goes_on_from_the_disk_when_what_was_learned_beside_it_cannot_be_saved() {
    let house = House::new().await;
    let undisturbed = house.cluster("undisturbed", IMAGES).await;
    let disturbed = house.cluster("disturbed", IMAGES).await;
    let dataset = house.images(100_000).await;
    house.train(undisturbed, dataset).await;

    let task = house.submit(TaskKind::Train, disturbed, dataset).await.unwrap();
    house.underway(disturbed, task).await;
    let refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON clusters BEGIN
        SELECT RAISE(ABORT, 'refused'); END";
    house.execute(refuse).await;
    let refused = learn(&house, disturbed, 1).await;
    assert!(matches!(refused, Err(EngineError::Store(StoreError::Database(_)))), "{refused:?}");
    house.execute("DROP TRIGGER refuse").await;
    assert_eq!(house.wait(disturbed, task).await.task.state, TaskState::Finished);
    assert!(house.snapshot(disturbed).await == house.snapshot(undisturbed).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn bricks_are_filled_by_name_and_what_is_left_out_is_not_known() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", TABLE).await;
    let inputs = named([("left", &[&[1.0], &[2.0]]), ("right", &[&[3.0], &[4.0]])]);
    let outputs = BrickValues::Only(vec![vec![4.0], vec![6.0]]);
    assert_eq!(house.engine.learn(&house.access, cluster, inputs, outputs).await.unwrap(), 2);
    let answer = async |values| {
        let predicted = house.engine.predict(&house.access, cluster, values).await.unwrap();
        predicted.bricks().next().unwrap().1[0][0].to_bits()
    };
    let without = answer(named([("left", &[&[1.0]])])).await;
    assert_eq!(answer(named([("left", &[&[1.0]]), ("right", &[&[f32::NAN]])])).await, without);
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_that_do_not_fit_are_refused_by_brick_and_place_and_nothing_is_learned() {
    let house = House::with(EngineSettings { sample_limit: 3, ..Default::default() }).await;
    let cluster = house.cluster("cluster", TABLE).await;
    let wear = || BrickValues::Only(vec![vec![1.0]]);
    for (inputs, outputs, told) in [
        (wear(), wear(), "2 input bricks"),
        (
            named([("up", &[&[1.0]])]),
            wear(),
            "no input brick \"up\"; the input bricks are \"left\"",
        ),
        (named([("sum", &[&[1.0]])]), wear(), "no input brick \"sum\""),
        (
            named([("left", &[&[1.0], &[1.0, 2.0]])]),
            wear(),
            "\"left\" takes 1 values, but sample 1",
        ),
        (named([("left", &[&[1.0], &[1.0]]), ("right", &[&[1.0]])]), wear(), "2 samples"),
        (named([("left", &[&[1.0], &[1.0]])]), wear(), "2 samples were sent with inputs, but 1"),
        (BrickValues::Named(BTreeMap::new()), wear(), "send values for an input brick"),
        (named([("left", &[&[1.0]])]), named([]), "send values for an output brick"),
    ] {
        let refused = house.engine.learn(&house.access, cluster, inputs, outputs).await;
        let Err(EngineError::Input(message)) = refused else { panic!("{refused:?}") };
        assert!(message.contains(told), "{message}");
    }
    let many = named([("left", &[&[1.0][..]; 4])]);
    let refused = house.engine.predict(&house.access, cluster, many).await;
    assert!(matches!(refused, Err(EngineError::TooLarge(_))), "{refused:?}");
    let size = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap();
    assert_eq!(size.steps, 0);

    let empty = house.engine.create_cluster(&house.access, "empty", None).await.unwrap().uuid;
    let refused = house.engine.predict(&house.access, empty, wear()).await;
    assert!(matches!(refused, Err(EngineError::Conflict(_))), "{refused:?}");
    let refused = house.engine.learn(&house.access, empty, wear(), wear()).await;
    assert!(matches!(refused, Err(EngineError::Conflict(_))), "{refused:?}");
}

/// A small sample may stand for many values: those of the bricks that are left out, and the answers.
#[tokio::test(flavor = "multi_thread")]
async fn samples_of_more_values_than_fit_in_memory_are_refused() {
    const WIDE: u32 = 50_000;
    let house = House::new().await;
    let many = || named([("left", &[&[1.0][..]; 100])]);
    for (name, wide) in [("wide input", "input: right"), ("wide output", "output: sum")] {
        let template = TABLE.replace(
            &format!("{wide}\n        number_of_neurons: 1\n"),
            &format!("{wide}\n        number_of_neurons: {WIDE}\n"),
        );
        let cluster = house.cluster(name, &template).await;
        let refused = house.engine.predict(&house.access, cluster, many()).await;
        let Err(EngineError::TooLarge(told)) = refused else { panic!("{refused:?}") };
        assert!(told.contains("100 samples") && told.contains("send fewer"), "{told}");
        let one = named([("left", &[&[1.0]])]);
        house.engine.predict(&house.access, cluster, one).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_a_cluster_may_ask_it_but_not_teach_it() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let change =
        hanami_store::Change { visibility: Some(Visibility::Shared), ..Default::default() };
    house.store.change_cluster(&house.access, cluster, change).await.unwrap();
    let (inputs, targets) = lessons(1);
    let colleague = user("bob");
    house.engine.predict(&colleague, cluster, inputs.clone()).await.unwrap();
    let refused = house.engine.learn(&colleague, cluster, inputs, targets).await;
    assert!(matches!(refused, Err(EngineError::Store(StoreError::NotFound { .. }))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_told_at_once_and_kept_over_a_restart() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let last_used =
        async |house: &House| house.engine.cluster(&house.access, cluster).await.unwrap().last_used;
    assert_eq!(last_used(&house).await, None, "to look is no use");
    ask(&house, cluster).await;
    let used = last_used(&house).await;
    assert!(used.is_some());
    let house = house.restart().await;
    assert_eq!(last_used(&house).await, used);
}
