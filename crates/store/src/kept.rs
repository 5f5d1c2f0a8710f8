//! What was read from the store, kept as long as nobody writes to it.
//!
//! A value belongs to the store's revision that was asked for *before* the value was read, and
//! counts only while that is the revision still. So no race can keep a value that is out of date:
//! if somebody has written while it was read, it belongs to a revision that is over already. The
//! revision changes with every transaction, before its answer leaves.
//!
//! It counts for a second at most, so that what is changed behind the server's back, in its
//! database, is seen as well.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long a value counts.
const LIFETIME: Duration = Duration::from_secs(1);

/// Values by their keys.
#[derive(Debug)]
pub struct Kept<K, V> {
    entries: Mutex<HashMap<K, Entry<V>>>,
    limit: usize,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    revision: u64,
    since: Instant,
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    /// Room for so many values.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { entries: Mutex::default(), limit }
    }

    /// The value of `key`, if it is what the store holds at `revision`, the present one.
    pub fn find(&self, key: &K, revision: u64) -> Option<V> {
        let entries = self.entries.lock();
        let entry = entries.get(key)?;
        let counts = entry.revision == revision && entry.since.elapsed() < LIFETIME;
        counts.then(|| entry.value.clone())
    }

    /// Keeps a value that was read after the store had this `revision`. When there is no room, all
    /// others are forgotten: they would not count for long anyway.
    pub fn keep(&self, key: K, revision: u64, value: V) {
        let mut entries = self.entries.lock();
        if entries.len() >= self.limit && !entries.contains_key(&key) {
            entries.clear();
        }
        entries.insert(key, Entry { value, revision, since: Instant::now() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewUser, Store};

    #[test]
    fn a_value_counts_at_its_revision_only() {
        let kept = Kept::new(2);
        kept.keep("anna", 1, "member");
        assert_eq!(kept.find(&"anna", 1), Some("member"));
        assert_eq!(kept.find(&"bert", 1), None);
        assert_eq!(kept.find(&"anna", 2), None);
        kept.keep("anna", 2, "admin");
        assert_eq!(kept.find(&"anna", 2), Some("admin"));
    }

    #[test]
    fn a_value_counts_for_a_second() {
        let kept = Kept::new(2);
        kept.keep("anna", 1, "member");
        kept.entries.lock().get_mut("anna").unwrap().since -= LIFETIME;
        assert_eq!(kept.find(&"anna", 1), None);
    }

    #[test]
    fn there_is_never_more_than_the_limit() {
        let kept = Kept::new(2);
        for key in [1, 2, 2, 1] {
            kept.keep(key, 1, "value");
        }
        assert_eq!((kept.find(&1, 1), kept.find(&2, 1)), (Some("value"), Some("value")));
        kept.keep(3, 1, "value");
        assert_eq!(kept.entries.lock().len(), 1);
        assert_eq!(kept.find(&3, 1), Some("value"));
    }

    #[tokio::test]
    async fn what_is_read_while_somebody_writes_does_not_count() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let kept = Kept::new(2);
        let revision = store.revision();
        let read = store.users().await.unwrap().len();
        let new = NewUser {
            id: "anna".into(),
            name: "Anna".into(),
            password_hash: "hash".into(),
            is_admin: true,
            creator_id: "anna".into(),
        };
        store.create_user(new).await.unwrap();
        // Only now the reader comes to keep what it has read.
        kept.keep("users", revision, read);
        assert_eq!(kept.find(&"users", store.revision()), None);

        let revision = store.revision();
        kept.keep("users", revision, store.users().await.unwrap().len());
        assert_eq!(kept.find(&"users", store.revision()), Some(1));
    }
}
