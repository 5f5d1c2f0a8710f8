//! Some seconds of the trial `soak`.

use hanami_trials::{process, soak};

#[tokio::test(flavor = "multi_thread")]
async fn tenants_meet_no_errors_and_leave_nothing_behind() {
    let program = process::program(None).unwrap();
    let options = soak::Options { minutes: 0.1, tenants: 4, rate: 20.0, every: 0.5, seed: 1 };
    let report = soak::run(&program, &options).await.unwrap();
    assert!(report.calls() >= 4, "{report}");
}
