use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{NOWHERE, PASSWORD, TEMPLATE, TestServer, table, text};

fn save(cluster: &str) -> Value {
    json!({"name": "my backup", "cluster_uuid": cluster})
}

fn load(checkpoint: &str, cluster: &str) -> Value {
    json!({"checkpoint_uuid": checkpoint, "cluster_uuid": cluster})
}

/// Saves a cluster; answers the uuid of the checkpoint.
async fn saved(server: &TestServer, cluster: &str) -> String {
    let uuid = text(&server.post("cluster/save", save(cluster)).await.ok()["uuid"]);
    let progress = server.ended(cluster, &uuid).await;
    assert_eq!(
        (&progress["state"], &progress["percentage_finished"]),
        (&json!("finished"), &json!(1.0))
    );
    uuid
}

#[tokio::test]
async fn a_checkpoint_is_made_shown_listed_and_deleted() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(50)).await;
    server.task("train", &cluster, &dataset).await;
    let made = server.post("cluster/save", save(&cluster)).await.ok();
    assert_eq!(made["name"], "my backup");
    let uuid = text(&made["uuid"]);
    server.ended(&cluster, &uuid).await;
    server.delete(&format!("cluster?uuid={cluster}")).await.ok();

    let path = format!("checkpoint?uuid={uuid}");
    let shown = server.get(&path).await.ok();
    assert_eq!((&shown["uuid"], &shown["name"]), (&made["uuid"], &made["name"]));
    assert_eq!(shown["steps"], 49);
    assert_eq!((&shown["owner_id"], &shown["visibility"]), (&json!("admin"), &json!("private")));
    let location = text(&shown["location"]);
    assert!(location.starts_with("blobs/checkpoints/"), "{location}");
    assert!(server.directory.path().join(location).is_file());

    let all = server.get("checkpoint/all").await.ok();
    assert_eq!(all["header"], json!(["uuid", "project_id", "owner_id", "visibility", "name"]));
    assert_eq!(all["body"], json!([[uuid, "admin", "admin", "private", "my backup"]]));
    assert_eq!(server.delete(&path).await.ok(), json!({}));
    server.get(&path).await.problem(404, "not-found");
    server.delete(&path).await.problem(404, "not-found");
    assert_eq!(server.get("checkpoint/all").await.ok()["body"], json!([]));
}

#[tokio::test]
async fn a_load_survives_the_deletion_of_its_checkpoint_and_of_the_cluster_it_was_made_of() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(50)).await;
    server.task("train", &cluster, &dataset).await;
    let checkpoint = saved(&server, &cluster).await;
    server.delete(&format!("cluster?uuid={cluster}")).await.ok();
    let empty = text(&server.post("cluster", json!({"name": "empty"})).await.ok()["uuid"]);

    let queued = server.post("cluster/load", load(&checkpoint, &empty)).await.ok();
    server.delete(&format!("checkpoint?uuid={checkpoint}")).await.ok();
    let request = server.task("request", &empty, &dataset).await;
    let progress = server.ended(&empty, &text(&queued["uuid"])).await;
    assert_eq!(progress["state"], "finished", "{progress}");
    assert_eq!(server.ended(&empty, &request).await["state"], "finished");
    let shown = server.get(&format!("cluster?uuid={empty}")).await.ok();
    assert_eq!(shown["network"]["steps"], 49);
}

#[tokio::test]
async fn what_cannot_be_saved_or_loaded_is_refused_with_the_reason() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let empty = text(&server.post("cluster", json!({"name": "empty"})).await.ok()["uuid"]);
    let checkpoint = saved(&server, &cluster).await;
    let detail = server.post("cluster/save", save(&empty)).await.problem(409, "conflict");
    assert!(detail.contains("empty"), "{detail}");
    server.post("cluster/save", save(NOWHERE)).await.problem(404, "not-found");
    server.post("cluster/load", load(NOWHERE, &cluster)).await.problem(404, "not-found");
    server.post("cluster/load", load(&checkpoint, NOWHERE)).await.problem(404, "not-found");
    let detail = server.post("cluster/load", load("here", &cluster)).await;
    assert!(detail.problem(400, "invalid-body").contains("checkpoint_uuid"));
    let misnamed = json!({"name": "no", "cluster_uuid": cluster});
    server.post("cluster/save", misnamed).await.problem(400, "invalid-body");

    server.put("cluster/set_mode", json!({"uuid": cluster, "new_state": "DIRECT"})).await.ok();
    for answer in [
        server.post("cluster/save", save(&cluster)).await,
        server.post("cluster/load", load(&checkpoint, &cluster)).await,
    ] {
        let detail = answer.problem(409, "conflict");
        assert!(detail.contains("task mode"), "{detail}");
    }
}

#[tokio::test]
async fn others_neither_see_nor_use_a_checkpoint() {
    let server = TestServer::start_with_users().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let checkpoint = saved(&server, &cluster).await;
    let anna = server.log_in("anna", PASSWORD).await;
    let path = format!("/control/v1/checkpoint?uuid={checkpoint}");
    server.send(Method::GET, &path, &anna, None).await.problem(404, "not-found");
    server.send(Method::DELETE, &path, &anna, None).await.problem(404, "not-found");
    let all = server.send(Method::GET, "/control/v1/checkpoint/all", &anna, None).await.ok();
    assert_eq!(all["body"], json!([]));
    let body = Some(json!({"name": "annas cluster"}));
    let made = server.send(Method::POST, "/control/v1/cluster", &anna, body).await.ok();
    let body = Some(load(&checkpoint, &text(&made["uuid"])));
    let answer = server.send(Method::POST, "/control/v1/cluster/load", &anna, body).await;
    answer.problem(404, "not-found");
    let body = Some(save(&cluster));
    let answer = server.send(Method::POST, "/control/v1/cluster/save", &anna, body).await;
    answer.problem(404, "not-found");
}

#[tokio::test]
async fn a_cluster_is_switched_to_a_host_that_exists() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let host = text(&server.get("host/all").await.ok()["body"][0][0]);
    let switch = |cluster: &str, host: &str| json!({"cluster_uuid": cluster, "host_uuid": host});
    let answer = server.put("cluster/switch_host", switch(&cluster, &host)).await.ok();
    assert_eq!((&answer["uuid"], &answer["name"]), (&json!(cluster), &json!("worker")));
    for body in [switch(NOWHERE, &host), switch(&cluster, NOWHERE)] {
        server.put("cluster/switch_host", body).await.problem(404, "not-found");
    }
}
