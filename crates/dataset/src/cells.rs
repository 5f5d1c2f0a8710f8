//! What the cells of a CSV column say: numbers, or texts that are its categories.
//!
//! The first row decides. Where it has a number, `true` or `false`, the column holds numbers;
//! where it has any other text, each different text of the column is a category.

use std::collections::BTreeMap;

use crate::error::CsvProblem;
use crate::info::{Column, Element, MAX_CATEGORIES, MAX_CATEGORY_BYTES};

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    /// A number.
    Number(f32),
    /// The number of a category.
    Category(u16),
}

/// The cells of a column, as far as they are known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cells {
    /// Numbers.
    Numbers,
    /// Categories and their numbers.
    Texts(BTreeMap<String, u16>),
}

impl Cells {
    /// What a column holds that begins with `first`.
    pub(crate) fn beginning_with(first: &str) -> Self {
        match read_number(first) {
            Err(CsvProblem::NotANumber { .. }) => Cells::Texts(BTreeMap::new()),
            _ => Cells::Numbers,
        }
    }

    /// Takes one more cell into account; answers the bytes of text that are new.
    pub(crate) fn meet(&mut self, text: &str) -> Result<usize, CsvProblem> {
        let Cells::Texts(categories) = self else {
            return read_number(text).map(|_| 0);
        };
        if is_missing(text) || categories.contains_key(text) {
            return Ok(0);
        }
        if text.len() > MAX_CATEGORY_BYTES {
            return Err(CsvProblem::LongCategory { text: shortened(text) });
        }
        if categories.len() == MAX_CATEGORIES {
            return Err(CsvProblem::TooManyCategories { text: shortened(text) });
        }
        categories.insert(text.to_owned(), 0);
        Ok(text.len())
    }

    /// Numbers the categories, all of which were met, in their order.
    pub(crate) fn close(&mut self) {
        if let Cells::Texts(categories) = self {
            for (number, code) in (0..).zip(categories.values_mut()) {
                *code = number;
            }
        }
    }

    /// What a cell with something in it says; `None` if it is not as what was met.
    pub(crate) fn read(&self, text: &str) -> Option<Cell> {
        match self {
            Cells::Numbers => read_number(text).ok()?.map(Cell::Number),
            Cells::Texts(categories) => categories.get(text).copied().map(Cell::Category),
        }
    }

    /// The column called `name`, to be placed in a file.
    pub(crate) fn column(&self, name: String) -> Column {
        match self {
            Cells::Numbers => Column::new(name, Element::Number),
            Cells::Texts(categories) => {
                let element = Element::Category { count: categories.len() as u32 };
                let categories = categories.keys().cloned().collect();
                Column { categories, ..Column::new(name, element) }
            }
        }
    }
}

/// Whether a cell repeats the one above.
pub(crate) fn is_missing(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("null")
}

/// The number in a cell, or `None` if it repeats the one above.
fn read_number(text: &str) -> Result<Option<f32>, CsvProblem> {
    if is_missing(text) {
        return Ok(None);
    }
    if text.eq_ignore_ascii_case("true") {
        return Ok(Some(1.0));
    }
    if text.eq_ignore_ascii_case("false") {
        return Ok(Some(0.0));
    }
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        Ok(_) => Err(CsvProblem::NotFinite { text: shortened(text) }),
        Err(_) => Err(CsvProblem::NotANumber { text: shortened(text) }),
    }
}

fn shortened(text: &str) -> String {
    const CHARS: usize = 40;
    match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
