//! The bytes of a file: those that programs see, and those that are durable.

use std::time::SystemTime;

use rand::RngExt;
use rand::rngs::StdRng;

/// What disks write as a whole.
const SECTORS: [usize; 2] = [512, 4096];

/// The bytes of a file.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    /// What programs see.
    seen: Vec<u8>,
    durable: Vec<u8>,
    /// What was done since the last sync, in order.
    unsynced: Vec<Change>,
    pub(super) modified: SystemTime,
}

#[derive(Clone, Debug)]
enum Change {
    Write { position: usize, bytes: Vec<u8> },
    Length(usize),
}

impl Contents {
    pub(super) fn new(now: SystemTime) -> Self {
        Self { seen: Vec::new(), durable: Vec::new(), unsynced: Vec::new(), modified: now }
    }

    pub(super) fn length(&self) -> u64 {
        self.seen.len() as u64
    }

    pub(super) fn read_at(&self, bytes: &mut [u8], position: u64) -> usize {
        let found = self.seen.get(position as usize..).unwrap_or_default();
        let read = found.len().min(bytes.len());
        bytes[..read].copy_from_slice(&found[..read]);
        read
    }

    pub(super) fn write_at(&mut self, bytes: &[u8], position: u64, now: SystemTime) {
        let (position, bytes) = (position as usize, bytes.to_vec());
        self.change(Change::Write { position, bytes }, now);
    }

    pub(super) fn set_len(&mut self, length: u64, now: SystemTime) {
        self.change(Change::Length(length as usize), now);
    }

    fn change(&mut self, change: Change, now: SystemTime) {
        apply(&mut self.seen, &change);
        self.unsynced.push(change);
        self.modified = now;
    }

    pub(super) fn sync(&mut self) {
        for change in self.unsynced.drain(..) {
            apply(&mut self.durable, &change);
        }
    }

    /// Forgets, after a sync has failed, what was to be made durable; programs still see it.
    pub(super) fn lose_unsynced(&mut self) {
        self.unsynced.clear();
    }

    /// What is left of it after a power loss.
    pub(super) fn after_power_loss(&self, random: &mut StdRng) -> Self {
        let mut bytes = self.durable.clone();
        if !self.unsynced.is_empty() {
            match random.random_range(0..5) {
                0 => {}
                1 => self.unsynced.iter().for_each(|change| apply(&mut bytes, change)),
                // It has grown, and its bytes have not arrived.
                2 => bytes.resize(bytes.len().max(self.seen.len()), 0),
                _ => self.tear(&mut bytes, random),
            }
        }
        Self { seen: bytes.clone(), durable: bytes, unsynced: Vec::new(), modified: self.modified }
    }

    /// Applies any part of what was not synced.
    fn tear(&self, bytes: &mut Vec<u8>, random: &mut StdRng) {
        let sector = SECTORS[random.random_range(0..SECTORS.len())];
        for change in &self.unsynced {
            match change {
                Change::Length(_) if random.random() => apply(bytes, change),
                Change::Length(_) => {}
                Change::Write { position, bytes: written } => {
                    for (position, part) in sectors(*position, written, sector) {
                        if random.random() {
                            write(bytes, position, part);
                        }
                    }
                }
            }
        }
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { position, bytes: written } => write(bytes, *position, written),
        Change::Length(length) => bytes.resize(*length, 0),
    }
}

fn write(bytes: &mut Vec<u8>, position: usize, written: &[u8]) {
    let end = position + written.len();
    bytes.resize(bytes.len().max(end), 0);
    bytes[position..end].copy_from_slice(written);
}

/// The parts of a write that lie in one sector each, with their positions.
fn sectors(
    mut position: usize,
    mut written: &[u8],
    sector: usize,
) -> impl Iterator<Item = (usize, &[u8])> {
    std::iter::from_fn(move || {
        let room = sector - position % sector;
        let (part, rest) = written.split_at(room.min(written.len()));
        let at = position;
        written = rest;
        position += part.len();
        (!part.is_empty()).then_some((at, part))
    })
}
