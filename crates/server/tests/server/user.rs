use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{PASSWORD, TestServer};

fn place(id: &str, project: &str, role: &str) -> Value {
    json!({"id": id, "project_id": project, "role": role, "is_project_admin": false})
}

#[tokio::test]
async fn a_user_is_made_put_to_work_shown_listed_and_deleted() {
    let server = TestServer::start().await;
    server.post("project", json!({"id": "garden", "name": "Garden"})).await.ok();
    let body = json!({"id": "anna@home", "name": "Anna", "password": PASSWORD});
    let made = server.post("user", body).await.ok();
    let mut anna = json!({
        "id": "anna@home", "name": "Anna", "is_admin": false, "creator_id": "admin", "projects": []
    });
    assert_eq!(made, anna);

    let projects = json!([{"project_id": "garden", "role": "member", "is_project_admin": false}]);
    anna["projects"] = projects.clone();
    let assigned = server.post("user/project", place("anna@home", "garden", "member")).await.ok();
    assert_eq!(assigned, anna);
    assert_eq!(server.get("user?id=anna@home").await.ok(), anna);
    let all = server.get("user/all").await.ok();
    assert_eq!(all["header"], json!(["id", "name", "creator_id", "projects", "is_admin"]));
    assert_eq!(all["body"][1], json!(["anna@home", "Anna", "admin", projects, false]));
    assert_eq!(all["body"][0][4], true);
    server.log_in("anna@home", PASSWORD).await;

    assert_eq!(server.delete("user?id=anna@home").await.ok(), json!({}));
    server.delete("user?id=anna@home").await.problem(404, "not-found");
    server.get("user?id=anna@home").await.problem(404, "not-found");
    let login = json!({"id": "anna@home", "password": PASSWORD});
    let login = server.send(Method::POST, "/control/v1/token", "", Some(login)).await;
    login.problem(401, "wrong-credentials");
}

#[tokio::test]
async fn another_admin_needs_no_project_and_may_do_everything() {
    let mut server = TestServer::start().await;
    let body = json!({"id": "chief", "name": "Chief", "password": PASSWORD, "is_admin": true});
    assert_eq!(server.post("user", body).await.ok()["is_admin"], true);
    server.token = server.log_in("chief", PASSWORD).await;
    let made = server.post("project", json!({"id": "garden", "name": "Garden"})).await.ok();
    assert_eq!(made["creator_id"], "chief");
    server.delete("user?id=admin").await.ok();
}

#[tokio::test]
async fn a_user_that_exists_and_oneself_are_conflicts() {
    let server = TestServer::start_with_users().await;
    let again = json!({"id": "anna", "name": "Again", "password": PASSWORD, "is_admin": true});
    let detail = server.post("user", again).await.problem(409, "conflict");
    assert!(detail.contains("anna"), "{detail}");
    let anna = server.get("user?id=anna").await.ok();
    assert_eq!((&anna["name"], &anna["is_admin"]), (&json!("ANNA"), &json!(false)));

    let detail = server.delete("user?id=admin").await.problem(409, "conflict");
    assert!(detail.contains("yourself"), "{detail}");
    server.get("user?id=admin").await.ok();
}

#[tokio::test]
async fn a_malformed_user_is_refused_naming_the_field() {
    let server = TestServer::start().await;
    let user = |field: &str, value: Value| {
        let mut body = json!({"id": "anna", "name": "Anna", "password": PASSWORD});
        body[field] = value;
        body
    };
    for (field, value) in [
        ("id", json!("ann")),
        ("id", json!("4nna")),
        ("id", Value::Null),
        ("name", json!("no!!")),
        ("password", json!("short")),
        ("password", json!(12_345_678)),
        ("is_admin", json!("yes")),
        ("creator_id", json!("admin")),
    ] {
        let body = user(field, value);
        let detail = server.post("user", body).await.problem(400, "invalid-body");
        assert!(detail.contains(&format!("`{field}`")), "{detail}");
    }
    for query in ["", "?id=", "?id=ann", "?id=an%20na", "?uuid=anna"] {
        let path = format!("user{query}");
        assert!(server.get(&path).await.problem(400, "invalid-query").contains("id"));
        assert!(server.delete(&path).await.problem(400, "invalid-query").contains("id"));
    }
}

#[tokio::test]
async fn only_global_admins_manage_users_and_projects() {
    let server = TestServer::start_with_users().await;
    // Neither the role `admin` nor being a project's admin makes a global admin.
    let mut promoted = place("anna", "garden", "admin");
    promoted["is_project_admin"] = json!(true);
    server.post("user/project", promoted.clone()).await.ok();
    let user = json!({"id": "newcomer", "name": "New", "password": PASSWORD});
    for id in ["anna", "bert", "carl"] {
        let token = server.log_in(id, PASSWORD).await;
        for (method, path, body) in [
            (Method::POST, "user", Some(&user)),
            (Method::GET, "user?id=bert", None),
            (Method::GET, "user/all", None),
            (Method::DELETE, "user?id=emil", None),
            (Method::POST, "user/project", Some(&promoted)),
            (Method::GET, "user/project?user_id=bert", None),
            (Method::DELETE, "user/project?id=dora&project_id=garden", None),
            (Method::POST, "project", Some(&json!({"id": "forest", "name": "Forest"}))),
            (Method::GET, "project?id=garden", None),
            (Method::GET, "project/all", None),
            (Method::DELETE, "project?id=garden", None),
        ] {
            let path = format!("/control/v1/{path}");
            let answer = server.send(method, &path, &token, body.cloned()).await;
            assert!(answer.problem(401, "forbidden").contains("admin"));
        }
    }
}

#[tokio::test]
async fn an_assignment_needs_a_user_a_project_and_a_role_that_exist() {
    let server = TestServer::start_with_users().await;
    for (id, project) in [("nobody", "garden"), ("emil", "forest")] {
        server.post("user/project", place(id, project, "member")).await.problem(404, "not-found");
    }
    for role in ["florist", "", "Member"] {
        let refused = server.post("user/project", place("emil", "garden", role)).await;
        let detail = refused.problem(400, "invalid-body");
        assert!(detail.contains("`role`") && detail.contains("`admin`, `member`"), "{detail}");
    }
    let half = json!({"id": "emil", "project_id": "garden", "role": "member"});
    let detail = server.post("user/project", half).await.problem(400, "invalid-body");
    assert!(detail.contains("`is_project_admin`"), "{detail}");
    assert_eq!(server.get("user?id=emil").await.ok()["projects"], json!([]));
}

#[tokio::test]
async fn an_assignment_is_changed_and_taken_back() {
    let server = TestServer::start_with_users().await;
    let mut promoted = place("bert", "garden", "admin");
    promoted["is_project_admin"] = json!(true);
    let bert = server.post("user/project", promoted).await.ok();
    let projects = json!([{"project_id": "garden", "role": "admin", "is_project_admin": true}]);
    assert_eq!(bert["projects"], projects);

    let path = "user/project?id=bert&project_id=garden";
    assert_eq!(server.delete(path).await.ok()["projects"], json!([]));
    server.delete(path).await.problem(404, "not-found");
    server.delete("user/project?id=nobody&project_id=garden").await.problem(404, "not-found");
    server.delete("user/project?id=bert").await.problem(400, "invalid-query");
    server.delete("user/project?id=b&project_id=garden").await.problem(400, "invalid-query");
}

#[tokio::test]
async fn everyone_lists_their_own_projects_and_admins_those_of_others() {
    let mut server = TestServer::start_with_users().await;
    let carls = json!({"projects": [
        {"project_id": "garden", "role": "member", "is_project_admin": true}
    ]});
    assert_eq!(server.get("user/project?user_id=carl").await.ok(), carls);
    assert_eq!(server.get("user/project").await.ok()["projects"][0]["project_id"], "admin");
    server.get("user/project?user_id=nobody").await.problem(404, "not-found");
    server.get("user/project?user_id=c").await.problem(400, "invalid-query");
    server.token = server.log_in("carl", PASSWORD).await;
    assert_eq!(server.get("user/project").await.ok(), carls);
}

#[tokio::test]
async fn a_project_alone_changes_the_project_of_the_token() {
    let mut server = TestServer::start_with_users().await;
    server.post("project", json!({"id": "forest", "name": "Forest"})).await.ok();
    server.post("user/project", place("anna", "forest", "member")).await.ok();
    server.token = server.log_in("anna", PASSWORD).await;
    let switched = server.post("user/project", json!({"project_id": "forest"})).await.ok();
    assert_eq!(switched.as_object().unwrap().len(), 4);
    assert_eq!((&switched["id"], &switched["name"]), (&json!("anna"), &json!("ANNA")));
    assert_eq!(switched["is_admin"], false);
    server.token = crate::common::text(&switched["token"]);
    assert_eq!(server.get("auth").await.ok()["project_id"], "forest");
    let elsewhere = server.post("user/project", json!({"project_id": "admin"})).await;
    elsewhere.problem(404, "not-found");
}

#[tokio::test]
async fn a_user_with_resources_stays_until_they_are_deleted() {
    let mut server = TestServer::start_with_users().await;
    let admin = server.token.clone();
    server.token = server.log_in("anna", PASSWORD).await;
    let cluster = server.cluster("worker", crate::common::TEMPLATE).await;
    let dataset = server.csv("table", &crate::common::table(10)).await;
    let task = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &task).await;

    server.token = admin;
    let detail = server.delete("user?id=anna").await.problem(409, "conflict");
    let held = "1 cluster ('worker'), 1 dataset ('table'), 1 task ('request task'), \
                1 request result ('request task')";
    assert!(detail.contains(held), "{detail}");
    for (path, uuid) in [("cluster", cluster), ("dataset", dataset), ("request_result", task)] {
        server.delete("user?id=anna").await.problem(409, "conflict");
        server.delete(&format!("{path}?uuid={uuid}")).await.ok();
    }
    server.delete("user?id=anna").await.ok();
}
