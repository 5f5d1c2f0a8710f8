//! The vocabulary of the scenarios in methods of the SDK.

use std::{fs, path::Path, time::Duration};

use hanami_client::{ClientError, Hanami};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{lines, rows, script::Call, stage::Stage};

/// What a call answers, as JSON of the wire.
pub(super) type Outcome = Result<Value, Failure>;

/// Why a call answers nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// The SDK answered with an error.
    Refused(ClientError),
    /// The SDK's types have no value for this argument.
    Inexpressible(String),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Refused(error)
    }
}

/// The arguments of a call.
pub(super) struct Arguments(pub(super) Value);

impl Arguments {
    pub(super) fn text(&self, field: &str) -> &str {
        self.optional(field).unwrap_or_else(|| panic!("no text `{field}` in {}", self.0))
    }

    fn optional(&self, field: &str) -> Option<&str> {
        self.0[field].as_str()
    }

    fn path(&self, field: &str) -> &Path {
        Path::new(self.text(field))
    }

    fn flag(&self, field: &str) -> bool {
        self.0[field] == true
    }

    /// As a value of the type that the SDK takes.
    pub(super) fn typed<T: DeserializeOwned>(&self, field: &str) -> Result<T, Failure> {
        let value = &self.0[field];
        serde_json::from_value(value.clone())
            .map_err(|_| Failure::Inexpressible(format!("{field} {value}")))
    }
}

/// The JSON of an answer that is a type of the wire.
pub(super) fn answer(found: Result<impl Serialize, ClientError>) -> Outcome {
    Ok(serde_json::to_value(found?).unwrap())
}

/// The JSON of a list, of whose entries `row` makes rows.
fn list<Entry>(found: Result<Vec<Entry>, ClientError>, row: impl Fn(&Entry) -> Value) -> Outcome {
    Ok(found?.iter().map(row).collect())
}

pub(super) fn unknown(call: &str) -> ! {
    panic!("the interpreter does not know the call {call}")
}

/// Makes a call.
pub(super) async fn perform(stage: &mut Stage, call: &Call, with: &Arguments) -> Outcome {
    let hanami = stage.actors[&call.actor].clone();
    let what = call.what.as_str();
    match what.split('.').next() {
        Some("login" | "wait") => bare(stage, what, with).await,
        Some("auth" | "host" | "audit_log" | "error_log") => server(&hanami, what, with).await,
        Some("project") => project(&hanami, what, with).await,
        Some("user") => user(&hanami, what, with).await,
        Some("dataset") => dataset(&hanami, what, with).await,
        Some("cluster") => cluster(&hanami, what, with).await,
        Some("task") => task(&hanami, what, with).await,
        Some("checkpoint" | "request_result") => kept(&hanami, what, with).await,
        Some("direct") => lines::perform(&mut stage.lines, &hanami, what, with).await,
        _ => unknown(what),
    }
}

/// What is of no resource.
async fn bare(stage: &mut Stage, call: &str, with: &Arguments) -> Outcome {
    match call {
        "login" => {
            let (id, password) = (with.text("id"), with.text("password"));
            let hanami = Hanami::connect(&stage.address(), id, password).await?;
            stage.actors.insert(with.text("actor").to_owned(), hanami);
        }
        "wait" => tokio::time::sleep(Duration::from_secs(with.typed("seconds")?)).await,
        call => unknown(call),
    }
    Ok(Value::Null)
}

async fn server(hanami: &Hanami, call: &str, with: &Arguments) -> Outcome {
    let user = with.optional("user_id");
    match call {
        "auth.get" => answer(hanami.identity().await),
        "host.list" => list(hanami.hosts().await, rows::host),
        "audit_log.list" => list(hanami.audit_log(with.typed("page")?, user).await, rows::audit),
        "error_log.list" => list(hanami.error_log(with.typed("page")?, user).await, rows::error),
        call => unknown(call),
    }
}

async fn project(hanami: &Hanami, call: &str, with: &Arguments) -> Outcome {
    match call {
        "project.create" => answer(hanami.create_project(with.text("id"), with.text("name")).await),
        "project.get" => answer(hanami.project(with.text("id")).await),
        "project.delete" => answer(hanami.delete_project(with.text("id")).await),
        "project.list" => answer(hanami.projects().await),
        "project.switch" => answer(hanami.switch_project(with.text("project_id")).await),
        call => unknown(call),
    }
}

async fn user(hanami: &Hanami, call: &str, with: &Arguments) -> Outcome {
    match call {
        "user.create" => {
            let (id, name, password) = (with.text("id"), with.text("name"), with.text("password"));
            answer(hanami.create_user(id, name, password, with.flag("is_admin")).await)
        }
        "user.get" => answer(hanami.user(with.text("id")).await),
        "user.delete" => answer(hanami.delete_user(with.text("id")).await),
        "user.list" => answer(hanami.users().await),
        "user.assign_project" => {
            let (id, project, role) = (with.text("id"), with.text("project_id"), with.text("role"));
            answer(hanami.assign_project(id, project, role, with.flag("is_project_admin")).await)
        }
        "user.remove_project" => {
            answer(hanami.unassign_project(with.text("id"), with.text("project_id")).await)
        }
        "user.projects" => answer(match with.optional("user_id") {
            Some(user) => hanami.projects_of(user).await,
            None => hanami.my_projects().await,
        }),
        call => unknown(call),
    }
}

async fn dataset(hanami: &Hanami, call: &str, with: &Arguments) -> Outcome {
    match call {
        "dataset.upload_mnist" => {
            let (images, labels) = (with.path("images"), with.path("labels"));
            let uuid = hanami.upload_mnist(with.text("name"), images, labels, |_, _| ()).await?;
            Ok(json!({"uuid": uuid}))
        }
        "dataset.upload_csv" => {
            let table = with.path("table");
            let uuid = hanami.upload_csv(with.text("name"), table, |_, _| ()).await?;
            Ok(json!({"uuid": uuid}))
        }
        "dataset.get" => answer(hanami.dataset(with.typed("uuid")?).await),
        "dataset.delete" => answer(hanami.delete_dataset(with.typed("uuid")?).await),
        "dataset.list" => list(hanami.datasets().await, rows::dataset),
        "dataset.progress" => answer(hanami.upload_progress(with.typed("uuid")?).await),
        "dataset.check" => {
            let (result, dataset) = (with.typed("result_uuid")?, with.typed("dataset_uuid")?);
            answer(hanami.score(result, dataset).await)
        }
        call => unknown(call),
    }
}

async fn cluster(hanami: &Hanami, call: &str, with: &Arguments) -> Outcome {
    match call {
        "cluster.create" => {
            let template = with.optional("template").map(|path| fs::read_to_string(path).unwrap());
            answer(hanami.create_cluster(with.text("name"), template.as_deref()).await)
        }
        "cluster.get" => answer(hanami.cluster(with.typed("uuid")?).await),
        "cluster.delete" => answer(hanami.delete_cluster(with.typed("uuid")?).await),
        "cluster.list" => list(hanami.clusters().await, rows::entry),
        "cluster.save" => {
            answer(hanami.save_cluster(with.text("name"), with.typed("cluster_uuid")?).await)
        }
        "cluster.load" => {
            let (checkpoint, cluster) =
                (with.typed("checkpoint_uuid")?, with.typed("cluster_uuid")?);
            Ok(json!({"uuid": hanami.load_cluster(checkpoint, cluster).await?}))
        }
        "cluster.set_mode" => {
            answer(hanami.set_mode(with.typed("uuid")?, with.typed("new_state")?).await)
        }
        "cluster.switch_host" => {
            let (cluster, host) = (with.typed("cluster_uuid")?, with.typed("host_uuid")?);
            answer(hanami.switch_host(cluster, host).await)
        }
        call => unknown(call),
    }
}

async fn task(hanami: &Hanami, call: &str, with: &Arguments) -> Outcome {
    let cluster = with.typed("cluster_uuid")?;
    match call {
        "task.create" => {
            let (kind, dataset) = (with.typed("type")?, with.typed("dataset_uuid")?);
            answer(hanami.create_task(with.text("name"), kind, cluster, dataset).await)
        }
        "task.wait" => answer(hanami.wait(cluster, with.typed("uuid")?, |_| ()).await),
        "task.get" => answer(hanami.task(cluster, with.typed("uuid")?).await),
        "task.delete" => answer(hanami.delete_task(cluster, with.typed("uuid")?).await),
        "task.list" => list(hanami.tasks(cluster).await, rows::task),
        call => unknown(call),
    }
}

/// Checkpoints and request results: what tasks have left.
async fn kept(hanami: &Hanami, call: &str, with: &Arguments) -> Outcome {
    match call {
        "checkpoint.get" => answer(hanami.checkpoint(with.typed("uuid")?).await),
        "checkpoint.delete" => answer(hanami.delete_checkpoint(with.typed("uuid")?).await),
        "checkpoint.list" => list(hanami.checkpoints().await, rows::entry),
        "request_result.get" => answer(hanami.request_result(with.typed("uuid")?).await),
        "request_result.delete" => answer(hanami.delete_request_result(with.typed("uuid")?).await),
        "request_result.list" => list(hanami.request_results().await, rows::entry),
        call => unknown(call),
    }
}
