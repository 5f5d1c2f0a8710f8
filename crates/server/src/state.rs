//! What all handlers share.

use std::sync::Arc;

use hanami_engine::Engine;
use hanami_store::Store;
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;

use crate::passwords::PasswordChecks;
use crate::settings::Settings;
use crate::tokens::Tokens;

/// Handle to the parts of a running server.
pub(crate) type AppState = Arc<Shared>;

/// The parts of a running server.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) tokens: Tokens,
    pub(crate) passwords: PasswordChecks,
    /// The handlers that run; the server does not stop before them.
    pub(crate) handlers: TaskTracker,
    /// One permit for each websocket whose client may be about to say who it is.
    pub(crate) newcomers: Arc<Semaphore>,
    /// One permit for each websocket that may be open.
    pub(crate) websockets: Arc<Semaphore>,
    /// One permit for each upload or download over plain HTTP that may be under way.
    pub(crate) transfers: Arc<Semaphore>,
    /// Becomes true when the server stops; every websocket watches it.
    pub(crate) stopping: watch::Sender<bool>,
    /// Changes with users and their places in projects; every websocket then looks whether its
    /// user still has theirs.
    pub(crate) places: watch::Sender<()>,
}

impl Shared {
    /// To be called when a user, a project or a membership was changed or deleted.
    pub(crate) fn places_changed(&self) {
        self.places.send_replace(());
    }
}
