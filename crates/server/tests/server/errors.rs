use std::path::Path;

use hanami_api::ErrorCode;
use reqwest::Method;
use serde_json::json;

use crate::common::{NOWHERE, TestServer, answer};

#[test]
fn every_error_is_explained() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    let page = std::fs::read_to_string(path).unwrap();
    for code in ErrorCode::ALL {
        let section = format!("\n## {}\n\n{}, {}.", code.as_str(), code.status(), code.title());
        let page = page.replace("\n\n", "\u{0}").replace('\n', " ").replace('\u{0}', "\n\n");
        let section = section.trim_start();
        assert!(page.contains(section), "docs/errors.md lacks\n{section}");
    }
    assert_eq!(page.matches("\n## ").count(), ErrorCode::ALL.len());
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_whatever_the_method() {
    let server = TestServer::start().await;
    for (method, path) in [
        (Method::GET, "/control/v1"),
        (Method::GET, "/control/v1/nothing"),
        (Method::POST, "/control/v1/cluster/all"),
        (Method::PATCH, "/control/v1/cluster"),
        (Method::GET, "/control/v1/cluster/"),
        (Method::POST, "/healthz"),
        (Method::GET, "/etc/passwd"),
        (Method::GET, "/%00"),
    ] {
        let answer = server.send(method, path, &server.token, None).await;
        let detail = answer.problem(404, "not-found");
        assert!(detail.contains(path), "{detail}");
    }
}

#[tokio::test]
async fn a_problem_names_its_request_and_a_client_may_name_it() {
    let server = TestServer::start().await;
    let request = || server.http.get(server.url("/control/v1/cluster/all"));
    let made_up = answer(request()).await;
    assert_eq!(made_up.headers["x-request-id"].len(), 36);
    made_up.problem(401, "invalid-token");

    let named = answer(request().header("x-request-id", "mine-1")).await;
    assert_eq!(named.body["request_id"], "mine-1");
    assert_eq!(named.body["type"], "/docs/errors#invalid-token");
    named.problem(401, "invalid-token");
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_explanation() {
    let server = TestServer::start().await;
    let problem = server.get(&format!("cluster?uuid={NOWHERE}")).await.body;
    let (path, anchor) = problem["type"].as_str().unwrap().split_once('#').unwrap();
    let page = server.send(Method::GET, path, "", None).await.ok();
    assert!(page.as_str().unwrap().contains(&format!("\n## {anchor}\n")));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    for path in ["/", "/healthz", "/openapi.json", "/nothing", "/control/v1/cluster/all"] {
        let answer = server.send(Method::GET, path, "", None).await;
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.headers[header], value, "{path}");
        }
        assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("'none'"));
        assert!(answer.headers.contains_key("x-request-id"));
    }
}

#[tokio::test]
async fn the_root_says_what_this_is() {
    let server = TestServer::start().await;
    let page = server.send(Method::GET, "/", "", None).await.ok();
    assert!(page.as_str().unwrap().contains("Hanami"));
}

#[tokio::test]
async fn a_malformed_uuid_is_refused_before_it_is_looked_for() {
    let server = TestServer::start().await;
    let last_wrong = format!("{}x", &NOWHERE[..35]);
    for endpoint in ["cluster", "dataset", "dataset/progress", "request_result"] {
        for uuid in ["", "7", "..%2F..%2Fetc", &last_wrong] {
            let detail = server.get(&format!("{endpoint}?uuid={uuid}")).await;
            assert!(detail.problem(400, "invalid-query").contains("uuid"));
        }
        let twice = server.get(&format!("{endpoint}?uuid={NOWHERE}&uuid={NOWHERE}")).await;
        twice.problem(400, "invalid-query");
        server.get(&format!("{endpoint}?uuid={NOWHERE}")).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn the_cause_of_an_internal_error_stays_in_the_server() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", crate::common::TEMPLATE).await;
    let dataset = server.csv("table", &crate::common::table(10)).await;
    let task = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &task).await;
    let results = server.directory.path().join("blobs/results");
    for file in std::fs::read_dir(results).unwrap() {
        std::fs::write(file.unwrap().path(), "damaged").unwrap();
    }

    let answer = server.get(&format!("request_result?uuid={task}")).await;
    let detail = answer.problem(500, "internal");
    assert!(!detail.contains("damaged") && !detail.contains("blob"), "{detail}");
    server.assert_healthy().await;
    let all = server.get("request_result/all").await.ok();
    assert_eq!(all["body"][0][0], json!(task));
}
