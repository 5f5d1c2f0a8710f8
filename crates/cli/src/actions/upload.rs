//! Uploads of datasets, and going on with those that broke off.

use std::path::Path;

use hanami_api::dataset::DatasetFinished;
use hanami_client::{ClientError, Part, Uuid};
use indicatif::ProgressBar;

use crate::{
    actions::{
        Context,
        resource::{self, Kind},
    },
    args::dataset::UploadArgs,
    failure::Failure,
};

pub(super) async fn mnist(
    context: &Context,
    images: &Path,
    labels: &Path,
    args: &UploadArgs,
) -> Result<(), Failure> {
    // Both are looked at before anything is declared.
    let (images_size, labels_size) = (size(images)?, size(labels)?);
    let dataset = if args.resume {
        resource::uuid(context, Kind::Dataset, &args.name).await?
    } else {
        context.hanami.declare_mnist(&args.name, images_size, labels_size).await?.uuid
    };
    // The short file first: what is wrong with the names of the files shows at once.
    let files = [(Part::Label, labels), (Part::Input, images)];
    send(context, dataset, &files, images_size + labels_size).await
}

pub(super) async fn csv(context: &Context, table: &Path, args: &UploadArgs) -> Result<(), Failure> {
    let size = size(table)?;
    let dataset = if args.resume {
        resource::uuid(context, Kind::Dataset, &args.name).await?
    } else {
        context.hanami.declare_csv(&args.name, size).await?.uuid
    };
    send(context, dataset, &[(Part::Input, table)], size).await
}

fn size(path: &Path) -> Result<u64, Failure> {
    let found = std::fs::metadata(path).map_err(|error| Failure::file("read", path, &error))?;
    Ok(found.len())
}

/// Sends what the server lacks of the files, and finishes the dataset. What the server can't read is
/// deleted there; after any other mishap, the upload can be taken up again.
async fn send(
    context: &Context,
    dataset: Uuid,
    files: &[(Part, &Path)],
    total: u64,
) -> Result<(), Failure> {
    let bar = context.out.bytes_bar(Some(total)).with_message("uploading");
    let outcome = transfer(context, dataset, files, &bar).await;
    bar.finish_and_clear();
    match outcome {
        Ok(()) => context.out.made(&DatasetFinished { uuid: dataset }),
        Err(error @ ClientError::Refused { status: 400, .. }) => {
            // The first error says more than one of the cleaning up would.
            let _ = context.hanami.delete_dataset(dataset).await;
            Err(Failure::from(error).hint("mend the file and upload it again"))
        }
        Err(error @ (ClientError::Size { .. } | ClientError::NothingToUpload { .. })) => {
            Err(Failure::from(error).hint(format!(
                "`hanamictl dataset progress {dataset}` shows what the server waits for"
            )))
        }
        Err(error) => Err(Failure::from(error).hint(format!(
            "go on with the same command, but --resume {dataset} in the place of the name"
        ))),
    }
}

async fn transfer(
    context: &Context,
    dataset: Uuid,
    files: &[(Part, &Path)],
    bar: &ProgressBar,
) -> Result<(), ClientError> {
    let mut before = 0;
    for &(part, path) in files {
        let mut size = 0;
        context
            .hanami
            .send_missing(dataset, part, path, |arrived, declared| {
                bar.set_position(before + arrived);
                size = declared;
            })
            .await?;
        before += size;
    }
    context.hanami.finish_upload(dataset).await
}
