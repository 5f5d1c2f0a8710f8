//! The part of the engine's face that shows what datasets hold.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};

use hanami_dataset::{Cell, ColumnSummary, Dataset as DatasetFile, Export, Part};
use hanami_store::{Access, Dataset, DatasetState, StoreError};
use uuid::Uuid;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::host::blocking;

/// Datasets whose descriptions are remembered.
const REMEMBERED: usize = 32;

/// Some rows of a dataset.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The dataset.
    pub dataset: Dataset,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Rows and columns of pixels of an image, if the dataset tells.
    pub picture: Option<(u32, u32)>,
    /// The cells, row by row.
    pub rows: Vec<Vec<Cell>>,
}

/// The descriptions of the datasets that were asked for last. A dataset that is ready never
/// changes, so they stay true.
#[derive(Debug, Default)]
pub(crate) struct Descriptions(SyncMutex<VecDeque<(Uuid, Arc<[ColumnSummary]>)>>);

impl Descriptions {
    fn get(&self, dataset: Uuid) -> Option<Arc<[ColumnSummary]>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(uuid, _)| *uuid == dataset).map(|(_, columns)| columns.clone())
    }

    /// Remembers one more, and forgets the one that was made first if there are too many.
    fn put(&self, dataset: Uuid, columns: Arc<[ColumnSummary]>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.truncate(REMEMBERED - 1);
        known.push_front((dataset, columns));
    }
}

impl Engine {
    /// The export of one of the files that a dataset was made from.
    ///
    /// # Errors
    /// Not found, also when the dataset has no such part; a conflict when it is not finished.
    pub async fn export(
        &self,
        access: &Access,
        uuid: Uuid,
        part: Part,
    ) -> Result<(Dataset, Export), EngineError> {
        let (dataset, file) = self.open(access, uuid).await?;
        let missing =
            || StoreError::NotFound { kind: "label file in dataset", id: uuid.to_string() };
        let export = Export::new(file, part).ok_or_else(missing)?;
        Ok((dataset, export))
    }

    /// At most `count` rows of a dataset from the row `from` on.
    ///
    /// # Errors
    /// Not found; a conflict when the dataset is not finished.
    pub async fn preview(
        &self,
        access: &Access,
        uuid: Uuid,
        from: u64,
        count: u64,
    ) -> Result<Preview, EngineError> {
        let (dataset, file) = self.open(access, uuid).await?;
        blocking(move || {
            let columns = file.info().columns.iter().map(|column| column.name.clone()).collect();
            let rows = file.rows(from, count)?;
            Ok(Preview { dataset, columns, picture: file.info().picture(), rows })
        })
        .await?
    }

    /// What the columns of a dataset hold, in numbers.
    ///
    /// # Errors
    /// Not found; a conflict when the dataset is not finished.
    pub async fn describe(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<(Dataset, Arc<[ColumnSummary]>), EngineError> {
        let (dataset, file) = self.open(access, uuid).await?;
        let descriptions = &self.shared.descriptions;
        if let Some(known) = descriptions.get(uuid) {
            return Ok((dataset, known));
        }
        let _turn = self.shared.whole_read(access.user_id()).await;
        // Others may have asked for the same, and had their turn before.
        if let Some(known) = descriptions.get(uuid) {
            return Ok((dataset, known));
        }
        let stopping = self.shared.stopping();
        let may_go_on = move || {
            if *stopping.borrow() { Err(EngineError::Stopping) } else { Ok(()) }
        };
        let columns: Arc<[_]> = blocking(move || file.describe(may_go_on)).await??.into();
        descriptions.put(uuid, columns.clone());
        Ok((dataset, columns))
    }

    /// A dataset that is ready, and its file.
    pub(crate) async fn open(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<(Dataset, DatasetFile), EngineError> {
        let dataset = self.shared.store.dataset(access, uuid).await?;
        if dataset.state != DatasetState::Ready {
            return Err(EngineError::unfinished(&dataset));
        }
        let disk = self.shared.store.disk().clone();
        let path = self.shared.store.dataset_path(uuid);
        match blocking(move || DatasetFile::open(&disk, &path)).await? {
            Ok(file) => Ok((dataset, file)),
            Err(error) => {
                // Its file is also missing if it was deleted just now.
                self.shared.store.dataset(access, uuid).await?;
                Err(error.into())
            }
        }
    }
}
