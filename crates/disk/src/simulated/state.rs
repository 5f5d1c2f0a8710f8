//! What the disk holds, what it counts, and what it has in mind.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::{Builder, Uuid};

use super::Fault;
use super::contents::Contents;
use super::names::Names;

/// The time when a new disk is made, since the epoch: the beginning of 2026.
const BEGINNING: Duration = Duration::from_hours(490_896);
/// How much later it is at each look at the clock.
const TICK: Duration = Duration::from_millis(1);
/// How often the clock jumps instead: once in so many looks.
const JUMPS: u32 = 100;
/// How far it jumps at most, in seconds.
const FARTHEST: u64 = 3600;

/// What the disk is like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nature {
    /// Bytes that all files together may have.
    pub(super) capacity: Option<u64>,
    /// Set when what is written takes new room, also within a file.
    pub(super) copies_on_write: bool,
    /// Set when it only says that it syncs.
    pub(super) lies: bool,
}

/// What the disk holds, what it counts, and what it has in mind.
#[derive(Debug)]
pub(super) struct State {
    pub(super) files: Vec<Contents>,
    pub(super) names: Names,
    pub(super) operations: u64,
    pub(super) calls: u64,
    pub(super) power_fails_at: Option<u64>,
    /// A crash point, and how often it is passed before the power fails at it.
    pub(super) power_fails_on: Option<(String, u64)>,
    pub(super) failed_at: Option<String>,
    pub(super) fault: Option<(u64, Fault)>,
    /// Whether that call has come, and did not do what it was to do.
    pub(super) struck: bool,
    pub(super) nature: Nature,
    pub(super) points: BTreeMap<String, u64>,
    random: StdRng,
    time: SystemTime,
    /// Set when the power is gone, or the process.
    dead: bool,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            files: Vec::new(),
            names: Names::default(),
            operations: 0,
            calls: 0,
            power_fails_at: None,
            power_fails_on: None,
            failed_at: None,
            fault: None,
            struck: false,
            nature: Nature::default(),
            points: BTreeMap::new(),
            random: StdRng::seed_from_u64(seed),
            time: SystemTime::UNIX_EPOCH + BEGINNING,
            dead: false,
        }
    }

    /// A call that changes nothing.
    pub(super) fn read(&mut self) -> io::Result<Option<Fault>> {
        self.require_power()?;
        match self.call() {
            Some(Fault::Device) => {
                self.struck = true;
                Err(device())
            }
            other => Ok(other),
        }
    }

    /// An operation that takes effect, also when the power fails at it: what is not synced may be
    /// there afterwards or not.
    pub(super) fn change<T>(
        &mut self,
        point: impl FnOnce() -> String,
        change: impl FnOnce(&mut Self) -> T,
    ) -> io::Result<T> {
        self.require_power()?;
        self.refuse()?;
        let fails = self.pass(point());
        let changed = change(self);
        if fails { Err(self.fail_power()) } else { Ok(changed) }
    }

    /// An operation that makes something durable: if the power fails at it, it has done nothing.
    pub(super) fn sync<T>(
        &mut self,
        point: impl FnOnce() -> String,
        sync: impl FnOnce(&mut Self) -> T,
    ) -> io::Result<T> {
        self.require_power()?;
        self.refuse()?;
        if self.pass(point()) {
            return Err(self.fail_power());
        }
        Ok(sync(self))
    }

    /// The moment after something became durable, before anybody is told. No call that could fail.
    pub(super) fn told(&mut self, point: impl FnOnce() -> String) -> io::Result<()> {
        self.require_power()?;
        if self.pass(point()) { Err(self.fail_power()) } else { Ok(()) }
    }

    /// A new file with a name.
    pub(super) fn create(&mut self, path: &Path) -> usize {
        let file = self.files.len();
        let now = self.now();
        self.files.push(Contents::new(now));
        self.names.set(path, Some(file));
        file
    }

    pub(super) fn write_at(&mut self, file: usize, bytes: &[u8], position: u64) {
        let now = self.now();
        self.files[file].write_at(bytes, position, now);
    }

    pub(super) fn set_len(&mut self, file: usize, length: u64) {
        let now = self.now();
        self.files[file].set_len(length, now);
    }

    /// The time.
    pub(super) fn now(&mut self) -> SystemTime {
        self.time += TICK;
        if self.random.random_ratio(1, JUMPS) {
            let jump = Duration::from_secs(self.random.random_range(1..=FARTHEST));
            if self.random.random() {
                self.time += jump;
            } else {
                self.time -= jump;
            }
        }
        self.time
    }

    /// An id that nothing has yet.
    pub(super) fn new_id(&mut self) -> Uuid {
        Builder::from_random_bytes(self.random.random()).into_uuid()
    }

    /// Makes a file durable, or says so.
    pub(super) fn sync_file(&mut self, file: usize) {
        if !self.nature.lies {
            self.files[file].sync();
        }
    }

    /// Bytes in all files that have a name.
    pub(super) fn used(&self) -> u64 {
        self.names.files().map(|file| self.files[file].length()).sum()
    }

    /// Refuses to take more than the capacity.
    pub(super) fn require_room(&self, needed: u64) -> io::Result<()> {
        match self.nature.capacity {
            Some(capacity) if needed > 0 && self.used() + needed > capacity => Err(full()),
            _ => Ok(()),
        }
    }

    /// How much is done of so many bytes by a call that does only a part.
    pub(super) fn part_of(&mut self, bytes: usize) -> usize {
        let part = bytes.div_ceil(2);
        self.struck |= part < bytes;
        part
    }

    /// Whether the call that comes now does only a part.
    pub(super) fn is_short(&self) -> bool {
        self.fault == Some((self.calls, Fault::Short))
    }

    /// What is there when the power is back.
    pub(super) fn lose_power(&mut self) -> Self {
        self.dead = true;
        let mut left = Self::new(self.random.random());
        let files = self.files.iter();
        left.files = files.map(|file| file.after_power_loss(&mut self.random)).collect();
        left.names = self.names.after_power_loss(&mut self.random);
        self.pass_on(left)
    }

    /// What is there for the next process.
    pub(super) fn die(&mut self) -> Self {
        self.dead = true;
        let mut left = Self::new(self.random.random());
        left.files.clone_from(&self.files);
        left.names.clone_from(&self.names);
        self.pass_on(left)
    }

    /// Gives what outlives a process to the disk that is left.
    fn pass_on(&self, left: Self) -> Self {
        Self { nature: self.nature, time: self.time, ..left }
    }

    fn require_power(&self) -> io::Result<()> {
        if self.dead { Err(no_power()) } else { Ok(()) }
    }

    /// Counts a call, and tells how it is to fail.
    fn call(&mut self) -> Option<Fault> {
        let call = self.calls;
        self.calls += 1;
        self.fault.filter(|(at, _)| *at == call).map(|(_, fault)| fault)
    }

    fn refuse(&mut self) -> io::Result<()> {
        match self.call() {
            Some(Fault::Device) => {
                self.struck = true;
                Err(device())
            }
            Some(Fault::Full) => {
                self.struck = true;
                Err(full())
            }
            Some(Fault::Short) | None => Ok(()),
        }
    }

    /// Counts an operation; answers whether the power fails at it.
    fn pass(&mut self, point: String) -> bool {
        let operation = self.operations;
        self.operations += 1;
        let passed = self.points.get(&point).copied().unwrap_or_default();
        let is_chosen = self
            .power_fails_on
            .as_ref()
            .is_some_and(|(on, after)| *on == point && *after == passed);
        let fails = is_chosen || self.power_fails_at == Some(operation);
        if fails {
            self.failed_at = Some(point.clone());
        }
        self.points.insert(point, passed + 1);
        fails
    }

    fn fail_power(&mut self) -> io::Error {
        self.dead = true;
        no_power()
    }
}

fn no_power() -> io::Error {
    io::Error::other("the power is gone")
}

fn device() -> io::Error {
    io::Error::other("the device has failed")
}

fn full() -> io::Error {
    io::ErrorKind::StorageFull.into()
}
