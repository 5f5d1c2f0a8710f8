//! Changing users and passwords, and what ends with that.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, PASSWORD, TEMPLATE, TestServer, text};

const NEW: &str = "a wholly new password";

async fn use_token(server: &TestServer, token: &str) -> Answer {
    server.send(Method::GET, "/control/v1/cluster/all", token, None).await
}

async fn try_as(server: &TestServer, id: &str, password: &str) -> Answer {
    let body = json!({"id": id, "password": password});
    server.send(Method::POST, "/control/v1/token", "", Some(body)).await
}

#[tokio::test]
async fn an_admin_changes_what_is_given_and_the_rest_stays() {
    let server = TestServer::start_with_users().await;
    let before = server.get("user?id=anna").await.ok();
    assert_eq!(server.put("user", json!({"id": "anna"})).await.ok(), before);
    let anna = server.log_in("anna", PASSWORD).await;
    let renamed = server.put("user", json!({"id": "anna", "name": "Anna Bell"})).await.ok();
    assert_eq!(renamed["name"], "Anna Bell");
    assert_eq!(renamed["projects"], before["projects"]);
    use_token(&server, &anna).await.ok();

    server.put("user", json!({"id": "anna", "password": NEW})).await.ok();
    use_token(&server, &anna).await.problem(401, "invalid-token");
    try_as(&server, "anna", PASSWORD).await.problem(401, "wrong-credentials");
    let anna = server.log_in("anna", NEW).await;

    let promoted = server.put("user", json!({"id": "anna", "is_admin": true})).await.ok();
    assert_eq!((&promoted["is_admin"], &promoted["name"]), (&json!(true), &json!("Anna Bell")));
    use_token(&server, &anna).await.problem(401, "invalid-token");
    let anna = server.log_in("anna", NEW).await;
    server.send(Method::GET, "/control/v1/user/all", &anna, None).await.ok();
    server.put("user", json!({"id": "anna", "is_admin": false})).await.ok();
    use_token(&server, &anna).await.problem(401, "invalid-token");
    // What has ended stays ended, also when the user is again what they were.
    server.put("user", json!({"id": "anna", "is_admin": true})).await.ok();
    use_token(&server, &anna).await.problem(401, "invalid-token");
}

#[tokio::test]
async fn a_change_is_refused_that_is_malformed_or_leaves_no_admin() {
    let mut server = TestServer::start_with_users().await;
    let detail = server.put("user", json!({"id": "admin", "is_admin": false})).await;
    assert!(detail.problem(409, "conflict").contains("last admin"));
    server.put("user", json!({"id": "nobody"})).await.problem(404, "not-found");
    for (body, named) in [
        (json!({}), "`id`"),
        (json!({"id": "anna", "name": "no!!"}), "`name`"),
        (json!({"id": "anna", "password": "short"}), "`password`"),
        (json!({"id": "anna", "is_admin": "yes"}), "`is_admin`"),
        (json!({"id": "anna", "creator_id": "anna"}), "`creator_id`"),
    ] {
        let detail = server.put("user", body).await.problem(400, "invalid-body");
        assert!(detail.contains(named), "{detail}");
    }
    server.token = server.log_in("carl", PASSWORD).await;
    server.put("user", json!({"id": "carl", "is_admin": true})).await.problem(401, "forbidden");
}

#[tokio::test]
async fn everyone_changes_their_own_password_and_goes_on_with_the_token_in_the_answer() {
    let mut server = TestServer::start_with_users().await;
    let elsewhere = server.log_in("anna", PASSWORD).await;
    let admin = std::mem::replace(&mut server.token, elsewhere.clone());
    let cluster = server.cluster("direct", TEMPLATE).await;
    server.put("cluster/set_mode", json!({"uuid": cluster, "new_state": "DIRECT"})).await.ok();
    let mut socket = server.connect("cluster", &cluster).await.unwrap();

    let body = |password: &str| json!({"password": password, "new_password": NEW});
    let wrong = server.put("user/password", body("wrong password")).await;
    wrong.problem(401, "wrong-credentials");
    let detail = server.put("user/password", json!({"password": PASSWORD})).await;
    assert!(detail.problem(400, "invalid-body").contains("`new_password`"));
    use_token(&server, &elsewhere).await.ok();

    let changed = server.put("user/password", body(PASSWORD)).await.ok();
    assert_eq!((&changed["id"], &changed["is_admin"]), (&json!("anna"), &json!(false)));
    use_token(&server, &elsewhere).await.problem(401, "invalid-token");
    use_token(&server, &text(&changed["token"])).await.ok();
    // The server looks with every ping too, after 30 seconds; it must not take that long.
    let closed = tokio::time::timeout(Duration::from_secs(10), socket.closed()).await;
    let (code, reason) = closed.expect("the websocket is still open");
    assert!(code == 1008 && reason.contains("has changed"), "{code} {reason}");
    server.log_in("anna", NEW).await;

    server.token = admin;
    let log = server.get("audit_log?page=0&user_id=anna").await.ok();
    let log = serde_json::to_string(&log).unwrap();
    assert!(log.contains("v1/user/password") && !log.contains(NEW) && !log.contains(PASSWORD));
}

#[tokio::test]
async fn a_user_goes_with_all_they_own_if_forced() {
    let mut server = TestServer::start_with_users().await;
    let admin = server.token.clone();
    server.token = server.log_in("anna", PASSWORD).await;
    let (mut direct, mut upload) = furnish(&server).await;
    server.token = admin;
    for query in ["id=anna", "id=anna&force=false"] {
        let refused = server.delete(&format!("user?{query}")).await.problem(409, "conflict");
        assert!(refused.contains("2 clusters") && refused.contains("2 datasets"), "{refused}");
    }
    server.delete("user?id=anna&force=maybe").await.problem(400, "invalid-query");
    direct.request(&[1.0, 2.0]).await;

    server.delete("user?id=anna&force=true").await.ok();
    server.get("user?id=anna").await.problem(404, "not-found");
    for socket in [&mut direct, &mut upload] {
        assert_eq!(socket.closed().await.0, 1008);
    }
    assert_bare(&server).await;
    server.newcomer("anna", "garden", false).await;
    let oneself = server.delete("user?id=admin&force=true").await.problem(409, "conflict");
    assert!(oneself.contains("yourself"), "{oneself}");
}

#[tokio::test]
async fn a_project_goes_with_all_that_belongs_to_it_if_forced() {
    let mut server = TestServer::start_with_users().await;
    let admin = server.token.clone();
    server.token = server.log_in("anna", PASSWORD).await;
    furnish(&server).await;
    server.token = server.log_in("bert", PASSWORD).await;
    furnish(&server).await;
    server.token = admin;
    let refused = server.delete("project?id=garden").await.problem(409, "conflict");
    assert!(refused.contains("4 clusters"), "{refused}");
    server.delete("project?id=garden&force=true").await.ok();
    server.get("project?id=garden").await.problem(404, "not-found");
    assert_bare(&server).await;
    assert_eq!(server.get("user?id=anna").await.ok()["projects"], json!([]));
    let detail = server.delete("project?id=admin&force=true").await.problem(409, "conflict");
    assert!(detail.contains("'admin'"), "{detail}");
    server.delete("project?id=garden&force=true").await.problem(404, "not-found");
}

/// Makes some of everything, with open connections: one in direct mode, one of an upload.
async fn furnish(server: &TestServer) -> (crate::common::Socket, crate::common::Socket) {
    let worker = server.cluster("worker", TEMPLATE).await;
    let table = crate::common::table(200_000);
    let dataset = server.csv("table", &table).await;
    server.task("train", &worker, &dataset).await;
    server.task("request", &worker, &dataset).await;
    let direct = server.direct_cluster("direct").await;
    let declared = json!({"name": "arriving", "input_data_size": 10});
    let declared = server.post("csv/dataset", declared).await.ok();
    let file = text(&declared["uuid_input_file"]);
    (direct, server.connect("file_upload", &file).await.unwrap())
}

/// Nothing is left of any kind, as an admin sees it.
async fn assert_bare(server: &TestServer) {
    for kind in ["cluster", "checkpoint", "dataset", "request_result"] {
        let all = server.get(&format!("{kind}/all")).await.ok();
        assert_eq!(all["body"], Value::Array(Vec::new()), "{kind}");
    }
}
