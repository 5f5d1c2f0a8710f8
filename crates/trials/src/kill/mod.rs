//! What was acknowledged is there after `kill -9`, whenever it comes, and nothing is there by half.
//!
//! Several users work at the same time, each with a ledger of what they were told. A round lets them
//! work until enough is acknowledged, kills the server at a random moment, starts it again, and
//! compares everything with the ledgers. When which kill comes follows from the seed; how the work of
//! the users interleaves does not.

mod choose;
mod lane;
mod ledger;
mod op;
mod people;
mod phase;
mod upload;
mod verify;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use clap::Args;
use hanami_client::{Hanami, Trust};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{
    process::{ADMIN, PASSWORD, Process},
    report,
    tally::Tally,
};
use lane::{Lane, Signals};
use ledger::Ledger;
use people::People;
use phase::Phase;

/// Small limits, so that what happens rarely happens in each round: a training is saved each second,
/// and a journal becomes a snapshot after some hundred steps.
const FLAGS: [&str; 6] = [
    "--training-save-seconds",
    "1",
    "--max-journal-bytes",
    "4096",
    "--token-lifetime-seconds",
    "86400",
];

/// How long the users may take to be acknowledged what a round takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// The project that the users are in.
const PROJECT: &str = "trial";

/// How to go about it.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// How often the server is killed
    #[arg(long, default_value_t = 1000)]
    pub rounds: u32,
    /// What the random choices begin with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Operations that are acknowledged before each kill, at least
    #[arg(long, default_value_t = 200)]
    pub operations: u64,
    /// Users who work at the same time, besides the admin
    #[arg(long, default_value_t = 5)]
    pub users: u32,
    /// Rounds after which a new data directory is begun
    #[arg(long, default_value_t = 50)]
    pub renew: u32,
}

/// What was done and found.
#[derive(Debug)]
pub struct Report {
    options: Options,
    /// How often the server was killed.
    pub rounds: u32,
    phases: Tally,
    acknowledged: Tally,
    in_flight: u64,
    restarts: Vec<Duration>,
    took: Duration,
}

/// Kills a server again and again.
///
/// # Errors
///
/// If anything that was acknowledged is not there, or anything is there by half; the message has the
/// seed and the round.
pub async fn run(program: &Path, options: &Options) -> Result<Report> {
    let began = Instant::now();
    let mut report = Report {
        options: options.clone(),
        rounds: 0,
        phases: Tally::default(),
        acknowledged: Tally::default(),
        in_flight: 0,
        restarts: Vec::new(),
        took: Duration::ZERO,
    };
    let mut rng = StdRng::seed_from_u64(options.seed);
    while report.rounds < options.rounds {
        let rounds = options.renew.clamp(1, options.rounds - report.rounds);
        let mut place = Place::begin(program, options.users, &mut rng).await?;
        for _ in 0..rounds {
            report.rounds += 1;
            let round = place.round(options, &mut rng, &mut report).await;
            if let Err(error) = round {
                let kept = place.directory.keep();
                let (round, seed) = (report.rounds, options.seed);
                let place = format!("data and log are kept in {}", kept.display());
                return Err(error.context(format!("round {round}, seed {seed}; {place}")));
            }
        }
    }
    report.took = began.elapsed();
    Ok(report)
}

/// A data directory, the server on it, and those who use it.
struct Place {
    program: PathBuf,
    directory: TempDir,
    process: Option<Process>,
    lanes: Vec<Lane>,
    people: People,
    admin_token: String,
}

impl Place {
    async fn begin(program: &Path, users: u32, rng: &mut StdRng) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let (data, log) = (directory.path().join("data"), directory.path().join("log"));
        let process = Process::start(program, &data, &log, &FLAGS)?;
        let admin = Hanami::connect(process.address(), ADMIN, PASSWORD).await?;
        admin.create_project(PROJECT, "Trial").await?;
        let mut lanes = Vec::new();
        for number in 0..users {
            let user = format!("user{number}");
            admin.create_user(&user, &user, PASSWORD, false).await?;
            admin.assign_project(&user, PROJECT, "member", false).await?;
            let hanami = Hanami::connect(process.address(), &user, PASSWORD).await?;
            let token = hanami.access_token().await;
            let rng = StdRng::from_rng(rng);
            let (ledger, tally) = (Ledger::default(), Tally::default());
            lanes.push(Lane { user, token, ledger, in_flight: None, rng, tally, names: 0 });
        }
        let people = People::new(StdRng::from_rng(rng));
        let (program, admin_token) = (program.to_owned(), admin.access_token().await);
        Ok(Self { program, directory, process: Some(process), lanes, people, admin_token })
    }

    /// Works, kills, starts again and compares.
    async fn round(
        &mut self,
        options: &Options,
        rng: &mut StdRng,
        report: &mut Report,
    ) -> Result<()> {
        let signals = Arc::new(Signals::default());
        let phase = Phase::choose(rng);
        report.phases.count(phase.word());
        let process = self.process.take().context("no server runs")?;
        let address = process.address().to_owned();
        let end = end(process, options.operations, phase, rng, &signals);
        let (worked, ended) = tokio::join!(self.work(&address, &signals), end);
        worked?;
        ended?;
        for lane in &mut self.lanes {
            report.acknowledged.take(&mut lane.tally);
            report.in_flight += u64::from(lane.in_flight.is_some());
        }
        report.acknowledged.take(&mut self.people.tally);
        let (data, log) = (self.directory.path().join("data"), self.directory.path().join("log"));
        if phase == Phase::StartUp {
            phase::kill_while_starting(&self.program, &data, &log, rng).await?;
        }
        let began = Instant::now();
        let process = Process::start(&self.program, &data, &log, &FLAGS)?;
        report.restarts.push(began.elapsed());
        let address = process.address().to_owned();
        self.process = Some(process);
        self.verify(&address).await
    }

    /// Lets all users work until the server dies.
    async fn work(&mut self, address: &str, signals: &Arc<Signals>) -> Result<()> {
        let admin = Hanami::with_token(&Trust::Anyone, address, &self.admin_token)?;
        let mut working = JoinSet::new();
        for mut lane in self.lanes.drain(..) {
            let hanami = Hanami::with_token(&Trust::Anyone, address, &lane.token)?;
            let signals = signals.clone();
            working.spawn(async move {
                let worked = lane.work(&hanami, &signals).await;
                signals.has_failed.fetch_or(worked.is_err(), Relaxed);
                worked.map(|()| lane)
            });
        }
        let led = self.people.work(&admin, signals).await;
        signals.has_failed.fetch_or(led.is_err(), Relaxed);
        while let Some(lane) = working.join_next().await {
            self.lanes.push(lane??);
        }
        led
    }

    /// Compares everything with the ledgers, all users at the same time.
    async fn verify(&mut self, address: &str) -> Result<()> {
        let mut working = JoinSet::new();
        for mut lane in self.lanes.drain(..) {
            let hanami = Hanami::with_token(&Trust::Anyone, address, &lane.token)?;
            working.spawn(async move { lane.verify(&hanami).await.map(|()| lane) });
        }
        let admin = Hanami::with_token(&Trust::Anyone, address, &self.admin_token)?;
        self.people.verify(&admin).await?;
        while let Some(lane) = working.join_next().await {
            self.lanes.push(lane??);
        }
        // They ended in any order, but choose at random in the same one.
        self.lanes.sort_by(|one, other| one.user.cmp(&other.user));
        Ok(())
    }
}

/// Waits until enough is acknowledged, and then ends the server as the phase says.
async fn end(
    process: Process,
    operations: u64,
    phase: Phase,
    rng: &mut StdRng,
    signals: &Signals,
) -> Result<()> {
    let began = Instant::now();
    while signals.acknowledged.load(Relaxed) < operations && !signals.has_failed.load(Relaxed) {
        ensure!(began.elapsed() < PATIENCE, "the server acknowledges nothing any more");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_micros(rng.random_range(0..20_000))).await;
    phase.end(process, rng, signals).await
}

impl Report {
    /// How many operations were acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.0.values().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { seed, users, renew, .. } = self.options;
        writeln!(f, "# Kill\n\nMachine: {}\n", report::machine())?;
        writeln!(
            f,
            "Seed {seed}; {users} users and an admin; a new data directory after {renew} rounds; \
             {:.0} s in all.\n",
            self.took.as_secs_f64()
        )?;
        writeln!(f, "| figure | value |\n|---|---|")?;
        writeln!(f, "| rounds | {} |", self.rounds)?;
        writeln!(f, "| acknowledged operations | {} |", self.acknowledged())?;
        writeln!(f, "| operations of users in flight at a kill | {} |", self.in_flight)?;
        writeln!(f, "| acknowledged and lost | 0 |\n| there by half | 0 |")?;
        let (median, high) =
            (report::quantile(&self.restarts, 0.5), report::quantile(&self.restarts, 0.99));
        writeln!(f, "| restart, p50 | {} |", report::milliseconds(median))?;
        writeln!(f, "| restart, p99 | {} |\n", report::milliseconds(high))?;
        writeln!(f, "{}", report::counts(["killed", "rounds"], &self.phases.0))?;
        writeln!(f, "{}", report::counts(["acknowledged", "operations"], &self.acknowledged.0))
    }
}
