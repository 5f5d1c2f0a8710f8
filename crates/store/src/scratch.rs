//! Files for bytes that arrive in one go and are nothing yet, until somebody has looked at them.

use std::path::PathBuf;

use hanami_disk::{Disk, File, How};

use crate::error::StoreError;
use crate::files;
use crate::reserve::Reserve;
use crate::store::{Store, blocking};

impl Store {
    /// A new and empty file for bytes that arrive.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub async fn scratch(&self) -> Result<Scratch, StoreError> {
        let path = self.layout().scratch(self.disk().new_id());
        let (disk, reserve) = (self.disk().clone(), self.reserve().clone());
        blocking(move || {
            reserve.require()?;
            let file = disk.open(&path, How::New).map_err(StoreError::io(&path))?;
            Ok(Scratch { disk, path, file, reserve, length: 0 })
        })
        .await
    }
}

/// A file that is removed when this is dropped, or by the next open of the store. It is not synced:
/// what is to stay is written once more, as what it has turned out to be.
#[derive(Debug)]
pub struct Scratch {
    disk: Disk,
    path: PathBuf,
    file: File,
    reserve: Reserve,
    length: u64,
}

impl Scratch {
    /// Number of bytes in it.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes to the end and gives the file back.
    ///
    /// # Errors
    ///
    /// As the file system reports; the file is gone then.
    pub async fn append(
        mut self,
        bytes: impl AsRef<[u8]> + Send + 'static,
    ) -> Result<Self, StoreError> {
        blocking(move || {
            self.reserve.require()?;
            let bytes = bytes.as_ref();
            self.file.write_all_at(bytes, self.length).map_err(StoreError::io(&self.path))?;
            self.length += bytes.len() as u64;
            Ok(self)
        })
        .await
    }

    /// All bytes in it. Blocks.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn read(&self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0; self.length as usize];
        self.file.read_exact_at(&mut bytes, 0).map_err(StoreError::io(&self.path))?;
        Ok(bytes)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        files::discard(&self.disk, &self.path);
    }
}
