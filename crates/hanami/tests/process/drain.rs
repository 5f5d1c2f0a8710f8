//! A server that is told to stop ends in order, whatever its clients do meanwhile.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use hanami_client::{Hanami, Mode, TaskState, TaskType, Uuid};
use tempfile::TempDir;

use crate::common::{PASSWORD, adder, answers, serve, table};

/// Rows to train on: some seconds of work, of which the stop comes in the middle.
const ROWS: u32 = 2_000_000;

/// Neurons between input and output.
const NEURONS: u32 = 64;

/// A server as a process.
struct Process {
    server: Child,
    address: String,
    token: String,
    hanami: Hanami,
}

impl Process {
    async fn start(directory: &TempDir) -> Self {
        // Fails when it is installed already, by the other test.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (server, url) = serve(directory.path(), &[], Stdio::piped());
        let hanami = Hanami::connect(&url, "chief", PASSWORD).await.unwrap();
        let address = url.strip_prefix("http://").unwrap().to_owned();
        let token = hanami.access_token().await;
        Self { server, address, token, hanami }
    }

    fn signal(&self) {
        let pid = self.server.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
    }

    /// Reads the log to its end, and that of the process; answers the log.
    fn ended(&mut self) -> String {
        let mut log = String::new();
        self.server.stderr.as_mut().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.server.wait().unwrap().success(), "{log}");
        log
    }

    /// A connection on which `head` and a part of a body were sent, and nothing is ever read.
    fn stalled(&self, head: &str, body: &[u8]) -> TcpStream {
        let mut client = TcpStream::connect(&self.address).unwrap();
        let (address, token) = (&self.address, &self.token);
        write!(client, "{head}Host: {address}\r\nX-Auth-Token: {token}\r\n").unwrap();
        client.write_all(body).unwrap();
        client
    }

    /// A websocket to a cluster that reads nothing of what it has asked for.
    fn deaf_websocket(&self, cluster: Uuid) -> TcpStream {
        let upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        let mut client = self.stalled("GET / HTTP/1.1\r\n", upgrade);
        let mut head = [0; 12];
        client.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 101");
        let token = &self.token;
        let hello = format!(r#"{{"token": "{token}", "target": "cluster", "uuid": "{cluster}"}}"#);
        // A text frame, masked with zeros, that is, not at all.
        let mut frame = vec![0x81, 0x80 | 0x7e];
        frame.extend_from_slice(&(hello.len() as u16).to_be_bytes());
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(hello.as_bytes());
        client.write_all(&frame).unwrap();
        client
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails when it has ended already.
        let _ = self.server.kill();
        self.server.wait().unwrap();
    }
}

/// Waits until the log holds a line about `what`.
fn await_line(log: &mut BufReader<&mut ChildStderr>, what: &str) {
    let mut line = String::new();
    while !line.contains(what) {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the log ends without `{what}`");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_load_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let mut process = Process::start(&directory).await;
    let hanami = process.hanami.clone();
    let rows = hanami.upload_csv("rows", table(ROWS), |_, _| ()).await.unwrap();
    let probe = hanami.upload_csv("probe", table(80), |_, _| ()).await.unwrap();
    let undisturbed =
        hanami.create_cluster("undisturbed", Some(&adder(NEURONS))).await.unwrap().uuid;
    let stopped = hanami.create_cluster("stopped", Some(&adder(NEURONS))).await.unwrap().uuid;
    let live = hanami.create_cluster("live", Some(&adder(NEURONS))).await.unwrap().uuid;
    hanami.set_mode(live, Mode::Direct).await.unwrap();
    let train = async |cluster| {
        hanami.create_task("train", TaskType::Train, cluster, rows).await.unwrap().uuid
    };
    let task = train(undisturbed).await;
    hanami.wait(undisturbed, task, |_| ()).await.unwrap();
    let expected = answers(&hanami, undisturbed, probe).await;

    let task = train(stopped).await;
    let declared = reqwest::Client::new()
        .post(format!("http://{}/control/v1/csv/dataset", process.address))
        .header("X-Auth-Token", &process.token)
        .body(r#"{"name": "half", "input_data_size": 3000000}"#);
    let declared = declared.send().await.unwrap().text().await.unwrap();
    let declared: serde_json::Value = serde_json::from_str(&declared).unwrap();
    let file = declared["uuid_input_file"].as_str().unwrap();
    let mut piece = b"Content-Length: 3000000\r\n\r\n".to_vec();
    piece.resize(1_500_000, b'7');
    let events =
        format!("GET /control/v1/task/events?uuid={task}&cluster_uuid={stopped} HTTP/1.1\r\n");
    let stalled = [
        process.stalled(&format!("PUT /control/v1/dataset/file?uuid={file} HTTP/1.1\r\n"), &piece),
        process.stalled(&events, b"\r\n"),
        process.stalled("POST /control/v1/cluster HTTP/1.1\r\n", b"Content-Length: 99\r\n\r\n{"),
        process.stalled("GET /half/a/head HTTP/1.1\r\n", b""),
        process.deaf_websocket(live),
    ];
    let mut direct = hanami.direct(live).await.unwrap();
    let teaching = tokio::spawn(async move {
        let mut acknowledged = 0_u64;
        loop {
            let inputs = [("left", &[1.0][..]), ("right", &[2.0][..])];
            if direct.train(&inputs, &[("sum", &[3.0][..])]).await.is_err() {
                return acknowledged;
            }
            acknowledged += 1;
        }
    });
    while hanami.task(stopped, task).await.unwrap().samples == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let start = Instant::now();
    process.signal();
    let log = process.ended();
    // For those who read the output; how long it takes is no matter of right and wrong here.
    println!("stopped after {:.2} s", start.elapsed().as_secs_f64());
    assert!(log.contains("stopped"), "{log}");
    let acknowledged = teaching.await.unwrap();
    assert!(acknowledged > 0);
    drop(stalled);

    let process = Process::start(&directory).await;
    let hanami = &process.hanami;
    let steps = hanami.cluster(live).await.unwrap().network.unwrap().steps;
    // One more may have been on its way.
    assert!((acknowledged..=acknowledged + 1).contains(&steps), "{steps} of {acknowledged}");
    let found = hanami.task(stopped, task).await.unwrap();
    assert!(found.samples > 0, "the training was saved when the server stopped");
    let ended = hanami.wait(stopped, task, |_| ()).await.unwrap();
    assert_eq!((ended.state, ended.samples), (TaskState::Finished, ROWS.into()));
    assert_eq!(answers(hanami, stopped, probe).await, expected, "bit for bit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let mut process = Process::start(&directory).await;
    // Keeps the server from ending before its patience is over.
    let _stalled = process.stalled("GET /half/a/head HTTP/1.1\r\n", b"");
    process.signal();
    let mut log = BufReader::new(process.server.stderr.as_mut().unwrap());
    await_line(&mut log, "stopping");
    process.signal();
    await_line(&mut BufReader::new(process.server.stderr.as_mut().unwrap()), "told to stop twice");
    let log = process.ended();
    assert!(!log.contains("stopped"), "{log}");
}
