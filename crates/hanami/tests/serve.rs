//! `hanami serve` as a process: what it prints, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

fn start(directory: &TempDir, variables: &[(&str, &str)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_hanami"))
        .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--data-dir"])
        .arg(directory.path())
        .env_clear()
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The first `count` lines that the server prints.
fn first_lines(server: &mut Child, count: usize) -> Vec<String> {
    let lines = BufReader::new(server.stdout.as_mut().unwrap()).lines();
    lines.take(count).map(Result::unwrap).collect()
}

/// Asks the server to stop; answers what it logged.
fn stop(mut server: Child) -> String {
    let pid = server.id().to_string();
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(server.wait().unwrap().success(), "{log}");
    log
}

#[tokio::test]
async fn the_passphrase_is_printed_once_and_never_logged() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = start(&directory, &[]);
    let lines = first_lines(&mut server, 4);
    let address = lines[0].strip_prefix("Hanami listens on ").unwrap().to_owned();
    assert!(lines[1].contains("`admin`"), "{lines:?}");
    let passphrase = lines[2].trim().to_owned();

    let url = format!("{address}/control/v1/token");
    let body = format!(r#"{{"id": "admin", "password": "{passphrase}"}}"#);
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let answer = reqwest::Client::new().post(url).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer: serde_json::Value = answer.json().await.unwrap();
    let log = stop(server);
    assert!(!log.contains(&passphrase) && !log.contains(answer["token"].as_str().unwrap()));
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }

    let mut server = start(&directory, &[("HANAMI_LOG_FILTER", "error")]);
    assert!(first_lines(&mut server, 1)[0].starts_with("Hanami listens on "));
    let mut stdout = server.stdout.take().unwrap();
    assert_eq!(stop(server), "");
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn listening_to_others_without_tls_is_warned_of() {
    let directory = tempfile::tempdir().unwrap();
    for (address, warned) in [("127.0.0.1:0", false), ("0.0.0.0:0", true)] {
        let mut server = Command::new(env!("CARGO_BIN_EXE_hanami"))
            .args(["serve", "--listen", address, "--data-dir"])
            .arg(directory.path())
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        assert!(first_lines(&mut server, 1)[0].starts_with("Hanami listens on http://"));
        let log = stop(server);
        assert_eq!(log.contains("without TLS"), warned, "{log}");
    }
}

#[test]
fn half_a_first_admin_is_a_start_error() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(&directory, &[("HANAMI_ADMIN_USER_ID", "chief")]);
    let output = server.wait_with_output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("HANAMI_ADMIN_USER_NAME is not set"), "{error}");
}

#[test]
fn a_log_filter_that_cannot_be_read_is_a_start_error() {
    let directory = tempfile::tempdir().unwrap();
    let server = start(&directory, &[("HANAMI_LOG_FILTER", "loud=very")]);
    let output = server.wait_with_output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("log_filter"), "{error}");
}

#[test]
fn what_a_crash_left_behind_is_removed_and_logged_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = start(&directory, &[]);
    first_lines(&mut server, 1);
    assert!(!stop(server).contains("left behind"));
    let orphan = directory.path().join("blobs/results/orphan");
    std::fs::write(&orphan, b"half").unwrap();
    let mut server = start(&directory, &[]);
    first_lines(&mut server, 1);
    let log = stop(server);
    assert!(!orphan.exists());
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |field: &str, value: serde_json::Value| {
        lines.iter().any(|line| line["fields"][field] == value)
    };
    assert!(told("file", "orphan".into()) && told("folder", "blobs/results".into()), "{log}");
    assert!(told("files", 1.into()) && told("results", 1.into()), "{log}");
}
