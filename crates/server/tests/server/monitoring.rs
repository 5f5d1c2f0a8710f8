//! What those see who watch the server: health, readiness, metrics.

use hanami_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{PASSWORD, TEMPLATE, TestServer, answer, table, text};

/// The lines of the metrics.
async fn metrics(server: &TestServer) -> Vec<String> {
    let answer = server.send(Method::GET, "/metrics", "", None).await;
    assert_eq!(answer.status, 200);
    let kind = answer.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let Value::String(text) = answer.body else { panic!("no text") };
    assert!(text.ends_with("# EOF\n"));
    text.lines().map(str::to_owned).collect()
}

/// The value of one series, labels included; 0 if it is not there yet.
async fn metric(server: &TestServer, series: &str) -> f64 {
    let lines = metrics(server).await;
    let value = lines.iter().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    value.map_or(0.0, |value| value.parse().unwrap())
}

#[tokio::test]
async fn requests_are_counted_by_endpoint_method_and_status() {
    let server = TestServer::start().await;
    for _ in 0..3 {
        server.get("cluster/all").await.ok();
    }
    server.get("cluster?uuid=nonsense").await.problem(400, "invalid-query");
    server.send(Method::GET, "/made/up", "", None).await.problem(404, "not-found");
    let odd = Method::from_bytes(b"BREW").unwrap();
    server.send(odd, "/made/up/too", "", None).await.problem(404, "not-found");
    let requests = |labels: &str| format!("hanami_http_requests_total{{{labels}}}");
    for (labels, count) in [
        (r#"endpoint="/control/v1/cluster/all",method="GET",status="200""#, 3.0),
        (r#"endpoint="/control/v1/cluster",method="GET",status="400""#, 1.0),
        (r#"endpoint="unknown",method="GET",status="404""#, 1.0),
        (r#"endpoint="unknown",method="other",status="404""#, 1.0),
    ] {
        assert_eq!(metric(&server, &requests(labels)).await, count, "{labels}");
    }
    let labels = r#"endpoint="/control/v1/cluster/all",method="GET""#;
    let durations = format!("hanami_http_request_duration_seconds_count{{{labels}}}");
    assert_eq!(metric(&server, &durations).await, 3.0);
}

#[tokio::test]
async fn what_is_there_and_what_is_done_is_counted() {
    let server = TestServer::start().await;
    assert_eq!(metric(&server, "hanami_users").await, 1.0);
    assert_eq!(metric(&server, "hanami_clusters").await, 0.0);
    assert_eq!(metric(&server, "hanami_clusters_in_memory").await, 0.0);

    let table = table(10);
    let dataset = server.csv("table", &table).await;
    let declared = json!({"name": "other", "input_data_size": table.len()});
    let declared = server.post("csv/dataset", declared).await.ok();
    let file = text(&declared["uuid_input_file"]);
    let url = server.url(&format!("/control/v1/dataset/file?uuid={file}"));
    let put = server.http.put(url).header("X-Auth-Token", &server.token).body(table.clone());
    answer(put).await.ok();
    assert_eq!(metric(&server, "hanami_upload_bytes_total").await, 2.0 * table.len() as f64);
    let cluster = server.cluster("worker", TEMPLATE).await;
    let task = server.task("train", &cluster, &dataset).await;
    server.ended(&cluster, &task).await;
    let steps =
        server.get(&format!("cluster?uuid={cluster}")).await.ok()["network"]["steps"].clone();
    assert_eq!(metric(&server, "hanami_trained_samples_total").await, steps.as_f64().unwrap());
    assert_eq!(metric(&server, r#"hanami_tasks{state="finished"}"#).await, 1.0);
    assert_eq!(metric(&server, r#"hanami_tasks{state="active"}"#).await, 0.0);
    assert_eq!(metric(&server, "hanami_clusters_in_memory").await, 1.0);
    assert!(metric(&server, "hanami_clusters_in_memory_bytes").await > 0.0);

    let mut socket = server.direct_cluster("direct").await;
    let open = r#"hanami_websockets_open{target="cluster"}"#;
    assert_eq!(metric(&server, open).await, 1.0);
    socket.train(&[1.0, 2.0], 3.0).await;
    socket.train(&[2.0, 4.0], 6.0).await;
    socket.request(&[1.0, 2.0]).await;
    let samples = json!([[1, 2], [3, 4], [5, 6]]);
    server.post("cluster/predict", json!({"uuid": cluster, "inputs": samples})).await.ok();
    let lesson = json!({"uuid": cluster, "inputs": samples, "outputs": [[1], [2], [3]]});
    server.post("cluster/learn", lesson).await.ok();
    assert_eq!(metric(&server, "hanami_user_steps_total").await, 2.0 + 3.0);
    assert_eq!(metric(&server, "hanami_user_predictions_total").await, 1.0 + 3.0);
    assert_eq!(metric(&server, "hanami_trained_samples_total").await, steps.as_f64().unwrap());
    drop(socket);
    while metric(&server, open).await != 0.0 {}
    assert_eq!(metric(&server, "hanami_journals_open").await, 2.0);
    assert_eq!(metric(&server, "hanami_clusters_tracked").await, 2.0);

    server.delete(&format!("cluster?uuid={cluster}")).await.ok();
    for (name, left) in [
        ("hanami_clusters", 1.0),
        ("hanami_clusters_in_memory", 1.0),
        ("hanami_journals_open", 1.0),
        ("hanami_clusters_tracked", 1.0),
        ("hanami_network_loads_total", 2.0),
        ("hanami_network_evictions_total", 0.0),
    ] {
        assert_eq!(metric(&server, name).await, left, "{name}");
    }
}

#[tokio::test]
async fn log_ins_that_fail_and_rows_of_the_logs_are_counted() {
    let server = TestServer::start().await;
    let audited = metric(&server, "hanami_audit_entries_total").await;
    let wrong = json!({"id": "admin", "password": PASSWORD});
    let path = "/control/v1/token";
    server.send(Method::POST, path, "", Some(wrong)).await.problem(401, "wrong-credentials");
    assert_eq!(metric(&server, "hanami_failed_log_ins_total").await, 1.0);
    assert_eq!(metric(&server, "hanami_audit_entries_total").await, audited);
    server.post("cluster", json!({"name": "audited"})).await.ok();
    assert_eq!(metric(&server, "hanami_audit_entries_total").await, audited + 1.0);
    assert_eq!(metric(&server, "hanami_error_entries_total").await, 0.0);
}

#[tokio::test]
async fn metrics_tell_of_the_process_and_of_nobody() {
    let mut server = TestServer::start_with_users().await;
    server.token = server.log_in("anna", PASSWORD).await;
    let uuid = server.cluster("unmistakable", TEMPLATE).await;
    server.get(&format!("cluster?uuid={uuid}")).await.ok();
    let all = metrics(&server).await.join("\n");
    for name in ["anna", "garden", "unmistakable", &uuid] {
        assert!(!all.contains(name), "{name}");
    }
    assert!(all.contains(concat!(
        "hanami_build_info{version=\"",
        env!("CARGO_PKG_VERSION"),
        "\"} 1"
    )));
    for series in [
        "hanami_host_cores",
        "process_resident_memory_bytes",
        "process_open_fds",
        "process_cpu_seconds_total",
        "process_start_time_seconds",
    ] {
        assert!(metric(&server, series).await > 0.0, "{series}");
    }
    assert_eq!(metric(&server, "hanami_host_turns_waiting").await, 0.0);
}

#[tokio::test]
async fn metrics_can_be_turned_off_and_belong_to_one_server() {
    let one = TestServer::start().await;
    let other = TestServer::start_with(Settings { metrics: false, ..Settings::default() }).await;
    let off = other.send(Method::GET, "/metrics", "", None).await.problem(404, "not-found");
    assert!(off.contains("setting"), "{off}");
    one.get("cluster/all").await.ok();
    other.get("cluster/all").await.ok();
    let labels = r#"endpoint="/control/v1/cluster/all",method="GET",status="200""#;
    assert_eq!(metric(&one, &format!("hanami_http_requests_total{{{labels}}}")).await, 1.0);
}

#[tokio::test]
async fn a_server_is_ready_while_its_store_can_be_written() {
    let server = TestServer::start().await;
    assert_eq!(server.send(Method::GET, "/readyz", "", None).await.ok(), json!({}));
    std::fs::remove_dir(server.directory.path().join("uploads")).unwrap();
    // A finding holds for a moment.
    let unready = loop {
        let answer = server.send(Method::GET, "/readyz", "", None).await;
        if answer.status != 200 {
            break answer;
        }
    };
    assert!(unready.headers.contains_key("retry-after"));
    let detail = unready.problem(503, "unavailable");
    assert!(detail.contains("data directory"), "{detail}");
    assert!(!detail.contains(server.directory.path().to_str().unwrap()), "{detail}");
    assert_eq!(server.send(Method::GET, "/healthz", "", None).await.status, 200);
    std::fs::create_dir(server.directory.path().join("uploads")).unwrap();
    while server.send(Method::GET, "/readyz", "", None).await.status != 200 {}
}

#[tokio::test]
async fn the_page_of_the_interface_loads_from_this_server_alone() {
    let server = TestServer::start().await;
    let fetch = async |path: &str| {
        let response = server.http.get(server.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        let policy = header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("http"), "{policy}");
        let kind = header("content-type").unwrap();
        let is_packed = header("content-encoding").as_deref() == Some("gzip");
        let bytes = response.bytes().await.unwrap();
        let bytes = if is_packed { unpack(&bytes) } else { bytes.to_vec() };
        (kind, String::from_utf8_lossy(&bytes).into_owned())
    };
    // The page without its slash leads to the page.
    let (kind, page) = fetch("/docs/api").await;
    assert_eq!(kind, "text/html");
    let files: Vec<&str> = ["href=\"", "src=\""]
        .iter()
        .flat_map(|attribute| page.split(attribute).skip(1))
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(files.len() >= 5, "{page}");
    assert!(!page.contains("<script>") && !page.contains("onload="), "{page}");
    for file in files {
        assert!(!file.contains("//"), "{file} is loaded from elsewhere");
        let (kind, asset) = fetch(&format!("/docs/api/{}", file.trim_start_matches("./"))).await;
        let expected = match file.rsplit('.').next().unwrap() {
            "js" => "text/javascript",
            "css" => "text/css",
            "png" => "image/png",
            other => panic!("{other}"),
        };
        assert_eq!(kind, expected, "{file}");
        if kind == "text/css" {
            assert!(!asset.contains("@import") && !asset.contains("url(http"), "{file}");
        }
    }
    let (_, script) = fetch("/docs/api/swagger-initializer.js").await;
    assert!(script.contains("\"/openapi.json\"") && !script.contains("://"), "{script}");
    let nothing = server.send(Method::GET, "/docs/api/nothing.js", "", None).await;
    nothing.problem(404, "not-found");
    let root = server.send(Method::GET, "/", "", None).await;
    assert!(text(&root.body).contains("/docs/api"));
    // Everything else stays as strict as it was.
    let policy = &root.headers["content-security-policy"];
    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
}

fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut unpacked).unwrap();
    unpacked
}
