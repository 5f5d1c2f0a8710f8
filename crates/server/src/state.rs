//! What all handlers share.

use std::sync::Arc;

use hanami_api::ErrorCode;
use hanami_engine::Engine;
use hanami_store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::task::TaskTracker;

use crate::auth::TokenOwners;
use crate::error::ApiError;
use crate::metrics::Metrics;
use crate::passwords::PasswordChecks;
use crate::policy::LivePolicy;
use crate::rates::UserRates;
use crate::readiness::Readiness;
use crate::routes::ClusterLists;
use crate::seats::{Seat, Seats};
use crate::settings::Settings;
use crate::throttle::Throttle;
use crate::tokens::Tokens;

/// Handle to the parts of a running server.
pub(crate) type AppState = Arc<Shared>;

/// The parts of a running server.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) tokens: Tokens,
    pub(crate) owners: TokenOwners,
    pub(crate) cluster_lists: ClusterLists,
    pub(crate) passwords: PasswordChecks,
    pub(crate) policy: LivePolicy,
    pub(crate) rates: UserRates,
    pub(crate) throttle: Throttle,
    pub(crate) metrics: Metrics,
    pub(crate) readiness: Readiness,
    /// The handlers that run; the server does not stop before them.
    pub(crate) handlers: TaskTracker,
    /// One permit for each websocket whose client may be about to say who it is.
    pub(crate) newcomers: Arc<Semaphore>,
    /// One permit for each websocket that may be open, and for each client that may follow a task.
    pub(crate) websockets: Arc<Semaphore>,
    /// The same for each user.
    pub(crate) seats: Arc<Seats>,
    /// One permit for each upload or download over plain HTTP that may be under way.
    pub(crate) transfers: Arc<Semaphore>,
    /// Becomes true when the server stops; every websocket, every upload and every client that
    /// follows a task watches it.
    pub(crate) stopping: watch::Sender<bool>,
    /// Changes with users, their places in projects and the policy; whatever outlives its request
    /// then looks whether its user still has their place and may still do this.
    pub(crate) places: watch::Sender<()>,
}

/// Room for a websocket, or for what is as lasting; given back when dropped.
pub(crate) struct Room {
    _permit: OwnedSemaphorePermit,
    _seat: Seat,
}

impl Shared {
    /// Room for one more websocket of `user`, or for what is as lasting.
    pub(crate) fn room(&self, user: &str) -> Result<Room, ApiError> {
        let limit = self.settings.user_websockets.get();
        let seat = self.seats.take(user, limit).ok_or_else(|| {
            let detail = format!(
                "you have {limit} websockets open or tasks followed, which is the limit for a user"
            );
            ApiError::new(ErrorCode::TooMany, detail)
        })?;
        let permit = self.websockets.clone().try_acquire_owned().map_err(|_| {
            let limit = self.settings.max_websockets;
            let detail =
                format!("{limit} websockets are open or tasks followed, which is the limit");
            ApiError::new(ErrorCode::TooMany, detail)
        })?;
        Ok(Room { _permit: permit, _seat: seat })
    }

    /// To be called when a user, a project or a membership was changed or deleted, or the policy.
    pub(crate) fn places_changed(&self) {
        self.places.send_replace(());
    }
}

/// Waits for the server to stop.
pub(crate) async fn stop(stopping: &mut watch::Receiver<bool>) {
    // Fails when the sender is gone, which is the end of the server too.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
