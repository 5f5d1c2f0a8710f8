//! The power fails, again and again, at any operation of the disk or of the database.
//!
//! A *life* is what happens between two power losses: the store and the engine open, random deeds are
//! done until the power fails, and what was acknowledged goes into a ledger. Then the power comes
//! back. What is there has to be exactly what was acknowledged, and the deed that was under way has
//! to be done or not: nothing in between. The power also fails while things are opened, an empty disk
//! or what a life has left.
//!
//! When it fails is drawn: after any number of operations, or at a crash point that is drawn from all,
//! so that it fails often enough at those that are seldom passed.
//!
//! Files are on a [`SimulatedDisk`]; the database is SQLite's, in memory of the operating system, and
//! the power fails before or after its commits: that it survives a power loss in between is its own
//! promise, and tested by its makers. Same seed, same deeds and same losses.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hanami_disk::simulated::SimulatedDisk;
use hanami_engine::EngineSettings;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::report;
use crate::tally::add;

use super::deed::Deed;
use super::house::{House, Place};
use super::ledger::{Ledger, World, recognise};
use super::points::POINTS;
use super::threads::beside_each_other;

/// What is tried out.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How often the power fails
    #[arg(long, default_value_t = 1000)]
    pub losses: u64,
    /// What the random choices begin with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads that do this beside each other; more than cores, as they wait for the database often
    #[arg(long, default_value_t = 4)]
    pub jobs: u64,
    /// How often the power has to fail at each crash point, at least
    #[arg(long, default_value_t = 0)]
    pub each: u64,
    /// Take a disk that tells that it has synced and has not: this has to end with a failure
    #[arg(long)]
    pub lying: bool,
}

/// Power losses that one data directory has, at least.
const LOSSES: u64 = 15;

/// Operations after which the power fails at the latest.
const LONGEST_LIFE: u64 = 150;

/// The same while things are opened.
const LONGEST_OPENING: u64 = 30;

/// What happened.
#[derive(Default)]
struct Tally {
    losses: u64,
    while_opening: u64,
    deeds: u64,
    acknowledged: BTreeMap<String, u64>,
    /// How often the power failed at each crash point, and how often that was passed.
    failed: BTreeMap<String, u64>,
    passed: BTreeMap<String, u64>,
    /// Where it failed last.
    last: String,
}

/// Lets the power fail, and reports; an error says what was lost, and with which seed.
///
/// # Errors
/// A broken promise, or a crash point that nobody knows or that was never reached.
pub fn run(options: &Options) -> Result<String> {
    let begin = Instant::now();
    let directories = options.losses.div_ceil(LOSSES);
    let next = AtomicU64::new(0);
    let work = || {
        let mut tally = Tally::default();
        loop {
            let directory = next.fetch_add(1, Relaxed);
            if directory >= directories {
                return Ok(tally);
            }
            let seed = options.seed.wrapping_mul(1 << 32).wrapping_add(directory);
            one_directory(seed, options.lying, &mut tally)
                .with_context(|| format!("data directory {directory} of seed {}", options.seed))?;
        }
    };
    let mut total = Tally::default();
    for tally in beside_each_other(options.jobs, work)? {
        total.add(tally);
    }
    total.check_points(options.each)?;
    Ok(total.report(options, begin.elapsed()))
}

/// All lives of a data directory.
fn one_directory(seed: u64, lying: bool, tally: &mut Tally) -> Result<()> {
    tally.last.clear();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let place = Place::new()?;
        let mut random = StdRng::seed_from_u64(seed);
        let disk = SimulatedDisk::new(random.random());
        disk.set_lying(lying);
        let settings = settings(&mut random);
        let opened = switch_on(&mut random, disk, &place.data, settings, tally).await;
        let (mut disk, found) = opened.context("opening an empty disk")?;
        let mut ledger = recognise(vec![Ledger::default()], &found)?;
        let (all, mut life) = (tally.losses + LOSSES, 0);
        while tally.losses < all {
            let ended = one_life(&mut random, &disk, &place.data, ledger, life, tally).await;
            (disk, ledger) = ended.with_context(|| format!("life {life}"))?;
            life += 1;
        }
        Ok(())
    });
    // Connections to the database that are not closed yet are of no use to anybody.
    runtime.shutdown_background();
    done
}

/// Opens, does deeds until the power fails, opens again and compares.
async fn one_life(
    random: &mut StdRng,
    disk: &SimulatedDisk,
    directory: &Path,
    mut ledger: Ledger,
    life: u64,
    tally: &mut Tally,
) -> Result<(SimulatedDisk, Ledger)> {
    let settings = settings(random);
    let house = House::open(disk, directory, settings.clone()).await.context("opening")?;
    plan_failure(random, disk);
    let mut possible = Vec::new();
    for serial in life * 1000.. {
        let deed = Deed::choose(random, &ledger, serial);
        let outcomes = deed.outcomes(&ledger)?;
        tally.deeds += 1;
        if let Err(broken) = house.perform(&deed, &ledger).await {
            if disk.failed_at().is_none() {
                return Err(broken.error.context(format!("{deed:?} failed on a sound disk")));
            }
            let last = outcomes.len() - 1;
            let (from, to) = broken.outcomes.into_inner();
            possible = outcomes[from.min(last)..=to.min(last)].to_vec();
            break;
        }
        *tally.acknowledged.entry(deed.kind()).or_default() += 1;
        ledger = outcomes.into_iter().next_back().context("a deed has an outcome")?;
        if disk.failed_at().is_some() {
            possible = vec![ledger];
            break;
        }
    }
    house.close().await;
    tally.lost(disk);

    let left = disk.after_power_loss();
    let (disk, found) = switch_on(random, left, directory, settings, tally).await?;
    let ledger = recognise(possible, &found)
        .with_context(|| format!("after the power failed at {:?}", tally.last))?;
    Ok((disk, ledger))
}

/// Chooses when the power fails in a life that begins now.
fn plan_failure(random: &mut StdRng, disk: &SimulatedDisk) {
    let mut longest = LONGEST_LIFE;
    if random.random() {
        disk.fail_power_on(POINTS[random.random_range(0..POINTS.len())], 0);
    } else {
        longest = random.random_range(0..LONGEST_LIFE);
    }
    disk.fail_power_at(disk.operations() + longest);
}

/// Chooses whether and when it fails while things are opened: after some operations, or when that is
/// removed which was being written when it failed last, as no life removes it.
fn plan_failure_of_opening(random: &mut StdRng, disk: &SimulatedDisk, last: &str) {
    match random.random_range(0..6) {
        0 | 1 => disk.fail_power_at(random.random_range(0..LONGEST_OPENING)),
        2 | 3 => {
            if let Some((_, kind)) = last.split_once(' ') {
                disk.fail_power_on(&format!("remove {kind}"), 0);
            }
        }
        _ => {}
    }
}

/// Opens what is on the disk, the power failing perhaps more than once, and looks at what is there.
async fn switch_on(
    random: &mut StdRng,
    mut disk: SimulatedDisk,
    directory: &Path,
    settings: EngineSettings,
    tally: &mut Tally,
) -> Result<(SimulatedDisk, World)> {
    loop {
        plan_failure_of_opening(random, &disk, &tally.last);
        match look(&disk, directory, settings.clone()).await {
            Ok(found) => {
                tally.pass(&disk);
                return Ok((disk.after_kill(), found));
            }
            Err(_) if disk.failed_at().is_some() => {
                tally.while_opening += 1;
                tally.lost(&disk);
                disk = disk.after_power_loss();
            }
            Err(error) => return Err(error.context("opening what a power loss left behind")),
        }
    }
}

async fn look(disk: &SimulatedDisk, directory: &Path, settings: EngineSettings) -> Result<World> {
    let house = House::open(disk, directory, settings).await?;
    let found = house.world().await;
    house.close().await;
    found
}

/// Settings under which much happens.
fn settings(random: &mut StdRng) -> EngineSettings {
    EngineSettings {
        cores: 1,
        cores_per_cluster: 1,
        save_interval: if random.random() {
            Duration::from_millis(1)
        } else {
            Duration::from_mins(1)
        },
        journal_limit: if random.random() { 100 } else { 1 << 20 },
        ..EngineSettings::default()
    }
}

impl Tally {
    fn lost(&mut self, disk: &SimulatedDisk) {
        self.losses += 1;
        if let Some(point) = disk.failed_at() {
            *self.failed.entry(point.clone()).or_default() += 1;
            self.last = point;
        }
        self.pass(disk);
    }

    fn pass(&mut self, disk: &SimulatedDisk) {
        add(&mut self.passed, disk.points());
    }

    fn add(&mut self, other: Self) {
        self.losses += other.losses;
        self.while_opening += other.while_opening;
        self.deeds += other.deeds;
        add(&mut self.acknowledged, other.acknowledged);
        add(&mut self.failed, other.failed);
        add(&mut self.passed, other.passed);
    }

    /// Refuses crash points that are not listed, that were not reached, or at which the power failed
    /// too seldom.
    fn check_points(&self, each: u64) -> Result<()> {
        let unknown: Vec<_> =
            self.passed.keys().filter(|point| !POINTS.contains(&point.as_str())).collect();
        ensure!(unknown.is_empty(), "crash points that the list does not have: {unknown:?}");
        let seldom: Vec<_> = POINTS
            .iter()
            .filter(|point| {
                !self.passed.contains_key(**point)
                    || self.failed.get(**point).copied().unwrap_or_default() < each
            })
            .collect();
        ensure!(seldom.is_empty(), "crash points that were not reached often enough: {seldom:?}");
        Ok(())
    }

    fn report(&self, options: &Options, time: Duration) -> String {
        let acknowledged: u64 = self.acknowledged.values().sum();
        let fewest =
            POINTS.iter().map(|point| (self.failed.get(*point).copied().unwrap_or(0), *point));
        let (fewest, rarest) = fewest.min().unwrap_or_default();
        let mut text = format!(
            "# Power losses\n\n{}\n\nSeed {}, {} threads, {:.0} s.\n\n\
             | | |\n|---|---|\n\
             | power losses | {} |\n| of these while things were opened | {} |\n\
             | deeds | {} |\n| acknowledged | {acknowledged} |\n\
             | acknowledged and lost | 0 |\n| half done | 0 |\n\
             | crash points | {} |\n| fewest power losses at one of them | {fewest} ({rarest}) |\n\n",
            report::machine(),
            options.seed,
            options.jobs,
            time.as_secs_f64(),
            self.losses,
            self.while_opening,
            self.deeds,
            POINTS.len(),
        );
        text += &report::counts(["acknowledged", "times"], &self.acknowledged);
        text += "\n";
        text += &report::counts(["the power failed at", "times"], &self.failed);
        text
    }
}
