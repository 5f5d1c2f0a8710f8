//! Changing what is the same for clusters, datasets, checkpoints and request results.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Visibility, ids::Name};

/// Body of `PUT /control/v1/cluster`, `.../dataset`, `.../checkpoint` and `.../request_result`: at
/// least one of name and visibility.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeResource {
    /// The resource to change.
    pub uuid: Uuid,
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Who else may see and use it from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
}
