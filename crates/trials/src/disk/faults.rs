//! Each call to the disk fails once.
//!
//! The same random deeds are done again and again, on a new data directory each time; in each run
//! another call to the disk fails, by an error of the device, because the disk is full, or by doing
//! only a part. Whatever is asked when that happens may be refused; but it has to be done or not, all
//! goes on, and after a power loss everything is as it was acknowledged.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hanami_disk::simulated::{Fault, SimulatedDisk};
use hanami_engine::EngineSettings;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::deed::Deed;
use super::house::{House, Place};
use super::ledger::{Ledger, recognise};
use super::threads::beside_each_other;
use crate::report;
use crate::tally::add;

/// What is tried out.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Deeds in each run
    #[arg(long, default_value_t = 60)]
    pub deeds: u64,
    /// Only every so-manieth call fails
    #[arg(long, default_value_t = 1)]
    pub stride: u64,
    /// What the random choices begin with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads that do this beside each other; more than cores, as tasks wait before they are tried again
    #[arg(long, default_value_t = 4)]
    pub jobs: u64,
}

/// How calls fail, with words for it.
const FAULTS: [(Fault, &str); 3] = [
    (Fault::Device, "errors of the device"),
    (Fault::Full, "full disks"),
    (Fault::Short, "short reads and writes"),
];

/// A run takes a second for each time that a task is tried again, and hardly more.
const PATIENCE: Duration = Duration::from_mins(1);

/// What happened.
#[derive(Default)]
struct Tally {
    runs: BTreeMap<&'static str, u64>,
    /// Of these, those in which the call failed: not each can in each way.
    struck: BTreeMap<&'static str, u64>,
    refused: BTreeMap<&'static str, u64>,
    /// What was under way when the call failed.
    during: BTreeMap<String, u64>,
    /// How many were done, by kind.
    deeds: BTreeMap<String, u64>,
    longest: u64,
}

/// Lets each call fail, and reports; an error says what was lost, and by which call.
///
/// # Errors
/// A broken promise.
pub fn run(options: &Options) -> Result<String> {
    let begin = Instant::now();
    let next = AtomicU64::new(0);
    let work = || {
        let mut tally = Tally::default();
        loop {
            let number = next.fetch_add(1, Relaxed);
            let (fault, word) = FAULTS[number as usize % FAULTS.len()];
            let call = number / FAULTS.len() as u64 * options.stride;
            let ended = one_run(options, call, fault)
                .with_context(|| format!("call {call} of seed {}: {word}", options.seed))?;
            tally.longest = tally.longest.max(ended.calls);
            if call > ended.calls {
                return Ok(tally);
            }
            *tally.runs.entry(word).or_default() += 1;
            *tally.struck.entry(word).or_default() += u64::from(ended.struck);
            *tally.refused.entry(word).or_default() += u64::from(ended.refused);
            if ended.struck {
                *tally.during.entry(ended.during).or_default() += 1;
            }
            add(&mut tally.deeds, ended.deeds);
        }
    };
    let mut total = Tally::default();
    for tally in beside_each_other(options.jobs, work)? {
        total.add(tally);
    }
    Ok(total.report(options, begin.elapsed()))
}

/// How a run ended.
struct Ended {
    calls: u64,
    /// Whether the call failed.
    struck: bool,
    /// Whether somebody was told of the failure.
    refused: bool,
    /// The kind of the deed that was under way when the call failed.
    during: String,
    deeds: BTreeMap<String, u64>,
}

/// Does the deeds, with one call failing, and compares.
fn one_run(options: &Options, call: u64, fault: Fault) -> Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let run = tokio::time::timeout(PATIENCE, deeds(options, call, fault));
        run.await.context("it hangs")?
    });
    runtime.shutdown_background();
    done
}

async fn deeds(options: &Options, call: u64, fault: Fault) -> Result<Ended> {
    let place = Place::new()?;
    let mut random = StdRng::seed_from_u64(options.seed);
    let disk = SimulatedDisk::new(options.seed);
    disk.fail_at(call, fault);
    let first = House::open(&disk, &place.data, settings()).await;
    let mut refused = first.is_err();
    let mut during = "opening and ending".to_owned();
    let house = match first {
        Ok(house) => house,
        // What has failed was told; the next one finds the disk sound.
        Err(_) => House::open(&disk, &place.data, settings()).await.context("opening once more")?,
    };
    let (mut ledger, mut deeds) = (Ledger::default(), BTreeMap::new());
    for serial in 0..options.deeds {
        let deed = Deed::choose(&mut random, &ledger, serial);
        let outcomes = deed.outcomes(&ledger)?;
        let last = outcomes.len() - 1;
        *deeds.entry(deed.kind()).or_default() += 1;
        let before = disk.calls();
        let done = house.perform(&deed, &ledger).await;
        let failed = disk.has_struck() && (before..disk.calls()).contains(&call);
        let (from, to) = match done {
            Ok(()) => (last, last),
            Err(broken) if !failed => {
                let error = broken.error;
                return Err(error.context(format!("{deed:?} failed on a sound disk")));
            }
            Err(broken) => {
                refused = true;
                broken.outcomes.into_inner()
            }
        };
        let mut possible = outcomes[from.min(last)..=to.min(last)].to_vec();
        if failed {
            during = deed.kind();
            let found = house.world().await.context("looking at what is there")?;
            ledger = recognise(possible, &found).with_context(|| format!("after {deed:?}"))?;
        } else {
            ledger = possible.pop().context("a deed has an outcome")?;
        }
    }
    house.close().await;
    let (calls, struck) = (disk.calls(), disk.has_struck());
    // What was acknowledged has to be durable, and not only to be seen.
    let disk = disk.after_power_loss();
    let house = House::open(&disk, &place.data, settings()).await.context("opening again")?;
    let found = house.world().await.context("looking at what is there after a restart")?;
    recognise(vec![ledger], &found).context("after a restart")?;
    house.close().await;
    Ok(Ended { calls, struck, refused, during, deeds })
}

/// Settings under which much happens.
fn settings() -> EngineSettings {
    EngineSettings {
        cores: 1,
        cores_per_cluster: 1,
        save_interval: Duration::from_millis(1),
        journal_limit: 200,
        ..EngineSettings::default()
    }
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.longest = self.longest.max(other.longest);
        add(&mut self.runs, other.runs);
        add(&mut self.struck, other.struck);
        add(&mut self.refused, other.refused);
        add(&mut self.during, other.during);
        add(&mut self.deeds, other.deeds);
    }

    fn report(&self, options: &Options, time: Duration) -> String {
        let (runs, deeds): (u64, u64) = (self.runs.values().sum(), self.deeds.values().sum());
        let mut text = format!(
            "# Failing calls\n\n{}\n\n{runs} runs with {deeds} deeds of {} kinds. In each another call fails, \
             if it can, and the power at its end. Seed {}, {} deeds and up to {} calls in a run, every {} fails, \
             {} threads, {:.0} s.\n\n\
             | | runs | the call failed | of these told to whom asked | lost or half done |\n\
             |---|---|---|---|---|\n",
            report::machine(),
            self.deeds.len(),
            options.seed,
            options.deeds,
            self.longest,
            options.stride,
            options.jobs,
            time.as_secs_f64(),
        );
        for (_, word) in FAULTS {
            let count = |counts: &BTreeMap<_, u64>| counts.get(word).copied().unwrap_or_default();
            let (runs, struck) = (count(&self.runs), count(&self.struck));
            let refused = count(&self.refused);
            // Writing to a string can't fail.
            let _ = writeln!(text, "| {word} | {runs} | {struck} | {refused} | 0 |");
        }
        text += "\n";
        text += &report::counts(["a call failed during", "runs"], &self.during);
        text
    }
}
