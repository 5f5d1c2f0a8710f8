//! Hosts: `/control/v1/host`.

use hanami_api::{Table, Uuid, host::HostType};
use serde::Deserialize;

use crate::{ClientError, Hanami};

/// Something that computes: a row of the list of hosts.
// The cells of the listing come in this order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Host {
    /// Uuid of the host.
    pub uuid: Uuid,
    /// What it computes with.
    pub kind: HostType,
}

impl Hanami {
    /// All hosts that clusters can live on.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn hosts(&self) -> Result<Vec<Host>, ClientError> {
        let table: Table<Host> = self.get("/host/all", &()).await?;
        Ok(table.body)
    }
}
