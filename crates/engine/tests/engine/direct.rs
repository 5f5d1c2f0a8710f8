use std::path::Path;

use hanami_disk::simulated::SimulatedDisk;
use hanami_engine::{DirectSession, Engine, EngineError, EngineSettings};
use hanami_store::{ClusterMode, Quotas, Store, StoreError, Uuid};
use tempfile::TempDir;

use crate::support::{House, IMAGES, TABLE, user};

async fn direct(house: &House, template: &str) -> (Uuid, DirectSession) {
    let cluster = house.cluster("cluster", template).await;
    house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();
    (cluster, house.engine.connect(&house.access, cluster).await.unwrap())
}

/// Learns that `left + right = sum` for a few values.
async fn teach_sums(session: &mut DirectSession, steps: usize) {
    for step in 0..steps {
        let (left, right) = ((step * 7 % 10) as f32, (step * 3 % 8) as f32);
        session.fill("left", true, &[left]).unwrap();
        session.fill("right", true, &[right]).unwrap();
        session.fill("sum", true, &[left + right]).unwrap();
        session.train().await.unwrap();
    }
}

async fn ask(session: &mut DirectSession, left: f32, right: f32) -> f32 {
    session.fill("left", false, &[left]).unwrap();
    session.fill("right", false, &[right]).unwrap();
    session.request().await.unwrap().1[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taught_sample_by_sample_is_answered() {
    let house = House::new().await;
    let (_, mut session) = direct(&house, TABLE).await;
    teach_sums(&mut session, 2000).await;
    let answer = ask(&mut session, 5.0, 4.0).await;
    assert!((answer - 9.0).abs() < 1.5, "{answer}");
    session.fill("left", false, &[5.0]).unwrap();
    assert_eq!(session.request().await.unwrap().0, "sum");
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_steps_survive_a_kill() {
    let house = House::new().await;
    let (cluster, mut session) = direct(&house, TABLE).await;
    teach_sums(&mut session, 300).await;
    let before = ask(&mut session, 3.0, 4.0).await;

    let revived = house.after_kill().await;
    let mut again = revived.engine.connect(&revived.access, cluster).await.unwrap();
    assert_eq!(ask(&mut again, 3.0, 4.0).await.to_bits(), before.to_bits());
    teach_sums(&mut again, 50).await;
    teach_sums(&mut session, 50).await;
    let (continued, uninterrupted) =
        (ask(&mut again, 1.0, 1.0).await, ask(&mut session, 1.0, 1.0).await);
    assert_eq!(continued.to_bits(), uninterrupted.to_bits());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_journal_is_folded_into_a_snapshot_without_changing_anything() {
    let folding = House::with(EngineSettings { journal_limit: 500, ..Default::default() }).await;
    let keeping = House::new().await;
    let (cluster, mut one) = direct(&folding, TABLE).await;
    let (_, mut other) = direct(&keeping, TABLE).await;
    teach_sums(&mut one, 200).await;
    teach_sums(&mut other, 200).await;
    let expected = ask(&mut other, 2.0, 6.0).await.to_bits();
    assert_eq!(ask(&mut one, 2.0, 6.0).await.to_bits(), expected);
    assert!(folding.store.cluster_for_engine(cluster).await.unwrap().steps > 100);

    let revived = folding.after_kill().await;
    let mut again = revived.engine.connect(&revived.access, cluster).await.unwrap();
    assert_eq!(ask(&mut again, 2.0, 6.0).await.to_bits(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_change_nothing() {
    let house = House::new().await;
    let (_, mut session) = direct(&house, TABLE).await;
    teach_sums(&mut session, 100).await;
    let first = ask(&mut session, 4.0, 4.0).await;
    for value in 0..50 {
        ask(&mut session, value as f32, -1e6).await;
    }
    assert_eq!(ask(&mut session, 4.0, 4.0).await.to_bits(), first.to_bits());
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_values_are_refused_by_name_and_nothing_is_learned() {
    let house = House::new().await;
    let (cluster, mut session) = direct(&house, IMAGES).await;
    let refused = |result: Result<(), EngineError>, words: &str| {
        let Err(EngineError::Input(message)) = result else { panic!("{result:?}") };
        assert!(message.contains(words), "{message}");
    };
    refused(session.fill("picture", false, &[0.0; 16]), "\"image\"");
    refused(session.fill("image", false, &[0.0; 15]), "takes 16 values, but 15");
    let mut values = [1.0; 16];
    values[7] = f32::NAN;
    refused(session.fill("image", false, &values), "value 7");
    values[7] = f32::INFINITY;
    refused(session.fill("image", false, &values), "value 7");
    refused(session.fill("digit", false, &[0.0; 10]), "output");
    refused(session.train().await, "image");
    session.fill("image", true, &[1.0; 16]).unwrap();
    refused(session.train().await, "digit");
    let size = house.engine.cluster(&house.access, cluster).await.unwrap().size.unwrap();
    assert_eq!(size.steps, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_connections_need_direct_mode() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", TABLE).await;
    let refused = house.engine.connect(&house.access, cluster).await;
    assert!(matches!(refused, Err(EngineError::Conflict(_))));

    house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();
    let mut session = house.engine.connect(&house.access, cluster).await.unwrap();
    house.engine.set_mode(&house.access, cluster, ClusterMode::Task).await.unwrap();
    session.fill("left", false, &[1.0]).unwrap();
    let late = session.request().await;
    assert!(matches!(late, Err(EngineError::Conflict(_))), "the mode changed in between");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_full_disk_copies_on_write_a_journal_is_read_and_nothing_is_taught() {
    let dir = TempDir::new().unwrap();
    let access = user("alice");
    let disk = SimulatedDisk::new(1);
    let (store, engine) = open_on(&disk, dir.path()).await;
    let house = House { dir, store, engine, access };
    let (cluster, mut session) = direct(&house, TABLE).await;
    teach_sums(&mut session, 50).await;
    let before = ask(&mut session, 3.0, 4.0).await;
    drop(session);
    let House { dir, access, .. } = house;

    let disk = disk.after_kill();
    disk.set_copy_on_write(true);
    disk.set_capacity(Some(disk.used()));
    let (store, engine) = open_on(&disk, dir.path()).await;
    let mut session = engine.connect(&access, cluster).await.unwrap();
    assert_eq!(ask(&mut session, 3.0, 4.0).await.to_bits(), before.to_bits());
    for brick in ["left", "right", "sum"] {
        session.fill(brick, true, &[1.0]).unwrap();
    }
    let refused = session.train().await.unwrap_err();
    assert!(matches!(refused, EngineError::Store(StoreError::Full)), "{refused}");
    assert_eq!(ask(&mut session, 3.0, 4.0).await.to_bits(), before.to_bits());

    disk.set_capacity(None);
    teach_sums(&mut session, 50).await;
    let after = ask(&mut session, 3.0, 4.0).await;
    drop((session, engine, store));
    let (_store, engine) = open_on(&disk.after_kill(), dir.path()).await;
    let mut session = engine.connect(&access, cluster).await.unwrap();
    assert_eq!(ask(&mut session, 3.0, 4.0).await.to_bits(), after.to_bits());
}

/// Opens a store, with its files on a simulated disk, and an engine.
async fn open_on(disk: &SimulatedDisk, path: &Path) -> (Store, Engine) {
    let store = Store::open_on(disk.disk(), path, Quotas::UNLIMITED, 0).await.unwrap();
    let engine = Engine::start(store.clone(), EngineSettings::default()).await.unwrap();
    (store, engine)
}
