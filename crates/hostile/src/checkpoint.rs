//! Files of checkpoints as they are uploaded.

use hanami_engine::read_checkpoint;
use hanami_network::Network;
use hanami_network::template::Template;

use crate::snapshot;

/// Bytes before the template.
const HEADER: usize = 32;
/// The checksum at the end.
const CHECKSUM: usize = 4;

/// What is accepted is the file's own text and network, they fit together, and the network works.
/// Tried as it is, and with lengths and checksums put right.
pub(crate) fn run(bytes: &[u8]) {
    read(bytes);
    let mut sound = bytes.to_vec();
    if put_right(&mut sound) {
        read(&sound);
    }
}

fn read(bytes: &[u8]) {
    let checkpoint = match read_checkpoint(bytes.to_vec()) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            assert!(error.at <= bytes.len(), "{error}");
            return;
        }
    };
    let start = HEADER + checkpoint.template.len();
    let end = bytes.len() - CHECKSUM;
    assert!(checkpoint.template.as_bytes() == &bytes[HEADER..start], "the file's template");
    assert!(checkpoint.network == bytes[start..end], "the file's network");
    let template = Template::parse_accepted(&checkpoint.template).expect("its template is valid");
    let network = Network::from_bytes(&checkpoint.network).expect("its network can be read");
    assert_eq!(network.steps(), checkpoint.steps);
    assert!(network.template().bricks == template.bricks, "template and network fit together");
    snapshot::read(&checkpoint.network);
}

/// Puts right magic, version, the length of the network, the network's own frame, and the checksum;
/// false if the template is longer than the file.
fn put_right(bytes: &mut [u8]) -> bool {
    let Some(end) = bytes.len().checked_sub(CHECKSUM).filter(|end| *end >= HEADER) else {
        return false;
    };
    bytes[..8].copy_from_slice(b"HANAMICP");
    bytes[8..12].copy_from_slice(&1_u32.to_le_bytes());
    let template = u32::from_le_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]) as usize;
    let Some(length) = (end - HEADER).checked_sub(template) else {
        return false;
    };
    bytes[24..HEADER].copy_from_slice(&(length as u64).to_le_bytes());
    snapshot::put_right(&mut bytes[HEADER + template..end]);
    let checksum = crc32fast::hash(&bytes[..end]);
    bytes[end..].copy_from_slice(&checksum.to_le_bytes());
    true
}
