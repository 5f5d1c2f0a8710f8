use std::path::Path;

use hanami_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{PASSWORD, TEMPLATE, TestServer, answer, table};

#[tokio::test]
async fn the_cause_of_an_internal_error_is_for_admins() {
    let server = TestServer::start_with_users().await;
    assert_eq!(server.get("error_log?page=0").await.ok()["body"], json!([]));
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(10)).await;
    let task = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &task).await;
    let results = server.directory.path().join("blobs/results");
    for file in std::fs::read_dir(results).unwrap() {
        std::fs::write(file.unwrap().path(), "damaged").unwrap();
    }
    let url = server.url(&format!("/control/v1/request_result?uuid={task}"));
    let request = server.http.get(url).header("X-Auth-Token", &server.token);
    answer(request.header("x-request-id", "mine-1")).await.problem(500, "internal");

    let log = server.get("error_log?page=0").await.ok();
    let header = ["timestamp", "user_id", "component", "context", "input_values", "message"];
    assert_eq!(log["header"], json!(header));
    let rows: Vec<[String; 6]> = serde_json::from_value(log["body"].clone()).unwrap();
    let [[_, user, component, context, input, message]] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((&**user, &**component), ("admin", "GET /control/v1/request_result"));
    assert_eq!((&**context, input), ("mine-1", &format!("uuid={task}")));
    assert!(message.contains("request result"), "{message}");

    let of = async |user: &str| -> Value {
        server.get(&format!("error_log?page=0&user_id={user}")).await.ok()["body"].clone()
    };
    assert_eq!(of("admin").await, log["body"]);
    assert_eq!(of("anna").await, json!([]));
    let anna = server.log_in("anna", PASSWORD).await;
    let hers = server.send(Method::GET, "/control/v1/error_log?page=0", &anna, None).await;
    hers.problem(401, "forbidden");
}

/// Component, context, input and message of each row of the error log.
async fn logged(server: &TestServer) -> Vec<[String; 4]> {
    let log = server.get("error_log?page=0").await.ok();
    let rows: Vec<[String; 6]> = serde_json::from_value(log["body"].clone()).unwrap();
    let cells = |[_, user, component, context, input, message]: [String; 6]| {
        assert_eq!(user, "admin");
        [component, context, input, message]
    };
    rows.into_iter().map(cells).collect()
}

#[tokio::test]
async fn what_goes_wrong_in_a_websocket_is_logged_with_its_connection() {
    let server = TestServer::start().await;
    drop(server.direct_cluster("direct").await);
    let all = server.get("cluster/all").await.ok();
    let uuid = all["body"][0][0].as_str().unwrap();
    let (directory, passphrase) = server.shut_down().await;
    damage(&directory.path().join("blobs/snapshots"));
    let server = TestServer::restart(directory, passphrase, Settings::default()).await;
    let refused = server.connect("cluster", uuid).await.err().unwrap();
    assert!(refused.contains("made a mistake"), "{refused}");

    let rows = logged(&server).await;
    let [[component, context, input, message]] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((&**component, input), ("websocket cluster", &format!("uuid={uuid}")));
    context.parse::<hanami_api::Uuid>().unwrap();
    assert!(message.contains("snapshot"), "{message}");
    let everything = format!("{rows:?}");
    assert!(!everything.contains(&server.token), "{everything}");
}

#[tokio::test]
async fn what_goes_wrong_in_a_task_is_logged_with_the_task() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(10)).await;
    damage(&server.directory.path().join("blobs/datasets"));
    let task = server.task("train", &cluster, &dataset).await;
    let ended = server.ended(&cluster, &task).await;
    assert_eq!(ended["state"], "aborted");
    let rows = logged(&server).await;
    let [[component, context, input, message]] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((&**component, context), ("train task", &task));
    assert_eq!(input, &format!("cluster_uuid={cluster}&uuid={dataset}"));
    assert!(!message.is_empty());
}

/// Damages all files in a directory.
fn damage(directory: &Path) {
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }
}
