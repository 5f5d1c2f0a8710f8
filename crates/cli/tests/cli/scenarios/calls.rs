//! The vocabulary of the scenarios in the words of the binary.

use serde_json::{Map, Value};

/// A run of the binary.
#[derive(Default)]
pub(super) struct Invocation {
    pub(super) arguments: Vec<String>,
    pub(super) input: String,
    pub(super) new_password: Option<String>,
    /// Who runs it, if not the one whom the step names.
    pub(super) actor: Option<String>,
}

impl Invocation {
    pub(super) fn new(arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Self { arguments, ..Self::default() }
    }

    pub(super) fn by(mut self, actor: String) -> Self {
        self.actor = Some(actor);
        self
    }

    pub(super) fn input(mut self, input: String) -> Self {
        self.input = input;
        self
    }
}

/// The run for a call that is one by itself.
pub(super) fn invocation(call: &str, with: &Value) -> Invocation {
    let text = |field: &str| match &with[field] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (resource, verb) = call.split_once('.').unwrap();
    let resource = resource.replace('_', "-");
    let mut words: Vec<String> = match (resource.as_str(), verb) {
        ("auth", "get") => vec!["whoami".into()],
        ("project", "create") => {
            vec!["project".into(), "create".into(), text("id"), text("name")]
        }
        ("user", "create") => vec!["user".into(), "create".into(), text("id"), text("name")],
        ("user", "assign_project") => {
            let mut words = vec!["user".into(), "project".into(), "add".into()];
            words.extend([text("id"), text("project_id"), "--role".into(), text("role")]);
            words
        }
        ("user", "remove_project") => {
            vec!["user".into(), "project".into(), "remove".into(), text("id"), text("project_id")]
        }
        ("user", "projects") => {
            let mut words = vec!["user".into(), "project".into(), "list".into()];
            words.extend(with["user_id"].as_str().map(str::to_owned));
            words
        }
        ("project" | "user", "get" | "delete") => vec![resource.clone(), verb.into(), text("id")],
        ("dataset", "upload_mnist") => {
            let mut words = vec!["dataset".into(), "create".into(), "mnist".into()];
            let files = ["-i".into(), text("images"), "-l".into(), text("labels")];
            words.extend(files.into_iter().chain([text("name")]));
            words
        }
        ("dataset", "upload_csv") => {
            let mut words = vec!["dataset".into(), "create".into(), "csv".into()];
            words.extend(["-i".into(), text("table"), text("name")]);
            words
        }
        ("dataset", "check") => {
            vec!["dataset".into(), "check".into(), text("dataset_uuid"), text("result_uuid")]
        }
        ("cluster", "create") => {
            let mut words = vec!["cluster".into(), "create".into(), text("name")];
            if !with["template"].is_null() {
                words.extend(["-t".into(), text("template")]);
            }
            words
        }
        ("cluster", "save") => {
            let name = ["-n".into(), text("name"), text("cluster_uuid")];
            ["cluster".into(), "save".into()].into_iter().chain(name).collect()
        }
        ("cluster", "load") => {
            let checkpoint = ["-c".into(), text("checkpoint_uuid"), text("cluster_uuid")];
            ["cluster".into(), "restore".into()].into_iter().chain(checkpoint).collect()
        }
        ("cluster", "set_mode") => {
            let mode = text("new_state").to_lowercase();
            vec!["cluster".into(), "mode".into(), text("uuid"), mode]
        }
        ("cluster", "switch_host") => {
            vec!["cluster".into(), "host".into(), text("cluster_uuid"), text("host_uuid")]
        }
        ("task", "create") => {
            let mut words = vec!["task".into(), "create".into(), "-c".into(), text("cluster_uuid")];
            words.extend(["-d".into(), text("dataset_uuid"), "-t".into(), text("type")]);
            words.push(text("name"));
            words
        }
        ("task", "list") => {
            vec!["task".into(), "list".into(), "-c".into(), text("cluster_uuid")]
        }
        ("task", verb) => {
            let verb = if verb == "wait" { "watch" } else { verb };
            vec!["task".into(), verb.into(), "-c".into(), text("cluster_uuid"), text("uuid")]
        }
        ("audit-log" | "error-log", "list") => {
            let log = resource.trim_end_matches("-log").to_owned();
            let mut words = vec!["logs".into(), log, "--page".into(), text("page")];
            if let Some(user) = with["user_id"].as_str() {
                words.extend(["--of".into(), user.into()]);
            }
            words
        }
        (_, "list") => vec![resource.clone(), verb.into()],
        ("dataset" | "cluster" | "checkpoint" | "request-result", verb) => {
            vec![resource.clone(), verb.into(), text("uuid")]
        }
        _ => panic!("the interpreter does not know the call {call}"),
    };
    let admin = with["is_admin"] == true || with["is_project_admin"] == true;
    if admin {
        words.push("--admin".into());
    }
    let new_password = with["password"].as_str().map(str::to_owned);
    Invocation { arguments: words, new_password, ..Invocation::default() }
}

/// The result of a call, as the scenarios see it, in what the binary has printed.
pub(super) fn result(call: &str, printed: &str) -> Value {
    // Following a task prints a line for every change; the last is its end.
    let Some(last) = printed.lines().last() else { return Value::Null };
    let printed: Value = serde_json::from_str(last).unwrap();
    match call {
        "user.projects" => printed["projects"].clone(),
        "direct.request" => {
            let bricks = printed["outputs"].as_object().unwrap().values();
            bricks.flat_map(|values| values.as_array().unwrap()).cloned().collect()
        }
        _ => match (printed["header"].as_array(), printed["body"].as_array()) {
            (Some(header), Some(body)) => body.iter().map(|row| object(header, row)).collect(),
            _ => printed,
        },
    }
}

fn object(header: &[Value], row: &Value) -> Value {
    let names = header.iter().map(|name| name.as_str().unwrap().to_owned());
    Value::Object(names.zip(row.as_array().unwrap().iter().cloned()).collect::<Map<_, _>>())
}
