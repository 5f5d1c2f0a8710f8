//! Predicting and learning in plain HTTP.

use hanami_server::Settings;
use serde_json::{Value, json};

use crate::common::{NOWHERE, TEMPLATE, TestServer, table, text};

/// Two inputs with names, two outputs.
const WIDE: &str = "\
version: 1
bricks:
    1,1,1
        input: left
        number_of_neurons: 2
    1,2,1
        input: right
        number_of_neurons: 1
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: sum
        number_of_neurons: 1
    2,2,1
        output: sides
        number_of_neurons: 3
";

#[tokio::test]
async fn a_cluster_is_taught_and_asked_without_a_connection_in_either_mode() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    for (mode, steps) in [("TASK", 200), ("DIRECT", 400)] {
        server.put("cluster/set_mode", json!({"uuid": cluster, "new_state": mode})).await.ok();
        let inputs: Vec<_> = (0..200).map(|step| [step % 2, 1]).collect();
        let outputs: Vec<_> = (0..200).map(|step| [step % 2]).collect();
        let learn = json!({"uuid": cluster, "inputs": inputs, "outputs": outputs});
        assert_eq!(server.post("cluster/learn", learn).await.ok(), json!({"steps": steps}));
    }
    let ask = json!({"uuid": cluster, "inputs": {"speed": [[0, 1], [1, 1]]}});
    let answer = server.post("cluster/predict", ask).await.ok();
    let wear = |index: usize| answer["outputs"]["wear"][index][0].as_f64().unwrap();
    assert!(wear(0) < 0.5 && wear(1) > 0.5, "{answer}");
    let single = json!({"uuid": cluster, "inputs": [1, 1]});
    let single = server.post("cluster/predict", single).await.ok();
    assert_eq!(single["outputs"]["wear"], answer["outputs"]["wear"][1]);

    // A live connection asks the same network.
    let mut socket = server.connect("cluster", &cluster).await.unwrap();
    let live = socket.request(&[1.0, 1.0]).await[0];
    assert_eq!(single["outputs"]["wear"][0].as_f64().unwrap() as f32, live);
}

#[tokio::test]
async fn values_are_named_where_there_are_several_bricks_and_null_is_not_known() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", WIDE).await;
    let learn = json!({
        "uuid": cluster,
        "inputs": {"left": [[1, 2], [3, null]], "right": [[0.5], [-7e3]]},
        "outputs": {"sides": [[0, 1, 0], [null, null, 1]]}
    });
    assert_eq!(server.post("cluster/learn", learn).await.ok()["steps"], 2);
    let ask = async |inputs: Value| {
        let body = json!({"uuid": cluster, "inputs": inputs});
        server.post("cluster/predict", body).await.ok()["outputs"].clone()
    };
    let full = ask(json!({"left": [1, null], "right": [null]})).await;
    assert_eq!((full["sum"].as_array().unwrap().len(), full["sides"][2].is_number()), (1, true));
    assert_eq!(ask(json!({"left": [1, null]})).await, full, "left out is not known");
    let list = ask(json!({"left": [[1, null]], "right": [[null]]})).await;
    assert_eq!(list, json!({"sum": [full["sum"]], "sides": [full["sides"]]}));
}

#[tokio::test]
async fn what_was_taught_is_there_after_a_restart() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let learn = json!({"uuid": cluster, "inputs": [3, 4], "outputs": [5]});
    server.post("cluster/learn", learn).await.ok();
    let ask = json!({"uuid": cluster, "inputs": [3, 4]});
    let before = server.post("cluster/predict", ask.clone()).await.ok();
    let (directory, passphrase) = server.shut_down().await;
    let server = TestServer::restart(directory, passphrase, Settings::default()).await;
    assert_eq!(server.post("cluster/predict", ask).await.ok(), before);
    let shown = server.get(&format!("cluster?uuid={cluster}")).await.ok();
    assert_eq!(shown["network"]["steps"], 1);
    assert_ne!(shown["last_used_timestamp"], "-");
}

#[tokio::test]
async fn a_training_is_asked_and_taught_while_it_runs() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(100_000)).await;
    let task = server.task("train", &cluster, &dataset).await;
    let progress =
        async || server.get(&format!("task?uuid={task}&cluster_uuid={cluster}")).await.ok();
    while progress().await["samples"] == 0 {}
    let learn = json!({"uuid": cluster, "inputs": [3, 4], "outputs": [5]});
    server.post("cluster/learn", learn).await.ok();
    let ask = json!({"uuid": cluster, "inputs": [3, 4]});
    server.post("cluster/predict", ask).await.ok();
    assert_eq!(server.ended(&cluster, &task).await["state"], "finished");
    let shown = server.get(&format!("cluster?uuid={cluster}")).await.ok();
    assert_eq!(shown["network"]["steps"], 99_999 + 1);
}

#[tokio::test]
async fn samples_that_do_not_fit_are_refused_naming_brick_and_place() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let wide = server.cluster("wide", WIDE).await;
    for (uuid, inputs, told) in [
        (&cluster, json!([1]), vec!["\"speed\" takes 2 values, but sample 0 has 1"]),
        (&cluster, json!([]), vec!["\"speed\" takes 2 values"]),
        (&cluster, json!([[1, 2], [1]]), vec!["\"speed\"", "sample 1 has 1"]),
        (&cluster, json!({"sped": [1, 2]}), vec!["no input brick \"sped\"", "\"speed\""]),
        (&cluster, json!({"wear": [1]}), vec!["no input brick \"wear\""]),
        (&cluster, json!({}), vec!["send values for an input brick"]),
        (&wide, json!([1, 2]), vec!["2 input bricks", "\"left\", \"right\""]),
        (&wide, json!({"left": [[1, 2]], "right": [[1], [2]]}), vec!["1 samples", "\"right\""]),
        (&cluster, json!({"speed": [1, "2"]}), vec!["`inputs.speed[1]`", "a number, null"]),
        (&cluster, json!({"speed": [[1, 2], [1, true]]}), vec!["`inputs.speed[1][1]`"]),
        (&cluster, json!([1, [2]]), vec!["`inputs", "don't go together"]),
        (&cluster, json!([1, 1e300]), vec!["`inputs[1]`", "32-bit"]),
        (&cluster, json!("1,2"), vec!["`inputs`", "an array of numbers"]),
        (&cluster, json!(null), vec!["`inputs`"]),
    ] {
        let ask = json!({"uuid": uuid, "inputs": inputs});
        let detail = server.post("cluster/predict", ask).await.problem(400, "invalid-body");
        let learn = json!({"uuid": uuid, "inputs": inputs, "outputs": [1]});
        server.post("cluster/learn", learn).await.problem(400, "invalid-body");
        assert!(told.iter().all(|told| detail.contains(told)), "{inputs}: {detail}");
    }
    for (outputs, told) in [
        (json!([[1], [2]]), "1 samples were sent with inputs, but 2 with outputs"),
        (json!([1, 2]), "\"wear\" takes 1 values"),
        (json!({"speed": [1, 2]}), "no output brick \"speed\""),
    ] {
        let learn = json!({"uuid": cluster, "inputs": [1, 2], "outputs": outputs});
        let detail = server.post("cluster/learn", learn).await.problem(400, "invalid-body");
        assert!(detail.contains(told), "{detail}");
    }
    let shown = server.get(&format!("cluster?uuid={cluster}")).await.ok();
    assert_eq!(shown["network"]["steps"], 0);
}

#[tokio::test]
async fn limits_and_states_are_told() {
    let settings = Settings {
        max_samples_per_request: std::num::NonZeroU32::new(2).unwrap(),
        ..Settings::default()
    };
    let server = TestServer::start_with(settings).await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let ask = json!({"uuid": cluster, "inputs": [[1, 2], [1, 2], [1, 2]]});
    let detail = server.post("cluster/predict", ask).await.problem(400, "limit-exceeded");
    assert!(detail.contains("at most 2"), "{detail}");
    let empty = text(&server.post("cluster", json!({"name": "empty"})).await.ok()["uuid"]);
    let ask = |uuid: &str| json!({"uuid": uuid, "inputs": [1, 2]});
    let teach = |uuid: &str| json!({"uuid": uuid, "inputs": [1, 2], "outputs": [1]});
    server.post("cluster/predict", ask(&empty)).await.problem(409, "conflict");
    server.post("cluster/learn", teach(&empty)).await.problem(409, "conflict");
    server.post("cluster/predict", ask(NOWHERE)).await.problem(404, "not-found");
    server.post("cluster/learn", teach(NOWHERE)).await.problem(404, "not-found");

    // A prediction changes nothing, so it is not audited; what is learned is.
    server.post("cluster/predict", ask(&cluster)).await.ok();
    server.post("cluster/learn", teach(&cluster)).await.ok();
    let audited = server.get("audit_log?page=0").await.ok().to_string();
    assert!(audited.contains("cluster/learn") && !audited.contains("cluster/predict"), "{audited}");
}

#[tokio::test]
async fn an_answer_is_explained_by_what_each_input_contributed() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", WIDE).await;
    let ask = json!({"left": [3, -2], "right": [null]});
    let inputs: Vec<_> = (0..300).map(|step| [step % 5, -(step % 3)]).collect();
    let rights: Vec<_> = (0..300).map(|step| [step % 2]).collect();
    let sums: Vec<_> = (0..300).map(|step| [step % 5 - step % 3 + 10]).collect();
    let sides: Vec<_> = (0..300).map(|step| [step % 2, 0, 1]).collect();
    let lesson = json!({
        "uuid": cluster, "inputs": {"left": inputs, "right": rights},
        "outputs": {"sum": sums, "sides": sides}
    });
    server.post("cluster/learn", lesson).await.ok();
    let steps =
        server.get(&format!("cluster?uuid={cluster}")).await.ok()["network"]["steps"].clone();
    let predicted =
        server.post("cluster/predict", json!({"uuid": cluster, "inputs": ask})).await.ok();
    for (output, index) in [("sum", 0), ("sides", 0), ("sides", 2)] {
        let body = json!({"uuid": cluster, "inputs": ask, "output": output, "index": index});
        let explained = server.post("cluster/explain", body).await.ok();
        assert_eq!(explained["answer"], predicted["outputs"][output][index], "{explained}");
        let part = |value: &Value| value.as_f64().unwrap();
        let contributions = &explained["contributions"];
        let (left, right) = (&contributions["left"], &contributions["right"]);
        assert_eq!((left.as_array().unwrap().len(), right), (2, &json!([0.0])));
        let total = part(&left[0]) + part(&left[1]) + part(&explained["rest"]);
        assert!((total - part(&explained["sum"])).abs() < 1e-4, "{explained}");
        assert!(part(&left[0]) != 0.0, "{explained}");
    }
    let shown = server.get(&format!("cluster?uuid={cluster}")).await.ok();
    assert_eq!(shown["network"]["steps"], steps);
}

#[tokio::test]
async fn what_cannot_be_explained_is_told() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", WIDE).await;
    let ask = json!({"left": [3, -2]});
    let refused = async |body: Value, told: &str| {
        let detail = server.post("cluster/explain", body).await.problem(400, "invalid-body");
        assert!(detail.contains(told), "{detail}");
    };
    refused(json!({"uuid": cluster, "inputs": ask, "index": 0}), "name one of them").await;
    let unknown = json!({"uuid": cluster, "inputs": ask, "output": "left", "index": 0});
    refused(unknown, "there is no output brick \"left\"").await;
    let beyond = json!({"uuid": cluster, "inputs": ask, "output": "sides", "index": 3});
    refused(beyond, "has 3 values, numbered from 0").await;
    let narrow = json!({"uuid": cluster, "inputs": {"left": [1]}, "output": "sum", "index": 0});
    refused(narrow, "takes 2 values").await;
    refused(json!({"uuid": cluster, "inputs": ask, "output": "sum"}), "index").await;
    let negative = json!({"uuid": cluster, "inputs": ask, "output": "sum", "index": -1});
    refused(negative, "index").await;
    let two = json!({
        "uuid": cluster, "inputs": {"left": [[1, 2], [3, 4]]}, "output": "sum", "index": 0
    });
    server.post("cluster/explain", two).await.problem(400, "limit-exceeded");
    let empty = text(&server.post("cluster", json!({"name": "empty"})).await.ok()["uuid"]);
    let body = json!({"uuid": empty, "inputs": [1], "index": 0});
    server.post("cluster/explain", body).await.problem(409, "conflict");
    let nowhere = json!({"uuid": NOWHERE, "inputs": [1], "index": 0});
    server.post("cluster/explain", nowhere).await.problem(404, "not-found");
    server.assert_healthy().await;
}
