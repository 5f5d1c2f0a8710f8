//! What a client may ask of a task besides its dataset.

use serde_json::{Value, json};

use crate::common::{TEMPLATE, TestServer, table, text};

fn with(mut task: Value, options: Value) -> Value {
    let Value::Object(options) = options else { panic!("{options}") };
    task.as_object_mut().unwrap().extend(options);
    task
}

#[tokio::test]
async fn epochs_are_counted_and_validated() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(101)).await;
    let plain = json!({
        "name": "epochs", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    let options = json!({"epochs": 3, "shuffle": true, "seed": 9, "validation_share": 0.2});
    let task = text(&server.post("task", with(plain, options)).await.ok()["uuid"]);
    let progress = server.ended(&cluster, &task).await;
    assert_eq!(progress["state"], "finished", "{progress}");
    // A window of two rows: 100 steps, of which 20 are held out.
    assert_eq!((&progress["samples"], &progress["total_samples"]), (&json!(240), &json!(240)));
    assert_eq!(progress["epoch"], 3);
    assert!(progress["running_loss"].as_f64().unwrap() >= 0.0, "{progress}");
    assert_eq!(progress.get("running_accuracy"), None, "nothing is right or wrong in a table");
    assert_eq!(progress.get("seconds_left"), None);
    let reports = progress["validation"].as_array().unwrap();
    assert_eq!(reports.len(), 3);
    for (report, epoch) in reports.iter().zip(1..) {
        assert_eq!((&report["epoch"], &report["samples"]), (&json!(epoch), &json!(20)));
        assert!(report["loss"].as_f64().unwrap() >= 0.0, "{report}");
        assert_eq!(report.get("accuracy"), None);
    }
}

#[tokio::test]
async fn a_table_of_categories_is_learned_by_a_mapping() {
    let server = TestServer::start().await;
    let template = TEMPLATE
        .replace("number_of_neurons: 2\n", "number_of_neurons: 3\n")
        .replace("number_of_neurons: 1\n", "number_of_neurons: 2\n");
    let cluster = server.cluster("worker", &template).await;
    let rows = |i: u32| match i % 2 {
        0 => format!("red,{},yes\n", i % 7),
        _ => format!("blue,{},no\n", i % 5),
    };
    let text_of_table = "colour,size,wanted\n".to_owned() + &(0..200).map(rows).collect::<String>();
    let dataset = server.csv("table", &text_of_table).await;
    let mapping = json!({
        "type": "row",
        "inputs": {"speed": ["colour", "size"]},
        "outputs": {"wear": ["wanted"]},
    });
    let task = |kind: &str, mapping: &Value| {
        json!({
            "name": "task", "type": kind, "cluster_uuid": cluster, "dataset_uuid": dataset,
            "mapping": mapping,
        })
    };
    let mut train = task("train", &mapping);
    train["epochs"] = json!(5);
    let train = text(&server.post("task", train).await.ok()["uuid"]);
    let progress = server.ended(&cluster, &train).await;
    assert!(progress["running_accuracy"].as_f64().unwrap() > 70.0, "{progress}");
    let request = text(&server.post("task", task("request", &mapping)).await.ok()["uuid"]);
    assert_eq!(server.ended(&cluster, &request).await["state"], "finished");
    let result = server.get(&format!("request_result?uuid={request}")).await.ok();
    // The categories in order: no, yes.
    assert_eq!(result["data"][0], 1.0);
    let check = json!({"result_uuid": request, "dataset_uuid": dataset});
    let accuracy = server.post("dataset/check", check).await.ok();
    assert!(accuracy["accuracy"].as_f64().unwrap() > 95.0, "{accuracy}");

    for (inputs, named) in [
        (json!({"speed": ["color", "size"]}), "did you mean `colour`?"),
        (json!({"speed": ["size"]}), "`size` 1"),
        (json!({}), "lacks the input brick `speed`"),
        (json!({"speed": ["colour", "size"], "sped": ["size"]}), "`sped`"),
    ] {
        let mapping = json!({"type": "row", "inputs": inputs, "outputs": {"wear": ["wanted"]}});
        let refused = server.post("task", task("train", &mapping)).await;
        let detail = refused.problem(400, "dataset-mismatch");
        assert!(detail.contains(named), "{detail}");
    }
    let window =
        json!({"type": "window", "inputs": {"speed": "colour"}, "outputs": {"wear": "size"}});
    let refused = server.post("task", task("train", &window)).await;
    assert!(refused.problem(400, "dataset-mismatch").contains("`row`"));
}

#[tokio::test]
async fn options_that_make_no_sense_are_refused_by_name() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(50)).await;
    for (kind, field, value) in [
        ("train", "epochs", json!(0)),
        ("train", "epochs", json!(1001)),
        ("train", "epochs", json!(-1)),
        ("train", "epochs", json!("3")),
        ("train", "seed", json!(1.5)),
        ("train", "shuffle", json!("yes")),
        ("train", "validation_share", json!(0.6)),
        ("train", "full_outputs", json!(true)),
        ("train", "mapping", json!({"type": "grid", "inputs": {}})),
        ("train", "mapping", json!({"type": "row", "inputs": {}, "inputz": {}})),
        ("request", "epochs", json!(2)),
        ("request", "shuffle", json!(true)),
        ("request", "seed", json!(3)),
        ("request", "validation_share", json!(0.1)),
    ] {
        let task = json!({
            "name": "task", "type": kind, "cluster_uuid": cluster, "dataset_uuid": dataset,
            field: value,
        });
        let detail = server.post("task", task).await.problem(400, "invalid-body");
        assert!(detail.contains(&format!("`{field}")), "{kind} {field} {value}: {detail}");
    }
}
