//! Uploads: from memory and from files, whole or not at all.

use std::fmt::Write;
use std::path::Path;

use hanami_client::{ClientError, DatasetType, ErrorCode};

use crate::common::{Site, halves};

#[tokio::test]
async fn a_table_of_many_chunks_arrives_whole() {
    let site = Site::start().await;
    let mut table = "speed,wear\n".to_owned();
    for row in 0..150_000 {
        writeln!(table, "{row}.25,{}", row * 2).unwrap();
    }
    let size = table.len() as u64;
    assert!(size > 10 * 128 * 1024);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), table).unwrap();

    let mut progress = Vec::new();
    let tell = |sent, total| progress.push((sent, total));
    let uuid = site.hanami.upload_csv("a table", file.path(), tell).await.unwrap();
    let dataset = site.hanami.dataset(uuid).await.unwrap();
    assert_eq!((dataset.kind, dataset.lines), (DatasetType::Csv, 150_000));
    assert_eq!(progress.last(), Some(&(size, size)));
    assert!(progress.is_sorted() && progress.len() > 10);
    site.stop().await;
}

#[tokio::test]
async fn images_and_labels_count_as_one_upload() {
    let site = Site::start().await;
    let (images, labels) = halves(100_000);
    let size = (images.len() + labels.len()) as u64;
    let mut progress = Vec::new();
    let tell = |sent, total| progress.push((sent, total));
    site.hanami.upload_mnist("halves", images, labels, tell).await.unwrap();
    assert_eq!(progress.last(), Some(&(size, size)));
    assert!(progress.is_sorted() && progress.iter().all(|(_, total)| *total == size));
    site.stop().await;
}

#[tokio::test]
async fn a_failed_upload_leaves_nothing_behind() {
    let site = Site::start().await;
    let (mut images, labels) = halves(10);
    images.pop();
    let error = site.hanami.upload_mnist("broken", images, labels, |_, _| ()).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidDataset), "{error:?}");
    assert_eq!(site.hanami.datasets().await.unwrap(), []);
    site.stop().await;
}

#[tokio::test]
async fn a_file_that_does_not_exist_is_named() {
    let site = Site::start().await;
    let path = Path::new("/nowhere/table.csv");
    let error = site.hanami.upload_csv("missing", path, |_, _| ()).await.unwrap_err();
    assert!(matches!(error, ClientError::File { .. }), "{error:?}");
    assert!(error.to_string().contains("/nowhere/table.csv"));
    assert_eq!(site.hanami.datasets().await.unwrap(), []);
    site.stop().await;
}
