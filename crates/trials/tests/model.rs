//! Some thousand requests of the trial `model`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_trials::{model, process};

async fn requests(seed: u64) {
    let program = process::program(None).unwrap();
    let options = model::Options { operations: 2000, seed, restarts: 4, worlds: 2 };
    println!("seed {seed}");
    let report = model::run(&program, &options).await.unwrap();
    assert!(report.asked() >= 2000, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_answers_as_the_model_does_to_what_was_asked_before() {
    requests(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_answers_as_the_model_does_to_what_was_never_asked() {
    requests(rand::random()).await;
}
