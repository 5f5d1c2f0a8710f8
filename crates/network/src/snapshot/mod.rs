//! A network as bytes.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `HANAMINW` |
//! | 4 | version of the format, little-endian like all numbers |
//! | 8 | length of the content |
//! | n | the content: the template, then everything that learning changed |
//! | 4 | CRC-32 of the content |
//!
//! A network that is read back goes on bit for bit as if it had never stopped. Reading trusts nothing:
//! every length is compared with the bytes that are left before memory is taken, every index is
//! checked, and what can't be is an error.

mod read;
mod write;

use thiserror::Error;

use crate::layout::BuildError;
use crate::network::Network;
use read::Reader;
use write::Writer;

const MAGIC: [u8; 8] = *b"HANAMINW";
const VERSION: u32 = 2;
/// Bytes before the content.
const HEADER: usize = 20;
/// Bytes after the content.
const CHECKSUM: usize = 4;

/// Why bytes are no network.
#[derive(Debug, Error, Clone, PartialEq)]
#[non_exhaustive]
pub enum SnapshotError {
    /// They don't start like a snapshot.
    #[error("this is no snapshot of a network")]
    NotASnapshot,
    /// A format that this version does not read.
    #[error("the snapshot has format version {0}; this program reads version {VERSION}")]
    Version(u32),
    /// Bytes are missing or too many.
    #[error("the snapshot should be {expected} bytes long, but is {found}: it was cut or damaged")]
    Length {
        /// What its header says.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// The content does not match its checksum.
    #[error("the snapshot is damaged: its checksum is wrong")]
    Checksum,
    /// The checksum is right, but the content is not one that a network writes.
    #[error("the snapshot is not valid at byte {at}: {what}")]
    Content {
        /// Offset in the content.
        at: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The template in it can't be built.
    #[error("the template in the snapshot is not valid")]
    Template(#[from] BuildError),
}

impl Network {
    /// The whole network as bytes: template, weights, kept samples, the state of chance.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.bytes.extend(MAGIC);
        writer.u32(VERSION);
        writer.u64(0);
        writer.network(self);
        let mut bytes = writer.bytes;
        let length = (bytes.len() - HEADER) as u64;
        bytes[HEADER - 8..HEADER].copy_from_slice(&length.to_le_bytes());
        let checksum = crc32fast::hash(&bytes[HEADER..]);
        bytes.extend(checksum.to_le_bytes());
        bytes
    }

    /// The network that [`Network::to_bytes`] wrote.
    ///
    /// # Errors
    /// If the bytes are no whole, undamaged snapshot that this version can read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut header = Reader::new(bytes);
        if header.array::<8>().ok() != Some(MAGIC) {
            return Err(SnapshotError::NotASnapshot);
        }
        let version = header.u32().map_err(|_| SnapshotError::NotASnapshot)?;
        if version != VERSION {
            return Err(SnapshotError::Version(version));
        }
        let length = header.u64().map_err(|_| SnapshotError::NotASnapshot)?;
        let expected = length.saturating_add((HEADER + CHECKSUM) as u64);
        let found = bytes.len() as u64;
        if expected != found {
            return Err(SnapshotError::Length { expected, found });
        }
        let (content, checksum) = bytes[HEADER..].split_at(bytes.len() - HEADER - CHECKSUM);
        if checksum != crc32fast::hash(content).to_le_bytes() {
            return Err(SnapshotError::Checksum);
        }
        let mut reader = Reader::new(content);
        let network = reader.network()?;
        reader.end()?;
        Ok(network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_checksums_do_not_make_wild_content_valid() {
        let template = crate::test_template();
        let mut network = Network::new(&template).unwrap();
        for step in 0..40u32 {
            let input = [(step % 3) as f32, (step % 7) as f32 - 3.0, 5.0];
            network.train(&input, &[(step % 2) as f32, 0.5], &mut [0.0; 2]).unwrap();
        }
        let bytes = network.to_bytes();
        let mut rng = crate::rng::Rng::new(1);
        for _ in 0..20_000 {
            let mut wild = bytes.clone();
            for _ in 0..=rng.below(3) {
                let at = HEADER + rng.below((bytes.len() - HEADER - CHECKSUM) as u32) as usize;
                wild[at] = match rng.below(3) {
                    0 => 0xff,
                    1 => 0,
                    _ => rng.below(256) as u8,
                };
            }
            let end = wild.len() - CHECKSUM;
            let checksum = crc32fast::hash(&wild[HEADER..end]);
            wild[end..].copy_from_slice(&checksum.to_le_bytes());
            // Whatever is accepted must work.
            if let Ok(mut network) = Network::from_bytes(&wild) {
                let mut output = vec![0.0; network.output_width()];
                let input = vec![1.0; network.input_width()];
                let target = vec![1.0; network.output_width()];
                for _ in 0..3 {
                    network.train(&input, &target, &mut output).unwrap();
                }
                assert!(output.iter().all(|value| value.is_finite()));
            }
        }
    }
}
