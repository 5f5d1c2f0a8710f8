//! Names and visibility, changed by those who may.

use hanami_store::{
    Access, Change, DatasetKind, NewResult, Store, StoreError, TaskKind, Uuid, Visibility,
};

use crate::support::{Home, LIMIT, cluster, member, new_task, owner, ready_dataset};

/// One resource of each kind, all of the owner's.
struct Resources {
    cluster: Uuid,
    dataset: Uuid,
    checkpoint: Uuid,
    result: Uuid,
}

async fn resources(store: &Store) -> Resources {
    let dataset = ready_dataset(store, &owner()).await;
    let cluster = cluster(store, &owner(), "oracle").await;
    let new = new_task(&cluster, &dataset, TaskKind::Request);
    let task = store.enqueue_task(&owner(), new, LIMIT).await.unwrap();
    let result =
        NewResult { dataset_kind: DatasetKind::Csv, column: None, data: vec![1.0], outputs: None };
    let result = store.finish_request(task.uuid, result).await.unwrap().uuid;
    let save = store.enqueue_save(&owner(), "backup", cluster.uuid, LIMIT).await.unwrap();
    let checkpoint = store.finish_save(save.uuid).await.unwrap().uuid;
    Resources { cluster: cluster.uuid, dataset: dataset.uuid, checkpoint, result }
}

type Named = Result<(String, Visibility), StoreError>;

/// Makes the same change of all resources.
async fn change(store: &Store, access: &Access, of: &Resources, change: &Change) -> [Named; 4] {
    let change = || change.clone();
    let cluster = store.change_cluster(access, of.cluster, change()).await;
    let dataset = store.change_dataset(access, of.dataset, change()).await;
    let checkpoint = store.change_checkpoint(access, of.checkpoint, change()).await;
    let result = store.change_result(access, of.result, change()).await;
    [
        cluster.map(|row| (row.name, row.visibility)),
        dataset.map(|row| (row.name, row.visibility)),
        checkpoint.map(|row| (row.name, row.visibility)),
        result.map(|row| (row.name, row.visibility)),
    ]
}

async fn sees(store: &Store, access: &Access, of: &Resources) -> [bool; 4] {
    [
        store.cluster(access, of.cluster).await.is_ok(),
        store.dataset(access, of.dataset).await.is_ok(),
        store.checkpoint(access, of.checkpoint).await.is_ok(),
        store.result(access, of.result).await.is_ok(),
    ]
}

#[tokio::test]
async fn a_change_touches_what_it_names_and_survives_the_next_open() {
    let home = Home::new();
    let store = home.open().await;
    let of = resources(&store).await;
    let rename = Change { name: Some("new name".into()), visibility: None };
    for named in change(&store, &owner(), &of, &rename).await {
        assert_eq!(named.unwrap(), ("new name".to_owned(), Visibility::Private));
    }
    let publish = Change { name: None, visibility: Some(Visibility::Public) };
    for named in change(&store, &owner(), &of, &publish).await {
        assert_eq!(named.unwrap(), ("new name".to_owned(), Visibility::Public));
    }
    drop(store);
    let store = home.open().await;
    let shown = store.cluster(&owner(), of.cluster).await.unwrap();
    assert_eq!((shown.name.as_str(), shown.visibility), ("new name", Visibility::Public));
    assert_eq!(shown.template.as_deref(), Some("version: 1"));
}

#[tokio::test]
async fn visibility_decides_who_sees_and_never_who_changes() {
    let home = Home::new();
    let store = home.open().await;
    let of = resources(&store).await;
    let (inside, outside) = (member("another", "project"), member("another", "elsewhere"));
    for (visibility, inside_sees, outside_sees) in [
        (Visibility::Shared, true, false),
        (Visibility::Public, true, true),
        (Visibility::Private, false, false),
    ] {
        let wish = Change { name: None, visibility: Some(visibility) };
        for named in change(&store, &owner(), &of, &wish).await {
            named.unwrap();
        }
        assert_eq!(sees(&store, &inside, &of).await, [inside_sees; 4], "{visibility}");
        assert_eq!(sees(&store, &outside, &of).await, [outside_sees; 4], "{visibility}");
        for access in [&inside, &outside] {
            let grab = Change { name: Some("mine".into()), visibility: Some(Visibility::Public) };
            for refused in change(&store, access, &of, &grab).await {
                assert!(matches!(refused, Err(StoreError::NotFound { .. })), "{refused:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_cluster_is_not_given_the_name_of_another_one_that_is_seen() {
    let home = Home::new();
    let store = home.open().await;
    let one = cluster(&store, &owner(), "one").await;
    cluster(&store, &owner(), "other").await;
    cluster(&store, &member("another", "project"), "theirs").await;
    let rename = async |name: &str| {
        let change = Change { name: Some(name.to_owned()), visibility: None };
        store.change_cluster(&owner(), one.uuid, change).await
    };
    let refused = rename("other").await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert_eq!(store.cluster(&owner(), one.uuid).await.unwrap(), one);
    assert_eq!(rename("one").await.unwrap(), one, "its own name is free");
    assert_eq!(rename("theirs").await.unwrap().name, "theirs", "not to be seen, so free");
}
