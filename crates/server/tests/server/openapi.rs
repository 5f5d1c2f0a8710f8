use std::path::Path;

use serde_json::Value;

use crate::common::TestServer;

fn document() -> Value {
    serde_json::from_str(&hanami_server::openapi_json()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    operations
}

#[test]
fn the_document_in_the_repository_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let served = hanami_server::openapi_json() + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == served,
        "docs/openapi.json is not what the handlers say; write it anew with\n    \
         UPDATE_OPENAPI=1 cargo test -p hanami-server openapi\nand review the difference"
    );
}

#[test]
fn every_answer_is_described_and_every_problem_has_its_type() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::HashSet::new();
    for (name, operation) in operations(&document) {
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}: id is not unique");
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.contains_key("200"), "{name}");
        for (status, answer) in answers {
            let description = answer["description"].as_str().unwrap_or_default();
            assert!(!description.is_empty(), "{name}: {status} has no description");
            if status != "200" {
                let schema = &answer["content"]["application/problem+json"]["schema"];
                assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{name}: {status}");
            }
        }
        assert!(operation["responses"]["500"].is_object() || name == "GET /healthz", "{name}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn every_link_gives_an_operation_all_that_it_needs() {
    let document = document();
    let operations = operations(&document);
    let find =
        |id: &Value| operations.iter().find(|(_, operation)| operation["operationId"] == *id);
    let mut makers = Vec::new();
    for (name, operation) in &operations {
        let Some(links) = operation["responses"]["200"]["links"].as_object() else { continue };
        makers.push(operation["operationId"].as_str().unwrap());
        for link in links.values() {
            let (_, target) =
                find(&link["operationId"]).unwrap_or_else(|| panic!("{name}: {link}"));
            let parameters = target["parameters"].as_array().cloned().unwrap_or_default();
            let given = |part: &str| link[part].as_object().cloned().unwrap_or_default();
            for parameter in &parameters {
                let is_given =
                    given("parameters").contains_key(parameter["name"].as_str().unwrap());
                assert!(is_given || parameter["required"] != true, "{name}: {link}: {parameter}");
            }
            let reference = &target["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let schema = reference.as_str().map(|path| document.pointer(&path[1..]).unwrap());
            for field in given("requestBody").keys() {
                assert!(
                    schema.unwrap()["properties"][field].is_object(),
                    "{name}: {link}: {field}"
                );
            }
            for field in
                schema.and_then(|schema| schema["required"].as_array()).into_iter().flatten()
            {
                let is_given = given("requestBody").contains_key(field.as_str().unwrap());
                assert!(is_given, "{name}: {link}: {field}");
            }
        }
    }
    let made = operations.iter().map(|(_, operation)| operation["operationId"].as_str().unwrap());
    let made = made.filter(|id| id.starts_with("create_") && *id != "create_token");
    for id in made {
        assert!(makers.contains(&id), "{id} leads nowhere: see src/links.rs");
    }
}

#[tokio::test]
async fn the_document_is_served_and_every_path_in_it_too() {
    let server = TestServer::start().await;
    let get = reqwest::Method::GET;
    let served = server.send(get, "/openapi.json", "", None).await.ok();
    assert_eq!(served, document());
    for (name, operation) in operations(&served) {
        let (method, path) = name.split_once(' ').unwrap();
        let method: reqwest::Method = method.parse().unwrap();
        let wants_a_token = operation["security"] != serde_json::json!([{}]);
        let answer = server.send(method, path, "", None).await;
        // What is not served would be 404 and say so.
        let expected: &[u16] = if wants_a_token { &[401] } else { &[200, 400] };
        assert!(expected.contains(&answer.status), "{name}: {}", answer.status);
    }
}

#[tokio::test]
async fn what_is_not_in_the_document_is_not_served() {
    let server = TestServer::start().await;
    let document = document();
    for (path, described) in document["paths"].as_object().unwrap() {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            if described.get(method.to_lowercase()).is_none() {
                let method: reqwest::Method = method.parse().unwrap();
                let answer = server.send(method.clone(), path, &server.token, None).await;
                let detail = answer.problem(404, "not-found");
                assert_eq!(detail, format!("{path} does not take {method}"));
            }
        }
        let below = format!("{path}/more");
        if !document["paths"].as_object().unwrap().contains_key(&below) {
            let answer = server.send(reqwest::Method::GET, &below, &server.token, None).await;
            answer.problem(404, "not-found");
        }
    }
}
