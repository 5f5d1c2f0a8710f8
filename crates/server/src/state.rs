//! What all handlers share.

use std::sync::Arc;

use hanami_engine::Engine;
use hanami_store::Store;
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;

use crate::auth::TokenOwners;
use crate::metrics::Metrics;
use crate::passwords::PasswordChecks;
use crate::policy::LivePolicy;
use crate::rates::UserRates;
use crate::readiness::Readiness;
use crate::routes::ClusterLists;
use crate::seats::Seats;
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
    /// One permit for each byte of a body that is in memory.
    pub(crate) bodies: Arc<Semaphore>,
    /// One permit for each websocket whose client may be about to say who it is.
    pub(crate) newcomers: Arc<Semaphore>,
    /// For each websocket that is open, and for each client that follows a task.
    pub(crate) websockets: Arc<Seats>,
    /// For each upload and download over plain HTTP that is under way.
    pub(crate) transfers: Arc<Seats>,
    /// Becomes true when the server stops; every websocket, every upload and every client that
    /// follows a task watches it.
    pub(crate) stopping: watch::Sender<bool>,
    /// Changes with users, their places in projects and the policy; whatever outlives its request
    /// then looks whether its user still has their place and may still do this.
    pub(crate) places: watch::Sender<()>,
}

impl Shared {
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
