use serde_json::json;

use crate::common::{NOWHERE, TEMPLATE, TestServer, idx, table, text};

fn assert_timestamp(value: &serde_json::Value) {
    let text = value.as_str().unwrap();
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00 00:00:00");
}

#[tokio::test]
async fn a_training_and_a_request_run_one_after_the_other() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(50)).await;
    let train = server.task("train", &cluster, &dataset).await;
    let request = server.task("request", &cluster, &dataset).await;

    for task in [&train, &request] {
        let progress = server.ended(&cluster, task).await;
        assert_eq!(progress["state"], "finished", "{progress}");
        assert_eq!(progress["percentage_finished"], 1.0);
        for timestamp in ["queue_timestamp", "start_timestamp", "end_timestamp"] {
            assert_timestamp(&progress[timestamp]);
        }
        // The first step needs a window of two rows.
        assert_eq!(progress["samples"], 49);
    }
    let shown = server.get(&format!("cluster?uuid={cluster}")).await.ok();
    assert_eq!(shown["network"]["steps"], 49, "a request teaches nothing");

    let all = server.get(&format!("task/all?cluster_uuid={cluster}")).await.ok();
    let header = json!(["uuid", "state", "percentage", "queued", "start", "end"]);
    assert_eq!(all["header"], header);
    let rows = all["body"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    for (row, task) in rows.iter().zip([train, request]) {
        assert_eq!((&row[0], &row[1]), (&json!(task), &json!("finished")));
        assert_eq!(row[2], "1.000000");
        assert_timestamp(&row[5]);
    }
}

#[tokio::test]
async fn a_training_with_classes_reports_how_well_it_guessed_before_learning() {
    let server = TestServer::start().await;
    let template = TEMPLATE
        .replace("number_of_neurons: 2\n", "number_of_neurons: 16\n")
        .replace("number_of_neurons: 1\n", "number_of_neurons: 10\n");
    let cluster = server.cluster("reader", &template).await;
    let (images, labels) = idx(200);
    let finish = server.upload_mnist("digits", &images, &labels).await;
    let dataset = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let train = server.task("train", &cluster, &dataset).await;
    let progress = server.ended(&cluster, &train).await;
    let accuracy = progress["running_accuracy"].as_f64().unwrap();
    assert!((50.0..100.0).contains(&accuracy), "{progress}");
}

#[tokio::test]
async fn a_waiting_task_has_not_started_and_a_deleted_one_is_gone() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(200_000)).await;
    let running = server.task("train", &cluster, &dataset).await;
    let waiting = server.task("train", &cluster, &dataset).await;

    let path = |task: &str| format!("task?uuid={task}&cluster_uuid={cluster}");
    let progress = server.get(&path(&waiting)).await.ok();
    assert_eq!(progress["state"], "queued");
    assert_eq!(progress["percentage_finished"], 0.0);
    assert_eq!(
        (&progress["start_timestamp"], &progress["end_timestamp"]),
        (&json!("-"), &json!("-"))
    );

    assert_eq!(server.delete(&path(&waiting)).await.ok(), json!({}));
    server.get(&path(&waiting)).await.problem(404, "not-found");
    // Deleted before or while it runs: it ends early either way.
    server.delete(&path(&running)).await.ok();
    let left = server.get(&format!("task/all?cluster_uuid={cluster}")).await.ok();
    for row in left["body"].as_array().unwrap() {
        assert_eq!(row[1], "aborted", "{left}");
    }
}

#[tokio::test]
async fn a_task_that_does_not_fit_is_refused_at_once() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let other = server.csv("other columns", "temperature,wear\n1,2\n3,4\n").await;
    let task = |kind: &str, cluster: &str, dataset: &str| {
        json!({
            "name": "task", "type": kind, "cluster_uuid": cluster, "dataset_uuid": dataset
        })
    };
    let detail = server.post("task", task("train", &cluster, &other)).await;
    let detail = detail.problem(400, "dataset-mismatch");
    assert!(detail.contains("speed"), "{detail}");
    server.post("task", task("train", NOWHERE, &other)).await.problem(404, "not-found");
    server.post("task", task("train", &cluster, NOWHERE)).await.problem(404, "not-found");
    let detail = server.post("task", task("learn", &cluster, &other)).await;
    assert!(detail.problem(400, "invalid-body").contains("`type`"));
    let unknown = format!("task?uuid={NOWHERE}&cluster_uuid={cluster}");
    server.get(&unknown).await.problem(404, "not-found");
    server.delete(&unknown).await.problem(404, "not-found");
    let missing = server.get(&format!("task?uuid={NOWHERE}")).await.problem(400, "invalid-query");
    assert!(missing.contains("cluster_uuid"), "{missing}");

    let declared = json!({"name": "unfinished", "input_data_size": 10});
    let unfinished = text(&server.post("csv/dataset", declared).await.ok()["uuid"]);
    server.post("task", task("train", &cluster, &unfinished)).await.problem(409, "conflict");
}

#[tokio::test]
async fn a_full_queue_is_too_much_and_says_when_to_try_again() {
    let settings =
        hanami_server::Settings { max_queue_length: 2.try_into().unwrap(), ..Default::default() };
    let server = TestServer::start_with(settings).await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(200_000)).await;
    server.task("train", &cluster, &dataset).await;
    server.task("train", &cluster, &dataset).await;
    let third = json!({
        "name": "third", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    let answer = server.post("task", third).await;
    assert_eq!(answer.headers["retry-after"], "1");
    answer.problem(429, "too-many");
}
