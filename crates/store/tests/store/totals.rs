//! The store as a whole.

use hanami_store::{StoreError, TaskState};

use crate::support::{Home, abort, cluster, enqueue, member, names, owner, ready_dataset};

#[tokio::test]
async fn what_is_there_is_counted_whoever_owns_it() {
    let home = Home::new();
    let store = home.open().await;
    let none = store.totals().await.unwrap();
    assert_eq!((none.clusters, none.datasets, none.tasks), (0, 0, Vec::new()));

    let dataset = ready_dataset(&store, &owner()).await;
    let one = cluster(&store, &owner(), "one").await;
    cluster(&store, &member("another", "elsewhere"), "two").await;
    enqueue(&store, &owner(), &one, &dataset).await;
    enqueue(&store, &owner(), &one, &dataset).await;
    abort(&store, &enqueue(&store, &owner(), &one, &dataset).await).await;
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.clusters, totals.datasets), (2, 1));
    assert_eq!(totals.tasks, [(TaskState::Aborted, 1), (TaskState::Queued, 2)]);
}

#[tokio::test]
async fn a_store_that_works_says_so_and_stays_as_it_is() {
    let home = Home::new();
    let store = home.open().await;
    store.check().await.unwrap();
    assert_eq!(names(&home, "uploads"), Vec::<String>::new());
}

#[tokio::test]
async fn a_store_without_its_tables_or_folders_tells_what_is_in_the_way() {
    let home = Home::new();
    let store = home.open().await;
    std::fs::remove_dir(home.path().join("uploads")).unwrap();
    let error = store.check().await.unwrap_err();
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    home.execute("DROP TABLE settings").await;
    let error = store.check().await.unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error}");
}
