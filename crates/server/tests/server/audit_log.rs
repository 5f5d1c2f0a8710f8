use reqwest::Method;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::common::{NOWHERE, PASSWORD, TestServer};

/// User, endpoint, method and status of each row that `token` gets to see.
async fn audited(server: &TestServer, token: &str, query: &str) -> Vec<[String; 4]> {
    let path = format!("/control/v1/audit_log?page=0{query}");
    let table = server.send(Method::GET, &path, token, None).await.ok();
    assert_eq!(
        table["header"],
        json!(["timestamp", "user_id", "endpoint", "request_type", "status"])
    );
    let cells = |row: &Value| {
        let row: [String; 5] = serde_json::from_value(row.clone()).unwrap();
        let [timestamp, user, endpoint, method, status] = row;
        assert_eq!(timestamp.len(), "2026-01-02 03:04:05".len(), "{timestamp}");
        [user, endpoint, method, status]
    };
    table["body"].as_array().unwrap().iter().map(cells).collect()
}

fn row(user: &str, endpoint: &str, method: &str, status: u16) -> [String; 4] {
    [user, endpoint, method, &status.to_string()].map(str::to_owned)
}

#[tokio::test]
async fn what_changes_something_is_audited_whether_it_succeeds_or_not() {
    let server = TestServer::start().await;
    server.post("cluster", json!({"name": "audited"})).await.ok();
    server.get("cluster/all").await.ok();
    server.delete(&format!("cluster?uuid={NOWHERE}")).await.problem(404, "not-found");
    server.put("cluster/set_mode", json!({})).await.problem(400, "invalid-body");
    let expected = [
        row("admin", "v1/cluster/set_mode", "PUT", 400),
        row("admin", "v1/cluster", "DELETE", 404),
        row("admin", "v1/cluster", "POST", 200),
        row("admin", "v1/token", "POST", 200),
    ];
    assert_eq!(audited(&server, &server.token, "").await, expected);
}

#[tokio::test]
async fn what_nobody_stands_for_is_not_audited() {
    let server = TestServer::start().await;
    let before = audited(&server, &server.token, "").await;
    let wrong = json!({"id": "admin", "password": "wrong password"});
    let path = "/control/v1/token";
    server.send(Method::POST, path, "", Some(wrong)).await.problem(401, "wrong-credentials");
    let path = "/control/v1/cluster";
    let made = json!({"name": "unknown"});
    server.send(Method::POST, path, "nonsense", Some(made)).await.problem(401, "invalid-token");
    server.send(Method::POST, "/healthz", &server.token, None).await.problem(404, "not-found");
    assert_eq!(audited(&server, &server.token, "").await, before);
}

#[tokio::test]
async fn users_see_their_own_rows_and_admins_all() {
    let server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    // What the role may not do is audited too.
    let made = json!({"id": "dora", "name": "Dora", "password": PASSWORD});
    let refused = server.send(Method::POST, "/control/v1/user", &anna, Some(made)).await;
    refused.problem(401, "forbidden");

    let hers = [row("anna", "v1/user", "POST", 401), row("anna", "v1/token", "POST", 200)];
    assert_eq!(audited(&server, &anna, "").await, hers);
    assert_eq!(audited(&server, &anna, "&user_id=anna").await, hers);
    let path = "/control/v1/audit_log?page=0&user_id=admin";
    server.send(Method::GET, path, &anna, None).await.problem(401, "forbidden");

    assert_eq!(audited(&server, &server.token, "&user_id=anna").await, hers);
    let all = audited(&server, &server.token, "").await;
    assert_eq!((&all[..2], &all[2]), (&hers[..], &row("admin", "v1/token", "POST", 200)));
}

#[tokio::test]
async fn pages_hold_a_hundred_rows() {
    let server = TestServer::start().await;
    for _ in 0..100 {
        server.delete(&format!("cluster?uuid={NOWHERE}")).await.problem(404, "not-found");
    }
    assert_eq!(audited(&server, &server.token, "").await.len(), 100);
    let second = server.get("audit_log?page=1").await.ok();
    assert_eq!(second["body"].as_array().unwrap().len(), 1);
    assert_eq!(second["body"][0][2], "v1/token");
    assert_eq!(server.get("audit_log?page=4294967295").await.ok()["body"], json!([]));
    for (query, named) in [("", "page"), ("?page=-1", "page"), ("?page=0&more=1", "`more`")] {
        let detail = server.get(&format!("audit_log{query}")).await.problem(400, "invalid-query");
        assert!(detail.contains(named), "{detail}");
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_written_costs_nobody_their_answer() {
    let server = TestServer::start().await;
    let url = format!("sqlite:{}", server.directory.path().join("hanami.db").display());
    let database = Database::connect(url).await.unwrap();
    database.execute_unprepared("DROP TABLE audit_log").await.unwrap();
    database.close().await.unwrap();
    server.post("cluster", json!({"name": "not audited"})).await.ok();
    server.get("audit_log?page=0").await.problem(500, "internal");
    server.assert_healthy().await;
}
