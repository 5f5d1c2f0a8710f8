//! Deleting users and projects together with all they own.

use std::fs::read_dir;

use hanami_engine::EngineError;
use hanami_store::{
    Access, ClusterMode, DatasetKind, FileRole, Holder, Holdings, Membership, NewProject, NewUser,
    StoreError, TaskKind, TaskState,
};

use crate::support::{House, IMAGES, user};

fn admin() -> Access {
    Access::granted("root", "Root", "admin", "admin", true, true)
}

/// A house with the users `root`, an admin, and `alice`, who is in the project `project`.
async fn house() -> House {
    let house = House::new().await;
    for (id, is_admin) in [("root", true), ("alice", false)] {
        let new = NewUser {
            id: id.into(),
            name: "Some One".into(),
            password_hash: "$argon2id$secret".into(),
            is_admin,
            creator_id: "root".into(),
        };
        house.store.create_user(new).await.unwrap();
    }
    let (id, name) = ("project".to_owned(), "Project".to_owned());
    house.store.create_project(NewProject { id, name, creator_id: "root".into() }).await.unwrap();
    let place = Membership {
        user_id: "alice".into(),
        project_id: "project".into(),
        role: "member".into(),
        is_project_admin: false,
    };
    house.store.assign(place).await.unwrap();
    house
}

/// Fills the house with some of everything: tasks queued and running, direct mode, an upload.
async fn furnish(house: &House) {
    let cluster = house.cluster("cluster", IMAGES).await;
    let short = house.images(30).await;
    house.train(cluster, short).await;
    house.save(cluster).await;
    let request = house.submit(TaskKind::Request, cluster, short).await.unwrap();
    house.wait(cluster, request).await;
    let long = house.images(400_000).await;
    for _ in 0..2 {
        house.submit(TaskKind::Train, cluster, long).await.unwrap();
    }
    let direct = house.cluster("direct", IMAGES).await;
    house.engine.set_mode(&house.access, direct, ClusterMode::Direct).await.unwrap();
    house.engine.connect(&house.access, direct).await.unwrap();
    house.declare(DatasetKind::Csv, &[(FileRole::Input, b"a,b\n")]).await;
}

fn files(house: &House) -> Vec<String> {
    let folders = ["datasets", "snapshots", "checkpoints", "results"];
    let folders = folders.map(|folder| format!("blobs/{folder}"));
    let folders = folders.iter().map(String::as_str).chain(["uploads", "journals"]);
    let names = folders.flat_map(|folder| read_dir(house.dir.path().join(folder)).unwrap());
    names.map(|entry| entry.unwrap().path().display().to_string()).collect()
}

async fn assert_gone(house: &House, holder: Holder<'_>) {
    assert_eq!(house.store.holdings(holder).await.unwrap(), Holdings::default());
    assert_eq!(files(house), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_goes_with_rows_files_and_running_tasks() {
    let house = house().await;
    furnish(&house).await;
    house.engine.delete_user(&admin(), "alice", true).await.unwrap();
    assert_gone(&house, Holder::User("alice")).await;
    assert_eq!(house.store.user("alice").await.unwrap(), None);
    let again = house.engine.delete_user(&admin(), "alice", true).await.unwrap_err();
    assert!(matches!(again, EngineError::Store(StoreError::NotFound { .. })), "{again}");
    house.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_goes_with_rows_files_and_running_tasks() {
    let house = house().await;
    furnish(&house).await;
    house.engine.delete_project(&admin(), "project", true).await.unwrap();
    assert_gone(&house, Holder::Project("project")).await;
    assert_eq!(house.store.project("project").await.unwrap(), None);
    assert_eq!(house.store.memberships("alice").await.unwrap(), []);
    house.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tasks_of_others_end_that_read_what_is_deleted_and_others_stay() {
    let house = house().await;
    let bob = House { access: user("bob"), ..house };
    let his = bob.cluster("his own", IMAGES).await;
    let his_data = bob.images(30).await;
    let house = House { access: user("alice"), ..bob };
    let long = house.images(400_000).await;
    // An admin lets Bob's cluster learn Alice's dataset.
    let mut house = House { access: admin(), ..house };
    let running = house.submit(TaskKind::Train, his, long).await.unwrap();
    house.submit(TaskKind::Train, his, long).await.unwrap();
    house.access = user("bob");
    let kept = house.submit(TaskKind::Train, his, his_data).await.unwrap();
    while house.engine.task(&house.access, his, running).await.unwrap().samples == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }

    house.engine.delete_user(&admin(), "alice", true).await.unwrap();
    let ended = house.wait(his, kept).await;
    assert_eq!(ended.task.state, TaskState::Finished, "{:?}", ended.task.error);
    let left = house.engine.tasks(&house.access, his).await.unwrap();
    assert_eq!(left.iter().map(|view| view.task.uuid).collect::<Vec<_>>(), [kept]);
    house.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_interruption_has_left_is_deleted_by_repeating() {
    let house = house().await;
    furnish(&house).await;
    // As far as a deletion got before the server was killed.
    house.store.expel_user("alice").await.unwrap();
    let held = house.store.holdings(Holder::User("alice")).await.unwrap();
    house.engine.delete_cluster(&admin(), held.clusters[0]).await.unwrap();
    let house = house.restart().await;
    assert!(house.store.user("alice").await.unwrap().is_some());

    house.engine.delete_user(&admin(), "alice", true).await.unwrap();
    assert_gone(&house, Holder::User("alice")).await;
    assert_eq!(house.store.user("alice").await.unwrap(), None);
    house.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_keeps_everything() {
    let house = house().await;
    let house = House { access: user("root"), ..house };
    house.cluster("cluster", IMAGES).await;
    let refused = house.engine.delete_user(&admin(), "root", true).await.unwrap_err();
    assert!(refused.to_string().contains("last admin"), "{refused}");
    assert_eq!(house.store.clusters(&house.access).await.unwrap().len(), 1);
    house.engine.shutdown().await;
}
