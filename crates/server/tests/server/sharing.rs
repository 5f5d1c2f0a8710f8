//! Names and visibility: who may change them, and what others may do with what is shared.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{NOWHERE, PASSWORD, TEMPLATE, TestServer, answer, table, text};

/// One resource of each kind, all of the same owner.
struct Resources {
    cluster: String,
    dataset: String,
    result: String,
    checkpoint: String,
}

/// Makes the resources as the user whose token `server` holds.
async fn resources(server: &TestServer) -> Resources {
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(10)).await;
    let result = server.task("request", &cluster, &dataset).await;
    let save = json!({"name": "backup", "cluster_uuid": cluster});
    let checkpoint = text(&server.post("cluster/save", save).await.ok()["uuid"]);
    server.ended(&cluster, &checkpoint).await;
    Resources { cluster, dataset, result, checkpoint }
}

impl Resources {
    /// The paths of the kinds, each with the uuid of the resource.
    fn all(&self) -> [(&str, &str); 4] {
        [
            ("cluster", &self.cluster),
            ("dataset", &self.dataset),
            ("checkpoint", &self.checkpoint),
            ("request_result", &self.result),
        ]
    }
}

/// Somebody with a token, for whom the name of what they make tells it apart.
struct Caller<'a> {
    server: &'a TestServer,
    token: &'a str,
}

impl Caller<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> crate::common::Answer {
        self.server.send(method, &format!("/control/v1/{path}"), self.token, body).await
    }

    /// Does with the resources all that those may who see them, or is told that there are none.
    async fn uses(&self, owned: &Resources, name: &str, sees: bool) {
        let Resources { cluster, dataset, result, checkpoint } = owned;
        for (path, uuid) in owned.all() {
            let answer = self.send(Method::GET, &format!("{path}?uuid={uuid}"), None).await;
            assert_eq!(answer.status, if sees { 200 } else { 404 }, "{name}: {path}");
            let listed = self.send(Method::GET, &format!("{path}/all"), None).await.ok();
            assert_eq!(listed.to_string().contains(uuid), sees, "{name}: {path}/all");
        }
        let template = Some(json!({"name": format!("{name} own")}));
        let own = text(&self.send(Method::POST, "cluster", template).await.ok()["uuid"]);
        let load = json!({"checkpoint_uuid": checkpoint, "cluster_uuid": own});
        let from = json!({"name": format!("{name} made"), "checkpoint_uuid": checkpoint});
        let train = json!({
            "name": "a task", "type": "train", "cluster_uuid": own, "dataset_uuid": dataset
        });
        let ask = json!({"uuid": cluster, "inputs": [1, 2]});
        let check = json!({"result_uuid": result, "dataset_uuid": dataset});
        let download = format!("checkpoint/download?uuid={checkpoint}");
        let follow = format!("task/events?uuid={result}&cluster_uuid={cluster}");
        for (method, path, body) in [
            (Method::POST, "cluster/load", Some(load)),
            (Method::POST, "task", Some(train)),
            (Method::POST, "cluster", Some(from)),
            (Method::POST, "cluster/predict", Some(ask)),
            (Method::POST, "dataset/check", Some(check)),
            (Method::GET, &download, None),
            (Method::GET, &follow, None),
            (Method::GET, &format!("dataset/columns?uuid={dataset}"), None),
            (Method::GET, &format!("dataset/preview?uuid={dataset}"), None),
            (Method::GET, &format!("dataset/download?uuid={dataset}"), None),
            (Method::GET, &format!("request_result/download?uuid={result}"), None),
        ] {
            let answer = self.send(method, path, body).await;
            let expected = if sees { 200 } else { 404 };
            assert_eq!(answer.status, expected, "{name}: {path}: {}", answer.body);
        }
        self.send(Method::DELETE, &format!("cluster?uuid={own}"), None).await.ok();
    }

    /// Can change nothing of the resources, whether they are seen or not.
    async fn changes_nothing(&self, owned: &Resources, host: &str) {
        let Resources { cluster, dataset, checkpoint, .. } = owned;
        for (path, uuid) in owned.all() {
            let grab = json!({"uuid": uuid, "name": "mine", "visibility": "public"});
            self.send(Method::PUT, path, Some(grab)).await.problem(404, "not-found");
            let delete = format!("{path}?uuid={uuid}");
            self.send(Method::DELETE, &delete, None).await.problem(404, "not-found");
        }
        let task = json!({
            "name": "a task", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset
        });
        let mode = json!({"uuid": cluster, "new_state": "DIRECT"});
        let save = json!({"name": "a backup", "cluster_uuid": cluster});
        let load = json!({"checkpoint_uuid": checkpoint, "cluster_uuid": cluster});
        let learn = json!({"uuid": cluster, "inputs": [1, 2], "outputs": [3]});
        let switch = json!({"cluster_uuid": cluster, "host_uuid": host});
        for (method, path, body) in [
            (Method::POST, "task", task),
            (Method::PUT, "cluster/set_mode", mode),
            (Method::POST, "cluster/save", save),
            (Method::POST, "cluster/load", load),
            (Method::POST, "cluster/learn", learn),
            (Method::PUT, "cluster/switch_host", switch),
        ] {
            let answer = self.send(method, path, Some(body)).await;
            answer.problem(404, "not-found");
        }
    }
}

#[tokio::test]
async fn what_is_shared_is_used_by_the_project_and_what_is_public_by_all_and_changed_by_neither() {
    let mut server = TestServer::start_with_users().await;
    server.post("project", json!({"id": "forest", "name": "Forest"})).await.ok();
    let stranger = server.newcomer("stranger", "forest", false).await;
    let forester = server.newcomer("forester", "forest", true).await;
    let colleague = server.log_in("bert", PASSWORD).await;
    let host = text(&server.get("host/all").await.ok()["body"][0][0]);
    server.token = server.log_in("anna", PASSWORD).await;
    let owned = resources(&server).await;
    for (visibility, project_sees, all_see) in
        [("private", false, false), ("shared", true, false), ("public", true, true)]
    {
        for (path, uuid) in owned.all() {
            let body = json!({"uuid": uuid, "visibility": visibility});
            assert_eq!(server.put(path, body).await.ok()["visibility"], visibility, "{path}");
        }
        for (who, token, sees) in [
            ("colleague", &colleague, project_sees),
            ("stranger", &stranger, all_see),
            ("forester", &forester, all_see),
        ] {
            let caller = Caller { server: &server, token };
            caller.changes_nothing(&owned, &host).await;
            caller.uses(&owned, &format!("{who} {visibility}"), sees).await;
        }
    }
    let direct = json!({"uuid": owned.cluster, "new_state": "DIRECT"});
    server.put("cluster/set_mode", direct).await.ok();
    let refused = server.connect_with(&colleague, "cluster", &owned.cluster).await.err();
    assert!(refused.unwrap().contains("there is no"), "a live connection could teach it");
}

#[tokio::test]
async fn an_upload_that_all_see_takes_bytes_of_its_owner_only() {
    let mut server = TestServer::start_with_users().await;
    let colleague = server.log_in("bert", PASSWORD).await;
    server.token = server.log_in("anna", PASSWORD).await;
    let table = table(10);
    let body = json!({"name": "a table", "input_data_size": table.len()});
    let made = server.post("csv/dataset", body).await.ok();
    let (uuid, file) = (text(&made["uuid"]), text(&made["uuid_input_file"]));
    server.put("dataset", json!({"uuid": uuid, "visibility": "public"})).await.ok();

    let url = server.url(&format!("/control/v1/dataset/file?uuid={file}"));
    let send = async |token: &str| {
        let request = server.http.put(&url).header("X-Auth-Token", token);
        answer(request.body(table.clone())).await
    };
    send(&colleague).await.problem(404, "not-found");
    let refused = server.connect_with(&colleague, "file_upload", &file).await.err();
    assert!(refused.unwrap().contains("there is no"));
    send(&server.token).await.ok();

    let caller = Caller { server: &server, token: &colleague };
    let finish = json!({"uuid": uuid, "uuid_input_file": file});
    let finished = caller.send(Method::PUT, "csv/dataset", Some(finish.clone())).await;
    finished.problem(404, "not-found");
    server.put("csv/dataset", finish).await.ok();
}

#[tokio::test]
async fn the_owner_and_the_admins_above_rename_and_others_see_the_new_name() {
    let mut server = TestServer::start_with_users().await;
    let admin = server.token.clone();
    let gardener = server.log_in("carl", PASSWORD).await;
    server.token = server.log_in("anna", PASSWORD).await;
    let owned = resources(&server).await;
    let owner = server.token.clone();
    for (name, token) in [("by owner", &owner), ("by gardener", &gardener), ("by admin", &admin)] {
        for (path, uuid) in owned.all() {
            let body = json!({"uuid": uuid, "name": name});
            let path = format!("/control/v1/{path}");
            let changed = server.send(Method::PUT, &path, token, Some(body)).await.ok();
            assert_eq!(
                (&changed["name"], &changed["visibility"]),
                (&json!(name), &json!("private"))
            );
            let shown = server.get(&format!("{}?uuid={uuid}", &path[12..])).await.ok();
            for (field, value) in changed.as_object().unwrap() {
                assert_eq!(shown[field], *value, "{path}: {field}");
            }
        }
    }
}

#[tokio::test]
async fn changes_that_are_not_well_formed_are_refused_naming_the_field() {
    let server = TestServer::start().await;
    let owned = resources(&server).await;
    for (path, uuid) in owned.all() {
        for (body, named) in [
            (json!({"uuid": uuid}), "`name`"),
            (json!({"name": "a name"}), "`uuid`"),
            (json!({"uuid": "here", "name": "a name"}), "`uuid`"),
            (json!({"uuid": uuid, "name": "no"}), "`name`"),
            (json!({"uuid": uuid, "visibility": "secret"}), "`visibility`"),
            (json!({"uuid": uuid, "name": "a name", "owner_id": "bert"}), "`owner_id`"),
        ] {
            let detail = server.put(path, body).await.problem(400, "invalid-body");
            assert!(detail.contains(named), "{path}: {detail}");
        }
        let body = json!({"uuid": NOWHERE, "name": "a name"});
        server.put(path, body).await.problem(404, "not-found");
    }
    server.cluster("taken", TEMPLATE).await;
    let body = json!({"uuid": owned.cluster, "name": "taken", "visibility": "public"});
    server.put("cluster", body).await.problem(409, "conflict");
    let shown = server.get(&format!("cluster?uuid={}", owned.cluster)).await.ok();
    assert_eq!((&shown["name"], &shown["visibility"]), (&json!("worker"), &json!("private")));
}
