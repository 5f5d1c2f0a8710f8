//! After a power loss there is what was synced, and of the rest any part.

use std::collections::BTreeSet;
use std::path::Path;

use hanami_disk::How;
use hanami_disk::simulated::SimulatedDisk;

/// A disk with a folder `/data`.
fn disk(seed: u64) -> SimulatedDisk {
    let disk = SimulatedDisk::new(seed);
    disk.disk().create_dir(Path::new("/data")).unwrap();
    disk
}

#[test]
fn what_was_synced_is_there_and_the_rest_may_be() {
    let path = Path::new("/data/file");
    let mut found = BTreeSet::new();
    for seed in 0..200 {
        let before = disk(seed);
        let file = before.disk().open(path, How::Write).unwrap();
        file.write_all_at(b"aaaa", 0).unwrap();
        file.sync().unwrap();
        before.disk().sync_name(path).unwrap();
        file.write_all_at(b"bbbb", 4).unwrap();
        file.write_all_at(b"cccc", 8).unwrap();
        let bytes = before.after_power_loss().disk().read(path).unwrap();
        assert!(bytes.starts_with(b"aaaa"), "seed {seed}: {bytes:?}");
        found.insert(String::from_utf8(bytes).unwrap());
    }
    for possible in ["aaaa", "aaaabbbb", "aaaabbbbcccc", "aaaa\0\0\0\0cccc", "aaaa\0\0\0\0\0\0\0\0"]
    {
        assert!(found.remove(possible), "never {possible:?}");
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_write_is_torn_at_the_edges_of_sectors() {
    let path = Path::new("/data/file");
    let mut torn = BTreeSet::new();
    for seed in 0..500 {
        let before = disk(seed);
        let file = before.disk().open(path, How::Write).unwrap();
        before.disk().sync_name(path).unwrap();
        file.write_all_at(&[1; 8192], 0).unwrap();
        let bytes = before.after_power_loss().disk().read(path).unwrap();
        for part in bytes.chunks(512) {
            assert!(part.iter().all(|byte| *byte == part[0]), "seed {seed}");
        }
        torn.insert(bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>());
    }
    assert!(torn.contains(&4096), "never a sector of 4096 bytes");
    assert!(torn.iter().any(|bytes| bytes % 4096 != 0), "never a sector of 512 bytes");
}

#[test]
fn a_name_that_was_not_synced_may_be_gone_and_a_removal_undone() {
    let (old, new) = (Path::new("/data/old"), Path::new("/data/new"));
    let mut found = BTreeSet::new();
    for seed in 0..100 {
        let before = disk(seed);
        before.disk().put(old, &[b"old"]).unwrap();
        before.disk().open(new, How::New).unwrap().sync().unwrap();
        before.disk().remove(old).unwrap();
        let after = before.after_power_loss().disk();
        found.insert((after.exists(old).unwrap(), after.exists(new).unwrap()));
    }
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn a_file_that_is_put_is_the_old_or_the_new_one_wherever_the_power_fails() {
    let path = Path::new("/data/file");
    let mut found = BTreeSet::new();
    for seed in 0..300 {
        let before = disk(seed);
        before.disk().put(path, &[b"old"]).unwrap();
        before.fail_power_at(before.operations() + seed % 6);
        let done = before.disk().put(path, &[b"the new one"]).is_ok();
        let bytes = before.after_power_loss().disk().read(path).unwrap();
        assert!(bytes == b"old" && !done || bytes == b"the new one", "{bytes:?}");
        found.insert((done, bytes));
    }
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn without_power_nothing_works_and_a_kill_loses_nothing() {
    let path = Path::new("/data/file");
    let before = disk(1);
    let file = before.disk().open(path, How::Write).unwrap();
    file.write_all_at(b"seen", 0).unwrap();
    let after = before.after_kill();
    assert!(file.write_all_at(b"too late", 0).is_err());
    assert!(file.length().is_err() && before.disk().read(path).is_err());
    assert_eq!(after.disk().read(path).unwrap(), b"seen");

    after.fail_power_at(0);
    let file = after.disk().open(path, How::Write).unwrap();
    assert!(file.sync().is_err());
    assert_eq!(after.failed_at().unwrap(), "sync data");
    assert!(after.disk().commit_begins("anything").is_err());
}

#[test]
fn the_power_can_be_made_to_fail_at_a_crash_point() {
    let path = Path::new("/data/file");
    let before = disk(1);
    before.disk().put(path, &[b"once"]).unwrap();
    before.fail_power_on("sync data .tmp", 1);
    before.disk().put(path, &[b"twice"]).unwrap();
    before.disk().put(path, &[b"three times"]).unwrap_err();
    assert_eq!(before.failed_at().unwrap(), "sync data .tmp");
    assert_eq!(before.points()["sync data .tmp"], 3);
    assert_eq!(before.after_power_loss().disk().read(path).unwrap(), b"twice");
}

#[test]
fn commits_are_crash_points() {
    let disk = disk(1);
    disk.disk().commit_begins("plant a tree").unwrap();
    disk.disk().commit_ended("plant a tree").unwrap();
    disk.disk().put(Path::new("/data/7d2-ab.tmp"), &[b"x"]).unwrap();
    let points: Vec<_> = disk.points().into_keys().collect();
    let expected = [
        "commit: plant a tree",
        "committed: plant a tree",
        "create data .tmp",
        "rename to data .tmp",
        "sync data .tmp",
        "sync names of data",
        "write data .tmp",
    ];
    assert_eq!(points, expected);
}
