//! Checkpoints that leave the server, come from elsewhere, and become clusters.

use hanami_engine::{BrickValues, CheckpointFileError, EngineError};
use hanami_store::{Checkpoint, StoreError, Uuid};

use crate::support::{House, IMAGES, TABLE, sums, user};

/// The file of a checkpoint.
async fn download(house: &House, checkpoint: Uuid) -> Vec<u8> {
    let mut export = house.engine.export_checkpoint(&house.access, checkpoint).await.unwrap().1;
    let mut file = Vec::new();
    while let Some(piece) = export.next_piece().unwrap() {
        file.extend(piece);
    }
    assert_eq!(file.len() as u64, export.length());
    file
}

async fn upload(house: &House, file: &[u8]) -> Result<Checkpoint, EngineError> {
    let scratch = house.store.scratch().await.unwrap();
    let scratch = scratch.append(file.to_vec()).await.unwrap();
    house.engine.upload_checkpoint(&house.access, "from elsewhere", scratch).await
}

/// A file whose checksum is right again.
fn sealed(mut file: Vec<u8>) -> Vec<u8> {
    let end = file.len() - 4;
    let checksum = crc32fast::hash(&file[..end]).to_le_bytes();
    file[end..].copy_from_slice(&checksum);
    file
}

/// A house with a trained cluster, and the checkpoint of that.
async fn trained() -> (House, Uuid, Uuid) {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let dataset = house.images(500).await;
    house.train(cluster, dataset).await;
    let checkpoint = house.save(cluster).await;
    (house, cluster, checkpoint)
}

async fn answer(house: &House, cluster: Uuid) -> Vec<u32> {
    let inputs = BrickValues::Only(vec![(0..16).map(|pixel| pixel as f32 * 9.0).collect()]);
    let predicted = house.engine.predict(&house.access, cluster, inputs).await.unwrap();
    let rows = predicted.bricks().next().unwrap().1;
    rows.concat().into_iter().map(f32::to_bits).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_goes_to_another_server_and_on_there_bit_for_bit() {
    let (here, cluster, checkpoint) = trained().await;
    let there = House::new().await;
    let made = upload(&there, &download(&here, checkpoint).await).await.unwrap();
    assert_eq!((made.name.as_str(), made.steps), ("from elsewhere", 500));
    let there = there.restart().await;
    let copy = there.engine.create_cluster_from(&there.access, "copy", made.uuid).await.unwrap();
    assert_eq!(copy.steps, 500);
    assert_eq!(answer(&there, copy.uuid).await, answer(&here, cluster).await);
    for (house, cluster) in [(&here, cluster), (&there, copy.uuid)] {
        let dataset = house.images(300).await;
        house.train(cluster, dataset).await;
    }
    assert!(there.snapshot(copy.uuid).await == here.snapshot(cluster).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_made_of_a_checkpoint_outlives_it() {
    let (house, cluster, checkpoint) = trained().await;
    let made = house.engine.create_cluster_from(&house.access, "made", checkpoint).await.unwrap();
    house.store.delete_checkpoint(&house.access, checkpoint).await.unwrap();
    house.engine.delete_cluster(&house.access, cluster).await.unwrap();
    let house = house.restart().await;
    let dataset = house.images(100).await;
    house.train(made.uuid, dataset).await;
    let view = house.engine.cluster(&house.access, made.uuid).await.unwrap();
    assert_eq!(view.size.unwrap().steps, 600);
    assert_eq!(view.cluster.template.as_deref(), Some(IMAGES));

    let gone = house.engine.create_cluster_from(&house.access, "again", checkpoint).await;
    assert!(matches!(gone, Err(EngineError::Store(StoreError::NotFound { .. }))), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_of_others_is_neither_downloaded_nor_made_a_cluster() {
    let (house, _, checkpoint) = trained().await;
    let made = house.engine.create_cluster_from(&user("bob"), "mine", checkpoint).await;
    assert!(matches!(made, Err(EngineError::Store(StoreError::NotFound { .. }))), "{made:?}");
    let sent = house.engine.export_checkpoint(&user("bob"), checkpoint).await.map(|_| ());
    assert!(matches!(sent, Err(EngineError::Store(StoreError::NotFound { .. }))), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_checkpoint_makes_no_cluster_and_its_download_breaks_off() {
    let (house, _, checkpoint) = trained().await;
    let row = house.store.checkpoint(&house.access, checkpoint).await.unwrap();
    let path = house.store.checkpoint_path(&row);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let made = house.engine.create_cluster_from(&house.access, "made", checkpoint).await;
    assert!(matches!(made, Err(EngineError::Store(StoreError::Corrupt { .. }))), "{made:?}");
    assert_eq!(house.store.clusters(&house.access).await.unwrap().len(), 1);

    let mut export = house.engine.export_checkpoint(&house.access, checkpoint).await.unwrap().1;
    let error = loop {
        match export.next_piece() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("all of it was sent"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, EngineError::Store(StoreError::Corrupt { .. })), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_whole_or_do_not_fit_together_are_refused_by_the_place() {
    let (house, _, checkpoint) = trained().await;
    let file = download(&house, checkpoint).await;
    let template = IMAGES.len();
    let other = house.cluster("other", TABLE).await;
    let dataset = house.table(&sums(40)).await;
    house.train(other, dataset).await;
    let other = download(&house, house.save(other).await).await;
    let changed = |at: usize, bytes: &[u8]| {
        let mut changed = file.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    // The template of one and the network of the other.
    let mixed = {
        let mut mixed = other.clone();
        mixed.splice(32..32 + TABLE.len(), IMAGES.bytes());
        mixed[12..16].copy_from_slice(&(template as u32).to_le_bytes());
        mixed
    };
    let last = file.len() - 1;
    for (bytes, at, told) in [
        (vec![], 0, "no file of a checkpoint"),
        (b"HANAMICP".to_vec(), 8, "too early"),
        (changed(0, b"hanami"), 0, "no file of a checkpoint"),
        (changed(8, &[2]), 8, "version 2"),
        (file[..last].to_vec(), last, "should have"),
        ([&file[..], &[0]].concat(), last + 1, "should have"),
        (changed(12, &[0xff; 4]), file.len(), "should have"),
        (changed(24, &[0xff; 8]), file.len(), "should have"),
        (changed(40, b"x"), last - 3, "checksum"),
        (sealed(changed(16, &[1])), 16, "steps"),
        (sealed(changed(37, &[0xff])), 37, "UTF-8"),
        (sealed(changed(32, b"v")), 0, ""),
        (sealed(changed(32, b"w")), 32, "template can't be read"),
        (sealed(mixed), 32, "bricks of the network"),
        (sealed(changed(32 + template, b"h")), 32 + template, "no snapshot"),
        (sealed(changed(32 + template + 8, &[9])), 32 + template + 8, "version 9"),
    ] {
        let uploaded = upload(&house, &bytes).await;
        if told.is_empty() {
            uploaded.expect("the file as it was");
            continue;
        }
        let Err(EngineError::CheckpointFile(error)) = uploaded else { panic!("{uploaded:?}") };
        let CheckpointFileError { at: place, what } = &error;
        assert!(what.contains(told) && *place == at, "{at}, {told}: {error}");
    }
    let uploads = house.dir.path().join("uploads");
    assert_eq!(std::fs::read_dir(uploads).unwrap().count(), 0, "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn wild_bytes_below_a_right_checksum_never_panic_and_never_become_visible() {
    let (house, _, checkpoint) = trained().await;
    let file = download(&house, checkpoint).await;
    let before = house.store.checkpoints(&house.access).await.unwrap().len();
    let (mut taken, mut noise) = (0, 1_u64);
    for _ in 0..300 {
        let mut wild = file.clone();
        for _ in 0..3 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (noise >> 20) as usize % wild.len();
            wild[at] = (noise >> 8) as u8;
        }
        match upload(&house, &sealed(wild)).await {
            // A change that is still a network: then it has to work.
            Ok(made) => {
                let name = format!("wild {taken}");
                let cluster = house.engine.create_cluster_from(&house.access, &name, made.uuid);
                answer(&house, cluster.await.unwrap().uuid).await;
                taken += 1;
            }
            Err(EngineError::CheckpointFile(error)) => assert!(error.at <= file.len(), "{error}"),
            Err(error) => panic!("{error}"),
        }
    }
    let after = house.store.checkpoints(&house.access).await.unwrap().len();
    assert_eq!(after, before + taken);
}
