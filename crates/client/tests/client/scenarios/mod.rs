//! The scenarios in `sdk/scenarios` that every client is held to, played with the methods of the
//! SDK. Their README says what the fields of a step mean; `frames.json` is the matter of
//! `hanami-api`.

mod calls;
mod lines;
mod matchers;
mod rows;
mod stage;

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use stage::Stage;

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
    Repeat { repeat: usize, steps: Vec<Step> },
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
    error: Option<WantedError>,
    #[serde(rename = "about")]
    _about: Option<String>,
}

/// How a call is to fail.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum WantedError {
    Websocket { websocket: String },
    Refused { status: u16, code: Option<String>, detail: Option<String> },
}

fn admin() -> String {
    "admin".to_owned()
}

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sdk/scenarios")
}

/// The calls in their order, the repeated ones as often as they are to be made.
fn unrolled(steps: &[Step]) -> Vec<&Call> {
    let mut calls = Vec::new();
    for step in steps {
        match step {
            Step::Call(call) => calls.push(call),
            Step::Repeat { repeat, steps } => calls.extend(unrolled(steps).repeat(*repeat)),
        }
    }
    calls
}

/// Plays a file against a server of its own. `inexpressible` are the arguments in it that the SDK's
/// types have no values for: their steps, which have to be refused, can't be played.
async fn play(file: &str, inexpressible: &[&str]) {
    let text = fs::read(directory().join(file)).unwrap();
    let scenario: Scenario = serde_json::from_slice(&text).unwrap();
    let mut stage = Stage::set(&scenario.server).await;
    for call in unrolled(&scenario.steps) {
        stage.play(call).await;
    }
    assert_eq!(stage.clear().await, inexpressible);
}

#[tokio::test]
async fn workflow() {
    play("workflow.json", &[]).await;
}

#[tokio::test]
async fn errors() {
    play("errors.json", &[r#"task.create type "dream""#, r#"cluster.get uuid "not-a-uuid""#]).await;
}

#[tokio::test]
async fn windows() {
    play("windows.json", &[]).await;
}

#[tokio::test]
async fn renewal() {
    play("renewal.json", &[]).await;
}

#[test]
fn every_file_is_played() {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path.file_name().unwrap().to_owned());
        }
    }
    files.sort();
    let known = ["errors.json", "frames.json", "renewal.json", "windows.json", "workflow.json"];
    assert_eq!(files, known);
}
