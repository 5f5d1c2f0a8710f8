//! More clients than the server has room for: those beyond are turned away, the others are served.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use hanami_server::Settings;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::TestServer;

/// What a stranger gets who connects and asks.
async fn ask(server: &TestServer) -> String {
    let mut stranger = TcpStream::connect(server.address()).await.unwrap();
    let mut answer = String::new();
    let request = b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    stranger.write_all(request).await.unwrap();
    stranger.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn connections_beyond_the_limit_are_turned_away_until_others_end() {
    let most = NonZeroU32::new(8).unwrap();
    let server =
        TestServer::start_with(Settings { max_connections: most, ..Settings::default() }).await;
    let mut idle = Vec::new();
    for _ in 0..most.get() {
        idle.push(TcpStream::connect(server.address()).await.unwrap());
    }
    // Those before are accepted first.
    let answer = ask(&server).await;
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    assert!(answer.contains("Retry-After: 5"), "{answer}");

    drop(idle);
    // Only so that a server that gives no place back fails the test.
    let patience = Instant::now() + Duration::from_mins(1);
    while !ask(&server).await.starts_with("HTTP/1.1 200 ") {
        assert!(Instant::now() < patience, "the connections have ended");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn hundreds_of_slow_writers_keep_nobody_from_being_served() {
    let server = TestServer::start().await;
    let mut slow = Vec::new();
    for _ in 0..500 {
        let mut writer = TcpStream::connect(server.address()).await.unwrap();
        let head = "POST /control/v1/token HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n";
        writer.write_all(head.as_bytes()).await.unwrap();
        writer.write_all(&vec![b' '; 20_000]).await.unwrap();
        slow.push(writer);
    }
    server.assert_healthy().await;
    server.post("cluster", json!({"name": "one of many"})).await.ok();
    drop(slow);
    server.assert_healthy().await;
}

#[tokio::test]
async fn many_writers_at_once_are_served_in_turn_or_told_to_come_again() {
    let server = TestServer::start().await;
    let server = std::sync::Arc::new(server);
    let writers: Vec<_> = (0..200)
        .map(|writer| {
            let server = server.clone();
            tokio::spawn(async move {
                let body = json!({"name": format!("cluster {writer}")});
                let answer = server
                    .send(Method::POST, "/control/v1/cluster", &server.token, Some(body))
                    .await;
                let come_again = [429, 503].contains(&answer.status);
                assert!(answer.status == 200 || come_again, "{}", answer.body);
                assert!(!come_again || answer.headers.contains_key("retry-after"));
                u64::from(answer.status == 200)
            })
        })
        .collect();
    let mut made = 0;
    for writer in writers {
        made += writer.await.unwrap();
    }
    let listed = server.get("cluster/all").await.ok();
    assert_eq!(listed["body"].as_array().unwrap().len() as u64, made);
}
