//! How many requests a second each user may send: a token bucket per user that holds one second's
//! worth of requests.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use hanami_api::ErrorCode;

use crate::error::ApiError;

/// After so many requests, users whose buckets are full again are forgotten.
const CLEAN_EVERY: u32 = 1024;

type Buckets<C> =
    RateLimiter<String, HashMapStateStore<String>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts the requests of each user.
pub(crate) struct UserRates<C: Clock = DefaultClock> {
    buckets: Option<Buckets<C>>,
    clock: C,
    requests: AtomicU32,
}

impl UserRates {
    /// Lets each user send `per_second` requests a second; 0 is no limit.
    pub(crate) fn new(per_second: u32) -> Self {
        Self::with_clock(per_second, DefaultClock::default())
    }
}

impl<C: Clock + Clone> UserRates<C> {
    fn with_clock(per_second: u32, clock: C) -> Self {
        let buckets = NonZeroU32::new(per_second).map(|limit| {
            RateLimiter::new(Quota::per_second(limit), HashMapStateStore::default(), clock.clone())
        });
        Self { buckets, clock, requests: AtomicU32::new(0) }
    }

    /// Takes a request of `user` from their bucket, or says when there will be one again.
    pub(crate) fn take(&self, user: &str) -> Result<(), ApiError> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        if self.requests.fetch_add(1, Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            buckets.retain_recent();
        }
        buckets.check_key(&user.to_owned()).map_err(|early| {
            let wait = early.wait_time_from(self.clock.now());
            let limit = early.quota().burst_size();
            let detail = format!("you sent too many requests; the limit is {limit} a second");
            ApiError::new(ErrorCode::TooMany, detail).retry_after(wait)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn each_user_has_a_second_s_worth_of_requests_that_comes_back() {
        let clock = FakeRelativeClock::default();
        let rates = UserRates::with_clock(2, clock.clone());
        for _ in 0..2 {
            rates.take("anna").unwrap();
        }
        let error = rates.take("anna").unwrap_err();
        assert_eq!(error.code(), ErrorCode::TooMany);
        rates.take("bert").unwrap();
        clock.advance(Duration::from_millis(500));
        rates.take("anna").unwrap();
        rates.take("anna").unwrap_err();
    }

    #[test]
    fn users_that_send_nothing_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let rates = UserRates::with_clock(2, clock.clone());
        for user in 0..CLEAN_EVERY - 1 {
            rates.take(&user.to_string()).unwrap();
        }
        clock.advance(Duration::from_secs(2));
        rates.take("anna").unwrap();
        assert_eq!(rates.buckets.unwrap().len(), 1);
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let rates = UserRates::new(0);
        assert!((0..10_000).all(|_| rates.take("anna").is_ok()));
    }
}
