use hanami_api::frames::ClusterProcessType::{RequestType, TrainType};
use hanami_server::Settings;
use serde_json::json;

use crate::common::{NOWHERE, PASSWORD, Socket, TEMPLATE, TestServer, text};

#[tokio::test]
async fn a_cluster_learns_and_answers_one_sample_at_a_time() {
    let server = TestServer::start().await;
    let mut socket = server.direct_cluster("direct").await;

    let acknowledged = socket.values("speed", false, RequestType, &[1.0, 2.0]).await;
    assert_eq!(acknowledged.values, [0.0]);
    assert_eq!((&*acknowledged.brick_name, acknowledged.number_of_values), ("speed", 1));

    let answer = socket.values("speed", true, RequestType, &[1.0, 2.0]).await;
    assert_eq!((&*answer.brick_name, answer.number_of_values), ("wear", 1));
    let untaught = answer.values[0];

    for _ in 0..200 {
        socket.train(&[1.0, 2.0], 5.0).await;
        socket.train(&[2.0, 1.0], 1.0).await;
    }
    let taught = socket.request(&[1.0, 2.0]).await[0];
    assert!((taught - 5.0).abs() < (untaught - 5.0).abs(), "{untaught} before, {taught} after");
    let all = server.get("cluster/all").await.ok();
    let uuid = text(&all["body"][0][0]);
    let shown = server.get(&format!("cluster?uuid={uuid}")).await.ok();
    assert_eq!(shown["network"]["steps"], 400);
}

#[tokio::test]
async fn two_connections_may_use_one_cluster() {
    let server = TestServer::start().await;
    let mut one = server.direct_cluster("direct").await;
    let uuid = text(&server.get("cluster/all").await.ok()["body"][0][0]);
    let mut other = server.connect("cluster", &uuid).await.unwrap();
    // What one connection has filled in is not seen by the other.
    one.values("speed", false, TrainType, &[1.0, 2.0]).await;
    other.train(&[3.0, 4.0], 1.0).await;
    one.values("wear", true, TrainType, &[2.0]).await;
    assert_eq!(one.request(&[1.0, 2.0]).await, other.request(&[1.0, 2.0]).await);
}

#[tokio::test]
async fn a_cluster_in_task_mode_takes_no_connection_and_ends_those_it_has() {
    let server = TestServer::start().await;
    let uuid = server.cluster("worker", TEMPLATE).await;
    let error = server.connect("cluster", &uuid).await.err().unwrap();
    assert!(error.contains("DIRECT"), "{error}");

    let mode = |state: &str| json!({"uuid": uuid, "new_state": state});
    server.put("cluster/set_mode", mode("DIRECT")).await.ok();
    let mut socket = server.connect("cluster", &uuid).await.unwrap();
    socket.request(&[1.0, 2.0]).await;
    server.put("cluster/set_mode", mode("TASK")).await.ok();
    socket.send(crate::common::values_frame("speed", true, RequestType, &[1.0, 2.0])).await;
    let (code, reason) = socket.closed().await;
    assert!(code == 1008 && reason.contains("DIRECT"), "{code} {reason}");
}

#[tokio::test]
async fn a_first_message_that_cannot_be_served_is_answered_why() {
    let server = TestServer::start().await;
    let token = &server.token;
    let hello = |token: &str, target: &str, uuid: &str| {
        json!({"token": token, "target": target, "uuid": uuid}).to_string()
    };
    for (message, reason) in [
        (String::new(), "empty"),
        ("hello".to_owned(), "not a JSON object"),
        ("{}".to_owned(), "token"),
        (hello(token, "everything", NOWHERE), "`target`"),
        (hello(token, "cluster", "7"), "`uuid`"),
        (hello("nonsense", "cluster", NOWHERE), "log in"),
        (hello(token, "cluster", NOWHERE), "there is no cluster"),
        (hello(token, "file_upload", NOWHERE), "there is no file"),
    ] {
        let error = server.connect_saying(&message).await.err().expect("a refusal");
        assert!(error.contains(reason), "{message}: {error}");
        assert!(!error.contains(token.as_str()));
    }
    server.assert_healthy().await;
}

#[tokio::test]
async fn others_files_and_clusters_are_not_found() {
    let server = TestServer::start_with_users().await;
    let uuid = server.cluster("worker", TEMPLATE).await;
    let declared = json!({"name": "table", "input_data_size": 10});
    let declared = server.post("csv/dataset", declared).await.ok();
    let token = server.log_in("anna", PASSWORD).await;
    for (target, uuid) in [("cluster", uuid), ("file_upload", text(&declared["uuid_input_file"]))] {
        let hello = json!({"token": token, "target": target, "uuid": uuid}).to_string();
        let error = server.connect_saying(&hello).await.err().unwrap();
        assert!(error.contains("there is no"), "{error}");
    }
}

#[tokio::test]
async fn there_is_a_limit_on_open_websockets() {
    let settings = Settings { max_websockets: 2.try_into().unwrap(), ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let first = server.direct_cluster("worker").await;
    let clusters = server.get("cluster/all").await.ok();
    let uuid = text(&clusters["body"][0][0]);
    let _second = server.connect("cluster", &uuid).await.unwrap();
    let error = server.connect("cluster", &uuid).await.err().unwrap();
    assert!(error.contains("the limit"), "{error}");

    drop(first);
    // The place is free as soon as the server has seen that the client is gone.
    while server.connect("cluster", &uuid).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn strangers_who_hold_connections_keep_no_user_out() {
    let settings = Settings { max_websockets: 1.try_into().unwrap(), ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let url = format!("ws://{}/", server.address());
    let mut strangers = Vec::new();
    for _ in 0..10 {
        strangers.push(server.open().await);
    }
    let mut socket = server.direct_cluster("worker").await;
    assert_eq!(socket.request(&[1.0, 2.0]).await.len(), 1);

    // There is a limit for them, too.
    let refused = loop {
        match tokio_tungstenite::connect_async(&url).await {
            Ok((stranger, _)) => strangers.push(Socket::from(stranger)),
            Err(error) => break error,
        }
        assert!(strangers.len() < 200, "no limit");
    };
    let tokio_tungstenite::tungstenite::Error::Http(answer) = refused else { panic!("{refused}") };
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "1");
}

#[tokio::test]
async fn a_silent_websocket_is_closed() {
    let settings =
        Settings { websocket_idle_seconds: 1.try_into().unwrap(), ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let mut socket = server.open().await;
    let (code, reason) = socket.closed().await;
    assert!(code == 1008 && reason.contains("silent"), "{code} {reason}");
}

#[tokio::test]
async fn stopping_the_server_closes_its_websockets() {
    let server = TestServer::start().await;
    let mut cluster = server.direct_cluster("direct").await;
    let mut undecided = server.open().await;
    let stop = tokio::spawn(server.shut_down());
    for socket in [&mut cluster, &mut undecided] {
        let (code, reason) = socket.closed().await;
        assert!(code == 1001 && reason.contains("stopping"), "{code} {reason}");
    }
    stop.await.unwrap();
}

/// Logs in and opens a direct connection before the short-lived token expires.
async fn connect_in_time(server: &mut TestServer, cluster: &str) -> Socket {
    loop {
        server.token = server.log_in("admin", &server.passphrase).await;
        if let Ok(socket) = server.connect("cluster", cluster).await {
            return socket;
        }
    }
}

#[tokio::test]
async fn a_websocket_ends_with_its_token_where_the_settings_say_so() {
    let server = TestServer::start().await;
    server.direct_cluster("direct").await;
    let cluster = text(&server.get("cluster/all").await.ok()["body"][0][0]);
    let (directory, passphrase) = server.shut_down().await;
    let token_lifetime_seconds = std::num::NonZeroU32::MIN;
    let outlives = Settings { token_lifetime_seconds, ..Settings::default() };
    let ends = Settings { websocket_outlives_token: false, ..outlives.clone() };

    let mut server = TestServer::restart(directory, passphrase, ends).await;
    let mut socket = connect_in_time(&mut server, &cluster).await;
    let (code, reason) = socket.closed().await;
    assert!(code == 1008 && reason.contains("token has expired"), "{code} {reason}");

    let (directory, passphrase) = server.shut_down().await;
    let mut server = TestServer::restart(directory, passphrase, outlives).await;
    let mut socket = connect_in_time(&mut server, &cluster).await;
    while server.get("cluster/all").await.status == 200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    socket.request(&[1.0, 2.0]).await;
}

#[tokio::test]
async fn one_user_can_t_take_all_websockets() {
    let two = std::num::NonZeroU32::new(2).unwrap();
    let settings = Settings { user_websockets: two, ..Settings::default() };
    let server = TestServer::start_with_users_and(settings).await;
    let anna = server.log_in("anna", PASSWORD).await;
    let cluster = server.cluster("direct", TEMPLATE).await;
    server.put("cluster/set_mode", json!({"uuid": cluster, "new_state": "DIRECT"})).await.ok();
    let first = server.connect("cluster", &cluster).await.unwrap();
    let _second = server.connect("cluster", &cluster).await.unwrap();
    let refused = server.connect("cluster", &cluster).await.err().unwrap();
    assert!(refused.contains("2 websockets"), "{refused}");
    // Another user is not in the way of anybody; the cluster is just not hers.
    let refused = server.connect_with(&anna, "cluster", &cluster).await.err().unwrap();
    assert!(refused.contains("there is no cluster"), "{refused}");
    drop(first);
    // The server hears of the end a moment later.
    while server.connect("cluster", &cluster).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
