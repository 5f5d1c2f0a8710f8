//! Files that arrive in pieces.
#![expect(clippy::single_range_in_vec_init, reason = "one range is missing, in a list of ranges")]

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use hanami_store::{
    FileProgress, FileRole, MAX_RANGES, OffsetDateTime, Store, StoreError, Upload, UploadError,
    Uuid,
};
use proptest::prelude::*;

use crate::support::{Home, names, overwrite, owner, ready_dataset, uploading_dataset};

/// A file to be uploaded, in a store of its own.
struct Uploading {
    home: Home,
    store: Store,
    file: Uuid,
}

impl Uploading {
    async fn new(size: u64) -> Self {
        let home = Home::new();
        let store = home.open().await;
        let dataset = uploading_dataset(&store, &owner(), size).await;
        let file = store.upload_files(&owner(), dataset.uuid).await.unwrap()[0].uuid;
        Self { home, store, file }
    }

    async fn open(&self) -> Arc<Upload> {
        self.store.open_upload(&owner(), self.file).await.unwrap()
    }

    fn record(&self) -> PathBuf {
        self.home.path().join(format!("uploads/{}.ranges", self.file))
    }
}

/// An entry of the record, as the format is documented.
fn entry(position: u64, length: u64) -> Vec<u8> {
    let mut entry = [position.to_le_bytes(), length.to_le_bytes()].concat();
    entry.extend_from_slice(&crc32fast::hash(&entry).to_le_bytes());
    entry
}

#[tokio::test]
async fn what_has_arrived_is_there_after_a_restart() {
    let uploading = Uploading::new(10).await;
    let upload = uploading.open().await;
    upload.write(6, b"ghij").unwrap();
    upload.write(0, b"abc").unwrap();
    assert_eq!(upload.missing(), [3..6]);
    let Uploading { home, store, file } = uploading;
    drop((upload, store));

    let store = home.open().await;
    let upload = store.open_upload(&owner(), file).await.unwrap();
    assert_eq!(upload.missing(), [3..6]);
    assert!(!upload.is_complete());
    upload.write(2, b"cdefg").unwrap();
    assert!(upload.is_complete());
    assert_eq!(std::fs::read(upload.path()).unwrap(), b"abcdefghij");
}

#[tokio::test]
async fn a_piece_outside_the_declared_size_is_refused_and_changes_nothing() {
    let uploading = Uploading::new(10).await;
    let upload = uploading.open().await;
    for (position, length) in [(0, 11), (10, 1), (9, 2), (u64::MAX, 1), (u64::MAX - 1, 5)] {
        match upload.write(position, &vec![1; length]) {
            Err(UploadError::OutOfBounds { position: p, length: l, size: 10 }) => {
                assert_eq!((p, l), (position, length as u64));
            }
            other => panic!("{other:?}"),
        }
    }
    upload.write(10, b"").unwrap();
    assert_eq!(upload.missing(), [0..10]);
    assert_eq!(std::fs::metadata(upload.path()).unwrap().len(), 0);
}

#[tokio::test]
async fn a_declared_size_costs_nothing_until_its_bytes_arrive() {
    let uploading = Uploading::new(10_000_000_000).await;
    let upload = uploading.open().await;
    upload.write(9_999_999_999, b"z").unwrap();
    let on_disk = std::fs::metadata(upload.path()).unwrap().blocks() * 512;
    assert!(on_disk <= 64 << 10, "{on_disk} bytes");
    assert_eq!(upload.missing(), [0..9_999_999_999]);
}

#[tokio::test]
async fn connections_that_write_at_once_share_the_file() {
    const PIECE: usize = 100;
    let uploading = Uploading::new(20 * PIECE as u64).await;
    let (one, two) = (uploading.open().await, uploading.open().await);
    assert!(Arc::ptr_eq(&one, &two));
    std::thread::scope(|scope| {
        for (upload, first) in [(&one, 0), (&two, 1)] {
            scope.spawn(move || {
                for piece in (first..20).step_by(2) {
                    upload.write((piece * PIECE) as u64, &[piece as u8; PIECE]).unwrap();
                }
            });
        }
    });
    assert!(one.is_complete());
    let expected: Vec<u8> = (0..20u8).flat_map(|piece| [piece; PIECE]).collect();
    assert_eq!(std::fs::read(one.path()).unwrap(), expected);
}

#[tokio::test]
async fn a_connection_that_is_left_when_the_dataset_is_deleted_writes_nothing_more() {
    let uploading = Uploading::new(20).await;
    let upload = uploading.open().await;
    upload.write(0, b"some bytes").unwrap();
    let dataset = uploading.store.datasets(&owner()).await.unwrap()[0].uuid;
    uploading.store.delete_dataset(&owner(), dataset).await.unwrap();

    assert!(matches!(upload.write(10, b"more bytes"), Err(UploadError::Discarded)));
    assert!(!upload.path().exists() && !uploading.record().exists());
}

#[tokio::test]
async fn a_record_torn_at_any_byte_loses_only_its_last_entry() {
    let uploading = Uploading::new(100).await;
    let upload = uploading.open().await;
    for position in [0, 20, 40] {
        upload.write(position, &[1; 10]).unwrap();
    }
    drop(upload);
    let whole = std::fs::read(uploading.record()).unwrap();
    assert_eq!(whole, [entry(0, 10), entry(20, 10), entry(40, 10)].concat());

    for length in 40..60 {
        for filler in [0, 0xff] {
            // Cut short, or extended to its full length without its bytes.
            let mut torn = whole[..length].to_vec();
            for padded in [false, true] {
                if padded {
                    torn.resize(60, filler);
                }
                overwrite(&uploading.record(), &torn);
                let upload = uploading.open().await;
                assert_eq!(upload.missing(), [10..20, 30..100], "cut at {length}");
                upload.write(50, &[2; 10]).unwrap();
                drop(upload);
                assert_eq!(uploading.open().await.missing(), [10..20, 30..50, 60..100]);
            }
        }
    }
}

#[tokio::test]
async fn a_damaged_record_or_file_is_an_error() {
    let uploading = Uploading::new(100).await;
    let upload = uploading.open().await;
    let path = upload.path().to_owned();
    for position in [0, 20, 40] {
        upload.write(position, &[1; 10]).unwrap();
    }
    drop(upload);
    let sound = std::fs::read(uploading.record()).unwrap();

    for bit in 0..40 * 8 {
        let mut flipped = sound.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        overwrite(&uploading.record(), &flipped);
        let opened = uploading.store.open_upload(&owner(), uploading.file).await;
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "bit {bit}: {opened:?}");
    }
    // The last entry may have been torn, whatever it looks like.
    for bit in 40 * 8..60 * 8 {
        let mut flipped = sound.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        overwrite(&uploading.record(), &flipped);
        assert_eq!(uploading.open().await.missing(), [10..20, 30..100], "bit {bit}");
    }
    overwrite(&uploading.record(), &sound);
    overwrite(&path, b"shorter than what has arrived");
    let opened = uploading.store.open_upload(&owner(), uploading.file).await;
    assert!(matches!(opened, Err(StoreError::Corrupt { .. })), "{opened:?}");
}

#[tokio::test]
async fn the_record_stays_short_however_small_the_pieces_are() {
    const SIZE: u64 = 4200;
    let uploading = Uploading::new(SIZE).await;
    let path = uploading.open().await.path().to_owned();
    let arrived = 4090;
    let record: Vec<u8> = (0..arrived).flat_map(|position| entry(position, 1)).collect();
    overwrite(&uploading.record(), &record);
    overwrite(&path, &vec![7; arrived as usize]);

    let upload = uploading.open().await;
    for position in arrived..SIZE {
        upload.write(position, &[7]).unwrap();
    }
    let entries = std::fs::metadata(uploading.record()).unwrap().len() / 20;
    assert!(entries < 120, "{entries}");
    assert!(upload.is_complete());
    drop(upload);
    assert!(uploading.open().await.is_complete());
}

#[tokio::test]
async fn a_piece_that_comes_again_counts_but_adds_nothing_to_the_record() {
    let uploading = Uploading::new(10).await;
    let upload = uploading.open().await;
    upload.write(0, b"abcdefgh").unwrap();
    upload.write(2, b"CDE").unwrap();
    assert_eq!(std::fs::read(uploading.record()).unwrap(), entry(0, 8));
    assert_eq!(std::fs::read(upload.path()).unwrap(), b"abCDEfgh");
    assert_eq!(upload.missing(), [8..10]);
}

#[tokio::test]
async fn a_file_in_too_many_pieces_takes_only_what_joins_them() {
    let size = 2 * MAX_RANGES as u64 + 10;
    let uploading = Uploading::new(size).await;
    let path = uploading.open().await.path().to_owned();
    let record: Vec<u8> = (0..MAX_RANGES as u64).flat_map(|index| entry(2 * index, 1)).collect();
    overwrite(&uploading.record(), &record);
    overwrite(&path, &vec![0; size as usize]);

    let upload = uploading.open().await;
    let refused = upload.write(size - 1, b"z");
    assert!(matches!(refused, Err(UploadError::TooFragmented { limit: MAX_RANGES })));
    upload.write(1, b"b").unwrap();
    upload.write(size - 1, b"z").unwrap();
}

#[tokio::test]
async fn progress_tells_what_is_missing_whether_a_file_is_open_or_not() {
    let uploading = Uploading::new(10).await;
    let dataset = uploading.store.datasets(&owner()).await.unwrap()[0].uuid;
    let progress = async || {
        let mut files = uploading.store.upload_progress(&owner(), dataset).await.unwrap();
        assert_eq!(files.len(), 1);
        let FileProgress { file, received, missing } = files.remove(0);
        assert_eq!((file.uuid, file.role, file.size), (uploading.file, FileRole::Input, 10));
        (received, missing)
    };
    assert_eq!(progress().await, (0, vec![0..10]));
    assert!(!uploading.record().exists(), "asking makes no files");

    let upload = uploading.open().await;
    upload.write(2, b"cde").unwrap();
    assert_eq!(progress().await, (3, vec![0..2, 5..10]));
    drop(upload);
    assert_eq!(progress().await, (3, vec![0..2, 5..10]));

    uploading.open().await.write(0, b"abcdefghij").unwrap();
    assert_eq!(progress().await, (10, vec![]));
}

#[tokio::test]
async fn only_the_first_missing_ranges_are_named() {
    let uploading = Uploading::new(4200).await;
    let path = uploading.open().await.path().to_owned();
    let record: Vec<u8> = (0..2100).flat_map(|pair| entry(2 * pair, 1)).collect();
    overwrite(&uploading.record(), &record);
    overwrite(&path, &vec![7; 4200]);
    let progress = uploading.open().await.progress();
    assert_eq!((progress.received, progress.missing.len()), (2100, 1000));
    assert_eq!(progress.missing.last(), Some(&(1999..2000)));
}

#[tokio::test]
async fn an_upload_that_nobody_goes_on_with_is_deleted_with_its_files() {
    let uploading = Uploading::new(10).await;
    let store = &uploading.store;
    let ready = ready_dataset(store, &owner()).await;
    uploading.open().await.write(0, b"abc").unwrap();
    let hour = time::Duration::HOUR;
    let (past, future) = (OffsetDateTime::now_utc() - hour, OffsetDateTime::now_utc() + hour);

    assert_eq!(store.delete_stale_uploads(past).await.unwrap(), []);
    let upload = uploading.open().await;
    assert_eq!(store.delete_stale_uploads(future).await.unwrap(), [], "it is open");
    upload.write(3, b"d").unwrap();
    drop(upload);

    let deleted = store.delete_stale_uploads(future).await.unwrap();
    assert_eq!(deleted.len(), 1);
    assert_eq!((deleted[0].name.as_str(), deleted[0].owner_id.as_str()), ("a dataset", "owner"));
    assert_eq!(names(&uploading.home, "uploads"), [""; 0]);
    assert_eq!(store.datasets(&owner()).await.unwrap(), [ready]);
    let gone = store.open_upload(&owner(), uploading.file).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn an_old_dataset_whose_upload_goes_on_stays() {
    let uploading = Uploading::new(10).await;
    uploading.home.execute("UPDATE datasets SET created_at = '2020-01-01 00:00:00+00:00'").await;
    uploading.open().await.write(0, b"abc").unwrap();
    let hour_ago = OffsetDateTime::now_utc() - time::Duration::HOUR;
    assert_eq!(uploading.store.delete_stale_uploads(hour_ago).await.unwrap(), []);

    // Nothing was written to the file of a dataset that was only declared.
    let declared = uploading_dataset(&uploading.store, &owner(), 10).await;
    uploading.home.execute("UPDATE datasets SET created_at = '2020-01-01 00:00:00+00:00'").await;
    let deleted = uploading.store.delete_stale_uploads(hour_ago).await.unwrap();
    assert_eq!(deleted.iter().map(|dataset| dataset.uuid).collect::<Vec<_>>(), [declared.uuid]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    /// Pieces in any order, overlapping, with the file closed and opened again in between: what
    /// is missing and what is there is what a plain array says.
    #[test]
    fn pieces_add_up_to_what_was_sent(
        size in 1usize..300,
        pieces in prop::collection::vec((0usize..300, 0usize..60, any::<u8>(), any::<bool>()), 1..25),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let uploading = Uploading::new(size as u64).await;
            let mut upload = uploading.open().await;
            let mut model = vec![None; size];
            for (start, length, value, reopen) in pieces {
                let (start, length) = (start % size, length.min(size - start % size));
                upload.write(start as u64, &vec![value; length]).unwrap();
                model[start..start + length].fill(Some(value));
                if reopen {
                    drop(upload);
                    upload = uploading.open().await;
                }
            }
            let missing = upload.missing();
            let stored = std::fs::read(upload.path()).unwrap();
            for (position, sent) in model.iter().enumerate() {
                let is_missing = missing.iter().any(|range| range.contains(&(position as u64)));
                assert_eq!(is_missing, sent.is_none());
                assert!(sent.is_none_or(|value| stored[position] == value));
            }
            assert_eq!(upload.is_complete(), model.iter().all(Option::is_some));
        });
    }
}
