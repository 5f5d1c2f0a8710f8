//! What is done with datasets. Uploads are in `upload.rs`.

use hanami_api::cluster::ByUuid;
use hanami_client::{Image, Preview};
use serde_json::Value;

use crate::{
    actions::{
        Context, download,
        resource::{self, Kind},
        score, upload,
    },
    args::{
        One,
        dataset::{CreateCommand, DatasetCommand, PreviewArgs},
    },
    failure::Failure,
    output::{Record, Rows},
};

const KIND: Kind = Kind::Dataset;

pub(super) async fn run(context: &Context, command: DatasetCommand) -> Result<(), Failure> {
    match command {
        DatasetCommand::Create(CreateCommand::Mnist { inputs, labels, upload }) => {
            upload::mnist(context, &inputs, &labels, &upload).await
        }
        DatasetCommand::Create(CreateCommand::Csv { input, upload }) => {
            upload::csv(context, &input, &upload).await
        }
        DatasetCommand::List => resource::list(context, KIND).await,
        DatasetCommand::Get(one) => resource::get(context, KIND, &one).await,
        DatasetCommand::Delete(one) => resource::delete(context, KIND, &one).await,
        DatasetCommand::Rename(args) => resource::rename(context, KIND, &args).await,
        DatasetCommand::Share(args) => resource::share(context, KIND, &args).await,
        DatasetCommand::Progress(one) => progress(context, &one).await,
        DatasetCommand::Preview(args) => preview(context, &args).await,
        DatasetCommand::Columns(one) => columns(context, &one).await,
        DatasetCommand::Download(args) => {
            let uuid = resource::uuid(context, KIND, &args.one.which).await?;
            let arriving = context.hanami.download_dataset(uuid, args.part.into()).await?;
            download::save(context.out, arriving, &args.output).await
        }
        DatasetCommand::Check { dataset, result } => score::check(context, &dataset, &result).await,
    }
}

async fn progress(context: &Context, one: &One) -> Result<(), Failure> {
    let uuid = resource::uuid(context, KIND, &one.which).await?;
    let mut progress: Record = context.hanami.fetch("/dataset/progress", &ByUuid { uuid }).await?;
    if context.out.json {
        return context.out.json(&progress);
    }
    let files = progress.shift_remove("files").unwrap_or_default();
    context.out.fields(&progress)?;
    context.out.objects(&files, &["part", "size", "received", "uuid"])
}

async fn columns(context: &Context, one: &One) -> Result<(), Failure> {
    let uuid = resource::uuid(context, KIND, &one.which).await?;
    let answer: Record = context.hanami.fetch("/dataset/columns", &ByUuid { uuid }).await?;
    if context.out.json {
        return context.out.json(&answer);
    }
    let shown = ["name", "type", "minimum", "maximum", "mean", "standard_deviation", "categories"];
    context.out.objects(answer.get("columns").unwrap_or(&Value::Null), &shown)
}

async fn preview(context: &Context, args: &PreviewArgs) -> Result<(), Failure> {
    let uuid = resource::uuid(context, KIND, &args.one.which).await?;
    let preview = context.hanami.preview(uuid, args.from, args.count).await?;
    if context.out.json {
        return context.out.json(&preview);
    }
    let Preview { from, columns, rows, width, images, .. } = preview;
    for (index, image) in images.iter().flatten().enumerate() {
        let row = from + index as u64;
        context.out.text(&format!("row {row}, class {}:\n{}", image.label, drawn(image, width)))?;
    }
    let Some(columns) = columns else { return Ok(()) };
    let header: Vec<_> = ["row"].into_iter().chain(columns.iter().map(String::as_str)).collect();
    let rows = rows.into_iter().flatten().enumerate().map(|(index, cells)| {
        let number = Value::from(from + index as u64);
        let cells = cells.iter().map(|cell| serde_json::to_value(cell).unwrap_or_default());
        std::iter::once(number).chain(cells).collect::<Vec<_>>()
    });
    context.out.table(&Rows::new(&header, rows))
}

/// An image in characters, the darker the lower the pixel; one line per row of pixels, if their
/// number is known.
fn drawn(image: &Image, width: Option<u32>) -> String {
    const SHADES: &[u8; 10] = b" .:-=+*#%@";
    let shade = |pixel: &u8| char::from(SHADES[usize::from(*pixel) * SHADES.len() / 256]);
    let width = width.map_or(image.pixels.len(), |width| width as usize).max(1);
    let lines = image.pixels.chunks(width).map(|row| row.iter().map(shade).collect::<String>());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_drawn_row_by_row() {
        let image = Image { pixels: vec![0, 255, 128, 30], label: 7 };
        assert_eq!(drawn(&image, Some(2)), " @\n+.");
        assert_eq!(drawn(&image, None), " @+.");
    }
}
