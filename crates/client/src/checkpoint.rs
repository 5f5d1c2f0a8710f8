//! Checkpoints: `/control/v1/checkpoint`. How they are made and used is in `cluster.rs`.

use hanami_api::{
    Uuid, Visibility,
    checkpoint::{Checkpoint, CheckpointRow},
    cluster::ByUuid,
};

use crate::{ClientError, Entry, Hanami, connection::change};

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

    /// Renames a checkpoint, or changes who else may see and use it; what is `None` stays.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such checkpoint that the user may change, or nothing is
    /// to be changed.
    pub async fn change_checkpoint(
        &self,
        checkpoint: Uuid,
        new_name: Option<&str>,
        visibility: Option<Visibility>,
    ) -> Result<Checkpoint, ClientError> {
        self.put("/checkpoint", &change(checkpoint, new_name, visibility)?).await
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
