//! Calls fail as they are told to.

use std::io::ErrorKind;
use std::path::Path;

use hanami_disk::How;
use hanami_disk::simulated::{Fault, SimulatedDisk};

fn disk() -> SimulatedDisk {
    let disk = SimulatedDisk::new(1);
    disk.disk().create_dir(Path::new("/data")).unwrap();
    disk
}

#[test]
fn one_call_fails_and_the_next_does_not() {
    let disk = disk();
    let file = disk.disk().open(Path::new("/data/file"), How::Write).unwrap();
    disk.fail_at(disk.calls(), Fault::Device);
    assert!(file.write_all_at(b"x", 0).is_err());
    file.write_all_at(b"x", 0).unwrap();
    disk.fail_at(disk.calls(), Fault::Device);
    assert!(file.length().is_err());
    disk.fail_at(disk.calls(), Fault::Full);
    assert_eq!(file.write_all_at(b"x", 0).unwrap_err().kind(), ErrorKind::StorageFull);
    disk.fail_at(disk.calls(), Fault::Full);
    assert_eq!(file.length().unwrap(), 1, "reading takes no space");
}

#[test]
fn short_reads_and_writes_are_gone_on_with() {
    let disk = disk();
    let path = Path::new("/data/file");
    let file = disk.disk().open(path, How::Write).unwrap();
    disk.fail_at(disk.calls(), Fault::Short);
    let before = disk.calls();
    file.write_all_at(b"0123456789", 0).unwrap();
    assert_eq!(disk.calls() - before, 2);
    disk.fail_at(disk.calls(), Fault::Short);
    let mut bytes = [0; 10];
    file.read_exact_at(&mut bytes, 0).unwrap();
    assert_eq!(&bytes, b"0123456789");
}

#[test]
fn a_sync_that_failed_has_lost_what_it_was_to_write() {
    let disk = disk();
    let path = Path::new("/data/file");
    let file = disk.disk().open(path, How::Write).unwrap();
    disk.disk().sync_name(path).unwrap();
    file.write_all_at(b"lost", 0).unwrap();
    disk.fail_at(disk.calls(), Fault::Device);
    assert!(file.sync().is_err());
    assert_eq!(disk.disk().read(path).unwrap(), b"lost", "it is seen until the power is lost");
    file.sync().unwrap();
    assert_eq!(disk.after_power_loss().disk().read(path).unwrap(), b"");
}

#[test]
fn a_full_disk_takes_no_more_bytes_until_some_are_removed() {
    let disk = disk();
    disk.set_capacity(Some(10));
    let (one, two) = (Path::new("/data/one"), Path::new("/data/two"));
    disk.disk().put(one, &[b"12345678"]).unwrap();
    let refused = disk.disk().put(two, &[b"123"]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::StorageFull);
    assert!(!disk.disk().exists(two).unwrap());
    let file = disk.disk().open(one, How::Write).unwrap();
    file.write_all_at(b"overwritten"[..8].into(), 0).unwrap();
    disk.disk().remove(one).unwrap();
    assert_eq!(disk.used(), 0);
    disk.disk().put(two, &[b"123"]).unwrap();
}

#[test]
fn the_free_space_is_what_can_still_be_written() {
    let disk = disk();
    let folder = Path::new("/data");
    assert_eq!(disk.disk().free_bytes(folder).unwrap(), u64::MAX);
    disk.set_capacity(Some(10));
    let file = disk.disk().open(Path::new("/data/file"), How::Write).unwrap();
    file.write_all_at(b"1234567", 0).unwrap();
    assert_eq!(disk.disk().free_bytes(folder).unwrap(), 3);
    assert!(file.write_all_at(b"1234", 7).is_err());
    file.write_all_at(b"123", 7).unwrap();
}

#[test]
fn a_full_disk_that_copies_on_write_takes_nothing_at_all() {
    let disk = disk();
    let file = disk.disk().open(Path::new("/data/file"), How::Write).unwrap();
    file.write_all_at(b"1234567", 0).unwrap();
    disk.set_capacity(Some(7));
    file.write_all_at(b"x", 0).unwrap();
    disk.set_copy_on_write(true);
    let refused = file.write_all_at(b"y", 0).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::StorageFull);
    assert_eq!(disk.disk().read(Path::new("/data/file")).unwrap(), b"x234567");
}
