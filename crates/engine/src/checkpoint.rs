//! Save and load tasks. Both are short: one that has begun goes to its end, also when it is
//! deleted or the engine stops meanwhile.

use hanami_network::Network;
use hanami_store::Task;

use crate::cell::{ClusterCell, fold};
use crate::error::EngineError;
use crate::shared::Shared;

/// Makes a checkpoint of the cluster's network as it is.
pub(crate) async fn save(
    shared: &Shared,
    cell: &ClusterCell,
    task: &Task,
) -> Result<(), EngineError> {
    // The checkpoint is the cluster's snapshot, so nothing may have come after that.
    fold(cell.hold(shared).await?, cell.uuid, shared).await?;
    shared.store.finish_save(task.uuid).await?;
    Ok(())
}

/// Puts the network of a checkpoint in the place of the cluster's.
///
/// It is read before anything changes: a cluster does not end up with a damaged network.
pub(crate) async fn load(
    shared: &Shared,
    cell: &ClusterCell,
    task: &Task,
) -> Result<(), EngineError> {
    let bytes = shared.store.load_bytes(task.uuid).await?;
    let network = shared.host.turn().await.run(move || Network::from_bytes(&bytes)).await??;
    cell.replace(shared, network, shared.store.finish_load(task.uuid)).await
}
