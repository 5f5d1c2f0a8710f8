//! The links of the OpenAPI document: from an operation that makes something to what can be done
//! with it, so that people and tools find their way.

use std::collections::HashMap;

use serde_json::{Map, Value};
use utoipa::openapi::link::Link;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, RefOr};

/// Operations that make something, operations that take it, and what of the request or the answer
/// of the first is which parameter, or else which field of the body, of the second.
type Links =
    (&'static [&'static str], &'static [&'static str], &'static [(&'static str, &'static str)]);

const UUID: &str = "$response.body#/uuid";
const NAME: &str = "$response.body#/name";
const ID: &str = "$response.body#/id";
const INPUT_FILE: &str = "$response.body#/uuid_input_file";
const LABEL_FILE: &str = "$response.body#/uuid_label_file";
const CLUSTER: &str = "$request.body#/cluster_uuid";

/// All links. Each names everything that the second operation can't do without.
const LINKS: &[Links] = &[
    (&["create_cluster"], &["show_cluster", "delete_cluster"], &[("uuid", UUID)]),
    (&["create_cluster"], &["change_cluster"], &[("uuid", UUID), ("name", NAME)]),
    (&["create_cluster"], &["set_cluster_mode"], &[("uuid", UUID), ("new_state", "DIRECT")]),
    (&["create_cluster"], &["list_tasks"], &[("cluster_uuid", UUID)]),
    (&["create_cluster"], &["save_cluster"], &[("cluster_uuid", UUID), ("name", NAME)]),
    (
        &["create_csv_dataset", "create_mnist_dataset"],
        &["show_upload_progress", "show_dataset", "delete_dataset"],
        &[("uuid", UUID)],
    ),
    (
        &["create_csv_dataset", "create_mnist_dataset"],
        &["change_dataset"],
        &[("uuid", UUID), ("name", NAME)],
    ),
    (
        &["create_csv_dataset", "create_mnist_dataset"],
        &["upload_dataset_file"],
        &[("uuid", INPUT_FILE)],
    ),
    (
        &["create_csv_dataset"],
        &["finish_csv_dataset"],
        &[("uuid", UUID), ("uuid_input_file", INPUT_FILE)],
    ),
    (
        &["create_mnist_dataset"],
        &["finish_mnist_dataset"],
        &[("uuid", UUID), ("uuid_input_file", INPUT_FILE), ("uuid_label_file", LABEL_FILE)],
    ),
    (
        &["finish_csv_dataset", "finish_mnist_dataset"],
        &[
            "show_dataset",
            "show_dataset_columns",
            "preview_dataset",
            "download_dataset",
            "delete_dataset",
        ],
        &[("uuid", UUID)],
    ),
    (
        &["create_task", "save_cluster", "load_cluster"],
        &["show_task", "follow_task", "delete_task"],
        &[("uuid", UUID), ("cluster_uuid", CLUSTER)],
    ),
    // The result of a request has the uuid of its task.
    (
        &["create_task"],
        &["show_request_result", "download_request_result", "delete_request_result"],
        &[("uuid", UUID)],
    ),
    // A checkpoint has the uuid of the task that makes it.
    (
        &["save_cluster", "upload_checkpoint"],
        &["show_checkpoint", "download_checkpoint", "delete_checkpoint"],
        &[("uuid", UUID)],
    ),
    (
        &["save_cluster", "upload_checkpoint"],
        &["change_checkpoint"],
        &[("uuid", UUID), ("name", NAME)],
    ),
    (
        &["save_cluster", "upload_checkpoint"],
        &["create_cluster"],
        &[("checkpoint_uuid", UUID), ("name", NAME)],
    ),
    (&["create_user"], &["show_user", "delete_user"], &[("id", ID)]),
    (&["create_user"], &["change_user"], &[("id", ID), ("name", NAME)]),
    (&["create_user"], &["list_user_projects"], &[("user_id", ID)]),
    (
        &["create_project"],
        &["show_project", "delete_project", "show_quota", "set_quota"],
        &[("id", ID)],
    ),
];

/// Adds the links to a document.
pub(crate) fn add(document: &mut OpenApi) {
    let parameters: HashMap<String, Vec<String>> =
        operations(document).map(|operation| (id(operation), parameters(operation))).collect();
    for operation in operations(document) {
        let id = id(operation);
        let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else { continue };
        for (_, targets, fields) in LINKS.iter().filter(|(from, ..)| from.contains(&id.as_str())) {
            for &target in *targets {
                let link = link(target, parameters.get(target), fields);
                answer.links.insert(target.to_owned(), link.into());
            }
        }
    }
}

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    let items = document.paths.paths.values_mut();
    items
        .flat_map(|item| [&mut item.get, &mut item.post, &mut item.put, &mut item.delete])
        .flatten()
}

fn id(operation: &Operation) -> String {
    operation.operation_id.clone().unwrap_or_default()
}

/// The names of an operation's parameters.
fn parameters(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().flatten();
    parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter.name.clone()),
            RefOr::Ref(_) => None,
        })
        .collect()
}

/// The link to an operation that has these parameters.
fn link(target: &str, parameters: Option<&Vec<String>>, fields: &[(&str, &str)]) -> Link {
    let mut link = Link::builder().operation_id(target);
    let mut body = Map::new();
    for &(field, value) in fields {
        if parameters.is_some_and(|names| names.iter().any(|name| name == field)) {
            link = link.parameter(field, value);
        } else {
            body.insert(field.to_owned(), value.into());
        }
    }
    if !body.is_empty() {
        link = link.request_body(Some(Value::Object(body)));
    }
    link.build()
}
