//! Who has tried too many wrong passwords, and has to wait.
//!
//! Bad tries are counted for each pair of user id and client address, so that a stranger can't lock
//! a user out from elsewhere, and, with a larger limit, for each address. Whether there is such a
//! user makes no difference. A count begins with its first bad try and ends with its window.
//!
//! Memory is bounded: beyond [`MAX_COUNTS`], the counts that end first give way.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Tries of an address for each try of a pair: an office behind one address has several users.
const ADDRESS_FACTOR: u32 = 10;

/// Most counts that are kept.
const MAX_COUNTS: usize = 16 * 1024;

/// Whose tries a count holds: those of an address for a user id, or for any.
type Key = (Option<String>, IpAddr);

struct Count {
    bad_tries: u32,
    ends: Instant,
}

/// The bad tries of late.
pub(crate) struct Throttle {
    tries: u32,
    window: Duration,
    counts: Mutex<HashMap<Key, Count>>,
}

impl Throttle {
    /// Allows `tries` bad tries within `window`.
    pub(crate) fn new(tries: NonZeroU32, window: Duration) -> Self {
        Self { tries: tries.get(), window, counts: Mutex::default() }
    }

    /// How long to wait before `address` may try to be `user`; `None` if not at all.
    pub(crate) fn wait(&self, user: &str, address: IpAddr, now: Instant) -> Option<Duration> {
        let address = network(address);
        let counts = self.counts.lock();
        let left = |user: Option<&str>, limit: u32| {
            let count = counts.get(&(user.map(str::to_owned), address))?;
            let is_full = count.bad_tries >= limit && count.ends > now;
            is_full.then(|| count.ends - now)
        };
        let pair = left(Some(user), self.tries);
        pair.max(left(None, self.tries.saturating_mul(ADDRESS_FACTOR)))
    }

    /// Notes that `address` has tried to be `user` with a wrong password.
    pub(crate) fn failed(&self, user: &str, address: IpAddr, now: Instant) {
        let address = network(address);
        let mut counts = self.counts.lock();
        for key in [(Some(user.to_owned()), address), (None, address)] {
            if counts.len() >= MAX_COUNTS && !counts.contains_key(&key) {
                make_room(&mut counts, now);
            }
            let fresh = || Count { bad_tries: 0, ends: now + self.window };
            let count = counts.entry(key).or_insert_with(fresh);
            if count.ends <= now {
                *count = fresh();
            }
            count.bad_tries = count.bad_tries.saturating_add(1);
        }
    }

    /// Notes that `address` is `user`: their bad tries are forgotten.
    pub(crate) fn succeeded(&self, user: &str, address: IpAddr) {
        self.counts.lock().remove(&(Some(user.to_owned()), network(address)));
    }
}

/// Removes what has ended or, if that is nothing, the quarter that ends first.
fn make_room(counts: &mut HashMap<Key, Count>, now: Instant) {
    counts.retain(|_, count| count.ends > now);
    if counts.len() < MAX_COUNTS {
        return;
    }
    let mut ends: Vec<Instant> = counts.values().map(|count| count.ends).collect();
    let (_, &mut quarter, _) = ends.select_nth_unstable(MAX_COUNTS / 4);
    counts.retain(|_, count| count.ends > quarter);
}

/// What counts as one address: with IPv6 a client has a whole network of 64 bits to itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_mins(5);

    fn throttle() -> Throttle {
        Throttle::new(NonZeroU32::MIN.saturating_add(2), WINDOW)
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn a_pair_waits_after_its_tries_until_its_window_ends() {
        let (throttle, start) = (throttle(), Instant::now());
        for second in 0..3 {
            let now = start + Duration::from_secs(second);
            assert_eq!(throttle.wait("anna", address(1), now), None);
            throttle.failed("anna", address(1), now);
        }
        let now = start + Duration::from_secs(100);
        assert_eq!(throttle.wait("anna", address(1), now), Some(Duration::from_secs(200)));
        assert_eq!(throttle.wait("anna", address(2), now), None, "from elsewhere");
        assert_eq!(throttle.wait("bert", address(1), now), None, "another user");
        assert_eq!(throttle.wait("anna", address(1), start + WINDOW), None);
        throttle.failed("anna", address(1), start + WINDOW);
        assert_eq!(throttle.wait("anna", address(1), start + WINDOW), None, "a new window");
    }

    #[test]
    fn a_success_forgets_the_bad_tries_of_the_pair() {
        let (throttle, now) = (throttle(), Instant::now());
        for _ in 0..2 {
            throttle.failed("anna", address(1), now);
        }
        throttle.succeeded("anna", address(1));
        throttle.failed("anna", address(1), now);
        assert_eq!(throttle.wait("anna", address(1), now), None);
    }

    #[test]
    fn an_address_waits_after_ten_times_as_many_whoever_it_tries_to_be() {
        let (throttle, now) = (throttle(), Instant::now());
        for id in 0..30 {
            assert_eq!(throttle.wait("carl", address(1), now), None, "{id}");
            throttle.failed(&format!("user{id}"), address(1), now);
        }
        assert_eq!(throttle.wait("carl", address(1), now), Some(WINDOW));
        throttle.succeeded("user0", address(1));
        assert_eq!(throttle.wait("carl", address(1), now), Some(WINDOW));
        assert_eq!(throttle.wait("carl", address(2), now), None);
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        let (throttle, now) = (throttle(), Instant::now());
        for last in 0..3 {
            let address = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last);
            throttle.failed("anna", address.into(), now);
        }
        let neighbour = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 9, 9, 9, 9).into();
        let stranger = Ipv6Addr::new(0x2001, 0xdb8, 0, 2, 0, 0, 0, 1).into();
        assert!(throttle.wait("anna", neighbour, now).is_some());
        assert!(throttle.wait("anna", stranger, now).is_none());
        let mapped: IpAddr = Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201).into();
        assert_eq!(network(mapped), address(1));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_give_way() {
        let (throttle, start) = (throttle(), Instant::now());
        for _ in 0..3 {
            throttle.failed("first", address(1), start);
        }
        for number in 0..MAX_COUNTS as u32 {
            let address = IpAddr::from(number.to_be_bytes());
            throttle.failed("anna", address, start + Duration::from_millis(1 + u64::from(number)));
            assert!(throttle.counts.lock().len() <= MAX_COUNTS);
        }
        assert_eq!(throttle.wait("first", address(1), start), None);

        // What has ended gives way before anything that counts.
        let later = start + 2 * WINDOW;
        for number in 0..MAX_COUNTS as u32 / 2 {
            throttle.failed("bert", IpAddr::from(number.to_be_bytes()), later);
        }
        assert_eq!(throttle.counts.lock().len(), MAX_COUNTS);
        assert!(throttle.counts.lock().values().all(|count| count.ends > later));
    }
}
