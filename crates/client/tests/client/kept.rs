//! Connections that are kept for another request, and that the server closes just when it comes.

use hanami_client::{ClientError, Hanami};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const TOKEN: &str = r#"{"id": "admin", "name": "Admin", "is_admin": true, "token": "t"}"#;

/// Answers the first request of each connection with `answer`, and closes the connection when the
/// second one has come. Tells the first line of each request.
async fn closing_server(answer: fn(&str) -> (u16, &'static str)) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                let mut connection = BufReader::new(connection);
                let Some(line) = request(&mut connection).await else { return };
                let (status, body) = answer(&line);
                let _ = tell.send(line);
                let length = body.len();
                let head = format!("HTTP/1.1 {status} So\r\nContent-Length: {length}\r\n\r\n");
                connection.write_all((head + body).as_bytes()).await.unwrap();
                if let Some(line) = request(&mut connection).await {
                    let _ = tell.send(line);
                }
            });
        }
    });
    (address, requests)
}

type Requests = mpsc::UnboundedReceiver<String>;

/// Reads a request; its method and path.
async fn request(connection: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if connection.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let length = head.to_lowercase();
    let length = length.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.lines().next()?.parse().ok()).unwrap_or(0);
    connection.read_exact(&mut vec![0; length]).await.ok()?;
    let line = head.lines().next()?.replace("/control/v1", "");
    Some(line.trim_end_matches(" HTTP/1.1").to_owned())
}

fn seen(mut requests: Requests) -> Vec<String> {
    std::iter::from_fn(|| requests.try_recv().ok()).collect()
}

#[tokio::test]
async fn reads_and_log_ins_go_out_again() {
    let (address, requests) = closing_server(|line| match line {
        "POST /token" | "PUT /token" => (200, TOKEN),
        _ => (200, r#"{"header": [], "body": []}"#),
    })
    .await;
    let hanami = Hanami::connect(&address, "admin", "long enough").await.unwrap();
    assert_eq!(hanami.clusters().await.unwrap(), []);
    hanami.switch_project("garden").await.unwrap();
    let listing = "GET /cluster/all";
    let expected = ["POST /token", listing, listing, "PUT /token", "PUT /token"];
    assert_eq!(seen(requests), expected);
}

#[tokio::test]
async fn a_log_in_in_place_of_an_expired_one_goes_out_again() {
    let (address, requests) = closing_server(|line| match line {
        "POST /token" => (200, TOKEN),
        _ => (
            401,
            r#"{"type": "t", "code": "invalid-token", "status": 401, "title": "t", "detail": "d"}"#,
        ),
    })
    .await;
    let hanami = Hanami::connect(&address, "admin", "long enough").await.unwrap();
    let error = hanami.clusters().await.unwrap_err();
    assert!(matches!(error, ClientError::Refused { status: 401, .. }), "{error:?}");
    let listing = "GET /cluster/all";
    let expected =
        ["POST /token", listing, listing, "POST /token", "POST /token", listing, listing];
    assert_eq!(seen(requests), expected);
}

#[tokio::test]
async fn what_changes_something_goes_out_once() {
    let (address, requests) = closing_server(|_| (200, TOKEN)).await;
    let hanami = Hanami::connect(&address, "admin", "long enough").await.unwrap();
    let error = hanami.create_cluster("digits", None).await.unwrap_err();
    assert!(matches!(error, ClientError::Connection { .. }), "{error:?}");
    assert_eq!(seen(requests), ["POST /token", "POST /cluster"]);
}
