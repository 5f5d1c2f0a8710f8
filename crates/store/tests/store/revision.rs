//! The number by which others see that something was written.

use hanami_store::{Change, Visibility};

use crate::support::{Home, cluster, owner};

#[tokio::test]
async fn the_revision_changes_with_every_change_and_with_nothing_else() {
    let home = Home::new();
    let store = home.open().await;
    let mut last = store.revision();
    let mut changed = || {
        let now = store.revision();
        now != std::mem::replace(&mut last, now)
    };
    let cluster = cluster(&store, &owner(), "learner").await;
    assert!(changed());
    let renamed = Change { name: Some("teacher".into()), visibility: Some(Visibility::Shared) };
    store.change_cluster(&owner(), cluster.uuid, renamed).await.unwrap();
    assert!(changed());

    assert_eq!(store.clusters(&owner()).await.unwrap()[0].name, "teacher");
    store.cluster(&owner(), cluster.uuid).await.unwrap();
    assert!(!changed());

    store.delete_cluster(&owner(), cluster.uuid).await.unwrap();
    assert!(changed());
    assert!(store.clusters(&owner()).await.unwrap().is_empty());
    assert!(!changed());
}
