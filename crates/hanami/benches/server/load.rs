//! Load: clients that ask again as soon as they have their answer, and what they saw.

use std::time::{Duration, Instant};

/// How long each measurement takes, after a short time to get warm.
pub(crate) const TIME: Duration = Duration::from_secs(4);
const WARM_UP: Duration = Duration::from_millis(500);

/// What one or several clients saw.
pub(crate) struct Figures {
    /// Answers per second, of all clients together.
    pub(crate) per_second: f64,
    microseconds: Vec<f64>,
}

impl Figures {
    /// Lets all clients ask at the same time; a client is one call of a closure after the other.
    pub(crate) async fn of(clients: Vec<impl AsyncFnMut()>) -> Self {
        let start = Instant::now();
        let seen =
            futures_util::future::join_all(clients.into_iter().map(|client| ask(client, start)));
        let microseconds: Vec<f64> = seen.await.into_iter().flatten().collect();
        Self::from_times(microseconds)
    }

    fn from_times(mut microseconds: Vec<f64>) -> Self {
        microseconds.sort_by(f64::total_cmp);
        let per_second = microseconds.len() as f64 / TIME.as_secs_f64();
        Self { per_second, microseconds }
    }

    /// The time in microseconds within which this share of the answers came.
    pub(crate) fn within(&self, share: f64) -> f64 {
        let place = (self.microseconds.len() as f64 * share) as usize;
        self.microseconds.get(place.min(self.microseconds.len() - 1)).copied().unwrap()
    }
}

/// Asks until the time is over; answers how long each answer took, in microseconds.
async fn ask(mut client: impl AsyncFnMut(), start: Instant) -> Vec<f64> {
    let mut microseconds = Vec::new();
    while start.elapsed() < WARM_UP + TIME {
        let asked = Instant::now();
        client().await;
        if start.elapsed() > WARM_UP {
            microseconds.push(asked.elapsed().as_nanos() as f64 / 1000.0);
        }
    }
    microseconds
}
