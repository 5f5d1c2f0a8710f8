//! Bad input at every door gets a clear answer, and the server stays healthy.

use hanami_api::frames::ClusterProcessType::{RequestType, TrainType};
use hanami_api::frames::{ClusterIoMessage, FileUploadResponseMessage, Message};
use hanami_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::common::{Socket, TestServer, answer, idx, text, values_frame};

#[tokio::test]
async fn bad_idx_files_are_refused_when_they_are_finished() {
    let server = TestServer::start().await;
    let (images, labels) = idx(10);
    let with = |file: &[u8], position: usize, byte: u8| {
        let mut file = file.to_vec();
        file[position] = byte;
        file
    };
    let cases: Vec<(&str, Vec<u8>, Vec<u8>, &str)> = vec![
        ("one byte", vec![0], labels.clone(), "header"),
        ("cut header", images[..15].to_vec(), labels.clone(), "header"),
        ("cut images", images[..100].to_vec(), labels.clone(), "by its header"),
        ("cut labels", images.clone(), labels[..12].to_vec(), "by its header"),
        ("trailing bytes", [&images[..], b"more"].concat(), labels.clone(), "by its header"),
        ("wrong magic of images", with(&images, 2, 9), labels.clone(), "0x00000903"),
        ("wrong magic of labels", images.clone(), with(&labels, 3, 3), "0x00000803"),
        ("files swapped", labels.clone(), images.clone(), "0x00000801"),
        ("count mismatch", images.clone(), idx(9).1, "9 labels for 10 images"),
        ("no images", idx(0).0, idx(0).1, "no images"),
        ("no pixels", with(&images, 11, 0), labels.clone(), "0 x 4 pixels"),
        ("huge images", with(&with(&images, 8, 255), 12, 255), labels.clone(), "pixels"),
        ("huge count", with(&images, 4, 255), labels.clone(), "by its header"),
        ("compressed", [&[0x1f, 0x8b][..], &images].concat(), labels.clone(), "gzip"),
    ];
    for (name, images, labels, reason) in cases {
        let finish = server.upload_mnist(name, &images, &labels).await;
        let detail = server.put("mnist/dataset", finish).await.problem(400, "invalid-dataset");
        assert!(detail.contains(reason), "{name}: {detail}");
    }
    server.assert_healthy().await;
}

#[tokio::test]
async fn a_label_beyond_the_outputs_of_a_cluster_is_refused_before_it_is_learned() {
    let server = TestServer::start().await;
    let (images, mut labels) = idx(10);
    labels[8] = 200;
    let finish = server.upload_mnist("labels", &images, &labels).await;
    let dataset = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let template = "version: 1\nbricks:\n    1,1,1\n        input: image\n        \
        number_of_neurons: 16\n    2,1,1\n        output: class\n        \
        number_of_neurons: 10\n";
    let cluster = server.cluster("ten classes", template).await;
    let task = json!({
        "name": "task", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    let detail = server.post("task", task).await.problem(400, "dataset-mismatch");
    assert!(detail.contains("201") && detail.contains("10"), "{detail}");
    server.assert_healthy().await;
}

#[tokio::test]
async fn bad_tables_are_refused_when_they_are_finished() {
    let server = TestServer::start().await;
    let wide = "x,".repeat(100_000);
    let cases = [
        ("blank", "\n\n", "empty"),
        ("only names", "speed,wear\n", "no rows"),
        ("text in a cell", "speed,wear\n1,2\n3,fast\n", "line 3, column `wear`"),
        ("ragged", "speed,wear\n1,2\n3\n", "line 3"),
        ("too long", "speed,wear\n1,2,3\n", "3 cells instead of 2"),
        ("infinite", "speed,wear\n1,inf\n", "`inf`"),
        ("not a number", "speed,wear\nNaN,1\n", "`NaN`"),
        ("beyond", "speed,wear\n1,1e39\n", "`1e39`"),
        ("same names", "speed,speed\n1,2\n", "same name"),
        ("no name", "speed,\n1,2\n", "no name"),
        ("nothing above", "speed,wear\n,2\n", "first row"),
        ("open quote", "speed,wear\n\"1,2\n3,4\n", "line 2"),
        ("too wide", &wide, "columns"),
    ];
    for (name, table, reason) in cases {
        let finish = server.upload_csv(name, table).await;
        let detail = server.put("csv/dataset", finish).await.problem(400, "invalid-dataset");
        assert!(detail.contains(reason), "{name}: {detail}");
    }
    let finish = server.upload_csv("latin", "speed,wear\n1,2\n").await;
    let file = text(&finish["uuid_input_file"]);
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    assert!(socket.upload(0, b"\xe9\xff").await.success);
    let detail = server.put("csv/dataset", finish).await.problem(400, "invalid-dataset");
    assert!(detail.contains("UTF-8"), "{detail}");
    server.assert_healthy().await;
}

#[tokio::test]
async fn what_was_wrong_in_an_upload_can_be_sent_again() {
    let server = TestServer::start().await;
    let finish = server.upload_csv("mended", "speed,wear\n1,2\n1,x\n").await;
    server.put("csv/dataset", finish.clone()).await.problem(400, "invalid-dataset");
    let file = text(&finish["uuid_input_file"]);
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    assert!(socket.upload(17, b"2").await.success);
    server.put("csv/dataset", finish).await.ok();
}

#[tokio::test]
async fn declaring_ten_gigabytes_takes_no_disk() {
    let server = TestServer::start().await;
    let declare = json!({"name": "huge", "input_data_size": 10_000_000_000_u64});
    let made = server.post("csv/dataset", declare).await.ok();
    let file = text(&made["uuid_input_file"]);
    let finish = json!({"uuid": made["uuid"], "uuid_input_file": file});
    server.put("csv/dataset", finish.clone()).await.problem(400, "invalid-dataset");

    let mut socket = server.connect("file_upload", &file).await.unwrap();
    assert!(socket.upload(9_999_999_999, b"x").await.success);
    let detail = server.put("csv/dataset", finish).await.problem(400, "invalid-dataset");
    assert!(detail.contains("9999999999"), "{detail}");
    let used = disk_use(server.directory.path());
    let reserve = 16 << 20;
    assert!(used < reserve + 10_000_000, "{used} bytes");
    server.assert_healthy().await;
}

/// Bytes that the files below `path` take on the disk, holes not counted.
fn disk_use(path: &std::path::Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let mut used = 0;
    for entry in std::fs::read_dir(path).unwrap() {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        used += metadata.blocks() * 512;
        if metadata.is_dir() {
            used += disk_use(&entry.path());
        }
    }
    used
}

#[tokio::test]
async fn a_bad_upload_frame_is_answered_and_the_connection_stays() {
    let server = TestServer::start().await;
    let declared = json!({"name": "table", "input_data_size": 10});
    let declared = server.post("csv/dataset", declared).await.ok();
    let file = text(&declared["uuid_input_file"]);
    let mut socket = server.connect("file_upload", &file).await.unwrap();

    for (frame, reason) in [
        (Frame::text("{}"), "text message"),
        (Frame::binary(vec![0xff; 100]), "not a FileUpload_Message"),
        (Frame::binary(vec![0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]), "not a FileUpload_Message"),
    ] {
        let answer: FileUploadResponseMessage = socket.exchange(frame).await;
        assert!(!answer.success);
        assert!(answer.error_message.contains(reason), "{}", answer.error_message);
    }
    for position in [1, 10, u64::MAX, u64::MAX - 9] {
        let answer = socket.upload(position, b"0123456789").await;
        assert!(!answer.success);
        assert!(answer.error_message.contains("declared size"), "{}", answer.error_message);
    }
    assert!(socket.upload(0, b"0123456789").await.success);
    server.assert_healthy().await;
}

async fn assert_closed(socket: &mut Socket, frame: Frame, code: u16, reason: &str) {
    socket.send(frame).await;
    let (found, why) = socket.closed().await;
    assert_eq!(found, code, "{why}");
    assert!(why.contains(reason) && why.len() <= 123, "{why}");
}

#[tokio::test]
async fn a_bad_cluster_frame_closes_its_connection_and_teaches_nothing() {
    let server = TestServer::start().await;
    let mut bystander = server.direct_cluster("direct").await;
    let uuid = text(&server.get("cluster/all").await.ok()["body"][0][0]);
    bystander.train(&[1.0, 2.0], 3.0).await;
    let before = bystander.request(&[1.0, 2.0]).await;

    let miscounted = ClusterIoMessage {
        number_of_values: 7,
        ..ClusterIoMessage::with_values("speed".into(), true, RequestType, vec![1.0, 2.0])
    };
    let unknown_process = ClusterIoMessage {
        process_type: 9,
        ..ClusterIoMessage::with_values("speed".into(), true, RequestType, vec![1.0, 2.0])
    };
    let long_name = "x".repeat(100_000);
    let cases = [
        (Frame::text("hello"), 1003, "text message"),
        (Frame::binary(vec![0xff; 50]), 1007, "not a ClusterIO_Message"),
        (Frame::binary(miscounted.encode_to_vec()), 1008, "numberOfValues is 7"),
        (Frame::binary(unknown_process.encode_to_vec()), 1008, "processType 9"),
        (Frame::binary(vec![]), 1008, "brick"),
        (values_frame("nothing", true, RequestType, &[1.0]), 1008, "nothing"),
        (values_frame(&long_name, true, RequestType, &[1.0]), 1008, "xxx"),
        (values_frame("speed", true, RequestType, &[1.0]), 1008, "2 values"),
        (values_frame("speed", true, RequestType, &[0.0; 3]), 1008, "2 values"),
        (values_frame("speed", true, RequestType, &[]), 1008, "2 values"),
        (values_frame("speed", true, RequestType, &[1.0, f32::NAN]), 1008, "NaN"),
        (values_frame("speed", true, TrainType, &[f32::INFINITY, 1.0]), 1008, "inf"),
        (values_frame("wear", true, RequestType, &[1.0]), 1008, "output"),
        (values_frame("wear", true, TrainType, &[f32::NEG_INFINITY]), 1008, "inf"),
        // Neither half of a sample is learned without the other.
        (values_frame("speed", true, TrainType, &[1.0, 2.0]), 1008, "wear"),
        (values_frame("wear", true, TrainType, &[1.0]), 1008, "speed"),
    ];
    for (frame, code, reason) in cases {
        let mut socket = server.connect("cluster", &uuid).await.unwrap();
        assert_closed(&mut socket, frame, code, reason).await;
        assert_eq!(bystander.request(&[1.0, 2.0]).await, before);
    }
    let shown = server.get(&format!("cluster?uuid={uuid}")).await.ok();
    assert_eq!(shown["network"]["steps"], 1);
    server.assert_healthy().await;
}

#[tokio::test]
async fn an_oversized_frame_closes_its_connection() {
    let settings = Settings { max_frame_bytes: 1000.try_into().unwrap(), ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let mut socket = server.direct_cluster("direct").await;
    let uuid = text(&server.get("cluster/all").await.ok()["body"][0][0]);
    assert_closed(&mut socket, Frame::binary(vec![0; 1001]), 1008, "1001").await;

    let mut socket = server.connect("cluster", &uuid).await.unwrap();
    assert_eq!(socket.request(&[1.0, 2.0]).await.len(), 1);
    server.assert_healthy().await;
}

#[tokio::test]
async fn a_frame_that_declares_an_exabyte_takes_no_memory() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = TestServer::start().await;
    let mut socket = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    let upgrade = "GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.write_all(upgrade.as_bytes()).await.unwrap();
    let mut head = [0; 1024];
    let read = socket.read(&mut head).await.unwrap();
    assert!(head[..read].starts_with(b"HTTP/1.1 101 "));
    // A binary frame, masked, with its length in 64 bits.
    let frame = [&[0x82, 0xff][..], &(1_u64 << 60).to_be_bytes(), &[0; 4], b"data"].concat();
    socket.write_all(&frame).await.unwrap();
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.unwrap();
    let close = rest.iter().position(|byte| *byte == 0x88).expect("a close frame");
    assert_eq!(rest[close + 2..close + 4], 1008_u16.to_be_bytes());
    server.assert_healthy().await;
}

#[tokio::test]
async fn bad_bodies_are_refused_at_every_endpoint() {
    let server = TestServer::start().await;
    let endpoints = [
        (Method::POST, "token"),
        (Method::PUT, "token"),
        (Method::POST, "cluster"),
        (Method::PUT, "cluster/set_mode"),
        (Method::POST, "mnist/dataset"),
        (Method::PUT, "mnist/dataset"),
        (Method::POST, "csv/dataset"),
        (Method::PUT, "csv/dataset"),
        (Method::POST, "dataset/check"),
        (Method::POST, "task"),
    ];
    let bodies: [&[u8]; 11] = [
        b"",
        b"null",
        b"[]",
        b"7",
        b"\"text\"",
        b"{",
        b"{}",
        b"name=cluster&template=x",
        b"\xff\xfe",
        br#"{"surprise": 1}"#,
        br#"{"name": 1, "id": 1, "uuid": 1, "project_id": 1, "result_uuid": 1}"#,
    ];
    for (method, endpoint) in &endpoints {
        let url = server.url(&format!("/control/v1/{endpoint}"));
        let request =
            || server.http.request(method.clone(), &url).header("X-Auth-Token", &server.token);
        for body in bodies {
            answer(request().body(body)).await.problem(400, "invalid-body");
        }
        let nested = "[".repeat(10_000);
        let nested = format!("{{\"name\": {nested}");
        answer(request().body(nested)).await.problem(400, "invalid-body");
        let large = vec![b' '; 2 * 1024 * 1024 + 1];
        let detail = answer(request().body(large)).await.problem(400, "limit-exceeded");
        let log_in = *method == Method::POST && *endpoint == "token";
        let most = if log_in { "16384" } else { "2097152" };
        assert!(detail.contains(most), "{detail}");
    }
    server.assert_healthy().await;
}

#[tokio::test]
async fn a_body_without_a_length_is_limited_too() {
    let server = TestServer::start().await;
    let piece = || Ok::<_, std::io::Error>(vec![b' '; 64 << 10]);
    let pieces = futures_util::stream::iter(std::iter::repeat_with(piece).take(33));
    let request = server
        .http
        .post(server.url("/control/v1/cluster"))
        .header("X-Auth-Token", &server.token)
        .body(reqwest::Body::wrap_stream(pieces));
    answer(request).await.problem(400, "limit-exceeded");
    server.assert_healthy().await;
}

#[tokio::test]
async fn garbage_templates_are_refused() {
    let server = TestServer::start().await;
    let limit = "# a comment\n".repeat(6000);
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "invalid-template"),
        (b"\xff\xfe\x00".to_vec(), "invalid-template"),
        (b"\x00\x01\x02".to_vec(), "invalid-template"),
        (b"{\"version\": 1}".to_vec(), "invalid-template"),
        (b"version: 99999999999999999999\n".to_vec(), "invalid-template"),
        ("\u{202e}version: 1\n\u{fffd}".into(), "invalid-template"),
        (b"version: 1\nbricks:\n    1,1,1\n        input: a\n".to_vec(), "invalid-template"),
        (
            b"version: 1\nbricks:\n    1,1,1\n        input: a\n        number_of_neurons: 1\n    \
              9,9,9\n        output: b\n        number_of_neurons: 1\n"
                .to_vec(),
            "invalid-template",
        ),
        (
            b"version: 1\nbricks:\n    1,1,1\n        input: a\n        number_of_neurons: \
              4294967296\n"
                .to_vec(),
            "invalid-template",
        ),
        (limit.into_bytes(), "limit-exceeded"),
    ];
    for (template, code) in cases {
        use base64::Engine;
        let template = base64::prelude::BASE64_STANDARD.encode(template);
        let answer = server.post("cluster", json!({"name": "garbage", "template": template})).await;
        answer.problem(400, code);
    }
    for template in ["%", "=", "a", "dmVyc2lvbjogMQ\u{e9}"] {
        let answer = server.post("cluster", json!({"name": "garbage", "template": template})).await;
        let detail = answer.problem(400, "invalid-template");
        assert!(detail.contains("base64"), "{detail}");
    }
    let list = server.get("cluster/all").await.ok();
    assert_eq!(list["body"], Value::Array(vec![]));
    server.assert_healthy().await;
}

#[tokio::test]
async fn a_half_sent_request_keeps_nobody_from_being_served() {
    use tokio::io::AsyncWriteExt;
    let server = TestServer::start().await;
    let mut half = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    half.write_all(b"POST /control/v1/token HTTP/1.1\r\nContent-Length: 9\r\n\r\n{").await.unwrap();
    let mut nonsense = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    nonsense.write_all(b"\x16\x03\x01 this is not HTTP\r\n\r\n").await.unwrap();
    server.assert_healthy().await;
}
