//! What datasets and results hold, uploads that are taken up again, and downloads.

use std::fmt::Write;

use hanami_api::task::CreateTask;
use hanami_client::{Cell, ClientError, ColumnType, ErrorCode, Hanami, Part, TaskType};

use crate::common::{Site, TEMPLATE, halves, http};

/// A whole downloaded file.
async fn save(download: Result<hanami_client::Download, ClientError>) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    std::fs::write(&path, "what was there before").unwrap();
    let length = download.unwrap().save(&path).await.unwrap();
    let file = std::fs::read(&path).unwrap();
    assert_eq!(length, file.len() as u64);
    file
}

#[tokio::test]
async fn an_upload_is_taken_up_by_another_client_and_only_what_is_missing_is_sent() {
    let site = Site::start().await;
    let mut table = "speed,kind\n".to_owned();
    for row in 0..600_000 {
        writeln!(table, "{row}.5,kind {}", row % 3).unwrap();
    }
    let size = table.len() as u64;
    assert!(size > 8 << 20);
    let made = site.hanami.declare_csv("a table", size).await.unwrap();
    let wrong = site.hanami.send_missing(made.uuid, Part::Input, b"short".to_vec(), |_, _| ());
    let wrong = wrong.await.unwrap_err();
    assert!(matches!(wrong, ClientError::Size { found: 5, .. }), "{wrong:?}");

    // A first attempt that was cut off: some other bytes in the middle have arrived.
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &table).unwrap();
    let url = format!("http://{}/control/v1", site.address());
    let http = http();
    let log_in = serde_json::json!({"id": "admin", "password": site.passphrase()});
    let answer = http.post(format!("{url}/token")).json(&log_in).send().await.unwrap();
    let token: serde_json::Value = answer.json().await.unwrap();
    let put = http
        .put(format!("{url}/dataset/file?uuid={}", made.uuid_input_file))
        .header("X-Auth-Token", token["token"].as_str().unwrap())
        .header("Content-Range", format!("bytes 1000-1999/{size}"))
        .body(table.as_bytes()[1000..2000].to_vec());
    assert_eq!(put.send().await.unwrap().status(), 200);

    let again = Hanami::connect(&site.address(), "admin", site.passphrase()).await.unwrap();
    let mut progress = Vec::new();
    let tell = |sent, total| progress.push((sent, total));
    again.send_missing(made.uuid, Part::Input, file.path(), tell).await.unwrap();
    assert_eq!((progress[0], progress[1]), ((1000, size), (2000, size)));
    assert_eq!(progress.last(), Some(&(size, size)));
    assert!(again.upload_complete(made.uuid).await.unwrap());
    again.finish_upload(made.uuid).await.unwrap();
    assert_eq!(again.upload_progress(made.uuid).await.unwrap().files, []);
    let done = again.send_missing(made.uuid, Part::Input, file.path(), |_, _| ()).await;
    assert!(matches!(done, Err(ClientError::NothingToUpload { .. })), "{done:?}");

    assert!(save(again.download_dataset(made.uuid, Part::Input).await).await == table.as_bytes());
    let rows = again.preview(made.uuid, 599_999, 10).await.unwrap().rows.unwrap();
    assert_eq!(rows, [[Cell::Number(599_999.5), Cell::Text("kind 2".into())]]);
    let columns = again.columns(made.uuid).await.unwrap().columns;
    assert_eq!(columns[0].maximum, Some(599_999.5));
    assert_eq!(columns[1].categories.as_ref().unwrap()[0].count, 200_000);
    site.stop().await;
}

#[tokio::test]
async fn images_go_up_in_parts_and_come_down_as_they_were() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let (images, labels) = halves(100);
    let made =
        hanami.declare_mnist("halves", images.len() as u64, labels.len() as u64).await.unwrap();
    let early = hanami.finish_upload(made.uuid).await.unwrap_err();
    assert_eq!(early.code(), Some(ErrorCode::InvalidDataset));
    for (part, file) in [(Part::Label, &labels), (Part::Input, &images)] {
        hanami.send_missing(made.uuid, part, file.clone(), |_, _| ()).await.unwrap();
    }
    hanami.finish_upload(made.uuid).await.unwrap();
    assert!(save(hanami.download_dataset(made.uuid, Part::Input).await).await == images);
    assert!(save(hanami.download_dataset(made.uuid, Part::Label).await).await == labels);
    let preview = hanami.preview(made.uuid, 0, 1).await.unwrap();
    assert_eq!((preview.height, preview.width), (Some(2), Some(2)));
    assert_eq!(preview.images.unwrap()[0].pixels, images[16..20]);
    let columns = hanami.columns(made.uuid).await.unwrap().columns;
    assert_eq!((columns[0].kind, columns[1].kind), (ColumnType::Pixels, ColumnType::Class));
    site.stop().await;
}

#[tokio::test]
async fn all_outputs_and_scores_of_a_request() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("tell halves", Some(TEMPLATE)).await.unwrap().uuid;
    let dataset = site.upload_halves("to learn", 400).await;
    let name = "answer".parse().unwrap();
    let task = CreateTask {
        full_outputs: Some(true),
        ..CreateTask::new(name, TaskType::Request, cluster, dataset)
    };
    let learn = hanami.create_task("learn", TaskType::Train, cluster, dataset).await.unwrap();
    hanami.wait(cluster, learn.uuid, |_| ()).await.unwrap();
    let result = hanami.create_task_with(&task).await.unwrap().uuid;
    hanami.wait(cluster, result, |_| ()).await.unwrap();

    let shown = hanami.request_result(result).await.unwrap();
    assert_eq!((shown.rows, shown.has_outputs, shown.column), (400, true, None));
    let outputs = hanami.request_result_outputs(result, 399, 1000).await.unwrap();
    assert_eq!((outputs.width, outputs.outputs.len()), (10, 1));
    let table = save(hanami.download_request_result(result).await).await;
    assert!(table.starts_with(b"row,value,class_0,"));
    assert_eq!(String::from_utf8(table).unwrap().lines().count(), 401);

    let score = hanami.score(result, dataset).await.unwrap();
    assert_eq!(score.accuracy, hanami.check(result, dataset).await.unwrap());
    let right: u64 = (0..10).map(|class| score.confusion.as_ref().unwrap()[class][class]).sum();
    assert_eq!(score.accuracy, right as f64 / 4.0);
    assert_eq!(score.classes.unwrap()[0].support, 200);
    site.stop().await;
}
