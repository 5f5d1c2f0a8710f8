//! The logs: `/control/v1/audit_log` and `/control/v1/error_log`.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::ids::UserId;

/// Query of `GET /control/v1/audit_log` and `GET /control/v1/error_log`.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogPage {
    /// Which 100 rows, counted from 0; the newest rows come first.
    #[param(value_type = u64, maximum = 4_294_967_295_u64)]
    pub page: u32,
    /// Only the rows of this user, for admins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub user_id: Option<UserId>,
}

/// A row of `GET /control/v1/audit_log`: timestamp, user, endpoint, request type, and the status of
/// the answer as text, like all cells.
pub type AuditRow = (String, String, String, String, String);

/// A row of `GET /control/v1/error_log`: timestamp, user, component, context, input values,
/// message.
pub type ErrorRow = (String, String, String, String, String, String);
