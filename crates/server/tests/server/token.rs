use reqwest::Method;
use serde_json::json;

use crate::common::{Answer, PASSWORD, TestServer, answer};

async fn log_in(server: &TestServer, id: &str, password: &str) -> Answer {
    let body = json!({"id": id, "password": password});
    server.send(Method::POST, "/control/v1/token", "", Some(body)).await
}

#[tokio::test]
async fn an_admin_logs_in() {
    let server = TestServer::start().await;
    let answer = log_in(&server, "admin", &server.passphrase).await.ok();
    assert_eq!(answer["id"], "admin");
    assert_eq!(answer["name"], "Admin");
    assert_eq!(answer["is_admin"], true);
    let token = answer["token"].as_str().unwrap();
    server.send(Method::GET, "/control/v1/cluster/all", token, None).await.ok();
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let server = TestServer::start().await;
    let wrong = log_in(&server, "admin", "wrong password").await;
    let unknown = log_in(&server, "nobody", "wrong password").await;
    let wrong = wrong.problem(401, "wrong-credentials");
    assert_eq!(wrong, unknown.problem(401, "wrong-credentials"));
}

#[tokio::test]
async fn malformed_credentials_are_refused_naming_the_field() {
    let server = TestServer::start().await;
    for (id, password, field) in [
        ("adm", "long enough", "`id`"),
        ("9admin", "long enough", "`id`"),
        ("admin", "short", "`password`"),
    ] {
        let detail = log_in(&server, id, password).await.problem(400, "invalid-body");
        assert!(detail.contains(field), "{detail}");
    }
}

#[tokio::test]
async fn the_token_comes_in_either_header() {
    let server = TestServer::start().await;
    let url = server.url("/control/v1/cluster/all");
    let bearer = server.http.get(&url).bearer_auth(&server.token);
    answer(bearer).await.ok();
    let own = server.http.get(&url).header("x-auth-token", &server.token);
    answer(own).await.ok();
}

#[tokio::test]
async fn without_a_valid_token_nothing_is_answered() {
    let server = TestServer::start().await;
    let url = server.url("/control/v1/cluster/all");
    answer(server.http.get(&url)).await.problem(401, "invalid-token");
    for token in ["", "nonsense", "a.b.c", &server.token[1..]] {
        let request = server.http.get(&url).header("X-Auth-Token", token);
        answer(request).await.problem(401, "invalid-token");
    }
}

#[tokio::test]
async fn a_token_expires() {
    let settings = hanami_server::Settings {
        token_lifetime_seconds: 1.try_into().unwrap(),
        ..Default::default()
    };
    let server = TestServer::start_with(settings).await;
    let mut answer = server.get("cluster/all").await;
    while answer.status == 200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        answer = server.get("cluster/all").await;
    }
    let detail = answer.problem(401, "invalid-token");
    assert!(detail.contains("expired"), "{detail}");
}

#[tokio::test]
async fn a_member_starts_in_their_project_and_stays_out_of_others() {
    let server = TestServer::start_with_users().await;
    let anna = log_in(&server, "anna", PASSWORD).await.ok();
    assert_eq!(anna["is_admin"], false);
    let token = anna["token"].as_str().unwrap();

    let made = json!({"name": "annas cluster"});
    let made = server.send(Method::POST, "/control/v1/cluster", token, Some(made)).await.ok();
    assert_eq!(made["project_id"], "garden");

    let renew = |project: &str| json!({"project_id": project});
    let path = "/control/v1/token";
    server.send(Method::PUT, path, token, Some(renew("garden"))).await.ok();
    let refused = server.send(Method::PUT, path, token, Some(renew("admin"))).await;
    refused.problem(404, "not-found");
}

#[tokio::test]
async fn an_admin_changes_into_any_project() {
    let server = TestServer::start_with_users().await;
    let renewed = server.put("token", json!({"project_id": "garden"})).await.ok();
    let token = renewed["token"].as_str().unwrap();
    let made = json!({"name": "in the garden"});
    let made = server.send(Method::POST, "/control/v1/cluster", token, Some(made)).await.ok();
    assert_eq!(made["project_id"], "garden");
    server.put("token", json!({"project_id": "nowhere"})).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_user_without_a_project_cannot_log_in() {
    let server = TestServer::start_with_users().await;
    let detail = log_in(&server, "emil", PASSWORD).await.problem(401, "forbidden");
    assert!(detail.contains("project"), "{detail}");
}

#[tokio::test]
async fn a_role_that_the_policy_does_not_know_may_do_nothing() {
    let server = TestServer::start_with_users().await;
    let token = server.log_in("dora", PASSWORD).await;
    let answer = server.send(Method::GET, "/control/v1/cluster/all", &token, None).await;
    let detail = answer.problem(401, "forbidden");
    assert!(detail.contains("florist"), "{detail}");
}
