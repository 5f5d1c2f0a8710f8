//! Uploads and downloads that are under way while something else happens.

use std::num::NonZeroU32;

use futures_util::stream;
use hanami_server::Settings;
use reqwest::{Body, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::common::{Answer, PASSWORD, TEMPLATE, TestServer, answer, table, text};
use crate::content::{declare, put};

/// What the server writes at once.
const PIECE: usize = 1 << 20;

/// A request whose body is sent as it is given.
struct Slow {
    pieces: mpsc::Sender<Vec<u8>>,
    answer: JoinHandle<Answer>,
}

impl Slow {
    fn begin(request: RequestBuilder) -> Self {
        let (pieces, receiver) = mpsc::channel::<Vec<u8>>(1);
        let body = stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|piece| (Ok::<_, std::io::Error>(piece), receiver))
        });
        let answer = tokio::spawn(answer(request.body(Body::wrap_stream(body))));
        Self { pieces, answer }
    }

    /// Ends the body.
    async fn end(self) -> Answer {
        drop(self.pieces);
        self.answer.await.unwrap()
    }
}

fn upload(server: &TestServer, token: &str) -> RequestBuilder {
    let url = server.url("/control/v1/checkpoint/upload?name=from elsewhere");
    server.http.post(url).header("X-Auth-Token", token)
}

/// Waits until a piece of the file of `dataset` has arrived.
async fn until_arrived(server: &TestServer, dataset: &str) {
    let path = format!("dataset/progress?uuid={dataset}");
    while server.get(&path).await.ok()["files"][0]["received"] == 0 {
        tokio::task::yield_now().await;
    }
}

/// The files of uploads that the server has on its disk.
fn left(server: &TestServer) -> usize {
    std::fs::read_dir(server.directory.path().join("uploads")).unwrap().count()
}

/// A checkpoint file, of the size of a small network, in a server that is thrown away.
async fn checkpoint_file() -> Vec<u8> {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let save = json!({"name": "backup", "cluster_uuid": cluster});
    let saved = text(&server.post("cluster/save", save).await.ok()["uuid"]);
    server.ended(&cluster, &saved).await;
    let url = server.url(&format!("/control/v1/checkpoint/download?uuid={saved}"));
    let request = server.http.get(url).header("X-Auth-Token", &server.token);
    request.send().await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn a_user_who_holds_many_uploads_keeps_nobody_else_from_transfers() {
    let mut server = TestServer::start_with_users().await;
    let (anna, bert) =
        (server.log_in("anna", PASSWORD).await, server.log_in("bert", PASSWORD).await);
    server.token = anna;
    let dataset = server.csv("table", &table(5)).await;
    let share = json!({"uuid": dataset, "visibility": "shared"});
    server.put("dataset", share).await.ok();
    let (_, file) = declare(&server, "arriving", 100).await;
    let mut slow: Vec<Slow> = (0..33).map(|_| Slow::begin(put(&server, &file, None))).collect();
    let refused = loop {
        if let Some(index) = slow.iter().position(|slow| slow.answer.is_finished()) {
            break slow.swap_remove(index);
        }
        tokio::task::yield_now().await;
    };
    let detail = refused.end().await.problem(429, "too-many");
    assert!(detail.contains("you have 32 uploads and downloads"), "{detail}");
    let path = format!("/control/v1/dataset/download?uuid={dataset}");
    server.send(Method::GET, &path, &server.token, None).await.problem(429, "too-many");
    server.send(Method::GET, &path, &bert, None).await.ok();
    for slow in slow {
        slow.end().await.problem(400, "invalid-body");
    }
    server.send(Method::GET, &path, &server.token, None).await.ok();
}

#[tokio::test]
async fn a_checkpoint_that_the_project_may_not_hold_is_refused_before_it_fills_the_disk() {
    let server = TestServer::start().await;
    let quota = json!({"id": "admin", "checkpoint_bytes": PIECE + 1});
    server.put("project/quota", quota).await.ok();
    let told = answer(upload(&server, &server.token).body(vec![0; PIECE + 2])).await;
    let detail = told.problem(409, "quota-exceeded");
    assert!(detail.contains("`checkpoint_bytes`"), "{detail}");

    let mut slow = Slow::begin(upload(&server, &server.token));
    // It goes on as long as there is room, and not longer, though its end is not reached.
    while !slow.answer.is_finished() {
        let _ = slow.pieces.send(vec![0; PIECE / 2]).await;
    }
    let answer = (&mut slow.answer).await.unwrap();
    answer.problem(409, "quota-exceeded");
    assert_eq!(left(&server), 0);

    let quota = json!({"id": "admin", "checkpoint_bytes": 0});
    server.put("project/quota", quota).await.ok();
    let slow = Slow::begin(upload(&server, &server.token));
    slow.answer.await.unwrap().problem(409, "quota-exceeded");
}

#[tokio::test]
async fn a_project_is_deleted_with_all_that_is_under_way_in_it() {
    let file = checkpoint_file().await;
    let mut server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    let admin = std::mem::replace(&mut server.token, anna.clone());
    let cluster = server.cluster("worker", TEMPLATE).await;
    let table = server.csv("table", &table(50_000)).await;
    let body = json!({
        "name": "long", "type": "train", "epochs": 1000,
        "cluster_uuid": cluster, "dataset_uuid": table
    });
    let task = text(&server.post("task", body).await.ok()["uuid"]);
    let url = format!("/control/v1/task/events?uuid={task}&cluster_uuid={cluster}");
    let events = server.http.get(server.url(&url)).header("X-Auth-Token", &anna);
    let events = events.send().await.unwrap();
    assert_eq!(events.status(), 200);

    let (dataset, part) = declare(&server, "arriving", 4 * PIECE).await;
    let arriving = Slow::begin(put(&server, &part, None));
    arriving.pieces.send(vec![b'x'; PIECE]).await.unwrap();
    until_arrived(&server, &dataset).await;
    let mut socket = server.connect("file_upload", &part).await.unwrap();
    let before = left(&server);
    let checkpoint = Slow::begin(upload(&server, &anna));
    checkpoint.pieces.send(file[..9].to_vec()).await.unwrap();
    while left(&server) == before {
        tokio::task::yield_now().await;
    }

    server.token = admin;
    server.delete("project?id=garden&force=true").await.ok();
    assert_eq!(socket.closed().await.0, 1008);
    let events = events.text().await.unwrap();
    assert!(events.contains("event: problem"), "{events}");
    // What was on its way arrives, too late.
    checkpoint.pieces.send(file[9..].to_vec()).await.unwrap();
    checkpoint.end().await.problem(401, "invalid-token");
    let late = arriving.end().await;
    assert!([400, 401, 404, 409].contains(&late.status), "{late:?}");
    for kind in ["cluster", "checkpoint", "dataset", "request_result"] {
        let all = server.get(&format!("{kind}/all")).await.ok();
        assert_eq!(all["body"], Value::Array(Vec::new()), "{kind}");
    }
    assert_eq!(left(&server), 0);
    server.assert_healthy().await;
}

#[tokio::test]
async fn uploads_expire_and_free_their_quota_but_not_while_they_arrive_by_either_way() {
    let expiry = NonZeroU32::new(1).unwrap();
    let settings = Settings { upload_expiry_seconds: expiry, ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let (by_body, file) = declare(&server, "by body", 2 * PIECE).await;
    let slow = Slow::begin(put(&server, &file, None));
    slow.pieces.send(vec![b'x'; PIECE]).await.unwrap();
    until_arrived(&server, &by_body).await;
    let (by_socket, file) = declare(&server, "by websocket", 10).await;
    let mut socket = server.connect("file_upload", &file).await.unwrap();
    let (left_alone, _) = declare(&server, "left alone", 1000).await;

    // Those that were declared before are looked at too when this goes.
    while server.get(&format!("dataset?uuid={left_alone}")).await.status == 200 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let used = &server.get("project/quota").await.ok()["dataset_bytes"]["used"];
    assert_eq!(used, 2 * PIECE + 10);
    assert!(socket.upload(0, b"0123456789").await.success);
    slow.pieces.send(vec![b'x'; PIECE]).await.unwrap();
    assert_eq!(slow.end().await.ok()["missing"], json!([]));
    for dataset in [by_body, by_socket] {
        let progress = server.get(&format!("dataset/progress?uuid={dataset}")).await.ok();
        assert_eq!(progress["complete"], true);
    }
}

#[tokio::test]
async fn a_role_uploads_by_the_ways_that_its_policy_names() {
    let policy = tempfile::NamedTempFile::new().unwrap();
    let roles = r#"
        [roles]
        admin = "*"
        [roles.member]
        "csv/dataset" = "*"
        "websocket/file_upload" = "*"
        [roles.florist]
        "csv/dataset" = "*"
        "dataset/file" = ["PUT"]
    "#;
    std::fs::write(policy.path(), roles).unwrap();
    let settings = Settings { policy_file: policy.path().to_owned(), ..Settings::default() };
    let mut server = TestServer::start_with_users_and(settings).await;
    for (user, in_a_body) in [("anna", false), ("dora", true)] {
        server.token = server.log_in(user, PASSWORD).await;
        let (_, file) = declare(&server, "arriving", 10).await;
        let answer = answer(put(&server, &file, None).body("0123456789")).await;
        let socket = server.connect("file_upload", &file).await;
        if in_a_body {
            answer.ok();
            assert!(socket.err().unwrap().contains("may not"), "{user}");
        } else {
            answer.problem(401, "forbidden");
            assert!(socket.unwrap().upload(0, b"0123456789").await.success);
        }
    }
}

#[tokio::test]
async fn all_outputs_of_a_result_are_for_those_who_see_it() {
    let mut server = TestServer::start_with_users().await;
    let bert = server.log_in("bert", PASSWORD).await;
    server.token = server.log_in("anna", PASSWORD).await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(10)).await;
    let body = json!({
        "name": "asking", "type": "request", "full_outputs": true,
        "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    let result = text(&server.post("task", body).await.ok()["uuid"]);
    server.ended(&cluster, &result).await;
    let paths = ["request_result", "request_result/outputs", "request_result/download"]
        .map(|path| format!("/control/v1/{path}?uuid={result}"));
    for path in &paths {
        server.send(Method::GET, path, &bert, None).await.problem(404, "not-found");
    }
    server.put("request_result", json!({"uuid": result, "visibility": "shared"})).await.ok();
    for path in &paths {
        let anna = server.send(Method::GET, path, &server.token, None).await.ok();
        let berts = server.send(Method::GET, path, &bert, None).await.ok();
        assert_eq!(anna, berts, "{path}");
    }
}
