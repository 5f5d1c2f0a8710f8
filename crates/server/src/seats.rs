//! Room for what lasts longer than a request is read and answered: so much of it at the same time,
//! and less for each user, so that nobody takes it all.

use std::collections::HashMap;
use std::sync::Arc;

use hanami_api::ErrorCode;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;

/// The seats for one kind of thing.
pub(crate) struct Seats {
    /// What has a seat, for messages.
    what: &'static str,
    total: u32,
    for_each: u32,
    free: Arc<Semaphore>,
    taken: Mutex<HashMap<String, u32>>,
}

/// A seat of a user, given back when dropped.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    user: String,
    _permit: OwnedSemaphorePermit,
}

impl Seats {
    /// `total` seats for `what`, of which a user gets `for_each` at most.
    pub(crate) fn new(what: &'static str, total: u32, for_each: u32) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(total as usize));
        Arc::new(Self { what, total, for_each, free, taken: Mutex::default() })
    }

    /// One more for `user`.
    pub(crate) fn take(self: &Arc<Self>, user: &str) -> Result<Seat, ApiError> {
        let Self { what, total, for_each, .. } = **self;
        let mut taken = self.taken.lock();
        let count = taken.get(user).copied().unwrap_or(0);
        if count >= for_each {
            let detail = format!("you have {for_each} {what}, which is the limit for a user");
            return Err(ApiError::new(ErrorCode::TooMany, detail));
        }
        let permit = self.free.clone().try_acquire_owned().map_err(|_| {
            let detail = format!("there are {total} {what}, which is the limit for all users");
            ApiError::new(ErrorCode::TooMany, detail)
        })?;
        taken.insert(user.to_owned(), count + 1);
        drop(taken);
        Ok(Seat { seats: self.clone(), user: user.to_owned(), _permit: permit })
    }

    /// Waits until all seats are free, and lets nobody take one any more.
    pub(crate) async fn close(&self) {
        if let Ok(all) = self.free.acquire_many(self.total).await {
            all.forget();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock();
        if let Some(count) = taken.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_has_their_own_seats_and_gets_them_back() {
        let seats = Seats::new("things", 3, 2);
        let first = seats.take("anna").unwrap();
        let second = seats.take("anna").unwrap();
        let refused = seats.take("anna").err().unwrap();
        assert!(refused.detail().contains("you have 2 things"), "{}", refused.detail());
        let third = seats.take("bert").unwrap();
        let refused = seats.take("carl").err().unwrap();
        assert!(refused.detail().contains("there are 3 things"), "{}", refused.detail());
        drop(first);
        drop(seats.take("carl").unwrap());
        drop((seats.take("anna").unwrap(), second, third));
        assert!(seats.taken.lock().is_empty());
    }

    #[tokio::test]
    async fn they_close_when_all_are_free() {
        let seats = Seats::new("things", 2, 2);
        let seat = seats.take("anna").unwrap();
        let closing = tokio::spawn({
            let seats = seats.clone();
            async move { seats.close().await }
        });
        drop(seat);
        closing.await.unwrap();
        assert!(seats.take("anna").is_err());
    }
}
