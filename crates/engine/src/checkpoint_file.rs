//! The file that a checkpoint travels in from one server to another: `docs/formats/checkpoint.md`.
//!
//! All numbers are little endian:
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 8 | `HANAMICP` |
//! | 8 | 4 | version of the format: 1 |
//! | 12 | 4 | length of the template, t |
//! | 16 | 8 | training steps that the network has taken |
//! | 24 | 8 | length of the network, n |
//! | 32 | t | the text of the template, UTF-8 |
//! | 32 + t | n | the network, as [`Network::to_bytes`] writes it |
//! | 32 + t + n | 4 | CRC-32 of all before |

use hanami_network::Network;
use hanami_network::template::Template;

const MAGIC: [u8; 8] = *b"HANAMICP";
const VERSION: u32 = 1;
const VERSION_AT: usize = 8;
const STEPS_AT: usize = 16;
/// Bytes before the template.
const HEADER: usize = 32;
/// Bytes after the network.
pub(crate) const CHECKSUM: usize = 4;

/// Why bytes are no file of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint is not valid at byte {at}: {what}")]
pub struct CheckpointFileError {
    /// Offset in the file.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

/// What stands in the file before the network, whose length is `network` bytes.
pub(crate) fn head(template: &str, steps: u64, network: u64) -> Vec<u8> {
    let mut head = Vec::with_capacity(HEADER + template.len());
    head.extend(MAGIC);
    head.extend(VERSION.to_le_bytes());
    head.extend((template.len() as u32).to_le_bytes());
    head.extend(steps.to_le_bytes());
    head.extend(network.to_le_bytes());
    head.extend(template.as_bytes());
    head
}

/// What is in a file that was read.
#[derive(Debug)]
pub struct CheckpointFile {
    /// The text of the template.
    pub template: String,
    /// Training steps that the network has taken.
    pub steps: u64,
    /// The bytes of the network, which can be read.
    pub network: Vec<u8>,
}

/// Reads a file. It is refused unless all of it fits together and the network works.
///
/// # Errors
/// Where the file is wrong, and why.
pub fn read_checkpoint(mut bytes: Vec<u8>) -> Result<CheckpointFile, CheckpointFileError> {
    let Lengths { template, steps } = lengths(&bytes)?;
    let end = bytes.len() - CHECKSUM;
    let (content, checksum) = bytes.split_at(end);
    if checksum != crc32fast::hash(content).to_le_bytes() {
        return invalid(end, "the checksum is wrong: the file was damaged or changed");
    }
    let (text, network_bytes) = content[HEADER..].split_at(template);
    let text = std::str::from_utf8(text);
    let text = text.or_else(|error| invalid(HEADER + error.valid_up_to(), "no UTF-8 text"))?;
    let parsed = Template::parse_accepted(text)
        .or_else(|error| invalid(HEADER, format!("the template can't be read: {error}")))?;
    let start = HEADER + template;
    let network = Network::from_foreign_bytes(network_bytes)
        .or_else(|error| invalid(start + error.at(), error.to_string()))?;
    if network.template().bricks != parsed.bricks {
        return invalid(HEADER, "the template has not the bricks of the network");
    }
    if network.steps() != steps {
        let taken = network.steps();
        return invalid(STEPS_AT, format!("{steps} steps, but the network has taken {taken}"));
    }
    let template = text.to_owned();
    bytes.truncate(end);
    bytes.drain(..start);
    Ok(CheckpointFile { template, steps, network: bytes })
}

/// The numbers at the front of a file, as far as they are needed.
struct Lengths {
    template: usize,
    steps: u64,
}

/// Reads the front of a file, and makes sure that the file is as long as it says.
fn lengths(bytes: &[u8]) -> Result<Lengths, CheckpointFileError> {
    if !bytes.starts_with(&MAGIC) {
        return invalid(0, "this is no file of a checkpoint");
    }
    if bytes.len() < HEADER + CHECKSUM {
        return invalid(bytes.len(), "the file ends too early");
    }
    let (words, _) = bytes[VERSION_AT..HEADER].as_chunks::<4>();
    let word = |index: usize| u32::from_le_bytes(words[index]);
    let long = |index: usize| u64::from(word(index + 1)) << 32 | u64::from(word(index));
    let (version, template, steps, network) = (word(0), word(1), long(2), long(4));
    if version != VERSION {
        let what = format!("version {version} of the format; this server reads version {VERSION}");
        return invalid(VERSION_AT, what);
    }
    let expected = (HEADER + CHECKSUM) as u64 + u64::from(template);
    let expected = expected.saturating_add(network);
    if expected != bytes.len() as u64 {
        let (at, found) = (expected.min(bytes.len() as u64) as usize, bytes.len());
        return invalid(at, format!("the file should have {expected} bytes, but has {found}"));
    }
    Ok(Lengths { template: template as usize, steps })
}

fn invalid<T>(at: usize, what: impl Into<String>) -> Result<T, CheckpointFileError> {
    Err(CheckpointFileError { at, what: what.into() })
}
