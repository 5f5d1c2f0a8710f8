//! How connections are served, and how long each of them may do nothing.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};

use crate::connections::Connections;

/// How long clients may take for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Until the head of the first request of a connection has come.
    head: Duration,
    /// Until the head of another request has come: longer than clients keep their connections, so that
    /// none is closed when they just send one. There is one time for the silence before a head and for
    /// the head itself.
    kept: Duration,
    /// How often clients of HTTP/2 are asked whether they are there yet.
    ping: Duration,
    /// Until they answer that.
    pong: Duration,
    /// Until TLS is agreed on.
    handshake: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            kept: Duration::from_secs(75),
            ping: Duration::from_secs(30),
            pong: Duration::from_secs(20),
            handshake: Duration::from_secs(10),
        }
    }
}

/// Answers what comes in by `app`, until `handle` ends it; at most `most` connections at a time. With
/// TLS, also keeps its certificate as the files are.
pub(crate) async fn serve(
    listener: TcpListener,
    handle: Handle<SocketAddr>,
    app: Router,
    most: u32,
    patience: Patience,
    tls: Option<(RustlsConfig, impl Future<Output = ()>)>,
) -> std::io::Result<()> {
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle)
        .first_request_timeout(patience.head)
        .acceptor(Connections::new(most, tls.is_none(), patience.kept));
    server.http_builder().http1().header_read_timeout(patience.kept);
    let mut http2 = server.http_builder().http2();
    http2.keep_alive_interval(patience.ping).keep_alive_timeout(patience.pong);
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let Some((config, watching)) = tls else { return server.serve(app).await };
    let encrypt = RustlsAcceptor::new(config).handshake_timeout(patience.handshake);
    tokio::select! {
        served = server.map(|plain| encrypt.acceptor(plain)).serve(app) => served,
        () = watching => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::future::Pending;

    use axum::body::Body;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::watch;
    use tokio::time::timeout;

    use super::*;

    /// What a client of HTTP/2 begins with, and an empty list of settings.
    const HELLO: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    /// Settings that leave no room for answers: a window of 0 bytes.
    const NO_ROOM: &[u8] = b"\0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\0";
    /// A ping, and the answer to one.
    const PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0hanamiii";
    const PONG: &[u8] = b"\0\0\x08\x06\x01\0\0\0\0hanamiii";
    const DATA: u8 = 0;
    const HEADERS: u8 = 1;

    /// A request for a path of the HTTP/2 connection, as its stream `stream`.
    fn ask(stream: u8, path: &str) -> Vec<u8> {
        // GET over http, and the path, as the entries 2, 6 and 4 of the static table of HPACK.
        let mut block = vec![0x82, 0x86, 0x04, path.len() as u8];
        block.extend(path.bytes());
        let mut frame = vec![0, 0, block.len() as u8, HEADERS, 0x05, 0, 0, 0, stream];
        frame.extend(block);
        frame
    }

    /// How long the server is patient with connections that are quiet.
    const KEPT: Duration = Duration::from_millis(200);
    /// Within this, it has to notice. It asks nobody whether they are there before that.
    const SOON: Duration = Duration::from_secs(20);

    /// A server; `/never` answers nothing, `/wait` when it is told.
    fn server(head: Duration) -> (SocketAddr, watch::Sender<bool>) {
        let (go_on, told) = watch::channel(false);
        let wait = move || {
            let mut told = told.clone();
            async move { told.wait_for(|told| *told).await.map_or("gone", |_| "at last") }
        };
        let never = || async {
            Body::from_stream(futures_util::stream::pending::<Result<&str, axum::Error>>())
        };
        let app = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/wait", get(wait))
            .route("/never", get(never));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let patience = Patience { head, kept: KEPT, ping: 2 * SOON, ..Patience::default() };
        let tls = None::<(RustlsConfig, Pending<()>)>;
        tokio::spawn(serve(listener, Handle::new(), app, 8, patience, tls));
        (address, go_on)
    }

    /// The type of the next frame, whose content is thrown away; nothing at the end.
    async fn frame(client: &mut TcpStream) -> Option<u8> {
        let mut head = [0; 9];
        client.read_exact(&mut head).await.ok()?;
        let length = usize::from(head[1]) << 8 | usize::from(head[2]);
        client.read_exact(&mut vec![0; length]).await.ok()?;
        Some(head[3])
    }

    /// Waits for the end of a connection; answers the types of the frames before it.
    async fn end(client: &mut TcpStream) -> Vec<u8> {
        let frames = async {
            let mut kinds = Vec::new();
            while let Some(kind) = frame(client).await {
                kinds.push(kind);
            }
            kinds
        };
        timeout(SOON, frames).await.expect("the connection ends")
    }

    #[tokio::test]
    async fn a_client_that_only_opens_a_connection_loses_it() {
        let (address, _go_on) = server(KEPT);
        for hello in [&b""[..], &HELLO[..10], HELLO] {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(hello).await.unwrap();
            end(&mut client).await;
        }
    }

    #[tokio::test]
    async fn a_client_of_http2_that_asks_for_nothing_more_loses_its_connection() {
        let (address, _go_on) = server(SOON);
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(HELLO).await.unwrap();
        client.write_all(&ask(1, "/")).await.unwrap();
        let kinds = end(&mut client).await;
        assert!(kinds.contains(&HEADERS) && kinds.contains(&DATA), "{kinds:?}");
    }

    #[tokio::test]
    async fn neither_pings_nor_half_a_head_keep_a_connection() {
        let (address, _go_on) = server(SOON);
        for rest in [PING, &ask(3, "/")[..12]] {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(HELLO).await.unwrap();
            client.write_all(&ask(1, "/")).await.unwrap();
            let (mut answers, mut requests) = client.into_split();
            let pinging = async {
                // Half a head is sent once; pings as long as they are taken.
                while requests.write_all(rest).await.is_ok() && rest == PING {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                std::future::pending::<()>().await;
            };
            let ended = async { while matches!(answers.read(&mut [0; 1024]).await, Ok(1..)) {} };
            tokio::select! {
                () = pinging => {}
                ended = timeout(SOON, ended) => ended.expect("the connection ends"),
            }
        }
    }

    #[tokio::test]
    async fn a_client_of_http2_that_makes_no_room_for_an_answer_loses_its_connection() {
        let (address, _go_on) = server(SOON);
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(HELLO).await.unwrap();
        client.write_all(NO_ROOM).await.unwrap();
        client.write_all(&ask(1, "/")).await.unwrap();
        end(&mut client).await;
    }

    #[tokio::test]
    async fn as_long_as_a_request_is_worked_at_its_connection_stays() {
        let (address, go_on) = server(SOON);
        for path in ["/wait", "/never"] {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(HELLO).await.unwrap();
            client.write_all(&ask(1, path)).await.unwrap();
            // Far longer than the server is patient with others.
            tokio::time::sleep(Duration::from_secs(1)).await;
            client.write_all(PING).await.unwrap();
            let mut seen = Vec::new();
            while !seen.ends_with(PONG) {
                assert_ne!(client.read_buf(&mut seen).await.unwrap(), 0, "closed");
            }
            if path == "/wait" {
                go_on.send_replace(true);
                while frame(&mut client).await.expect("an answer") != DATA {}
            }
        }
    }
}
