//! The scenarios in `sdk/scenarios` that every client is held to, played with the binary. Their README
//! says what the fields of a step mean.

mod calls;
// Both are those of the SDK.
#[path = "../../../../client/tests/client/scenarios/matchers.rs"]
mod matchers;
#[path = "../../../../client/tests/client/scenarios/script.rs"]
mod script;

use std::{collections::BTreeMap, fs, time::Duration};

use serde_json::Value;

use crate::common::{Outcome, PASSWORD, Site};
use calls::Invocation;
use script::{Call, Scenario, Variables, WantedError, admin};

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
    variables: Variables,
    /// The cluster at the other end of each direct line.
    lines: BTreeMap<String, String>,
    /// What was taught over a line, and not yet handed to the binary: one run for many samples.
    taught: BTreeMap<String, String>,
}

fn play(file: &str) {
    let scenario = Scenario::read(file);
    let site = Site::start_with(scenario.settings());
    let actor = Actor { id: admin(), password: PASSWORD.to_owned(), project: None };
    let mut stage = Stage {
        site,
        actors: BTreeMap::from([(admin(), actor)]),
        variables: Variables::default(),
        lines: BTreeMap::new(),
        taught: BTreeMap::new(),
    };
    for call in scenario.calls() {
        stage.call(call);
    }
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

impl Stage {
    fn call(&mut self, call: &Call) {
        let with = Value::Object(call.with.clone());
        let with = self.variables.resolved(&with);
        let label = format!("{} {with}", call.what);
        let Some(invocation) = self.invocation(call, &with) else { return };
        let outcome = self.run(&call.actor, &invocation);
        if let Some(error) = &call.error {
            return fails_like(error, &outcome, &label);
        }
        assert_eq!(outcome.code, 0, "{label}: {outcome:?}");
        let result = calls::result(&call.what, &outcome.stdout);
        self.variables.look_at(&result, call, &label);
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
}

fn fails_like(wanted: &WantedError, outcome: &Outcome, label: &str) {
    assert_ne!(outcome.code, 0, "{label}: {outcome:?}");
    let refused_at_home =
        outcome.code == 2 && matches!(wanted, WantedError::Refused { status: 400, .. });
    if refused_at_home {
        return;
    }
    let told: Value = serde_json::from_str(outcome.stderr.lines().last().unwrap()).unwrap();
    match wanted {
        // `predict` refuses it in other words.
        WantedError::Websocket { websocket } => {
            assert_eq!(told["status"], 400, "{label}: {told}, not {websocket}");
        }
        WantedError::Refused { status, code, detail } => {
            assert_eq!(told["status"], *status, "{label}: {told}");
            if let Some(code) = code {
                assert_eq!(told["code"], **code, "{label}: {told}");
            }
            if let Some(detail) = detail {
                assert!(told["error"].as_str().unwrap().contains(detail), "{label}: {told}");
            }
        }
    }
}
