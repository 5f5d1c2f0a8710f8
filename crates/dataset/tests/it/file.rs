use std::fs;
use std::path::Path;

use hanami_dataset::{Dataset, DatasetError, FileProblem};
use hanami_disk::Disk;

use crate::common::{Place, column, small_mnist};

fn csv_file() -> (Place, Vec<u8>) {
    let place = Place::new();
    place.csv("a,b\n1,2\n3,4\n").unwrap();
    let bytes = fs::read(place.out()).unwrap();
    (place, bytes)
}

#[track_caller]
fn problem<T: std::fmt::Debug>(result: Result<T, DatasetError>) -> (u64, FileProblem) {
    match result.unwrap_err() {
        DatasetError::File { offset, problem, .. } => (offset, problem),
        error => panic!("{error}"),
    }
}

#[test]
fn the_layout_is_as_documented() {
    let (_, bytes) = csv_file();
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let u64_at = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    assert_eq!(&bytes[..8], b"HANAMIDS");
    assert_eq!((u32_at(8), u32_at(12)), (2, 40 + 2 * 25 + 4));
    assert_eq!((u32_at(16), u32_at(20), u64_at(24)), (1, 2, 2));
    assert_eq!(u64_at(32), bytes.len() as u64);
    for (entry, offset, name, numbers) in
        [(40, 128, b'a', [1_f32, 3.0]), (65, 192, b'b', [2.0, 4.0])]
    {
        let data = numbers.map(f32::to_le_bytes).concat();
        assert_eq!(u64_at(entry), offset as u64);
        assert_eq!(u32_at(entry + 8), crc32fast::hash(&data));
        assert_eq!((u32_at(entry + 12), u32_at(entry + 16)), (2, 1));
        assert_eq!((u32_at(entry + 20), bytes[entry + 24]), (1, name));
        assert_eq!(bytes[offset..offset + 8], data);
    }
    assert_eq!(u32_at(90), crc32fast::hash(&bytes[..90]));
    assert_eq!(bytes.len(), 200);
}

#[test]
fn damaged_data_is_found_by_verify() {
    let (place, mut bytes) = csv_file();
    bytes[195] ^= 1;
    fs::write(place.out(), &bytes).unwrap();
    let dataset = place.open();
    let damaged = FileProblem::ColumnChecksum { column: "b".into() };
    assert_eq!(problem(dataset.verify()), (192, damaged));
    let message = dataset.verify().unwrap_err().to_string();
    assert!(
        message.ends_with(
            "byte 192: column `b` is damaged: its checksum is wrong; restore it or upload the \
             data again"
        ),
        "{message}"
    );
}

#[test]
fn every_damage_of_the_header_is_found_at_opening() {
    let (place, bytes) = csv_file();
    for at in 0..94 {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x40;
        fs::write(place.out(), &damaged).unwrap();
        problem(Dataset::open(&Disk::real(), &place.out()));
    }
    let mut newer = bytes;
    newer[8] = 3;
    fs::write(place.out(), &newer).unwrap();
    assert_eq!(problem(Dataset::open(&Disk::real(), &place.out())), (8, FileProblem::Version(3)));
}

#[test]
fn a_file_of_version_1_still_opens() {
    let (place, mut bytes) = csv_file();
    bytes[8] = 1;
    let checksum = crc32fast::hash(&bytes[..90]);
    bytes[90..94].copy_from_slice(&checksum.to_le_bytes());
    fs::write(place.out(), &bytes).unwrap();
    let dataset = place.open();
    dataset.verify().unwrap();
    assert_eq!(column(&dataset, "b"), [2.0, 4.0]);
}

#[test]
fn categories_that_lie_under_a_right_checksum_are_refused() {
    let place = Place::new();
    place.csv("a\nx\ny\n").unwrap();
    let bytes = fs::read(place.out()).unwrap();
    // 40: entry of the column, 65: its categories, 71: the checksum.
    for (at, lie) in
        [(56, 0), (56, 1), (56, 3), (65, 0), (65, 9), (67, b'y'), (67, b'z'), (70, 255)]
    {
        let mut lying = bytes.clone();
        lying[at] = lie;
        let checksum = crc32fast::hash(&lying[..71]);
        lying[71..75].copy_from_slice(&checksum.to_le_bytes());
        fs::write(place.out(), &lying).unwrap();
        let (_, found) = problem(Dataset::open(&Disk::real(), &place.out()));
        let expected = matches!(found, FileProblem::Header(_) | FileProblem::TruncatedHeader);
        assert!(expected, "{at} {lie} {found:?}");
    }
}

#[test]
fn a_header_that_lies_under_a_right_checksum_is_refused() {
    let (place, bytes) = csv_file();
    let lies: [(usize, u64); 7] = [
        (16, 0),            // kind: MNIST, but two columns of numbers
        (16, 9),            // no such kind
        (24, 0),            // no rows
        (24, u64::MAX / 2), // more rows than any file
        (32, 1 << 40),      // another length
        (40, 0),            // a column over the header
        (65, 128),          // a column over another
    ];
    for (at, lie) in lies {
        let mut lying = bytes.clone();
        let width = if at == 16 { 4 } else { 8 };
        lying[at..at + width].copy_from_slice(&lie.to_le_bytes()[..width]);
        let checksum = crc32fast::hash(&lying[..90]);
        lying[90..94].copy_from_slice(&checksum.to_le_bytes());
        fs::write(place.out(), &lying).unwrap();
        let (_, found) = problem(Dataset::open(&Disk::real(), &place.out()));
        assert!(matches!(found, FileProblem::Header(_)), "{at} {found:?}");
    }
}

#[test]
fn a_header_with_more_than_its_columns_is_refused() {
    let (place, mut bytes) = csv_file();
    // There is room for it before the first column.
    bytes[12..16].copy_from_slice(&98_u32.to_le_bytes());
    let checksum = crc32fast::hash(&bytes[..94]);
    bytes[94..98].copy_from_slice(&checksum.to_le_bytes());
    fs::write(place.out(), &bytes).unwrap();
    let (offset, found) = problem(Dataset::open(&Disk::real(), &place.out()));
    assert_eq!((offset, found), (90, FileProblem::Header("more than its columns")));
}

#[test]
fn every_truncation_is_found_at_opening() {
    let (place, bytes) = csv_file();
    for length in 0..bytes.len() {
        fs::write(place.out(), &bytes[..length]).unwrap();
        let (offset, found) = problem(Dataset::open(&Disk::real(), &place.out()));
        assert_eq!(offset, length as u64);
        let expected = match length {
            0..94 => FileProblem::TruncatedHeader,
            _ => FileProblem::Length { expected: 200, found: length as u64 },
        };
        assert_eq!(found, expected);
    }
}

#[test]
fn a_longer_file_is_refused() {
    let (place, mut bytes) = csv_file();
    bytes.push(0);
    fs::write(place.out(), &bytes).unwrap();
    let longer = FileProblem::Length { expected: 200, found: 201 };
    assert_eq!(problem(Dataset::open(&Disk::real(), &place.out())), (200, longer));
}

#[test]
fn other_files_are_refused() {
    let place = Place::new();
    let (images, _) = small_mnist();
    fs::write(place.out(), [&images[..], &[0; 40]].concat()).unwrap();
    assert_eq!(problem(Dataset::open(&Disk::real(), &place.out())), (0, FileProblem::Magic));
    let missing = Dataset::open(&Disk::real(), &place.out().join("missing")).unwrap_err();
    assert!(matches!(missing, DatasetError::Io { .. }), "{missing}");
}

#[test]
fn a_dataset_replaces_what_was_there() {
    let (place, _) = csv_file();
    let (images, labels) = small_mnist();
    place.mnist(&images, &labels).unwrap();
    assert_eq!(place.open().info().rows, 3);
    assert_eq!(place.files(), ["dataset"]);
}

#[test]
fn a_directory_that_is_missing_is_an_error() {
    let (images, labels) = small_mnist();
    let error = hanami_dataset::convert_mnist(
        &images[..],
        images.len() as u64,
        &labels[..],
        labels.len() as u64,
        &Disk::real(),
        Path::new("/nonexistent/dataset"),
    );
    assert!(matches!(error, Err(DatasetError::Io { .. })), "{error:?}");
}
