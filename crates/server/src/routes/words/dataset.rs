//! Datasets: what they are, how they arrive, and what they hold.

use hanami_api::content::{Category, Cell, Column, ColumnType, Image, Preview};
use hanami_api::dataset::{Dataset, DatasetType, FileProgress, Part};

use super::{location, visibility};
use crate::state::AppState;

/// A dataset, which `state` keeps.
pub(in crate::routes) fn dataset(state: &AppState, stored: hanami_store::Dataset) -> Dataset {
    Dataset {
        location: location(&state.settings, &state.store.dataset_path(stored.uuid)),
        uuid: stored.uuid,
        name: stored.name,
        kind: dataset_type(stored.kind),
        inputs: stored.inputs as u64,
        outputs: stored.outputs as u64,
        lines: stored.lines as u64,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
    }
}

pub(in crate::routes) fn dataset_type(stored: hanami_store::DatasetKind) -> DatasetType {
    match stored {
        hanami_store::DatasetKind::Mnist => DatasetType::Mnist,
        hanami_store::DatasetKind::Csv => DatasetType::Csv,
    }
}

/// How far a file has arrived.
pub(in crate::routes) fn file_progress(stored: hanami_store::FileProgress) -> FileProgress {
    FileProgress {
        uuid: stored.file.uuid,
        part: match stored.file.role {
            hanami_store::FileRole::Input => Part::Input,
            hanami_store::FileRole::Label => Part::Label,
        },
        size: stored.file.size as u64,
        received: stored.received,
        missing: stored.missing.into_iter().map(|range| [range.start, range.end]).collect(),
    }
}

pub(in crate::routes) fn stored_part(part: Part) -> hanami_dataset::Part {
    match part {
        Part::Input => hanami_dataset::Part::Input,
        Part::Label => hanami_dataset::Part::Label,
    }
}

/// The name that the file of a dataset is saved under.
pub(in crate::routes) fn file_name(dataset: &hanami_store::Dataset, part: Part) -> String {
    let name = &dataset.name;
    match (dataset.kind, part) {
        (hanami_store::DatasetKind::Csv, _) => format!("{name}.csv"),
        (hanami_store::DatasetKind::Mnist, Part::Input) => format!("{name}-images-idx3-ubyte"),
        (hanami_store::DatasetKind::Mnist, Part::Label) => format!("{name}-labels-idx1-ubyte"),
    }
}

/// Rows of a dataset from the row `from` on, as far as they were found.
pub(in crate::routes) fn preview(found: hanami_engine::Preview, from: u64) -> Preview {
    let hanami_engine::Preview { dataset, columns, picture, rows } = found;
    let (height, width) = picture.unzip();
    let empty = Preview {
        uuid: dataset.uuid,
        from,
        lines: dataset.lines as u64,
        columns: None,
        rows: None,
        height,
        width,
        images: None,
    };
    match dataset.kind {
        hanami_store::DatasetKind::Csv => {
            let rows = rows.into_iter().map(|row| row.into_iter().filter_map(cell).collect());
            Preview { columns: Some(columns), rows: Some(rows.collect()), ..empty }
        }
        hanami_store::DatasetKind::Mnist => {
            Preview { images: Some(rows.into_iter().map(image).collect()), ..empty }
        }
    }
}

/// A cell of a table, which holds neither classes nor images.
fn cell(cell: hanami_dataset::Cell) -> Option<Cell> {
    match cell {
        hanami_dataset::Cell::Number(number) => Some(Cell::Number(number)),
        hanami_dataset::Cell::Text(text) => Some(Cell::Text(text)),
        hanami_dataset::Cell::Class(_) | hanami_dataset::Cell::Pixels(_) => None,
    }
}

/// A row of a dataset of images.
fn image(row: Vec<hanami_dataset::Cell>) -> Image {
    let mut image = Image::default();
    for cell in row {
        match cell {
            hanami_dataset::Cell::Pixels(pixels) => image.pixels = pixels,
            hanami_dataset::Cell::Class(label) => image.label = label,
            hanami_dataset::Cell::Number(_) | hanami_dataset::Cell::Text(_) => {}
        }
    }
    image
}

/// What a column of a dataset holds.
pub(in crate::routes) fn column(found: &hanami_dataset::ColumnSummary) -> Column {
    let counted =
        |(category, count): &(String, u64)| Category { category: category.clone(), count: *count };
    let categories: Vec<_> = found.counts.iter().map(counted).collect();
    Column {
        name: found.name.clone(),
        kind: match found.kind {
            hanami_dataset::ColumnKind::Number => ColumnType::Number,
            hanami_dataset::ColumnKind::Boolean => ColumnType::Boolean,
            hanami_dataset::ColumnKind::Pixels => ColumnType::Pixels,
            hanami_dataset::ColumnKind::Class => ColumnType::Class,
            hanami_dataset::ColumnKind::Category => ColumnType::Category,
        },
        minimum: found.spread.map(|spread| spread.minimum),
        maximum: found.spread.map(|spread| spread.maximum),
        mean: found.spread.map(|spread| spread.mean),
        standard_deviation: found.spread.map(|spread| spread.deviation),
        categories: Some(categories).filter(|categories| !categories.is_empty()),
    }
}
