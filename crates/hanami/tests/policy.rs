//! `hanami policy` shows a policy to begin with, and checks one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};

fn hanami(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hanami"));
    command.args(arguments).env_clear().output().unwrap()
}

#[test]
fn what_is_shown_is_a_policy_and_mistakes_are_told() {
    let shown = hanami(&["policy", "show"]);
    assert!(shown.status.success());
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &shown.stdout).unwrap();
    let path = file.path().to_str().unwrap();
    let checked = hanami(&["policy", "check", path]);
    assert!(checked.status.success());
    let text = String::from_utf8(checked.stdout).unwrap();
    assert!(text.contains(path) && text.contains("admin, member"), "{text}");

    std::fs::write(file.path(), "[roles.admin]\n\"clutser\" = \"*\"\n").unwrap();
    let directory = tempfile::tempdir().unwrap();
    let serve = ["serve", "--policy-file", path, "--listen", "127.0.0.1:0", "--data-dir"];
    let serve = [&serve[..], &[directory.path().to_str().unwrap()]].concat();
    for arguments in [&["policy", "check", path][..], &serve] {
        let refused = hanami(arguments);
        assert!(!refused.status.success());
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(error.contains("did you mean `cluster`?"), "{error}");
        assert!(error.contains(":2:1") && error.contains("^^^^^^^^^"), "{error}");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "nothing was begun");
}
