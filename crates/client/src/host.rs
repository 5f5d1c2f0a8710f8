//! Hosts: `/control/v1/host`.

use hanami_api::{
    Uuid,
    host::{HostRow, HostType},
};

use crate::{ClientError, Hanami};

/// Something that computes: a row of the list of hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Uuid of the host.
    pub uuid: Uuid,
    /// What it computes with.
    pub kind: HostType,
}

impl From<HostRow> for Host {
    fn from((uuid, kind): HostRow) -> Self {
        Self { uuid, kind }
    }
}

impl Hanami {
    /// All hosts that clusters can live on.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn hosts(&self) -> Result<Vec<Host>, ClientError> {
        self.list::<HostRow, _>("/host/all", &()).await
    }
}
