//! Files for targets that read such: on a disk in memory, a new one for each case.

use std::path::Path;

use hanami_disk::simulated::SimulatedDisk;
use hanami_disk::{Disk, How};

/// The path of the one file on such a disk.
pub const PATH: &str = "/files/file";

/// A disk without a file.
///
/// # Panics
/// Never: nothing is on it that could be in the way.
#[must_use]
pub fn disk() -> Disk {
    let disk = SimulatedDisk::new(0).disk();
    let folder = Path::new(PATH).parent().expect("the file lies in a folder");
    disk.create_dir(folder).expect("there is no such folder yet");
    disk
}

/// A disk with a file of these bytes.
///
/// # Panics
/// Never: it has room.
#[must_use]
pub fn with(bytes: &[u8]) -> Disk {
    let disk = disk();
    let file = disk.open(Path::new(PATH), How::New).expect("there is no such file yet");
    file.write_all_at(bytes, 0).expect("there is room");
    disk
}

/// The bytes of the file.
///
/// # Panics
/// If there is no file.
#[must_use]
pub fn bytes(disk: &Disk) -> Vec<u8> {
    disk.read(Path::new(PATH)).expect("the file is there")
}
