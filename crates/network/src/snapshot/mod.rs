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
mod remembered;
mod write;

use thiserror::Error;

use crate::layout::BuildError;
use crate::network::Network;
use crate::room::MAX_SECTION_BYTES;
use read::Reader;
use write::Writer;

const MAGIC: [u8; 8] = *b"HANAMINW";
const VERSION: u32 = 3;
/// The oldest version that can be read. It tells of an inner brick's blocks instead of its neurons,
/// and when the averages were made, and lacks what came later.
const OLDEST: u32 = 2;
/// Bytes before the content.
const HEADER: usize = 20;
/// Bytes after the content.
const CHECKSUM: usize = 4;
/// What the sections of a network from elsewhere may take, and what for each byte of the snapshot.
const FOREIGN_ROOM: usize = 64 << 20;
const FOREIGN_ROOM_PER_BYTE: usize = 64;

/// Why bytes are no network.
#[derive(Debug, Error, Clone, PartialEq)]
#[non_exhaustive]
pub enum SnapshotError {
    /// They don't start like a snapshot.
    #[error("this is no snapshot of a network")]
    NotASnapshot,
    /// A format that this version does not read.
    #[error(
        "the snapshot has format version {0}; this program reads versions {OLDEST} to {VERSION}"
    )]
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

impl SnapshotError {
    /// Offset in the bytes at which they stop to be a snapshot.
    #[must_use]
    pub fn at(&self) -> usize {
        match self {
            Self::NotASnapshot => 0,
            Self::Version(_) => MAGIC.len(),
            Self::Length { .. } => HEADER - 8,
            Self::Checksum | Self::Template(_) => HEADER,
            Self::Content { at, .. } => HEADER + at,
        }
    }
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
        read(bytes, MAX_SECTION_BYTES)
    }

    /// The same for bytes from elsewhere, which somebody may have written by hand: sections may
    /// take 64 MiB, and 64 bytes for each of these bytes, instead of [`MAX_SECTION_BYTES`] whatever
    /// the bytes. To find the sections of a block takes a table, which a few bytes can make long;
    /// in a network that has learned something, the sections themselves take most.
    ///
    /// # Errors
    /// As [`Network::from_bytes`], and if the sections would take more.
    pub fn from_foreign_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let room = FOREIGN_ROOM.saturating_add(FOREIGN_ROOM_PER_BYTE.saturating_mul(bytes.len()));
        read(bytes, room.min(MAX_SECTION_BYTES))
    }
}

/// Reads a network whose sections may take `room` bytes.
fn read(bytes: &[u8], room: usize) -> Result<Network, SnapshotError> {
    let mut header = Reader::new(bytes, VERSION, room);
    if header.array::<8>().ok() != Some(MAGIC) {
        return Err(SnapshotError::NotASnapshot);
    }
    let version = header.u32().map_err(|_| SnapshotError::NotASnapshot)?;
    if !(OLDEST..=VERSION).contains(&version) {
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
    let mut reader = Reader::new(content, version, room);
    let network = reader.network()?;
    reader.end()?;
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::MAX_STEPS;
    use crate::template::{Settings, Template};

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
            if let Ok(network) = Network::from_bytes(&wild) {
                assert_works(network);
            }
        }
    }

    /// A network must answer with finite numbers, learn, and be readable again.
    fn assert_works(mut network: Network) {
        let mut output = vec![0.0; network.output_width()];
        let input = vec![1.0; network.input_width()];
        let target = vec![1.0; network.output_width()];
        for _ in 0..3 {
            network.predict(&input, &mut output).unwrap();
            assert!(output.iter().all(|value| value.is_finite()), "{output:?}");
            network.train(&input, &target, &mut output).unwrap();
            assert!(output.iter().all(|value| value.is_finite()), "{output:?}");
            network = Network::from_bytes(&network.to_bytes()).unwrap();
        }
    }

    /// A network whose output `c` is numeric, after some steps.
    fn numeric() -> Network {
        let settings = Settings { neuron_cooldown: 1.0, ..crate::test_template().settings };
        let template = Template { settings, ..crate::test_template() };
        let mut network = Network::new(&template).unwrap();
        for step in 0..40u32 {
            let input = [(step % 3) as f32, (step % 7) as f32 - 3.0, 5.0];
            network.train(&input, &[(step % 5) as f32, 0.5], &mut [0.0; 2]).unwrap();
        }
        network
    }

    #[test]
    fn a_network_from_elsewhere_takes_memory_only_in_proportion_to_its_bytes() {
        let wide = 48 << 10;
        let mut template = crate::test_template();
        for brick in [2, 3] {
            template.bricks[brick].neurons = wide;
        }
        let mut network = Network::new(&template).unwrap();
        network.inner[0].brick.open(wide as usize);
        let weights = [crate::kernel::Lane::default(); 4];
        let inner = network.inputs.len() + 1;
        let Network { outputs, room, .. } = &mut network;
        let brick = &mut outputs[0].brick;
        let source = brick.hears.iter().position(|heard| heard.place == inner).unwrap();
        for block in &mut brick.blocks {
            block.sections_from(source).add(wide - 1, &weights, true, room);
        }
        let bytes = network.to_bytes();
        assert!(network.room.taken > 200 * bytes.len() && network.room.taken > 128 << 20);
        let read = Network::from_bytes(&bytes).unwrap();
        assert_eq!(read.room.taken, network.room.taken);
        drop(read);
        let refused = Network::from_foreign_bytes(&bytes).err();
        assert!(matches!(refused, Some(SnapshotError::Content { .. })), "{refused:?}");
        let small = numeric().to_bytes();
        let read = Network::from_foreign_bytes(&small).unwrap();
        assert_eq!(read.room.limit, MAX_SECTION_BYTES);
        assert!(read.to_bytes() == small);
    }

    #[test]
    fn counts_that_nobody_can_reach_stay_where_they_are() {
        let mut network = numeric();
        network.steps = MAX_STEPS;
        network.seen.new = MAX_STEPS;
        for output in &mut network.outputs {
            output.output.seen = MAX_STEPS;
        }
        let mut read = Network::from_bytes(&network.to_bytes()).unwrap();
        read.train(&[3.0; 3], &[0.5; 2], &mut [0.0; 2]).unwrap();
        assert_eq!(Network::from_bytes(&read.to_bytes()).unwrap().steps, MAX_STEPS);
    }

    #[test]
    fn a_level_that_no_numbers_have_is_an_error() {
        for (mean, variance) in [(1e200, 0.0), (0.0, 1e200), (f64::NAN, 1.0), (0.0, -1.0)] {
            let mut network = numeric();
            let level = &mut network.outputs[0].output.levels[0];
            (level.mean, level.variance) = (mean, variance);
            let read = Network::from_bytes(&network.to_bytes());
            assert!(matches!(read, Err(SnapshotError::Content { .. })), "{mean} {variance}");
        }
    }

    #[test]
    fn an_energy_that_was_never_measured_is_an_error() {
        let mut network = numeric();
        (network.inner[0].brick.energy, network.inner[0].brick.measured) = (f32::MAX, 0);
        let read = Network::from_bytes(&network.to_bytes());
        assert!(matches!(read, Err(SnapshotError::Content { .. })));
    }

    #[test]
    fn potentials_and_weights_beyond_all_that_is_learned_work_or_are_an_error() {
        for potential in [f32::MAX, 1e31, 1e30, -1e30, 1e20] {
            let mut network = numeric();
            network.inner[0].spiking.as_mut().unwrap().potentials.fill(potential);
            for sections in network.inner[0].brick.sections_mut() {
                sections.regrow(0, || 1e20);
                sections.regrow(1, || -1e20);
            }
            let read = Network::from_bytes(&network.to_bytes());
            assert_eq!(read.is_err(), potential.abs() > 1e30, "{potential}");
            if let Ok(network) = read {
                assert_works(network);
            }
        }
    }
}
