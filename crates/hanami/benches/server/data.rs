//! Data that costs nothing to make, of the size of what people use.

/// The template that MNIST is trained with.
pub(crate) const DIGITS: &str = "\
version: 1
bricks:
    1,1,1
        input: pixels
        number_of_neurons: 784
    2,1,1
        number_of_neurons: 400
    3,1,1
        output: digit
        number_of_neurons: 10
";

/// Values of one image.
pub(crate) const PIXELS: usize = 784;

/// Numbers that look random and are the same each time (xorshift64).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// An image with about as many dark pixels as a digit has.
    pub(crate) fn image(&mut self) -> Vec<u8> {
        (0..PIXELS)
            .map(|_| if self.next().is_multiple_of(5) { self.next() as u8 } else { 0 })
            .collect()
    }
}

/// An MNIST dataset of `count` random images: the two IDX files.
pub(crate) fn images(count: u32) -> (Vec<u8>, Vec<u8>) {
    let mut numbers = Numbers::new();
    let side = 28_u32.to_be_bytes();
    let mut images = [[0, 0, 8, 3], count.to_be_bytes(), side, side].concat();
    let mut labels = [[0, 0, 8, 1], count.to_be_bytes()].concat();
    for _ in 0..count {
        images.extend(numbers.image());
        labels.push((numbers.next() % 10) as u8);
    }
    // Ten classes, whatever was drawn.
    labels[8..18].copy_from_slice(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    (images, labels)
}
