use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use hanami_dataset::{Batch, BrickShape, DatasetError, IdxFile, IdxProblem, Sampler, Summary};
use hanami_disk::Disk;

use crate::common::{Place, idx, small_mnist};

#[test]
fn converts_images_and_labels() {
    let place = Place::new();
    let (images, labels) = small_mnist();
    let summary = place.mnist(&images, &labels).unwrap();
    assert_eq!(summary, Summary { rows: 3, inputs: 4, outputs: 10 });
    let dataset = place.open();
    dataset.verify().unwrap();
    assert_eq!(dataset.info().summary(), summary);
    assert_eq!(place.files(), ["dataset"]);
}

#[test]
fn labels_above_nine_make_more_classes() {
    let place = Place::new();
    let images = idx(&[2, 1, 1], &[5, 6]);
    let summary = place.mnist(&images, &idx(&[2], &[0, 255])).unwrap();
    assert_eq!(summary.outputs, 256);
    assert_eq!(place.open().info().summary().outputs, 256);
}

/// Converts and expects a mistake, which must leave no file behind.
#[track_caller]
fn refused(images: &[u8], labels: &[u8]) -> (IdxFile, u64, IdxProblem, String) {
    let place = Place::new();
    let error = place.mnist(images, labels).unwrap_err();
    assert_eq!(place.files(), [""; 0]);
    let message = error.to_string();
    let DatasetError::Idx { file, offset, problem } = error else {
        panic!("{message}");
    };
    (file, offset, problem, message)
}

#[test]
fn swapped_files_are_refused() {
    let (images, labels) = small_mnist();
    let (file, offset, problem, message) = refused(&labels, &images);
    assert_eq!((file, offset), (IdxFile::Images, 0));
    let (found, expected) = (0x0000_0801, 0x0000_0803);
    assert_eq!(problem, IdxProblem::Magic { found, expected });
    assert_eq!(
        message,
        "images file, byte 0: the file begins with 0x00000801 instead of 0x00000803; give an IDX \
         file of bytes, and the images and the labels each in their place"
    );
}

#[test]
fn compressed_files_are_refused() {
    let (images, _) = small_mnist();
    let (file, offset, problem, _) = refused(&images, &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    assert_eq!((file, offset, problem), (IdxFile::Labels, 0, IdxProblem::Compressed));
}

#[test]
fn truncated_headers_are_refused() {
    let (images, labels) = small_mnist();
    for length in 0..16 {
        let (file, offset, problem, _) = refused(&images[..length], &labels);
        let expected = (IdxFile::Images, length as u64, IdxProblem::TruncatedHeader);
        assert_eq!((file, offset, problem), expected);
    }
}

#[test]
fn empty_datasets_are_refused() {
    let (file, offset, problem, _) = refused(&idx(&[0, 2, 2], &[]), &idx(&[0], &[]));
    let expected = (IdxFile::Images, 4, IdxProblem::Empty(IdxFile::Images));
    assert_eq!((file, offset, problem), expected);
}

#[test]
fn images_without_pixels_are_refused() {
    let (_, labels) = small_mnist();
    let (height, width) = (0, 2);
    let (file, offset, problem, _) = refused(&idx(&[3, height, width], &[]), &labels);
    let expected = (IdxFile::Images, 8, IdxProblem::NoPixels { height, width });
    assert_eq!((file, offset, problem), expected);
}

#[test]
fn images_of_overflowing_size_are_refused() {
    let (_, labels) = small_mnist();
    for (height, width) in [(1024, 1025), (u32::MAX, u32::MAX)] {
        let (_, offset, problem, _) = refused(&idx(&[u32::MAX, height, width], &[]), &labels);
        let limit = 1 << 20;
        let expected = IdxProblem::TooManyPixels { height, width, limit };
        assert_eq!((offset, problem), (8, expected));
    }
}

#[test]
fn short_and_long_files_are_refused() {
    let (images, labels) = small_mnist();
    let (file, offset, problem, message) = refused(&images[..20], &labels);
    let expected = IdxProblem::Length { expected: 28, found: 20 };
    assert_eq!((file, offset, problem), (IdxFile::Images, 20, expected));
    assert_eq!(
        message,
        "images file, byte 20: by its header the file has 28 bytes, but it has 20; upload it \
         completely and unchanged"
    );
    let longer = [&labels[..], b"?"].concat();
    let (file, offset, problem, _) = refused(&images, &longer);
    let expected = IdxProblem::Length { expected: 11, found: 12 };
    assert_eq!((file, offset, problem), (IdxFile::Labels, 11, expected));
}

#[test]
fn a_source_that_ends_early_is_refused() {
    let place = Place::new();
    let (images, labels) = small_mnist();
    let error = hanami_dataset::convert_mnist(
        &images[..20],
        28,
        &labels[..],
        11,
        &Disk::real(),
        &place.out(),
    );
    let message = error.unwrap_err().to_string();
    assert!(
        message.starts_with("images file, byte 20: by its header the file has 28 bytes"),
        "{message}"
    );
    assert_eq!(place.files(), [""; 0]);
}

#[test]
fn one_label_per_image_is_needed() {
    let (images, _) = small_mnist();
    let (file, offset, problem, _) = refused(&images, &idx(&[2], &[1, 2]));
    let expected = IdxProblem::Count { labels: 2, images: 3 };
    assert_eq!((file, offset, problem), (IdxFile::Labels, 4, expected));
}

/// A file of the published MNIST dataset, as it lies in the repository.
fn published(name: &str) -> Vec<u8> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/mnist");
    let file = File::open(directory.join(name)).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_published_training_set_arrives_unchanged() {
    let place = Place::new();
    let images = published("train-images-idx3-ubyte.gz");
    let labels = published("train-labels-idx1-ubyte.gz");
    let summary = place.mnist(&images, &labels).unwrap();
    assert_eq!(summary, Summary { rows: 60_000, inputs: 784, outputs: 10 });

    let dataset = place.open();
    dataset.verify().unwrap();
    let input = BrickShape { name: "any", width: 784 };
    let output = BrickShape { name: "other", width: 10 };
    let sampler = Sampler::new(dataset.info(), &[input], &[output]).unwrap();
    assert_eq!(sampler.steps(), 60_000);
    let mut batch = Batch::default();
    let mut row = 0;
    while row < sampler.steps() {
        let end = sampler.steps().min(row + 256);
        sampler.read(&dataset, row..end, &mut batch).unwrap();
        for step in 0..batch.len {
            let at = row as usize + step;
            let pixels = images[16 + at * 784..][..784].iter();
            assert!(
                pixels.map(|pixel| f32::from(*pixel)).eq(batch.input(step).iter().copied()),
                "row {at}"
            );
            let mut target = [0.0; 10];
            target[usize::from(labels[8 + at])] = 1.0;
            assert_eq!(batch.target(step), target, "row {at}");
        }
        row = end;
    }
}
