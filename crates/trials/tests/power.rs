//! Nothing that was acknowledged is lost when the power fails.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_trials::power::{self, Options};

#[test]
fn nothing_is_lost_or_half_done_wherever_the_power_fails() {
    let options = Options { losses: 600, seed: 1, jobs: 2, each: 0 };
    let report = power::run(&options).unwrap();
    assert!(report.contains("| acknowledged and lost | 0 |"), "{report}");
}
