//! What a dataset consists of.

use crate::mapping_error::UnknownColumn;

/// Most columns of a dataset.
pub(crate) const MAX_COLUMNS: usize = 4096;
/// Longest name of a column in characters, as for the bricks that are named like it.
pub(crate) const MAX_NAME_CHARS: usize = 256;

/// Most categories of a column.
pub(crate) const MAX_CATEGORIES: usize = 1024;
/// Longest category in bytes.
pub(crate) const MAX_CATEGORY_BYTES: usize = 256;
/// Most bytes of all categories of a dataset; they are all in its header.
pub(crate) const MAX_CATEGORIES_BYTES: usize = 4 << 20;

/// What a dataset was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Images and their labels: the columns `images` and `labels`.
    Mnist,
    /// A table of numbers and categories.
    Csv,
}

/// What one row of a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// An image, one byte per pixel.
    Pixels {
        /// Pixels of an image.
        count: u32,
        /// Pixels in a row of an image; 0 where it is not known, in files of earlier versions.
        width: u32,
    },
    /// The index of a class, one byte.
    Class {
        /// Number of classes.
        count: u32,
    },
    /// A finite 32-bit float.
    Number,
    /// The number of a category, from 0, two bytes.
    Category {
        /// Number of categories.
        count: u32,
    },
}

impl Element {
    /// Bytes of one row.
    pub(crate) fn bytes(self) -> u64 {
        match self {
            Element::Pixels { count, .. } => u64::from(count),
            Element::Class { .. } => 1,
            Element::Number => 4,
            Element::Category { .. } => 2,
        }
    }

    /// Values of one row as they are shown.
    pub(crate) fn values(self) -> u64 {
        match self {
            Element::Pixels { count, .. } => u64::from(count),
            Element::Class { .. } | Element::Number | Element::Category { .. } => 1,
        }
    }
}

/// A column of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, unique in the dataset.
    pub name: String,
    /// What a row holds.
    pub element: Element,
    /// The texts of the categories in the order of their numbers, which is that of their bytes;
    /// none for other elements.
    pub categories: Vec<String>,
    /// First byte of the data in the file.
    pub(crate) offset: u64,
    /// CRC-32 of the data.
    pub(crate) crc: u32,
}

impl Column {
    /// A column that is not placed in a file yet.
    pub(crate) fn new(name: impl Into<String>, element: Element) -> Self {
        Column { name: name.into(), element, categories: Vec::new(), offset: 0, crc: 0 }
    }

    /// Whether it holds categories.
    #[must_use]
    pub fn is_categorical(&self) -> bool {
        matches!(self.element, Element::Category { .. })
    }

    /// The bytes of each of the rows that `bytes` holds.
    pub(crate) fn split_rows<'b>(&self, bytes: &'b [u8]) -> std::slice::ChunksExact<'b, u8> {
        bytes.chunks_exact(self.element.bytes() as usize)
    }
}

/// What a dataset consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// What it was made from.
    pub kind: Kind,
    /// Number of rows, at least one.
    pub rows: u64,
    /// Its columns, at least one.
    pub columns: Vec<Column>,
}

/// Size of a dataset as users see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Number of rows.
    pub rows: u64,
    /// MNIST: pixels of an image. CSV: number of columns.
    pub inputs: u64,
    /// MNIST: number of classes. CSV: number of columns.
    pub outputs: u64,
}

impl Info {
    /// Size of the dataset as users see it.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let (inputs, outputs) = match self.images() {
            Some((pixels, classes)) => (u64::from(pixels), u64::from(classes)),
            None => (self.columns.len() as u64, self.columns.len() as u64),
        };
        Summary { rows: self.rows, inputs, outputs }
    }

    /// Pixels of an image and number of classes, if this is a dataset of labelled images.
    pub(crate) fn images(&self) -> Option<(u32, u32)> {
        match self.columns.as_slice() {
            [
                Column { element: Element::Pixels { count: pixels, .. }, .. },
                Column { element: Element::Class { count: classes }, .. },
            ] => Some((*pixels, *classes)),
            _ => None,
        }
    }

    /// Rows and columns of pixels of an image, where the dataset tells them.
    #[must_use]
    pub fn picture(&self) -> Option<(u32, u32)> {
        match self.columns.first()?.element {
            Element::Pixels { count, width } if width > 0 => Some((count / width, width)),
            _ => None,
        }
    }

    /// The index of the column called exactly `name`.
    pub(crate) fn find(&self, name: &str) -> Result<usize, UnknownColumn> {
        self.columns
            .iter()
            .position(|column| column.name == name)
            .ok_or_else(|| UnknownColumn::new(name, &self.columns))
    }
}
