use reqwest::Method;

use crate::common::{PASSWORD, TestServer};

#[tokio::test]
async fn every_user_may_ask_what_the_machine_says_of_itself() {
    let server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    for (endpoint, field) in [
        ("system_info", "info"),
        ("threading", "thread_map"),
        ("speed", "current_speed"),
        ("power_consumption", "power"),
        ("temperature_production", "temperature"),
    ] {
        let path = format!("/control/v1/{endpoint}");
        let answer = server.send(Method::GET, &path, &anna, None).await.ok();
        let reading = &answer[field];
        let known = reading.as_object().is_some_and(|fields| !fields.is_empty())
            || reading.as_array().is_some_and(|list| !list.is_empty());
        assert!(known || reading == "not available", "{endpoint}: {answer}");
        server.send(Method::GET, &path, "", None).await.problem(401, "invalid-token");
    }
}

#[tokio::test]
async fn the_server_knows_its_threads() {
    let server = TestServer::start().await;
    let threads = server.get("threading").await.ok()["thread_map"].clone();
    let own = std::process::id();
    let main = threads.as_array().unwrap().iter().find(|thread| thread["id"] == own).unwrap();
    assert_ne!(main["cpus"], "");
}
