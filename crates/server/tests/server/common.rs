//! A real server on a free port, and a client that speaks to it as old clients do.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::{SinkExt, StreamExt};
use hanami_api::frames::{
    ClusterIoMessage, ClusterProcessType, FileUploadMessage, FileUploadResponseMessage, Message,
};
use hanami_server::{Server, Settings};
use hanami_store::{Membership, NewProject, NewUser, Store};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Message as Frame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Two values in, one value out.
pub(crate) const TEMPLATE: &str = "\
version: 1
bricks:
    1,1,1
        input: speed
        number_of_neurons: 2
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: wear
        number_of_neurons: 1
";

/// A uuid that nothing has.
pub(crate) const NOWHERE: &str = "00000000-0000-4000-8000-000000000000";

/// The password of every user but the first admin.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A running server, and the admin's token.
pub(crate) struct TestServer {
    server: Server,
    pub(crate) directory: TempDir,
    pub(crate) passphrase: String,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The detail of a problem of this kind.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["code"], code, "{}", self.body);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["request_id"], self.headers["x-request-id"].to_str().unwrap());
        self.body["detail"].as_str().unwrap().to_owned()
    }
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::start_with(Settings::default()).await
    }

    /// Starts a new server with `settings`, but on a free port and in a new directory.
    pub(crate) async fn start_with(settings: Settings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let server = launch(&directory, settings).await;
        let passphrase = server.first_admin().unwrap().passphrase.expose_secret().to_owned();
        let http = http();
        let mut started = Self { server, directory, passphrase, http, token: String::new() };
        started.token = started.log_in("admin", &started.passphrase).await;
        started
    }

    /// A server that also has the users `anna` and `bert`, members of `garden`; `carl`, a project
    /// admin there; `dora`, whose role `florist` no policy knows; and `emil`, in no project.
    pub(crate) async fn start_with_users() -> Self {
        Self::start_with_users_and(Settings::default()).await
    }

    /// As [`Self::start_with_users`], with `settings`.
    pub(crate) async fn start_with_users_and(settings: Settings) -> Self {
        let server = Self::start().await;
        let (directory, passphrase) = server.shut_down().await;
        let store = Store::open(directory.path()).await.unwrap();
        let project =
            NewProject { id: "garden".into(), name: "Garden".into(), creator_id: "admin".into() };
        store.create_project(project).await.unwrap();
        let places = [
            ("anna", Some(("member", false))),
            ("bert", Some(("member", false))),
            ("carl", Some(("member", true))),
            ("dora", Some(("florist", false))),
            ("emil", None),
        ];
        for (id, place) in places {
            add_user(&store, id).await;
            if let Some((role, is_project_admin)) = place {
                let membership = Membership {
                    user_id: id.into(),
                    project_id: "garden".into(),
                    role: role.into(),
                    is_project_admin,
                };
                store.assign(membership).await.unwrap();
            }
        }
        drop(store);
        Self::restart(directory, passphrase, settings).await
    }

    /// Stops the server.
    pub(crate) async fn shut_down(self) -> (TempDir, String) {
        self.server.stop().await;
        (self.directory, self.passphrase)
    }

    /// Starts a server on the directory of one that was shut down.
    pub(crate) async fn restart(
        directory: TempDir,
        passphrase: String,
        settings: Settings,
    ) -> Self {
        let server = launch(&directory, settings).await;
        let http = http();
        let mut started = Self { server, directory, passphrase, http, token: String::new() };
        started.token = started.log_in("admin", &started.passphrase).await;
        started
    }

    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.server.address()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address())
    }

    /// Makes a user, as the admin, and puts them in a project; answers their token.
    pub(crate) async fn newcomer(&self, id: &str, project: &str, is_project_admin: bool) -> String {
        let user = json!({"id": id, "name": id, "password": PASSWORD});
        self.post("user", user).await.ok();
        let place = json!({
            "id": id, "project_id": project, "role": "member", "is_project_admin": is_project_admin
        });
        self.post("user/project", place).await.ok();
        self.log_in(id, PASSWORD).await
    }

    /// Asks for a token.
    pub(crate) async fn log_in(&self, id: &str, password: &str) -> String {
        let body = json!({"id": id, "password": password});
        let answer = self.send(Method::POST, "/control/v1/token", "", Some(body)).await.ok();
        answer["token"].as_str().unwrap().to_owned()
    }

    /// Sends a request with `token`.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.http.request(method, self.url(path)).header("X-Auth-Token", token);
        if let Some(body) = body {
            // As old clients do: JSON without saying so.
            request = request.body(body.to_string());
        }
        answer(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, &format!("/control/v1/{path}"), &self.token, None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, &format!("/control/v1/{path}"), &self.token, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, &format!("/control/v1/{path}"), &self.token, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, &format!("/control/v1/{path}"), &self.token, Some(body)).await
    }

    /// Creates a cluster from `template`; answers its uuid.
    pub(crate) async fn cluster(&self, name: &str, template: &str) -> String {
        let template = BASE64_STANDARD.encode(template);
        let made = self.post("cluster", json!({"name": name, "template": template})).await.ok();
        text(&made["uuid"])
    }

    /// Creates a cluster in direct mode and connects to it.
    pub(crate) async fn direct_cluster(&self, name: &str) -> Socket {
        let uuid = self.cluster(name, TEMPLATE).await;
        let mode = json!({"uuid": uuid, "new_state": "DIRECT"});
        self.put("cluster/set_mode", mode).await.ok();
        self.connect("cluster", &uuid).await.unwrap()
    }

    /// Declares a table and uploads it; answers the body that finishes it.
    pub(crate) async fn upload_csv(&self, name: &str, table: &str) -> Value {
        let body = json!({"name": name, "input_data_size": table.len()});
        let declared = self.post("csv/dataset", body).await.ok();
        self.upload(&text(&declared["uuid_input_file"]), table.as_bytes()).await;
        json!({"uuid": declared["uuid"], "uuid_input_file": declared["uuid_input_file"]})
    }

    /// Makes a dataset of a table; answers its uuid.
    pub(crate) async fn csv(&self, name: &str, table: &str) -> String {
        let finish = self.upload_csv(name, table).await;
        text(&self.put("csv/dataset", finish).await.ok()["uuid"])
    }

    /// Declares a pair of IDX files and uploads them; answers the body that finishes them.
    pub(crate) async fn upload_mnist(&self, name: &str, images: &[u8], labels: &[u8]) -> Value {
        let body = json!({
            "name": name, "input_data_size": images.len(), "label_data_size": labels.len()
        });
        let declared = self.post("mnist/dataset", body).await.ok();
        self.upload(&text(&declared["uuid_input_file"]), images).await;
        self.upload(&text(&declared["uuid_label_file"]), labels).await;
        json!({
            "uuid": declared["uuid"],
            "uuid_input_file": declared["uuid_input_file"],
            "uuid_label_file": declared["uuid_label_file"],
        })
    }

    async fn upload(&self, file: &str, bytes: &[u8]) {
        let mut socket = self.connect("file_upload", file).await.unwrap();
        for (index, piece) in bytes.chunks(hanami_api::limits::UPLOAD_CHUNK_BYTES).enumerate() {
            let position = index * hanami_api::limits::UPLOAD_CHUNK_BYTES;
            let answer = socket.upload(position as u64, piece).await;
            assert!(answer.success, "{}", answer.error_message);
        }
    }

    /// Queues a task; answers its uuid.
    pub(crate) async fn task(&self, kind: &str, cluster: &str, dataset: &str) -> String {
        let body = json!({
            "name": format!("{kind} task"),
            "type": kind,
            "cluster_uuid": cluster,
            "dataset_uuid": dataset,
        });
        text(&self.post("task", body).await.ok()["uuid"])
    }

    /// Waits until a task has ended; answers how.
    pub(crate) async fn ended(&self, cluster: &str, task: &str) -> Value {
        // Only so that a task that never ends fails the test.
        let patience = Instant::now() + Duration::from_mins(2);
        loop {
            let path = format!("task?uuid={task}&cluster_uuid={cluster}");
            let progress = self.get(&path).await.ok();
            if ["finished", "aborted"].contains(&progress["state"].as_str().unwrap()) {
                return progress;
            }
            assert!(Instant::now() < patience, "{progress}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Opens a websocket as the admin; `Err` holds why the server does not want it.
    pub(crate) async fn connect(&self, target: &str, uuid: &str) -> Result<Socket, String> {
        self.connect_with(&self.token, target, uuid).await
    }

    /// Opens a websocket with `token`; `Err` holds why the server does not want it.
    pub(crate) async fn connect_with(
        &self,
        token: &str,
        target: &str,
        uuid: &str,
    ) -> Result<Socket, String> {
        let hello = json!({"token": token, "target": target, "uuid": uuid});
        self.connect_saying(&hello.to_string()).await
    }

    /// Opens a websocket with this first message.
    pub(crate) async fn connect_saying(&self, hello: &str) -> Result<Socket, String> {
        let mut socket = self.open().await;
        socket.send(Frame::text(hello)).await;
        socket.welcome().await.map(|()| socket)
    }

    /// Opens a websocket without saying anything yet.
    pub(crate) async fn open(&self) -> Socket {
        let url = format!("ws://{}/", self.server.address());
        Socket(tokio_tungstenite::connect_async(url).await.unwrap().0)
    }

    /// The server answers, and does real work.
    pub(crate) async fn assert_healthy(&self) {
        let health = self.send(Method::GET, "/healthz", "", None).await;
        assert_eq!(health.status, 200);
        let made = self.post("cluster", json!({"name": "health check"})).await.ok();
        self.delete(&format!("cluster?uuid={}", text(&made["uuid"]))).await.ok();
    }
}

/// A client for HTTP.
pub(crate) fn http() -> reqwest::Client {
    // Fails when it is installed already, by another test.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

async fn launch(directory: &TempDir, settings: Settings) -> Server {
    let listen = ([127, 0, 0, 1], 0).into();
    let data_dir = directory.path().to_owned();
    Server::start(Settings { listen, data_dir, ..settings }).await.unwrap()
}

async fn add_user(store: &Store, id: &str) {
    use argon2::PasswordHasher;
    let hash = argon2::Argon2::default().hash_password(PASSWORD.as_bytes()).unwrap();
    let user = NewUser {
        id: id.into(),
        name: id.to_uppercase(),
        password_hash: hash.to_string(),
        is_admin: false,
        creator_id: "admin".into(),
    };
    store.create_user(user).await.unwrap();
}

/// Sends `request` and reads the answer, JSON or text.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.text().await.unwrap();
    let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
    Answer { status, headers, body }
}

/// The text of a JSON string.
#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// An open websocket.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl From<WebSocketStream<MaybeTlsStream<TcpStream>>> for Socket {
    fn from(stream: WebSocketStream<MaybeTlsStream<TcpStream>>) -> Self {
        Self(stream)
    }
}

impl Socket {
    pub(crate) async fn send(&mut self, frame: Frame) {
        self.0.send(frame).await.unwrap();
    }

    /// The answer to the first message; `Err` holds why the server does not want it.
    pub(crate) async fn welcome(&mut self) -> Result<(), String> {
        let Some(Ok(Frame::Text(welcome))) = self.0.next().await else { panic!("no welcome") };
        let welcome: Value = serde_json::from_str(&welcome).unwrap();
        if welcome["success"] == true {
            welcome["uuid"].as_str().unwrap().parse::<hanami_api::Uuid>().unwrap();
            return Ok(());
        }
        Err(text(&welcome["error"]))
    }

    /// The next answer; `Err` when the server has closed.
    pub(crate) async fn receive(&mut self) -> Result<Vec<u8>, Option<CloseFrame>> {
        loop {
            match self.0.next().await {
                Some(Ok(Frame::Binary(bytes))) => return Ok(bytes.to_vec()),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                Some(Ok(Frame::Close(reason))) => return Err(reason),
                None | Some(Err(tungstenite::Error::ConnectionClosed)) => return Err(None),
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code and the reason with which the server closes.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        let reason = self.receive().await.unwrap_err().expect("a reason");
        (reason.code.into(), reason.reason.to_string())
    }

    pub(crate) async fn upload(&mut self, position: u64, data: &[u8]) -> FileUploadResponseMessage {
        let message = FileUploadMessage { position, data: data.to_vec().into() };
        self.exchange(Frame::binary(message.encode_to_vec())).await
    }

    /// Sends a frame and decodes the answer.
    pub(crate) async fn exchange<T: Message + Default>(&mut self, frame: Frame) -> T {
        self.send(frame).await;
        T::decode(&*self.receive().await.unwrap()).unwrap()
    }

    pub(crate) async fn values(
        &mut self,
        brick: &str,
        is_last: bool,
        process: ClusterProcessType,
        values: &[f32],
    ) -> ClusterIoMessage {
        self.exchange(values_frame(brick, is_last, process, values)).await
    }

    /// Predicts from two values.
    pub(crate) async fn request(&mut self, values: &[f32]) -> Vec<f32> {
        self.values("speed", true, ClusterProcessType::RequestType, values).await.values
    }

    /// Learns that two values mean `wear`.
    pub(crate) async fn train(&mut self, values: &[f32], wear: f32) {
        let train = ClusterProcessType::TrainType;
        assert_eq!(self.values("speed", false, train, values).await.values, [0.0]);
        assert_eq!(self.values("wear", true, train, &[wear]).await.values, [0.0]);
    }
}

pub(crate) fn values_frame(
    brick: &str,
    is_last: bool,
    process: ClusterProcessType,
    values: &[f32],
) -> Frame {
    let message =
        ClusterIoMessage::with_values(brick.to_owned(), is_last, process, values.to_vec());
    Frame::binary(message.encode_to_vec())
}

/// A table of `rows` rows with the columns `speed` and `wear`.
pub(crate) fn table(rows: usize) -> String {
    let line = |row: usize| format!("{}.5,{}\n", row % 7, (row % 7) * 2);
    "speed,wear\n".to_owned() + &(0..rows).map(line).collect::<String>()
}

/// IDX files of `count` images of 4 x 4 pixels: bright in the upper half is 0, in the lower 1.
pub(crate) fn idx(count: u32) -> (Vec<u8>, Vec<u8>) {
    let mut images = header(0x0803, &[count, 4, 4]);
    let mut labels = header(0x0801, &[count]);
    for image in 0..count {
        let upper = image % 2 == 0;
        images.extend((0..16).map(|pixel| if (pixel < 8) == upper { 200 } else { 0 }));
        labels.push(u8::from(!upper));
    }
    (images, labels)
}

fn header(magic: u32, sizes: &[u32]) -> Vec<u8> {
    std::iter::once(&magic).chain(sizes).flat_map(|number| number.to_be_bytes()).collect()
}
