//! A server from its start to its end.
//!
//! Start: take the port, read the policy, open the store, start the engine, make the first admin, serve. The first
//! admin comes last of what can fail, so that a made-up passphrase is never lost.
//!
//! Stop: take no more connections, tell the websockets to close, give requests that are under way
//! some time, stop the engine, which saves what is running, and wait for the requests that are left.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use hanami_engine::{Engine, EngineError, EngineSettings};
use hanami_store::{Store, StoreError};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use crate::first_admin::{self, FirstAdmin, FirstAdminError};
use crate::passwords::PasswordChecks;
use crate::policy::{LivePolicy, PolicyError};
use crate::rates::UserRates;
use crate::routes;
use crate::settings::Settings;
use crate::state::{AppState, Shared};
use crate::throttle::Throttle;
use crate::tokens::Tokens;

/// How long connections get to end when the server stops. The engine needs the rest of the ten
/// seconds that a service manager commonly grants.
const GRACE: Duration = Duration::from_secs(5);

/// How long a client may take to send the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// Websockets whose clients have not said yet who they are, at most.
const NEWCOMERS: u32 = 64;

/// Name of the secret that tokens are signed with, and its length in bytes.
const TOKEN_SECRET: (&str, usize) = ("token", 32);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be listened on.
    #[error("can't listen on {address}: {source}; choose another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The data directory can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The policy file can't be used.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The engine does not start.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// There are no users, and no first admin can be made.
    #[error(transparent)]
    FirstAdmin(#[from] FirstAdminError),
    /// Passwords can't be hashed on this system.
    #[error("passwords can't be hashed: {0}")]
    Passwords(String),
}

/// A running server. To be stopped with [`Server::stop`]; dropping it only leaves it running.
pub struct Server {
    state: AppState,
    address: SocketAddr,
    first_admin: Option<FirstAdmin>,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Starts a server. When this returns, it answers requests.
    ///
    /// # Errors
    /// When the address is taken, the policy file or the data directory can't be used, or there are
    /// no users and the wanted first admin breaks a rule.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let listen_error = |source| StartError::Listen { address: settings.listen, source };
        let listener = TcpListener::bind(settings.listen).map_err(listen_error)?;
        listener.set_nonblocking(true).map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;

        let cores = settings.cores.get() as usize;
        let policy = LivePolicy::open(settings.policy_file())?;
        let store = Store::open_with(&settings.data_dir, settings.default_quotas()).await?;
        let (name, length) = TOKEN_SECRET;
        let secret = store.secret(name, length).await?;
        let engine_settings = EngineSettings {
            cores,
            queue_limit: settings.max_queue_length.get().into(),
            result_limit: settings.max_result_rows.get().into(),
            sample_limit: settings.max_samples_per_request.get() as usize,
            save_interval: Duration::from_secs(settings.training_save_seconds.get().into()),
            journal_limit: settings.max_journal_bytes.get().into(),
        };
        let passwords =
            PasswordChecks::new(cores).map_err(|error| StartError::Passwords(error.to_string()))?;
        let engine = Engine::start(store.clone(), engine_settings).await?;
        let first_admin = match first_admin::ensure(&store, &settings.first_admin).await {
            Ok(first_admin) => first_admin,
            Err(error) => {
                engine.shutdown().await;
                return Err(error.into());
            }
        };

        let state = Arc::new(Shared {
            tokens: Tokens::new(&secret, settings.token_lifetime_seconds),
            policy,
            rates: UserRates::new(settings.user_requests_per_second),
            throttle: Throttle::new(
                settings.login_tries,
                Duration::from_secs(settings.login_window_seconds.get().into()),
            ),
            seats: Arc::default(),
            handlers: TaskTracker::new(),
            newcomers: Arc::new(Semaphore::new(NEWCOMERS as usize)),
            websockets: Arc::new(Semaphore::new(settings.max_websockets.get() as usize)),
            stopping: watch::Sender::new(false),
            places: watch::Sender::new(()),
            settings,
            store,
            engine,
            passwords,
        });
        let follower = state.clone();
        state.handlers.spawn(async move {
            let stopping = follower.stopping.subscribe();
            follower.policy.follow(stopping, || follower.places_changed()).await;
        });
        let handle = Handle::new();
        let serving = tokio::spawn(serve(listener, handle.clone(), state.clone()));
        tracing::info!(%address, "listening");
        Ok(Self { state, address, first_admin, handle, serving })
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The first admin, if this start made one up.
    #[must_use]
    pub fn first_admin(&self) -> Option<&FirstAdmin> {
        self.first_admin.as_ref()
    }

    /// Stops the server. When this returns, everything acknowledged is on the disk and the data
    /// directory is free.
    pub async fn stop(self) {
        let websockets = self.state.settings.max_websockets.get();
        self.state.stopping.send_replace(true);
        self.handle.graceful_shutdown(Some(GRACE));
        // Each open websocket holds a permit, so having all of them means that all are closed.
        let closed = async {
            let newcomers = self.state.newcomers.acquire_many(NEWCOMERS).await;
            (newcomers, self.state.websockets.acquire_many(websockets).await)
        };
        if tokio::time::timeout(GRACE, closed).await.is_err() {
            tracing::warn!("some websockets did not close in time");
        }
        match self.serving.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the listener failed"),
            Err(error) => tracing::error!(%error, "the listener failed"),
        }
        // Before the requests that are left: they may wait for work that only this ends.
        self.state.engine.shutdown().await;
        self.state.handlers.close();
        if tokio::time::timeout(GRACE, self.state.handlers.wait()).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
        tracing::info!("stopped");
    }
}

async fn serve(
    listener: TcpListener,
    handle: Handle<SocketAddr>,
    state: AppState,
) -> std::io::Result<()> {
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle)
        .first_request_timeout(HEAD_PATIENCE)
        .acceptor(NoDelayAcceptor::new());
    server.http_builder().http1().header_read_timeout(HEAD_PATIENCE);
    server.serve(routes::app(state).into_make_service_with_connect_info::<SocketAddr>()).await
}
