//! The names of files: those that programs see, and those that are durable.
//!
//! Folders are durable when they are made: a data directory has all of its own before anything is in
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use rand::RngExt;
use rand::rngs::StdRng;

/// The names of files, and which file each belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    folders: BTreeSet<PathBuf>,
    seen: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
    /// What was done since the last sync of each folder, in order.
    unsynced: Vec<Change>,
}

/// Names that change together: each belongs to another file from then on, or to none.
#[derive(Clone, Debug)]
struct Change(Vec<(PathBuf, Option<usize>)>);

impl Names {
    pub(super) fn find(&self, path: &Path) -> Option<usize> {
        self.seen.get(path).copied()
    }

    /// All files that have a name, each once.
    pub(super) fn files(&self) -> impl Iterator<Item = usize> {
        self.seen.values().copied().collect::<BTreeSet<_>>().into_iter()
    }

    pub(super) fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.require(folder)?;
        let inside = self.seen.keys().filter(|path| path.parent() == Some(folder));
        Ok(inside.cloned().collect())
    }

    pub(super) fn create_folder(&mut self, path: &Path) {
        self.folders.extend(path.ancestors().map(Path::to_owned));
    }

    pub(super) fn require(&self, folder: &Path) -> io::Result<()> {
        if self.folders.contains(folder) { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    pub(super) fn require_folder(&self, path: &Path) -> io::Result<()> {
        self.require(path.parent().unwrap_or(path))
    }

    pub(super) fn set(&mut self, path: &Path, file: Option<usize>) {
        self.change(Change(vec![(path.to_owned(), file)]));
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path, file: usize) {
        self.change(Change(vec![(from.to_owned(), None), (to.to_owned(), Some(file))]));
    }

    fn change(&mut self, change: Change) {
        apply(&mut self.seen, &change);
        self.unsynced.push(change);
    }

    pub(super) fn sync(&mut self, folder: &Path) {
        let concerns =
            |change: &mut Change| change.0.iter().any(|(path, _)| path.parent() == Some(folder));
        for change in self.unsynced.extract_if(.., concerns) {
            apply(&mut self.durable, &change);
        }
    }

    /// What is left of them after a power loss: of what was not synced, nothing, all, or any part.
    pub(super) fn after_power_loss(&self, random: &mut StdRng) -> Self {
        let mut names = self.durable.clone();
        let share = [0.0, 0.5, 1.0][random.random_range(0..3)];
        for change in &self.unsynced {
            if random.random_bool(share) {
                apply(&mut names, change);
            }
        }
        let folders = self.folders.clone();
        Self { folders, seen: names.clone(), durable: names, unsynced: Vec::new() }
    }
}

fn apply(names: &mut BTreeMap<PathBuf, usize>, change: &Change) {
    for (path, file) in &change.0 {
        match file {
            Some(file) => names.insert(path.clone(), *file),
            None => names.remove(path),
        };
    }
}
