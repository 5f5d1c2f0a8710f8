//! The scenarios in `sdk/scenarios` that every client is held to, played with the binary. Their README
//! says what the fields of a step mean.

mod calls;
// Those of the SDK.
#[path = "../../../../client/tests/client/scenarios/matchers.rs"]
mod matchers;

use std::{collections::BTreeMap, fs, num::NonZeroU32, path::PathBuf, time::Duration};

use hanami_server::Settings;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::common::{Outcome, PASSWORD, Site};
use calls::Invocation;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    server: BTreeMap<String, String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Repeat { repeat: u32, steps: Vec<Step> },
    Call(Call),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    #[serde(rename = "call")]
    what: String,
    #[serde(rename = "as", default = "admin")]
    actor: String,
    #[serde(default)]
    with: Map<String, Value>,
    #[serde(default)]
    save: BTreeMap<String, String>,
    #[serde(default)]
    expect: BTreeMap<String, Value>,
    error: Option<Map<String, Value>>,
    #[serde(rename = "about")]
    _about: Option<String>,
}

fn admin() -> String {
    "admin".to_owned()
}

/// Someone who runs the binary.
#[derive(Clone)]
struct Actor {
    id: String,
    password: String,
    /// The project switched to.
    project: Option<String>,
}

/// A scenario that is being played.
struct Stage {
    site: Site,
    actors: BTreeMap<String, Actor>,
    variables: BTreeMap<String, Value>,
    /// The cluster at the other end of each direct line.
    lines: BTreeMap<String, String>,
    /// What was taught over a line, and not yet handed to the binary: one run for many samples.
    taught: BTreeMap<String, String>,
}

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sdk/scenarios")
}

fn play(file: &str) {
    let text = fs::read(directory().join(file)).unwrap();
    let scenario: Scenario = serde_json::from_slice(&text).unwrap();
    let site = Site::start_with(settings(&scenario.server));
    let actor = Actor { id: admin(), password: PASSWORD.to_owned(), project: None };
    let mut stage = Stage {
        site,
        actors: BTreeMap::from([(admin(), actor)]),
        variables: BTreeMap::new(),
        lines: BTreeMap::new(),
        taught: BTreeMap::new(),
    };
    stage.play(&scenario.steps);
}

#[test]
fn workflow() {
    play("workflow.json");
}

#[test]
fn errors() {
    play("errors.json");
}

#[test]
fn windows() {
    play("windows.json");
}

#[test]
fn renewal() {
    play("renewal.json");
}

fn settings(environment: &BTreeMap<String, String>) -> Settings {
    let mut settings = Settings::default();
    for (variable, value) in environment {
        let number: NonZeroU32 = value.parse().unwrap();
        match variable.as_str() {
            "HANAMI_CORES" => settings.cores = number,
            "HANAMI_MAX_TEMPLATE_BYTES" => settings.max_template_bytes = number,
            "HANAMI_TOKEN_LIFETIME_SECONDS" => settings.token_lifetime_seconds = number,
            other => panic!("the interpreter does not know the setting {other}"),
        }
    }
    settings
}

impl Stage {
    fn play(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Repeat { repeat, steps } => (0..*repeat).for_each(|_| self.play(steps)),
                Step::Call(call) => self.call(call),
            }
        }
    }

    fn call(&mut self, call: &Call) {
        let with = Value::Object(call.with.clone());
        let with = self.resolved(&with);
        let label = format!("{} {with}", call.what);
        let Some(invocation) = self.invocation(call, &with) else { return };
        let outcome = self.run(&call.actor, &invocation);
        if let Some(error) = &call.error {
            return fails_like(error, &outcome, &label);
        }
        assert_eq!(outcome.code, 0, "{label}: {outcome:?}");
        let result = calls::result(&call.what, &outcome.stdout);
        for (pointer, matcher) in &call.expect {
            matchers::check(&result, pointer, &self.resolved(matcher), &label);
        }
        for (name, pointer) in &call.save {
            let value = result.pointer(pointer).unwrap_or_else(|| panic!("{label}"));
            self.variables.insert(name.clone(), value.clone());
        }
    }

    /// The run that a call is, if it is one.
    fn invocation(&mut self, call: &Call, with: &Value) -> Option<Invocation> {
        let text = |field: &str| with[field].as_str().unwrap_or_default().to_owned();
        match call.what.as_str() {
            "wait" => {
                std::thread::sleep(Duration::from_secs(with["seconds"].as_u64().unwrap()));
                None
            }
            "login" => {
                let actor = Actor { id: text("id"), password: text("password"), project: None };
                self.actors.insert(text("actor"), actor);
                // With user and password in the environment, every run logs in.
                Some(Invocation::new(&["whoami"]).by(text("actor")))
            }
            "project.switch" => {
                let mut actor = self.actors[&call.actor].clone();
                actor.project = Some(text("project_id"));
                let name = if call.error.is_some() { "refused" } else { &call.actor };
                self.actors.insert(name.to_owned(), actor);
                Some(Invocation::new(&["whoami"]).by(name.to_owned()))
            }
            // There is no command that keeps a line open; `predict` and `learn` take the same values.
            "direct.open" => {
                self.lines.insert(text("line"), text("uuid"));
                None
            }
            "direct.train" => {
                let line =
                    serde_json::json!({"inputs": with["inputs"], "outputs": with["targets"]});
                let taught = self.taught.entry(text("line")).or_default();
                taught.push_str(&line.to_string());
                taught.push('\n');
                None
            }
            "direct.request" => {
                let cluster = self.lines[&text("line")].clone();
                if let Some(taught) = self.taught.remove(&text("line")) {
                    let learn = Invocation::new(&["learn", &cluster, "-"]).input(taught);
                    let outcome = self.run(&call.actor, &learn);
                    assert_eq!(outcome.code, 0, "{outcome:?}");
                }
                let inputs = with["inputs"].to_string();
                Some(Invocation::new(&["predict", &cluster, "-"]).input(inputs))
            }
            "direct.close" => None,
            // For the binary this is the name of a cluster.
            "cluster.get" if with["uuid"] == "not-a-uuid" => None,
            name => Some(calls::invocation(name, with)),
        }
    }

    fn run(&self, actor: &str, invocation: &Invocation) -> Outcome {
        let actor = invocation.actor.as_deref().unwrap_or(actor);
        let mut hanamictl = if actor == "nobody" {
            self.nobody()
        } else {
            let Actor { id, password, project } = &self.actors[actor];
            let hanamictl = self.site.user(id, password);
            match project {
                Some(project) => hanamictl.env("HANAMI_PROJECT", project),
                None => hanamictl,
            }
        };
        if let Some(password) = &invocation.new_password {
            hanamictl = hanamictl.env("HANAMI_NEW_PW", password);
        }
        let arguments: Vec<_> = invocation.arguments.iter().map(String::as_str).collect();
        hanamictl.input(invocation.input.clone()).run(&[&["--json"], &arguments[..]].concat())
    }

    /// The binary with a log-in that no server ever gave.
    fn nobody(&self) -> crate::common::Hanamictl {
        use std::os::unix::fs::PermissionsExt;
        let path = self.site.path("nobody/hanami/login.json");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let login =
            serde_json::json!({"address": self.site.url, "user": "who", "token": "not-a-token"});
        fs::write(&path, login.to_string()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        self.site.nobody().env("XDG_CONFIG_HOME", self.site.path("nobody"))
    }

    /// With the values of variables and the paths of data files in their places.
    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match (text.strip_prefix("$data/"), text.strip_prefix('$')) {
                (Some(file), _) => directory().join("data").join(file).to_str().unwrap().into(),
                (None, Some(name)) => self.variables[name].clone(),
                (None, None) => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            Value::Object(fields) => {
                let resolve =
                    |(name, value): (&String, &Value)| (name.clone(), self.resolved(value));
                Value::Object(fields.iter().map(resolve).collect())
            }
            other => other.clone(),
        }
    }
}

fn fails_like(error: &Map<String, Value>, outcome: &Outcome, label: &str) {
    assert_ne!(outcome.code, 0, "{label}: {outcome:?}");
    let refused_at_home = outcome.code == 2 && error.get("status") == Some(&400.into());
    if refused_at_home {
        return;
    }
    let told: Value = serde_json::from_str(outcome.stderr.lines().last().unwrap()).unwrap();
    for (field, expected) in error {
        match field.as_str() {
            "status" | "code" => assert_eq!(told[field], *expected, "{label}: {told}"),
            // What a websocket refuses, `predict` refuses in other words.
            "websocket" => assert_eq!(told["status"], 400, "{label}: {told}"),
            "detail" => {
                let message = told["error"].as_str().unwrap();
                assert!(message.contains(expected.as_str().unwrap()), "{label}: {told}");
            }
            other => panic!("{label}: the interpreter does not know `{other}`"),
        }
    }
}
