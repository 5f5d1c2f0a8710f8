//! Random requests of several users, each answered as a model of the server in this process says:
//! the status, and what is essential of the body. Between requests the server is ended and killed.
//!
//! Several servers work beside each other, and at each several worlds of users and projects ask at the
//! same time, so that it is busy; what one of them does changes nothing for another, so that each knows
//! what must be answered. A world has its own random numbers: what it does depends on the seed only.

mod account;
mod contents;
mod deal;
mod direct;
mod endpoints;
mod machine;
mod making;
mod people;
mod things;
mod transfer;
mod using;
mod world;

use std::{
    fmt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;
use hanami_client::Hanami;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::task::{JoinSet, block_in_place};

use crate::{
    http::Http,
    process::{ADMIN, PASSWORD, Process},
    report,
    tally::Tally,
};
use endpoints::Asked;
use world::World;

/// Clusters that a project may have at first: few, so that the limit is met.
const PROJECT_CLUSTERS: u64 = 6;

/// No token expires while a trial runs, and nobody has to wait for having mistyped a password.
const FLAGS: [&str; 4] = ["--token-lifetime-seconds", "86400", "--login-tries", "1000000"];

/// How to go about it.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Operations, at least
    #[arg(long, default_value_t = 200_000)]
    pub operations: u64,
    /// What the random choices begin with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How often each server is started again
    #[arg(long, default_value_t = 50)]
    pub restarts: u32,
    /// Servers beside each other
    #[arg(long, default_value_t = 2)]
    pub jobs: u32,
    /// Worlds of users and projects that ask each server at the same time
    #[arg(long, default_value_t = 4)]
    pub worlds: u32,
    /// Where data directories are made; faster in memory [default: the system's temporary folder]
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// What was asked.
#[derive(Debug)]
pub struct Report {
    options: Options,
    operations: u64,
    asked: Asked,
    sockets: Tally,
    ends: Tally,
    took: Duration,
}

/// Asks servers, and compares each answer with what it must be.
///
/// # Errors
///
/// If an answer is another one; the message has the seed and the last requests.
pub async fn run(program: &Path, options: &Options) -> Result<Report> {
    let seed = options.seed;
    let began = Instant::now();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut jobs = JoinSet::new();
    for _ in 0..options.jobs {
        let (program, options) = (program.to_owned(), options.clone());
        let rng = StdRng::from_rng(&mut rng);
        jobs.spawn(async move { ask(&program, &options, rng).await });
    }
    let mut report = Report::new(options);
    while let Some(asked) = jobs.join_next().await {
        report.take(asked?.map_err(|error| error.context(format!("seed {seed}")))?);
    }
    report.took = began.elapsed();
    Ok(report)
}

/// Asks one server.
async fn ask(program: &Path, options: &Options, mut rng: StdRng) -> Result<Report> {
    let folder = options.data.clone().unwrap_or_else(std::env::temp_dir);
    let directory = tempfile::tempdir_in(folder)?;
    let (data, log) = (directory.path().join("data"), directory.path().join("log"));
    let start = || block_in_place(|| Process::start(program, &data, &log, &FLAGS));
    let mut report = Report::new(options);
    let mut process = start()?;
    let chief = Hanami::connect(process.address(), ADMIN, PASSWORD).await?;
    let mut worlds = Vec::new();
    for number in 0..options.worlds {
        worlds.push(World::begin(&chief, number, StdRng::from_rng(&mut rng)).await?);
    }
    let stretches = u64::from(options.restarts) + 1;
    let shares = stretches * u64::from(options.worlds) * u64::from(options.jobs);
    let share = options.operations.div_ceil(shares.max(1));
    for stretch in 0..stretches {
        if stretch > 0 {
            if rng.random() {
                report.ends.count("SIGTERM");
                process.end().await?;
            } else {
                report.ends.count("SIGKILL");
                process.kill()?;
            }
            process = start()?;
        }
        worlds = go_on(worlds, &Http::new(process.address())?, share).await?;
    }
    for mut world in worlds {
        report.operations += world.done;
        report.asked.take(world.asked);
        report.sockets.take(&mut world.sockets);
    }
    process.end().await?;
    Ok(report)
}

/// Lets each world do this much at a server that has started anew.
async fn go_on(worlds: Vec<World>, http: &Http, deeds: u64) -> Result<Vec<World>> {
    let mut working = JoinSet::new();
    for mut world in worlds {
        world.http = http.clone();
        working.spawn(async move { world.go_on(deeds).await.map(|()| world) });
    }
    let mut worlds = Vec::new();
    while let Some(world) = working.join_next().await {
        worlds.push(world??);
    }
    Ok(worlds)
}

impl Report {
    fn new(options: &Options) -> Self {
        Self {
            options: options.clone(),
            operations: 0,
            asked: Asked::default(),
            sockets: Tally::default(),
            ends: Tally::default(),
            took: Duration::ZERO,
        }
    }

    /// Adds what another server was asked.
    fn take(&mut self, mut other: Self) {
        self.operations += other.operations;
        self.asked.take(other.asked);
        self.sockets.take(&mut other.sockets);
        self.ends.take(&mut other.ends);
    }

    /// How many operations went as they must.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.operations
    }

    /// The endpoints of the interface that never did what they were asked for.
    ///
    /// # Errors
    ///
    /// If the description of the interface can't be read.
    pub fn never_done(&self) -> Result<Vec<String>> {
        self.asked.never_done()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs_f64();
        let Options { seed, worlds, jobs, .. } = self.options;
        writeln!(f, "# Model\n\nMachine: {}\n", report::machine())?;
        writeln!(
            f,
            "Seed {seed}; {jobs} servers, each with {worlds} worlds of 7 users at the same time.\n"
        )?;
        writeln!(f, "| figure | value |\n|---|---|")?;
        writeln!(f, "| operations | {} |", self.operations)?;
        writeln!(f, "| requests | {} |", self.asked.total())?;
        writeln!(f, "| answered otherwise than the model | 0 |")?;
        writeln!(
            f,
            "| endpoints that never answered 200 | {} |",
            self.never_done().map_or(0, |it| it.len())
        )?;
        writeln!(f, "| seconds | {seconds:.0} |")?;
        writeln!(f, "| operations per second | {:.0} |\n", self.operations as f64 / seconds)?;
        writeln!(f, "{}", report::counts(["restarted after", "times"], &self.ends.0))?;
        writeln!(f, "{}", report::counts(["over websockets", "times"], &self.sockets.0))?;
        writeln!(f, "{}", self.asked.table())
    }
}
