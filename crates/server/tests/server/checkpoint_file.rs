//! Checkpoints as files, from one server to another.

use std::num::NonZeroU32;

use hanami_server::Settings;
use serde_json::{Value, json};

use crate::common::{Answer, NOWHERE, TEMPLATE, TestServer, answer, table, text};

/// A server with a trained cluster; its uuid, and that of a checkpoint of it.
async fn trained(settings: Settings) -> (TestServer, String, String) {
    let server = TestServer::start_with(settings).await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(200)).await;
    server.task("train", &cluster, &dataset).await;
    let save = json!({"name": "my backup", "cluster_uuid": cluster});
    let checkpoint = text(&server.post("cluster/save", save).await.ok()["uuid"]);
    server.ended(&cluster, &checkpoint).await;
    (server, cluster, checkpoint)
}

async fn download(server: &TestServer, checkpoint: &str) -> Vec<u8> {
    let url = server.url(&format!("/control/v1/checkpoint/download?uuid={checkpoint}"));
    let request = server.http.get(url).header("X-Auth-Token", &server.token);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"my backup.hanami\"");
    let file = response.bytes().await.unwrap().to_vec();
    assert_eq!(headers["content-length"], file.len().to_string());
    file
}

async fn upload(server: &TestServer, query: &str, body: reqwest::Body) -> Answer {
    let url = server.url(&format!("/control/v1/checkpoint/upload{query}"));
    answer(server.http.post(url).header("X-Auth-Token", &server.token).body(body)).await
}

async fn ask(server: &TestServer, cluster: &str) -> Value {
    let body = json!({"uuid": cluster, "inputs": [[0.5, 1.5], [6, -3], [100, 2]]});
    server.post("cluster/predict", body).await.ok()
}

#[tokio::test]
async fn a_checkpoint_of_one_server_predicts_the_same_bits_on_another() {
    let (here, cluster, checkpoint) = trained(Settings::default()).await;
    let there = TestServer::start().await;
    let file = download(&here, &checkpoint).await;
    let made = upload(&there, "?name=from elsewhere", file.clone().into()).await.ok();
    assert_eq!(made["name"], "from elsewhere");
    let uuid = text(&made["uuid"]);
    let shown = there.get(&format!("checkpoint?uuid={uuid}")).await.ok();
    assert_eq!((&shown["steps"], &shown["visibility"]), (&json!(199), &json!("private")));

    let body = json!({"name": "copy", "checkpoint_uuid": uuid});
    let copy = text(&there.post("cluster", body.clone()).await.ok()["uuid"]);
    assert_eq!(ask(&there, &copy).await, ask(&here, &cluster).await);
    let details = there.get(&format!("cluster?uuid={copy}")).await.ok();
    assert_eq!(
        (&details["template"], &details["network"]["steps"]),
        (&json!(TEMPLATE), &json!(199))
    );
    there.post("cluster", body).await.problem(409, "conflict");

    // What was uploaded is downloaded again as it was.
    let rename = json!({"uuid": uuid, "name": "my backup"});
    there.put("checkpoint", rename).await.ok();
    assert!(download(&there, &uuid).await == file);
}

#[tokio::test]
async fn a_cluster_has_a_template_or_a_checkpoint_and_not_both() {
    let (server, _, checkpoint) = trained(Settings::default()).await;
    let body =
        json!({"name": "both", "checkpoint_uuid": checkpoint, "template": "dmVyc2lvbjogMQo="});
    let detail = server.post("cluster", body).await.problem(400, "invalid-body");
    assert!(detail.contains("`template`") && detail.contains("`checkpoint_uuid`"), "{detail}");
    let body = json!({"name": "none", "checkpoint_uuid": NOWHERE});
    server.post("cluster", body).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_is_no_checkpoint_is_refused_by_the_place_and_leaves_nothing() {
    let (server, _, checkpoint) = trained(Settings::default()).await;
    let file = download(&server, &checkpoint).await;
    let mut flipped = file.clone();
    flipped[file.len() / 2] ^= 4;
    for (bytes, told) in [
        (vec![], "at byte 0"),
        (b"{\"name\": \"no\"}".to_vec(), "at byte 0"),
        (file[..file.len() - 9].to_vec(), "should have"),
        (flipped, "checksum"),
    ] {
        let refused = upload(&server, "?name=wrong", bytes.into()).await;
        let detail = refused.problem(400, "invalid-checkpoint");
        assert!(detail.contains(told) && detail.contains("at byte"), "{detail}");
    }
    for (query, named) in [("", "`name`"), ("?name=no", "name"), ("?name=good&more=1", "`more`")] {
        let refused = upload(&server, query, file.clone().into()).await;
        let detail = refused.problem(400, "invalid-query");
        assert!(detail.contains(named), "{detail}");
    }
    let path = format!("checkpoint/download?uuid={NOWHERE}");
    server.get(&path).await.problem(404, "not-found");
    let all = server.get("checkpoint/all").await.ok();
    assert_eq!(all["body"].as_array().unwrap().len(), 1);
    let left = std::fs::read_dir(server.directory.path().join("uploads")).unwrap().count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_whether_it_tells_its_size_or_not() {
    let settings =
        Settings { max_checkpoint_bytes: NonZeroU32::new(100_000).unwrap(), ..Settings::default() };
    let (server, ..) = trained(settings).await;
    let pieces = || (0..20).map(|_| Ok::<_, std::io::Error>(vec![0_u8; 10_000]));
    let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces()));
    for body in [vec![0; 100_001].into(), stream] {
        let detail = upload(&server, "?name=large", body).await.problem(400, "limit-exceeded");
        assert!(detail.contains("100000 bytes"), "{detail}");
    }
    let left = std::fs::read_dir(server.directory.path().join("uploads")).unwrap().count();
    assert_eq!(left, 0);
    server.assert_healthy().await;
}
