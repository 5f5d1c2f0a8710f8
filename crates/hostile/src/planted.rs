//! A reader with a bug, to see that the search finds bugs.
//!
//! It reads `HNMP`, a version, a length, and so many bytes. In version 2, and only there, it
//! believes the length.

/// Reads such bytes; panics where the bug is.
pub(crate) fn run(bytes: &[u8]) {
    let Some((magic, rest)) = bytes.split_first_chunk::<4>() else {
        return;
    };
    let (b"HNMP", [version, length, body @ ..]) = (magic, rest) else {
        return;
    };
    let length = usize::from(*length);
    let content = match version {
        2 => Some(&body[..length]),
        _ => body.get(..length),
    };
    std::hint::black_box(content);
}
