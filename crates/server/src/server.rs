//! A server from its start to its end.
//!
//! Start: take the port, read the policy, open the store, start the engine, make the first admin,
//! serve. The first admin comes last of what can fail, so that a made-up passphrase is never lost.
//!
//! Stop: take no more connections, tell the websockets to close, give requests that are under way
//! some time, stop the engine, which saves what is running, and wait for the requests that are left.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use hanami_engine::{Engine, EngineError, EngineSettings};
use hanami_store::{Store, StoreError};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::auth::TokenOwners;
use crate::first_admin::{self, FirstAdmin, FirstAdminError};
use crate::metrics::Metrics;
use crate::passwords::PasswordChecks;
use crate::policy::{LivePolicy, PolicyError};
use crate::rates::UserRates;
use crate::readiness::Readiness;
use crate::routes::{self, ClusterLists};
use crate::seats::Seats;
use crate::serving::{self, Patience};
use crate::settings::Settings;
use crate::state::{AppState, Shared, stop};
use crate::throttle::Throttle;
use crate::tls::{TlsError, TlsFiles};
use crate::tokens::Tokens;
use crate::watch::Watch;

/// How long a stop takes at most: less than the ten seconds that a service manager commonly grants.
const PATIENCE: Duration = Duration::from_millis(9500);

/// How long connections get of that to end. The engine needs the rest.
const GRACE: Duration = Duration::from_secs(5);

/// Websockets whose clients have not said yet who they are, at most.
const NEWCOMERS: u32 = 64;

/// Uploads and downloads over plain HTTP that are under way, at most. Each holds about a megabyte.
const TRANSFERS: u32 = 256;

/// Those of one user, at most.
const USER_TRANSFERS: u32 = 32;

/// Bytes of bodies that are in memory, at most; one always fits.
const BODIES: usize = 256 << 20;

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
    /// The files for TLS can't be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
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
    scheme: &'static str,
    first_admin: Option<FirstAdmin>,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Starts a server. When this returns, it answers requests.
    ///
    /// # Errors
    /// When the address is taken, the policy file, the files for TLS or the data directory can't be
    /// used, or there are no users and the wanted first admin breaks a rule.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let tls = TlsFiles::named(&settings)?.map(TlsFiles::open).transpose()?;
        let listen_error = |source| StartError::Listen { address: settings.listen, source };
        let listener = TcpListener::bind(settings.listen).map_err(listen_error)?;
        listener.set_nonblocking(true).map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;

        let cores = settings.cores.get() as usize;
        let (policy, policy_watch) = LivePolicy::open(settings.policy_file())?;
        let reserve = u64::from(settings.disk_reserve_mib) << 20;
        let store =
            Store::open_with(&settings.data_dir, settings.default_quotas(), reserve).await?;
        let (name, length) = TOKEN_SECRET;
        let secret = store.secret(name, length).await?;
        let engine_settings = EngineSettings {
            cores,
            cores_per_cluster: settings.cores_per_cluster.get() as usize,
            queue_limit: settings.max_queue_length.get().into(),
            result_limit: settings.max_result_rows.get().into(),
            sample_limit: settings.max_samples_per_request.get() as usize,
            output_limit: settings.max_result_bytes.get().into(),
            upload_expiry: Duration::from_secs(settings.upload_expiry_seconds.get().into()),
            save_interval: Duration::from_secs(settings.training_save_seconds.get().into()),
            journal_limit: settings.max_journal_bytes.get().into(),
            network_memory: u64::from(settings.network_memory_mib.get()) << 20,
            ..EngineSettings::default()
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
            owners: TokenOwners::new(),
            cluster_lists: ClusterLists::new(),
            policy,
            rates: UserRates::new(settings.user_requests_per_second),
            throttle: Throttle::new(
                settings.login_tries,
                Duration::from_secs(settings.login_window_seconds.get().into()),
            ),
            handlers: TaskTracker::new(),
            bodies: Arc::new(Semaphore::new(BODIES.max(settings.max_body_bytes.get() as usize))),
            newcomers: Arc::new(Semaphore::new(NEWCOMERS as usize)),
            websockets: Seats::new(
                "websockets open or tasks followed",
                settings.max_websockets.get(),
                settings.user_websockets.get(),
            ),
            transfers: Seats::new("uploads and downloads under way", TRANSFERS, USER_TRANSFERS),
            stopping: watch::Sender::new(false),
            places: watch::Sender::new(()),
            settings,
            store,
            engine,
            passwords,
            metrics: Metrics::new(),
            readiness: Readiness::default(),
        });
        state.handlers.spawn(follow_policy(state.clone(), policy_watch));
        let handle = Handle::new();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let app = routes::app(state.clone());
        let (most, patience) = (state.settings.max_connections.get(), Patience::default());
        let serving = serving::serve(listener, handle.clone(), app, most, patience, tls);
        let serving = tokio::spawn(serving);
        tracing::info!(%address, scheme, "listening");
        if scheme == "http" && !address.ip().is_loopback() {
            tracing::warn!(
                "without TLS everyone on the way can read passwords and tokens; set \
                 tls_certificate and tls_key, or let a proxy on this machine speak TLS"
            );
        }
        Ok(Self { state, address, scheme, first_admin, handle, serving })
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where clients find it: `http` or `https`, and the address that is listened on.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The first admin, if this start made one up.
    #[must_use]
    pub fn first_admin(&self) -> Option<&FirstAdmin> {
        self.first_admin.as_ref()
    }

    /// Stops the server. When this returns, everything acknowledged is on the disk and the data
    /// directory is free.
    pub async fn stop(self) {
        tracing::info!("stopping");
        let end = Instant::now() + PATIENCE;
        self.state.stopping.send_replace(true);
        self.handle.graceful_shutdown(Some(GRACE));
        // Each open websocket holds a permit or a seat, so having all of them means that all are
        // closed.
        let closed = async {
            let newcomers = self.state.newcomers.acquire_many(NEWCOMERS).await;
            self.state.websockets.close().await;
            newcomers
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
        if tokio::time::timeout_at(end, self.state.handlers.wait()).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
        tracing::info!("stopped");
    }
}

/// Keeps the policy as its file is, until the server stops.
async fn follow_policy(state: AppState, watch: Watch) {
    let mut stopping = state.stopping.subscribe();
    let renew = || {
        if state.policy.renew() {
            state.places_changed();
        }
    };
    tokio::select! {
        () = watch.run(renew) => {}
        () = stop(&mut stopping) => {}
    }
}
