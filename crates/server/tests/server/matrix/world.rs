//! A server with everyone on it, things made for whoever asks, and the calls themselves.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};

use super::{Caller, Outcome};
use crate::common::{PASSWORD, TestServer, answer, text};

/// A request that is ready to be made by anyone.
#[derive(Debug)]
pub(super) enum Call {
    Http { method: Method, path: String, body: Vec<u8> },
    Websocket { target: &'static str, uuid: String },
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http { method, path, body: _ } => write!(f, "{method} {path}"),
            Self::Websocket { target, uuid } => write!(f, "websocket {target} {uuid}"),
        }
    }
}

/// `path` begins below the prefix of the interface, or with a slash at the root.
fn http(method: Method, path: String, body: Vec<u8>) -> Call {
    let path = if path.starts_with('/') { path } else { format!("/control/v1/{path}") };
    Call::Http { method, path, body }
}

pub(super) fn get(path: impl Into<String>) -> Call {
    http(Method::GET, path.into(), Vec::new())
}

pub(super) fn delete(path: impl Into<String>) -> Call {
    http(Method::DELETE, path.into(), Vec::new())
}

#[expect(clippy::needless_pass_by_value, reason = "it is made where it is passed")]
pub(super) fn post(path: &str, body: Value) -> Call {
    post_bytes(path.to_owned(), body.to_string().into())
}

#[expect(clippy::needless_pass_by_value, reason = "it is made where it is passed")]
pub(super) fn put(path: &str, body: Value) -> Call {
    put_bytes(path.to_owned(), body.to_string().into())
}

pub(super) fn post_bytes(path: String, body: Vec<u8>) -> Call {
    http(Method::POST, path, body)
}

pub(super) fn put_bytes(path: String, body: Vec<u8>) -> Call {
    http(Method::PUT, path, body)
}

pub(super) fn websocket(target: &'static str, uuid: String) -> Call {
    Call::Websocket { target, uuid }
}

/// Somebody who makes things.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) id: &'static str,
    pub(super) project: &'static str,
    pub(super) password: String,
    pub(super) token: String,
}

/// A server with everyone on it.
pub(super) struct World {
    pub(super) server: TestServer,
    people: HashMap<&'static str, Person>,
    expired: String,
    forged: String,
    pub(super) host: String,
    database: DatabaseConnection,
    /// Selects everything that is stored but the logs.
    everything: String,
    pub(super) counter: AtomicUsize,
    /// Things made for someone, by kind and person, until [`World::renew`].
    pub(super) made: Mutex<HashMap<(&'static str, &'static str), Value>>,
}

impl World {
    pub(super) async fn new() -> Self {
        let server = TestServer::start_with_users().await;
        server.post("project", json!({"id": "forest", "name": "Forest"})).await.ok();
        let mut people = HashMap::new();
        for id in ["anna", "bert", "carl"] {
            let token = server.log_in(id, PASSWORD).await;
            people.insert(id, Person { id, project: "garden", password: PASSWORD.into(), token });
        }
        for (id, is_admin) in [("stranger", false), ("forester", true)] {
            let token = server.newcomer(id, "forest", is_admin).await;
            people.insert(id, Person { id, project: "forest", password: PASSWORD.into(), token });
        }
        let (password, token) = (server.passphrase.clone(), server.token.clone());
        let admin = Person { id: "admin", project: "admin", password, token };
        people.insert("admin", admin);
        let url = format!("sqlite:{}", server.directory.path().join("hanami.db").display());
        let database = Database::connect(url).await.unwrap();
        let secret = secret(&database).await;
        let (expired, forged) = bad_tokens(&people["anna"].token, &secret);
        let hosts = server.get("host/all").await.ok();
        Self {
            host: text(&hosts["body"][0][0]),
            everything: select_everything(&database).await,
            server,
            people,
            expired,
            forged,
            database,
            counter: AtomicUsize::new(0),
            made: Mutex::default(),
        }
    }

    /// Who `caller` is, or would like to be.
    pub(super) fn person(&self, caller: Caller) -> &Person {
        &self.people[match caller {
            Caller::NoToken | Caller::Expired | Caller::Forged | Caller::Owner => "anna",
            Caller::Colleague => "bert",
            Caller::ProjectAdmin => "carl",
            Caller::Stranger => "stranger",
            Caller::OtherProjectAdmin => "forester",
            Caller::Admin => "admin",
        }]
    }

    /// Makes `call` as `caller`.
    pub(super) async fn send(&self, caller: Caller, call: Call) -> Outcome {
        let token = match caller {
            Caller::NoToken => "",
            Caller::Expired => &self.expired,
            Caller::Forged => &self.forged,
            _ => &self.person(caller).token,
        };
        match call {
            Call::Http { method, path, body } => {
                let request = self.server.http.request(method, self.server.url(&path));
                let answer = answer(request.header("X-Auth-Token", token).body(body)).await;
                let code = answer.body["code"].as_str().map(str::to_owned);
                Outcome { status: answer.status, code }
            }
            Call::Websocket { target, uuid } => {
                let (status, code) = match self.server.connect_with(token, target, &uuid).await {
                    Ok(_) => (200, None),
                    Err(error) if error.contains("there is no") => (404, Some("not-found")),
                    Err(error) if error.contains("token") => (401, Some("invalid-token")),
                    Err(error) => panic!("{error}"),
                };
                Outcome { status, code: code.map(str::to_owned) }
            }
        }
    }

    /// The global admin.
    pub(super) fn admin(&self) -> &Person {
        self.person(Caller::Admin)
    }

    /// Waits until no task is queued or runs.
    pub(super) async fn quiet(&self) {
        let open = "SELECT count(*) FROM tasks WHERE state IN ('queued', 'active')";
        while query::<i64>(&self.database, open).await != 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Everything in the database but the logs, and how long the files are that grow without it,
    /// once nothing runs any more.
    pub(super) async fn everything_stored(&self) -> String {
        self.quiet().await;
        let mut parts = vec![query(&self.database, &self.everything).await];
        for folder in ["journals", "uploads"] {
            let files = std::fs::read_dir(self.server.directory.path().join(folder)).unwrap();
            let mut sizes: Vec<_> = files
                .map(Result::unwrap)
                .map(|file| {
                    let length = file.metadata().unwrap().len();
                    format!("{} {length}", file.file_name().display())
                })
                .collect();
            sizes.sort();
            parts.extend(sizes);
        }
        parts.join(";")
    }

    /// Whatever is asked for next is made anew.
    pub(super) fn renew(&self) {
        self.made.lock().unwrap().clear();
    }
}

/// The only value that a query answers.
async fn query<T: sea_orm::TryGetable>(database: &DatabaseConnection, sql: &str) -> T {
    values(database, sql).await.pop().unwrap()
}

/// The first value of each row that a query answers.
async fn values<T: sea_orm::TryGetable>(database: &DatabaseConnection, sql: &str) -> Vec<T> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// A query for everything in all tables but the logs, as one text.
async fn select_everything(database: &DatabaseConnection) -> String {
    // The numbers of the logs' rows stand in `sqlite_sequence`.
    let logs = "'audit_log', 'error_log', 'sqlite_sequence'";
    let tables =
        format!("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ({logs})");
    let mut parts = Vec::new();
    for table in values::<String>(database, &tables).await {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = values::<String>(database, &columns).await;
        let columns: Vec<_> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
        let row = columns.join(" || ',' || ");
        parts.push(format!("coalesce((SELECT group_concat({row}, ';') FROM \"{table}\"), '')"));
    }
    assert!(parts.len() > 5, "{parts:?}");
    format!("SELECT {}", parts.join(" || '|' || "))
}

/// The secret that the server signs tokens with.
async fn secret(database: &DatabaseConnection) -> Vec<u8> {
    query(database, "SELECT value FROM settings WHERE name = 'token'").await
}

/// A token that says the same as `token` but has expired, and one that the server has not signed.
fn bad_tokens(token: &str, secret: &[u8]) -> (String, String) {
    let claims = token.split('.').nth(1).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    let sign = |claims: &Value, secret: &[u8]| {
        jsonwebtoken::encode(&Header::default(), claims, &EncodingKey::from_secret(secret)).unwrap()
    };
    let forged = sign(&claims, b"not the secret of the server");
    claims["exp"] = 1.into();
    (sign(&claims, secret), forged)
}
