//! Files that may be replaced while the server runs.
//!
//! They are looked at again and again, because that works on every file system, and also where a
//! directory or a link on the way to a file is what changes. A change counts once the files have
//! stayed the same for one look, so that none that is being written is read half.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// Time between two looks.
const PERIOD: Duration = Duration::from_millis(250);

/// What tells one state of a file from the next: modification time, size and inode. `None` while
/// it can't be looked at.
type Stamp = Option<(SystemTime, u64, u64)>;

/// Files, as they were when last read.
pub(crate) struct Watch {
    files: Vec<PathBuf>,
    read: Vec<Stamp>,
}

impl Watch {
    /// Watches `files` from now on. To be made before they are read for the first time, so that no
    /// change is missed.
    pub(crate) fn on(files: Vec<PathBuf>) -> Self {
        let read = stamps(&files);
        Self { files, read }
    }

    /// Calls `changed` whenever any of the files is another than before, and never ends.
    pub(crate) async fn run(mut self, mut changed: impl FnMut()) {
        let mut last = self.read.clone();
        loop {
            tokio::time::sleep(PERIOD).await;
            let found = stamps(&self.files);
            let settled = found == std::mem::replace(&mut last, found.clone());
            if settled && found != self.read {
                self.read = found;
                changed();
            }
        }
    }
}

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    let stamp = |file: &PathBuf| {
        let metadata = fs::metadata(file).ok()?;
        Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
    };
    files.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_of_any_file_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let files = ["one", "other"].map(|name| directory.path().join(name));
        fs::write(&files[0], "as it was").unwrap();
        let watch = Watch::on(files.to_vec());
        let (sender, mut changes) = tokio::sync::mpsc::unbounded_channel();
        let running = tokio::spawn(watch.run(move || sender.send(()).unwrap()));
        fs::write(&files[0], "as it is now").unwrap();
        changes.recv().await.unwrap();
        // A file that was not there before.
        fs::write(&files[1], "new").unwrap();
        changes.recv().await.unwrap();
        fs::remove_file(&files[0]).unwrap();
        changes.recv().await.unwrap();
        running.abort();
    }
}
