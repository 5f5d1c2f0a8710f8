//! Checkpoints that leave the server, that come from elsewhere, and that become clusters.

use hanami_network::Network;
use hanami_store::{Access, BlobReader, Checkpoint, Cluster, NewCheckpoint, Scratch, Uuid};

use crate::checkpoint_file::{CHECKSUM, head, read};
use crate::engine::Engine;
use crate::error::EngineError;

/// Bytes of one piece of a download.
const PIECE: usize = 256 << 10;

impl Engine {
    /// Creates a cluster with the network and the template of a checkpoint.
    ///
    /// # Errors
    /// Not found; a conflict when the name is taken; an error of the network when the checkpoint
    /// is damaged.
    pub async fn create_cluster_from(
        &self,
        access: &Access,
        name: &str,
        checkpoint: Uuid,
    ) -> Result<Cluster, EngineError> {
        let store = &self.shared.store;
        let (_, mut blob) = store.open_checkpoint(access, checkpoint).await?;
        let turn = self.shared.host.turn().await;
        let sound = turn.run(move || -> Result<(), EngineError> {
            Network::from_bytes(&blob.next_piece(usize::MAX)?)?;
            Ok(())
        });
        sound.await??;
        Ok(store.create_cluster_from(access, name, checkpoint).await?)
    }

    /// The export of a checkpoint as a file that any server can take.
    ///
    /// # Errors
    /// Not found, or damaged on the disk.
    pub async fn export_checkpoint(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<(Checkpoint, CheckpointExport), EngineError> {
        let (checkpoint, blob) = self.shared.store.open_checkpoint(access, uuid).await?;
        let head = head(&checkpoint.template, checkpoint.steps as u64, blob.length());
        let length = (head.len() + CHECKSUM) as u64 + blob.length();
        let checksum = Some(crc32fast::Hasher::new());
        Ok((checkpoint, CheckpointExport { length, head: Some(head), blob, checksum }))
    }

    /// Makes a checkpoint `name` of a file that [`Engine::export_checkpoint`] wrote. When it
    /// returns, the checkpoint is durable.
    ///
    /// # Errors
    /// [`EngineError::CheckpointFile`] says what is wrong with the bytes, and where.
    pub async fn upload_checkpoint(
        &self,
        access: &Access,
        name: &str,
        file: Scratch,
    ) -> Result<Checkpoint, EngineError> {
        self.shared.refuse_when_stopping()?;
        // All of it is in memory until it is stored, and once more as a network: as often as there
        // are cores. The semaphore is never closed.
        let _import = self.shared.imports.acquire().await.ok();
        let turn = self.shared.host.turn().await;
        let contents = turn.run(move || -> Result<_, EngineError> { Ok(read(file.read()?)?) });
        let contents = contents.await??;
        let new = NewCheckpoint {
            name: name.to_owned(),
            template: contents.template,
            steps: contents.steps as i64,
            network: contents.network,
        };
        Ok(self.shared.store.create_checkpoint(access, new).await?)
    }
}

/// Writes a checkpoint as a file, piece by piece. It goes on when the checkpoint is deleted.
#[derive(Debug)]
pub struct CheckpointExport {
    length: u64,
    head: Option<Vec<u8>>,
    blob: BlobReader,
    /// `None` once it is written.
    checksum: Option<crc32fast::Hasher>,
}

impl CheckpointExport {
    /// Number of bytes of all pieces together.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The next piece of the file; `None` at its end. Blocks.
    ///
    /// # Errors
    /// When the network does not read back as it was written; what was sent is worthless then.
    pub fn next_piece(&mut self) -> Result<Option<Vec<u8>>, EngineError> {
        let Some(checksum) = &mut self.checksum else {
            return Ok(None);
        };
        let piece = match self.head.take() {
            Some(head) => head,
            None => self.blob.next_piece(PIECE)?,
        };
        if !piece.is_empty() {
            checksum.update(&piece);
            return Ok(Some(piece));
        }
        let checksum = self.checksum.take().map(crc32fast::Hasher::finalize);
        Ok(checksum.map(|checksum| checksum.to_le_bytes().to_vec()))
    }
}
