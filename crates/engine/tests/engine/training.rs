//! Epochs, order, validation and mapping of trainings.

use std::collections::BTreeMap;

use hanami_dataset::Mapping;
use hanami_engine::{EngineError, EngineSettings, TaskOptions, TaskView};
use hanami_network::Network;
use hanami_store::{DatasetKind, FileRole, TaskKind, TaskState, Uuid};

use crate::support::{House, IMAGES, images, sums};

/// Three numbers or categories in, three categories out.
const ROWS: &str = "version: 1
bricks:
    1,1,1
        input: features
        number_of_neurons: 4
    2,1,1
        number_of_neurons: 24
    3,1,1
        output: answer
        number_of_neurons: 3
";

/// Rows whose `kind` follows from `size` and `colour`.
fn kinds(rows: u32) -> String {
    let row = |i: u32| {
        let (size, colour) = (i * 7 % 10, ["red", "green", "blue"][(i * 5 % 3) as usize]);
        let kind = match (colour, size) {
            ("red", _) => "fire",
            (_, 0..5) => "leaf",
            _ => "water",
        };
        format!("{size},{colour},{kind}\n")
    };
    std::iter::once("size,colour,kind\n".to_owned()).chain((0..rows).map(row)).collect()
}

fn row(input: &[&str], output: &[&str]) -> Mapping {
    let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Mapping::Row {
        inputs: BTreeMap::from([("features".to_owned(), columns(input))]),
        outputs: BTreeMap::from([("answer".to_owned(), columns(output))]),
    }
}

async fn train(house: &House, cluster: Uuid, dataset: Uuid, options: &TaskOptions) -> TaskView {
    let task = house.submit_with(TaskKind::Train, cluster, dataset, options.clone()).await.unwrap();
    let view = house.wait(cluster, task).await;
    assert_eq!(view.task.state, TaskState::Finished, "{:?}", view.task.error);
    view
}

fn shuffled(epochs: u32, seed: u64) -> TaskOptions {
    TaskOptions { epochs, shuffle: true, seed, ..TaskOptions::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn epochs_are_the_same_as_trainings_one_after_the_other() {
    let house = House::new().await;
    let dataset = house.images(500).await;
    let one = house.cluster("cluster1", IMAGES).await;
    let epochs = TaskOptions { epochs: 3, ..TaskOptions::default() };
    let view = train(&house, one, dataset, &epochs).await;
    assert_eq!((view.samples, view.task.total, view.epoch), (1500, 1500, Some(3)));
    let other = house.cluster("cluster2", IMAGES).await;
    for _ in 0..3 {
        house.train(other, dataset).await;
    }
    assert!(house.snapshot(one).await == house.snapshot(other).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_bits_and_another_one_does_not() {
    let house = House::new().await;
    let dataset = house.images(500).await;
    let mut snapshots = Vec::new();
    for (name, seed) in [("cluster1", 7), ("cluster2", 7), ("cluster3", 8)] {
        let cluster = house.cluster(name, IMAGES).await;
        train(&house, cluster, dataset, &shuffled(2, seed)).await;
        snapshots.push(house.snapshot(cluster).await);
    }
    assert!(snapshots[0] == snapshots[1]);
    assert!(snapshots[0] != snapshots[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shuffled_training_that_is_interrupted_within_an_epoch_ends_bit_equal() {
    let mut house = House::new().await;
    let dataset = house.images(40_000).await;
    let undisturbed = house.cluster("undisturbed", IMAGES).await;
    let interrupted = house.cluster("interrupted", IMAGES).await;
    let options = TaskOptions { validation_share: 0.1, ..shuffled(3, 5) };
    let expected = train(&house, undisturbed, dataset, &options).await;

    let task = house.submit_with(TaskKind::Train, interrupted, dataset, options).await.unwrap();
    for before in [10_000, 50_000, 100_000] {
        let seen = async |house: &House| {
            house.engine.task(&house.access, interrupted, task).await.unwrap().samples
        };
        while seen(&house).await < before {
            tokio::task::yield_now().await;
        }
        house = house.restart().await;
    }
    let resumed = house.wait(interrupted, task).await;
    assert_eq!((resumed.task.state, resumed.samples), (TaskState::Finished, 108_000));
    assert_eq!(resumed.running_accuracy, expected.running_accuracy);
    assert_eq!(resumed.running_loss, expected.running_loss);
    assert_eq!(resumed.validation, expected.validation);
    assert!(house.snapshot(interrupted).await == house.snapshot(undisturbed).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn validation_reports_each_epoch_and_changes_nothing_that_is_learned() {
    let house = House::new().await;
    let cluster = house.cluster("validated", IMAGES).await;
    let options = TaskOptions { epochs: 2, validation_share: 0.25, ..TaskOptions::default() };
    let view = train(&house, cluster, house.images(800).await, &options).await;
    assert_eq!(view.task.total, 1200);
    let reports: Vec<_> = view.validation.iter().map(|at| (at.epoch, at.samples)).collect();
    assert_eq!(reports, [(1, 200), (2, 200)]);
    for report in view.validation.iter() {
        assert!(report.accuracy.unwrap() > 80.0 && report.loss < 0.1, "{report:?}");
    }
    // The same images as the first three quarters, without a validation.
    let plain = house.cluster("without validation", IMAGES).await;
    let options = TaskOptions { epochs: 2, ..TaskOptions::default() };
    train(&house, plain, house.images(600).await, &options).await;
    assert!(house.snapshot(cluster).await == house.snapshot(plain).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aborted_training_is_validated_as_far_as_it_came() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(100_000).await;
    let options = TaskOptions { epochs: 50, validation_share: 0.01, ..TaskOptions::default() };
    let task = house.submit_with(TaskKind::Train, cluster, dataset, options).await.unwrap();
    let view = async || house.engine.task(&house.access, cluster, task).await.unwrap();
    while view().await.samples < 120_000 {
        tokio::task::yield_now().await;
    }
    house.engine.delete_task(&house.access, cluster, task).await.unwrap();
    let aborted = view().await;
    assert_eq!(aborted.task.state, TaskState::Aborted);
    assert!(aborted.samples < aborted.task.total as u64);
    let epochs: Vec<_> = aborted.validation.iter().map(|report| report.epoch).collect();
    assert_eq!(epochs, (1..=aborted.epoch.unwrap()).collect::<Vec<_>>());
    assert!(aborted.running_accuracy.is_some() && aborted.running_loss.is_some(), "{aborted:?}");
    let steps = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap().steps;
    assert_eq!(steps, aborted.samples);
}

#[tokio::test(flavor = "multi_thread")]
async fn categories_are_learned_and_judged_as_classes() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", ROWS).await;
    let dataset = house.table(&kinds(300)).await;
    let mapping = Some(row(&["size", "colour"], &["kind"]));
    let options = TaskOptions { mapping: mapping.clone(), ..shuffled(20, 1) };
    let trained = train(&house, cluster, dataset, &options).await;
    assert!(trained.running_accuracy.unwrap() > 70.0, "{trained:?}");
    assert!(trained.running_loss.unwrap() < 0.3, "{trained:?}");

    let options = TaskOptions { mapping, ..TaskOptions::default() };
    let request = house.submit_with(TaskKind::Request, cluster, dataset, options).await.unwrap();
    house.wait(cluster, request).await;
    let (result, data) = house.store.result(&house.access, request).await.unwrap();
    assert_eq!((result.column.as_deref(), data.len()), (Some("kind"), 300));
    assert!(data.iter().all(|class| [0.0, 1.0, 2.0].contains(class)));
    let accuracy = house.engine.check(&house.access, request, dataset).await.unwrap().accuracy;
    assert!(accuracy > 90.0, "{accuracy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_is_checked_when_a_task_is_submitted_and_when_it_starts() {
    let house = House::new().await;
    let dataset = house.table(&kinds(50)).await;
    let cluster = house.cluster("cluster", ROWS).await;
    let submit = async |kind, mapping| {
        let options = TaskOptions { mapping: Some(mapping), ..TaskOptions::default() };
        house.submit_with(kind, cluster, dataset, options).await
    };
    for kind in [TaskKind::Train, TaskKind::Request] {
        let refused = submit(kind, row(&["size", "color"], &["kind"])).await;
        assert!(matches!(refused, Err(EngineError::Mapping(_))), "{refused:?}");
        let refused = submit(kind, row(&["size", "colour"], &["size"])).await;
        assert!(matches!(refused, Err(EngineError::Mapping(_))), "{refused:?}");
    }

    // The load that the mapping was checked against is taken back before its turn comes.
    let donor = house.cluster("donor", ROWS).await;
    let checkpoint = house.save(donor).await;
    let busy = house.cluster("busy", IMAGES).await;
    let images = house.images(100_000).await;
    let long = house.submit_long(busy, images).await;
    let load = house.engine.load_cluster(&house.access, checkpoint, busy).await.unwrap().uuid;
    let mapping = Some(row(&["size", "colour"], &["kind"]));
    let options = TaskOptions { mapping, ..TaskOptions::default() };
    let task = house.submit_with(TaskKind::Train, busy, dataset, options).await.unwrap();
    house.engine.delete_task(&house.access, busy, load).await.unwrap();
    house.engine.delete_task(&house.access, busy, long).await.unwrap();
    let ended = house.wait(busy, task).await;
    assert_eq!(ended.task.state, TaskState::Aborted);
    assert!(ended.task.error.unwrap().contains("`features`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn options_that_make_no_sense_are_refused_by_name() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(50).await;
    let plain = TaskOptions::default;
    let cases = [
        (TaskKind::Train, "epochs", TaskOptions { epochs: 0, ..plain() }),
        (TaskKind::Train, "epochs", TaskOptions { epochs: 1001, ..plain() }),
        (TaskKind::Train, "validation_share", TaskOptions { validation_share: 0.51, ..plain() }),
        (TaskKind::Train, "validation_share", TaskOptions { validation_share: -0.1, ..plain() }),
        (TaskKind::Train, "validation_share", TaskOptions { validation_share: 0.01, ..plain() }),
        (
            TaskKind::Train,
            "validation_share",
            TaskOptions { validation_share: f64::NAN, ..plain() },
        ),
        (TaskKind::Train, "full_outputs", TaskOptions { full_outputs: true, ..plain() }),
        (TaskKind::Request, "epochs", TaskOptions { epochs: 2, ..plain() }),
        (TaskKind::Request, "shuffle", TaskOptions { shuffle: true, ..plain() }),
        (TaskKind::Request, "seed", TaskOptions { seed: 1, ..plain() }),
        (TaskKind::Request, "validation_share", TaskOptions { validation_share: 0.1, ..plain() }),
    ];
    for (kind, field, options) in cases {
        let refused = house.submit_with(kind, cluster, dataset, options).await.unwrap_err();
        assert!(
            matches!(&refused, EngineError::Input(reason) if reason.contains(field)),
            "{refused}"
        );
    }
    let mapping = Some(row(&["size"], &["kind"]));
    let options = TaskOptions { mapping, ..plain() };
    let refused = house.submit_with(TaskKind::Train, cluster, dataset, options).await;
    assert!(matches!(refused, Err(EngineError::Mapping(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_a_loss_that_falls() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", crate::support::TABLE).await;
    let dataset = house.table(&sums(400)).await;
    let first = house.train(cluster, dataset).await;
    let later = train(&house, cluster, dataset, &shuffled(10, 0)).await;
    assert_eq!(later.running_accuracy, None);
    assert!(later.running_loss < first.running_loss, "{first:?} {later:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_task_tells_how_long_it_will_take() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(100_000).await;
    let task = house.submit_long(cluster, dataset).await;
    let view = async || house.engine.task(&house.access, cluster, task).await.unwrap();
    let running = loop {
        let view = view().await;
        if view.samples > 0 {
            break view;
        }
    };
    let (pace, left) = (running.samples_per_second.unwrap(), running.seconds_left.unwrap());
    assert!(pace > 0.0 && left > 0.0, "{running:?}");
    let to_do = (running.task.total as u64 - running.samples) as f64;
    assert!((pace * left / to_do - 1.0).abs() < 1e-9);
    house.engine.delete_task(&house.access, cluster, task).await.unwrap();
    let ended = view().await;
    assert_eq!((ended.samples_per_second, ended.seconds_left), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_cluster_comes_to_the_same_bits_whatever_cores_help() {
    let bricks = "    2,1,1
        number_of_neurons: 800
    3,1,1
        number_of_neurons: 800
    4,1,1";
    let large = IMAGES
        .replace("    2,1,1\n        number_of_neurons: 24\n    3,1,1", bricks)
        .replace("bricks:", "settings:\n    growth_patience: 1\nbricks:");
    // What an image shows says nothing of its number.
    let (images, mut labels) = images(1500);
    labels[8..].iter_mut().zip(0..).for_each(|(label, i): (&mut u8, u32)| {
        *label = (i.wrapping_mul(2_654_435_761) >> 16) as u8 % 10;
    });
    let mut snapshots = Vec::new();
    for cores_per_cluster in [1, 2, 3] {
        let settings = EngineSettings { cores: 3, cores_per_cluster, ..Default::default() };
        let house = House::with(settings).await;
        let files = [(FileRole::Input, &images[..]), (FileRole::Label, &labels[..])];
        let dataset = house.upload(DatasetKind::Mnist, &files).await;
        let cluster = house.cluster("large", &large).await;
        train(&house, cluster, dataset, &TaskOptions::default()).await;
        snapshots.push(house.snapshot(cluster).await);
    }
    assert!(snapshots.iter().all(|snapshot| *snapshot == snapshots[0]));
    let mut network = Network::from_bytes(&snapshots[0]).unwrap();
    network.predict(&[100.0; 16], &mut [0.0; 10]).unwrap();
    assert!(network.shareable() > 100_000, "there was something to help with");
}
