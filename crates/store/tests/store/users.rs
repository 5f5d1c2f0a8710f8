//! Users, projects and memberships; the server's own secrets.

use crate::support::{Home, LIMIT, cluster, member, new_task, ready_dataset};
use hanami_store::{
    DatasetKind, Holder, Holdings, Membership, NewProject, NewResult, NewUser, Store, StoreError,
    TaskKind, UserChange,
};

fn user(id: &str) -> NewUser {
    NewUser {
        id: id.into(),
        name: "Some One".into(),
        password_hash: "$argon2id$secret".into(),
        is_admin: false,
        creator_id: "admin".into(),
    }
}

fn project(id: &str) -> NewProject {
    NewProject { id: id.into(), name: "Some Project".into(), creator_id: "admin".into() }
}

fn membership(user_id: &str, project_id: &str, role: &str) -> Membership {
    Membership {
        user_id: user_id.into(),
        project_id: project_id.into(),
        role: role.into(),
        is_project_admin: false,
    }
}

#[tokio::test]
async fn users_projects_and_memberships_are_there_after_a_restart() {
    let home = Home::new();
    let store = home.open().await;
    assert!(!store.has_users().await.unwrap());
    let alice = store.create_user(user("alice")).await.unwrap();
    let garden = store.create_project(project("garden")).await.unwrap();
    store.assign(membership("alice", "garden", "member")).await.unwrap();
    drop(store);

    let store = home.open().await;
    assert!(store.has_users().await.unwrap());
    assert_eq!(store.user("alice").await.unwrap(), Some(alice));
    assert_eq!(store.project("garden").await.unwrap(), Some(garden));
    assert_eq!(store.user("bob").await.unwrap(), None);
    assert_eq!(store.project("forest").await.unwrap(), None);
    let found = store.memberships("alice").await.unwrap();
    assert_eq!(found, [membership("alice", "garden", "member")]);
}

#[tokio::test]
async fn an_id_is_given_once() {
    let home = Home::new();
    let store = home.open().await;
    store.create_user(user("alice")).await.unwrap();
    let again = store.create_user(NewUser { is_admin: true, ..user("alice") }).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert!(!store.user("alice").await.unwrap().unwrap().is_admin);

    store.create_project(project("garden")).await.unwrap();
    let again = store.create_project(project("garden")).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
}

#[tokio::test]
async fn memberships_keep_the_order_of_assignment_and_take_a_new_role() {
    let home = Home::new();
    let store = home.open().await;
    store.create_user(user("alice")).await.unwrap();
    for id in ["zebra", "apple", "mango"] {
        store.create_project(project(id)).await.unwrap();
        store.assign(membership("alice", id, "member")).await.unwrap();
    }
    store.assign(membership("alice", "apple", "gardener")).await.unwrap();

    let found = store.memberships("alice").await.unwrap();
    let expected = [
        membership("alice", "zebra", "member"),
        membership("alice", "apple", "gardener"),
        membership("alice", "mango", "member"),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn only_those_that_exist_are_assigned() {
    let home = Home::new();
    let store = home.open().await;
    store.create_user(user("alice")).await.unwrap();
    store.create_project(project("garden")).await.unwrap();
    for (user, project, missing) in [("bob", "garden", "user"), ("alice", "forest", "project")] {
        match store.assign(membership(user, project, "member")).await {
            Err(StoreError::NotFound { kind, .. }) => assert_eq!(kind, missing),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn users_and_projects_are_listed_oldest_first() {
    let home = Home::new();
    let store = home.open().await;
    for id in ["zoe_", "alice"] {
        store.create_user(user(id)).await.unwrap();
        store.create_project(project(id)).await.unwrap();
    }
    for id in ["zoe_", "alice"] {
        store.assign(membership("alice", id, "member")).await.unwrap();
    }
    let projects = store.projects().await.unwrap();
    assert_eq!(projects.iter().map(|project| &*project.id).collect::<Vec<_>>(), ["zoe_", "alice"]);
    let users = store.users().await.unwrap();
    assert_eq!((&*users[0].0.id, &*users[0].1), ("zoe_", &[][..]));
    let places = [membership("alice", "zoe_", "member"), membership("alice", "alice", "member")];
    assert_eq!((&*users[1].0.id, &*users[1].1), ("alice", &places[..]));
}

#[tokio::test]
async fn memberships_end_with_their_user_their_project_or_alone() {
    let home = Home::new();
    let store = home.open().await;
    for id in ["garden", "forest"] {
        store.create_project(project(id)).await.unwrap();
    }
    for id in ["alice", "bobby"] {
        store.create_user(user(id)).await.unwrap();
        for project in ["garden", "forest"] {
            store.assign(membership(id, project, "member")).await.unwrap();
        }
    }
    store.delete_project("garden").await.unwrap();
    let forest = |id: &str| [membership(id, "forest", "member")];
    assert_eq!(store.memberships("alice").await.unwrap(), forest("alice"));
    store.unassign("alice", "forest").await.unwrap();
    assert_eq!(store.memberships("alice").await.unwrap(), []);
    assert_eq!(store.memberships("bobby").await.unwrap(), forest("bobby"));
    store.delete_user("bobby").await.unwrap();
    assert_eq!(store.memberships("bobby").await.unwrap(), []);

    for (gone, kind) in [
        (store.delete_project("garden").await, "project"),
        (store.delete_user("bobby").await, "user"),
        (store.unassign("bobby", "forest").await, "user"),
        (store.unassign("alice", "forest").await, "membership"),
    ] {
        let Err(StoreError::NotFound { kind: missing, .. }) = gone else { panic!("{gone:?}") };
        assert_eq!(missing, kind);
    }
}

#[tokio::test]
async fn there_is_always_an_admin_left() {
    let home = Home::new();
    let store = home.open().await;
    for id in ["chief", "deputy"] {
        store.create_user(NewUser { is_admin: true, ..user(id) }).await.unwrap();
    }
    store.create_user(user("alice")).await.unwrap();
    // Even if each of the two deletes the other at the same time.
    let (one, other) = tokio::join!(store.delete_user("chief"), store.delete_user("deputy"));
    let (done, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    done.unwrap();
    assert!(conflict(refused).contains("last admin"));
    store.delete_user("alice").await.unwrap();
}

fn conflict<T: std::fmt::Debug>(refused: Result<T, StoreError>) -> String {
    match refused {
        Err(StoreError::Conflict { message }) => message,
        other => panic!("{other:?}"),
    }
}

/// Both deletions are refused, naming `held`.
async fn assert_held(store: &Store, held: &str) {
    for message in
        [conflict(store.delete_user("alice").await), conflict(store.delete_project("garden").await)]
    {
        assert!(message.contains(held), "{message}");
    }
}

#[tokio::test]
async fn nobody_is_deleted_who_still_owns_something() {
    let home = Home::new();
    let store = home.open().await;
    store.create_user(user("alice")).await.unwrap();
    store.create_project(project("garden")).await.unwrap();
    let alice = member("alice", "garden");
    // Others' things do not stand in the way.
    cluster(&store, &member("bobby", "forest"), "not mine").await;

    let dataset = ready_dataset(&store, &alice).await;
    assert_held(&store, "owns 1 dataset ('a dataset'): delete").await;
    let oracle = cluster(&store, &alice, "oracle").await;
    let new = new_task(&oracle, &dataset, TaskKind::Request);
    let task = store.enqueue_task(&alice, new, LIMIT).await.unwrap();
    let result =
        NewResult { dataset_kind: DatasetKind::Csv, column: None, data: vec![1.0], outputs: None };
    store.finish_request(task.uuid, result).await.unwrap();
    let all = "1 cluster ('oracle'), 1 dataset ('a dataset'), 1 task ('a task'), \
               1 request result ('a task')";
    assert_held(&store, all).await;
    for name in ["delta", "charlie", "bravo"] {
        cluster(&store, &alice, name).await;
    }
    assert_held(&store, "4 clusters ('bravo', 'charlie', 'delta', ...), 1 dataset").await;

    for cluster in store.clusters(&alice).await.unwrap() {
        store.delete_cluster(&alice, cluster.uuid).await.unwrap();
    }
    store.delete_dataset(&alice, dataset.uuid).await.unwrap();
    assert_held(&store, "owns 1 request result ('a task'): delete").await;
    store.delete_result(&alice, task.uuid).await.unwrap();
    store.delete_user("alice").await.unwrap();
    store.delete_project("garden").await.unwrap();
}

#[tokio::test]
async fn what_is_given_of_a_user_changes_and_the_rest_stays() {
    let home = Home::new();
    let store = home.open().await;
    let before = store.create_user(user("alice")).await.unwrap();
    let unchanged = store.change_user("alice", UserChange::default()).await.unwrap();
    assert_eq!(unchanged, before);
    let name = UserChange { name: Some("Alice".into()), ..UserChange::default() };
    let renamed = store.change_user("alice", name).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.password_version), ("Alice", 0));
    let hash = "$argon2id$other".to_owned();
    let password = UserChange { password_hash: Some(hash.clone()), ..UserChange::default() };
    let changed = store.change_user("alice", password).await.unwrap();
    assert_eq!((&changed.password_hash, changed.password_version), (&hash, 1));
    assert_eq!((changed.name, changed.created_at), (renamed.name, before.created_at));
    let unknown = store.change_user("nobody", UserChange::default()).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })), "{unknown:?}");
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let home = Home::new();
    let store = home.open().await;
    store.create_user(NewUser { is_admin: true, ..user("alice") }).await.unwrap();
    store.create_user(user("bob")).await.unwrap();
    let is_admin = |is_admin| UserChange { is_admin: Some(is_admin), ..UserChange::default() };
    for refused in [
        store.change_user("alice", is_admin(false)).await.map(|_| ()),
        store.expel_user("alice").await,
    ] {
        assert!(conflict(refused).contains("last admin"));
    }
    assert!(store.change_user("bob", is_admin(true)).await.unwrap().is_admin);
    assert!(!store.change_user("alice", is_admin(false)).await.unwrap().is_admin);
}

#[tokio::test]
async fn everything_that_a_user_or_a_project_owns_is_told() {
    let home = Home::new();
    let store = home.open().await;
    let (alice, bob) = (member("alice", "garden"), member("bob", "garden"));
    let (hers, his) =
        (cluster(&store, &alice, "hers").await, cluster(&store, &bob, "his own").await);
    let (ready, his_data) =
        (ready_dataset(&store, &alice).await, ready_dataset(&store, &bob).await);
    let save = store.enqueue_save(&alice, "backup", hers.uuid, LIMIT).await.unwrap();
    store.finish_save(save.uuid).await.unwrap();
    let admin = hanami_store::Access::granted("root", "Root", "admin", "admin", true, true);
    // Another's open task that reads her dataset, and another's that does not.
    let reads = new_task(&his, &ready, TaskKind::Train);
    let reads = store.enqueue_task(&admin, reads, LIMIT).await.unwrap();
    let other = new_task(&his, &his_data, TaskKind::Train);
    let other = store.enqueue_task(&bob, other, LIMIT).await.unwrap();

    let held = store.holdings(Holder::User("alice")).await.unwrap();
    assert_eq!(held.clusters, [hers.uuid]);
    assert_eq!(held.datasets, [ready.uuid]);
    assert_eq!(held.checkpoints, [save.uuid]);
    assert!(held.results.is_empty());
    assert_eq!(held.tasks, [(hers.uuid, save.uuid), (his.uuid, reads.uuid)]);
    let held = store.holdings(Holder::Project("garden")).await.unwrap();
    assert_eq!((held.clusters.len(), held.datasets.len(), held.tasks.len()), (2, 2, 4));
    assert!(held.tasks.contains(&(his.uuid, other.uuid)));
    assert_eq!(store.holdings(Holder::User("nobody")).await.unwrap(), Holdings::default());
}

#[tokio::test]
async fn who_is_expelled_is_in_no_project() {
    let home = Home::new();
    let store = home.open().await;
    for id in ["garden", "forest"] {
        store.create_project(project(id)).await.unwrap();
        for member in ["alice", "bob"] {
            if id == "garden" {
                store.create_user(user(member)).await.unwrap();
            }
            store.assign(membership(member, id, "member")).await.unwrap();
        }
    }
    store.expel_user("alice").await.unwrap();
    assert_eq!(store.memberships("alice").await.unwrap(), []);
    store.expel_members("garden").await.unwrap();
    let bobs = store.memberships("bob").await.unwrap();
    assert_eq!(bobs, [membership("bob", "forest", "member")]);
    let unknown = store.expel_members("nowhere").await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })), "{unknown:?}");
}

#[tokio::test]
async fn nobody_inherits_what_a_former_user_or_project_has_left() {
    let home = Home::new();
    let store = home.open().await;
    // As by a request that was under way when the user and the project were deleted.
    let left = member("alice", "garden");
    let cluster = cluster(&store, &left, "late").await.uuid;
    assert!(conflict(store.create_user(user("alice")).await).contains("1 cluster ('late')"));
    assert!(conflict(store.create_project(project("garden")).await).contains("1 cluster ('late')"));
    assert_eq!(store.user("alice").await.unwrap(), None);
    assert_eq!(store.project("garden").await.unwrap(), None);

    store.delete_cluster(&left, cluster).await.unwrap();
    store.create_user(user("alice")).await.unwrap();
    store.create_project(project("garden")).await.unwrap();
    store.assign(membership("alice", "garden", "member")).await.unwrap();
    assert!(conflict(store.create_user(user("alice")).await).contains("already a user"));
}

#[tokio::test]
async fn a_secret_is_made_once_and_kept() {
    let home = Home::new();
    let store = home.open().await;
    let (one, same) = tokio::join!(store.secret("tokens", 32), store.secret("tokens", 32));
    let one = one.unwrap();
    assert_eq!(one, same.unwrap());
    assert_eq!(one.len(), 32);
    assert_ne!(store.secret("other", 32).await.unwrap(), one);
    drop(store);

    let store = home.open().await;
    assert_eq!(store.secret("tokens", 32).await.unwrap(), one);
}

#[test]
fn a_password_hash_is_not_in_the_debug_output() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let created = runtime.block_on(async {
        let home = Home::new();
        home.open().await.create_user(user("alice")).await.unwrap()
    });
    assert!(!format!("{created:?}").contains("secret"));
}
