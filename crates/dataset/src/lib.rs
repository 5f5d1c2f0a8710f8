//! Hanami's data files: IDX and CSV in, one checked dataset format out.
//!
//! - [`convert_mnist`] and [`convert_csv`] turn what users upload into a dataset file. They check
//!   everything; what they refuse comes back as a [`DatasetError`] that says where and why.
//! - [`Dataset`] reads such a file, [`Sampler`] the rows as the bricks of a cluster see them: by a
//!   [`Mapping`], and in the order of a [`Permutation`], if that is wanted.
//! - [`score`] compares the results of a request with a dataset.
//! - [`Dataset::rows`], [`Dataset::describe`] and [`Export`] show what a dataset holds.
//!
//! # Why reads and not a memory map
//!
//! The format has fixed offsets and columns aligned to 64 bytes, so it could be mapped. It is read
//! by positioned reads through the page cache instead: under a mapping, a truncated file or a
//! failing disk is a SIGBUS that ends the whole process with everyone's clusters in it; a read
//! returns an error that concerns one dataset.

#![forbid(unsafe_code)]

mod cells;
mod confusion;
mod csv;
mod dataset;
mod describe;
mod error;
mod export;
mod format;
mod idx;
mod info;
mod mapping;
mod mapping_error;
mod moments;
mod permutation;
mod records;
mod rows;
mod sampler;
mod score;
mod writer;

pub use confusion::{ClassScore, Classes};
pub use csv::convert_csv;
pub use dataset::Dataset;
pub use describe::{ColumnKind, ColumnSummary, Spread};
pub use error::{CsvProblem, DatasetError, FileProblem, IdxFile, IdxProblem, ScoreError};
pub use export::{Export, Part, quoted};
pub use idx::convert_mnist;
pub use info::{Column, Element, Info, Kind, Summary};
pub use mapping::{Answer, AnswerKind, Mapping};
pub use mapping_error::{MappingError, UnknownColumn};
pub use permutation::Permutation;
pub use rows::Cell;
pub use sampler::{Batch, BrickShape, Sampler};
pub use score::{NumberErrors, Score, score};
