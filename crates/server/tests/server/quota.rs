use hanami_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{PASSWORD, TEMPLATE, TestServer, table, text};

/// A server with users, and a token of `anna`, a member of `garden`.
async fn garden() -> (TestServer, String) {
    let server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    (server, anna)
}

async fn set(server: &TestServer, limits: Value) -> Value {
    let mut body = limits;
    body["id"] = json!("garden");
    server.put("project/quota", body).await.ok()
}

#[tokio::test]
async fn admins_set_limits_and_everyone_sees_those_of_their_project() {
    let (mut server, anna) = garden().await;
    let set = set(&server, json!({"clusters": 3, "dataset_bytes": 1000})).await;
    assert_eq!(set["id"], "garden");
    assert_eq!(set["clusters"], json!({"limit": 3, "used": 0}));
    assert_eq!(set["open_tasks"], json!({"limit": 10_000, "used": 0}), "the default");
    assert_eq!(server.get("project/quota?id=garden").await.ok(), set);
    assert_eq!(server.get("project/quota").await.ok()["id"], "admin");

    let admin = std::mem::replace(&mut server.token, anna);
    let uuid = server.cluster("hers", TEMPLATE).await;
    let hers = server.get("project/quota").await.ok();
    assert_eq!(hers["clusters"], json!({"limit": 3, "used": 1}));
    assert!(hers["cluster_bytes"]["used"].as_u64().unwrap() > 0, "{hers}");
    for other in ["garden", "admin"] {
        let asked = server.get(&format!("project/quota?id={other}")).await;
        asked.problem(401, "forbidden");
    }
    server.put("project/quota", json!({"id": "garden"})).await.problem(401, "forbidden");
    server.delete(&format!("cluster?uuid={uuid}")).await.ok();

    server.token = admin;
    let reset = server.put("project/quota", json!({"id": "garden"})).await.ok();
    assert_eq!(reset["clusters"], json!({"limit": 1000, "used": 0}));
}

#[tokio::test]
async fn malformed_and_unknown_quotas_are_refused() {
    let server = TestServer::start().await;
    for (body, named) in [
        (json!({}), "`id`"),
        (json!({"id": "admin", "clusters": -1}), "`clusters`"),
        (json!({"id": "admin", "clusters": "many"}), "`clusters`"),
        (json!({"id": "admin", "bricks": 1}), "`bricks`"),
    ] {
        let detail = server.put("project/quota", body).await.problem(400, "invalid-body");
        assert!(detail.contains(named), "{detail}");
    }
    server.put("project/quota", json!({"id": "forest"})).await.problem(404, "not-found");
    server.get("project/quota?id=forest").await.problem(404, "not-found");
    server.get("project/quota?uuid=forest").await.problem(400, "invalid-query");
}

#[tokio::test]
async fn what_goes_past_a_limit_is_refused_and_says_what_to_do() {
    let (mut server, anna) = garden().await;
    set(&server, json!({"clusters": 1, "dataset_bytes": 2000, "checkpoint_bytes": 0})).await;
    let admin = std::mem::replace(&mut server.token, anna);
    let cluster = server.cluster("worker", TEMPLATE).await;
    let refused = server.post("cluster", json!({"name": "second"})).await;
    let detail = refused.problem(409, "quota-exceeded");
    for told in ["`clusters`", "'garden'", "1 of at most 1", "delete some", "ask an admin"] {
        assert!(detail.contains(told), "{detail}");
    }
    let dataset = server.csv("table", &table(20)).await;
    for (kind, sizes) in [
        ("csv", json!({"name": "large", "input_data_size": 2001})),
        ("mnist", json!({"name": "large", "input_data_size": 1000, "label_data_size": 1001})),
    ] {
        let refused = server.post(&format!("{kind}/dataset"), sizes).await;
        let detail = refused.problem(409, "quota-exceeded");
        assert!(detail.contains("`dataset_bytes`"), "{detail}");
    }
    let save = json!({"name": "backup", "cluster_uuid": cluster});
    let detail = server.post("cluster/save", save).await.problem(409, "quota-exceeded");
    assert!(detail.contains("`checkpoint_bytes`"), "{detail}");

    let annas = std::mem::replace(&mut server.token, admin.clone());
    set(&server, json!({"cluster_bytes": 1, "open_tasks": 0})).await;
    server.token = annas;
    let task = |kind: &str| {
        json!({
            "name": "work", "type": kind, "cluster_uuid": cluster, "dataset_uuid": dataset
        })
    };
    let detail = server.post("task", task("request")).await.problem(409, "quota-exceeded");
    assert!(detail.contains("`open_tasks`"), "{detail}");
    let annas = std::mem::replace(&mut server.token, admin);
    let held = server.get("project/quota?id=garden").await.ok()["dataset_bytes"]["used"].clone();
    set(&server, json!({"cluster_bytes": 1, "dataset_bytes": held})).await;
    server.token = annas;
    let detail = server.post("task", task("request")).await.problem(409, "quota-exceeded");
    assert!(detail.contains("bytes of datasets and request results"), "{detail}");
    server.put("cluster/set_mode", json!({"uuid": cluster, "new_state": "DIRECT"})).await.ok();
    let refused = server.connect("cluster", &cluster).await.err().unwrap();
    assert!(refused.contains("`cluster_bytes`"), "{refused}");
}

#[tokio::test]
async fn the_settings_are_the_limits_of_all_projects() {
    let settings = Settings { project_clusters: 1, ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    server.cluster("first", TEMPLATE).await;
    server.post("cluster", json!({"name": "second"})).await.problem(409, "quota-exceeded");
    server.put("project/quota", json!({"id": "admin", "clusters": 2})).await.ok();
    server.post("cluster", json!({"name": "second"})).await.ok();
    let path = "/control/v1/project/quota";
    let shown = server.send(Method::GET, path, &server.token, None).await.ok();
    assert_eq!(text(&shown["id"]), "admin");
    assert_eq!(shown["clusters"], json!({"limit": 2, "used": 2}));
}
