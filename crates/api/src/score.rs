//! How good a request result is: answer of `POST /control/v1/dataset/check`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How good the answers in a request result are. What does not apply is null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// Share of right answers in percent, 0 to 100.
    pub accuracy: f64,
    /// Number of answers.
    pub samples: u64,
    /// Answers that are no finite number or, for classes, no class of the dataset. They count as
    /// wrong.
    pub invalid: u64,
    /// For classes: the number of answers by right class (row) and class answered (column), in the
    /// order of `classes`.
    pub confusion: Option<Vec<Vec<u64>>>,
    /// For classes: how good the answers are for each.
    pub classes: Option<Vec<ClassScore>>,
    /// For numbers: the mean absolute error of the valid answers.
    pub mae: Option<f64>,
    /// For numbers: the root of the mean squared error of the valid answers.
    pub rmse: Option<f64>,
    /// For numbers: the coefficient of determination; 1 is perfect, 0 as good as to always answer
    /// the mean. Null if the right numbers are all the same.
    pub r2: Option<f64>,
}

/// How good the answers are for one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClassScore {
    /// Name of the class.
    pub class: String,
    /// Share of the answers of this class that are right, 0 to 1; null if there are none.
    pub precision: Option<f64>,
    /// Share of the samples of this class that are answered right, 0 to 1; null if there are none.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall; null if neither is known.
    pub f1: Option<f64>,
    /// Samples of this class.
    pub support: u64,
}
