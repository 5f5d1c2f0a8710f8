use std::fs;

use hanami_dataset::Dataset;
use hanami_disk::Disk;
use proptest::prelude::*;

use crate::common::{Place, column, idx};

proptest! {
    #[test]
    fn arbitrary_csv_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let place = Place::new();
        if let Err(error) = place.csv(&bytes) {
            let _ = error.to_string();
        } else {
            place.open().verify().unwrap();
        }
    }

    #[test]
    fn csv_of_table_pieces_never_panics(
        pieces in prop::collection::vec(
            prop::sample::select(&["a", "b", ",", ",", "\n", "\n", "\r", "\"", "1", "-2.5", "null",
                "true", " ", "\u{feff}", "ü"][..]),
            0..40,
        ),
    ) {
        let place = Place::new();
        if let Err(error) = place.csv(pieces.concat()) {
            let _ = error.to_string();
        } else {
            place.open().verify().unwrap();
        }
    }

    #[test]
    fn arbitrary_idx_never_panics(
        images in prop::collection::vec(any::<u8>(), 0..60),
        labels in prop::collection::vec(any::<u8>(), 0..20),
        sizes in prop::array::uniform3(prop_oneof![0..4_u32, any::<u32>()]),
    ) {
        for images in [images.clone(), idx(&sizes, &images)] {
            for labels in [labels.clone(), idx(&sizes[..1], &labels)] {
                let place = Place::new();
                if let Err(error) = place.mnist(&images, &labels) {
                    let _ = error.to_string();
                } else {
                    place.open().verify().unwrap();
                }
            }
        }
    }

    #[test]
    fn arbitrary_dataset_files_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        honest in any::<bool>(),
    ) {
        let place = Place::new();
        let mut file = bytes;
        if honest && file.len() >= 44 {
            // Gets past the first checks, to what the header says.
            let length = file.len() as u32;
            file[..8].copy_from_slice(b"HANAMIDS");
            file[8..12].copy_from_slice(&1_u32.to_le_bytes());
            file[12..16].copy_from_slice(&length.to_le_bytes());
            let end = file.len() - 4;
            let checksum = crc32fast::hash(&file[..end]);
            file[end..].copy_from_slice(&checksum.to_le_bytes());
        }
        fs::write(place.out(), file).unwrap();
        prop_assert!(Dataset::open(&Disk::real(), &place.out()).is_err());
    }

    #[test]
    fn tables_arrive_unchanged(
        rows in (1..6_usize).prop_flat_map(|columns| {
            let number = any::<f32>().prop_filter("finite", |number| number.is_finite());
            prop::collection::vec(prop::collection::vec(number, columns), 1..40)
        }),
        quoted in any::<bool>(),
        line_end in prop::sample::select(&["\n", "\r\n"][..]),
    ) {
        let columns = rows[0].len();
        let names: Vec<_> = (0..columns).map(|index| format!("column {index}")).collect();
        let mut text = names.join(",");
        for row in &rows {
            let cells = row.iter().map(|number| if quoted { format!("\"{number:e}\"") } else { number.to_string() });
            text += line_end;
            text += &cells.collect::<Vec<_>>().join(",");
        }
        let place = Place::new();
        let summary = place.csv(&text).unwrap();
        prop_assert_eq!((summary.rows, summary.inputs), (rows.len() as u64, columns as u64));
        let dataset = place.open();
        dataset.verify().unwrap();
        for (index, name) in names.iter().enumerate() {
            let expected: Vec<_> = rows.iter().map(|row| row[index]).collect();
            prop_assert_eq!(column(&dataset, name), expected);
        }
    }
}
