use hanami_server::{AdminWish, Server, Settings};
use hanami_store::Store;

use crate::common::TestServer;

fn wish(id: Option<&str>, name: Option<&str>, password: Option<&str>) -> AdminWish {
    AdminWish {
        id: id.map(str::to_owned),
        name: name.map(str::to_owned),
        password: password.map(|password| password.to_owned().into()),
    }
}

fn settings(directory: &tempfile::TempDir, first_admin: AdminWish) -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: directory.path().to_owned(),
        first_admin,
        ..Settings::default()
    }
}

#[tokio::test]
async fn a_wanted_admin_is_made_and_no_passphrase_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let admin = wish(Some("chief@home"), Some("The Chief"), Some("a good password"));
    let server = Server::start(settings(&directory, admin)).await.unwrap();
    assert!(server.first_admin().is_none());
    server.stop().await;
    // A server with users does not look at the wish any more.
    let half = wish(Some("other"), None, None);
    let server = Server::start(settings(&directory, half)).await.unwrap();
    server.stop().await;

    let server = Server::start(settings(&directory, AdminWish::default())).await.unwrap();
    assert!(server.first_admin().is_none());
    let url = format!("http://{}/control/v1/token", server.address());
    let body = r#"{"id": "chief@home", "password": "a good password"}"#;
    let answer = crate::common::http().post(url).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn a_wish_that_is_incomplete_or_breaks_a_rule_is_a_start_error() {
    let directory = tempfile::tempdir().unwrap();
    let password = Some("a good password");
    for (admin, named) in [
        (wish(Some("chief"), None, password), "HANAMI_ADMIN_USER_NAME is not set"),
        (wish(None, Some("Chief"), password), "HANAMI_ADMIN_USER_ID is not set"),
        (wish(Some("chief"), Some("Chief"), None), "HANAMI_ADMIN_PASSWORD is not set"),
        (wish(Some("c"), Some("Chief"), password), "HANAMI_ADMIN_USER_ID is not valid"),
        (wish(Some("chief"), Some("1"), password), "HANAMI_ADMIN_USER_NAME is not valid"),
        (wish(Some("chief"), Some("Chief"), Some("pw")), "HANAMI_ADMIN_PASSWORD is not valid"),
    ] {
        let error = Server::start(settings(&directory, admin)).await.err().unwrap().to_string();
        assert!(error.contains(named), "{error}");
    }
    // Nothing half-made is left: the next start makes an admin.
    let server = Server::start(settings(&directory, AdminWish::default())).await.unwrap();
    assert!(server.first_admin().is_some());
    server.stop().await;
}

#[tokio::test]
async fn a_made_up_passphrase_is_stored_only_as_a_hash() {
    let (directory, passphrase) = TestServer::start().await.shut_down().await;
    let store = Store::open(directory.path()).await.unwrap();
    let admin = store.user("admin").await.unwrap().unwrap();
    assert!(admin.is_admin);
    assert!(admin.password_hash.starts_with("$argon2id$"));
    let places = store.memberships("admin").await.unwrap();
    assert_eq!((&*places[0].project_id, &*places[0].role), ("admin", "admin"));
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        let found = bytes.windows(passphrase.len()).any(|bytes| bytes == passphrase.as_bytes());
        assert!(!found);
    }
}
