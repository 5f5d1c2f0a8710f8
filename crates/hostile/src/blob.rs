//! Blobs as they lie on a disk.

use std::path::PathBuf;

use hanami_store::{BlobReader, StoreError};

use crate::file;

/// Bytes before those of the blob: magic, checksum, length.
const HEADER: usize = 16;

/// What can be read is all that stands behind the header; anything else is told as damage.
pub(crate) fn run(bytes: &[u8]) {
    read(bytes);
    let mut sound = bytes.to_vec();
    if sound.len() >= HEADER {
        let crc = crc32fast::hash(&sound[HEADER..]);
        let length = (sound.len() - HEADER) as u64;
        sound[..4].copy_from_slice(b"HNMB");
        sound[4..8].copy_from_slice(&crc.to_le_bytes());
        sound[8..HEADER].copy_from_slice(&length.to_le_bytes());
        assert!(read(&sound), "a sound blob can be read");
    }
}

/// Whether it can be read.
fn read(bytes: &[u8]) -> bool {
    let (disk, path) = (file::with(bytes), PathBuf::from(file::PATH));
    let Some(mut blob) = BlobReader::open(&disk, &path).expect("files can be read") else {
        return false;
    };
    assert_eq!(blob.length(), (bytes.len() - HEADER) as u64);
    let mut found = Vec::new();
    loop {
        match blob.next_piece(7) {
            Ok(piece) if piece.is_empty() => break,
            Ok(piece) => found.extend(piece),
            Err(StoreError::Corrupt { .. }) => return false,
            Err(error) => panic!("damage is told as such: {error}"),
        }
    }
    assert!(found == bytes[HEADER..], "no other bytes than those of the file");
    assert!(crc32fast::hash(&found).to_le_bytes() == bytes[4..8], "with their checksum");
    true
}
