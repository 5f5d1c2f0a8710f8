//! The files that are open for upload, how far they have come, and the end of those that nobody
//! goes on with.
//!
//! A file has one [`Upload`] as long as anybody uses it. Its *slot* is held while that is opened,
//! and while the file is discarded: neither ever sees the other half done, and one file never waits
//! for the disk on behalf of another.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use hanami_disk::Disk;
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryFilter};
use time::OffsetDateTime;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::access::Access;
use crate::datasets::files_of;
use crate::entity::dataset::{self, DatasetState};
use crate::entity::upload_file;
use crate::error::StoreError;
use crate::files;
use crate::store::{Store, blocking};
use crate::upload::{FileProgress, Upload};

/// Where the open object of one file is found.
pub(crate) type Slot = Arc<Mutex<Weak<Upload>>>;

impl Store {
    /// Opens a file of a dataset for writing. Connections that write the same file get the same
    /// object.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such file, its dataset is ready or the dataset is
    /// not to be changed; [`StoreError::Corrupt`] if what has arrived of it is damaged.
    pub async fn open_upload(
        &self,
        access: &Access,
        file_uuid: Uuid,
    ) -> Result<Arc<Upload>, StoreError> {
        // Before a slot is made for it.
        self.file_to_upload(access, file_uuid).await?;
        let mut slot = self.slot(file_uuid).lock_owned().await;
        if let Some(upload) = slot.upgrade() {
            return Ok(upload);
        }
        // Once more, as its dataset may have gone while the slot was waited for.
        let row = self.file_to_upload(access, file_uuid).await?;
        let store = self.clone();
        let opened = blocking(move || Upload::open(store.layout(), row).map(Arc::new)).await?;
        *slot = Arc::downgrade(&opened);
        Ok(opened)
    }

    async fn file_to_upload(
        &self,
        access: &Access,
        file_uuid: Uuid,
    ) -> Result<upload_file::Model, StoreError> {
        let no_such_file = || StoreError::not_found("file to upload", file_uuid);
        let row = upload_file::Entity::find_by_id(file_uuid).one(self.reader()).await?;
        let row = row.ok_or_else(no_such_file)?;
        match access.change::<dataset::Entity>(self.reader(), row.dataset_uuid).await {
            Err(StoreError::NotFound { .. }) => Err(no_such_file()),
            other => other.map(|_| row),
        }
    }

    /// The slot of a file. Those that are not in use go on the way.
    fn slot(&self, file_uuid: Uuid) -> Slot {
        let mut slots = self.upload_slots().lock();
        // A slot that only the map holds can't be locked by anybody.
        slots.retain(|_, slot| {
            Arc::strong_count(slot) > 1
                || slot.try_lock().is_ok_and(|upload| upload.strong_count() > 0)
        });
        slots.entry(file_uuid).or_default().clone()
    }

    /// How far the files of a dataset have come, inputs first; none once it is ready.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such dataset or it is not to be seen,
    /// [`StoreError::Corrupt`] if what has arrived is damaged.
    pub async fn upload_progress(
        &self,
        access: &Access,
        dataset_uuid: Uuid,
    ) -> Result<Vec<FileProgress>, StoreError> {
        let mut progress = Vec::new();
        for file in self.upload_files(access, dataset_uuid).await? {
            let slot = self.upload_slots().lock().get(&file.uuid).cloned();
            let open = match slot {
                Some(slot) => slot.lock().await.upgrade(),
                None => None,
            };
            let store = self.clone();
            progress.push(match open {
                Some(upload) => blocking(move || Ok(upload.progress())).await?,
                None => blocking(move || FileProgress::read(store.layout(), &file)).await?,
            });
        }
        Ok(progress)
    }

    /// Removes what has arrived of files whose rows are gone; connections that still write it are
    /// told.
    pub(crate) async fn discard_uploads(
        &self,
        files: &[upload_file::Model],
    ) -> Result<(), StoreError> {
        for file in files {
            let slot = self.slot(file.uuid).lock_owned().await;
            let (upload, paths) = (slot.upgrade(), self.upload_paths(file.uuid));
            let disk = self.disk().clone();
            blocking(move || {
                match upload {
                    Some(upload) => upload.discard(),
                    None => paths.iter().for_each(|path| files::discard(&disk, path)),
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// The file itself and its record.
    fn upload_paths(&self, file_uuid: Uuid) -> [PathBuf; 2] {
        [self.layout().upload(file_uuid), self.layout().upload_ranges(file_uuid)]
    }

    /// Deletes the datasets that are still uploading and to whose files nothing was written since
    /// `since`; answers which. A dataset with a file that is open stays.
    ///
    /// # Errors
    ///
    /// If the database or the disk fails.
    pub async fn delete_stale_uploads(
        &self,
        since: OffsetDateTime,
    ) -> Result<Vec<dataset::Model>, StoreError> {
        let mut deleted = Vec::new();
        let uploading = dataset::Entity::find()
            .filter(dataset::Column::State.eq(DatasetState::Uploading))
            .filter(dataset::Column::CreatedAt.lt(since))
            .all(self.reader())
            .await?;
        for dataset in uploading {
            if self.delete_if_stale(&dataset, since).await? {
                deleted.push(dataset);
            }
        }
        Ok(deleted)
    }

    async fn delete_if_stale(
        &self,
        dataset: &dataset::Model,
        since: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let files = files_of(self.reader(), dataset.uuid).await?;
        // Held until the rows are gone, so that no file is opened meanwhile.
        let mut held = Vec::new();
        for file in &files {
            match self.slot(file.uuid).try_lock_owned() {
                Ok(slot) if slot.strong_count() == 0 => held.push(slot),
                _ => return Ok(false),
            }
        }
        let paths: Vec<_> = files.iter().map(|file| self.upload_paths(file.uuid)).collect();
        let disk = self.disk().clone();
        if !blocking(move || untouched_since(&disk, &paths, since)).await? {
            return Ok(false);
        }
        let txn = self.begin("delete stale upload").await?;
        let found = dataset::Entity::find_by_id(dataset.uuid).one(&txn).await?;
        let Some(found) = found.filter(|found| found.state == DatasetState::Uploading) else {
            return Ok(false);
        };
        found.delete(&txn).await?;
        txn.commit().await?;
        drop(held);
        self.discard_uploads(&files).await?;
        Ok(true)
    }
}

/// Whether none of the files was written since `since`. Blocks.
fn untouched_since(
    disk: &Disk,
    paths: &[[PathBuf; 2]],
    since: OffsetDateTime,
) -> Result<bool, StoreError> {
    for path in paths.iter().flatten() {
        match disk.details(path) {
            Ok(found) if OffsetDateTime::from(found.modified) >= since => return Ok(false),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::io(path)(error));
            }
            _ => {}
        }
    }
    Ok(true)
}
