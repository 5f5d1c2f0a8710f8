//! The answer of every listing: a header and rows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A table of cells; each cell is text unless the column says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Table<Row> {
    /// Names of the columns.
    pub header: Vec<String>,
    /// The rows, each with one cell per column.
    pub body: Vec<Row>,
}

impl<Row> Table<Row> {
    /// A table with the columns `header`, collected from `rows`.
    pub fn new(header: &[&str], rows: impl IntoIterator<Item = Row>) -> Self {
        Self {
            header: header.iter().map(ToString::to_string).collect(),
            body: rows.into_iter().collect(),
        }
    }
}
