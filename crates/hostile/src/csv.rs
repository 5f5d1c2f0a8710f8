//! Tables as they are uploaded.

use std::io::Cursor;
use std::path::Path;

use hanami_dataset::{Dataset, DatasetError, Part, convert_csv};

use crate::file;
use crate::idx::export;

/// What is converted is a sound dataset; exported and converted again it is the same, byte for byte.
pub(crate) fn run(bytes: &[u8]) {
    let (disk, out) = (file::disk(), Path::new(file::PATH));
    match convert_csv(Cursor::new(bytes), &disk, out) {
        Ok(summary) => {
            let dataset = Dataset::open(&disk, out).expect("what was converted opens");
            dataset.verify().expect("what was converted is whole");
            assert!(dataset.info().summary() == summary, "the file says what was told");
            let table = export(dataset, Part::Input);
            let first = file::bytes(&disk);
            convert_csv(Cursor::new(&table), &disk, out)
                .expect("what was exported can be uploaded");
            let second = file::bytes(&disk);
            assert!(first == second, "and is the same dataset");
        }
        Err(DatasetError::Csv { line, .. }) => {
            let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
            assert!(line <= lines as u64 + 1, "line {line} of {lines}");
        }
        Err(error) => panic!("a user's mistake is told as such: {error}"),
    }
}
