use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{PASSWORD, TEMPLATE, TestServer, answer, table};

#[tokio::test]
async fn the_cause_of_an_internal_error_is_for_admins() {
    let server = TestServer::start_with_users().await;
    assert_eq!(server.get("error_log?page=0").await.ok()["body"], json!([]));
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(10)).await;
    let task = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &task).await;
    let results = server.directory.path().join("blobs/results");
    for file in std::fs::read_dir(results).unwrap() {
        std::fs::write(file.unwrap().path(), "damaged").unwrap();
    }
    let url = server.url(&format!("/control/v1/request_result?uuid={task}"));
    let request = server.http.get(url).header("X-Auth-Token", &server.token);
    answer(request.header("x-request-id", "mine-1")).await.problem(500, "internal");

    let log = server.get("error_log?page=0").await.ok();
    let header = ["timestamp", "user_id", "component", "context", "input_values", "message"];
    assert_eq!(log["header"], json!(header));
    let rows: Vec<[String; 6]> = serde_json::from_value(log["body"].clone()).unwrap();
    let [[_, user, component, context, input, message]] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((&**user, &**component), ("admin", "GET /control/v1/request_result"));
    assert_eq!((&**context, input), ("mine-1", &format!("uuid={task}")));
    assert!(message.contains("request result"), "{message}");

    let of = async |user: &str| -> Value {
        server.get(&format!("error_log?page=0&user_id={user}")).await.ok()["body"].clone()
    };
    assert_eq!(of("admin").await, log["body"]);
    assert_eq!(of("anna").await, json!([]));
    let anna = server.log_in("anna", PASSWORD).await;
    let hers = server.send(Method::GET, "/control/v1/error_log?page=0", &anna, None).await;
    hers.problem(401, "forbidden");
}
