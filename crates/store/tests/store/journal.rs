//! Journals: what is durable is read back, what is torn is cut, what is damaged shows.

use std::path::{Path, PathBuf};

use hanami_disk::Disk;
use hanami_store::{Journal, MAX_ENTRY, StoreError};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::overwrite;

const HEADER: usize = 16;
const FRAME_HEADER: usize = 8;

fn journal_file() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal");
    (dir, path)
}

/// Opens the journal and reads all its entries.
fn open(path: &Path) -> Result<(Journal, Vec<Vec<u8>>), StoreError> {
    let (journal, entries) = Journal::open(&Disk::real(), path)?;
    Ok((journal, entries.collect::<Result<_, _>>()?))
}

fn append_and_sync(journal: &Journal, entries: &[&[u8]]) {
    let mut position = 0;
    for entry in entries {
        position = journal.append(entry).unwrap();
    }
    journal.sync_through(position).unwrap();
}

#[test]
fn entries_come_back_in_order_after_each_opening() {
    let (_dir, path) = journal_file();
    let (journal, entries) = open(&path).unwrap();
    assert_eq!(entries, [b""; 0]);
    append_and_sync(&journal, &[b"one", b"", b"three"]);
    drop(journal);

    let (journal, entries) = open(&path).unwrap();
    assert_eq!(entries, [&b"one"[..], b"", b"three"]);
    append_and_sync(&journal, &[b"four"]);
    drop(journal);
    assert_eq!(open(&path).unwrap().1, [&b"one"[..], b"", b"three", b"four"]);
}

#[test]
fn an_entry_beyond_the_limit_is_refused() {
    let (_dir, path) = journal_file();
    let (journal, _) = open(&path).unwrap();
    let refused = journal.append(&vec![0; MAX_ENTRY + 1]);
    assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
    append_and_sync(&journal, &[b"small"]);
    assert_eq!(open(&path).unwrap().1, [b"small"]);
}

#[test]
fn threads_that_append_and_sync_at_once_find_all_they_were_told_is_durable() {
    const THREADS: u8 = 8;
    const ENTRIES: u8 = 25;
    let (_dir, path) = journal_file();
    let (journal, _) = open(&path).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let journal = &journal;
            scope.spawn(move || {
                for entry in 0..ENTRIES {
                    append_and_sync(journal, &[&[thread, entry]]);
                }
            });
        }
    });
    drop(journal);
    let entries = open(&path).unwrap().1;
    assert_eq!(entries.len(), usize::from(THREADS) * usize::from(ENTRIES));
    for thread in 0..THREADS {
        let of_thread: Vec<u8> =
            entries.iter().filter(|entry| entry[0] == thread).map(|entry| entry[1]).collect();
        assert_eq!(of_thread, (0..ENTRIES).collect::<Vec<u8>>());
    }
}

/// A journal with two durable entries and two that were never synced, and where each ends.
fn durable_and_not(path: &Path) -> (Vec<u8>, [usize; 4]) {
    let (journal, _) = open(path).unwrap();
    append_and_sync(&journal, &[b"first", b"second"]);
    drop(journal);
    let (journal, _) = open(path).unwrap();
    journal.append(b"third").unwrap();
    journal.append(b"fourth").unwrap();
    let mut end = HEADER;
    let ends = [5, 6, 5, 6].map(|length| {
        end += FRAME_HEADER + length;
        end
    });
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(bytes.len(), ends[3]);
    (bytes, ends)
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_and_writing_goes_on_after_it() {
    let (_dir, path) = journal_file();
    let (bytes, ends) = durable_and_not(&path);
    let all: [&[u8]; 4] = [b"first", b"second", b"third", b"fourth"];
    for length in ends[1]..=ends[3] {
        overwrite(&path, &bytes[..length]);
        let (journal, entries) = open(&path).unwrap();
        let whole = ends.iter().filter(|end| **end <= length).count();
        assert_eq!(entries, all[..whole], "cut at {length}");
        append_and_sync(&journal, &[b"new"]);
        drop(journal);
        let expected: Vec<&[u8]> = all[..whole].iter().copied().chain([&b"new"[..]]).collect();
        assert_eq!(open(&path).unwrap().1, expected, "cut at {length}");
    }
}

#[test]
fn a_hole_in_what_was_never_durable_cuts_all_that_follows_it() {
    let (_dir, path) = journal_file();
    let (mut bytes, ends) = durable_and_not(&path);
    // Disks may write the later of two unsynced pages first.
    bytes[ends[1]..ends[2]].fill(0);
    overwrite(&path, &bytes);
    let (journal, entries) = open(&path).unwrap();
    assert_eq!(entries, [&b"first"[..], b"second"]);
    append_and_sync(&journal, &[b"THIRD"]);
    drop(journal);
    let expected = [&b"first"[..], b"second", b"THIRD"];
    assert_eq!(open(&path).unwrap().1, expected, "the fourth must not come back");
}

#[test]
fn durable_entries_that_are_missing_are_an_error() {
    let (_dir, path) = journal_file();
    let (bytes, ends) = durable_and_not(&path);
    for length in HEADER + 1..ends[1] {
        overwrite(&path, &bytes[..length]);
        let opened = open(&path);
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "cut at {length}");
    }
}

#[test]
fn every_flipped_bit_shows() {
    let (_dir, path) = journal_file();
    let (journal, _) = open(&path).unwrap();
    append_and_sync(&journal, &[b"first", b"", b"third"]);
    drop(journal);
    drop(open(&path).unwrap());
    let sound = std::fs::read(&path).unwrap();
    for bit in 0..sound.len() * 8 {
        let mut flipped = sound.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        overwrite(&path, &flipped);
        let opened = open(&path);
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "bit {bit}");
    }
}

#[test]
fn a_sync_protects_what_the_sync_before_it_made_durable() {
    let (_dir, path) = journal_file();
    let (journal, _) = open(&path).unwrap();
    append_and_sync(&journal, &[b"first"]);
    append_and_sync(&journal, &[b"second"]);
    drop(journal);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[HEADER + FRAME_HEADER] ^= 1;
    overwrite(&path, &bytes);
    assert!(matches!(open(&path), Err(StoreError::Corrupt { .. })));
}

#[test]
fn a_creation_cut_at_any_byte_begins_anew() {
    let (_dir, path) = journal_file();
    drop(open(&path).unwrap());
    let header = std::fs::read(&path).unwrap();
    assert_eq!(header.len(), HEADER);
    for length in 0..HEADER {
        for padded in [false, true] {
            let mut torn = header[..length].to_vec();
            if padded {
                torn.resize(HEADER, 0);
            }
            overwrite(&path, &torn);
            let (journal, entries) = open(&path).unwrap();
            assert_eq!(entries, [b""; 0]);
            append_and_sync(&journal, &[b"first"]);
            drop(journal);
            assert_eq!(open(&path).unwrap().1, [b"first"]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    /// Any bytes at all are either a journal, whose entries can be read, or an error.
    #[test]
    fn any_file_opens_or_is_refused(
        tail in prop::collection::vec(any::<u8>(), 0..200),
        with_header in any::<bool>(),
    ) {
        let (_dir, path) = journal_file();
        let mut bytes = Vec::new();
        if with_header {
            drop(open(&path).unwrap());
            bytes = std::fs::read(&path).unwrap();
        }
        bytes.extend(tail);
        overwrite(&path, &bytes);
        if let Ok((journal, entries)) = open(&path) {
            append_and_sync(&journal, &[b"more"]);
            drop(journal);
            let again = open(&path).unwrap().1;
            assert_eq!(again[..entries.len()], entries);
            assert_eq!(again[entries.len()..], [b"more"]);
        } else {
            prop_assert!(!with_header && bytes.len() > HEADER);
        }
    }
}
