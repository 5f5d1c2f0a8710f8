//! Some rounds of the trial `kill`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_trials::{kill, process};

async fn rounds(seed: u64) {
    let program = process::program(None).unwrap();
    let options = kill::Options { rounds: 25, seed, operations: 200, users: 5, renew: 25 };
    println!("seed {seed}");
    let report = kill::run(&program, &options).await.unwrap();
    assert_eq!(report.rounds, 25);
    assert!(report.acknowledged() >= 25 * 200, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_survives_kills_that_come_as_before() {
    rounds(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_survives_kills_that_never_came_so_before() {
    rounds(rand::random()).await;
}
