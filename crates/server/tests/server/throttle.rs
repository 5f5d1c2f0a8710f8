//! How often one may try a password, and how much one may ask for.

use std::num::NonZeroU32;

use hanami_server::Settings;
use reqwest::Method;
use serde_json::json;

use crate::common::{Answer, PASSWORD, TestServer};

const TRIES: u32 = 3;

async fn start() -> TestServer {
    let login_tries = NonZeroU32::new(TRIES).unwrap();
    TestServer::start_with_users_and(Settings { login_tries, ..Settings::default() }).await
}

async fn try_as(server: &TestServer, id: &str, password: &str) -> Answer {
    let body = json!({"id": id, "password": password});
    server.send(Method::POST, "/control/v1/token", "", Some(body)).await
}

/// Asserts that an answer is a 429 that tells when to try again; answers its detail.
#[track_caller]
fn throttled(answer: Answer) -> String {
    let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=300).contains(&seconds), "{seconds}");
    answer.problem(429, "too-many")
}

#[tokio::test]
async fn after_too_many_bad_tries_not_even_the_right_password_is_taken() {
    let server = start().await;
    let mut told = Vec::new();
    for id in ["anna", "nobody"] {
        for _ in 0..TRIES {
            try_as(&server, id, "wrong password").await.problem(401, "wrong-credentials");
        }
        told.push(throttled(try_as(&server, id, "wrong password").await));
        told.push(throttled(try_as(&server, id, PASSWORD).await));
    }
    assert!(told.iter().all(|detail| *detail == told[0]), "{told:?}");
    try_as(&server, "bert", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_success_forgets_the_bad_tries_before_it() {
    let server = start().await;
    for _ in 0..2 {
        for _ in 1..TRIES {
            try_as(&server, "anna", "wrong password").await.problem(401, "wrong-credentials");
        }
        try_as(&server, "anna", PASSWORD).await.ok();
    }
}

#[tokio::test]
async fn an_address_may_not_try_many_users() {
    let server = start().await;
    for number in 0..10 * TRIES {
        let id = format!("user{number}");
        try_as(&server, &id, "wrong password").await.problem(401, "wrong-credentials");
    }
    throttled(try_as(&server, "anna", PASSWORD).await);
    server.get("cluster/all").await.ok();
}

#[tokio::test]
async fn one_s_own_password_is_not_to_be_guessed_either() {
    let mut server = start().await;
    server.token = server.log_in("anna", PASSWORD).await;
    let body = |password: &str| json!({"password": password, "new_password": "another password"});
    for _ in 0..TRIES {
        let wrong = server.put("user/password", body("wrong password")).await;
        wrong.problem(401, "wrong-credentials");
    }
    throttled(server.put("user/password", body(PASSWORD)).await);
    throttled(try_as(&server, "anna", PASSWORD).await);
}

#[tokio::test]
async fn a_user_who_asks_too_often_has_to_wait_and_others_do_not() {
    let settings = Settings { user_requests_per_second: 1, ..Settings::default() };
    let server = TestServer::start_with_users_and(settings).await;
    let anna = server.log_in("anna", PASSWORD).await;
    let bert = server.log_in("bert", PASSWORD).await;
    let path = "/control/v1/cluster/all";
    // In the time that all of these take, one a second is not enough.
    let asked = (0..50).map(|_| server.send(Method::GET, path, &anna, None));
    let answers = futures_util::future::join_all(asked).await;
    assert!(answers.iter().any(|answer| answer.status == 200));
    let refused = answers.into_iter().find(|answer| answer.status != 200).unwrap();
    assert_eq!(refused.headers["retry-after"], "1");
    let detail = refused.problem(429, "too-many");
    assert!(detail.contains("1 a second"), "{detail}");
    server.send(Method::GET, path, &bert, None).await.ok();
}
