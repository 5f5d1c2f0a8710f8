use hanami_dataset::{Dataset, DatasetError, Export, FileProblem, Part};
use proptest::prelude::*;

use crate::common::{Place, idx, small_mnist};

/// A whole exported file.
fn export(dataset: Dataset, part: Part) -> Result<Vec<u8>, DatasetError> {
    let mut export = Export::new(dataset, part).unwrap();
    let length = export.length();
    let mut file = Vec::new();
    while let Some(piece) = export.next_piece()? {
        file.extend(piece);
    }
    assert!(length.is_none_or(|length| length == file.len() as u64));
    Ok(file)
}

fn csv(dataset: Dataset) -> String {
    String::from_utf8(export(dataset, Part::Input).unwrap()).unwrap()
}

#[test]
fn a_table_is_written_with_its_values_as_they_read_back() {
    let place = Place::new();
    place.csv("a, b c \n1,true\n-0.1,null\n1e10,-0\n").unwrap();
    assert_eq!(csv(place.open()), "a,b c\n1,1\n-0.1,1\n10000000000,-0\n");
    assert!(Export::new(place.open(), Part::Label).is_none(), "a table has no labels");
}

#[test]
fn categories_are_written_as_their_texts() {
    let place = Place::new();
    let table = "a,b\nred,1\n\"say \"\"no\"\", or yes\",2\n\"two\nlines\",3\nred,4\n";
    place.csv(table).unwrap();
    assert_eq!(csv(place.open()), table);
}

#[test]
fn images_and_labels_are_the_files_they_were() {
    let place = Place::new();
    let (images, labels) = small_mnist();
    place.mnist(&images, &labels).unwrap();
    assert_eq!(export(place.open(), Part::Input).unwrap(), images);
    assert_eq!(export(place.open(), Part::Label).unwrap(), labels);
}

#[test]
fn a_file_of_many_pieces_is_whole() {
    let place = Place::new();
    let images = idx(&[3000, 10, 20], &(0..600_000).map(|at| (at % 251) as u8).collect::<Vec<_>>());
    place.mnist(&images, &idx(&[3000], &[4; 3000])).unwrap();
    assert!(export(place.open(), Part::Input).unwrap() == images);

    let rows: Vec<_> = (0..100_000).map(|row| format!("{row},{}\n", row / 7)).collect();
    let table = "left,right\n".to_owned() + &rows.concat();
    place.csv(&table).unwrap();
    assert!(csv(place.open()) == table);
}

#[test]
fn images_of_an_earlier_version_are_one_row_of_pixels_each() {
    let place = Place::new();
    let (images, labels) = small_mnist();
    place.mnist(&images, &labels).unwrap();
    // Earlier versions left the width of the first column at zero.
    let mut file = std::fs::read(place.out()).unwrap();
    assert_eq!(file[52..56], [0, 2, 0, 0]);
    file[53] = 0;
    let header = u32::from_le_bytes([file[12], file[13], file[14], file[15]]) as usize;
    let checksum = crc32fast::hash(&file[..header - 4]);
    file[header - 4..header].copy_from_slice(&checksum.to_le_bytes());
    std::fs::write(place.out(), &file).unwrap();

    let dataset = place.open();
    dataset.verify().unwrap();
    let expected = idx(&[3, 1, 4], &images[16..]);
    assert_eq!(export(dataset, Part::Input).unwrap(), expected);
}

#[test]
fn damage_shows_at_the_end_at_the_latest() {
    let place = Place::new();
    place.csv("a,b\n1,2\n3,4\n").unwrap();
    let mut bytes = std::fs::read(place.out()).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(place.out(), bytes).unwrap();
    let error = export(place.open(), Part::Input).unwrap_err();
    let damage = FileProblem::ColumnChecksum { column: "b".into() };
    assert!(matches!(error, DatasetError::File { problem, .. } if problem == damage));
}

proptest! {
    #[test]
    fn an_exported_table_is_the_same_dataset_again(
        names in prop::collection::hash_set("[a-z,\"'\u{feff}ü;. -]{1,6}", 1..5),
        rows in prop::collection::vec(prop::array::uniform4(any::<f32>()), 1..30),
        texts in prop::collection::vec("[a-z,\"'\u{feff}\u{fc}\n. 0-9-]{1,6}", 30),
    ) {
        let names: Vec<_> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
        let mut text = names.join(",") + ",texts\n";
        for (row, cell) in rows.iter().zip(&texts) {
            let finite = row[..names.len()].iter().map(|number| if number.is_finite() { *number } else { 0.0 });
            let mut cells: Vec<_> = finite.map(|number| format!("{number:e}")).collect();
            cells.push(format!("\"{}\"", cell.replace('"', "\"\"")));
            text += &(cells.join(",") + "\n");
        }
        let (first, second) = (Place::new(), Place::new());
        // Some names are refused, like those of spaces alone.
        if first.csv(&text).is_ok() {
            second.csv(csv(first.open())).unwrap();
            prop_assert!(std::fs::read(first.out()).unwrap() == std::fs::read(second.out()).unwrap());
        }
    }
}
