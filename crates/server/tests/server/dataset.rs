use serde_json::json;

use crate::common::{NOWHERE, TestServer, idx, table, text};

#[tokio::test]
async fn a_table_is_declared_uploaded_finished_shown_and_deleted() {
    let server = TestServer::start().await;
    let table = table(20);
    let declare = json!({"name": "my table", "input_data_size": table.len()});
    let made = server.post("csv/dataset", declare).await.ok();
    assert_eq!(made["type"], "csv");
    assert_eq!(made["owner_id"], "admin");
    assert_eq!(made["project_id"], "admin");
    assert_eq!(made["visibility"], "private");
    let (uuid, file) = (text(&made["uuid"]), text(&made["uuid_input_file"]));

    let progress = format!("dataset/progress?uuid={uuid}");
    let missing = |ranges| {
        json!({
            "uuid": uuid, "complete": false, "files": [{
                "uuid": file, "part": "input", "size": table.len(), "received": 0,
                "missing": ranges
            }]
        })
    };
    assert_eq!(server.get(&progress).await.ok(), missing([[0, table.len()]]));
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    let (head, tail) = table.as_bytes().split_at(30);
    assert!(socket.upload(30, tail).await.success);
    assert_eq!(server.get(&progress).await.ok()["complete"], false);
    assert!(socket.upload(0, head).await.success);
    assert_eq!(server.get(&progress).await.ok()["complete"], true);

    let finish = json!({"uuid": uuid, "uuid_input_file": file});
    assert_eq!(server.put("csv/dataset", finish.clone()).await.ok(), json!({"uuid": uuid}));
    let finished = json!({"uuid": uuid, "complete": true, "files": []});
    assert_eq!(server.get(&progress).await.ok(), finished);
    server.put("csv/dataset", finish).await.problem(409, "conflict");

    let shown = server.get(&format!("dataset?uuid={uuid}")).await.ok();
    assert_eq!((&shown["name"], &shown["type"]), (&json!("my table"), &json!("csv")));
    assert_eq!(shown["lines"], 20);
    assert_eq!((&shown["inputs"], &shown["outputs"]), (&json!(2), &json!(2)));
    assert!(server.directory.path().join(text(&shown["location"])).is_file(), "{shown}");

    let all = server.get("dataset/all").await.ok();
    let header = json!(["uuid", "project_id", "owner_id", "visibility", "name", "type"]);
    assert_eq!(all["header"], header);
    assert_eq!(all["body"], json!([[uuid, "admin", "admin", "private", "my table", "csv"]]));

    assert_eq!(server.delete(&format!("dataset?uuid={uuid}")).await.ok(), json!({}));
    server.get(&format!("dataset?uuid={uuid}")).await.problem(404, "not-found");
    server.get(&progress).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_pair_of_idx_files_becomes_a_dataset_of_ten_classes() {
    let server = TestServer::start().await;
    let (images, labels) = idx(6);
    let finish = server.upload_mnist("digits", &images, &labels).await;
    let uuid = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let shown = server.get(&format!("dataset?uuid={uuid}")).await.ok();
    assert_eq!(shown["type"], "mnist");
    assert_eq!(
        (&shown["inputs"], &shown["outputs"], &shown["lines"]),
        (&json!(16), &json!(10), &json!(6))
    );
}

#[tokio::test]
async fn an_incomplete_upload_is_not_finished() {
    let server = TestServer::start().await;
    let made =
        server.post("csv/dataset", json!({"name": "gaps", "input_data_size": 1000})).await.ok();
    let file = text(&made["uuid_input_file"]);
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    assert!(socket.upload(10, b"speed").await.success);
    let finish = json!({"uuid": made["uuid"], "uuid_input_file": file});
    let detail = server.put("csv/dataset", finish).await.problem(400, "invalid-dataset");
    assert!(detail.contains("995") && detail.contains("byte 0"), "{detail}");
}

#[tokio::test]
async fn the_files_must_be_those_of_the_dataset() {
    let server = TestServer::start().await;
    let (images, labels) = idx(2);
    let mut finish = server.upload_mnist("digits", &images, &labels).await;
    let right = finish["uuid_input_file"].clone();
    finish["uuid_input_file"] = finish["uuid_label_file"].clone();
    let detail = server.put("mnist/dataset", finish.clone()).await.problem(400, "invalid-body");
    assert!(detail.contains(right.as_str().unwrap()), "{detail}");
    finish["uuid_input_file"] = right;
    finish["uuid"] = NOWHERE.into();
    server.put("mnist/dataset", finish).await.problem(404, "not-found");
}

#[tokio::test]
async fn sizes_are_one_byte_to_ten_gigabytes() {
    let server = TestServer::start().await;
    for size in [0, 10_000_000_001_u64] {
        let body = json!({"name": "size", "input_data_size": size});
        let detail = server.post("csv/dataset", body).await.problem(400, "invalid-body");
        assert!(detail.contains("`input_data_size`"), "{detail}");
        let body = json!({"name": "size", "input_data_size": 1, "label_data_size": size});
        let detail = server.post("mnist/dataset", body).await.problem(400, "invalid-body");
        assert!(detail.contains("`label_data_size`"), "{detail}");
    }
    let body = json!({"name": "size", "input_data_size": -1});
    server.post("csv/dataset", body).await.problem(400, "invalid-body");
    assert_eq!(server.get("dataset/all").await.ok()["body"], json!([]));
}

#[tokio::test]
async fn a_dataset_in_use_is_not_deleted() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", crate::common::TEMPLATE).await;
    let dataset = server.csv("table", &table(20_000)).await;
    let mut last = String::new();
    for _ in 0..20 {
        last = server.task("train", &cluster, &dataset).await;
    }
    let path = format!("dataset?uuid={dataset}");
    server.delete(&path).await.problem(409, "conflict");
    server.delete(&format!("cluster?uuid={cluster}")).await.ok();
    let gone = server.get(&format!("task?uuid={last}&cluster_uuid={cluster}")).await;
    gone.problem(404, "not-found");
    server.delete(&path).await.ok();
}
