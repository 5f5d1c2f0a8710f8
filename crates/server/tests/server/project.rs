use serde_json::json;

use crate::common::{PASSWORD, TestServer, text};

#[tokio::test]
async fn a_project_is_made_shown_listed_and_deleted() {
    let server = TestServer::start().await;
    let garden = json!({"id": "garden", "name": "The Garden", "creator_id": "admin"});
    let body = json!({"id": "garden", "name": "The Garden"});
    assert_eq!(server.post("project", body).await.ok(), garden);
    assert_eq!(server.get("project?id=garden").await.ok(), garden);
    let all = server.get("project/all").await.ok();
    assert_eq!(all["header"], json!(["id", "name", "creator_id"]));
    let rows = json!([["admin", "Admin", "admin"], ["garden", "The Garden", "admin"]]);
    assert_eq!(all["body"], rows);

    assert_eq!(server.delete("project?id=garden").await.ok(), json!({}));
    server.delete("project?id=garden").await.problem(404, "not-found");
    server.get("project?id=garden").await.problem(404, "not-found");
}

#[tokio::test]
async fn a_project_that_exists_and_the_admins_own_are_conflicts() {
    let server = TestServer::start_with_users().await;
    for id in ["garden", "admin"] {
        let again = server.post("project", json!({"id": id, "name": "Again"})).await;
        assert!(again.problem(409, "conflict").contains(id));
    }
    let detail = server.delete("project?id=admin").await.problem(409, "conflict");
    assert!(detail.contains("'admin'"), "{detail}");
    server.get("project?id=admin").await.ok();
}

#[tokio::test]
async fn a_malformed_project_is_refused_naming_the_field() {
    let server = TestServer::start().await;
    for (body, field) in [
        (json!({"name": "Garden"}), "`id`"),
        (json!({"id": "garden"}), "`name`"),
        (json!({"id": "gar", "name": "Garden"}), "`id`"),
        (json!({"id": "me@home", "name": "Garden"}), "`id`"),
        (json!({"id": "garden", "name": "no!!"}), "`name`"),
        (json!({"id": "garden", "name": 1}), "`name`"),
        (json!({"id": "garden", "name": "Garden", "more": 1}), "`more`"),
    ] {
        let detail = server.post("project", body).await.problem(400, "invalid-body");
        assert!(detail.contains(field), "{detail}");
    }
    for query in ["", "?id=", "?id=gar", "?id=1garden", "?id=me@home", "?uuid=garden"] {
        let path = format!("project{query}");
        assert!(server.get(&path).await.problem(400, "invalid-query").contains("id"));
        assert!(server.delete(&path).await.problem(400, "invalid-query").contains("id"));
    }
}

#[tokio::test]
async fn a_project_with_resources_stays_until_they_are_deleted() {
    let mut server = TestServer::start_with_users().await;
    let admin = server.token.clone();
    server.token = server.log_in("anna", PASSWORD).await;
    let mut clusters = Vec::new();
    for name in ["ants", "bees", "crickets", "dragonflies"] {
        clusters.push(text(&server.post("cluster", json!({"name": name})).await.ok()["uuid"]));
    }
    server.post("csv/dataset", json!({"name": "weather", "input_data_size": 10})).await.ok();
    let datasets = server.get("dataset/all").await.ok();

    server.token = admin;
    let detail = server.delete("project?id=garden").await.problem(409, "conflict");
    let held = "4 clusters ('ants', 'bees', 'crickets', ...), 1 dataset ('weather')";
    assert!(detail.contains(held), "{detail}");
    for cluster in clusters {
        server.delete(&format!("cluster?uuid={cluster}")).await.ok();
    }
    let detail = server.delete("project?id=garden").await.problem(409, "conflict");
    assert!(detail.contains("owns 1 dataset ('weather'): delete"), "{detail}");
    let dataset = text(&datasets["body"][0][0]);
    server.delete(&format!("dataset?uuid={dataset}")).await.ok();

    server.delete("project?id=garden").await.ok();
    assert_eq!(server.get("user?id=anna").await.ok()["projects"], json!([]));
}
