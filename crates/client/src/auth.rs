//! Who is logged in: `/control/v1/auth`.

use hanami_api::auth::{CheckToken, Identity};

use crate::{ClientError, Hanami};

impl Hanami {
    /// Who is logged in, in which project, with which role.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn identity(&self) -> Result<Identity, ClientError> {
        self.get("/auth", &CheckToken::default()).await
    }
}
