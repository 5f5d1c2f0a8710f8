//! All output values of a request, kept beside its answers when a task asks for them.
//!
//! They are one blob: the length of its head (u32), the head, which is JSON and tells the bricks,
//! then row after row the values of all bricks (f32); little endian.

use hanami_dataset::BrickShape;
use hanami_store::{Access, BlobReader};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::host::blocking;

/// Bytes of a value.
const VALUE_BYTES: u64 = 4;
/// Bytes of the length of the head.
const LENGTH_BYTES: u64 = 4;
/// Values that are handed out at once, at most.
const MAX_VALUES: u64 = 1 << 20;

/// An output brick, as it was when its values were kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputBrick {
    /// Its name.
    pub name: String,
    /// Its number of values.
    pub width: u64,
}

/// Begins the blob of the outputs of `rows` rows of a network with these output bricks.
///
/// # Errors
/// [`EngineError::TooLarge`] when it would hold more than `limit` bytes of values.
pub(crate) fn begin(
    bricks: &[BrickShape<'_>],
    rows: u64,
    limit: u64,
) -> Result<Vec<u8>, EngineError> {
    let head = head(bricks)?;
    let bytes = refuse_too_many(rows, bricks, limit)?;
    let mut blob = Vec::with_capacity(head.len() + bytes as usize);
    blob.extend(head);
    Ok(blob)
}

/// The bytes of such a blob, once it is complete.
///
/// # Errors
/// As [`begin`].
pub(crate) fn size(bricks: &[BrickShape<'_>], rows: u64, limit: u64) -> Result<u64, EngineError> {
    Ok(head(bricks)?.len() as u64 + refuse_too_many(rows, bricks, limit)?)
}

/// What stands before the values.
fn head(bricks: &[BrickShape<'_>]) -> Result<Vec<u8>, EngineError> {
    let bricks: Vec<_> = bricks
        .iter()
        .map(|brick| OutputBrick { name: brick.name.to_owned(), width: brick.width as u64 })
        .collect();
    let told = serde_json::to_vec(&bricks)
        .map_err(|error| EngineError::Fault(format!("the head of outputs not written: {error}")))?;
    let mut head = (told.len() as u32).to_le_bytes().to_vec();
    head.extend(told);
    Ok(head)
}

fn width(bricks: &[OutputBrick]) -> u64 {
    bricks.iter().map(|brick| brick.width).sum()
}

/// The bytes of the values of `rows` rows, if they are not too many.
fn refuse_too_many(rows: u64, bricks: &[BrickShape<'_>], limit: u64) -> Result<u64, EngineError> {
    let width: u64 = bricks.iter().map(|brick| brick.width as u64).sum();
    let bytes = rows.saturating_mul(width).saturating_mul(VALUE_BYTES);
    if bytes <= limit {
        return Ok(bytes);
    }
    Err(EngineError::TooLarge(format!(
        "{rows} rows of {width} output values are {bytes} bytes, but a result holds at most \
         {limit}; split the dataset, or leave out `full_outputs`"
    )))
}

/// The output values that were kept with a result. Reading them blocks.
#[derive(Debug)]
pub struct Outputs {
    blob: BlobReader,
    bricks: Vec<OutputBrick>,
    /// Where the first row begins.
    start: u64,
}

impl Outputs {
    pub(crate) fn open(blob: BlobReader) -> Result<Self, EngineError> {
        let damaged = |what: &str| EngineError::Fault(format!("damaged outputs: {what}"));
        let mut length = [0; LENGTH_BYTES as usize];
        blob.read_at(0, &mut length)?;
        let start = LENGTH_BYTES + u64::from(u32::from_le_bytes(length));
        if start > blob.length() {
            return Err(damaged("the head is longer than all"));
        }
        let mut head = vec![0; (start - LENGTH_BYTES) as usize];
        blob.read_at(LENGTH_BYTES, &mut head)?;
        let bricks: Vec<OutputBrick> =
            serde_json::from_slice(&head).map_err(|error| damaged(&error.to_string()))?;
        if width(&bricks) == 0 {
            return Err(damaged("bricks without values"));
        }
        Ok(Self { blob, bricks, start })
    }

    /// The output bricks in the order of their values.
    #[must_use]
    pub fn bricks(&self) -> &[OutputBrick] {
        &self.bricks
    }

    /// Number of values of a row, those of all bricks.
    #[must_use]
    pub fn width(&self) -> u64 {
        width(&self.bricks)
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        (self.blob.length() - self.start) / (self.width() * VALUE_BYTES)
    }

    /// The values of `count` rows from the row `from` on, row by row. There are fewer where they
    /// end, and where the rows have more than 1,048,576 values together; but one row at least.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn read(&self, from: u64, count: u64) -> Result<Vec<Vec<f32>>, EngineError> {
        let row_bytes = self.width() * VALUE_BYTES;
        let from = from.min(self.rows());
        let count = count.min((MAX_VALUES / self.width()).max(1)).min(self.rows() - from);
        let mut bytes = vec![0; (count * row_bytes) as usize];
        self.blob.read_at(self.start + from * row_bytes, &mut bytes)?;
        let values =
            |row: &[u8]| row.as_chunks().0.iter().map(|v| f32::from_le_bytes(*v)).collect();
        Ok(bytes.chunks_exact(row_bytes as usize).map(values).collect())
    }

    /// Reads all of them once and compares their checksum.
    pub(crate) fn verify(&mut self) -> Result<(), EngineError> {
        Ok(self.blob.verify()?)
    }
}

impl Engine {
    /// The output values of a request result, and `count` rows of them from the row `from` on.
    ///
    /// # Errors
    /// Not found; a conflict when its task was not to keep them.
    pub async fn outputs(
        &self,
        access: &Access,
        result: Uuid,
        from: u64,
        count: u64,
    ) -> Result<(Outputs, Vec<Vec<f32>>), EngineError> {
        let outputs = self.open_outputs(access, result).await?;
        blocking(move || {
            let rows = outputs.read(from, count)?;
            Ok((outputs, rows))
        })
        .await?
    }

    /// The output values of a request result.
    pub(crate) async fn open_outputs(
        &self,
        access: &Access,
        result: Uuid,
    ) -> Result<Outputs, EngineError> {
        let blob = self.shared.store.result_outputs(access, result).await?;
        blocking(move || Outputs::open(blob)).await?
    }
}
