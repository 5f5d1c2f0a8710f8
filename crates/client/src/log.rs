//! The logs: `/control/v1/audit_log` and `/control/v1/error_log`.

use hanami_api::log::{AuditRow, ErrorRow, LogPage};

use crate::{ClientError, Hanami, user};

/// Something that a user has done: a row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it was done.
    pub timestamp: String,
    /// Id of the user.
    pub user_id: String,
    /// What was asked, e.g. `v1/cluster`.
    pub endpoint: String,
    /// The method, e.g. `POST`.
    pub request_type: String,
    /// Status of the answer, e.g. `200`.
    pub status: String,
}

impl From<AuditRow> for AuditEntry {
    fn from((timestamp, user_id, endpoint, request_type, status): AuditRow) -> Self {
        Self { timestamp, user_id, endpoint, request_type, status }
    }
}

/// An internal error of the server: a row of the error log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorEntry {
    /// When it happened.
    pub timestamp: String,
    /// Id of the user who asked, or `-` if that is not known.
    pub user_id: String,
    /// Where it happened: method and path, the target of a websocket, or the type of a task.
    pub component: String,
    /// Id of the request, the connection or the task.
    pub context: String,
    /// What was asked with.
    pub input_values: String,
    /// The cause.
    pub message: String,
}

impl From<ErrorRow> for ErrorEntry {
    fn from(row: ErrorRow) -> Self {
        let (timestamp, user_id, component, context, input_values, message) = row;
        Self { timestamp, user_id, component, context, input_values, message }
    }
}

impl Hanami {
    /// A page of what users have changed, newest first, 100 rows a page, counted from 0: one's
    /// own, and for admins everyone's or those of `user_id`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if one who is no admin asks for another user.
    pub async fn audit_log(
        &self,
        page: u32,
        user_id: Option<&str>,
    ) -> Result<Vec<AuditEntry>, ClientError> {
        let query = LogPage { page, user_id: user_id.map(user::id).transpose()? };
        self.list::<AuditRow, _>("/audit_log", &query).await
    }

    /// A page of the server's internal errors, newest first, 100 rows a page, counted from 0: all,
    /// or those that `user_id` met.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the one who asks is no admin.
    pub async fn error_log(
        &self,
        page: u32,
        user_id: Option<&str>,
    ) -> Result<Vec<ErrorEntry>, ClientError> {
        let query = LogPage { page, user_id: user_id.map(user::id).transpose()? };
        self.list::<ErrorRow, _>("/error_log", &query).await
    }
}
