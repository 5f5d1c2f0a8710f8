//! Users, projects and memberships; the server's own secrets.

use crate::support::Home;
use hanami_store::{Membership, NewProject, NewUser, StoreError};

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
