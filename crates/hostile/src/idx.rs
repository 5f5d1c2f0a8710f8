//! Images and labels as they are uploaded.

use std::path::Path;

use hanami_dataset::{Dataset, DatasetError, Export, Part, convert_mnist};

use crate::file;

/// Two files as one case: the length of the first (u32, little endian), the first, the second.
#[must_use]
pub fn pair(images: &[u8], labels: &[u8]) -> Vec<u8> {
    [&(images.len() as u32).to_le_bytes(), images, labels].concat()
}

/// What is converted reads back as the same two files.
pub(crate) fn run(bytes: &[u8]) {
    let Some((length, files)) = bytes.split_first_chunk() else {
        return;
    };
    let length = u32::from_le_bytes(*length) as usize;
    let (images, labels) = files.split_at(length.min(files.len()));
    let (disk, out) = (file::disk(), Path::new(file::PATH));
    let (image_bytes, label_bytes) = (images.len() as u64, labels.len() as u64);
    let converted = convert_mnist(images, image_bytes, labels, label_bytes, &disk, out);
    match converted {
        Ok(summary) => {
            let dataset = Dataset::open(&disk, out).expect("what was converted opens");
            dataset.verify().expect("what was converted is whole");
            assert!(dataset.info().summary() == summary, "the file says what was told");
            assert!(export(dataset, Part::Input) == images, "the images come back");
            let dataset = Dataset::open(&disk, out).expect("it opens once more");
            assert!(export(dataset, Part::Label) == labels, "the labels come back");
        }
        Err(DatasetError::Idx { offset, .. }) => {
            assert!(offset <= images.len().max(labels.len()) as u64, "the place is in a file");
        }
        Err(error) => panic!("a user's mistake is told as such: {error}"),
    }
}

/// All of a part of a dataset, as a file.
pub(crate) fn export(dataset: Dataset, part: Part) -> Vec<u8> {
    let mut export = Export::new(dataset, part).expect("it has this part");
    let mut file = Vec::new();
    while let Some(piece) = export.next_piece().expect("a sound dataset can be read") {
        file.extend(piece);
    }
    file
}
