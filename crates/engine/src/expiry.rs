//! The end of uploads that nobody goes on with.

use std::time::Duration;

use crate::shared::Shared;

/// How often it is looked for them, at most.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Deletes stale uploads now and regularly, until the engine stops.
pub(crate) async fn run(shared: &Shared) {
    let expiry = shared.settings.upload_expiry;
    while !shared.is_stopping() {
        match shared.store.delete_stale_uploads(shared.store.now() - expiry).await {
            Ok(deleted) => {
                for dataset in deleted {
                    tracing::info!(
                        uuid = %dataset.uuid, name = dataset.name, owner = dataset.owner_id,
                        "nobody went on with the upload of a dataset; it is deleted"
                    );
                }
            }
            Err(error) => tracing::error!(%error, "stale uploads can't be deleted; trying later"),
        }
        shared.pause(expiry.min(LONGEST_PAUSE)).await;
    }
}
