//! What can be wrong with data, where, and how to fix it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::info::{
    MAX_CATEGORIES, MAX_CATEGORIES_BYTES, MAX_CATEGORY_BYTES, MAX_COLUMNS, MAX_NAME_CHARS,
};
use crate::mapping_error::UnknownColumn;

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
