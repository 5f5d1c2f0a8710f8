//! Who sees and changes what.

use hanami_store::{
    Access, ClusterMode, DatasetKind, NewResult, Store, StoreError, TaskKind, Uuid,
};

use crate::support::{Home, LIMIT, cluster, member, new_task, owner, ready_dataset};

/// One resource of each kind, all of the owner's.
struct Resources {
    dataset: Uuid,
    cluster: Uuid,
    task: Uuid,
    checkpoint: Uuid,
}

async fn resources(store: &Store) -> Resources {
    let dataset = ready_dataset(store, &owner()).await;
    let cluster = cluster(store, &owner(), "oracle").await;
    let new = new_task(&cluster, &dataset, TaskKind::Request);
    let task = store.enqueue_task(&owner(), new, LIMIT).await.unwrap();
    let result =
        NewResult { dataset_kind: DatasetKind::Csv, column: None, data: vec![1.0], outputs: None };
    store.finish_request(task.uuid, result).await.unwrap();
    let save = store.enqueue_save(&owner(), "backup", cluster.uuid, LIMIT).await.unwrap();
    let checkpoint = store.finish_save(save.uuid).await.unwrap();
    Resources {
        dataset: dataset.uuid,
        cluster: cluster.uuid,
        task: task.uuid,
        checkpoint: checkpoint.uuid,
    }
}

fn admin() -> Access {
    Access::granted("root", "Root", "admin", "admin", true, false)
}

fn project_admin(project: &str) -> Access {
    Access::granted("boss", "Boss", project, "member", false, true)
}

/// Turns "there is none" into `false`; any other error fails the test.
fn found<T>(answer: Result<T, StoreError>) -> bool {
    match answer {
        Ok(_) => true,
        Err(StoreError::NotFound { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Asserts that `access` sees all of the owner's resources, alone and in lists, or none of them.
async fn assert_sees(store: &Store, access: &Access, resources: &Resources, sees: bool) {
    let Resources { dataset, cluster, task, checkpoint } = *resources;
    let who = access.user_id();
    assert_eq!(found(store.dataset(access, dataset).await), sees, "dataset, {who}");
    assert_eq!(found(store.upload_files(access, dataset).await), sees, "files, {who}");
    assert_eq!(found(store.cluster(access, cluster).await), sees, "cluster, {who}");
    assert_eq!(found(store.task(access, cluster, task).await), sees, "task, {who}");
    assert_eq!(found(store.tasks(access, cluster).await), sees, "tasks, {who}");
    assert_eq!(found(store.result(access, task).await), sees, "result, {who}");
    assert_eq!(found(store.checkpoint(access, checkpoint).await), sees, "checkpoint, {who}");
    let listed = usize::from(sees);
    assert_eq!(store.datasets(access).await.unwrap().len(), listed, "datasets, {who}");
    assert_eq!(store.clusters(access).await.unwrap().len(), listed, "clusters, {who}");
    assert_eq!(store.results(access).await.unwrap().len(), listed, "results, {who}");
    assert_eq!(store.checkpoints(access).await.unwrap().len(), listed, "checkpoints, {who}");
}

/// Changes everything `access` is let, up to deleting it, and asserts that it is all or nothing.
async fn assert_changes(store: &Store, access: &Access, resources: &Resources, changes: bool) {
    let Resources { dataset, cluster, task, checkpoint } = *resources;
    let who = access.user_id();
    let mode = store.set_cluster_mode(access, cluster, ClusterMode::Task).await;
    assert_eq!(found(mode), changes, "mode, {who}");
    assert_eq!(found(store.cluster_to_change(access, cluster).await), changes, "cluster, {who}");
    assert_eq!(found(store.delete_task(access, cluster, task).await), changes, "task, {who}");
    assert_eq!(found(store.delete_cluster(access, cluster).await), changes, "cluster, {who}");
    assert_eq!(found(store.delete_dataset(access, dataset).await), changes, "dataset, {who}");
    assert_eq!(found(store.delete_result(access, task).await), changes, "result, {who}");
    let deleted = store.delete_checkpoint(access, checkpoint).await;
    assert_eq!(found(deleted), changes, "checkpoint, {who}");
}

#[tokio::test]
async fn the_owner_and_the_admins_see_and_change_private_resources() {
    for access in [owner(), admin(), project_admin("project")] {
        let home = Home::new();
        let store = home.open().await;
        let resources = resources(&store).await;
        assert_sees(&store, &access, &resources, true).await;
        assert_changes(&store, &access, &resources, true).await;
    }
}

#[tokio::test]
async fn nobody_else_sees_or_changes_private_resources() {
    let home = Home::new();
    let store = home.open().await;
    let resources = resources(&store).await;
    let others = [
        member("another", "project"),
        member("owner", "elsewhere"),
        member("another", "elsewhere"),
        project_admin("elsewhere"),
    ];
    for access in others {
        assert_sees(&store, &access, &resources, false).await;
        assert_changes(&store, &access, &resources, false).await;
    }
    assert_sees(&store, &owner(), &resources, true).await;
}

#[tokio::test]
async fn shared_resources_are_seen_in_the_project_public_ones_everywhere() {
    let home = Home::new();
    let store = home.open().await;
    let resources = resources(&store).await;
    let inside = member("another", "project");
    let outside = member("another", "elsewhere");
    for (visibility, outside_sees) in [("shared", false), ("public", true)] {
        for table in ["datasets", "clusters", "request_results", "checkpoints"] {
            home.execute(&format!("UPDATE {table} SET visibility = '{visibility}'")).await;
        }
        assert_sees(&store, &inside, &resources, true).await;
        assert_sees(&store, &outside, &resources, outside_sees).await;
        assert_changes(&store, &inside, &resources, false).await;
        assert_changes(&store, &outside, &resources, false).await;
    }
}

#[tokio::test]
async fn a_shared_dataset_is_for_everybodys_tasks_a_shared_cluster_is_not() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = ready_dataset(&store, &owner()).await;
    let owners = cluster(&store, &owner(), "oracle").await;
    let another = member("another", "project");
    let theirs = cluster(&store, &another, "theirs").await;
    for table in ["datasets", "clusters"] {
        home.execute(&format!("UPDATE {table} SET visibility = 'shared'")).await;
    }
    let task = new_task(&theirs, &dataset, TaskKind::Train);
    assert!(found(store.enqueue_task(&another, task, LIMIT).await));
    let task = new_task(&owners, &dataset, TaskKind::Train);
    assert!(!found(store.enqueue_task(&another, task, LIMIT).await));
}

#[tokio::test]
async fn a_file_is_written_by_those_who_may_change_its_dataset() {
    let home = Home::new();
    let store = home.open().await;
    let dataset = crate::support::uploading_dataset(&store, &owner(), 4).await;
    let file = store.upload_files(&owner(), dataset.uuid).await.unwrap()[0].uuid;
    home.execute("UPDATE datasets SET visibility = 'public'").await;
    for (access, may) in [
        (owner(), true),
        (admin(), true),
        (project_admin("project"), true),
        (member("another", "project"), false),
        (member("owner", "elsewhere"), false),
    ] {
        assert_eq!(found(store.open_upload(&access, file).await), may, "{access:?}");
    }
}
