//! Journals as they lie on a disk.

use std::path::Path;

use hanami_store::{Journal, StoreError};

use crate::file;

/// Bytes before the first entry: magic, checksum and watermark.
const HEADER: usize = 16;
/// Bytes of a frame beside its entry: length and checksum.
const FRAME: usize = 8;
const NEW: &[u8] = b"something new";

/// What can be read are entries from the front, without one left out; what is appended comes after
/// them, and opening changes nothing else.
pub(crate) fn run(bytes: &[u8]) {
    opened(bytes);
    let mut sound = bytes.to_vec();
    put_right(&mut sound);
    opened(&sound);
}

fn opened(bytes: &[u8]) {
    let (disk, path) = (file::with(bytes), Path::new(file::PATH));
    let (journal, entries) = match Journal::open(&disk, path) {
        Ok(opened) => opened,
        Err(StoreError::Corrupt { .. }) => {
            assert!(file::bytes(&disk) == bytes, "what is refused is left alone");
            return;
        }
        Err(error) => panic!("damage is told as such: {error}"),
    };
    let entries: Vec<_> = entries.map(|entry| entry.expect("it was sound just now")).collect();
    let mut frames = bytes.get(HEADER..).unwrap_or_default();
    for entry in &entries {
        assert!(frames.len() >= FRAME + entry.len(), "there is no more than what is in the file");
        let (frame, rest) = frames.split_at(FRAME + entry.len());
        assert!(frame[..4] == (entry.len() as u32).to_le_bytes() && &frame[FRAME..] == entry);
        frames = rest;
    }
    let position = journal.append(NEW).expect("there is room");
    journal.sync_through(position).expect("memory can be synced");
    drop(journal);
    let (_, again) = Journal::open(&disk, path).expect("what was opened opens");
    let again: Vec<_> = again.map(|entry| entry.expect("it is sound")).collect();
    assert!(again.len() == entries.len() + 1 && again.starts_with(&entries));
    assert!(again[entries.len()] == NEW);
}

/// Makes the header and the checksums of all frames right, as far as their lengths go, with the
/// watermark that is there, so that what is behind the checksums is tried too.
fn put_right(bytes: &mut [u8]) {
    if bytes.len() < HEADER {
        return;
    }
    bytes[..4].copy_from_slice(b"HNMJ");
    let crc = crc32fast::hash(&bytes[8..HEADER]);
    bytes[4..8].copy_from_slice(&crc.to_le_bytes());
    let mut rest = &mut bytes[HEADER..];
    while let Some(length) = rest.first_chunk::<4>() {
        let end = (u32::from_le_bytes(*length) as usize).saturating_add(FRAME);
        if end > rest.len() {
            return;
        }
        let (frame, behind) = rest.split_at_mut(end);
        let mut crc = crc32fast::Hasher::new();
        crc.update(&frame[..4]);
        crc.update(&frame[FRAME..]);
        frame[4..FRAME].copy_from_slice(&crc.finalize().to_le_bytes());
        rest = behind;
    }
}
