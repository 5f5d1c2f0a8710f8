//! What was done, counted by kind.

use std::collections::BTreeMap;

/// Counts by kind of operation.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally(pub(super) BTreeMap<&'static str, u64>);

impl Tally {
    /// One more of this kind.
    pub(crate) fn count(&mut self, word: &'static str) {
        *self.0.entry(word).or_default() += 1;
    }

    /// Adds what another one counted, which begins anew.
    pub(crate) fn take(&mut self, other: &mut Self) {
        add(&mut self.0, std::mem::take(&mut other.0));
    }
}

/// Adds counts to others of the same kinds.
pub(crate) fn add<K: Ord>(sum: &mut BTreeMap<K, u64>, other: BTreeMap<K, u64>) {
    for (kind, count) in other {
        *sum.entry(kind).or_default() += count;
    }
}
