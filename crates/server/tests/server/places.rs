//! What ends when a user loses their place: tokens and open websockets.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::common::{Answer, PASSWORD, Socket, TEMPLATE, TestServer, text};

async fn use_token(server: &TestServer, token: &str) -> Answer {
    server.send(Method::GET, "/control/v1/cluster/all", token, None).await
}

async fn assert_ended(socket: &mut Socket) {
    // The server looks with every ping too, after 30 seconds; it must not take that long.
    let closed = tokio::time::timeout(Duration::from_secs(10), socket.closed()).await;
    let (code, reason) = closed.expect("the websocket is still open");
    assert!(code == 1008 && reason.contains("has changed"), "{code} {reason}");
}

/// A cluster in direct mode and a file that waits for its upload, both of the user whose token
/// `server` holds.
async fn targets(server: &TestServer) -> [(&'static str, String); 2] {
    let cluster = server.cluster("direct", TEMPLATE).await;
    server.put("cluster/set_mode", json!({"uuid": cluster, "new_state": "DIRECT"})).await.ok();
    let dataset = json!({"name": "table", "input_data_size": 10});
    let dataset = server.post("csv/dataset", dataset).await.ok();
    [("cluster", cluster), ("file_upload", text(&dataset["uuid_input_file"]))]
}

#[tokio::test]
async fn tokens_end_with_the_user_the_membership_the_role_or_the_project() {
    let server = TestServer::start_with_users().await;
    let (anna, bert) =
        (server.log_in("anna", PASSWORD).await, server.log_in("bert", PASSWORD).await);
    let carl = server.log_in("carl", PASSWORD).await;

    server.delete("user?id=anna").await.ok();
    use_token(&server, &anna).await.problem(401, "invalid-token");
    // Not even a new user with the same id in the same place is taken for the old one.
    server.newcomer("anna", "garden", false).await;
    use_token(&server, &anna).await.problem(401, "invalid-token");

    server.delete("user/project?id=bert&project_id=garden").await.ok();
    use_token(&server, &bert).await.problem(401, "invalid-token");

    let demoted =
        json!({"id": "carl", "project_id": "garden", "role": "member", "is_project_admin": false});
    server.post("user/project", demoted).await.ok();
    use_token(&server, &carl).await.problem(401, "invalid-token");
    let carl = server.log_in("carl", PASSWORD).await;
    use_token(&server, &carl).await.ok();
    server.delete("project?id=garden").await.ok();
    use_token(&server, &carl).await.problem(401, "invalid-token");
}

#[tokio::test]
async fn websockets_end_with_their_user_and_others_stay() {
    let mut server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    let carl = server.log_in("carl", PASSWORD).await;
    let admin = std::mem::replace(&mut server.token, anna.clone());
    let targets = targets(&server).await;
    server.token = admin;
    let (mut carls, mut annas) = (Vec::new(), Vec::new());
    for (target, uuid) in &targets {
        // Carl may use Anna's things: he is an admin of the project.
        carls.push(server.connect_with(&carl, target, uuid).await.unwrap());
        annas.push(server.connect_with(&anna, target, uuid).await.unwrap());
    }
    let mut undecided = server.open().await;

    server.delete("user?id=carl").await.ok();
    for socket in &mut carls {
        assert_ended(socket).await;
    }
    annas[0].request(&[1.0, 2.0]).await;
    assert!(annas[1].upload(0, b"speed").await.success);

    server.delete("user/project?id=anna&project_id=garden").await.ok();
    for socket in &mut annas {
        assert_ended(socket).await;
    }
    let (target, uuid) = &targets[0];
    let hello = json!({"token": server.token, "target": target, "uuid": uuid}).to_string();
    undecided.send(tokio_tungstenite::tungstenite::Message::text(hello)).await;
    undecided.welcome().await.unwrap();
    undecided.request(&[1.0, 2.0]).await;
}

#[tokio::test]
async fn websockets_end_with_a_role_and_with_the_project_of_their_token() {
    let mut server = TestServer::start_with_users().await;
    let [(target, uuid), _] = targets(&server).await;
    let garden = server.put("token", json!({"project_id": "garden"})).await.ok();
    let mut in_garden = server.connect_with(&text(&garden["token"]), target, &uuid).await.unwrap();
    let mut at_home = server.connect(target, &uuid).await.unwrap();
    server.delete("project?id=garden").await.ok();
    assert_ended(&mut in_garden).await;
    at_home.request(&[1.0, 2.0]).await;

    server.post("project", json!({"id": "forest", "name": "Forest"})).await.ok();
    let frank = server.newcomer("frank", "forest", true).await;
    let admin = std::mem::replace(&mut server.token, frank.clone());
    let [(target, uuid), _] = targets(&server).await;
    server.token = admin;
    let mut franks = server.connect_with(&frank, target, &uuid).await.unwrap();
    let demoted =
        json!({"id": "frank", "project_id": "forest", "role": "member", "is_project_admin": false});
    server.post("user/project", demoted).await.ok();
    assert_ended(&mut franks).await;
}

#[tokio::test]
async fn what_changes_counts_at_the_very_next_request_of_a_token_in_use() {
    let server = TestServer::start_with_users().await;
    let carl = server.log_in("carl", PASSWORD).await;
    let anna = server.log_in("anna", PASSWORD).await;
    let bert = server.log_in("bert", PASSWORD).await;
    let shown = async |token: &str| {
        let path = "/control/v1/auth";
        server.send(Method::GET, path, token, None).await
    };

    // A name is no part of a token, which goes on.
    assert_eq!(shown(&carl).await.ok()["name"], "CARL");
    server.put("user", json!({"id": "carl", "name": "Carl Rose"})).await.ok();
    assert_eq!(shown(&carl).await.ok()["name"], "Carl Rose");

    let place = |role: &str| json!({"id": "carl", "project_id": "garden", "role": role, "is_project_admin": false});
    server.post("user/project", place("member")).await.ok();
    shown(&carl).await.problem(401, "invalid-token");

    for _ in 0..3 {
        shown(&anna).await.ok();
    }
    server.put("user", json!({"id": "anna", "password": "a wholly new password"})).await.ok();
    shown(&anna).await.problem(401, "invalid-token");

    shown(&bert).await.ok();
    server.delete("user?id=bert&force=true").await.ok();
    shown(&bert).await.problem(401, "invalid-token");
}

#[tokio::test]
async fn a_list_shows_every_change_at_once_and_to_each_what_they_see() {
    let mut server = TestServer::start_with_users().await;
    let [anna, bert] =
        [server.log_in("anna", PASSWORD).await, server.log_in("bert", PASSWORD).await];
    let admin = std::mem::replace(&mut server.token, anna.clone());
    let names = async |token: &str| {
        let list = use_token(&server, token).await.ok();
        let rows = list["body"].as_array().unwrap();
        rows.iter().map(|row| text(&row[4])).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(names(&anna).await, none);
    let cluster = server.cluster("roses", TEMPLATE).await;
    assert_eq!(names(&anna).await, ["roses"]);
    assert_eq!(names(&admin).await, ["roses"]);
    assert_eq!(names(&bert).await, none);

    server.put("cluster", json!({"uuid": cluster, "visibility": "shared"})).await.ok();
    assert_eq!(names(&bert).await, ["roses"]);
    let ask = async |token: &str| {
        let body = Some(json!({"uuid": cluster, "inputs": [1, 1]}));
        server.send(Method::POST, "/control/v1/cluster/predict", token, body).await
    };
    ask(&bert).await.ok();
    server
        .put("cluster", json!({"uuid": cluster, "name": "tulips", "visibility": "private"}))
        .await
        .ok();
    assert_eq!(names(&anna).await, ["tulips"]);
    assert_eq!(names(&bert).await, none);
    ask(&bert).await.problem(404, "not-found");
    ask(&anna).await.ok();
    server.delete(&format!("cluster?uuid={cluster}")).await.ok();
    assert_eq!(names(&anna).await, none);
    ask(&anna).await.problem(404, "not-found");
}
