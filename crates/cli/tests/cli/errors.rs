//! Each class of failure: exit code, message, hint.

use std::num::NonZeroU32;

use hanami_server::Settings;
use serde_json::Value;

use crate::common::{PASSWORD, Site};

#[test]
fn arguments_that_make_no_sense_are_usage() {
    let site = Site::start();
    let told = site.nobody().fails(2, &["cluster", "water"]);
    assert!(told.contains("Usage:"), "{told}");
    site.admin().fails(2, &["task", "create", "-c", "c", "-d", "d", "-t", "dream", "name"]);
    site.admin().fails(2, &["user", "change", "anna"]);
    let told = site.admin().fails(2, &["cluster", "create", "7 digits"]);
    assert!(told.contains("the name must begin with a letter"), "{told}");
    let told = site.admin().env("HANAMI_ADDRESS", "no address").fails(2, &["cluster", "list"]);
    assert!(told.contains("can't use the address"), "{told}");
}

#[test]
fn what_is_not_there_is_told_with_the_request() {
    let site = Site::start();
    let nowhere = "00000000-0000-4000-8000-000000000000";
    for resource in ["cluster", "dataset", "checkpoint", "request-result"] {
        for command in ["get", "delete"] {
            let told = site.admin().fails(3, &[resource, command, nowhere]);
            assert!(told.contains("  hint: ") && told.contains("  request: "), "{told}");
        }
    }
    site.admin().fails(3, &["user", "get", "nobody"]);
    site.admin().fails(3, &["project", "get", "nowhere"]);
    let told = site.admin().fails(3, &["task", "get", nowhere]);
    assert!(told.contains("no cluster that you may see has the task"), "{told}");
}

#[test]
fn without_a_log_in_or_the_right_nothing_is_done() {
    let site = Site::start();
    let told = site.nobody().fails(4, &["cluster", "list"]);
    assert!(told.contains("hanamictl login"), "{told}");
    let told = site.user("admin", "wrong password").fails(4, &["cluster", "list"]);
    assert!(told.contains("HANAMI_PW"), "{told}");
    site.admin().env("HANAMI_NEW_PW", "planted in spring").ok(&["user", "create", "anna", "Anna"]);
    site.admin().ok(&["project", "create", "garden", "The garden"]);
    site.admin().ok(&["user", "project", "add", "anna", "garden"]);
    let told = site.user("anna", "planted in spring").fails(4, &["user", "list"]);
    assert!(told.contains("whoami"), "{told}");
}

#[test]
fn conflicts_are_told_apart() {
    let site = Site::start();
    site.cluster("only one");
    let told = site.admin().fails(5, &["cluster", "create", "only one"]);
    assert!(told.contains("only one"), "{told}");
    let told = site.admin().fails(5, &["project", "delete", "admin"]);
    assert!(told.contains("error: "), "{told}");
    site.admin().made(&["cluster", "create", "empty"]);
    let told = site.admin().fails(5, &["predict", "empty", "1"]);
    assert!(told.contains("is empty") && told.contains("restore"), "{told}");
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let mut site = Site::start();
    site.stop();
    let told = site.admin().fails(6, &["cluster", "list"]);
    assert!(told.contains(&site.url) && told.contains("HANAMI_ADDRESS"), "{told}");
}

#[test]
fn a_mistake_in_a_template_is_shown_as_the_server_drew_it() {
    let site = Site::start();
    let template = site.file(
        "broken",
        "version: 1\nbricks:\n    1,1,1\n        input: x y z w\n        number_of_neurons: x\n",
    );
    let told = site.admin().fails(1, &["cluster", "create", "-t", &template, "broken"]);
    assert!(told.contains("number_of_neurons: x\n") && told.contains('^'), "{told}");
    assert!(told.contains(" --> template:5:28\n"), "{told}");
    assert!(told.starts_with("error: ") && !told.contains("error: error: "), "{told}");
}

#[test]
fn errors_are_json_for_scripts() {
    let site = Site::start();
    let told = site.admin().fails(3, &["--json", "user", "get", "nobody"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["exit_code"], &told["status"]), (&3.into(), &404.into()));
    assert_eq!(told["code"], "not-found");
    assert!(told["request_id"].is_string() && told["error"].is_string());
}

#[test]
fn an_expired_token_says_how_to_get_another() {
    let token_lifetime_seconds = NonZeroU32::MIN;
    let site = Site::start_with(Settings { token_lifetime_seconds, ..Settings::default() });
    let login = || site.nobody().env("HANAMI_USER", "admin");
    login().env("HANAMI_PW", PASSWORD).ok(&["login"]);
    let told = loop {
        let outcome = login().run(&["cluster", "list"]);
        if outcome.code != 0 {
            assert_eq!(outcome.code, 4, "{outcome:?}");
            break outcome.stderr;
        }
    };
    assert!(told.contains("hanamictl login"), "{told}");
}

#[test]
fn no_bar_and_no_message_stands_between_data() {
    let site = Site::start();
    let table = site.file("waves.csv", "wave\n1\n2\n3\n");
    let outcome = site.admin().run(&["dataset", "create", "csv", "-i", &table, "waves"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{outcome:?}");
    assert!(outcome.stdout.contains("uuid"));
    let deleted = site.admin().run(&["--quiet", "dataset", "delete", "waves"]);
    let told = (deleted.code, deleted.stdout.as_str(), deleted.stderr.as_str());
    assert_eq!(told, (0, "", ""));
}

#[test]
fn a_template_is_checked_before_a_cluster_is_made_of_it() {
    let site = Site::start();
    let text = "version: 1\nbricks:\n  1,1,1\n    input: a\n    number_of_neurons: 2\n  2,1,1\n    \
                output: b\n    number_of_neurons: 1\n";
    let valid = site.file("valid.template", text);
    let shown = site.admin().ok(&["template", "check", &valid]);
    assert!(shown.contains("2,1,1") && shown.contains("output"), "{shown}");
    assert_eq!(site.admin().json(&["template", "check", &valid])["valid"], true);
    let wrong = site.file("wrong.template", text.replace("2,1,1", "9,1,1"));
    let told = site.admin().fails(1, &["template", "check", &wrong]);
    assert!(
        told.starts_with("error: ")
            && told.contains("touches no other brick")
            && told.contains('^'),
        "{told}"
    );
    site.admin().fails(1, &["template", "check", "not there"]);
    assert_eq!(site.admin().json(&["cluster", "list"])["body"], serde_json::json!([]));
}
