//! Nothing that was acknowledged is lost when the power fails.

use hanami_trials::disk::power::{self, Options};

#[test]
fn nothing_is_lost_or_half_done_wherever_the_power_fails() {
    let options = Options { losses: 600, seed: 1, jobs: 2, each: 0, lying: false };
    let report = power::run(&options).unwrap();
    assert!(report.contains("| acknowledged and lost | 0 |"), "{report}");
}

#[test]
fn a_disk_that_only_says_that_it_syncs_is_noticed() {
    let options = Options { losses: 600, seed: 1, jobs: 2, each: 0, lying: true };
    let error = power::run(&options).unwrap_err();
    assert!(format!("{error:#}").contains("damaged data"), "{error:#}");
}
