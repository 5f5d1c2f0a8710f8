//! Datasets in a directory of their own.

use std::io::Cursor;
use std::path::PathBuf;

use hanami_dataset::{Dataset, DatasetError, Summary, convert_csv, convert_mnist};
use hanami_disk::Disk;
use tempfile::TempDir;

/// A directory for the dataset file of one test.
pub(crate) struct Place {
    directory: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Place { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.directory.path().join("dataset")
    }

    pub(crate) fn csv(&self, text: impl AsRef<[u8]>) -> Result<Summary, DatasetError> {
        convert_csv(Cursor::new(text.as_ref()), &Disk::real(), &self.out())
    }

    pub(crate) fn mnist(&self, images: &[u8], labels: &[u8]) -> Result<Summary, DatasetError> {
        convert_mnist(
            images,
            images.len() as u64,
            labels,
            labels.len() as u64,
            &Disk::real(),
            &self.out(),
        )
    }

    pub(crate) fn open(&self) -> Dataset {
        Dataset::open(&Disk::real(), &self.out()).unwrap()
    }

    /// Names of all files in the directory.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        let name = |entry: std::fs::DirEntry| entry.file_name().into_string().unwrap();
        entries.map(|entry| name(entry.unwrap())).collect()
    }
}

/// An IDX file of bytes.
pub(crate) fn idx(sizes: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, sizes.len() as u8];
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes.extend(values);
    bytes
}

/// Three images of 2 x 2 pixels with the labels 1, 9 and 0.
pub(crate) fn small_mnist() -> (Vec<u8>, Vec<u8>) {
    let pixels = [0, 1, 2, 3, 10, 11, 12, 13, 252, 253, 254, 255];
    (idx(&[3, 2, 2], &pixels), idx(&[3], &[1, 9, 0]))
}

/// The numbers of a column, read as a request would read them.
pub(crate) fn column(dataset: &Dataset, name: &str) -> Vec<f32> {
    use hanami_dataset::{Batch, BrickShape, Sampler};
    let brick = BrickShape { name, width: 1 };
    let sampler = Sampler::new(dataset.info(), &[brick], &[]).unwrap();
    let mut batch = Batch::default();
    sampler.read(dataset, 0..sampler.steps(), &mut batch).unwrap();
    batch.inputs
}
