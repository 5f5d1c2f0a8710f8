//! Orders that are computed.

use hanami_dataset::Permutation;
use proptest::prelude::*;

fn all(len: u64, seed: u64, number: u64) -> Vec<u64> {
    let permutation = Permutation::new(len, seed, number);
    (0..len).map(|index| permutation.at(index)).collect()
}

proptest! {
    #[test]
    fn everything_comes_once(len in 0..2000_u64, seed in any::<u64>(), number in any::<u64>()) {
        let mut found = all(len, seed, number);
        found.sort_unstable();
        prop_assert_eq!(found, (0..len).collect::<Vec<_>>());
    }

    #[test]
    fn seeds_and_numbers_give_different_orders(
        len in 50..2000_u64, seed in any::<u64>(), number in 0..1000_u64
    ) {
        let order = all(len, seed, number);
        prop_assert_eq!(&order, &all(len, seed, number));
        prop_assert_ne!(&order, &all(len, seed, number + 1));
        prop_assert_ne!(&order, &all(len, seed.wrapping_add(1), number));
        prop_assert_ne!(order, (0..len).collect::<Vec<_>>());
    }

    #[test]
    fn large_orders_stay_within_their_bounds(
        len in 1..1_u64 << 40, index in any::<u64>(), seed in any::<u64>()
    ) {
        prop_assert!(Permutation::new(len, seed, 0).at(index % len) < len);
    }
}

/// Chi-square over where each of ten things ends up; with 81 degrees of freedom, a good order
/// exceeds 150 less than once in a hundred thousand times.
#[test]
fn every_place_is_equally_likely() {
    let (len, orders) = (10, 20_000);
    let mut counts = vec![0_f64; len * len];
    for seed in 0..orders {
        for (index, place) in all(len as u64, seed, 7).into_iter().enumerate() {
            counts[index * len + place as usize] += 1.0;
        }
    }
    let expected = orders as f64 / len as f64;
    let chi_square: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
    assert!(chi_square < 150.0, "{chi_square}");
}
