//! How many websockets, and followed tasks, each user has open: nobody takes them all.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// The open websockets and followed tasks of each user.
#[derive(Default)]
pub(crate) struct Seats(Mutex<HashMap<String, u32>>);

/// The right of a user to one of them, given back when dropped.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    user: String,
}

impl Seats {
    /// One more for `user`, if they have fewer than `limit`.
    pub(crate) fn take(self: &Arc<Self>, user: &str, limit: u32) -> Option<Seat> {
        let mut taken = self.0.lock();
        let count = taken.get(user).copied().unwrap_or(0);
        if count >= limit {
            return None;
        }
        taken.insert(user.to_owned(), count + 1);
        Some(Seat { seats: self.clone(), user: user.to_owned() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock();
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
        let seats = Arc::new(Seats::default());
        let first = seats.take("anna", 2).unwrap();
        let second = seats.take("anna", 2);
        assert!(second.is_some() && seats.take("anna", 2).is_none());
        let berts = seats.take("bert", 2);
        assert!(berts.is_some());
        drop(first);
        assert!(seats.take("anna", 2).is_some());
        drop((second, berts));
        assert!(seats.0.lock().is_empty());
    }
}
