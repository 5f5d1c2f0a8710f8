//! Sizes that both sides of the interface rely on.

use serde::{Deserialize, Serialize};

/// Most bytes of data in one chunk of an upload that the SDK sends.
pub const UPLOAD_CHUNK_BYTES: usize = 128 * 1024;

/// Largest file that may be declared for an upload, in bytes.
pub const MAX_UPLOAD_BYTES: u64 = 10_000_000_000;

/// Length of ids and names, in characters.
pub const ID_LENGTH: std::ops::RangeInclusive<usize> = 4..=256;

/// Length of passwords, in characters.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=4096;

/// A number of things that are asked for at once, 1 to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct AtMost<const MAX: u32>(u32);

impl<const MAX: u32> AtMost<MAX> {
    /// `count`, or the nearest number that is allowed.
    #[must_use]
    pub fn clamped(count: u32) -> Self {
        Self(count.clamp(1, MAX))
    }
}

impl<const MAX: u32> From<AtMost<MAX>> for u32 {
    fn from(count: AtMost<MAX>) -> Self {
        count.0
    }
}

impl<const MAX: u32> TryFrom<u32> for AtMost<MAX> {
    type Error = String;

    fn try_from(count: u32) -> Result<Self, String> {
        if (1..=MAX).contains(&count) {
            return Ok(Self(count));
        }
        Err(format!("must be 1 to {MAX}, not {count}"))
    }
}
