//! Tables as they are uploaded.

use std::io::Cursor;

use hanami_dataset::{Dataset, DatasetError, Part, convert_csv};

use crate::file;
use crate::idx::export;

/// What is converted is a sound dataset; exported and converted again it is the same, byte for byte.
pub(crate) fn run(bytes: &[u8]) {
    let out = file::path("csv");
    match convert_csv(Cursor::new(bytes), &out) {
        Ok(summary) => {
            let dataset = Dataset::open(&out).expect("what was converted opens");
            dataset.verify().expect("what was converted is whole");
            assert!(dataset.info().summary() == summary, "the file says what was told");
            let table = export(dataset, Part::Input);
            let first = std::fs::read(&out).expect("it is there");
            convert_csv(Cursor::new(&table), &out).expect("what was exported can be uploaded");
            let second = std::fs::read(&out).expect("it is there");
            assert!(first == second, "and is the same dataset");
        }
        Err(DatasetError::Csv { line, .. }) => {
            let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
            assert!(line <= lines as u64 + 1, "line {line} of {lines}");
        }
        Err(error) => panic!("a user's mistake is told as such: {error}"),
    }
}
