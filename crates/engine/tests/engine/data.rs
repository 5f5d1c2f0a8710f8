//! What datasets and results hold.

use std::time::Duration;

use hanami_dataset::{Cell, ColumnKind, Part};
use hanami_engine::{Engine, EngineError, EngineSettings, OutputBrick, TaskOptions};
use hanami_store::{DatasetKind, FileRole, NewDataset, StoreError, TaskKind, TaskState, Uuid};

use crate::support::{House, IMAGES, TABLE, images, sums, user};

fn full_outputs() -> TaskOptions {
    TaskOptions { full_outputs: true, ..TaskOptions::default() }
}

/// Runs a request that keeps all outputs; answers its uuid.
async fn full_request(house: &House, cluster: Uuid, dataset: Uuid) -> Uuid {
    let request = house.submit_with(TaskKind::Request, cluster, dataset, full_outputs());
    let task = request.await.unwrap();
    let view = house.wait(cluster, task).await;
    assert_eq!(view.task.state, TaskState::Finished, "{:?}", view.task.error);
    task
}

/// A whole exported result.
async fn export(house: &House, result: Uuid) -> String {
    let (_, mut export) = house.engine.export_result(&house.access, result).await.unwrap();
    let mut table = Vec::new();
    while let Some(piece) = export.next_piece().unwrap() {
        table.extend(piece);
    }
    String::from_utf8(table).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_keeps_all_outputs_if_it_is_asked_to() {
    let house = House::new().await;
    let dataset = house.images(300).await;
    let cluster = house.cluster("cluster", IMAGES).await;
    house.train(cluster, dataset).await;
    let result = full_request(&house, cluster, dataset).await;

    let (_, data) = house.store.result(&house.access, result).await.unwrap();
    let (outputs, rows) = house.engine.outputs(&house.access, result, 100, 1000).await.unwrap();
    assert_eq!((outputs.rows(), outputs.width()), (300, 10));
    assert_eq!(outputs.bricks(), [OutputBrick { name: "digit".into(), width: 10 }]);
    assert_eq!(rows.len(), 200);
    for (row, answer) in rows.iter().zip(&data[100..]) {
        let highest = row.iter().copied().fold(f32::MIN, f32::max);
        assert_eq!(row[*answer as usize], highest, "{row:?}");
    }
    let (_, none) = house.engine.outputs(&house.access, result, u64::MAX, 5).await.unwrap();
    assert!(none.is_empty());

    let table = export(&house, result).await;
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 301);
    assert!(lines[0].starts_with("row,value,digit_0,digit_1,"), "{}", lines[0]);
    let cells: Vec<f64> = lines[101].split(',').map(|cell| cell.parse().unwrap()).collect();
    let expected = rows[0].iter().map(|value| value.to_string().parse::<f64>().unwrap());
    assert_eq!(cells, [100.0, data[100]].into_iter().chain(expected).collect::<Vec<_>>());

    let house = house.after_kill().await;
    assert_eq!(house.engine.outputs(&house.access, result, 100, 1000).await.unwrap().1, rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_not_asked_keeps_only_its_answers() {
    let house = House::new().await;
    let dataset = house.table(&sums(3)).await;
    let cluster = house.cluster("cluster", TABLE).await;
    let task = house.submit(TaskKind::Request, cluster, dataset).await.unwrap();
    house.wait(cluster, task).await;
    let none = house.engine.outputs(&house.access, task, 0, 1).await;
    assert!(matches!(none, Err(EngineError::Store(StoreError::Conflict { .. }))), "{none:?}");
    let (_, data) = house.store.result(&house.access, task).await.unwrap();
    let expected = format!("row,value\n0,{}\n1,{}\n2,{}\n", data[0], data[1], data[2]);
    assert_eq!(export(&house, task).await, expected);
    let other = house.engine.export_result(&user("mallory"), task).await;
    assert!(matches!(other, Err(EngineError::Store(StoreError::NotFound { .. }))));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_outputs_than_a_result_holds_are_refused_when_they_are_asked_for() {
    let house = House::with(EngineSettings { output_limit: 1199, ..Default::default() }).await;
    let dataset = house.images(30).await;
    let cluster = house.cluster("cluster", IMAGES).await;
    let refused = house.submit_with(TaskKind::Request, cluster, dataset, full_outputs()).await;
    let error = refused.unwrap_err();
    assert!(matches!(error, EngineError::TooLarge(_)), "{error:?}");
    assert!(error.to_string().contains("1200") && error.to_string().contains("1199"), "{error}");
    house.submit(TaskKind::Request, cluster, dataset).await.unwrap();

    let house = House::with(EngineSettings { output_limit: 1200, ..Default::default() }).await;
    let dataset = house.images(30).await;
    let cluster = house.cluster("cluster", IMAGES).await;
    full_request(&house, cluster, dataset).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_and_columns_of_a_dataset_are_shown_to_those_who_see_it() {
    let house = House::new().await;
    let dataset = house.table("size,colour\n1,red\n3,blue\n").await;
    let shown = house.engine.preview(&house.access, dataset, 1, 5).await.unwrap();
    assert_eq!((shown.columns, shown.picture), (vec!["size".into(), "colour".into()], None));
    assert_eq!(shown.rows, [vec![Cell::Number(3.0), Cell::Text("blue".into())]]);

    let (row, columns) = house.engine.describe(&house.access, dataset).await.unwrap();
    assert_eq!((row.uuid, columns.len()), (dataset, 2));
    assert_eq!(columns[0].spread.unwrap().mean, 2.0);
    assert_eq!(columns[1].kind, ColumnKind::Category);
    let again = house.engine.describe(&house.access, dataset).await.unwrap().1;
    assert_eq!(again, columns);

    // What is remembered is shown to no one else either.
    let other = user("mallory");
    let hidden = house.engine.describe(&other, dataset).await;
    assert!(matches!(hidden, Err(EngineError::Store(StoreError::NotFound { .. }))), "{hidden:?}");
    let hidden = house.engine.preview(&other, dataset, 0, 1).await;
    assert!(matches!(hidden, Err(EngineError::Store(StoreError::NotFound { .. }))), "{hidden:?}");
    let hidden = house.engine.export(&other, dataset, Part::Input).await;
    assert!(matches!(hidden, Err(EngineError::Store(StoreError::NotFound { .. }))));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_datasets_are_described_and_only_some_remembered() {
    let house = House::new().await;
    let mut datasets = Vec::new();
    for number in 0..40 {
        datasets.push(house.table(&format!("a\n{number}\n")).await);
    }
    for _ in 0..2 {
        for (number, dataset) in datasets.iter().enumerate() {
            let (_, columns) = house.engine.describe(&house.access, *dataset).await.unwrap();
            assert_eq!(columns[0].spread.unwrap().maximum, number as f64);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn images_are_exported_as_they_came() {
    let house = House::new().await;
    let (input, label) = images(20);
    let dataset = house.images(20).await;
    for (part, expected) in [(Part::Input, input), (Part::Label, label)] {
        let (_, mut export) = house.engine.export(&house.access, dataset, part).await.unwrap();
        let mut file = Vec::new();
        while let Some(piece) = export.next_piece().unwrap() {
            file.extend(piece);
        }
        assert!(file == expected, "{part:?}");
    }
    let picture = house.engine.preview(&house.access, dataset, 0, 1).await.unwrap().picture;
    assert_eq!(picture, Some((4, 4)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_nobody_goes_on_with_expires() {
    let house = House::new().await;
    let new = || NewDataset { name: "data".into(), kind: DatasetKind::Csv };
    let files = [(FileRole::Input, 10)];
    let (kept, rows) = house.store.create_dataset(&house.access, new(), &files).await.unwrap();
    let open = house.store.open_upload(&house.access, rows[0].uuid).await.unwrap();
    let (stale, _) = house.store.create_dataset(&house.access, new(), &files).await.unwrap();
    house.engine.shutdown().await;

    let settings =
        EngineSettings { upload_expiry: Duration::from_millis(1), ..EngineSettings::default() };
    let engine = Engine::start(house.store.clone(), settings).await.unwrap();
    while house.store.dataset(&house.access, stale.uuid).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    open.write(0, b"abc").unwrap();
    house.store.dataset(&house.access, kept.uuid).await.unwrap();
    drop(open);
    while house.store.dataset(&house.access, kept.uuid).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    engine.shutdown().await;
}
