//! How large a template may be.

/// Upper bounds of a template, checked before memory is taken for what exceeds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text in bytes.
    pub text_bytes: usize,
    /// Number of bricks.
    pub bricks: usize,
    /// `number_of_neurons` of one brick.
    pub neurons_per_brick: u32,
    /// Sum of `number_of_neurons` over all bricks.
    pub neurons: u64,
    /// Largest x, y and z of a position.
    pub coordinate: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_bytes: 64 * 1024,
            bricks: 256,
            neurons_per_brick: 65_536,
            neurons: 262_144,
            coordinate: 1_000_000,
        }
    }
}
