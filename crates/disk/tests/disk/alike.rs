//! What programs see is the same on both disks.

use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use hanami_disk::simulated::SimulatedDisk;
use hanami_disk::{Disk, How};

/// Does the same to a folder on the real disk, and to one on a simulated disk.
fn on_both(deed: impl Fn(&Disk, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    deed(&Disk::real(), folder.path());
    let disk = SimulatedDisk::new(1).disk();
    disk.create_dir(Path::new("/data/folder")).unwrap();
    deed(&disk, Path::new("/data/folder"));
}

#[test]
fn what_is_written_is_read() {
    on_both(|disk, folder| {
        let path = folder.join("file");
        let file = disk.open(&path, How::Write).unwrap();
        file.write_all_at(b"garden", 2).unwrap();
        assert_eq!(disk.read(&path).unwrap(), b"\0\0garden");
        file.set_len(5).unwrap();
        file.set_len(6).unwrap();
        assert_eq!(disk.read(&path).unwrap(), b"\0\0gar\0");
        assert_eq!((file.length().unwrap(), disk.details(&path).unwrap().length), (6, 6));
        let mut part = [0; 3];
        file.read_exact_at(&mut part, 2).unwrap();
        assert_eq!(&part, b"gar");
        assert_eq!(file.read_exact_at(&mut part, 4).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert_eq!(file.read_at(&mut part, 100).unwrap(), 0);
        file.sync().unwrap();
    });
}

#[test]
fn files_are_opened_as_they_are_wanted() {
    on_both(|disk, folder| {
        let path = folder.join("file");
        let refused = |how| disk.open(&path, how).unwrap_err().kind();
        assert_eq!(refused(How::Read), ErrorKind::NotFound);
        disk.open(&path, How::New).unwrap().write_all_at(b"first", 0).unwrap();
        assert_eq!(refused(How::New), ErrorKind::AlreadyExists);
        disk.open(&path, How::Write).unwrap();
        assert_eq!(disk.read(&path).unwrap(), b"first");
        disk.open(&path, How::Anew).unwrap();
        assert_eq!(disk.read(&path).unwrap(), b"");
        let nowhere = disk.open(&folder.join("no/such/folder"), How::Write);
        assert_eq!(nowhere.unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn names_come_and_go() {
    on_both(|disk, folder| {
        let [one, two, three] = ["one", "two", "three"].map(|name| folder.join(name));
        disk.put(&one, &[b"the ", b"first"]).unwrap();
        disk.link(&one, &two).unwrap();
        disk.rename(&one, &three).unwrap();
        assert!(!disk.exists(&one).unwrap());
        let mut names = disk.list(folder).unwrap();
        names.sort();
        assert_eq!(names, [three.clone(), two.clone()]);
        let opened = disk.open(&three, How::Read).unwrap();
        disk.remove(&three).unwrap();
        disk.sync_dir(folder).unwrap();
        assert_eq!(opened.length().unwrap(), 9);
        assert_eq!(disk.read(&two).unwrap(), b"the first");
        disk.put(&two, &[b"the second"]).unwrap();
        assert_eq!(disk.read(&two).unwrap(), b"the second");
        assert_eq!(disk.remove(&three).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(disk.link(&three, &one).unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn a_reader_goes_where_it_is_told() {
    on_both(|disk, folder| {
        let path = folder.join("file");
        disk.put(&path, &[b"0123456789"]).unwrap();
        let mut reader = disk.open(&path, How::Read).unwrap().reader();
        let mut two = [0; 2];
        assert_eq!(reader.seek(SeekFrom::End(-4)).unwrap(), 6);
        reader.read_exact(&mut two).unwrap();
        assert_eq!(&two, b"67");
        assert_eq!(reader.seek(SeekFrom::Current(-5)).unwrap(), 3);
        reader.read_exact(&mut two).unwrap();
        assert_eq!(&two, b"34");
        assert!(reader.seek(SeekFrom::Current(-6)).is_err());
    });
}
