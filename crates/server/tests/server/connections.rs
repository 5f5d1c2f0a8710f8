//! Connections that are used for one request after the other.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::TestServer;

/// The head of an answer on this connection, and its body read and thrown away; nothing if the
/// connection has ended.
async fn head(connection: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    connection.read_exact(&mut vec![0; length.parse().unwrap()]).await.ok()?;
    Some(head)
}

#[tokio::test]
async fn a_refusal_before_the_body_has_arrived_does_not_end_the_connection() {
    let server = TestServer::start().await;
    let mut connection = TcpStream::connect(server.address()).await.unwrap();
    let refused = b"POST /control/v1/cluster HTTP/1.1\r\nHost: here\r\nX-Auth-Token: expired\r\n\
                    Content-Type: application/json\r\nContent-Length: 16\r\n\r\n";
    connection.write_all(refused).await.unwrap();
    // Enough for the server to have refused it, as clients that send head and body apart see it.
    tokio::time::sleep(Duration::from_millis(200)).await;
    connection.write_all(b"{\"name\":\"digits\"").await.unwrap();
    let answer = head(&mut connection).await.unwrap();
    assert!(answer.starts_with("http/1.1 401") && !answer.contains("connection:"), "{answer}");
    connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n").await.unwrap();
    let next = head(&mut connection).await.expect("the connection stays open");
    assert!(next.starts_with("http/1.1 200"), "{next}");
}

#[tokio::test]
async fn a_refusal_of_what_is_too_long_to_be_read_tells_that_the_connection_ends() {
    let server = TestServer::start().await;
    for header in ["Content-Length: 1000000000", "Content-Length: 16\r\nExpect: 100-continue"] {
        let mut connection = TcpStream::connect(server.address()).await.unwrap();
        let refused = format!(
            "POST /control/v1/cluster HTTP/1.1\r\nHost: here\r\nX-Auth-Token: expired\r\n{header}\
             \r\n\r\n"
        );
        connection.write_all(refused.as_bytes()).await.unwrap();
        let answer = head(&mut connection).await.unwrap();
        assert!(answer.starts_with("http/1.1 401"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert_eq!(head(&mut connection).await, None);
    }
}
