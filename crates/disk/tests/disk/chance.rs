//! On a simulated disk, ids and the time follow from the seed.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use hanami_disk::simulated::SimulatedDisk;

/// What the clock shows, so many times in turn.
fn times(seed: u64, looks: usize) -> Vec<SystemTime> {
    let disk = SimulatedDisk::new(seed).disk();
    (0..looks).map(|_| disk.now()).collect()
}

#[test]
fn same_seed_same_ids() {
    let ids = |seed| {
        let disk = SimulatedDisk::new(seed).disk();
        (0..100).map(|_| disk.new_id()).collect::<Vec<_>>()
    };
    assert_eq!(ids(1), ids(1));
    let different: BTreeSet<_> = ids(1).into_iter().chain(ids(2)).collect();
    assert_eq!(different.len(), 200);
}

#[test]
fn same_seed_same_time_which_mostly_goes_on_and_jumps_at_times() {
    assert_eq!(times(1, 1000), times(1, 1000));
    let (mut on, mut forwards, mut back) = (0, 0, 0);
    for pair in times(1, 1000).windows(2) {
        match pair[1].duration_since(pair[0]) {
            Ok(passed) if passed == Duration::from_millis(1) => on += 1,
            Ok(_) => forwards += 1,
            Err(_) => back += 1,
        }
    }
    assert!(on > 900 && forwards > 0 && back > 0, "{on} on, {forwards} forwards, {back} back");
}

#[test]
fn files_are_changed_by_the_same_clock_which_a_power_loss_does_not_set() {
    let before = SimulatedDisk::new(1);
    before.disk().create_dir(Path::new("/data")).unwrap();
    let path = Path::new("/data/file");
    let start = before.disk().now();
    before.disk().put(path, &[b"bytes"]).unwrap();
    let far = Duration::from_hours(4);
    let after = before.after_power_loss().disk();
    for time in [after.details(path).unwrap().modified, after.now()] {
        assert!(time > start - far && time < start + far, "{time:?} is far from {start:?}");
    }
}
