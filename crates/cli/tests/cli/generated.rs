//! Completions, manual pages, help.

use std::{fs, process::Command};

use crate::common::Site;

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_hanamictl")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = help(&["completions", shell]);
        assert!(script.contains("request-result") && script.contains("hanamictl"), "{shell}");
    }
}

#[test]
fn every_command_gets_a_manual_page() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("man1");
    help(&["man", pages.to_str().unwrap()]);
    for page in ["hanamictl", "hanamictl-cluster-create", "hanamictl-predict"] {
        let text = fs::read_to_string(pages.join(format!("{page}.1"))).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
}

#[test]
fn a_password_of_the_environment_is_in_no_help_and_no_error() {
    let site = Site::start();
    let secret = "not to be shown";
    let outcome = site.user("admin", secret).run(&["cluster", "list", "--help"]);
    assert!(!outcome.stdout.contains(secret), "{outcome:?}");
    let outcome = site.user("admin", secret).run(&["cluster", "list"]);
    assert!(!outcome.stderr.contains(secret), "{outcome:?}");
}
