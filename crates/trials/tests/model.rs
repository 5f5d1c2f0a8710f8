//! Some thousand requests of the trial `model`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_trials::{
    model::{self, Report},
    process,
};

async fn requests(seed: u64) -> Report {
    let program = process::program(None).unwrap();
    let options =
        model::Options { operations: 3200, seed, restarts: 2, jobs: 2, worlds: 2, data: None };
    println!("seed {seed}");
    let report = model::run(&program, &options).await.unwrap();
    assert!(report.operations() >= 3200, "{report}");
    report
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_answers_as_the_model_does_to_what_was_asked_before() {
    let report = requests(1).await;
    assert_eq!(report.never_done().unwrap(), [""; 0], "what the trial never does");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_answers_as_the_model_does_to_what_was_never_asked() {
    requests(rand::random()).await;
}
