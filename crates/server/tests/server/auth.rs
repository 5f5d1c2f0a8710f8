use reqwest::Method;
use serde_json::json;

use crate::common::{Answer, PASSWORD, TestServer};

/// Checks a token that is in the header, with this query.
async fn check(server: &TestServer, token: &str, query: &str) -> Answer {
    server.send(Method::GET, &format!("/control/v1/auth{query}"), token, None).await
}

#[tokio::test]
async fn a_token_tells_whom_it_stands_for() {
    let server = TestServer::start_with_users().await;
    let carl = server.log_in("carl", PASSWORD).await;
    let expected = json!({
        "id": "carl",
        "name": "CARL",
        "is_admin": false,
        "project_id": "garden",
        "role": "member",
        "is_project_admin": true,
    });
    assert_eq!(check(&server, &carl, "").await.ok(), expected);
    // The token that is asked about stands in the query; the header does not matter then.
    let query = format!("?token={carl}");
    for header in ["", "nonsense", &server.token] {
        assert_eq!(check(&server, header, &query).await.ok(), expected);
    }
    let admin = check(&server, &server.token, "").await.ok();
    assert_eq!((&admin["is_admin"], &admin["project_id"]), (&json!(true), &json!("admin")));
    assert_eq!((&admin["role"], &admin["is_project_admin"]), (&json!("admin"), &json!(true)));
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let server = TestServer::start().await;
    check(&server, "", "").await.problem(401, "invalid-token");
    for query in ["?token=", "?token=nonsense", "?token=nonsense&endpoint=v1/user&http_type=2"] {
        check(&server, &server.token, query).await.problem(401, "invalid-token");
    }
}

#[tokio::test]
async fn a_token_is_good_for_what_its_role_may_do() {
    let server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    for (endpoint, http_type, admin_may, anna_may) in [
        ("v1/cluster", 1, true, true),
        ("v1/cluster", 2, true, true),
        ("v1/cluster", 3, false, false),
        ("v1/cluster", 4, true, true),
        ("v1/cluster", 5, true, true),
        ("v1/task", 5, false, false),
        ("/v1/cluster/set_mode", 5, true, true),
        ("task/all", 2, true, true),
        ("v1/user", 1, true, false),
        ("v1/user", 4, true, false),
        ("v1/user/all", 2, true, false),
        ("v1/project", 4, true, false),
        ("v1/user/project", 2, true, true),
        ("v1/user/project", 1, true, false),
        ("v1/nowhere", 2, false, false),
    ] {
        let query = format!("?endpoint={endpoint}&http_type={http_type}");
        for (token, may) in [(&server.token, admin_may), (&anna, anna_may)] {
            let answer = check(&server, token, &query).await;
            if may {
                assert_eq!(answer.ok()["is_admin"], json!(token == &server.token), "{query}");
            } else {
                answer.problem(401, "forbidden");
            }
        }
    }
}

#[tokio::test]
async fn a_check_that_is_not_well_formed_is_refused_naming_the_parameter() {
    let server = TestServer::start().await;
    for (query, named) in [
        ("?endpoint=v1/user", "`http_type`"),
        ("?http_type=2", "`endpoint`"),
        ("?endpoint=v1/user&http_type=0", "http_type: must be 1 (DELETE)"),
        ("?endpoint=v1/user&http_type=6", "http_type"),
        ("?endpoint=v1/user&http_type=GET", "http_type"),
        ("?endpoint=v1/user&http_type=-1", "http_type"),
        ("?more=1", "`more`"),
    ] {
        let detail = check(&server, &server.token, query).await.problem(400, "invalid-query");
        assert!(detail.contains(named), "{query}: {detail}");
    }
}
