//! What does not fit on the disk is refused without taking from others.

use hanami_disk::simulated::SimulatedDisk;
use hanami_store::{Progress, Quotas, Store, StoreError};

use crate::support::{Home, cluster, owner};

#[tokio::test]
async fn a_blob_that_does_not_fit_is_refused_before_a_byte_is_written() {
    let (home, disk) = (Home::new(), SimulatedDisk::new(1));
    let store = Store::open_on(disk.disk(), home.path(), Quotas::UNLIMITED, 0).await.unwrap();
    let learner = cluster(&store, &owner(), "learner").await;
    disk.set_capacity(Some(disk.used() + 10_000));
    let before = disk.points();
    let save = async |bytes| store.save_snapshot(learner.uuid, bytes, 1, Progress::None).await;
    let refused = save(vec![7; 10_000]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Full), "{refused}");
    assert_eq!(disk.points(), before);

    let other = cluster(&store, &owner(), "other").await;
    assert_eq!(store.cluster(&owner(), other.uuid).await.unwrap(), other);
    let saved = save(vec![7; 5000]).await.unwrap();
    assert_eq!(store.snapshot_bytes(&saved).await.unwrap(), [7; 5000]);
}

#[tokio::test]
async fn a_blob_leaves_a_part_of_the_reserve_to_others() {
    let (home, disk) = (Home::new(), SimulatedDisk::new(1));
    let reserve = 1 << 20;
    let store = Store::open_on(disk.disk(), home.path(), Quotas::UNLIMITED, reserve).await.unwrap();
    let create = async |name| store.create_cluster(&owner(), name, None, Some(vec![7; 100])).await;
    disk.set_capacity(Some(reserve / 4));
    let refused = create("learner").await.unwrap_err();
    assert!(matches!(refused, StoreError::Full), "{refused}");
    assert_eq!(disk.used(), 0);
    assert!(!store.disk_room().unwrap().is_full, "others can go on");
    disk.set_capacity(Some(reserve / 4 + 1000));
    create("learner").await.unwrap();
}
