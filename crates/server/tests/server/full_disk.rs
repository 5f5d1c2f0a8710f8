//! What goes on when the disk is full, what is refused, and that it all comes back by itself.
//!
//! A directory where the reserve should be keeps the server from taking it, which is how it finds out
//! that there is no room. What happens on a file system that is really full shows `hanami-trials
//! disk-full`.

use std::fs;
use std::time::{Duration, Instant};

use hanami_api::frames::ClusterProcessType;
use hanami_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{PASSWORD, TEMPLATE, TestServer, answer, table, text, values_frame};

/// The same server, on a disk that has become full.
async fn on_a_full_disk(server: TestServer) -> TestServer {
    let (directory, passphrase) = server.shut_down().await;
    let reserve = directory.path().join("reserve");
    fs::remove_file(&reserve).unwrap();
    fs::create_dir(&reserve).unwrap();
    TestServer::restart(directory, passphrase, Settings::default()).await
}

/// Makes room, and waits until the server has found out.
async fn make_room(server: &TestServer) {
    fs::remove_dir(server.directory.path().join("reserve")).unwrap();
    // Only so that a server that never finds out fails the test.
    let patience = Instant::now() + Duration::from_mins(1);
    while server.send(Method::GET, "/readyz", "", None).await.status != 200 {
        assert!(Instant::now() < patience, "there is room, and the server is not ready");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn metric(server: &TestServer, name: &str) -> String {
    let text = server.http.get(server.url("/metrics")).send().await.unwrap().text().await.unwrap();
    let value = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    value.unwrap().to_owned()
}

#[track_caller]
fn refused(answer: crate::common::Answer) {
    assert_eq!(answer.headers["retry-after"], "60");
    let detail = answer.problem(503, "storage-full");
    assert!(detail.contains("nothing that was stored is lost"), "{detail}");
}

#[tokio::test]
async fn reading_predicting_and_logging_in_go_on_and_all_that_writes_is_refused() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(40)).await;
    let request = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &request).await;
    let finish = server.upload_csv("arrived", &table(10)).await;
    let declared =
        server.post("csv/dataset", json!({"name": "table two", "input_data_size": 9})).await;
    let file = text(&declared.ok()["uuid_input_file"]);
    let predict = json!({"uuid": cluster, "inputs": [0.5, 0.25]});
    let predicted = server.post("cluster/predict", predict.clone()).await.ok();

    let server = on_a_full_disk(server).await;
    for path in [
        "cluster/all".to_owned(),
        format!("cluster?uuid={cluster}"),
        format!("dataset?uuid={dataset}"),
        format!("task/all?cluster_uuid={cluster}"),
        format!("request_result?uuid={request}"),
        "audit_log?page=0".to_owned(),
    ] {
        server.get(&path).await.ok();
    }
    server.log_in("admin", &server.passphrase).await;
    assert_eq!(server.post("cluster/predict", predict).await.ok(), predicted);

    let learn = json!({"uuid": cluster, "inputs": [0.5, 0.25], "outputs": [1.0]});
    let user = json!({"id": "anna", "name": "Anna", "password": PASSWORD});
    let task = json!({
        "name": "table two", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    let mode = json!({"uuid": cluster, "new_state": "DIRECT"});
    refused(server.post("cluster", json!({"name": "one more"})).await);
    refused(server.post("cluster/learn", learn).await);
    refused(server.post("cluster/save", json!({"name": "saved", "cluster_uuid": cluster})).await);
    refused(server.put("cluster/set_mode", mode).await);
    refused(server.post("task", task).await);
    refused(server.post("user", user).await);
    refused(server.post("csv/dataset", json!({"name": "table three", "input_data_size": 9})).await);
    refused(server.put("csv/dataset", finish.clone()).await);
    let put = server.http.put(server.url(&format!("/control/v1/dataset/file?uuid={file}")));
    refused(answer(put.header("X-Auth-Token", &server.token).body("speed,wea")).await);
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    let told = socket.upload(0, b"speed,wea").await;
    assert!(!told.success && told.error_message.contains("full"), "{}", told.error_message);

    refused(server.send(Method::GET, "/readyz", "", None).await);
    assert_eq!(metric(&server, "hanami_disk_full").await, "1");

    make_room(&server).await;
    assert_eq!(metric(&server, "hanami_disk_full").await, "0");
    // The same connection and the same upload go on.
    assert!(socket.upload(0, b"speed,wea").await.success);
    server.put("csv/dataset", finish).await.ok();
    server.assert_healthy().await;
}

#[tokio::test]
async fn everything_can_be_deleted_on_a_full_disk() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(40)).await;
    let request = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &request).await;
    let save = json!({"name": "saved", "cluster_uuid": cluster});
    let saved = text(&server.post("cluster/save", save).await.ok()["uuid"]);
    server.ended(&cluster, &saved).await;
    let begun =
        server.post("csv/dataset", json!({"name": "table two", "input_data_size": 9})).await.ok();
    server.newcomer("anna", "admin", false).await;
    server.post("project", json!({"id": "garden", "name": "Garden"})).await.ok();

    let server = on_a_full_disk(server).await;
    for path in [
        format!("task?uuid={request}&cluster_uuid={cluster}"),
        format!("request_result?uuid={request}"),
        format!("checkpoint?uuid={saved}"),
        format!("cluster?uuid={cluster}"),
        format!("dataset?uuid={dataset}"),
        format!("dataset?uuid={}", text(&begun["uuid"])),
        "user/project?id=anna&project_id=admin".to_owned(),
        "user?id=anna".to_owned(),
        "project?id=garden".to_owned(),
    ] {
        server.delete(&path).await.ok();
    }
    for list in ["cluster/all", "dataset/all", "checkpoint/all", "request_result/all"] {
        assert_eq!(server.get(list).await.ok()["body"], json!([]), "{list}");
    }
}

#[tokio::test]
async fn tasks_can_be_aborted_on_a_full_disk_and_the_others_go_on_when_there_is_room() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(100_000)).await;
    let first = server.task("train", &cluster, &dataset).await;
    let second = server.task("train", &cluster, &dataset).await;
    let third = server.task("train", &cluster, &dataset).await;

    let server = on_a_full_disk(server).await;
    // One that was begun, and one that waits.
    server.delete(&format!("task?uuid={first}&cluster_uuid={cluster}")).await.ok();
    server.delete(&format!("task?uuid={third}&cluster_uuid={cluster}")).await.ok();
    let state = async |task: &str| -> Value {
        server.get(&format!("task?uuid={task}&cluster_uuid={cluster}")).await.ok()["state"].take()
    };
    assert_eq!(state(&first).await, "aborted");
    assert_eq!(state(&second).await, "queued");

    make_room(&server).await;
    assert_eq!(server.ended(&cluster, &second).await["state"], "finished");
}

#[tokio::test]
async fn a_direct_step_is_not_acknowledged_and_the_connection_tells_why() {
    let server = TestServer::start().await;
    let mut socket = server.direct_cluster("direct").await;
    socket.train(&[0.5, 0.25], 1.0).await;
    let before = socket.request(&[0.5, 0.25]).await;
    let listed = server.get("cluster/all").await.ok();
    let uuid = text(&listed["body"][0][0]);

    let server = on_a_full_disk(server).await;
    let mut trains = server.connect("cluster", &uuid).await.unwrap();
    let mut asks = server.connect("cluster", &uuid).await.unwrap();
    assert_eq!(asks.request(&[0.5, 0.25]).await, before);
    let train = ClusterProcessType::TrainType;
    trains.values("speed", false, train, &[0.5, 0.25]).await;
    trains.send(values_frame("wear", true, train, &[1.0])).await;
    let (code, reason) = trains.closed().await;
    assert_eq!(code, 1013, "try again later");
    assert!(reason.starts_with("the disk of the server is full"), "{reason}");
    assert_eq!(asks.request(&[0.5, 0.25]).await, before, "nothing was learned");

    make_room(&server).await;
    asks.train(&[0.5, 0.25], 1.0).await;
}
