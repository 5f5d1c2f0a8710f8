//! The moments at which the server is killed.

use std::{path::Path, sync::atomic::Ordering::Relaxed, time::Duration};

use anyhow::Result;
use rand::{RngExt, rngs::StdRng};

use super::{FLAGS, lane::Signals};
use crate::process::{self, Process};

/// When the kill comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// At any moment of the work.
    Work,
    /// A moment after something large was asked to be written.
    Save,
    /// While it ends after SIGTERM.
    ShutDown,
    /// At work, and then several times before it listens again.
    StartUp,
}

impl Phase {
    /// One at random.
    pub(super) fn choose(rng: &mut StdRng) -> Self {
        match rng.random_range(0..100) {
            0..40 => Self::Work,
            40..65 => Self::Save,
            65..85 => Self::ShutDown,
            _ => Self::StartUp,
        }
    }

    /// What the report calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Work => "at work",
            Self::Save => "while it saves",
            Self::ShutDown => "while it ends after SIGTERM",
            Self::StartUp => "at work, and again while it starts",
        }
    }

    /// Ends the server.
    pub(super) async fn end(
        self,
        process: Process,
        rng: &mut StdRng,
        signals: &Signals,
    ) -> Result<()> {
        if self == Self::Save {
            // If nobody saves anything, another moment does.
            let saving = signals.saving.notified();
            let _ = tokio::time::timeout(Duration::from_secs(1), saving).await;
            tokio::time::sleep(Duration::from_micros(rng.random_range(0..6000))).await;
        }
        signals.is_ending.store(true, Relaxed);
        if self == Self::ShutDown {
            process.ask_to_end()?;
            tokio::time::sleep(Duration::from_micros(rng.random_range(0..40_000))).await;
        }
        process.kill()
    }
}

/// Starts the server up to three times and kills it before it is long awake.
pub(super) async fn kill_while_starting(
    program: &Path,
    data: &Path,
    log: &Path,
    rng: &mut StdRng,
) -> Result<()> {
    for _ in 0..rng.random_range(1..=3) {
        let delay = Duration::from_micros(rng.random_range(0..60_000));
        process::start_and_kill(program, data, log, &FLAGS, delay).await?;
    }
    Ok(())
}
