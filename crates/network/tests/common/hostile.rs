//! What happens to bytes that may be anything: the fuzzer's target, and that of a test.

use hanami_network::Network;

/// Bytes before the content of a snapshot: magic, version, length.
const HEADER: usize = 20;
/// The checksum behind it.
const CHECKSUM: usize = 4;

/// Reads bytes as a snapshot, once as they are and once with length and checksum put right, so that
/// what is behind these is tried, too. Whatever is accepted has to work.
pub(crate) fn load(bytes: &[u8]) {
    read(bytes);
    let mut sound = bytes.to_vec();
    if put_right(&mut sound) {
        read(&sound);
    }
}

/// Makes magic, length and checksum those of a snapshot. False if there are too few bytes.
pub(crate) fn put_right(bytes: &mut [u8]) -> bool {
    let Some(length) = bytes.len().checked_sub(HEADER + CHECKSUM) else {
        return false;
    };
    bytes[..8].copy_from_slice(b"HANAMINW");
    bytes[12..HEADER].copy_from_slice(&(length as u64).to_le_bytes());
    let end = HEADER + length;
    let checksum = crc32fast::hash(&bytes[HEADER..end]);
    bytes[end..].copy_from_slice(&checksum.to_le_bytes());
    true
}

/// Reads bytes as they are; whatever is accepted has to work.
pub(crate) fn read(bytes: &[u8]) {
    match Network::from_foreign_bytes(bytes) {
        Ok(network) => try_out(network),
        Err(error) => assert!(error.at() <= bytes.len().max(HEADER), "{error}"),
    }
}

/// Answers are finite, it learns, and it can be written and read again.
fn try_out(mut network: Network) {
    // A template may have a million neurons; trying them all takes too long.
    if network.input_width() + network.output_width() > 4096 {
        return;
    }
    let input = vec![1.5; network.input_width()];
    let target = vec![1.0; network.output_width()];
    let mut output = target.clone();
    let mut course = network.course();
    for _ in 0..3 {
        network.predict_next(&mut course, &input, &mut output).expect("as wide as the network");
        assert!(output.iter().all(|value| value.is_finite()), "{output:?}");
        network.train(&input, &target, &mut output).expect("as wide as the network");
        assert!(output.iter().all(|value| value.is_finite()), "{output:?}");
    }
    let bytes = network.to_bytes();
    let copy = Network::from_bytes(&bytes).expect("what was written can be read");
    assert!(copy.to_bytes() == bytes, "and is the same");
}
