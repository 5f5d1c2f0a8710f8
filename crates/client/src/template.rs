//! Templates: `/control/v1/template`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hanami_api::template::{CheckTemplate, TemplateChecked};

use crate::{ClientError, Hanami};

impl Hanami {
    /// Checks the text of a template, and makes nothing of it. A mistake is an answer, with its
    /// place; of a valid template it tells the bricks and whom each of them hears.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the text is longer than the server takes.
    pub async fn check_template(&self, template: &str) -> Result<TemplateChecked, ClientError> {
        let body = CheckTemplate { template: BASE64_STANDARD.encode(template) };
        self.post("/template/check", &body).await
    }
}
