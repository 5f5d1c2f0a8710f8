use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::json;

use crate::common::{NOWHERE, PASSWORD, TEMPLATE, TestServer, table, text};

#[tokio::test]
async fn a_cluster_is_created_shown_listed_and_deleted() {
    let server = TestServer::start().await;
    let template = BASE64_STANDARD.encode(TEMPLATE);
    let made = server.post("cluster", json!({"name": "my cluster", "template": template})).await;
    let made = made.ok();
    assert_eq!(made["name"], "my cluster");
    assert_eq!(made["owner_id"], "admin");
    assert_eq!(made["project_id"], "admin");
    assert_eq!(made["visibility"], "private");

    let uuid = text(&made["uuid"]);
    let shown = server.get(&format!("cluster?uuid={}", uuid.to_uppercase())).await.ok();
    for field in ["uuid", "name", "owner_id", "project_id", "visibility"] {
        assert_eq!(shown[field], made[field]);
    }
    assert_eq!(shown["mode"], "TASK");
    assert_eq!(shown["open_tasks"], 0);
    assert_eq!(shown["network"]["steps"], 0);

    let all = server.get("cluster/all").await.ok();
    let header = json!(["uuid", "project_id", "owner_id", "visibility", "name"]);
    assert_eq!(all["header"], header);
    assert_eq!(all["body"], json!([[uuid, "admin", "admin", "private", "my cluster"]]));

    let path = format!("cluster?uuid={uuid}");
    assert_eq!(server.delete(&path).await.ok(), json!({}));
    server.get(&path).await.problem(404, "not-found");
    server.delete(&path).await.problem(404, "not-found");
    assert_eq!(server.get("cluster/all").await.ok()["body"], json!([]));
}

#[tokio::test]
async fn the_details_tell_what_has_grown_in_which_brick() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(50)).await;
    let path = format!("cluster?uuid={cluster}");
    assert_eq!(server.get(&path).await.ok()["last_used_timestamp"], "-");
    let task = server.task("train", &cluster, &dataset).await;
    server.ended(&cluster, &task).await;

    let shown = server.get(&path).await.ok();
    assert_eq!(shown["template"], TEMPLATE);
    assert_eq!(shown["host_uuid"], server.get("host/all").await.ok()["body"][0][0]);
    assert_eq!((&shown["open_tasks"], &shown["network"]["steps"]), (&json!(0), &json!(49)));
    for field in ["create_timestamp", "last_used_timestamp"] {
        assert_eq!(text(&shown[field]).len(), "YYYY-MM-DD HH:MM:SS".len(), "{shown}");
    }
    let bricks = shown["bricks"].as_array().unwrap();
    let places = [
        ("input", json!("speed"), [1, 1, 1], 2),
        ("inner", json!(null), [2, 1, 1], 16),
        ("output", json!("wear"), [3, 1, 1], 1),
    ];
    assert_eq!(bricks.len(), places.len());
    for (brick, (kind, name, position, limit)) in bricks.iter().zip(places) {
        assert_eq!((&brick["kind"], &brick["name"]), (&json!(kind), &name));
        assert_eq!(
            (&brick["position"], &brick["neurons_limit"]),
            (&json!(position), &json!(limit))
        );
        assert!(brick["neurons"].as_u64().unwrap() <= limit, "{brick}");
        assert_eq!(brick["bytes"].is_number(), kind != "input", "{brick}");
        let activity = brick["activity"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&activity), "{brick}");
        assert_eq!(brick["error"].is_number(), kind != "input", "{brick}");
    }
    for of in ["neurons", "sections", "synapses"] {
        let sum: u64 = bricks.iter().map(|brick| brick[of].as_u64().unwrap()).sum();
        assert_eq!(shown["network"][of], sum, "{of}");
        assert!(sum > 0, "{of}");
    }
}

#[tokio::test]
async fn without_a_template_a_cluster_is_empty() {
    let server = TestServer::start().await;
    let made = server.post("cluster", json!({"name": "empty"})).await.ok();
    let uuid = text(&made["uuid"]);
    let shown = server.get(&format!("cluster?uuid={uuid}")).await.ok();
    assert!(shown.get("network").is_none() && shown.get("template").is_none(), "{shown}");
    assert_eq!(shown["bricks"], json!([]));

    let dataset = server.csv("some table", &table(9)).await;
    let task = json!({
        "name": "task", "type": "train", "cluster_uuid": uuid, "dataset_uuid": dataset
    });
    server.post("task", task).await.problem(409, "conflict");
    let mode = json!({"uuid": uuid, "new_state": "DIRECT"});
    let _either_is_fine = server.put("cluster/set_mode", mode).await;
    server.connect("cluster", &uuid).await.err().expect("an empty cluster has no bricks");
    server.assert_healthy().await;
}

#[tokio::test]
async fn a_name_is_taken_only_once() {
    let server = TestServer::start().await;
    server.post("cluster", json!({"name": "taken"})).await.ok();
    server.post("cluster", json!({"name": "taken"})).await.problem(409, "conflict");
}

#[tokio::test]
async fn a_bad_template_is_shown_with_the_place_of_the_mistake() {
    let server = TestServer::start().await;
    let template = BASE64_STANDARD.encode("version: 1\nbrick:\n    1,1,1\n");
    let answer = server.post("cluster", json!({"name": "broken", "template": template})).await;
    let detail = answer.problem(400, "invalid-template");
    assert!(detail.contains("brick:") && detail.contains('^'), "{detail}");
    assert_eq!(server.get("cluster/all").await.ok()["body"], json!([]));
}

#[tokio::test]
async fn the_mode_changes_only_while_the_queue_is_empty() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let set = |state: &str| json!({"uuid": cluster, "new_state": state});

    let answer = server.put("cluster/set_mode", set("DIRECT")).await.ok();
    assert_eq!(answer, json!({"uuid": cluster, "name": "worker", "new_state": "DIRECT"}));
    let dataset = server.csv("table", &table(5000)).await;
    let task = json!({
        "name": "task", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    server.post("task", task.clone()).await.problem(409, "conflict");

    server.put("cluster/set_mode", set("TASK")).await.ok();
    let mut last = String::new();
    for _ in 0..50 {
        last = text(&server.post("task", task.clone()).await.ok()["uuid"]);
    }
    server.put("cluster/set_mode", set("DIRECT")).await.problem(409, "conflict");
    server.ended(&cluster, &last).await;
    server.put("cluster/set_mode", set("DIRECT")).await.ok();

    server.put("cluster/set_mode", set("direct")).await.problem(400, "invalid-body");
    let with_connection = json!({"uuid": cluster, "new_state": "TASK", "connection_uuid": NOWHERE});
    server.put("cluster/set_mode", with_connection).await.ok();
    let unknown = json!({"uuid": NOWHERE, "new_state": "TASK"});
    server.put("cluster/set_mode", unknown).await.problem(404, "not-found");
}

#[tokio::test]
async fn users_see_their_own_project_admins_their_project_admins_all() {
    let server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    let body = Some(json!({"name": "annas cluster"}));
    let made = server.send(Method::POST, "/control/v1/cluster", &anna, body.clone()).await.ok();
    let path = format!("/control/v1/cluster?uuid={}", text(&made["uuid"]));

    let bert = server.log_in("bert", PASSWORD).await;
    server.send(Method::GET, &path, &bert, None).await.problem(404, "not-found");
    server.send(Method::DELETE, &path, &bert, None).await.problem(404, "not-found");
    let all = server.send(Method::GET, "/control/v1/cluster/all", &bert, None).await.ok();
    assert_eq!(all["body"], json!([]));
    // Bert does not see the name, so it is free for him.
    server.send(Method::POST, "/control/v1/cluster", &bert, body).await.ok();

    let carl = server.log_in("carl", PASSWORD).await;
    server.send(Method::GET, &path, &carl, None).await.ok();
    server.send(Method::GET, &path, &server.token, None).await.ok();
    server.send(Method::DELETE, &path, &anna, None).await.ok();
}

/// Sends a request and hangs up without waiting for the answer.
async fn send_and_hang_up(server: &TestServer, method: &str, path: &str, body: &str) {
    use tokio::io::AsyncWriteExt;
    let mut socket = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    let token = &server.token;
    let length = body.len();
    let request = format!(
        "{method} /control/v1/{path} HTTP/1.1\r\nhost: hanami\r\nx-auth-token: {token}\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_no_change_half_made() {
    let server = TestServer::start().await;
    let dataset = server.csv("rows", &table(50)).await;
    for round in 0..30 {
        let cluster = server.cluster(&format!("cluster {round}"), TEMPLATE).await;
        let task = json!({
            "name": "task", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset
        });
        send_and_hang_up(&server, "POST", "task", &task.to_string()).await;
        // What was queued is worked off, though nobody waits for it.
        let queued = loop {
            let tasks = server.get(&format!("task/all?cluster_uuid={cluster}")).await.ok();
            if let Some(task) = tasks["body"].get(0) {
                break text(&task[0]);
            }
        };
        assert_eq!(server.ended(&cluster, &queued).await["state"], "finished");

        let mode = json!({"uuid": cluster, "new_state": "DIRECT"}).to_string();
        send_and_hang_up(&server, "PUT", "cluster/set_mode", &mode).await;
        let shown = format!("cluster?uuid={cluster}");
        while server.get(&shown).await.ok()["mode"] != "DIRECT" {
            tokio::task::yield_now().await;
        }
        assert!(server.connect("cluster", &cluster).await.is_ok(), "memory has another mode");
    }
}
