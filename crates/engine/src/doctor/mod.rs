//! What is wrong with a data directory, found without changing anything in it.
//!
//! Every row that refers to files is looked at as the server would use it: networks are read, journals
//! are replayed, datasets and results are compared with their checksums. If a server runs on the
//! directory, files come and go meanwhile; so what was found missing or wrong counts only if the rows
//! still refer to it afterwards, and files that no row refers to are not looked for.

mod look;
mod report;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use hanami_store::{Inspection, Owning, StoreError};

use crate::error::EngineError;
use crate::host::blocking;

pub use report::{Examination, Finding, Severity, Subject};

/// Free bytes below which it is told that the disk is nearly full.
const LITTLE_SPACE: u64 = 1 << 30;

/// Looks at everything in a data directory. `progress` is told how many bytes were looked at, and how
/// many there are.
///
/// # Errors
/// When the directory or its database can't be read at all.
pub async fn examine(
    data_dir: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<Examination, EngineError> {
    let inspection = Arc::new(Inspection::begin(data_dir).await?);
    let mut report = Examination::new(inspection.is_in_use());
    for fault in inspection.database_faults().await? {
        report.add(Finding::of_database(format!("the database is damaged: {fault}")));
    }
    let (rows, lacking) = match inspection.rows().await {
        Ok(found) => found,
        Err(error @ StoreError::Newer { .. }) => return Err(error.into()),
        Err(error) => {
            report.add(Finding::of_database(format!("its rows can't be read: {error}")));
            return Ok(report);
        }
    };
    if lacking > 0 {
        report.add(Finding::older_database(lacking));
    }
    let sizes = rows.iter().map(|row| size(&inspection, row));
    let total = sizes.sum();
    for row in &rows {
        look::at(&inspection, row, &mut report).await?;
        report.count(row, size(&inspection, row));
        progress(report.bytes, total);
    }
    let inspection = if inspection.is_in_use() {
        Arc::new(drop_replaced(data_dir, &mut report).await?)
    } else {
        inspection
    };
    blocking(move || {
        if !inspection.is_in_use() {
            let orphans = inspection.orphans(&rows)?;
            report.findings.extend(orphans.into_iter().map(Finding::orphan));
        }
        if inspection.is_open_to_others()? {
            report.add(Finding::open_to_others());
        }
        report.free_bytes = inspection.free_bytes()?;
        if report.free_bytes < LITTLE_SPACE {
            report.add(Finding::little_space(report.free_bytes));
        }
        Ok(report)
    })
    .await?
}

/// Bytes of the files of a row.
fn size(inspection: &Inspection, row: &Owning) -> u64 {
    let files = row.files().into_iter();
    files.filter_map(|file| inspection.path(&file).metadata().ok()).map(|found| found.len()).sum()
}

/// Leaves out what was found of files that the server has replaced or deleted meanwhile.
async fn drop_replaced(
    data_dir: &Path,
    report: &mut Examination,
) -> Result<Inspection, EngineError> {
    let later = Inspection::begin(data_dir).await?;
    let (rows, _) = later.rows().await?;
    let referred: HashSet<_> =
        rows.iter().flat_map(Owning::files).map(|file| later.path(&file)).collect();
    report
        .findings
        .retain(|finding| finding.file.as_ref().is_none_or(|file| referred.contains(file)));
    Ok(later)
}
