//! What datasets hold: `/control/v1/dataset/download`, `preview` and `columns`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::dataset::Part;
use crate::limits::AtMost;

/// Names the file of a dataset to download.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DownloadDataset {
    /// Uuid of the dataset.
    pub uuid: Uuid,
    /// Which of its files: `input` (the table, or the images) if it is left out, or `label`.
    #[serde(default)]
    #[param(inline, required = false)]
    pub part: Part,
}

/// Names some rows of a dataset.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewDataset {
    /// Uuid of the dataset.
    pub uuid: Uuid,
    /// The first row, counted from 0; 0 if it is left out.
    #[serde(default)]
    #[param(format = "uint64", required = false)]
    pub from: u64,
    /// How many rows, 1 to 100; 20 if it is left out.
    #[serde(default = "some_rows")]
    #[param(value_type = u32, minimum = 1, maximum = 100, required = false)]
    pub count: AtMost<100>,
}

fn some_rows() -> AtMost<100> {
    AtMost::<100>::clamped(20)
}

/// Some rows of a dataset: of a table `columns` and `rows`, of images `images`. There are fewer
/// than asked for where the dataset ends, and where they have more than 1,048,576 values together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// The dataset.
    pub uuid: Uuid,
    /// The first row, counted from 0.
    pub from: u64,
    /// Rows of the whole dataset.
    pub lines: u64,
    /// Names of the columns of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// The rows of a table, each with one cell per column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<Vec<Cell>>>,
    /// Rows of pixels of an image; absent where the dataset was finished by a server that did not
    /// keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Pixels in a row of an image; absent like `height`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Images with their labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Image>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Cell {
    /// A number; `true` and `false` are 1 and 0.
    Number(f32),
    /// The text of a category.
    Text(String),
}

/// An image with its label.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Image {
    /// Its pixels row by row, 0 to 255.
    pub pixels: Vec<u8>,
    /// The index of its class.
    pub label: u16,
}

/// What the columns of a dataset hold: answer of `GET /control/v1/dataset/columns`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Columns {
    /// The dataset.
    pub uuid: Uuid,
    /// Its rows.
    pub lines: u64,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
}

/// What the rows of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Numbers.
    Number,
    /// Numbers, all of which are 0 or 1.
    Boolean,
    /// Images.
    Pixels,
    /// Indices of classes.
    Class,
    /// Texts, of which there are a few different ones.
    Category,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its rows hold.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// The lowest value: of all pixels for images, of the indices for classes; absent for
    /// categories, like the next three.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// The highest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// The mean value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// The standard deviation, of the values as a whole population.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_deviation: Option<f64>,
    /// For classes and categories: how often each occurs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<Category>>,
}

/// A class or category and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Its name.
    pub category: String,
    /// Rows of it.
    pub count: u64,
}
