//! `enable_reduction`: which sections are hardly used.

/// Training steps between two passes over the sections.
pub(crate) const REDUCED_EVERY: u64 = 1024;

/// How much a section was used: every step that changes its weights adds one, every pass takes one,
/// and without any left it is deleted. One that got to [`Uses::PERMANENT`] stays for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Uses(pub(crate) u8);

impl Uses {
    /// What a new section starts with.
    pub(crate) const NEW: Self = Self(5);
    /// From here on a section stays.
    pub(crate) const PERMANENT: Self = Self(10);

    pub(crate) fn add(&mut self) {
        if *self != Self::PERMANENT {
            self.0 += 1;
        }
    }

    /// Takes one use, unless permanent; true if none is left.
    pub(crate) fn wane(&mut self) -> bool {
        if *self != Self::PERMANENT {
            self.0 -= 1;
        }
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_sections_wane_and_used_ones_stay() {
        let mut unused = Uses::NEW;
        assert!(!(0..4).any(|_| unused.wane()));
        assert!(unused.wane());

        let mut used = Uses::NEW;
        (0..5).for_each(|_| used.add());
        assert!(!(0..1000).any(|_| used.wane()));
    }
}
