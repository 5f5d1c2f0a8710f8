//! The whole way: data, a cluster, training, checkpoints, requests, scores, deletion.

use std::io::{BufRead, BufReader};

use serde_json::json;

use crate::common::Site;

#[test]
fn a_cluster_learns_is_saved_restored_asked_and_scored() {
    let site = Site::start();
    let admin = || site.admin();
    let dataset = site.halves("to learn", 400);
    let cluster = site.cluster("tell halves");

    let shown = admin().json(&["dataset", "get", "to learn"]);
    assert_eq!((&shown["uuid"], &shown["lines"]), (&json!(dataset), &json!(400)));
    let arguments = ["task", "create", "-c", "tell halves", "-d", "to learn", "-t", "train"];
    let options = ["--epochs", "3", "--shuffle", "--seed", "7", "--validation-share", "0.25"];
    let task = admin().made(&[&arguments[..], &options, &["three rounds"]].concat());
    let watched = admin().ok(&["task", "watch", &task]);
    assert!(watched.contains("finished") && watched.contains("running_accuracy"), "{watched}");
    assert!(watched.contains("validation:"), "{watched}");
    let progress = admin().json(&["task", "get", "-c", "tell halves", &task]);
    assert_eq!(progress["samples"], 900);
    assert_eq!(progress["validation"].as_array().unwrap().len(), 3);
    let tasks = admin().json(&["task", "list", "-c", &cluster]);
    assert_eq!((&tasks["header"][0], &tasks["body"][0][0]), (&json!("uuid"), &json!(task)));

    let checkpoint = admin().made(&["cluster", "save", "-n", "three rounds", &cluster]);
    admin().ok(&["task", "watch", "-c", &cluster, &checkpoint]);
    let steps = admin().json(&["checkpoint", "get", "three rounds"])["steps"].clone();
    assert_eq!(steps, 900);
    let other = admin().made(&["cluster", "create", "other"]);
    let restore = admin().made(&["cluster", "restore", "-c", "three rounds", "other"]);
    admin().ok(&["task", "watch", &restore]);
    let details = admin().json(&["cluster", "get", &other]);
    assert_eq!(details["network"]["steps"], steps);
    let shown = admin().ok(&["cluster", "get", "other"]);
    assert!(shown.contains("pixels") && shown.contains("number_of_neurons: 16"), "{shown}");
    let third = admin().made(&["cluster", "create", "--checkpoint", "three rounds", "third"]);
    assert_eq!(admin().json(&["cluster", "get", &third])["network"]["steps"], steps);

    let test = site.halves("to test", 100);
    let request = ["task", "create", "-c", "other", "-d", "to test", "-t", "request"];
    let lines =
        admin().ok(&[&["--json"], &request[..], &["--full-outputs", "--watch", "asked"]].concat());
    let last = lines.lines().last().unwrap();
    let last: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(last["state"], "finished");
    let result = admin().json(&["request-result", "get", "asked"]);
    assert_eq!(result["data"].as_array().unwrap().len(), 100);
    let score = admin().json(&["request-result", "check", "asked", &test]);
    assert!(score["accuracy"].as_f64().unwrap() > 95.0, "{score}");
    assert_eq!(admin().json(&["dataset", "check", "to test", "asked"]), score);
    let shown = admin().ok(&["dataset", "check", "to test", "asked"]);
    assert!(shown.contains("accuracy") && shown.contains("precision"), "{shown}");
    let csv = admin().ok(&["request-result", "download", "asked", "-o", "-"]);
    assert_eq!(csv.lines().count(), 101);

    for (resource, name) in [
        ("request-result", "asked"),
        ("checkpoint", "three rounds"),
        ("dataset", "to learn"),
        ("cluster", "tell halves"),
    ] {
        admin().ok(&[resource, "delete", name]);
        admin().fails(3, &[resource, "get", name]);
    }
}

#[test]
fn a_task_that_is_aborted_fails_whoever_watches() {
    let site = Site::start();
    site.halves("to learn", 10_000);
    let cluster = site.cluster("tell halves");
    let create = ["task", "create", "-c", &cluster, "-d", "to learn", "-t", "train"];
    let task = site.admin().made(&[&create[..], &["--epochs", "1000", "long"]].concat());
    let aborted = site.admin().run(&["task", "abort", &task]);
    assert_eq!((aborted.code, aborted.stdout.as_str()), (0, ""), "{aborted:?}");
    let watched = site.admin().run(&["task", "watch", "-c", &cluster, &task]);
    // It is gone if it had not begun when it was aborted.
    assert!([1, 3].contains(&watched.code), "{watched:?}");
}

#[test]
fn a_task_is_followed_through_a_restart_of_the_server() {
    let mut site = Site::start();
    site.halves("to learn", 10_000);
    let cluster = site.cluster("tell halves");
    let create = ["task", "create", "-c", &cluster, "-d", "to learn", "-t", "train"];
    let task = site.admin().made(&[&create[..], &["--epochs", "1000", "long"]].concat());
    let runs = |site: &Site| {
        let shown = || site.admin().json(&["task", "get", "-c", &cluster, &task]);
        while shown()["state"] != "active" {}
    };
    runs(&site);
    let mut watching = site.admin().spawn(&["--json", "task", "watch", "-c", &cluster, &task]);
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    site.restart();
    runs(&site);
    site.admin().ok(&["task", "abort", "-c", &cluster, &task]);
    let last = lines.last().unwrap().unwrap();
    let last: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!(last["state"], "aborted");
    assert_eq!(watching.wait().unwrap().code(), Some(1));
}

#[test]
fn clusters_change_their_mode_host_name_and_visibility() {
    let site = Site::start();
    let cluster = site.cluster("first");
    let admin = || site.admin();
    assert_eq!(admin().json(&["cluster", "mode", "first", "direct"])["new_state"], "DIRECT");
    assert_eq!(admin().json(&["cluster", "mode", "first", "task"])["new_state"], "TASK");
    let host = admin().made(&["host", "list"]);
    assert_eq!(admin().json(&["cluster", "host", "first", &host])["uuid"], json!(cluster));
    assert_eq!(admin().json(&["cluster", "rename", "first", "second"])["name"], "second");
    let shared = admin().json(&["cluster", "share", "second", "--visibility", "public"]);
    assert_eq!(shared["visibility"], "public");
}

#[test]
fn a_checkpoint_travels_as_a_file() {
    let site = Site::start();
    let cluster = site.cluster("tell halves");
    site.admin().ok(&[
        "learn",
        "tell halves",
        "-f",
        &site.file("rows", "1,2,3,4,1,0,0,0,0,0,0,0,0,0"),
    ]);
    let saved = site.admin().made(&["cluster", "save", "-n", "saved", &cluster]);
    site.admin().ok(&["task", "watch", "-c", &cluster, &saved]);
    let file = site.path("saved.hanami");
    let file = file.to_str().unwrap();
    site.admin().ok(&["checkpoint", "download", "saved", "-o", file]);
    let back = site.admin().made(&["checkpoint", "upload", "-i", file, "back"]);
    assert_eq!(site.admin().json(&["checkpoint", "get", &back])["steps"], 1);
    let broken = site.file("broken", "no checkpoint");
    let told = site.admin().fails(1, &["checkpoint", "upload", "-i", &broken, "broken"]);
    assert!(told.contains("error: ") && told.contains("request: "), "{told}");
}
