use std::time::{Duration, Instant};

use futures_util::stream;
use hanami_server::Settings;
use reqwest::{Body, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::{Answer, NOWHERE, TEMPLATE, TestServer, answer, idx, table, text};

/// A request that sends bytes to a file of a dataset.
pub(crate) fn put(server: &TestServer, file: &str, range: Option<&str>) -> reqwest::RequestBuilder {
    let url = server.url(&format!("/control/v1/dataset/file?uuid={file}"));
    let request = server.http.put(url).header("X-Auth-Token", &server.token);
    match range {
        Some(range) => request.header("Content-Range", range),
        None => request,
    }
}

async fn send(server: &TestServer, file: &str, range: Option<&str>, bytes: &[u8]) -> Answer {
    answer(put(server, file, range).body(bytes.to_vec())).await
}

/// A body whose length is not told beforehand.
fn chunked(bytes: &[u8]) -> Body {
    let pieces: Vec<_> =
        bytes.chunks(7).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    Body::wrap_stream(stream::iter(pieces))
}

/// Declares a table of this size; answers the uuids of the dataset and of its file.
pub(crate) async fn declare(server: &TestServer, name: &str, size: usize) -> (String, String) {
    let body = json!({"name": name, "input_data_size": size});
    let made = server.post("csv/dataset", body).await.ok();
    (text(&made["uuid"]), text(&made["uuid_input_file"]))
}

/// A whole downloaded file.
async fn download(server: &TestServer, path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let request = server.http.get(server.url(&format!("/control/v1/{path}")));
    let response = request.header("X-Auth-Token", &server.token).send().await.unwrap();
    assert_eq!(response.status(), 200);
    (response.headers().clone(), response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_file_is_uploaded_in_parts_in_any_order_and_by_any_way() {
    let server = TestServer::start().await;
    let table = table(20);
    let bytes = table.as_bytes();
    let size = bytes.len();
    let (dataset, file) = declare(&server, "a table", size).await;

    let range = format!("bytes 50-79/{size}");
    let found = send(&server, &file, Some(&range), &bytes[50..80]).await.ok();
    let expected = json!({
        "uuid": file, "part": "input", "size": size, "received": 30,
        "missing": [[0, 50], [80, size]]
    });
    assert_eq!(found, expected);

    let mut socket = server.connect("file_upload", &file).await.unwrap();
    assert!(socket.upload(10, &bytes[10..40]).await.success);
    let range = format!("bytes 0-9/{size}");
    let found = answer(put(&server, &file, Some(&range)).body(chunked(&bytes[..10]))).await.ok();
    assert_eq!(found["missing"], json!([[40, 50], [80, size]]));

    let range = format!("bytes 40-{}/{size}", size - 1);
    let found = send(&server, &file, Some(&range), &bytes[40..]).await.ok();
    assert_eq!((&found["missing"], &found["received"]), (&json!([]), &json!(size)));
    let finish = json!({"uuid": dataset, "uuid_input_file": file});
    server.put("csv/dataset", finish).await.ok();
    send(&server, &file, None, bytes).await.problem(404, "not-found");
    assert_eq!(server.get(&format!("dataset?uuid={dataset}")).await.ok()["lines"], 20);
}

#[tokio::test]
async fn a_whole_file_may_be_larger_than_other_bodies() {
    let settings = Settings { max_body_bytes: 1000.try_into().unwrap(), ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let table = table(500_000);
    let (dataset, file) = declare(&server, "a table", table.len()).await;
    let found = answer(put(&server, &file, None).body(chunked(table.as_bytes()))).await.ok();
    assert_eq!(found["missing"], json!([]));
    let finish = json!({"uuid": dataset, "uuid_input_file": file});
    server.put("csv/dataset", finish).await.ok();
    let (_, found) = download(&server, &format!("dataset/download?uuid={dataset}")).await;
    assert!(found == table.as_bytes());
}

#[tokio::test]
async fn a_range_that_is_malformed_or_does_not_fit_is_refused_with_what_is_expected() {
    let server = TestServer::start().await;
    let (dataset, file) = declare(&server, "a table", 100).await;
    for range in [
        "",
        "bytes",
        "bytes 0-9",
        "0-9/100",
        "bytes=0-9/100",
        "bytes 9-0/100",
        "bytes a-9/100",
        "bytes 0-9/*",
        "bytes */100",
        "bytes -9/100",
        "bytes 0-/100",
        "bytes +0-9/100",
        "bytes 0-18446744073709551615/100",
        "bytes 0-99999999999999999999/100",
        "items 0-9/100",
    ] {
        let refused = send(&server, &file, Some(range), &[b'x'; 10]).await;
        let detail = refused.problem(400, "invalid-body");
        assert!(detail.contains("bytes <from>-<to>/<size>"), "{range}: {detail}");
    }
    for range in ["bytes 0-9/99", "bytes 91-100/100", "bytes 100-109/100"] {
        let refused = send(&server, &file, Some(range), &[b'x'; 10]).await;
        let detail = refused.problem(400, "invalid-body");
        assert!(detail.contains("100 bytes"), "{range}: {detail}");
    }
    for (range, length) in [(Some("bytes 0-9/100"), 9), (Some("bytes 0-9/100"), 11), (None, 99)] {
        let refused = send(&server, &file, range, &vec![b'x'; length]).await;
        let detail = refused.problem(400, "invalid-body");
        assert!(detail.contains(&length.to_string()), "{detail}");
    }
    let progress = server.get(&format!("dataset/progress?uuid={dataset}")).await.ok();
    assert_eq!(progress["files"][0]["received"], 0);
}

#[tokio::test]
async fn what_arrived_of_a_body_of_the_wrong_length_is_kept() {
    let server = TestServer::start().await;
    let (dataset, file) = declare(&server, "a table", 100).await;
    let progress = async || {
        let found = server.get(&format!("dataset/progress?uuid={dataset}")).await.ok();
        found["files"][0]["missing"].clone()
    };
    let short = put(&server, &file, Some("bytes 10-29/100")).body(chunked(&[b'x'; 15]));
    let detail = answer(short).await.problem(400, "invalid-body");
    assert!(detail.contains('5') && detail.contains("20"), "{detail}");
    assert_eq!(progress().await, json!([[0, 10], [25, 100]]));

    let long = put(&server, &file, Some("bytes 40-49/100")).body(chunked(&[b'x'; 70]));
    let detail = answer(long).await.problem(400, "invalid-body");
    assert!(detail.contains("longer") && detail.contains("10"), "{detail}");
    assert_eq!(progress().await, json!([[0, 10], [25, 40], [50, 100]]));
}

#[tokio::test]
async fn what_arrived_before_a_client_went_is_kept() {
    let server = TestServer::start().await;
    let (dataset, file) = declare(&server, "a table", 100).await;
    let token = &server.token;
    let head = format!(
        "PUT /control/v1/dataset/file?uuid={file} HTTP/1.1\r\nHost: hanami\r\n\
         X-Auth-Token: {token}\r\nContent-Length: 100\r\n\r\n"
    );
    let mut connection = TcpStream::connect(server.address()).await.unwrap();
    connection.write_all(&[head.as_bytes(), &[b'x'; 30]].concat()).await.unwrap();
    connection.shutdown().await.unwrap();
    // The server has noticed when it hangs up.
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    // It may still be writing.
    let patience = Instant::now() + Duration::from_mins(1);
    loop {
        let found = server.get(&format!("dataset/progress?uuid={dataset}")).await.ok();
        if found["files"][0]["received"] == 30 {
            break;
        }
        assert!(Instant::now() < patience, "{found}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_downloaded_table_is_the_same_dataset_again() {
    let server = TestServer::start().await;
    let source = "size,\"colour, or not\"\n1.5,red\n-0.1,\"dark \"\"blue\"\"\"\n1e30,null\n";
    let first = server.csv("the first", source).await;
    let (headers, file) = download(&server, &format!("dataset/download?uuid={first}")).await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"the first.csv\"");
    let file = String::from_utf8(file).unwrap();
    let second = server.csv("the second", &file).await;
    let path = async |uuid: &str| {
        let shown = server.get(&format!("dataset?uuid={uuid}")).await.ok();
        server.directory.path().join(text(&shown["location"]))
    };
    let stored = std::fs::read(path(&first).await).unwrap();
    assert!(stored == std::fs::read(path(&second).await).unwrap(), "{file}");

    let missing = server.get(&format!("dataset/download?uuid={first}&part=label")).await;
    let detail = missing.problem(404, "not-found");
    assert!(detail.contains("label"), "{detail}");
}

#[tokio::test]
async fn downloaded_images_and_labels_are_the_files_that_were_uploaded() {
    let server = TestServer::start().await;
    let (images, labels) = idx(5000);
    let finish = server.upload_mnist("digits", &images, &labels).await;
    let uuid = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let path = format!("dataset/download?uuid={uuid}");
    let parts = [
        (String::new(), &images, "digits-images-idx3-ubyte"),
        ("&part=input".to_owned(), &images, "digits-images-idx3-ubyte"),
        ("&part=label".to_owned(), &labels, "digits-labels-idx1-ubyte"),
    ];
    for (part, expected, name) in parts {
        let (headers, file) = download(&server, &format!("{path}{part}")).await;
        assert!(file == *expected, "{part}");
        assert_eq!(headers["content-length"], expected.len().to_string().as_str());
        assert_eq!(
            headers["content-disposition"],
            format!("attachment; filename=\"{name}\"").as_str()
        );
    }
    server.get(&format!("{path}&part=both")).await.problem(400, "invalid-query");
}

#[tokio::test]
async fn a_download_of_damaged_data_breaks_off() {
    let server = TestServer::start().await;
    let uuid = server.csv("a table", "a\n1\n2\n").await;
    let location = text(&server.get(&format!("dataset?uuid={uuid}")).await.ok()["location"]);
    let path = server.directory.path().join(location);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();

    let url = server.url(&format!("/control/v1/dataset/download?uuid={uuid}"));
    let response = server.http.get(url).header("X-Auth-Token", &server.token).send().await.unwrap();
    response.bytes().await.unwrap_err();
    server.get(&format!("dataset/columns?uuid={uuid}")).await.problem(500, "internal");
    server.assert_healthy().await;
}

#[tokio::test]
async fn clients_that_leave_downloads_free_their_places() {
    let server = TestServer::start().await;
    let uuid = server.csv("a table", &table(400_000)).await;
    let url = server.url(&format!("/control/v1/dataset/download?uuid={uuid}"));
    // More than can be under way at the same time.
    for _ in 0..300 {
        let request = server.http.get(&url).header("X-Auth-Token", &server.token);
        let response = loop {
            let response = request.try_clone().unwrap().send().await.unwrap();
            if response.status() == 200 {
                break response;
            }
            assert_eq!(response.status(), 429);
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        drop(response);
    }
}

#[tokio::test]
async fn rows_of_a_table_are_shown() {
    let server = TestServer::start().await;
    let uuid = server.csv("a table", "size,colour\n0.1,red\n2,blue\n3,red\n").await;
    let path = format!("dataset/preview?uuid={uuid}");
    let expected = json!({
        "uuid": uuid, "from": 0, "lines": 3, "columns": ["size", "colour"],
        "rows": [[0.1_f32, "red"], [2.0, "blue"], [3.0, "red"]]
    });
    let shown = server.get(&path).await.ok();
    assert_eq!(shown["rows"].to_string(), r#"[[0.1,"red"],[2.0,"blue"],[3.0,"red"]]"#);
    assert_eq!(shown.as_object().unwrap().len(), expected.as_object().unwrap().len());
    assert_eq!((&shown["columns"], &shown["lines"]), (&expected["columns"], &expected["lines"]));

    let shown = server.get(&format!("{path}&from=1&count=1")).await.ok();
    assert_eq!((&shown["from"], &shown["rows"]), (&json!(1), &json!([[2.0, "blue"]])));
    assert_eq!(server.get(&format!("{path}&from=3")).await.ok()["rows"], json!([]));
    for wrong in ["&count=0", "&count=101", "&count=-1", "&count=x", "&from=-1", "&to=3"] {
        let detail = server.get(&format!("{path}{wrong}")).await.problem(400, "invalid-query");
        let named = wrong[1..].split('=').next().unwrap();
        assert!(detail.contains(named), "{wrong}: {detail}");
    }
}

#[tokio::test]
async fn images_are_shown_with_their_labels() {
    let server = TestServer::start().await;
    let (images, labels) = idx(30);
    let finish = server.upload_mnist("digits", &images, &labels).await;
    let uuid = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let shown = server.get(&format!("dataset/preview?uuid={uuid}&from=1&count=2")).await.ok();
    let (lower, upper) = ([[0; 8], [200; 8]].concat(), [[200; 8], [0; 8]].concat());
    let expected = json!({
        "uuid": uuid, "from": 1, "lines": 30, "height": 4, "width": 4, "images": [
            {"pixels": lower, "label": 1},
            {"pixels": upper, "label": 0},
        ]
    });
    assert_eq!(shown, expected);
    let shown = server.get(&format!("dataset/preview?uuid={uuid}")).await.ok();
    assert_eq!(shown["images"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn columns_are_described() {
    let server = TestServer::start().await;
    let uuid = server.csv("a table", "size,open,colour\n2,0,red\n4,1,blue\n6,1,red\n").await;
    let expected = json!({"uuid": uuid, "lines": 3, "columns": [
        {
            "name": "size", "type": "number", "minimum": 2.0, "maximum": 6.0, "mean": 4.0,
            "standard_deviation": (8.0_f64 / 3.0).sqrt()
        },
        {
            "name": "open", "type": "boolean", "minimum": 0.0, "maximum": 1.0
        },
        {
            "name": "colour", "type": "category", "categories": [
                {"category": "blue", "count": 1}, {"category": "red", "count": 2}
            ]
        },
    ]});
    let mut found = server.get(&format!("dataset/columns?uuid={uuid}")).await.ok();
    let open = found["columns"][1].as_object_mut().unwrap();
    let mean = open.remove("mean").unwrap().as_f64().unwrap();
    assert!((mean - 2.0 / 3.0).abs() < 1e-12, "{mean}");
    let deviation = open.remove("standard_deviation").unwrap().as_f64().unwrap();
    assert!((deviation - (2.0_f64 / 9.0).sqrt()).abs() < 1e-12, "{deviation}");
    assert_eq!(found, expected);

    let (images, labels) = idx(10);
    let finish = server.upload_mnist("digits", &images, &labels).await;
    let uuid = text(&server.put("mnist/dataset", finish).await.ok()["uuid"]);
    let found = server.get(&format!("dataset/columns?uuid={uuid}")).await.ok();
    let [images, labels] = &found["columns"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!((&images["type"], &images["mean"]), (&json!("pixels"), &json!(100.0)));
    assert_eq!((&labels["type"], &labels["maximum"]), (&json!("class"), &json!(1.0)));
    assert_eq!(labels["categories"][1], json!({"category": "1", "count": 5}));
}

#[tokio::test]
async fn a_dataset_shows_nothing_before_it_is_finished_and_nothing_to_others() {
    let server = TestServer::start_with_users().await;
    let (unfinished, file) = declare(&server, "a table", 10).await;
    let finished = server.csv("a table", "a\n1\n").await;
    let anna = server.log_in("anna", crate::common::PASSWORD).await;
    for endpoint in ["download", "preview", "columns"] {
        let path = |uuid: &str| format!("dataset/{endpoint}?uuid={uuid}");
        let detail = server.get(&path(&unfinished)).await.problem(409, "conflict");
        assert!(detail.contains("finish"), "{detail}");
        server.get(&path(NOWHERE)).await.problem(404, "not-found");
        server.get(&path("7")).await.problem(400, "invalid-query");
        let hidden = format!("/control/v1/{}", path(&finished));
        server.send(Method::GET, &hidden, &anna, None).await.problem(404, "not-found");
    }
    let hidden = format!("/control/v1/dataset/file?uuid={file}");
    let refused = server.send(Method::PUT, &hidden, &anna, Some(Value::Null)).await;
    refused.problem(404, "not-found");
}

#[tokio::test]
async fn all_outputs_of_a_request_are_shown_and_downloaded() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(30)).await;
    let mut task = json!({
        "name": "all of it", "type": "request", "cluster_uuid": cluster, "dataset_uuid": dataset,
        "full_outputs": true
    });
    let request = text(&server.post("task", task.clone()).await.ok()["uuid"]);
    server.ended(&cluster, &request).await;

    let result = server.get(&format!("request_result?uuid={request}")).await.ok();
    assert_eq!((&result["rows"], &result["has_outputs"]), (&json!(29), &json!(true)));
    assert_eq!((&result["dataset_type"], &result["column"]), (&json!("csv"), &json!("wear")));
    assert_eq!(result["created"].as_str().unwrap().len(), 19, "{result}");
    let data: Vec<f64> = serde_json::from_value(result["data"].clone()).unwrap();

    let path = format!("request_result/outputs?uuid={request}");
    let shown = server.get(&format!("{path}&from=27&count=1000")).await.ok();
    let outputs: Vec<Vec<f32>> = serde_json::from_value(shown["outputs"].clone()).unwrap();
    assert_eq!(outputs, [[data[27] as f32], [data[28] as f32]]);
    assert_eq!(
        (&shown["rows"], &shown["width"], &shown["from"]),
        (&json!(29), &json!(1), &json!(27))
    );
    assert_eq!(shown["bricks"], json!([{"name": "wear", "width": 1}]));
    for wrong in ["&count=0", "&count=1001"] {
        server.get(&format!("{path}{wrong}")).await.problem(400, "invalid-query");
    }

    let (headers, file) =
        download(&server, &format!("request_result/download?uuid={request}")).await;
    assert_eq!(headers["content-disposition"], "attachment; filename=\"all of it.csv\"");
    let file = String::from_utf8(file).unwrap();
    let lines: Vec<_> = file.lines().collect();
    assert_eq!((lines.len(), lines[0]), (30, "row,value,wear_0"));
    assert_eq!(lines[28], format!("27,{},{}", data[27], outputs[0][0]));

    let delete = format!("request_result?uuid={request}");
    server.delete(&delete).await.ok();
    server.get(&path).await.problem(404, "not-found");
    assert_eq!(
        std::fs::read_dir(server.directory.path().join("blobs/results")).unwrap().count(),
        0
    );

    task["type"] = "train".into();
    server.post("task", task).await.problem(400, "invalid-body");
    let plain = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &plain).await;
    let none = server.get(&format!("request_result/outputs?uuid={plain}")).await;
    let detail = none.problem(409, "conflict");
    assert!(detail.contains("full_outputs"), "{detail}");
    assert_eq!(
        server.get(&format!("request_result?uuid={plain}")).await.ok()["has_outputs"],
        false
    );
}

#[tokio::test]
async fn answers_in_numbers_are_scored_by_their_errors() {
    let server = TestServer::start().await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(30)).await;
    let request = server.task("request", &cluster, &dataset).await;
    server.ended(&cluster, &request).await;
    let result = server.get(&format!("request_result?uuid={request}")).await.ok();
    let data: Vec<f64> = serde_json::from_value(result["data"].clone()).unwrap();

    let check = json!({"result_uuid": request, "dataset_uuid": dataset});
    let score = server.post("dataset/check", check).await.ok();
    let expected = (1..30).map(|row| f64::from(row % 7 * 2));
    let errors: Vec<f64> = expected.zip(&data).map(|(right, answer)| right - answer).collect();
    let mae = errors.iter().map(|error| error.abs()).sum::<f64>() / 29.0;
    assert!((score["mae"].as_f64().unwrap() - mae).abs() < 1e-9, "{score}");
    let squares = errors.iter().map(|error| error * error).sum::<f64>() / 29.0;
    assert!((score["rmse"].as_f64().unwrap() - squares.sqrt()).abs() < 1e-9, "{score}");
    assert!(score["r2"].is_number() && score["accuracy"].is_number(), "{score}");
    assert_eq!((&score["samples"], &score["invalid"]), (&json!(29), &json!(0)));
    assert_eq!((&score["confusion"], &score["classes"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn more_outputs_than_a_result_holds_are_refused() {
    let settings = Settings { max_result_bytes: 100.try_into().unwrap(), ..Settings::default() };
    let server = TestServer::start_with(settings).await;
    let cluster = server.cluster("worker", TEMPLATE).await;
    let dataset = server.csv("table", &table(30)).await;
    let task = json!({
        "name": "all of it", "type": "request", "cluster_uuid": cluster, "dataset_uuid": dataset,
        "full_outputs": true
    });
    let detail = server.post("task", task).await.problem(400, "limit-exceeded");
    assert!(detail.contains("116") && detail.contains("100"), "{detail}");
}
