//! Who is at the other end of a websocket, as far as the error log has to know.

use hanami_api::Uuid;
use hanami_api::direct::{Hello, Target};
use hanami_store::NewErrorEntry;

use crate::error::ApiError;
use crate::record::{NOBODY, note};
use crate::state::AppState;

/// The name of `target`, as it travels.
pub(super) fn name(target: Target) -> &'static str {
    match target {
        Target::Cluster => "cluster",
        Target::FileUpload => "file_upload",
    }
}

/// A connection that has said what it is for.
pub(super) struct Guest<'a> {
    state: &'a AppState,
    connection: Uuid,
    /// Id of the user, once they are known.
    user_id: Option<String>,
    target: Target,
    uuid: Uuid,
}

impl<'a> Guest<'a> {
    /// A connection with this uuid, whose first message was `hello`.
    pub(super) fn new(state: &'a AppState, connection: Uuid, hello: &Hello) -> Self {
        let &Hello { token: _, target, uuid } = hello;
        Self { state, connection, user_id: None, target, uuid }
    }

    /// It is the connection of this user.
    pub(super) fn is(&mut self, user_id: &str) {
        self.user_id = Some(user_id.to_owned());
    }

    /// Counts bytes of a file that have arrived.
    pub(super) fn uploaded(&self, bytes: usize) {
        self.state.metrics.upload_bytes.inc_by(bytes as u64);
    }

    /// Writes `error` to the error log if it has a cause that the client is not told.
    pub(super) async fn note(&self, error: &ApiError) {
        let Some(message) = error.cause() else { return };
        let entry = NewErrorEntry {
            user_id: self.user_id.as_deref().unwrap_or(NOBODY).to_owned(),
            component: format!("websocket {}", name(self.target)),
            context: self.connection.to_string(),
            input_values: format!("uuid={}", self.uuid),
            message: message.to_owned(),
        };
        note(self.state, entry).await;
    }
}
