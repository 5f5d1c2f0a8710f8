//! Tens of thousands of changed cases for each target, the same ones each time.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_hostile::{PLANTED, search, target};

/// Changed cases for a target: some seconds.
const CASES: usize = 30_000;
/// For targets of which each case takes long.
const SLOW_CASES: usize = 10_000;

#[track_caller]
fn stands(name: &str) {
    let cases = if ["checkpoint", "csv"].contains(&name) { SLOW_CASES } else { CASES };
    if let Some(finding) = search(target(name), cases) {
        panic!("{name} does not stand case {}: {}", finding.cases, finding.bytes.escape_ascii());
    }
}

#[test]
fn blobs() {
    stands("blob");
}

#[test]
fn files_of_checkpoints() {
    stands("checkpoint");
}

#[test]
fn tables() {
    stands("csv");
}

#[test]
fn messages_on_websockets() {
    stands("frames");
}

#[test]
fn images_and_labels() {
    stands("idx");
}

#[test]
fn journals() {
    stands("journal");
}

#[test]
fn policies() {
    stands("policy");
}

#[test]
fn snapshots() {
    stands("snapshot");
}

#[test]
fn templates() {
    stands("template");
}

#[test]
fn tokens() {
    stands("token");
}

#[test]
fn the_planted_bug_is_found() {
    let finding = search(PLANTED, CASES).unwrap();
    assert!(finding.cases > 10, "it is no bug that shows at once");
    assert_eq!(finding.bytes[4], 2, "it is that bug: {}", finding.bytes.escape_ascii());
}
