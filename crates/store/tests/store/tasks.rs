//! The queue of a cluster.

use hanami_store::{
    ClusterMode, NewTask, Outcome, StoreError, TaskDeletion, TaskKind, TaskState, Uuid,
};

use crate::support::{
    Home, LIMIT, cluster, enqueue, member, new_task, owner, ready_dataset, uploading_dataset,
};

#[tokio::test]
async fn tasks_run_in_the_order_of_acceptance_across_restarts() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let one = cluster(&store, &owner(), "one").await;
    let two = cluster(&store, &owner(), "two").await;
    let mut expected = Vec::new();
    for _ in 0..5 {
        expected.push(enqueue(&store, &owner(), &one, &dataset).await);
        enqueue(&store, &owner(), &two, &dataset).await;
    }
    drop(store);

    let store = home.open().await;
    assert_eq!(store.tasks(&owner(), one.uuid).await.unwrap(), expected);
    for task in expected {
        assert_eq!(store.next_task(one.uuid).await.unwrap().as_ref(), Some(&task));
        let started = store.start_task(task.uuid).await.unwrap();
        assert_eq!(started.state, TaskState::Active);
        let outcome = Outcome::Finished { accuracy: None };
        let ended = store.end_task(task.uuid, outcome).await.unwrap();
        assert_eq!(ended.state, TaskState::Finished);
    }
    assert_eq!(store.next_task(one.uuid).await.unwrap(), None);
    assert_eq!(store.clusters_with_open_tasks().await.unwrap(), [two.uuid]);
}

#[tokio::test]
async fn an_interrupted_task_goes_first_and_keeps_the_time_it_started() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let first = enqueue(&store, &owner(), &cluster, &dataset).await;
    enqueue(&store, &owner(), &cluster, &dataset).await;
    let started = store.start_task(first.uuid).await.unwrap();
    drop(store);

    let store = home.open().await;
    assert_eq!(store.clusters_with_open_tasks().await.unwrap(), [cluster.uuid]);
    assert_eq!(store.next_task(cluster.uuid).await.unwrap(), Some(started.clone()));
    assert_eq!(store.start_task(first.uuid).await.unwrap(), started);
}

#[tokio::test]
async fn a_number_is_never_used_twice() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let first = enqueue(&store, &owner(), &cluster, &dataset).await;
    store.delete_task(&owner(), cluster.uuid, first.uuid).await.unwrap();
    let second = enqueue(&store, &owner(), &cluster, &dataset).await;
    assert!(second.seq > first.seq);
}

#[tokio::test]
async fn a_full_queue_takes_no_more_until_a_task_has_ended() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let new = || new_task(&cluster, &dataset, TaskKind::Request);
    let first = store.enqueue_task(&owner(), new(), 2).await.unwrap();
    store.enqueue_task(&owner(), new(), 2).await.unwrap();
    store.start_task(first.uuid).await.unwrap();
    let refused = store.enqueue_task(&owner(), new(), 2).await;
    assert!(matches!(refused, Err(StoreError::TooMany { limit: 2, .. })), "{refused:?}");

    store.end_task(first.uuid, Outcome::Aborted).await.unwrap();
    store.enqueue_task(&owner(), new(), 2).await.unwrap();
    assert_eq!(store.tasks(&owner(), cluster.uuid).await.unwrap().len(), 3);
}

#[tokio::test]
async fn the_limit_holds_when_many_enqueue_at_once() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        let new = new_task(&cluster, &dataset, TaskKind::Train);
        attempts.spawn(async move { store.enqueue_task(&owner(), new, 7).await.is_ok() });
    }
    let accepted = attempts.join_all().await.into_iter().filter(|accepted| *accepted).count();
    assert_eq!(accepted, 7);
    assert_eq!(store.tasks(&owner(), cluster.uuid).await.unwrap().len(), 7);
}

#[tokio::test]
async fn only_a_cluster_in_task_mode_and_a_ready_dataset_make_a_task() {
    let home = Home::new();
    let store = home.open().await;
    let ready = ready_dataset(&store, &owner()).await;
    let arriving = uploading_dataset(&store, &owner(), 10).await;
    let cluster = cluster(&store, &owner(), "learner").await;

    let new = new_task(&cluster, &arriving, TaskKind::Train);
    let refused = store.enqueue_task(&owner(), new, LIMIT).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");

    store.set_cluster_mode(&owner(), cluster.uuid, ClusterMode::Direct).await.unwrap();
    let new = new_task(&cluster, &ready, TaskKind::Train);
    let refused = store.enqueue_task(&owner(), new, LIMIT).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert_eq!(store.tasks(&owner(), cluster.uuid).await.unwrap(), []);
}

#[tokio::test]
async fn a_task_needs_its_makers_cluster_and_dataset() {
    let home = Home::new();
    let store = home.open().await;
    let another = member("another", "project");
    let mine = ready_dataset(&store, &owner()).await;
    let theirs = ready_dataset(&store, &another).await;
    let my_cluster = cluster(&store, &owner(), "mine").await;
    let their_cluster = cluster(&store, &another, "theirs").await;
    for (cluster, dataset, missing) in
        [(&my_cluster, &theirs, "dataset"), (&their_cluster, &mine, "cluster")]
    {
        let new = new_task(cluster, dataset, TaskKind::Train);
        match store.enqueue_task(&owner(), new, LIMIT).await {
            Err(StoreError::NotFound { kind, .. }) => assert_eq!(kind, missing),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_active_task_is_left_to_its_cluster_others_are_deleted() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let active = enqueue(&store, &owner(), &cluster, &dataset).await;
    let queued = enqueue(&store, &owner(), &cluster, &dataset).await;
    let active = store.start_task(active.uuid).await.unwrap();

    let deletion = store.delete_task(&owner(), cluster.uuid, active.uuid).await.unwrap();
    assert_eq!(deletion, TaskDeletion::Active(active.clone()));
    let deletion = store.delete_task(&owner(), cluster.uuid, queued.uuid).await.unwrap();
    assert_eq!(deletion, TaskDeletion::Deleted(queued.clone()));
    assert_eq!(store.tasks(&owner(), cluster.uuid).await.unwrap(), vec![active.clone()]);
    let late = store.start_task(queued.uuid).await;
    assert!(matches!(late, Err(StoreError::NotFound { .. })), "{late:?}");

    let ended = store.end_task(active.uuid, Outcome::Aborted).await.unwrap();
    let deletion = store.delete_task(&owner(), cluster.uuid, active.uuid).await.unwrap();
    assert_eq!(deletion, TaskDeletion::Deleted(ended));
    assert_eq!(store.tasks(&owner(), cluster.uuid).await.unwrap(), []);
}

#[tokio::test]
async fn a_failed_task_says_why_and_ends_once() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let task = enqueue(&store, &owner(), &cluster, &dataset).await;
    let outcome = Outcome::Failed { error: "the dataset has no column 'x'".into() };
    store.end_task(task.uuid, outcome).await.unwrap();
    let again = store.end_task(task.uuid, Outcome::Aborted).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    let again = store.start_task(task.uuid).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    drop(store);

    let store = home.open().await;
    let found = store.task(&owner(), cluster.uuid, task.uuid).await.unwrap();
    assert_eq!(found.state, TaskState::Aborted);
    assert_eq!(found.error.as_deref(), Some("the dataset has no column 'x'"));
}

#[tokio::test]
async fn a_task_is_found_in_its_own_cluster_only() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let one = cluster(&store, &owner(), "one").await;
    let two = cluster(&store, &owner(), "two").await;
    let task = enqueue(&store, &owner(), &one, &dataset).await;
    for (cluster, uuid) in [(two.uuid, task.uuid), (one.uuid, Uuid::new_v4())] {
        let found = store.task(&owner(), cluster, uuid).await;
        assert!(matches!(found, Err(StoreError::NotFound { kind: "task", .. })), "{found:?}");
        let found = store.delete_task(&owner(), cluster, uuid).await;
        assert!(matches!(found, Err(StoreError::NotFound { kind: "task", .. })), "{found:?}");
    }
}

#[tokio::test]
async fn what_was_asked_of_a_task_is_kept_as_it_was_written() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let cluster = cluster(&store, &owner(), "learner").await;
    let plain = new_task(&cluster, &dataset, TaskKind::Train);
    let options = Some("{\"epochs\": 3}".to_owned());
    let asked = NewTask { options: options.clone(), ..plain.clone() };
    let plain = store.enqueue_task(&owner(), plain, LIMIT).await.unwrap();
    let asked = store.enqueue_task(&owner(), asked, LIMIT).await.unwrap();
    drop(store);
    let store = home.open().await;
    for (task, expected) in [(plain, None), (asked, options)] {
        let found = store.task(&owner(), cluster.uuid, task.uuid).await.unwrap();
        assert_eq!((found.options, found.notes), (expected, None));
    }
}
