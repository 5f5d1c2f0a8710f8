//! Sizes that both sides of the interface rely on.

/// Most bytes of data in one chunk of an upload that the SDK sends.
pub const UPLOAD_CHUNK_BYTES: usize = 128 * 1024;

/// Largest file that may be declared for an upload, in bytes.
pub const MAX_UPLOAD_BYTES: u64 = 10_000_000_000;

/// Length of ids and names, in characters.
pub const ID_LENGTH: std::ops::RangeInclusive<usize> = 4..=256;

/// Length of passwords, in characters.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=4096;
