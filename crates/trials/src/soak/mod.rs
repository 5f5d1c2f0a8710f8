//! Hours of steady use by many tenants, who delete whatever they make: what the server holds must not
//! grow.

mod readings;
mod tenant;

use std::{
    fmt,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use clap::Args;
use hanami_client::Hanami;
use tokio::task::JoinSet;

use crate::{
    process::{ADMIN, PASSWORD, Process},
    report,
};
use readings::{Reading, Readings};
use tenant::{Outcome, Tenant};

/// Growth of memory that is taken for a leak, in percent of what it was after the warm-up and in
/// bytes: it has to be more than both.
const GROWTH_PERCENT: u64 = 10;
const GROWTH_BYTES: u64 = 16 << 20;

/// Descriptors by which the last quarter may have more than the first one: connections come and go.
const GROWTH_DESCRIPTORS: u64 = 8;

/// The clients' connections would last for ever otherwise.
const FLAGS: [&str; 2] = ["--token-lifetime-seconds", "600000"];

/// How to go about it.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// How long, in minutes
    #[arg(long, default_value_t = 60.0)]
    pub minutes: f64,
    /// Tenants, each a project with a user
    #[arg(long, default_value_t = 20)]
    pub tenants: u32,
    /// Calls that each tenant makes in a second
    #[arg(long, default_value_t = 10.0)]
    pub rate: f64,
    /// Seconds between two readings
    #[arg(long, default_value_t = 10.0)]
    pub every: f64,
    /// What the random choices begin with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// What was done and read.
#[derive(Debug)]
pub struct Report {
    options: Options,
    outcome: Outcome,
    readings: Readings,
    cpu: Duration,
    took: Duration,
}

/// Lets tenants work for a while, and watches the server.
///
/// # Errors
///
/// If a call fails, or the server's memory or descriptors grow.
pub async fn run(program: &Path, options: &Options) -> Result<Report> {
    ensure!(options.rate > 0.0 && options.every > 0.0, "the rate and the time must be above 0");
    let directory = tempfile::tempdir()?;
    let (data, log) = (directory.path().join("data"), directory.path().join("log"));
    let process = Process::start(program, &data, &log, &FLAGS)?;
    let chief = Hanami::connect(process.address(), ADMIN, PASSWORD).await?;
    let mut tenants = Vec::new();
    for number in 0..options.tenants {
        let hanami = move_in(&chief, number).await?;
        let seed = options.seed.wrapping_add(number.into());
        tenants.push(Tenant::begin(hanami, seed, options.rate).await?);
    }
    let (began, cpu) = (Instant::now(), process.cpu_time()?);
    let until = began + Duration::from_secs_f64(options.minutes * 60.0);
    let mut working = JoinSet::new();
    for tenant in tenants {
        working.spawn(tenant.work(until));
    }
    let mut readings = Readings::default();
    let mut outcome = Outcome::default();
    let mut clock = tokio::time::interval(Duration::from_secs_f64(options.every));
    loop {
        tokio::select! {
            _ = clock.tick() => readings.0.push(Reading::of(&process, &data, began.elapsed())?),
            done = working.join_next() => match done {
                Some(tenant) => outcome.add(tenant?),
                None => break,
            },
        }
    }
    let cpu = process.cpu_time()?.saturating_sub(cpu);
    process.end().await?;
    let (options, took) = (options.clone(), began.elapsed());
    let report = Report { options, outcome, readings, cpu, took };
    report.judge()?;
    Ok(report)
}

/// Makes a project with a user, who logs in.
async fn move_in(chief: &Hanami, number: u32) -> Result<Hanami> {
    let (project, user) = (format!("project{number}"), format!("tenant{number}"));
    chief.create_project(&project, &project).await?;
    chief.create_user(&user, &user, PASSWORD, false).await?;
    chief.assign_project(&user, &project, "member", false).await?;
    Ok(Hanami::connect(&chief.address(), &user, PASSWORD).await?)
}

impl Outcome {
    fn add(&mut self, mut other: Self) {
        self.calls.take(&mut other.calls);
        self.times.append(&mut other.times);
        self.errors.append(&mut other.errors);
        self.server_errors += other.server_errors;
    }
}

impl Report {
    /// How many calls were answered.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.outcome.calls.0.values().sum()
    }

    fn judge(&self) -> Result<()> {
        let Outcome { server_errors, errors, .. } = &self.outcome;
        ensure!(*server_errors == 0, "{server_errors} answers of 500 and above\n{self}");
        ensure!(errors.is_empty(), "errors: {}\n{self}", errors.join("\n"));
        let [first, last] = self.readings.quarters(|reading| reading.memory);
        let bound = first + GROWTH_BYTES.max(first * GROWTH_PERCENT / 100);
        ensure!(last <= bound, "memory has grown from {first} to {last} bytes\n{self}");
        let [first, last] = self.readings.quarters(|reading| reading.descriptors);
        let bound = first + GROWTH_DESCRIPTORS;
        ensure!(last <= bound, "there were {first} descriptors, and are {last}\n{self}");
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { seed, tenants, rate, minutes, .. } = self.options;
        let share = self.cpu.as_secs_f64() / self.took.as_secs_f64() * 100.0;
        writeln!(f, "# Soak\n\nMachine: {}\n", report::machine())?;
        writeln!(
            f,
            "Seed {seed}; {tenants} tenants with {rate} calls a second, {minutes} minutes.\n"
        )?;
        writeln!(f, "| figure | value |\n|---|---|")?;
        writeln!(f, "| calls | {} |", self.calls())?;
        writeln!(f, "| answers of 500 and above | {} |", self.outcome.server_errors)?;
        writeln!(f, "| other errors | {} |", self.outcome.errors.len())?;
        writeln!(f, "| processor time of the server | {share:.0} % of a core |")?;
        for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
            let time = report::quantile(&self.outcome.times, share);
            writeln!(f, "| time of a call, {name} | {} |", report::milliseconds(time))?;
        }
        writeln!(
            f,
            "\nAllowed: 0 errors; memory {GROWTH_PERCENT} % or {} MiB more in the last quarter than in \
             the first, and {GROWTH_DESCRIPTORS} descriptors.\n",
            GROWTH_BYTES >> 20
        )?;
        writeln!(f, "{}", self.readings)?;
        writeln!(f, "{}", report::counts(["call", "times"], &self.outcome.calls.0))
    }
}
