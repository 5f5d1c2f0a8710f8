//! What is deleted is gone: from the disk and from memory.

use std::path::Path;

use hanami_engine::{BrickValues, TaskOptions};
use hanami_store::{ClusterMode, DatasetKind, FileRole, TaskKind};

use crate::support::{House, IMAGES, images, sums};

/// The files of a data directory that hold what users made.
fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["blobs", "uploads", "journals"] {
        collect(&directory.join(folder), &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path.display().to_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_cluster_leaves_nothing_on_the_disk_and_in_memory() {
    let house = House::new().await;
    let kept = house.cluster("kept", IMAGES).await;
    let before = (files(house.dir.path()), house.engine.numbers());
    let cluster = house.cluster("cluster", IMAGES).await;
    let other = house.cluster("other", IMAGES).await;
    let checkpoint = house.save(cluster).await;
    house.engine.set_mode(&house.access, other, ClusterMode::Direct).await.unwrap();
    let mut session = house.engine.connect(&house.access, other).await.unwrap();
    for _ in 0..3 {
        session.fill("image", true, &[1.0; 16]).unwrap();
        session.fill("digit", true, &[0.0; 10]).unwrap();
        session.train().await.unwrap();
    }
    // A load that waits behind a training holds a snapshot of its own.
    let dataset = house.images(3000).await;
    house.submit_long(cluster, dataset).await;
    house.engine.load_cluster(&house.access, checkpoint, cluster).await.unwrap();
    let busy = house.engine.numbers();
    assert!(busy.resident_bytes > 0 && busy.open_journals == 1, "{busy:?}");
    assert!(files(house.dir.path()).len() >= before.0.len() + 6);

    for deleted in [cluster, other] {
        house.engine.delete_cluster(&house.access, deleted).await.unwrap();
    }
    drop(session);
    house.store.delete_checkpoint(&house.access, checkpoint).await.unwrap();
    house.store.delete_dataset(&house.access, dataset).await.unwrap();
    assert_eq!(files(house.dir.path()), before.0);
    let after = house.engine.numbers();
    assert_eq!((after.resident_clusters, after.resident_bytes), (0, 0));
    assert_eq!((after.open_journals, after.tracked_clusters), (0, before.1.tracked_clusters));
    house.engine.cluster(&house.access, kept).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_was_replaced_is_gone() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let before = files(house.dir.path()).len();
    let sample = |width| BrickValues::Only(vec![vec![0.5; width]]);
    house.engine.learn(&house.access, cluster, sample(16), sample(10)).await.unwrap();
    assert_eq!(files(house.dir.path()).len(), before + 1);
    let checkpoint = house.save(cluster).await;
    assert_eq!(files(house.dir.path()).len(), before + 1, "the checkpoint, and no journal");
    assert_eq!(house.engine.numbers().open_journals, 0);
    house.store.delete_checkpoint(&house.access, checkpoint).await.unwrap();
    assert_eq!(files(house.dir.path()).len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn datasets_results_and_what_has_arrived_of_uploads_go_with_their_rows() {
    let house = House::new().await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let before = files(house.dir.path());
    let dataset = house.images(50).await;
    let options = TaskOptions { full_outputs: true, ..TaskOptions::default() };
    let request = house.submit_with(TaskKind::Request, cluster, dataset, options).await.unwrap();
    house.wait(cluster, request).await;
    let table = sums(20);
    let (unfinished, _) =
        house.declare(DatasetKind::Csv, &[(FileRole::Input, table.as_bytes())]).await;
    let (pictures, labels) = images(10);
    let parts = [(FileRole::Input, &pictures[..]), (FileRole::Label, &labels[..])];
    let (pair, _) = house.declare(DatasetKind::Mnist, &parts).await;
    // The dataset, values and outputs of the result, and three files with their ranges.
    assert_eq!(files(house.dir.path()).len(), before.len() + 3 + 2 * 3);

    house.store.delete_result(&house.access, request).await.unwrap();
    for dataset in [dataset, unfinished, pair] {
        house.store.delete_dataset(&house.access, dataset).await.unwrap();
    }
    assert_eq!(files(house.dir.path()), before);
}
