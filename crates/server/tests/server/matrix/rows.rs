//! The operations: how a valid request for a thing of `whose` looks (for `None`, a thing that is
//! not there), and what kind of operation it is.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::world::{Call, Person, World, delete, get, post, post_bytes, put, put_bytes, websocket};
use crate::common::{PASSWORD, TEMPLATE};

/// What an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Open to everyone.
    Open,
    /// For everyone with a valid token.
    Authenticated,
    /// For global admins.
    Admins,
    /// For global admins, on a user or a project.
    AdminsOn,
    /// Shows a thing that somebody owns, or only works with it.
    Sees,
    /// Changes a thing that somebody owns.
    Changes,
}

macro_rules! rows {
    (|$world:ident, $whose:ident| $($id:literal $class:ident => $call:expr;)*) => {
        /// All operations, by their ids in the OpenAPI document and, after a comma, what they are
        /// asked for beyond the usual.
        pub(super) const ROWS: &[(&str, Class)] = &[$(($id, Class::$class),)*];

        /// The request of an operation for a thing of `whose`.
        pub(super) async fn call(
            id: &str,
            $world: &World,
            $whose: Option<&Person>,
        ) -> Call {
            match id {
                $($id => $call,)*
                other => panic!("no row for {other}"),
            }
        }
    };
}

rows! { |world, whose|
    "show_health" Open => get("/healthz");
    "show_readiness" Open => get("/readyz");
    "show_metrics" Open => get("/metrics");
    "create_token" Open => {
        post("token", json!({"id": "anna", "password": PASSWORD}))
    };

    "renew_token" Authenticated => put("token", json!({"project_id": whose.unwrap().project}));
    "check_token" Authenticated => get("auth");
    "list_user_projects" Authenticated => get("user/project");
    "list_audit_log" Authenticated => get("audit_log?page=0");
    "show_quota" Authenticated => get("project/quota");
    "list_hosts" Authenticated => get("host/all");
    "show_system_info" Authenticated => get("system_info");
    "show_threading" Authenticated => get("threading");
    "show_speed" Authenticated => get("speed");
    "show_power_consumption" Authenticated => get("power_consumption");
    "show_temperature_production" Authenticated => get("temperature_production");
    "list_clusters" Authenticated => get("cluster/all");
    "list_checkpoints" Authenticated => get("checkpoint/all");
    "list_datasets" Authenticated => get("dataset/all");
    "list_request_results" Authenticated => get("request_result/all");
    "create_cluster" Authenticated => post("cluster", json!({"name": world.name()}));
    "check_template" Authenticated => {
        post("template/check", json!({"template": BASE64_STANDARD.encode(TEMPLATE)}))
    };
    "create_csv_dataset" Authenticated => {
        post("csv/dataset", json!({"name": world.name(), "input_data_size": 9}))
    };
    "create_mnist_dataset" Authenticated => {
        let sizes = json!({"name": world.name(), "input_data_size": 9, "label_data_size": 9});
        post("mnist/dataset", sizes)
    };
    "upload_checkpoint" Authenticated => {
        let path = format!("checkpoint/upload?name={}", world.name());
        post_bytes(path, world.checkpoint_file(whose).await)
    };

    "show_cluster" Sees => get(format!("cluster?uuid={}", world.cluster(whose).await));
    "create_cluster, of a checkpoint" Sees => {
        let checkpoint = world.checkpoint(whose).await;
        post("cluster", json!({"name": world.name(), "checkpoint_uuid": checkpoint}))
    };
    "change_cluster" Changes => put("cluster", world.change(&world.cluster(whose).await));
    "delete_cluster" Changes => delete(format!("cluster?uuid={}", world.cluster(whose).await));
    "save_cluster" Changes => {
        let cluster = world.cluster(whose).await;
        post("cluster/save", json!({"name": world.name(), "cluster_uuid": cluster}))
    };
    "load_cluster" Changes => load(world, whose, whose).await;
    "set_cluster_mode" Changes => {
        let cluster = world.cluster(whose).await;
        put("cluster/set_mode", json!({"uuid": cluster, "new_state": "DIRECT"}))
    };
    "predict" Sees => {
        post("cluster/predict", json!({"uuid": world.cluster(whose).await, "inputs": [1, 2]}))
    };
    "explain" Sees => {
        let cluster = world.cluster(whose).await;
        post("cluster/explain", json!({"uuid": cluster, "inputs": [1, 2], "index": 0}))
    };
    "learn" Changes => {
        let cluster = world.cluster(whose).await;
        post("cluster/learn", json!({"uuid": cluster, "inputs": [1, 2], "outputs": [3]}))
    };
    // Changes nothing as long as there is one host.
    "switch_cluster_host" Sees => {
        let (cluster, host) = (world.cluster(whose).await, world.host());
        put("cluster/switch_host", json!({"cluster_uuid": cluster, "host_uuid": host}))
    };
    "websocket cluster" Sees => websocket("cluster", world.direct_cluster(whose).await);

    "show_checkpoint" Sees => get(format!("checkpoint?uuid={}", world.checkpoint(whose).await));
    "download_checkpoint" Sees => {
        get(format!("checkpoint/download?uuid={}", world.checkpoint(whose).await))
    };
    "change_checkpoint" Changes => put("checkpoint", world.change(&world.checkpoint(whose).await));
    "delete_checkpoint" Changes => {
        delete(format!("checkpoint?uuid={}", world.checkpoint(whose).await))
    };

    "show_dataset" Sees => get(format!("dataset?uuid={}", world.dataset(whose).await));
    "show_upload_progress" Sees => {
        get(format!("dataset/progress?uuid={}", world.dataset(whose).await))
    };
    "show_dataset_columns" Sees => {
        get(format!("dataset/columns?uuid={}", world.dataset(whose).await))
    };
    "preview_dataset" Sees => {
        get(format!("dataset/preview?uuid={}", world.dataset(whose).await))
    };
    "download_dataset" Sees => {
        get(format!("dataset/download?uuid={}", world.dataset(whose).await))
    };
    "change_dataset" Changes => put("dataset", world.change(&world.dataset(whose).await));
    "delete_dataset" Changes => delete(format!("dataset?uuid={}", world.dataset(whose).await));
    "check_dataset" Sees => check(world, whose, whose).await;
    "finish_csv_dataset" Changes => put("csv/dataset", world.csv_upload(whose).await);
    "finish_mnist_dataset" Changes => put("mnist/dataset", world.mnist_upload(whose).await);
    "upload_dataset_file" Changes => {
        put_bytes(format!("dataset/file?uuid={}", world.awaited_file(whose).await), vec![0])
    };
    "websocket file_upload" Sees => {
        let upload = world.csv_upload(whose).await;
        websocket("file_upload", upload["uuid_input_file"].as_str().unwrap().to_owned())
    };

    "create_task" Changes => train(world, whose, whose).await;
    "show_task" Sees => {
        let (cluster, task) = world.task(whose).await;
        get(format!("task?uuid={task}&cluster_uuid={cluster}"))
    };
    "follow_task" Sees => {
        let (cluster, task) = world.task(whose).await;
        get(format!("task/events?uuid={task}&cluster_uuid={cluster}"))
    };
    "list_tasks" Sees => get(format!("task/all?cluster_uuid={}", world.cluster(whose).await));
    "delete_task" Changes => {
        let (cluster, task) = world.task(whose).await;
        delete(format!("task?uuid={task}&cluster_uuid={cluster}"))
    };

    "show_request_result" Sees => get(format!("request_result?uuid={}", world.task(whose).await.1));
    "show_request_result_outputs" Sees => {
        get(format!("request_result/outputs?uuid={}", world.task(whose).await.1))
    };
    "download_request_result" Sees => {
        get(format!("request_result/download?uuid={}", world.task(whose).await.1))
    };
    "change_request_result" Changes => {
        put("request_result", world.change(&world.task(whose).await.1))
    };
    "delete_request_result" Changes => {
        delete(format!("request_result?uuid={}", world.task(whose).await.1))
    };

    "list_error_log" Admins => get("error_log?page=0");
    "list_users" Admins => get("user/all");
    "list_projects" Admins => get("project/all");
    "create_user" Admins => {
        post("user", json!({"id": world.id(), "name": "Somebody", "password": PASSWORD}))
    };
    "create_project" Admins => post("project", json!({"id": world.id(), "name": "Somewhere"}));
    "show_user" AdminsOn => get(format!("user?id={}", world.user(whose).await));
    "change_user" AdminsOn => {
        put("user", json!({"id": world.user(whose).await, "password": "another password"}))
    };
    "delete_user" AdminsOn => delete(format!("user?id={}", world.user(whose).await));
    "delete_user, with force" AdminsOn => {
        delete(format!("user?id={}&force=true", world.holders(whose).await.0))
    };
    "show_project" AdminsOn => get(format!("project?id={}", world.project(whose).await));
    "show_quota, of a project" AdminsOn => {
        get(format!("project/quota?id={}", world.project(whose).await))
    };
    "set_quota" AdminsOn => {
        put("project/quota", json!({"id": world.project(whose).await, "clusters": 1}))
    };
    "delete_project" AdminsOn => delete(format!("project?id={}", world.project(whose).await));
    "delete_project, with force" AdminsOn => {
        delete(format!("project?id={}&force=true", world.holders(whose).await.1))
    };
    "list_user_projects, of a user" AdminsOn => {
        get(format!("user/project?user_id={}", world.user(whose).await))
    };
    "assign_project" AdminsOn => post("user/project", json!({
        "id": world.user(whose).await, "project_id": world.project(whose).await,
        "role": "member", "is_project_admin": false
    }));
    "unassign_project" AdminsOn => {
        let (user, project) = world.place(whose).await;
        delete(format!("user/project?id={user}&project_id={project}"))
    };

    // Last, as it ends the tokens of whoever asks.
    "change_password" Authenticated => {
        let password = &whose.unwrap().password;
        put("user/password", json!({"password": password, "new_password": password}))
    };
}

/// The id of the operation that a row is about.
pub(super) fn operation(row: &str) -> &str {
    row.split_once(',').map_or(row, |(operation, _)| operation)
}

/// The operations on two things: the first one is `one`'s, the second one `other`'s.
pub(super) async fn on_two_things(
    world: &World,
    one: Option<&Person>,
    other: Option<&Person>,
) -> [Call; 3] {
    [load(world, one, other).await, check(world, one, other).await, train(world, one, other).await]
}

async fn load(world: &World, checkpoint: Option<&Person>, cluster: Option<&Person>) -> Call {
    let (checkpoint, cluster) = (world.checkpoint(checkpoint).await, world.cluster(cluster).await);
    post("cluster/load", json!({"checkpoint_uuid": checkpoint, "cluster_uuid": cluster}))
}

async fn check(world: &World, result: Option<&Person>, dataset: Option<&Person>) -> Call {
    let ((_, result), dataset) = (world.task(result).await, world.dataset(dataset).await);
    post("dataset/check", json!({"result_uuid": result, "dataset_uuid": dataset}))
}

async fn train(world: &World, cluster: Option<&Person>, dataset: Option<&Person>) -> Call {
    let (cluster, dataset) = (world.cluster(cluster).await, world.dataset(dataset).await);
    let name = world.name();
    post(
        "task",
        json!({"name": name, "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset}),
    )
}
