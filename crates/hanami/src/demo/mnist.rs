//! The handwritten digits: four IDX files, built into the binary or read from a directory.

use std::{
    fs,
    io::{ErrorKind, Read},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use flate2::read::GzDecoder;

/// A file, under the name it was published with.
struct File {
    name: &'static str,
    /// Its content, gzipped, as the binary brings it along.
    built_in: &'static [u8],
}

macro_rules! file {
    ($name:literal) => {
        File {
            name: $name,
            built_in: include_bytes!(concat!("../../../../datasets/mnist/", $name, ".gz")),
        }
    };
}

static TRAIN_IMAGES: File = file!("train-images-idx3-ubyte");
static TRAIN_LABELS: File = file!("train-labels-idx1-ubyte");
static TEST_IMAGES: File = file!("t10k-images-idx3-ubyte");
static TEST_LABELS: File = file!("t10k-labels-idx1-ubyte");

/// Most bytes that a file may have once it is unpacked: twenty times the largest of MNIST.
const MAX_FILE_BYTES: u64 = 1_000_000_000;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const IMAGES_MAGIC: u32 = 0x0803;
const IMAGES_HEADER: usize = 16;
const LABELS_MAGIC: u32 = 0x0801;
const LABELS_HEADER: usize = 8;

/// Images to learn from, and others to be tested on.
pub(super) struct Mnist {
    pub(super) train: Digits,
    pub(super) test: Digits,
}

/// Images and what they show: a pair of IDX files.
pub(super) struct Digits {
    /// The file with the images, whole.
    pub(super) images: Bytes,
    /// The file with the labels, whole.
    pub(super) labels: Bytes,
    /// Number of images.
    pub(super) count: usize,
    /// Height of an image, in pixels.
    pub(super) rows: usize,
    /// Width of an image, in pixels.
    pub(super) columns: usize,
}

impl Mnist {
    /// Reads the four files, gzipped or not, from `directory`, or else those built in.
    pub(super) fn load(directory: Option<&Path>) -> Result<Self> {
        let read = |file: &File| match directory {
            Some(directory) => read_file(directory, file.name),
            None => unpack(file.built_in),
        };
        let mnist = Self {
            train: Digits::parse(read(&TRAIN_IMAGES)?, read(&TRAIN_LABELS)?)
                .context("the images to train on")?,
            test: Digits::parse(read(&TEST_IMAGES)?, read(&TEST_LABELS)?)
                .context("the images to test on")?,
        };
        ensure!(
            mnist.train.pixels_per_image() == mnist.test.pixels_per_image(),
            "the images to train on have {} pixels each, those to test on {}",
            mnist.train.pixels_per_image(),
            mnist.test.pixels_per_image(),
        );
        Ok(mnist)
    }

    /// Number of classes: one more than the largest label.
    pub(super) fn classes(&self) -> usize {
        let labels = self.train.all_labels().iter();
        let largest = labels.chain(self.test.all_labels()).max();
        largest.map_or(0, |&label| usize::from(label) + 1)
    }
}

impl Digits {
    fn parse(images: Bytes, labels: Bytes) -> Result<Self> {
        let [count, rows, columns] = header(&images, IMAGES_MAGIC).context("the images")?;
        let [labelled] = header(&labels, LABELS_MAGIC).context("the labels")?;
        ensure!(count == labelled, "there are {count} images, but {labelled} labels");
        ensure!(count > 0 && rows > 0 && columns > 0, "there is not a single pixel");
        expect_size(&images, IMAGES_HEADER, &[count, rows, columns]).context("the images")?;
        expect_size(&labels, LABELS_HEADER, &[count]).context("the labels")?;
        Ok(Self { images, labels, count, rows, columns })
    }

    pub(super) fn pixels_per_image(&self) -> usize {
        self.rows * self.columns
    }

    /// The pixels of image `index`, row by row, 0 (paper) to 255 (ink).
    pub(super) fn pixels(&self, index: usize) -> &[u8] {
        let size = self.pixels_per_image();
        &self.images[IMAGES_HEADER + index * size..][..size]
    }

    /// What image `index` shows.
    pub(super) fn label(&self, index: usize) -> usize {
        self.all_labels()[index].into()
    }

    fn all_labels(&self) -> &[u8] {
        &self.labels[LABELS_HEADER..]
    }
}

/// The sizes in the header of an IDX file: big-endian, after the magic number.
fn header<const DIMENSIONS: usize>(file: &[u8], magic: u32) -> Result<[usize; DIMENSIONS]> {
    let mut words = file.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word));
    let found = words.next();
    ensure!(
        found == Some(magic),
        "this is no IDX file of the right kind: it should begin with {magic:#010x}"
    );
    let mut sizes = [0; DIMENSIONS];
    for size in &mut sizes {
        let word = words.next().context("the file ends in its header")?;
        *size = usize::try_from(word)?;
    }
    Ok(sizes)
}

fn expect_size(file: &[u8], header: usize, sizes: &[usize]) -> Result<()> {
    let expected = sizes
        .iter()
        .try_fold(1_usize, |product, &size| product.checked_mul(size))
        .and_then(|content| content.checked_add(header));
    ensure!(
        expected == Some(file.len()),
        "by its header the file holds {sizes:?} values, but it has {} bytes",
        file.len()
    );
    Ok(())
}

/// Reads `name` or, if there is no such file, `name.gz`.
fn read_file(directory: &Path, name: &str) -> Result<Bytes> {
    for file_name in [name.to_owned(), format!("{name}.gz")] {
        let path = directory.join(file_name);
        let content = match fs::read(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("can't read {}", path.display()));
            }
        };
        if content.starts_with(&GZIP_MAGIC) {
            return unpack(&content).with_context(|| format!("can't unpack {}", path.display()));
        }
        return Ok(content.into());
    }
    bail!("{} holds neither {name} nor {name}.gz", directory.display());
}

fn unpack(packed: &[u8]) -> Result<Bytes> {
    let mut content = Vec::new();
    GzDecoder::new(packed).take(MAX_FILE_BYTES + 1).read_to_end(&mut content)?;
    ensure!(content.len() as u64 <= MAX_FILE_BYTES, "it holds more than {MAX_FILE_BYTES} bytes");
    Ok(content.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use sha2::{Digest, Sha256};

    use super::*;

    fn idx(magic: u32, sizes: &[u32], content: &[u8]) -> Vec<u8> {
        let words = [&[magic], sizes].concat();
        let header = words.iter().flat_map(|word| word.to_be_bytes());
        header.chain(content.iter().copied()).collect()
    }

    /// A directory with two images of 1 x 2 pixels to train on and one to test on.
    fn directory() -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let write = |name, content: Vec<u8>| fs::write(directory.path().join(name), content);
        write(TRAIN_IMAGES.name, idx(IMAGES_MAGIC, &[2, 1, 2], &[1, 2, 3, 4])).unwrap();
        write(TRAIN_LABELS.name, idx(LABELS_MAGIC, &[2], &[0, 3])).unwrap();
        write(TEST_IMAGES.name, idx(IMAGES_MAGIC, &[1, 1, 2], &[5, 6])).unwrap();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&idx(LABELS_MAGIC, &[1], &[1])).unwrap();
        write("t10k-labels-idx1-ubyte.gz", gzip.finish().unwrap()).unwrap();
        directory
    }

    fn error(directory: &Path) -> String {
        format!("{:#}", Mnist::load(Some(directory)).err().unwrap())
    }

    #[test]
    fn the_files_built_in_are_those_whose_sums_are_published() {
        let sums = include_str!("../../../../datasets/mnist/SHA256SUMS");
        let files = [&TEST_IMAGES, &TEST_LABELS, &TRAIN_IMAGES, &TRAIN_LABELS];
        let ours = files.map(|file| {
            let sum = Bytes::copy_from_slice(&Sha256::digest(file.built_in));
            format!("{sum:x}  {}.gz", file.name)
        });
        assert_eq!(sums.lines().collect::<Vec<_>>(), ours);
    }

    #[test]
    fn the_files_built_in_are_mnist() {
        let mnist = Mnist::load(None).unwrap();
        assert_eq!((mnist.train.count, mnist.test.count), (60_000, 10_000));
        assert_eq!((mnist.test.rows, mnist.test.columns), (28, 28));
        assert_eq!(mnist.classes(), 10);
        assert_eq!((mnist.train.label(0), mnist.test.label(0)), (5, 7));
    }

    #[test]
    fn a_directory_may_hold_plain_and_gzipped_files() {
        let directory = directory();
        let mnist = Mnist::load(Some(directory.path())).unwrap();
        assert_eq!(mnist.train.pixels(1), [3, 4]);
        assert_eq!(mnist.test.pixels(0), [5, 6]);
        assert_eq!((mnist.train.label(1), mnist.test.label(0)), (3, 1));
        assert_eq!(mnist.classes(), 4);
    }

    #[test]
    fn a_missing_file_is_named() {
        let directory = directory();
        fs::remove_file(directory.path().join(TRAIN_LABELS.name)).unwrap();
        assert!(error(directory.path()).contains("train-labels-idx1-ubyte.gz"));
    }

    #[test]
    fn broken_files_are_refused_with_the_reason() {
        let images = |sizes: &[u32], content: &[u8]| idx(IMAGES_MAGIC, sizes, content);
        for (content, reason) in [
            (Vec::new(), "no IDX file"),
            (idx(LABELS_MAGIC, &[2], &[0, 3]), "no IDX file"),
            (images(&[2], &[]), "ends in its header"),
            (images(&[2, 1, 2], &[1, 2, 3]), "19 bytes"),
            (images(&[3, 1, 2], &[1; 6]), "3 images, but 2 labels"),
            (images(&[2, u32::MAX, u32::MAX], &[]), "16 bytes"),
            (images(&[2, 1, 3], &[1; 6]), "3 pixels each"),
            (images(&[2, 0, 3], &[]), "not a single pixel"),
            (vec![0x1f, 0x8b, 8, 0], "can't unpack"),
        ] {
            let directory = directory();
            fs::write(directory.path().join(TRAIN_IMAGES.name), content).unwrap();
            let error = error(directory.path());
            assert!(error.contains(reason), "{reason}: {error}");
        }
    }
}
