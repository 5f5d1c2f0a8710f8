//! Files that a disk or somebody has damaged: cut anywhere, with any bit of their header flipped, and
//! with bits flipped elsewhere. What is read of them is what was written, or a part of it from the
//! front where that is allowed, or an error that tells of damage. Never anything else.
//!
//! The record of an upload is tried in `crates/store`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use hanami_dataset::{Dataset, DatasetError, Export, Part, convert_csv, convert_mnist};
use hanami_disk::Disk;
use hanami_engine::read_checkpoint;
use hanami_hostile::{Chance, file};
use hanami_network::Network;
use hanami_store::{BlobReader, Journal, StoreError};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds");
/// Bits flipped behind the header, one at a time.
const FLIPS: usize = 10_000;

fn seed(name: &str) -> Vec<u8> {
    fs::read(Path::new(SEEDS).join(name)).unwrap()
}

/// All damaged forms of a file whose first `header` bytes are its header.
fn damaged(file: &[u8], header: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut chance = Chance::new(1);
    let (bits, first) = (8 * file.len(), 8 * header);
    let cut = (0..file.len()).map(|length| file[..length].to_vec());
    let flips =
        (0..first).chain((0..FLIPS).map(move |_| first + chance.below((bits - first).max(1))));
    let flipped = flips.filter(move |bit| *bit < bits).map(|bit| {
        let mut flipped = file.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    });
    cut.chain(flipped)
}

fn disk_with(bytes: &[u8]) -> (Disk, PathBuf) {
    (file::with(bytes), PathBuf::from(file::PATH))
}

/// Parts of a dataset as files; an error if it is damaged.
fn exported(file: &[u8], parts: &[Part]) -> Result<Vec<u8>, DatasetError> {
    let (disk, path) = disk_with(file);
    Dataset::open(&disk, &path)?.verify()?;
    let mut all = Vec::new();
    for part in parts {
        let mut export = Export::new(Dataset::open(&disk, &path)?, *part).unwrap();
        while let Some(piece) = export.next_piece()? {
            all.extend(piece);
        }
    }
    Ok(all)
}

/// Tries all damages of a dataset; gives how many changed nothing that is read.
fn try_dataset(file: &[u8], parts: &[Part]) -> usize {
    let header = u32::from_le_bytes(file[12..16].try_into().unwrap()) as usize;
    let sound = exported(file, parts).unwrap();
    let mut same = 0;
    for bytes in damaged(file, header) {
        match exported(&bytes, parts) {
            Ok(found) => {
                assert!(found == sound && bytes.len() == file.len(), "other data was read");
                same += 1;
            }
            Err(DatasetError::File { .. }) => {}
            Err(error) => panic!("damage is told as such: {error}"),
        }
    }
    same
}

#[test]
fn datasets() {
    let (disk, path) = disk_with(b"");
    convert_csv(Cursor::new(seed("csv/categories")), &disk, &path).unwrap();
    let same = try_dataset(&file::bytes(&disk), &[Part::Input]);
    // What is between the columns means nothing.
    assert!(same > 0);
    let pair = seed("idx/three");
    let (length, files) = pair.split_first_chunk().unwrap();
    let (images, labels) = files.split_at(u32::from_le_bytes(*length) as usize);
    let lengths = (images.len() as u64, labels.len() as u64);
    convert_mnist(images, lengths.0, labels, lengths.1, &disk, &path).unwrap();
    try_dataset(&file::bytes(&disk), &[Part::Input, Part::Label]);
}

#[test]
fn blobs() {
    let file = seed("blob/some");
    for bytes in damaged(&file, 16) {
        let (disk, path) = disk_with(&bytes);
        if let Some(mut blob) = BlobReader::open(&disk, &path).unwrap() {
            let refused = blob.verify();
            assert!(matches!(refused, Err(StoreError::Corrupt { .. })), "{refused:?}");
        }
    }
}

#[test]
fn files_of_checkpoints() {
    for name in ["checkpoint/small", "checkpoint/large"] {
        for bytes in damaged(&seed(name), 32) {
            let error = read_checkpoint(bytes).unwrap_err();
            assert!(!error.what.is_empty());
        }
    }
}

#[test]
fn snapshots() {
    for name in ["bricks", "numbers", "picture", "spiking", "empty", "before-settings"] {
        for bytes in damaged(&seed(&format!("snapshot/{name}.snapshot")), 20) {
            let refused = Network::from_bytes(&bytes);
            assert!(refused.is_err(), "{name}: {:?}", &bytes[..20]);
        }
    }
}

#[test]
fn journals() {
    let written: [&[u8]; 4] = [b"first", b"", b"third", b"fourth"];
    let (disk, path) = (file::disk(), Path::new(file::PATH));
    let (journal, _) = Journal::open(&disk, path).unwrap();
    for entry in written {
        let position = journal.append(entry).unwrap();
        journal.sync_through(position).unwrap();
    }
    drop(journal);
    // The last sync vouches for what the one before it wrote.
    let vouched = 3;
    for bytes in damaged(&file::bytes(&disk), 16) {
        let (disk, path) = disk_with(&bytes);
        match Journal::open(&disk, &path) {
            Ok((_, entries)) => {
                let entries: Vec<_> = entries.map(Result::unwrap).collect();
                assert!(
                    written.starts_with(&entries.iter().map(Vec::as_slice).collect::<Vec<_>>())
                );
                let begun_anew = bytes.len() <= 16;
                assert!(entries.len() >= vouched || begun_anew, "durable entries are missing");
            }
            Err(StoreError::Corrupt { .. }) => {}
            Err(error) => panic!("damage is told as such: {error}"),
        }
    }
}
