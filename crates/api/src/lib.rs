//! The words that Hanami's server and clients both speak: request and response bodies, ids and
//! their rules, error codes, and the frames of the websocket.
//!
//! Nothing here talks to a network or a disk. The server, the SDK and the command line all take
//! their types from this crate, so that one change here is a change for all of them, visible in
//! the generated OpenAPI document.
//!
//! One module per resource, named like the path it serves (`/control/v1/<resource>`); datasets have
//! three: [`dataset`], what they hold in [`content`], and how good a result is in [`score`].

pub mod auth;
pub mod change;
pub mod checkpoint;
pub mod cluster;
pub mod content;
pub mod dataset;
pub mod direct;
pub mod error;
pub mod explain;
pub mod frames;
pub mod host;
pub mod ids;
pub mod limits;
pub mod log;
pub mod project;
pub mod quota;
pub mod request_result;
pub mod samples;
pub mod score;
pub mod system;
pub mod table;
pub mod task;
pub mod template;
pub mod token;
pub mod user;

pub use change::ChangeResource;
pub use error::{ErrorCode, Problem};
pub use ids::{Name, ProjectId, UserId};
pub use table::Table;
pub use uuid::Uuid;

/// The port that clients try when none is named.
pub const DEFAULT_PORT: u16 = 11418;

/// Prefix of every path that a client of this interface uses.
pub const API_PREFIX: &str = "/control/v1";

/// Header that carries the token.
pub const TOKEN_HEADER: &str = "x-auth-token";

/// Body of an answer that says nothing but "done".
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
pub struct Empty {}

/// Who may see a resource besides its owner, its project's admins and the global admins.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Nobody else.
    #[default]
    Private,
    /// Everyone in the project.
    Shared,
    /// Every user.
    Public,
}
