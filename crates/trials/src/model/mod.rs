//! Random requests of several users, each answered as a model of the server in this process says:
//! the status, and what is essential of the body. Between requests the server is ended and killed.
//!
//! Several worlds of users and projects ask at the same time, so that the server is busy; what one of
//! them does changes nothing for another, so that each knows what must be answered.

mod making;
mod people;
mod things;
mod using;
mod world;

use std::{
    fmt,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;
use hanami_client::Hanami;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::task::JoinSet;

use crate::{
    http::Http,
    process::{ADMIN, PASSWORD, Process},
    report,
    tally::Tally,
};
use world::World;

/// Clusters that a project may have at first: few, so that the limit is met.
const PROJECT_CLUSTERS: u64 = 6;

/// A day: no token expires while a trial runs.
const FLAGS: [&str; 2] = ["--token-lifetime-seconds", "86400"];

/// How to go about it.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Requests, at least
    #[arg(long, default_value_t = 200_000)]
    pub operations: u64,
    /// What the random choices begin with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How often the server is started again
    #[arg(long, default_value_t = 50)]
    pub restarts: u32,
    /// Worlds of users and projects that ask at the same time
    #[arg(long, default_value_t = 4)]
    pub worlds: u32,
}

/// What was asked.
#[derive(Debug)]
pub struct Report {
    options: Options,
    asked: Tally,
    ends: Tally,
    took: Duration,
}

/// Asks a server, and compares each answer with what it must be.
///
/// # Errors
///
/// If an answer is another one; the message has the seed and the last requests.
pub async fn run(program: &Path, options: &Options) -> Result<Report> {
    let seed = options.seed;
    let began = Instant::now();
    let mut report = Report {
        options: options.clone(),
        asked: Tally::default(),
        ends: Tally::default(),
        took: Duration::ZERO,
    };
    let asked = ask(program, options, &mut report).await;
    report.took = began.elapsed();
    asked.map(|()| report).map_err(|error| error.context(format!("seed {seed}")))
}

async fn ask(program: &Path, options: &Options, report: &mut Report) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let (data, log) = (directory.path().join("data"), directory.path().join("log"));
    let mut rng = StdRng::seed_from_u64(options.seed);
    let mut process = Process::start(program, &data, &log, &FLAGS)?;
    let chief = Hanami::connect(process.address(), ADMIN, PASSWORD).await?;
    let mut worlds = Vec::new();
    for number in 0..options.worlds {
        worlds.push(World::begin(&chief, number, StdRng::from_rng(&mut rng)).await?);
    }
    let stretches = u64::from(options.restarts) + 1;
    let share = options.operations.div_ceil(stretches * u64::from(options.worlds).max(1));
    for stretch in 0..stretches {
        if stretch > 0 {
            if rng.random() {
                report.ends.count("SIGTERM");
                process.end().await?;
            } else {
                report.ends.count("SIGKILL");
                process.kill()?;
            }
            process = Process::start(program, &data, &log, &FLAGS)?;
        }
        let http = Http::new(process.address())?;
        let mut working = JoinSet::new();
        for mut world in worlds.drain(..) {
            world.http = http.clone();
            working.spawn(async move { world.go_on(share).await.map(|()| world) });
        }
        while let Some(world) = working.join_next().await {
            worlds.push(world??);
        }
        worlds.sort_by_key(|world| world.number);
    }
    for world in &mut worlds {
        report.asked.take(&mut world.tally);
    }
    process.end().await
}

impl World {
    /// Asks this many things.
    async fn go_on(&mut self, requests: u64) -> Result<()> {
        for _ in 0..requests {
            let word = self.ask_something().await?;
            self.tally.count(word);
        }
        Ok(())
    }

    async fn ask_something(&mut self) -> Result<&'static str> {
        match self.rng.random_range(0..1000) {
            0..150 => self.show().await,
            150..220 => self.list().await,
            220..300 => self.change().await,
            300..370 => self.delete().await,
            370..420 => self.create_cluster().await,
            420..470 => self.declare().await,
            470..550 => self.upload().await,
            550..590 => self.finish().await,
            590..660 => self.learn().await,
            660..780 => self.predict().await,
            780..820 => self.set_mode().await,
            820..850 => self.task().await,
            850..880 => self.save().await,
            880..900 => self.load().await,
            900..920 => self.delete_task().await,
            920..950 => self.send_nonsense().await,
            950..970 => self.quota().await,
            970..975 => self.create_user().await,
            975..985 => self.delete_user().await,
            _ => self.projects().await,
        }
    }
}

impl Report {
    /// How many requests were answered as they must be.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.asked.0.values().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs_f64();
        let Options { seed, worlds, .. } = self.options;
        writeln!(f, "# Model\n\nMachine: {}\n", report::machine())?;
        writeln!(f, "Seed {seed}; {worlds} worlds of 7 users at the same time.\n")?;
        writeln!(f, "| figure | value |\n|---|---|")?;
        writeln!(f, "| requests | {} |", self.asked())?;
        writeln!(f, "| answered otherwise than the model | 0 |")?;
        writeln!(f, "| seconds | {seconds:.0} |")?;
        writeln!(f, "| requests per second | {:.0} |\n", self.asked() as f64 / seconds)?;
        writeln!(f, "{}", report::counts(["restarted after", "times"], &self.ends.0))?;
        writeln!(f, "{}", report::counts(["request", "times"], &self.asked.0))
    }
}
