//! Results of request tasks: `/control/v1/request_result`.

use hanami_api::{
    Uuid,
    cluster::ByUuid,
    request_result::{RequestResult, RequestResultRow},
};

use crate::{ClientError, Entry, Hanami};

impl Hanami {
    /// What the request task `uuid` found: one number per row of its dataset.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such result, or not yet.
    pub async fn request_result(&self, uuid: Uuid) -> Result<RequestResult, ClientError> {
        self.get("/request_result", &ByUuid { uuid }).await
    }

    /// All request results that the user may see.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn request_results(&self) -> Result<Vec<Entry>, ClientError> {
        self.list::<RequestResultRow, _>("/request_result/all", &()).await
    }

    /// Deletes a request result.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such result.
    pub async fn delete_request_result(&self, uuid: Uuid) -> Result<(), ClientError> {
        self.delete("/request_result", &ByUuid { uuid }).await
    }
}
