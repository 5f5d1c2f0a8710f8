//! Things made for whoever asks. `None` gets the name of a thing that is not there.

use std::sync::atomic::Ordering::Relaxed;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{Person, World};
use crate::common::{NOWHERE, PASSWORD, TEMPLATE, idx, table, text};

/// An id that no user and no project has.
const NOBODY: &str = "nobody";

impl World {
    /// A name that nothing has yet.
    pub(super) fn name(&self) -> String {
        format!("thing {}", self.counter.fetch_add(1, Relaxed))
    }

    /// An id that nothing has yet.
    pub(super) fn id(&self) -> String {
        format!("thing_{}", self.counter.fetch_add(1, Relaxed))
    }

    /// The host that clusters are on.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) async fn cluster(&self, whose: Option<&Person>) -> String {
        let Some(person) = whose else { return NOWHERE.to_owned() };
        let made = self.made("cluster", person, async || {
            let template = BASE64_STANDARD.encode(TEMPLATE);
            let body = json!({"name": self.name(), "template": template});
            self.ask_as(person, Method::POST, "cluster", body).await["uuid"].clone()
        });
        text(&made.await)
    }

    pub(super) async fn direct_cluster(&self, whose: Option<&Person>) -> String {
        let cluster = self.cluster(whose).await;
        if let Some(person) = whose {
            let mode = json!({"uuid": cluster, "new_state": "DIRECT"});
            self.ask_as(person, Method::PUT, "cluster/set_mode", mode).await;
            // The next one to ask for a cluster wants one that works from its queue.
            self.renew();
        }
        cluster
    }

    pub(super) async fn checkpoint(&self, whose: Option<&Person>) -> String {
        let Some(person) = whose else { return NOWHERE.to_owned() };
        let made = self.made("checkpoint", person, async || {
            let body = json!({"name": self.name(), "cluster_uuid": self.cluster(whose).await});
            let queued = self.ask_as(person, Method::POST, "cluster/save", body).await;
            self.quiet().await;
            queued["uuid"].clone()
        });
        text(&made.await)
    }

    /// The bytes of a checkpoint.
    pub(super) async fn checkpoint_file(&self, whose: Option<&Person>) -> Vec<u8> {
        let path = format!("checkpoint/download?uuid={}", self.checkpoint(whose).await);
        let url = self.server.url(&format!("/control/v1/{path}"));
        let request = self.server.http.get(url).header("X-Auth-Token", &whose.unwrap().token);
        request.send().await.unwrap().bytes().await.unwrap().into()
    }

    /// A table, ready for use.
    pub(super) async fn dataset(&self, whose: Option<&Person>) -> String {
        let Some(person) = whose else { return NOWHERE.to_owned() };
        let made = self.made("dataset", person, async || {
            let finish = self.csv_upload(whose).await;
            self.ask_as(person, Method::PUT, "csv/dataset", finish).await["uuid"].clone()
        });
        text(&made.await)
    }

    /// The body that finishes an upload of a table whose bytes have all arrived.
    pub(super) async fn csv_upload(&self, whose: Option<&Person>) -> Value {
        let Some(person) = whose else {
            return json!({"uuid": NOWHERE, "uuid_input_file": NOWHERE});
        };
        let table = table(10);
        let made = self.declared_csv(person, table.len()).await;
        self.upload(person, &made["uuid_input_file"], table.as_bytes()).await;
        json!({"uuid": made["uuid"], "uuid_input_file": made["uuid_input_file"]})
    }

    /// The file of an upload of one byte that has not arrived.
    pub(super) async fn awaited_file(&self, whose: Option<&Person>) -> String {
        let Some(person) = whose else { return NOWHERE.to_owned() };
        text(&self.declared_csv(person, 1).await["uuid_input_file"])
    }

    /// An upload of a table of so many bytes.
    async fn declared_csv(&self, person: &Person, bytes: usize) -> Value {
        let body = json!({"name": self.name(), "input_data_size": bytes});
        self.ask_as(person, Method::POST, "csv/dataset", body).await
    }

    /// The body that finishes an upload of images whose bytes have all arrived.
    pub(super) async fn mnist_upload(&self, whose: Option<&Person>) -> Value {
        let Some(person) = whose else {
            return json!({
                "uuid": NOWHERE, "uuid_input_file": NOWHERE, "uuid_label_file": NOWHERE
            });
        };
        let (images, labels) = idx(4);
        let body = json!({
            "name": self.name(), "input_data_size": images.len(), "label_data_size": labels.len()
        });
        let made = self.ask_as(person, Method::POST, "mnist/dataset", body).await;
        self.upload(person, &made["uuid_input_file"], &images).await;
        self.upload(person, &made["uuid_label_file"], &labels).await;
        json!({
            "uuid": made["uuid"],
            "uuid_input_file": made["uuid_input_file"],
            "uuid_label_file": made["uuid_label_file"],
        })
    }

    /// A cluster, and a request task of it that has ended; its result has the same uuid.
    pub(super) async fn task(&self, whose: Option<&Person>) -> (String, String) {
        let Some(person) = whose else { return (NOWHERE.to_owned(), NOWHERE.to_owned()) };
        let cluster = self.cluster(whose).await;
        let made = self.made("task", person, async || {
            let dataset = self.dataset(whose).await;
            let body = json!({
                "name": self.name(), "type": "request", "full_outputs": true,
                "cluster_uuid": cluster, "dataset_uuid": dataset
            });
            let queued = self.ask_as(person, Method::POST, "task", body).await;
            self.quiet().await;
            queued["uuid"].clone()
        });
        (cluster.clone(), text(&made.await))
    }

    /// The body that renames something, and shows it to the project.
    pub(super) fn change(&self, uuid: &str) -> Value {
        json!({"uuid": uuid, "name": self.name(), "visibility": "shared"})
    }

    /// Some user, if any.
    pub(super) async fn user(&self, whose: Option<&Person>) -> String {
        if whose.is_none() {
            return NOBODY.to_owned();
        }
        let id = self.id();
        let body = json!({"id": id, "name": "Somebody", "password": PASSWORD});
        self.ask_as(self.admin(), Method::POST, "user", body).await;
        id
    }

    /// Some project, if any.
    pub(super) async fn project(&self, whose: Option<&Person>) -> String {
        if whose.is_none() {
            return NOBODY.to_owned();
        }
        let id = self.id();
        let body = json!({"id": id, "name": "Somewhere"});
        self.ask_as(self.admin(), Method::POST, "project", body).await;
        id
    }

    /// Some user and the project they are in, if any.
    pub(super) async fn place(&self, whose: Option<&Person>) -> (String, String) {
        let (user, project) = (self.user(whose).await, self.project(whose).await);
        if whose.is_some() {
            let place = json!({
                "id": user, "project_id": project, "role": "member", "is_project_admin": false
            });
            self.ask_as(self.admin(), Method::POST, "user/project", place).await;
        }
        (user, project)
    }

    /// Some user with a cluster and the project that both are in, if any.
    pub(super) async fn holders(&self, whose: Option<&Person>) -> (String, String) {
        let (user, project) = self.place(whose).await;
        if whose.is_some() {
            let token = self.server.log_in(&user, PASSWORD).await;
            let body = Some(json!({"name": self.name()}));
            self.server.send(Method::POST, "/control/v1/cluster", &token, body).await.ok();
        }
        (user, project)
    }

    /// What was made last of this kind for `person`, or else what `make` makes.
    async fn made(
        &self,
        kind: &'static str,
        person: &Person,
        make: impl AsyncFnOnce() -> Value,
    ) -> Value {
        let key = (kind, person.id);
        let found = self.made.lock().unwrap().get(&key).cloned();
        if let Some(found) = found {
            return found;
        }
        let made = make().await;
        self.made.lock().unwrap().insert(key, made.clone());
        made
    }

    async fn upload(&self, person: &Person, file: &Value, bytes: &[u8]) {
        let connected = self.server.connect_with(&person.token, "file_upload", &text(file)).await;
        assert!(connected.unwrap().upload(0, bytes).await.success);
    }

    /// Does something that `person` may do.
    async fn ask_as(&self, person: &Person, method: Method, path: &str, body: Value) -> Value {
        let path = format!("/control/v1/{path}");
        self.server.send(method, &path, &person.token, Some(body)).await.ok()
    }
}
