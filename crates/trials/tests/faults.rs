//! A call to the disk that fails loses nothing.

use hanami_trials::disk::faults::{self, Options};

#[test]
fn nothing_is_lost_or_half_done_whichever_call_fails() {
    let options = Options { deeds: 40, stride: 7, seed: 1, jobs: 4 };
    let report = faults::run(&options).unwrap();
    assert!(report.contains("| errors of the device |"), "{report}");
}
