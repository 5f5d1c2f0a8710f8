//! Checkpoints: `/control/v1/checkpoint`. How they are made and used is in `cluster.rs`.

use hanami_api::{
    Uuid,
    checkpoint::{Checkpoint, CheckpointRow},
    cluster::ByUuid,
};

use crate::{ClientError, Entry, Hanami};

impl Hanami {
    /// A checkpoint.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such checkpoint, or not yet.
    pub async fn checkpoint(&self, uuid: Uuid) -> Result<Checkpoint, ClientError> {
        self.get("/checkpoint", &ByUuid { uuid }).await
    }

    /// All checkpoints that the user may see.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn checkpoints(&self) -> Result<Vec<Entry>, ClientError> {
        self.list::<CheckpointRow, _>("/checkpoint/all", &()).await
    }

    /// Deletes a checkpoint. Loads of it that are queued go on.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such checkpoint.
    pub async fn delete_checkpoint(&self, uuid: Uuid) -> Result<(), ClientError> {
        self.delete("/checkpoint", &ByUuid { uuid }).await
    }
}
