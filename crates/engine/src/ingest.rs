//! Turning uploaded files into a dataset.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use hanami_dataset::{Summary, convert_csv, convert_mnist};
use hanami_disk::{Disk, How, Reader};
use hanami_store::{Access, Dataset, DatasetKind, DatasetState, FileRole, StoreError, Upload};
use tokio::sync::watch;
use uuid::Uuid;

use crate::error::EngineError;
use crate::host::blocking;
use crate::shared::Shared;

/// Checks that `files` are the files of the dataset `uuid`, that all their bytes have arrived and
/// hold valid data, and makes the dataset of them.
pub(crate) async fn finish_dataset(
    shared: &Shared,
    access: &Access,
    uuid: Uuid,
    files: &[Uuid],
) -> Result<Dataset, EngineError> {
    shared.store.dataset_to_change(access, uuid).await?;
    let declared = shared.store.upload_files(access, uuid).await?;
    // Held until the dataset is ready: what is open does not expire.
    let mut sources = Vec::new();
    for (place, file) in declared.iter().enumerate() {
        if files.get(place) != Some(&file.uuid) {
            return Err(EngineError::Input(format!(
                "the {} file of this dataset has the uuid {}",
                file.role, file.uuid
            )));
        }
        sources.push(source(shared, access, file.uuid, file.role).await?);
    }
    let _turn = shared.whole_read(access.user_id()).await;
    let dataset = shared.store.dataset(access, uuid).await?;
    if dataset.state == DatasetState::Ready {
        let name = dataset.name;
        return Err(EngineError::Conflict(format!("the dataset {name:?} is complete already")));
    }
    let out = shared.store.dataset_path(uuid);
    let stopping = shared.stopping();
    let (read, written) = (sources.clone(), out.clone());
    let disk = shared.store.disk().clone();
    let summary =
        blocking(move || convert(&disk, dataset.kind, &read, &written, &stopping)).await?;
    shared.refuse_when_stopping()?;
    let summary = summary?;
    let Summary { rows, inputs, outputs } = summary;
    let finished =
        shared.store.finish_dataset(access, uuid, inputs as i64, outputs as i64, rows as i64).await;
    if let Err(StoreError::NotFound { .. } | StoreError::QuotaExceeded { .. }) = finished {
        // Deleted while it was converted, or too much: what was written belongs to nobody.
        let disk = shared.store.disk().clone();
        let removed = blocking(move || disk.remove(&out)).await?;
        removed.unwrap_or_else(|error| tracing::warn!(%uuid, %error, "left for the next sweep"));
    }
    Ok(finished?)
}

/// A file whose bytes have all arrived.
async fn source(
    shared: &Shared,
    access: &Access,
    file: Uuid,
    role: FileRole,
) -> Result<Arc<Upload>, EngineError> {
    let upload = shared.store.open_upload(access, file).await?;
    blocking(move || {
        let missing = upload.missing();
        match missing.first() {
            None => Ok(upload),
            Some(gap) => Err(EngineError::Incomplete {
                file: role.to_string(),
                missing: missing.iter().map(|gap| gap.end - gap.start).sum(),
                size: upload.size(),
                first: gap.start,
            }),
        }
    })
    .await?
}

fn convert(
    disk: &Disk,
    kind: DatasetKind,
    sources: &[Arc<Upload>],
    out: &Path,
    stopping: &watch::Receiver<bool>,
) -> Result<Summary, EngineError> {
    let open = |upload: &Upload| Source::open(disk, upload.path(), stopping.clone());
    let summary = match (kind, sources) {
        (DatasetKind::Mnist, [images, labels]) => {
            let ((images, images_size), (labels, labels_size)) = (open(images)?, open(labels)?);
            convert_mnist(images, images_size, labels, labels_size, disk, out)?
        }
        (DatasetKind::Csv, [table]) => convert_csv(open(table)?.0, disk, out)?,
        _ => {
            let count = sources.len();
            return Err(EngineError::Fault(format!("a {kind} dataset made of {count} files")));
        }
    };
    Ok(summary)
}

/// An uploaded file that fails to be read as soon as the engine stops: a large one could hold up
/// the stop for minutes. The upload is still there after the restart, to be finished then.
struct Source {
    file: BufReader<Reader>,
    stopping: watch::Receiver<bool>,
}

impl Source {
    /// Opens a file; answers its size, too.
    fn open(
        disk: &Disk,
        path: &Path,
        stopping: watch::Receiver<bool>,
    ) -> Result<(Self, u64), StoreError> {
        let opened = disk.open(path, How::Read).and_then(|file| {
            let size = file.length()?;
            Ok((Self { file: BufReader::with_capacity(1 << 20, file.reader()), stopping }, size))
        });
        opened.map_err(|source| StoreError::Io { path: path.to_owned(), source })
    }
}

impl Read for Source {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if *self.stopping.borrow() {
            return Err(io::Error::other("the engine is stopping"));
        }
        self.file.read(bytes)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
