//! MNIST: a file of images and a file of labels, both IDX.
//!
//! An IDX file begins with two zero bytes, the type of its values (8 = unsigned byte) and the
//! number of its dimensions; then come the sizes of the dimensions, big-endian, then the values.

use std::io::{self, Read};
use std::path::Path;

use hanami_disk::Disk;

use crate::error::{DatasetError, IdxFile, IdxProblem};
use crate::info::{Column, Element, Kind, Summary};
use crate::writer::Writer;

/// Largest image in pixels.
const MAX_PIXELS: u64 = 1 << 20;
/// Classes there are at least, even if no label shows the highest ones.
const MIN_CLASSES: u32 = 10;
const CHUNK_BYTES: usize = 64 * 1024;
/// Magic number of a file of unsigned bytes without dimensions; add their number.
const MAGIC: u32 = 0x0000_0800;

const IMAGES: usize = 0;
const LABELS: usize = 1;

/// Converts MNIST files of `image_bytes` and `label_bytes` bytes to a dataset file at `out` on `disk`.
///
/// Takes constant memory. `out` is there completely afterwards, or not at all; a crash may leave a
/// `.dataset-*.tmp` beside it.
///
/// # Errors
/// [`DatasetError::Idx`] for what is wrong with the files, [`DatasetError::Io`] otherwise.
pub fn convert_mnist(
    images: impl Read,
    image_bytes: u64,
    labels: impl Read,
    label_bytes: u64,
    disk: &Disk,
    out: &Path,
) -> Result<Summary, DatasetError> {
    let (mut images, [image_count, height, width]) =
        Idx::open(images, image_bytes, IdxFile::Images)?;
    let pixels = pixels(height, width)?;
    images.check_length(u64::from(image_count) * u64::from(pixels))?;
    let (mut labels, [label_count]) = Idx::open(labels, label_bytes, IdxFile::Labels)?;
    labels.check_length(u64::from(label_count))?;
    if label_count != image_count {
        let problem = IdxProblem::Count { labels: label_count, images: image_count };
        return Err(invalid(IdxFile::Labels, 4, problem));
    }

    let columns = vec![
        Column::new("images", Element::Pixels { count: pixels, width }),
        Column::new("labels", Element::Class { count: MIN_CLASSES }),
    ];
    let mut writer = Writer::create(disk, out, Kind::Mnist, u64::from(image_count), columns)?;
    images.for_each_chunk(|bytes| writer.append(IMAGES, bytes))?;
    let mut classes = MIN_CLASSES;
    labels.for_each_chunk(|bytes| {
        let highest = bytes.iter().max().copied().unwrap_or_default();
        classes = classes.max(u32::from(highest) + 1);
        writer.append(LABELS, bytes)
    })?;
    writer.info.columns[LABELS].element = Element::Class { count: classes };
    Ok(writer.finish()?.summary())
}

/// The header of a file of unsigned bytes with these sizes of its dimensions.
pub(crate) fn header(sizes: &[u32]) -> Vec<u8> {
    let magic = MAGIC + sizes.len() as u32;
    std::iter::once(&magic).chain(sizes).flat_map(|number| number.to_be_bytes()).collect()
}

fn pixels(height: u32, width: u32) -> Result<u32, DatasetError> {
    let pixels = u64::from(height) * u64::from(width);
    let problem = match pixels {
        0 => IdxProblem::NoPixels { height, width },
        1..=MAX_PIXELS => return Ok(pixels as u32),
        _ => IdxProblem::TooManyPixels { height, width, limit: MAX_PIXELS },
    };
    Err(invalid(IdxFile::Images, 8, problem))
}

/// An IDX file whose header is read.
struct Idx<R> {
    source: io::Take<R>,
    file: IdxFile,
    /// Bytes of the whole file.
    bytes: u64,
}

impl<R: Read> Idx<R> {
    /// Reads the header of a file with `N` dimensions.
    fn open<const N: usize>(
        source: R,
        bytes: u64,
        file: IdxFile,
    ) -> Result<(Self, [u32; N]), DatasetError> {
        let mut idx = Idx { source: source.take(bytes), file, bytes };
        let found = idx.number()?;
        let expected = MAGIC + N as u32;
        if found >> 16 == 0x1f8b {
            return Err(invalid(file, 0, IdxProblem::Compressed));
        }
        if found != expected {
            return Err(invalid(file, 0, IdxProblem::Magic { found, expected }));
        }
        let mut sizes = [0; N];
        for size in &mut sizes {
            *size = idx.number()?;
        }
        if sizes[0] == 0 {
            return Err(invalid(file, 4, IdxProblem::Empty(file)));
        }
        Ok((idx, sizes))
    }

    /// Compares the length of the file with the values that it should have behind its header.
    fn check_length(&self, values: u64) -> Result<(), DatasetError> {
        let (expected, found) = (self.offset() + values, self.bytes);
        if expected == found {
            return Ok(());
        }
        let problem = IdxProblem::Length { expected, found };
        Err(invalid(self.file, expected.min(found), problem))
    }

    /// Reads a number of the header.
    fn number(&mut self) -> Result<u32, DatasetError> {
        let mut bytes = [0; 4];
        match self.source.read_exact(&mut bytes) {
            Ok(()) => Ok(u32::from_be_bytes(bytes)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(invalid(self.file, self.offset(), IdxProblem::TruncatedHeader))
            }
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// Goes through all values.
    fn for_each_chunk(
        &mut self,
        mut visit: impl FnMut(&[u8]) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        let mut chunk = vec![0; CHUNK_BYTES];
        while self.source.limit() > 0 {
            match self.source.read(&mut chunk) {
                Ok(0) => {
                    let found = self.offset();
                    let problem = IdxProblem::Length { expected: self.bytes, found };
                    return Err(invalid(self.file, found, problem));
                }
                Ok(count) => visit(&chunk[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.unreadable(error)),
            }
        }
        Ok(())
    }

    fn offset(&self) -> u64 {
        self.bytes - self.source.limit()
    }

    fn unreadable(&self, error: io::Error) -> DatasetError {
        DatasetError::io(format!("read the {} file", self.file))(error)
    }
}

fn invalid(file: IdxFile, offset: u64, problem: IdxProblem) -> DatasetError {
    DatasetError::Idx { file, offset, problem }
}
