//! Results of request tasks: `/control/v1/request_result`.

use hanami_api::{
    Uuid, Visibility,
    cluster::ByUuid,
    limits::AtMost,
    request_result::{RequestResult, RequestResultRow, ResultOutputs, ShowOutputs},
};

use crate::{ClientError, Download, Entry, Hanami, connection::change};

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

    /// Renames a request result, or changes who else may see and score it; what is `None` stays.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such result that the user may change, or nothing is
    /// to be changed.
    pub async fn change_request_result(
        &self,
        uuid: Uuid,
        new_name: Option<&str>,
        visibility: Option<Visibility>,
    ) -> Result<RequestResult, ClientError> {
        self.put("/request_result", &change(uuid, new_name, visibility)?).await
    }

    /// All output values of at most `count` rows (1 to 1000) of a result from the row `from` on,
    /// which counts from 0.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such result, or its task was not made with
    /// `full_outputs`.
    pub async fn request_result_outputs(
        &self,
        uuid: Uuid,
        from: u64,
        count: u32,
    ) -> Result<ResultOutputs, ClientError> {
        let query = ShowOutputs { uuid, from, count: AtMost::clamped(count) };
        self.get("/request_result/outputs", &query).await
    }

    /// Downloads a request result as CSV: `row,value` and, where they were kept, all output values.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such result.
    pub async fn download_request_result(&self, uuid: Uuid) -> Result<Download, ClientError> {
        self.download("/request_result/download", &ByUuid { uuid }).await
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
