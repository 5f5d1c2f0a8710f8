//! Turning uploaded files into a dataset.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hanami_dataset::{Summary, convert_csv, convert_mnist};
use hanami_store::{Access, Dataset, DatasetKind, FileRole, StoreError};
use uuid::Uuid;

use crate::engine::Shared;
use crate::error::EngineError;
use crate::host::blocking;

/// Checks that `files` are the files of the dataset `uuid`, that all their bytes have arrived and
/// hold valid data, and makes the dataset of them.
///
/// Goes on to its end even if nobody waits for it any more.
pub(crate) async fn finish_dataset(
    shared: Arc<Shared>,
    access: Access,
    uuid: Uuid,
    files: Vec<Uuid>,
) -> Result<Dataset, EngineError> {
    let converting = shared.clone();
    let done =
        shared.runners.spawn(async move { finish(&converting, &access, uuid, &files).await });
    done.await.map_err(|panic| EngineError::Fault(format!("a conversion failed: {panic}")))?
}

async fn finish(
    shared: &Shared,
    access: &Access,
    uuid: Uuid,
    files: &[Uuid],
) -> Result<Dataset, EngineError> {
    let dataset = shared.store.dataset(access, uuid).await?;
    let _one_at_a_time = shared.conversions.lock().await;
    let declared = shared.store.upload_files(access, uuid).await?;
    if declared.is_empty() {
        let name = dataset.name;
        return Err(EngineError::Conflict(format!("the dataset {name:?} is complete already")));
    }
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
    let out = shared.store.dataset_path(uuid);
    let turn = shared.host.turn().await;
    let summary = turn.run(move || convert(dataset.kind, &sources, &out)).await??;
    let Summary { rows, inputs, outputs } = summary;
    let finished =
        shared.store.finish_dataset(access, uuid, inputs as i64, outputs as i64, rows as i64);
    Ok(finished.await?)
}

/// The path of a file whose bytes have all arrived.
async fn source(
    shared: &Shared,
    access: &Access,
    file: Uuid,
    role: FileRole,
) -> Result<PathBuf, EngineError> {
    let upload = shared.store.open_upload(access, file).await?;
    blocking(move || {
        let missing = upload.missing();
        match missing.first() {
            None => Ok(upload.path().to_owned()),
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

fn convert(kind: DatasetKind, sources: &[PathBuf], out: &Path) -> Result<Summary, EngineError> {
    let summary = match (kind, sources) {
        (DatasetKind::Mnist, [images, labels]) => {
            let ((images, images_size), (labels, labels_size)) = (open(images)?, open(labels)?);
            convert_mnist(images, images_size, labels, labels_size, out)?
        }
        (DatasetKind::Csv, [table]) => convert_csv(open(table)?.0, out)?,
        _ => {
            let count = sources.len();
            return Err(EngineError::Fault(format!("a {kind} dataset made of {count} files")));
        }
    };
    Ok(summary)
}

fn open(path: &Path) -> Result<(BufReader<File>, u64), EngineError> {
    let opened = File::open(path).and_then(|file| {
        let size = file.metadata()?.len();
        Ok((BufReader::with_capacity(1 << 20, file), size))
    });
    opened.map_err(|source| StoreError::Io { path: path.to_owned(), source }.into())
}
