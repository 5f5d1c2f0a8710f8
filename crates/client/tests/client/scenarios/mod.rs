//! The scenarios in `sdk/scenarios` that every client is held to, played with the methods of the
//! SDK. Their README says what the fields of a step mean; `frames.json` is the matter of
//! `hanami-api`.

mod calls;
mod lines;
mod matchers;
mod rows;
mod script;
mod stage;

use std::fs;

use script::{Scenario, directory};
use stage::Stage;

/// Plays a file against a server of its own. `inexpressible` are the arguments in it that the SDK's
/// types have no values for: their steps, which have to be refused, can't be played.
async fn play(file: &str, inexpressible: &[&str]) {
    let scenario = Scenario::read(file);
    let mut stage = Stage::set(scenario.settings()).await;
    for call in scenario.calls() {
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
