//! Following a task by server-sent events.

use std::time::Duration;

use futures_util::StreamExt;
use hanami_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{NOWHERE, PASSWORD, TEMPLATE, TestServer, table, text};

/// Events of one task, as they come.
struct Events {
    body: futures_util::stream::BoxStream<'static, reqwest::Result<axum::body::Bytes>>,
    text: String,
}

impl Events {
    async fn open(server: &TestServer, token: &str, cluster: &str, task: &str) -> Self {
        Self::try_open(server, token, cluster, task).await.expect("no place to follow")
    }

    /// `None` if too many follow tasks already.
    async fn try_open(server: &TestServer, token: &str, cluster: &str, task: &str) -> Option<Self> {
        let path = format!("/control/v1/task/events?uuid={task}&cluster_uuid={cluster}");
        let request = server.http.get(server.url(&path)).header("X-Auth-Token", token);
        let answer = request.send().await.unwrap();
        if answer.status() == 429 {
            return None;
        }
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Some(Self { body: answer.bytes_stream().boxed(), text: String::new() })
    }

    /// The next event, its name and its data; `None` when the answer has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let mut lines = event.lines();
                let Some(name) = lines.next().unwrap().strip_prefix("event: ") else { continue };
                let data = lines.next().unwrap().strip_prefix("data: ").unwrap();
                return Some((name.to_owned(), serde_json::from_str(data).unwrap()));
            }
            // Only so that events that never come fail the test.
            let piece = tokio::time::timeout(Duration::from_mins(1), self.body.next()).await;
            let piece = piece.expect("no event within a minute")?.unwrap();
            self.text += std::str::from_utf8(&piece).unwrap();
        }
    }

    /// The last event; before it, there is nothing but progress.
    async fn last(&mut self) -> (String, Value) {
        loop {
            let (name, data) = self.next().await.expect("a last event");
            if name != "progress" {
                assert_eq!(self.next().await, None);
                return (name, data);
            }
        }
    }
}

#[tokio::test]
async fn a_task_is_followed_to_its_end() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(100_000)).await;
    let task = server.task("train", &cluster, &dataset).await;
    let mut events = Events::open(&server, &server.token, &cluster, &task).await;
    let mut seen = Vec::new();
    let end = loop {
        match events.next().await.unwrap() {
            (name, data) if name == "progress" => seen.push(data),
            (name, data) => break (name, data),
        }
    };
    assert_eq!(events.next().await, None);
    let samples: Vec<_> = seen.iter().map(|data| data["samples"].as_u64().unwrap()).collect();
    assert!(samples.is_sorted(), "{samples:?}");
    let shown = server.get(&format!("task?uuid={task}&cluster_uuid={cluster}")).await.ok();
    assert_eq!(shown["state"], "finished");
    assert_eq!((seen.last(), end), (Some(&shown), ("end".to_owned(), shown.clone())));

    // What has ended is shown once.
    let mut late = Events::open(&server, &server.token, &cluster, &task).await;
    assert_eq!(late.next().await, Some(("progress".to_owned(), shown.clone())));
    assert_eq!(late.next().await, Some(("end".to_owned(), shown)));
    assert_eq!(late.next().await, None);
}

#[tokio::test]
async fn a_curve_can_be_drawn_of_what_a_training_tells_while_it_runs() {
    let server = TestServer::start().await;
    let (cluster, _) = busy(&server).await;
    let tasks = server.get(&format!("task/all?cluster_uuid={cluster}")).await.ok();
    let task = text(&tasks["body"][0][0]);
    let mut events = Events::open(&server, &server.token, &cluster, &task).await;
    let mut points = Vec::new();
    while points.len() < 3 {
        let (name, data) = events.next().await.unwrap();
        assert_eq!(name, "progress");
        if let Some(loss) = data["loss"].as_f64() {
            points.push((data["samples"].as_u64().unwrap(), loss, data["synapses"].clone()));
        }
    }
    assert!(points.is_sorted_by_key(|point| point.0), "{points:?}");
    for (_, loss, synapses) in &points {
        assert!(*loss >= 0.0 && synapses.as_u64().unwrap() > 0, "{points:?}");
    }
    server.delete(&format!("task?uuid={task}&cluster_uuid={cluster}")).await.ok();
    // What it tells of the present ends with the task; what was counted from the start stays.
    let (_, end) = events.last().await;
    assert!(end.get("loss").is_none() && end.get("synapses").is_none(), "{end}");
    assert!(end["running_loss"].is_number(), "{end}");
}

/// A cluster with a task that is long, and one that waits for it.
async fn busy(server: &TestServer) -> (String, String) {
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(200_000)).await;
    let body = json!({
        "name": "long", "type": "train", "epochs": 1000,
        "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    server.post("task", body).await.ok();
    let waiting = server.task("train", &cluster, &dataset).await;
    (cluster, waiting)
}

#[tokio::test]
async fn following_ends_with_the_reason_when_the_task_is_deleted() {
    let server = TestServer::start().await;
    let (cluster, task) = busy(&server).await;
    let mut events = Events::open(&server, &server.token, &cluster, &task).await;
    assert_eq!(events.next().await.unwrap().1["state"], "queued");
    server.delete(&format!("task?uuid={task}&cluster_uuid={cluster}")).await.ok();
    let (name, problem) = events.last().await;
    assert_eq!((name.as_str(), &problem["code"]), ("problem", &json!("not-found")));
}

#[tokio::test]
async fn following_ends_when_the_user_loses_their_place() {
    let mut server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    let admin = std::mem::replace(&mut server.token, anna.clone());
    let (cluster, task) = busy(&server).await;
    server.token = admin;
    let mut annas = Events::open(&server, &anna, &cluster, &task).await;
    let mut admins = Events::open(&server, &server.token, &cluster, &task).await;
    annas.next().await.unwrap();
    admins.next().await.unwrap();
    server.delete("user/project?id=anna&project_id=garden").await.ok();
    let (name, problem) = annas.last().await;
    assert_eq!((name.as_str(), &problem["code"]), ("problem", &json!("invalid-token")));

    // Others follow on, until the server stops, which it does without waiting for them.
    let stopped = tokio::spawn(server.shut_down());
    let (name, problem) = admins.last().await;
    assert_eq!((name.as_str(), &problem["code"]), ("problem", &json!("unavailable")));
    stopped.await.unwrap();
}

#[tokio::test]
async fn following_ends_when_the_role_may_not_any_more() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let policy = "[roles]\nadmin = \"*\"\n[roles.reader]\n";
    std::fs::write(file.path(), format!("{policy}\"task/events\" = [\"GET\"]\n")).unwrap();
    let settings = Settings { policy_file: file.path().to_owned(), ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let (cluster, task) = busy(&server).await;
    server.put("cluster", json!({"uuid": cluster, "visibility": "public"})).await.ok();
    server.post("project", json!({"id": "garden", "name": "Garden"})).await.ok();
    server.post("user", json!({"id": "rita", "name": "Rita", "password": PASSWORD})).await.ok();
    let place =
        json!({"id": "rita", "project_id": "garden", "role": "reader", "is_project_admin": false});
    server.post("user/project", place).await.ok();
    let rita = server.log_in("rita", PASSWORD).await;
    let mut events = Events::open(&server, &rita, &cluster, &task).await;
    assert_eq!(events.next().await.unwrap().1["state"], "queued");
    std::fs::write(file.path(), policy).unwrap();
    let (name, problem) = events.last().await;
    assert_eq!((name.as_str(), &problem["code"]), ("problem", &json!("forbidden")));
}

/// Asks for the events of a task until there is a place for it.
async fn until_there_is_a_place(server: &TestServer, cluster: &str, task: &str) {
    let path = format!("task/events?uuid={task}&cluster_uuid={cluster}");
    while server.get(&path).await.status == 429 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn those_who_follow_are_counted_with_the_websockets_until_they_hang_up() {
    let settings = Settings { max_websockets: 1.try_into().unwrap(), ..Default::default() };
    let server = TestServer::start_with(settings).await;
    let dataset = server.csv("table", &table(10_000)).await;
    let declared = json!({"name": "another table", "input_data_size": 10});
    let file = text(&server.post("csv/dataset", declared).await.ok()["uuid_input_file"]);
    let other = server.cluster("other", TEMPLATE).await;
    let ended = server.task("request", &other, &dataset).await;
    server.ended(&other, &ended).await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let body = json!({
        "name": "long", "type": "train", "epochs": 1000,
        "cluster_uuid": cluster, "dataset_uuid": dataset
    });
    let long = text(&server.post("task", body).await.ok()["uuid"]);

    until_there_is_a_place(&server, &other, &ended).await;
    let socket = loop {
        if let Ok(socket) = server.connect("file_upload", &file).await {
            break socket;
        }
    };
    let path = format!("task/events?uuid={ended}&cluster_uuid={other}");
    server.get(&path).await.problem(429, "too-many");
    drop(socket);
    until_there_is_a_place(&server, &other, &ended).await;

    let mut events = loop {
        if let Some(events) = Events::try_open(&server, &server.token, &cluster, &long).await {
            break events;
        }
    };
    events.next().await.unwrap();
    server.get(&path).await.problem(429, "too-many");
    drop(events);
    until_there_is_a_place(&server, &other, &ended).await;
}

#[tokio::test]
async fn what_one_may_not_see_is_not_followed() {
    let mut server = TestServer::start_with_users().await;
    let anna = server.log_in("anna", PASSWORD).await;
    let bert = server.log_in("bert", PASSWORD).await;
    server.token = anna;
    let (cluster, task) = busy(&server).await;
    let path = format!("/control/v1/task/events?uuid={task}&cluster_uuid={cluster}");
    server.send(Method::GET, &path, &bert, None).await.problem(404, "not-found");
    server.send(Method::GET, &path, "", None).await.problem(401, "invalid-token");
    let nowhere = format!("task/events?uuid={NOWHERE}&cluster_uuid={cluster}");
    server.get(&nowhere).await.problem(404, "not-found");
}

#[tokio::test]
async fn following_ends_when_the_cluster_is_not_shared_any_more() {
    let mut server = TestServer::start_with_users().await;
    let bert = server.log_in("bert", PASSWORD).await;
    server.token = server.log_in("anna", PASSWORD).await;
    let (cluster, _) = busy(&server).await;
    let tasks = server.get(&format!("task/all?cluster_uuid={cluster}")).await.ok();
    let running = text(&tasks["body"][0][0]);
    server.put("cluster", json!({"uuid": cluster, "visibility": "shared"})).await.ok();
    let mut events = Events::open(&server, &bert, &cluster, &running).await;
    assert_eq!(events.next().await.unwrap().0, "progress");
    server.put("cluster", json!({"uuid": cluster, "visibility": "private"})).await.ok();
    let (name, data) = events.last().await;
    assert_eq!((name.as_str(), &data["code"]), ("problem", &json!("not-found")));
}
