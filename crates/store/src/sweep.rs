//! Removing what a crash has left behind: files that no row refers to.
//!
//! Runs once, at open, before anything else can write. The folders of the store are its own:
//! whatever is in them under a name that no row accounts for goes, temporary names included.

use sea_orm::DatabaseConnection;

use crate::error::StoreError;
use crate::layout::{Folder, Layout};
use crate::references::{self, Names};
use crate::store::blocking;
use crate::{files, hold};

/// How many leftover files opening the store has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Files of datasets, e.g. of conversions that were interrupted.
    pub datasets: usize,
    /// Snapshots of clusters, and those of loads that have ended.
    pub snapshots: usize,
    /// Networks of checkpoints.
    pub checkpoints: usize,
    /// Values of request results.
    pub results: usize,
    /// Uploaded files and the records of what had arrived of them.
    pub uploads: usize,
    /// Journals of snapshots that have been replaced.
    pub journals: usize,
}

impl SweepReport {
    /// All files removed.
    #[must_use]
    pub fn total(&self) -> usize {
        self.datasets
            + self.snapshots
            + self.checkpoints
            + self.results
            + self.uploads
            + self.journals
    }

    fn count(&mut self, folder: Folder) -> &mut usize {
        match folder {
            Folder::Datasets => &mut self.datasets,
            Folder::Snapshots => &mut self.snapshots,
            Folder::Checkpoints => &mut self.checkpoints,
            Folder::Results => &mut self.results,
            Folder::Uploads => &mut self.uploads,
            Folder::Journals => &mut self.journals,
        }
    }
}

pub(crate) async fn run(
    db: &DatabaseConnection,
    layout: &Layout,
) -> Result<SweepReport, StoreError> {
    let referred = references::all_names(db).await?;
    let layout = layout.clone();
    blocking(move || {
        let mut report = SweepReport::default();
        for (folder, name) in orphans(&layout, &referred)? {
            let path = layout.folder(folder).join(&name);
            if let Err(error) = hold::remove(&layout, &path) {
                tracing::warn!(folder = folder.path(), file = name, %error, "what a crash left stays");
                continue;
            }
            tracing::info!(folder = folder.path(), file = name, "removed what a crash left behind");
            *report.count(folder) += 1;
        }
        if report.total() > 0 {
            tracing::info!(
                files = report.total(),
                datasets = report.datasets,
                snapshots = report.snapshots,
                checkpoints = report.checkpoints,
                results = report.results,
                uploads = report.uploads,
                journals = report.journals,
                "removed files that nothing refers to"
            );
        }
        if !hold::is_held(&layout) {
            files::remove_folder(&layout.kept())?;
        }
        Ok(report)
    })
    .await
}

/// The files that are not among those that rows refer to, with their folders. Blocks.
pub(crate) fn orphans(
    layout: &Layout,
    referred: &Names,
) -> Result<Vec<(Folder, String)>, StoreError> {
    let mut orphans = Vec::new();
    for folder in Folder::ALL {
        let path = layout.folder(folder);
        for file in layout.disk().list(&path).map_err(StoreError::io(&path))? {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
            let file = (folder, name.unwrap_or_default());
            if !referred.contains(&file) {
                orphans.push(file);
            }
        }
    }
    Ok(orphans)
}
