//! Who sees what of somebody's resources: everyone against everything.

use reqwest::Method;
use serde_json::json;

use crate::common::{PASSWORD, TEMPLATE, TestServer, table, text};

/// One resource of each kind, all of the same owner.
struct Resources {
    worker: String,
    dataset: String,
    task: String,
    direct: String,
    file: String,
}

/// Makes the resources as the user whose token `server` holds.
async fn resources(server: &TestServer) -> Resources {
    let worker = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(10)).await;
    let task = server.task("request", &worker, &dataset).await;
    server.ended(&worker, &task).await;
    let direct = server.cluster("direct", TEMPLATE).await;
    server.put("cluster/set_mode", json!({"uuid": direct, "new_state": "DIRECT"})).await.ok();
    let declared = server.post("csv/dataset", json!({"name": "next", "input_data_size": 9})).await;
    let file = text(&declared.ok()["uuid_input_file"]);
    Resources { worker, dataset, task, direct, file }
}

/// Asserts that whoever holds `token` is shown all of the resources, or is told that there are
/// none, alone and in lists, over HTTP and websocket.
async fn assert_sees(server: &TestServer, who: &str, token: &str, owned: &Resources, sees: bool) {
    let Resources { worker, dataset, task, direct, file } = owned;
    let get = async |path: &str| {
        server.send(Method::GET, &format!("/control/v1/{path}"), token, None).await
    };
    for path in [
        format!("cluster?uuid={worker}"),
        format!("dataset?uuid={dataset}"),
        format!("dataset/progress?uuid={dataset}"),
        format!("task?uuid={task}&cluster_uuid={worker}"),
        format!("task/all?cluster_uuid={worker}"),
        format!("request_result?uuid={task}"),
    ] {
        let answer = get(&path).await;
        assert_eq!(answer.status, if sees { 200 } else { 404 }, "{who}: {path}: {answer:?}");
    }
    for (path, uuid) in
        [("cluster/all", worker), ("dataset/all", dataset), ("request_result/all", task)]
    {
        let listed = get(path).await.ok().to_string().contains(uuid.as_str());
        assert_eq!(listed, sees, "{who}: {path}");
    }
    for (target, uuid) in [("cluster", direct), ("file_upload", file)] {
        match server.connect_with(token, target, uuid).await {
            Ok(_) => assert!(sees, "{who}: {target}"),
            Err(error) => assert!(!sees && error.contains("there is no"), "{who}: {error}"),
        }
    }
}

/// Asserts that whoever holds `token` can change none of the resources, nor tell that they exist.
async fn assert_changes_nothing(server: &TestServer, token: &str, owned: &Resources) {
    let Resources { worker, dataset, task, direct, .. } = owned;
    let mode = json!({"uuid": direct, "new_state": "TASK"});
    let work = json!({
        "name": "a task", "type": "train", "cluster_uuid": worker, "dataset_uuid": dataset
    });
    let check = json!({"result_uuid": task, "dataset_uuid": dataset});
    for (method, path, body) in [
        (Method::DELETE, format!("cluster?uuid={worker}"), None),
        (Method::DELETE, format!("dataset?uuid={dataset}"), None),
        (Method::DELETE, format!("task?uuid={task}&cluster_uuid={worker}"), None),
        (Method::DELETE, format!("request_result?uuid={task}"), None),
        (Method::PUT, "cluster/set_mode".to_owned(), Some(mode)),
        (Method::POST, "task".to_owned(), Some(work)),
        (Method::POST, "dataset/check".to_owned(), Some(check)),
    ] {
        let answer = server.send(method, &format!("/control/v1/{path}"), token, body).await;
        answer.problem(404, "not-found");
    }
}

#[tokio::test]
async fn resources_are_seen_by_their_owner_and_the_admins_above_and_by_nobody_else() {
    let mut server = TestServer::start_with_users().await;
    server.post("project", json!({"id": "forest", "name": "Forest"})).await.ok();
    let stranger = server.newcomer("stranger", "forest", false).await;
    let forester = server.newcomer("forester", "forest", true).await;
    let admin = server.token.clone();
    let owner = server.log_in("anna", PASSWORD).await;
    let colleague = server.log_in("bert", PASSWORD).await;
    let gardener = server.log_in("carl", PASSWORD).await;
    server.token = owner.clone();
    let owned = resources(&server).await;

    for (who, token) in [
        ("same-project member", &colleague),
        ("other-project member", &stranger),
        ("other project admin", &forester),
    ] {
        assert_sees(&server, who, token, &owned, false).await;
        assert_changes_nothing(&server, token, &owned).await;
    }
    for (who, token) in [("owner", &owner), ("project admin", &gardener), ("admin", &admin)] {
        assert_sees(&server, who, token, &owned, true).await;
    }
}

#[tokio::test]
async fn a_user_of_two_projects_sees_in_each_only_what_is_in_it() {
    let mut server = TestServer::start_with_users().await;
    server.post("project", json!({"id": "forest", "name": "Forest"})).await.ok();
    let place =
        json!({"id": "anna", "project_id": "forest", "role": "member", "is_project_admin": true});
    server.post("user/project", place).await.ok();
    server.token = server.log_in("anna", PASSWORD).await;
    let owned = resources(&server).await;
    let forest = server.put("token", json!({"project_id": "forest"})).await.ok();
    assert_sees(&server, "owner, elsewhere", &text(&forest["token"]), &owned, false).await;
    assert_sees(&server, "owner", &server.token, &owned, true).await;
}
