//! Which columns of a table the bricks of a cluster read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which columns of a table the bricks of a cluster read, by the names of the bricks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mapping {
    /// Each brick reads one column through a window of as many rows as it has values.
    Window {
        /// The column of each input brick.
        inputs: BTreeMap<String, String>,
        /// The column of each output brick.
        outputs: BTreeMap<String, String>,
    },
    /// Each brick reads some columns of one row per step, side by side: one value for a column of
    /// numbers, one per category for a categorical one.
    Row {
        /// The columns of each input brick.
        inputs: BTreeMap<String, Vec<String>>,
        /// The columns of each output brick.
        outputs: BTreeMap<String, Vec<String>>,
    },
}
