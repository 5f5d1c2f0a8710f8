//! Networks that leave memory to make room for others, and come back as they were.

use hanami_engine::{BrickValues, DirectSession, EngineNumbers, EngineSettings};
use hanami_store::{ClusterMode, TaskKind, TaskState, Uuid};

use crate::support::{House, IMAGES, TABLE};

/// A house in which each network that is used drives all others out of memory.
async fn crowded() -> House {
    House::with(EngineSettings { network_memory: 1, ..EngineSettings::default() }).await
}

/// Samples for [`IMAGES`] that no dataset here holds.
fn samples(from: usize, count: usize) -> (BrickValues, BrickValues) {
    let input = |index: usize| vec![(index * 7 % 50) as f32; 16];
    let target = |index: usize| (0..10).map(|class| f32::from(class == index % 10)).collect();
    let numbers = from..from + count;
    let inputs = numbers.clone().map(input).collect();
    (BrickValues::Only(inputs), BrickValues::Only(numbers.map(target).collect()))
}

async fn teach(house: &House, cluster: Uuid, from: usize, count: usize) {
    let (inputs, targets) = samples(from, count);
    house.engine.learn(&house.access, cluster, inputs, targets).await.unwrap();
}

/// The bits of the answers to a few samples.
async fn ask(house: &House, cluster: Uuid) -> Vec<u32> {
    let (inputs, _) = samples(3, 5);
    let prediction = house.engine.predict(&house.access, cluster, inputs).await.unwrap();
    let mut bricks = prediction.bricks();
    bricks.next().unwrap().1.concat().into_iter().map(f32::to_bits).collect()
}

/// What is shown of a cluster, measurements included.
async fn look(house: &House, cluster: Uuid) -> String {
    let view = house.engine.cluster(&house.access, cluster).await.unwrap();
    let bricks = view.bricks.iter().map(|brick| {
        let grown = (brick.neurons, brick.sections, brick.synapses);
        format!("{grown:?} {:?} {:?}\n", brick.activity, brick.error)
    });
    bricks.collect()
}

fn numbers(house: &House) -> EngineNumbers {
    house.engine.numbers()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_was_away_goes_on_as_one_that_never_was() {
    let (crowded, roomy) = (crowded().await, House::new().await);
    let mut clusters = Vec::new();
    for house in [&crowded, &roomy] {
        let pair = [house.cluster("one", IMAGES).await, house.cluster("other", IMAGES).await];
        clusters.push((house, pair, house.images(200).await));
    }
    for round in 0..4 {
        let mut seen = Vec::new();
        for (house, [one, other], dataset) in &clusters {
            teach(house, *one, round * 30, 30).await;
            house.train(*other, *dataset).await;
            teach(house, *other, round * 20, 20).await;
            let shown = [look(house, *one).await, look(house, *other).await];
            seen.push((ask(house, *one).await, ask(house, *other).await, shown));
        }
        assert_eq!(seen[0], seen[1], "round {round}");
    }
    for place in [0, 1] {
        let mut snapshots = Vec::new();
        for (house, pair, _) in &clusters {
            house.save(pair[place]).await;
            snapshots.push(house.snapshot(pair[place]).await);
        }
        assert!(snapshots[0] == snapshots[1]);
    }
    // The runner of the last task may still have been at work when room was wanted.
    for _ in 0..1000 {
        if numbers(&crowded).resident_clusters == 1 {
            break;
        }
        for cluster in clusters[0].1 {
            ask(&crowded, cluster).await;
        }
    }
    let (crowded, roomy) = (numbers(&crowded), numbers(&roomy));
    assert_eq!((roomy.network_evictions, roomy.resident_clusters), (0, 2));
    assert!(crowded.network_evictions >= 8 && crowded.resident_clusters == 1, "{crowded:?}");
}

async fn connect(house: &House, name: &str) -> DirectSession {
    let cluster = house.cluster(name, TABLE).await;
    house.engine.set_mode(&house.access, cluster, ClusterMode::Direct).await.unwrap();
    house.engine.connect(&house.access, cluster).await.unwrap()
}

/// Teaches a sum, and asks for another.
async fn step(session: &mut DirectSession, step: usize) -> u32 {
    let (left, right) = ((step * 7 % 10) as f32, (step * 3 % 8) as f32);
    session.fill("left", true, &[left]).unwrap();
    session.fill("right", true, &[right]).unwrap();
    session.fill("sum", true, &[left + right]).unwrap();
    session.train().await.unwrap();
    session.fill("left", false, &[2.0]).unwrap();
    session.request().await.unwrap().1[0].to_bits()
}

#[tokio::test(flavor = "multi_thread")]
async fn open_connections_go_on_when_the_network_was_away() {
    let (crowded, roomy) = (crowded().await, House::new().await);
    let mut away = [connect(&crowded, "one").await, connect(&crowded, "other").await];
    let mut twin = connect(&roomy, "one").await;
    for round in 0..40 {
        let expected = step(&mut twin, round).await;
        for session in &mut away {
            assert_eq!(step(session, round).await, expected, "round {round}");
        }
    }
    assert!(numbers(&crowded).network_evictions >= 40);
    assert_eq!(numbers(&crowded).resident_clusters, 1);
    let revived = crowded.after_kill().await;
    for cluster in revived.store.clusters(&revived.access).await.unwrap() {
        let mut session = revived.engine.connect(&revived.access, cluster.uuid).await.unwrap();
        let ask = async |session: &mut DirectSession| {
            session.fill("left", false, &[2.0]).unwrap();
            session.request().await.unwrap().1[0].to_bits()
        };
        assert_eq!(ask(&mut session).await, ask(&mut twin).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_that_was_not_used_for_longest_leaves_first() {
    let probe = House::new().await;
    let cluster = probe.cluster("probe", IMAGES).await;
    ask(&probe, cluster).await;
    let size = numbers(&probe).resident_bytes;
    let settings = EngineSettings { network_memory: size * 5 / 2, ..EngineSettings::default() };
    let house = House::with(settings).await;
    let mut clusters = Vec::new();
    for name in ["a", "b", "c"] {
        clusters.push(house.cluster(name, IMAGES).await);
    }
    // Each use, and how many networks were read from the disk by then.
    for (place, loads) in [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (2, 3), (1, 4), (2, 4), (0, 5)] {
        ask(&house, clusters[place]).await;
        assert_eq!(numbers(&house).network_loads, loads);
    }
    assert_eq!(numbers(&house).resident_bytes, 2 * size);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_task_keeps_its_network() {
    let house = crowded().await;
    let trained = house.cluster("trained", IMAGES).await;
    let twin = house.cluster("twin", IMAGES).await;
    let others = [house.cluster("one", IMAGES).await, house.cluster("other", IMAGES).await];
    let dataset = house.images(60_000).await;
    let task = house.submit(TaskKind::Train, trained, dataset).await.unwrap();
    house.underway(trained, task).await;
    let before = numbers(&house);
    let mut uses = 0;
    while !house.engine.task(&house.access, trained, task).await.unwrap().has_ended() {
        ask(&house, others[uses % 2]).await;
        uses += 1;
        if uses == 50 {
            break;
        }
    }
    // The others drive out each other, and nothing else is read.
    assert_eq!(numbers(&house).network_loads - before.network_loads, uses as u64);
    let view = house.wait(trained, task).await;
    assert_eq!(view.task.state, TaskState::Finished, "{:?}", view.task.error);
    house.train(twin, dataset).await;
    assert!(house.snapshot(trained).await == house.snapshot(twin).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_make_room_for_a_network_that_grows_while_it_is_trained() {
    let probe = House::new().await;
    let cluster = probe.cluster("probe", IMAGES).await;
    ask(&probe, cluster).await;
    let budget = 3 * numbers(&probe).resident_bytes;
    let settings = EngineSettings { network_memory: budget, ..EngineSettings::default() };
    let house = House::with(settings).await;
    let (idle, trained) = (house.cluster("idle", IMAGES).await, house.cluster("t", IMAGES).await);
    ask(&house, idle).await;
    let dataset = house.images(1000).await;
    let task = house.submit_long(trained, dataset).await;
    while numbers(&house).network_evictions == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!house.engine.task(&house.access, trained, task).await.unwrap().has_ended());
    assert_eq!(numbers(&house).resident_clusters, 1);
    house.engine.delete_task(&house.access, trained, task).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_call_is_not_disturbed_when_its_network_leaves_in_between() {
    let (crowded, roomy) = (crowded().await, House::new().await);
    let taught = crowded.cluster("taught", IMAGES).await;
    let twin = roomy.cluster("twin", IMAGES).await;
    let others = [crowded.cluster("one", IMAGES).await, crowded.cluster("two", IMAGES).await];
    let teaching = async {
        for round in 0..5 {
            teach(&crowded, taught, round * 1000, 1000).await;
        }
    };
    let disturbing = async {
        for round in 0..100 {
            ask(&crowded, others[round % 2]).await;
        }
    };
    tokio::join!(teaching, disturbing);
    for round in 0..5 {
        teach(&roomy, twin, round * 1000, 1000).await;
    }
    assert_eq!(ask(&crowded, taught).await, ask(&roomy, twin).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_journal_is_saved_before_its_network_leaves() {
    let house = crowded().await;
    let taught = house.cluster("taught", IMAGES).await;
    let others = [house.cluster("one", IMAGES).await, house.cluster("two", IMAGES).await];
    let mut steps = 0;
    while house.store.cluster_for_engine(taught).await.unwrap().steps == 0 {
        teach(&house, taught, steps, 1000).await;
        steps += 1000;
        for other in others {
            ask(&house, other).await;
        }
    }
    let expected = ask(&house, taught).await;
    for other in others {
        ask(&house, other).await;
    }
    assert_eq!(ask(&house, taught).await, expected);
    let revived = house.restart().await;
    assert_eq!(ask(&revived, taught).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_stays_within_its_budget_whoever_asks() {
    const CLUSTERS: usize = 40;
    let probe = House::new().await;
    let cluster = probe.cluster("probe", IMAGES).await;
    let expected = ask(&probe, cluster).await;
    let size = numbers(&probe).resident_bytes;
    let budget = 6 * size;
    let settings = EngineSettings { network_memory: budget, ..EngineSettings::default() };
    let house = House::with(settings).await;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..CLUSTERS {
        let cluster = house.cluster(&number.to_string(), IMAGES).await;
        let (engine, access, expected) =
            (house.engine.clone(), house.access.clone(), expected.clone());
        asking.spawn(async move {
            for _ in 0..10 {
                let (inputs, _) = samples(3, 5);
                let prediction = engine.predict(&access, cluster, inputs).await.unwrap();
                let values = prediction.bricks().next().unwrap().1.concat();
                let bits: Vec<u32> = values.into_iter().map(f32::to_bits).collect();
                assert_eq!(bits, expected);
                // Besides the budget, there are at most the networks that are just being read.
                let bytes = engine.numbers().resident_bytes;
                assert!(bytes <= budget + 8 * size, "{bytes}");
            }
        });
    }
    while let Some(asked) = asking.join_next().await {
        asked.unwrap();
    }
    let numbers = numbers(&house);
    assert!(numbers.resident_bytes <= budget, "{numbers:?}");
    assert!(numbers.network_evictions >= (CLUSTERS - 6) as u64, "{numbers:?}");
    assert_eq!(numbers.network_loads - numbers.network_evictions, numbers.resident_clusters as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn few_journals_are_open_however_many_clusters_are_taught() {
    let settings = EngineSettings { open_journals: 4, ..EngineSettings::default() };
    let (house, roomy) = (House::with(settings).await, House::new().await);
    let twin = roomy.cluster("twin", IMAGES).await;
    let mut clusters = Vec::new();
    for number in 0..20 {
        clusters.push(house.cluster(&number.to_string(), IMAGES).await);
    }
    for round in 0..2 {
        teach(&roomy, twin, round * 5, 5).await;
        let expected = ask(&roomy, twin).await;
        for cluster in &clusters {
            teach(&house, *cluster, round * 5, 5).await;
            assert_eq!(ask(&house, *cluster).await, expected);
        }
    }
    while numbers(&house).open_journals > 4 {
        tokio::task::yield_now().await;
    }
    assert_eq!(numbers(&house).resident_clusters, 20);
    let revived = house.after_kill().await;
    assert_eq!(ask(&revived, clusters[0]).await, ask(&roomy, twin).await);
}
