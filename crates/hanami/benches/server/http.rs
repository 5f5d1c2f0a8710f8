//! A client of HTTP that costs next to nothing itself: one connection, one request at a time, no
//! parsing beyond the length of the answer.

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept open.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    /// Sends a request and reads its answer, which has to be a success; answers the body.
    pub(crate) async fn send(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let (body, length) = loop {
            assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "hung up");
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.buffer[..end]).unwrap();
                assert!(head.starts_with("HTTP/1.1 200"), "{head}");
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                break (end + 4, length.unwrap().parse::<usize>().unwrap());
            }
        };
        while self.buffer.len() < body + length {
            assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "hung up");
        }
        &self.buffer[body..]
    }
}

/// A request below `/control/v1`, as it goes over the line.
pub(crate) fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} /control/v1/{path} HTTP/1.1\r\nhost: hanami\r\nx-auth-token: {token}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A token of the admin.
pub(crate) async fn token(address: &str, log_in: &str) -> String {
    let mut connection = Connection::open(address).await;
    let answer = connection.send(&request("POST", "token", "", log_in)).await;
    let answer: serde_json::Value = serde_json::from_slice(answer).unwrap();
    answer["token"].as_str().unwrap().to_owned()
}
