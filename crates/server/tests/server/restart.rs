use hanami_server::Settings;
use serde_json::json;

use crate::common::{TEMPLATE, TestServer, table, text};

async fn restarted(server: TestServer) -> TestServer {
    let (directory, passphrase) = server.shut_down().await;
    TestServer::restart(directory, passphrase, Settings::default()).await
}

#[tokio::test]
async fn everything_is_still_there_after_a_restart() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(40)).await;
    server.task("train", &cluster, &dataset).await;
    let request = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &request).await;
    let paths = [
        format!("cluster?uuid={cluster}"),
        format!("dataset?uuid={dataset}"),
        format!("task/all?cluster_uuid={cluster}"),
        format!("request_result?uuid={request}"),
        "host/all".to_owned(),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(server.get(path).await.ok());
    }
    let old_token = server.token.clone();

    let server = restarted(server).await;
    for (path, before) in paths.iter().zip(before) {
        let mut after = server.get(path).await.ok();
        let mut before = before;
        // What is held in memory, and means that begin anew; not what was learned.
        for details in [&mut before, &mut after] {
            details["network"]["bytes"].take();
            for brick in details["bricks"].as_array_mut().into_iter().flatten() {
                brick["bytes"].take();
                let brick = brick.as_object_mut().unwrap();
                brick.retain(|field, _| !["activity", "error"].contains(&field.as_str()));
            }
        }
        assert_eq!(after, before, "{path}");
    }
    let path = "/control/v1/cluster/all";
    server.send(reqwest::Method::GET, path, &old_token, None).await.ok();
}

#[tokio::test]
async fn open_tasks_go_on_after_a_restart() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(100_000)).await;
    let train = server.task("train", &cluster, &dataset).await;
    let request = server.task("request", &cluster, &dataset).await;

    let server = restarted(server).await;
    for task in [&train, &request] {
        let progress = server.ended(&cluster, task).await;
        assert_eq!(progress["state"], "finished", "{progress}");
        assert_eq!(progress["samples"], 99_999);
    }
    let shown = server.get(&format!("cluster?uuid={cluster}")).await.ok();
    assert_eq!(shown["network"]["steps"], 99_999, "every row is learned exactly once");
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let server = TestServer::start().await;
    let table = table(100);
    let declare = json!({"name": "in two parts", "input_data_size": table.len()});
    let made = server.post("csv/dataset", declare).await.ok();
    let file = text(&made["uuid_input_file"]);
    let (head, tail) = table.as_bytes().split_at(50);
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    assert!(socket.upload(50, tail).await.success);

    let server = restarted(server).await;
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    assert!(socket.upload(0, head).await.success);
    let finish = json!({"uuid": made["uuid"], "uuid_input_file": file});
    server.put("csv/dataset", finish).await.ok();
}

#[tokio::test]
async fn what_was_learned_in_direct_mode_survives_bit_for_bit() {
    let server = TestServer::start().await;
    let mut socket = server.direct_cluster("direct").await;
    for step in 0..40_u8 {
        let speed = f32::from(step % 5);
        socket.train(&[speed, speed * 2.0], speed).await;
    }
    let before = socket.request(&[3.0, 6.0]).await;
    let all = server.get("cluster/all").await.ok();
    let uuid = text(&all["body"][0][0]);

    let server = restarted(server).await;
    let mut socket = server.connect("cluster", &uuid).await.unwrap();
    let after = socket.request(&[3.0, 6.0]).await;
    assert_eq!(before[0].to_bits(), after[0].to_bits());
}

#[tokio::test]
async fn a_data_directory_serves_one_server_at_a_time() {
    let server = TestServer::start().await;
    let listen = ([127, 0, 0, 1], 0).into();
    let data_dir = server.directory.path().to_owned();
    let second = hanami_server::Server::start(Settings { listen, data_dir, ..Settings::default() });
    let error = second.await.err().expect("the directory is taken").to_string();
    assert!(error.contains("in use"), "{error}");
    server.assert_healthy().await;
}
