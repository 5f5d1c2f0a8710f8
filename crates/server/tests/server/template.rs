//! Templates that are checked before a cluster is made of them.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::common::{TEMPLATE, TestServer, text};

async fn check(server: &TestServer, template: &str) -> Value {
    let body = json!({"template": BASE64_STANDARD.encode(template)});
    server.post("template/check", body).await.ok()
}

#[tokio::test]
async fn a_valid_template_is_told_with_its_bricks_and_whom_they_hear() {
    let server = TestServer::start().await;
    let checked = check(&server, TEMPLATE).await;
    assert_eq!((&checked["valid"], &checked["error"]), (&json!(true), &json!(null)));
    assert_eq!(
        checked["bricks"],
        json!([
            {"x": 1, "y": 1, "z": 1, "kind": "input", "name": "speed", "neurons": 2, "hears": []},
            {"x": 2, "y": 1, "z": 1, "kind": "inner", "name": null, "neurons": 16, "hears": [0]},
            {"x": 3, "y": 1, "z": 1, "kind": "output", "name": "wear", "neurons": 1, "hears": [1]}
        ])
    );
    let settings = &checked["settings"];
    assert_eq!(settings["max_connection_distance"], 1);
    assert_eq!((&settings["enable_reduction"], &settings["seed"]), (&json!(false), &json!(1)));
    assert_eq!(server.get("cluster/all").await.ok()["body"], json!([]));
}

#[tokio::test]
async fn a_mistake_is_an_answer_with_its_place() {
    let server = TestServer::start().await;
    let template = TEMPLATE.replace("number_of_neurons: 16", "number_of_neuron: 16");
    let checked = check(&server, &template).await;
    assert_eq!((&checked["valid"], &checked["settings"]), (&json!(false), &json!(null)));
    assert_eq!(checked["bricks"], json!([]));
    let error = &checked["error"];
    let lines: Vec<_> = template.lines().collect();
    let wrong = lines[error["line"].as_u64().unwrap() as usize - 1];
    let (column, length) = (error["column"].as_u64().unwrap(), error["length"].as_u64().unwrap());
    let place: String = wrong.chars().skip(column as usize - 1).take(length as usize).collect();
    assert_eq!(place, "number_of_neuron");
    assert!(text(&error["help"]).contains("did you mean `number_of_neurons`?"), "{error}");

    let body = json!({"name": "broken", "template": BASE64_STANDARD.encode(&template)});
    let refused = server.post("cluster", body).await.problem(400, "invalid-template");
    assert_eq!(error["message"], refused);
    // Texts that have no place for a mistake.
    for template in ["", "\n\n", "version: 1"] {
        let error = &check(&server, template).await["error"];
        assert_eq!((&error["line"], &error["column"]), (&json!(1), &json!(1)), "{error}");
    }
}

#[tokio::test]
async fn a_request_that_holds_no_template_is_refused() {
    let server = TestServer::start().await;
    server.post("template/check", json!({})).await.problem(400, "invalid-body");
    let other = json!({"template": "", "text": ""});
    server.post("template/check", other).await.problem(400, "invalid-body");
    let broken = json!({"template": "%%%"});
    server.post("template/check", broken).await.problem(400, "invalid-template");
    let long = json!({"template": BASE64_STANDARD.encode("#".repeat(70_000))});
    server.post("template/check", long).await.problem(400, "limit-exceeded");
}
