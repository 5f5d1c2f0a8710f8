//! What can be wrong with data, where, and how to fix it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::info::{
    Column, MAX_CATEGORIES, MAX_CATEGORIES_BYTES, MAX_CATEGORY_BYTES, MAX_COLUMNS, MAX_NAME_CHARS,
};

/// Why data could not be converted or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// The operating system refused.
    #[error("cannot {action}: {source}")]
    Io {
        /// What was tried.
        action: String,
        /// The reason.
        source: io::Error,
    },
    /// A mistake in an IDX file.
    #[error("{file} file, byte {offset}: {problem}")]
    Idx {
        /// Which of the two files.
        file: IdxFile,
        /// Where, in bytes from the beginning.
        offset: u64,
        /// What is wrong.
        problem: IdxProblem,
    },
    /// A mistake in a CSV file.
    #[error("line {line}{}: {problem}", in_column(.column.as_deref()))]
    Csv {
        /// Line in which the row begins, from 1.
        line: u64,
        /// Name of the column, or its number where it has no name yet.
        column: Option<String>,
        /// What is wrong.
        problem: CsvProblem,
    },
    /// The input was not the same when it was read the second time.
    #[error("the input file changed while it was read; upload it again")]
    InputChanged,
    /// A dataset file that is not as it was written.
    #[error("dataset file {}, byte {offset}: {problem}; restore it or upload the data again", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Where, in bytes from the beginning.
        offset: u64,
        /// What is wrong.
        problem: FileProblem,
    },
    /// More steps were asked for than a [`Sampler`](crate::Sampler) has.
    #[error("step {asked} was asked for, but there are only {steps}")]
    StepsOutOfRange {
        /// End of the range that was asked for.
        asked: u64,
        /// Number of steps.
        steps: u64,
    },
}

impl DatasetError {
    /// For `map_err` on what the operating system does.
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        |source| DatasetError::Io { action: action.into(), source }
    }
}

fn in_column(column: Option<&str>) -> String {
    column.map_or_else(String::new, |name| format!(", column `{name}`"))
}

/// One of the two files of an MNIST dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdxFile {
    /// The images, the inputs.
    Images,
    /// The labels.
    Labels,
}

impl Display for IdxFile {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdxFile::Images => "images",
            IdxFile::Labels => "labels",
        })
    }
}

/// What is wrong with an IDX file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdxProblem {
    /// The file is still compressed.
    #[error("the file is compressed by gzip; unpack it first")]
    Compressed,
    /// The file is something else.
    #[error(
        "the file begins with {found:#010x} instead of {expected:#010x}; give an IDX file of bytes, and the images and the labels each in their place"
    )]
    Magic {
        /// What it begins with.
        found: u32,
        /// What it has to begin with.
        expected: u32,
    },
    /// The file ends before its header does.
    #[error("the file ends within its header; upload it completely")]
    TruncatedHeader,
    /// There is no image or label.
    #[error("the file holds no {0}; give at least one")]
    Empty(IdxFile),
    /// Images without pixels.
    #[error("the images are {height} x {width} pixels; give images of at least one pixel")]
    NoPixels {
        /// Rows of pixels.
        height: u32,
        /// Pixels of a row.
        width: u32,
    },
    /// Images that are too large.
    #[error("the images are {height} x {width} pixels; scale them down to at most {limit} pixels")]
    TooManyPixels {
        /// Rows of pixels.
        height: u32,
        /// Pixels of a row.
        width: u32,
        /// Pixels allowed.
        limit: u64,
    },
    /// More or fewer bytes than the header announces.
    #[error(
        "by its header the file has {expected} bytes, but it has {found}; upload it completely and unchanged"
    )]
    Length {
        /// Bytes by the header.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// Not one label per image.
    #[error("there are {labels} labels for {images} images; give the labels of these images")]
    Count {
        /// Number of labels.
        labels: u32,
        /// Number of images.
        images: u32,
    },
}

/// What is wrong with a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CsvProblem {
    /// Nothing but blank lines.
    #[error("the file is empty; give a line of column names and at least one line of numbers")]
    Empty,
    /// No line below the column names.
    #[error("there are no rows below the column names; give at least one line of numbers")]
    NoRows,
    /// A column without a name.
    #[error("the column has no name; the first line has to name every column")]
    EmptyName,
    /// Two columns of one name.
    #[error("column {first} has the same name; give every column its own")]
    DuplicateName {
        /// Number of the first column, from 1.
        first: usize,
    },
    /// A name that no brick could have.
    #[error("use a name of at most {MAX_NAME_CHARS} characters without control characters")]
    InvalidName,
    /// A name of which the template of a cluster would read a part as a comment.
    #[error(
        "a `#` at the start of a name or after a space begins a comment in a template, so that no brick could have this name; remove it"
    )]
    CommentInName,
    /// A row with more or fewer cells than there are columns.
    #[error("the row has {found} cells instead of {expected}; {}", repair(*.lines))]
    RaggedRow {
        /// Number of columns.
        expected: usize,
        /// Cells of the row.
        found: usize,
        /// Lines that the row takes; more than one if line ends are quoted.
        lines: u64,
    },
    /// A quote that is still open at the end of the file.
    #[error("a quote that this row opens is not closed; close or remove it")]
    OpenQuote,
    /// A cell that is no number.
    #[error(
        "`{text}` is not a number; write one like `-1.5` or `2e3`, `true`, `false`, or leave the cell empty to repeat the one above"
    )]
    NotANumber {
        /// The cell, shortened.
        text: String,
    },
    /// A category that is too long.
    #[error(
        "`{text}` is longer than the {MAX_CATEGORY_BYTES} bytes that a category may have; the column holds categories because its first row is no number"
    )]
    LongCategory {
        /// The cell, shortened.
        text: String,
    },
    /// One category more than a column may have.
    #[error(
        "`{text}` is one category more than the {MAX_CATEGORIES} that a column may have; the column holds categories because its first row is no number: leave it out, or write it as numbers"
    )]
    TooManyCategories {
        /// The cell, shortened.
        text: String,
    },
    /// Categories that are too long altogether.
    #[error(
        "the categories of all columns take more than {MAX_CATEGORIES_BYTES} bytes; shorten them, or leave columns out"
    )]
    TooMuchText,
    /// A number that a 32-bit float can't hold.
    #[error("`{text}` is not a finite 32-bit number; keep within -3.4e38 and 3.4e38")]
    NotFinite {
        /// The cell, shortened.
        text: String,
    },
    /// The first row leaves a cell out.
    #[error("the first row's cell is empty, so there is nothing above to repeat; give a value")]
    NothingToRepeat,
    /// Bytes that are not UTF-8.
    #[error("the text is not valid UTF-8; save the file as UTF-8")]
    InvalidUtf8,
    /// Too many columns.
    #[error("there are more than {MAX_COLUMNS} columns; split the table")]
    TooManyColumns,
    /// A row that is too long.
    #[error("the row has more than {limit} bytes; is there a quote that is not closed?")]
    RowTooLong {
        /// Bytes allowed.
        limit: usize,
    },
}

fn repair(lines: u64) -> String {
    match lines {
        1 => "fill or remove cells".to_owned(),
        _ => format!("quotes make it {lines} lines long: is there one that is not closed?"),
    }
}

/// What is wrong with a dataset file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// It is something else.
    #[error("this is not a dataset file")]
    Magic,
    /// It is of another version of the format.
    #[error("version {0} of the format is not supported")]
    Version(u32),
    /// It ends before its header does.
    #[error("the file ends within its header")]
    TruncatedHeader,
    /// Its header does not fit its checksum.
    #[error("the header is damaged: its checksum is wrong")]
    HeaderChecksum,
    /// Its header contradicts itself.
    #[error("the header is damaged: {0}")]
    Header(&'static str),
    /// More or fewer bytes than the header announces.
    #[error("the file should have {expected} bytes, but has {found}")]
    Length {
        /// Bytes by the header.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// Data that does not fit its checksum.
    #[error("column `{column}` is damaged: its checksum is wrong")]
    ColumnChecksum {
        /// Name of the column.
        column: String,
    },
    /// A label beyond the number of classes.
    #[error("the label {label} is beyond the {classes} classes")]
    Label {
        /// The label.
        label: u8,
        /// Number of classes.
        classes: u32,
    },
    /// A row whose category is beyond the list of categories.
    #[error("the category {code} is beyond the {categories} categories of column `{column}`")]
    Category {
        /// The category.
        code: u16,
        /// Number of categories.
        categories: u32,
        /// Name of the column.
        column: String,
    },
}

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

/// Why results can't be compared with a dataset.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// There is no result.
    #[error("the result is empty; run the request again")]
    Empty,
    /// Not one result per image.
    #[error(
        "the result has {found} values for {rows} images; check it against the dataset that was requested"
    )]
    Length {
        /// Number of results.
        found: u64,
        /// Rows of the dataset.
        rows: u64,
    },
    /// More results than rows.
    #[error(
        "the result has {found} values, but the table has only {rows} rows; check it against the dataset that was requested"
    )]
    TooLong {
        /// Number of results.
        found: u64,
        /// Rows of the dataset.
        rows: u64,
    },
    /// A table, but no column.
    #[error("name the column of the table that the result is to be compared with")]
    NoColumn,
    /// A column that the table does not have.
    #[error(transparent)]
    UnknownColumn(#[from] UnknownColumn),
    /// The dataset could not be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}
