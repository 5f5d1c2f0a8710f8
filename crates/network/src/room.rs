//! How much memory the sections of a network may take.

/// Bytes of sections at which a network stops to grow; it goes on learning with what it has.
///
/// Limits of bricks and neurons can't see to that: two bricks of 65,536 neurons are small, but 34 GB
/// of synapses lie between them if all of them fire. What is reserved for the next rows does not
/// count, at most an eighth more; nor does the one row of a block for the constant signal, which is
/// always made: without it a neuron could not even learn how often it is right.
pub const MAX_SECTION_BYTES: usize = 1 << 30;

/// The bytes that the sections of a network take, and may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Room {
    pub(crate) taken: usize,
    pub(crate) limit: usize,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self { taken: 0, limit: MAX_SECTION_BYTES }
    }

    /// Whether nothing may be added.
    pub(crate) fn is_full(&self) -> bool {
        self.taken >= self.limit
    }

    /// Whether so many bytes may be added at once.
    pub(crate) fn holds(&self, bytes: usize) -> bool {
        self.taken + bytes <= self.limit
    }

    /// Whether more is taken than any network takes: the last row that it adds and the rows that are
    /// always made may lie beyond the limit, but not that far.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.taken > self.limit + self.limit / 8
    }
}
