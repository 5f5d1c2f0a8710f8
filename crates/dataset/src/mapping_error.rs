//! Why the bricks of a cluster can't read a dataset, and how to change that.

use thiserror::Error;

use crate::info::Column;

/// A name which no column has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no column is called `{name}`; {}", suggestion(.nearest.as_deref(), .columns))]
pub struct UnknownColumn {
    /// The name that was looked for.
    pub name: String,
    /// What was probably meant.
    pub nearest: Option<String>,
    /// The first columns of the dataset, as text.
    pub columns: String,
}

impl UnknownColumn {
    pub(crate) fn new(name: &str, columns: &[Column]) -> Self {
        const ALIKE: f64 = 0.8;
        const LISTED: usize = 20;
        let nearest = columns
            .iter()
            .map(|column| (strsim::jaro_winkler(name, &column.name), &column.name))
            .filter(|(likeness, _)| *likeness > ALIKE)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, name)| name.clone());
        let listed: Vec<_> =
            columns.iter().take(LISTED).map(|column| format!("`{}`", column.name)).collect();
        let rest = match columns.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        UnknownColumn { name: name.to_owned(), nearest, columns: listed.join(", ") + &rest }
    }
}

fn suggestion(nearest: Option<&str>, columns: &str) -> String {
    match nearest {
        Some(name) => format!("did you mean `{name}`? The columns are {columns}"),
        None => format!("the columns are {columns}"),
    }
}

/// Why the bricks of a cluster can't read a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MappingError {
    /// Not one input brick for the images.
    #[error(
        "a dataset of images needs exactly one input brick, but the template has {found}; leave one with `number_of_neurons: {pixels}`"
    )]
    InputBricks {
        /// Input bricks of the template.
        found: usize,
        /// Pixels of an image.
        pixels: u32,
    },
    /// An input brick that has not one neuron per pixel.
    #[error(
        "the images have {pixels} pixels, but the input brick `{brick}` has {neurons} neurons; write `number_of_neurons: {pixels}` in the template"
    )]
    Pixels {
        /// Name of the brick.
        brick: String,
        /// Its neurons.
        neurons: usize,
        /// Pixels of an image.
        pixels: u32,
    },
    /// Not one output brick for the classes.
    #[error(
        "a dataset of images needs exactly one output brick, but the template has {found}; leave one with `number_of_neurons: {classes}`"
    )]
    OutputBricks {
        /// Output bricks of the template.
        found: usize,
        /// Number of classes.
        classes: u32,
    },
    /// An output brick that has not one neuron per class.
    #[error(
        "the labels have {classes} classes, but the output brick `{brick}` has {neurons} neurons; write `number_of_neurons: {classes}` in the template"
    )]
    Classes {
        /// Name of the brick.
        brick: String,
        /// Its neurons.
        neurons: usize,
        /// Number of classes.
        classes: u32,
    },
    /// No brick to read into.
    #[error("the cluster has no input brick; add one that is named like a column")]
    NoInput,
    /// A brick that is not named like a column.
    #[error("a brick has to be named like the column that it reads: {0}")]
    UnknownColumn(#[from] UnknownColumn),
    /// A brick that is mapped to a column that is not there.
    #[error("the mapping of the brick `{brick}`: {unknown}")]
    MappedColumn {
        /// Name of the brick.
        brick: String,
        /// What was looked for.
        unknown: UnknownColumn,
    },
    /// Labelled images, which have no columns to choose from.
    #[error(
        "a dataset of images is read as a whole and has no columns to map; leave `mapping` out"
    )]
    Images,
    /// A brick that the mapping leaves out.
    #[error("the mapping lacks the {side} brick `{brick}`; add it under `{side}s`")]
    Unmapped {
        /// `input` or `output`.
        side: &'static str,
        /// Name of the brick.
        brick: String,
    },
    /// A name in the mapping that no brick has.
    #[error("no {side} brick is called `{brick}`, as the mapping has it; there are: {bricks}")]
    UnknownBrick {
        /// `input` or `output`.
        side: &'static str,
        /// The name.
        brick: String,
        /// The bricks there are, as text.
        bricks: String,
    },
    /// A brick that has not one neuron per value of its columns.
    #[error(
        "the brick `{brick}` has {neurons} neurons, but its columns need {needed} ({columns}); write `number_of_neurons: {needed}` in the template, or map other columns"
    )]
    RowWidth {
        /// Name of the brick.
        brick: String,
        /// Its neurons.
        neurons: usize,
        /// Values of its columns.
        needed: usize,
        /// What each column needs, as text.
        columns: String,
    },
    /// A column of categories that is to be read through a window.
    #[error(
        "the brick `{brick}` can't read the column `{column}` through a window, as it holds categories; give the task a mapping of the type `row`"
    )]
    CategoricalWindow {
        /// Name of the brick.
        brick: String,
        /// Name of the column.
        column: String,
    },
    /// A brick without neurons.
    #[error("the brick `{brick}` has no neurons; give it at least one")]
    EmptyBrick {
        /// Name of the brick.
        brick: String,
    },
    /// A window that is longer than the table.
    #[error(
        "the brick `{brick}` reads {neurons} rows at once, but the table has only {rows}; lower its `number_of_neurons` or give more rows"
    )]
    TooFewRows {
        /// Name of the brick.
        brick: String,
        /// Its neurons.
        neurons: usize,
        /// Rows of the table.
        rows: u64,
    },
}
