use serde_json::json;

use crate::common::{NOWHERE, TEMPLATE, TestServer, idx, table, text};

#[tokio::test]
async fn a_result_has_the_uuid_and_name_of_its_task_and_outlives_it() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(30)).await;
    let task = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &task).await;

    server.delete(&format!("task?uuid={task}&cluster_uuid={cluster}")).await.ok();
    server.delete(&format!("cluster?uuid={cluster}")).await.ok();
    let path = format!("request_result?uuid={task}");
    let result = server.get(&path).await.ok();
    assert_eq!(result["uuid"], json!(task));
    assert_eq!(result["name"], "request task");
    assert_eq!((&result["owner_id"], &result["project_id"]), (&json!("admin"), &json!("admin")));
    assert_eq!(result["visibility"], "private");
    let data = result["data"].as_array().unwrap();
    assert_eq!(data.len(), 29, "a window of two rows per value");
    assert!(data.iter().all(serde_json::Value::is_number));

    let all = server.get("request_result/all").await.ok();
    assert_eq!(all["header"], json!(["uuid", "project_id", "owner_id", "visibility", "name"]));
    assert_eq!(all["body"], json!([[task, "admin", "admin", "private", "request task"]]));

    assert_eq!(server.delete(&path).await.ok(), json!({}));
    server.get(&path).await.problem(404, "not-found");
    server.delete(&path).await.problem(404, "not-found");
}

#[tokio::test]
async fn for_images_a_result_holds_classes_and_is_scored_by_the_labels() {
    let server = TestServer::start().await;
    let template = TEMPLATE
        .replace("number_of_neurons: 2\n", "number_of_neurons: 16\n")
        .replace("number_of_neurons: 1\n", "number_of_neurons: 10\n");
    let cluster = server.cluster("reader", &template).await;
    let (images, labels) = idx(200);
    let finish = server.upload_mnist("digits", &images, &labels).await;
    let dataset = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    server.task("train", &cluster, &dataset).await;
    let request = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &request).await;

    let result = server.get(&format!("request_result?uuid={request}")).await.ok();
    let expected: Vec<f64> = (0..200).map(|image| f64::from(image % 2)).collect();
    assert_eq!(result["data"], json!(expected), "upper and lower half are easily told apart");
    let check = json!({"result_uuid": request, "dataset_uuid": dataset});
    assert_eq!(server.post("dataset/check", check).await.ok()["accuracy"], 100.0);

    let (images, mut labels) = idx(200);
    for label in &mut labels[8..58] {
        *label = 9;
    }
    let finish = server.upload_mnist("other labels", &images, &labels).await;
    let other = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let check = json!({"result_uuid": request, "dataset_uuid": other});
    let score = server.post("dataset/check", check).await.ok();
    assert_eq!((&score["accuracy"], &score["samples"]), (&json!(75.0), &json!(200)));
    assert_eq!(score["invalid"], 0);
    let confusion = score["confusion"].as_array().unwrap();
    assert_eq!(confusion.len(), 10);
    assert_eq!(confusion[0], json!([75, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    assert_eq!(confusion[9], json!([25, 25, 0, 0, 0, 0, 0, 0, 0, 0]));
    let zero = json!({
        "class": "0", "precision": 0.75, "recall": 1.0, "f1": 150.0 / 175.0, "support": 75
    });
    assert_eq!(score["classes"][0], zero);
    let never = json!({
        "class": "5", "precision": null, "recall": null, "f1": null, "support": 0
    });
    assert_eq!(score["classes"][5], never);
    assert_eq!((&score["mae"], &score["r2"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn a_result_that_the_dataset_cannot_judge_is_refused() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(30)).await;
    let request = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &request).await;
    let (images, labels) = idx(6);
    let finish = server.upload_mnist("digits", &images, &labels).await;
    let images = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let check =
        |result: &str, dataset: &str| json!({"result_uuid": result, "dataset_uuid": dataset});

    let answer = server.post("dataset/check", check(&request, &images)).await;
    answer.problem(400, "dataset-mismatch");
    server.post("dataset/check", check(NOWHERE, &dataset)).await.problem(404, "not-found");
    server.post("dataset/check", check(&request, NOWHERE)).await.problem(404, "not-found");
}
