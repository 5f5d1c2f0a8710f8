//! What a policy file decides, and that a change of it takes effect while the server runs.

use std::path::Path;
use std::time::{Duration, Instant};

use hanami_server::{Policy, Server, Settings, StartError};
use reqwest::Method;
use serde_json::json;

use crate::common::{TEMPLATE, TestServer};

/// Readers see clusters, and talk to them; nothing else.
const READERS: &str = r#"
[roles]
admin = "*"

[roles.reader]
"cluster" = ["GET"]
"cluster/all" = "*"
"websocket/cluster" = ["GET"]
"#;

async fn start(policy: &Path) -> TestServer {
    TestServer::start_with(Settings { policy_file: policy.to_owned(), ..Settings::default() }).await
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

/// Makes a project with the user `rita`, a reader; answers her token.
async fn reader(server: &TestServer) -> String {
    server.post("project", json!({"id": "garden", "name": "Garden"})).await.ok();
    let user = json!({"id": "rita", "name": "Rita", "password": crate::common::PASSWORD});
    server.post("user", user).await.ok();
    let place =
        json!({"id": "rita", "project_id": "garden", "role": "reader", "is_project_admin": true});
    server.post("user/project", place).await.ok();
    server.log_in("rita", crate::common::PASSWORD).await
}

/// Waits until `token` may, or may not, list the datasets.
async fn until_datasets(server: &TestServer, token: &str, status: u16) {
    // Only so that a change that is never noticed fails the test.
    let patience = Instant::now() + Duration::from_mins(1);
    let path = "/control/v1/dataset/all";
    while server.send(Method::GET, path, token, None).await.status != status {
        assert!(Instant::now() < patience, "the policy is not renewed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_role_may_do_what_its_file_says() {
    let file = file(READERS);
    let server = start(file.path()).await;
    let rita = reader(&server).await;
    for (method, path, allowed) in [
        (Method::GET, "cluster/all", true),
        (Method::GET, "dataset/all", false),
        (Method::POST, "cluster", false),
        (Method::PUT, "token", false),
    ] {
        let path = format!("/control/v1/{path}");
        let answer = server.send(method, &path, &rita, Some(json!({"name": "hers"}))).await;
        if allowed {
            answer.ok();
        } else {
            assert!(answer.problem(401, "forbidden").contains("the role 'reader' may not"));
        }
    }
    // Roles are those of the file.
    let place = json!({
        "id": "rita", "project_id": "garden", "role": "member", "is_project_admin": false
    });
    let detail = server.post("user/project", place).await.problem(400, "invalid-body");
    assert!(detail.contains("`admin`, `reader`"), "{detail}");
}

#[tokio::test]
async fn a_changed_file_takes_effect_at_once_also_when_it_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.toml");
    std::fs::write(&path, READERS).unwrap();
    let server = start(&path).await;
    let rita = reader(&server).await;
    until_datasets(&server, &rita, 401).await;

    let more = format!("{READERS}\"dataset/all\" = [\"GET\"]\n");
    std::fs::write(&path, &more).unwrap();
    until_datasets(&server, &rita, 200).await;

    let new = directory.path().join("new.toml");
    std::fs::write(&new, READERS).unwrap();
    std::fs::rename(&new, &path).unwrap();
    until_datasets(&server, &rita, 401).await;

    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, &more).unwrap();
    until_datasets(&server, &rita, 200).await;
    server.shut_down().await;
}

#[tokio::test]
async fn a_bad_file_changes_nothing_and_a_good_one_after_it_does() {
    let file = file(READERS);
    let server = start(file.path()).await;
    let rita = reader(&server).await;
    std::fs::write(file.path(), "[roles.reader]\n").unwrap();
    server.send(Method::GET, "/control/v1/cluster/all", &rita, None).await.ok();
    server.assert_healthy().await;
    let more = format!("{READERS}\"dataset/all\" = [\"GET\"]\n");
    std::fs::write(file.path(), more).unwrap();
    until_datasets(&server, &rita, 200).await;
}

#[tokio::test]
async fn open_websockets_end_when_their_role_may_not_have_them_any_more() {
    let file = file(READERS);
    let mut server = start(file.path()).await;
    let rita = reader(&server).await;
    // In her project, of which she is an admin.
    let admin = server.put("token", json!({"project_id": "garden"})).await.ok();
    server.token = crate::common::text(&admin["token"]);
    let cluster = server.cluster("direct", TEMPLATE).await;
    server.put("cluster/set_mode", json!({"uuid": cluster, "new_state": "DIRECT"})).await.ok();
    let mut readers = server.connect_with(&rita, "cluster", &cluster).await.unwrap();
    let mut admins = server.connect("cluster", &cluster).await.unwrap();
    readers.request(&[1.0, 2.0]).await;

    std::fs::write(file.path(), READERS.replace("\"websocket/cluster\" = [\"GET\"]", "")).unwrap();
    // The server looks with every ping too, after 30 seconds; it must not take that long.
    let closed = tokio::time::timeout(Duration::from_secs(20), readers.closed()).await;
    let (code, reason) = closed.expect("the websocket is still open");
    assert!(code == 1008 && reason.contains("may not GET websocket/cluster"), "{code} {reason}");
    admins.request(&[1.0, 2.0]).await;
}

#[tokio::test]
async fn a_server_does_not_start_with_a_bad_policy() {
    let file = file("[roles.admin]\n\"cluster\" = [\"PATCH\"]\n");
    let directory = tempfile::tempdir().unwrap();
    let settings = Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: directory.path().to_owned(),
        policy_file: file.path().to_owned(),
        ..Settings::default()
    };
    let Err(error) = Server::start(settings).await else { panic!("it has started") };
    assert!(matches!(error, StartError::Policy(_)), "{error:?}");
    let shown = error.to_string();
    assert!(shown.contains("does not take `PATCH`") && shown.contains(":2:14"), "{shown}");
    assert_eq!(shown, Policy::load(file.path()).unwrap_err().to_string());
}
