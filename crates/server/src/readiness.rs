//! Whether the server can serve at present.
//!
//! Everyone may ask, and the answer takes a write to the disk; so it is found out once a second at
//! most, however many ask.

use std::time::{Duration, Instant};

use hanami_api::ErrorCode;
use hanami_store::{Store, StoreError};
use tokio::sync::Mutex;

use crate::error::ApiError;

/// How long a finding holds.
const FRESH: Duration = Duration::from_secs(1);

/// How long the store may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The last finding: when, and what is in the way, if anything.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, Option<Obstacle>)>>);

/// What is in the way, as a client is told.
type Obstacle = (ErrorCode, String);

impl Readiness {
    /// Fails if `store` does not answer, or can't write.
    pub(crate) async fn check(&self, store: &Store) -> Result<(), ApiError> {
        let mut last = self.0.lock().await;
        let obstacle = match &*last {
            Some((at, obstacle)) if at.elapsed() < FRESH => obstacle.clone(),
            _ => {
                let obstacle = obstacle(store).await;
                *last = Some((Instant::now(), obstacle.clone()));
                obstacle
            }
        };
        match obstacle {
            None => Ok(()),
            Some((code, obstacle)) => Err(ApiError::new(code, obstacle)),
        }
    }
}

/// What keeps `store` from working. Of the machine's own no more is told than the log knows.
async fn obstacle(store: &Store) -> Option<Obstacle> {
    let unavailable = |detail: &str| Some((ErrorCode::Unavailable, detail.to_owned()));
    match tokio::time::timeout(PATIENCE, store.check()).await {
        Ok(Ok(())) => None,
        Ok(Err(error @ StoreError::Full)) => Some((ErrorCode::StorageFull, error.to_string())),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            unavailable("the data directory can't be read or written; the log says why")
        }
        Err(_) => unavailable("the data directory does not answer within 5 seconds"),
    }
}
