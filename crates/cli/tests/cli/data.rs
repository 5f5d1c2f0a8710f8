//! Uploads, downloads, previews.

use std::fs;

use serde_json::json;

use crate::common::{Site, halves};

#[test]
fn a_table_is_previewed_described_and_downloaded() {
    let site = Site::start();
    let table = "wave,kind\n1,up\n0.5,down\n-1,down\n";
    let file = site.file("waves.csv", table);
    site.admin().ok(&["dataset", "create", "csv", "-i", &file, "waves"]);
    let shown = site.admin().ok(&["dataset", "preview", "waves", "--from", "1", "--count", "1"]);
    assert!(shown.contains("0.5") && shown.contains("down") && !shown.contains("up"), "{shown}");
    let preview = site.admin().json(&["dataset", "preview", "waves"]);
    assert_eq!(preview["rows"], json!([[1.0, "up"], [0.5, "down"], [-1.0, "down"]]));
    let shown = site.admin().ok(&["dataset", "columns", "waves"]);
    assert!(shown.contains("category") && shown.contains("wave"), "{shown}");
    let columns = site.admin().json(&["dataset", "columns", "waves"]);
    assert_eq!(columns["columns"][0]["minimum"], -1.0);
    let to_stdout = site.admin().ok(&["dataset", "download", "waves", "-o", "-"]);
    assert_eq!(to_stdout.lines().next(), Some("wave,kind"));
    let to = site.path("back.csv");
    site.admin().ok(&["dataset", "download", "waves", "-o", to.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(&to).unwrap(), to_stdout);
    site.admin().ok(&["dataset", "share", "waves", "--visibility", "shared"]);
    assert_eq!(site.admin().json(&["dataset", "get", "waves"])["visibility"], "shared");
}

#[test]
fn images_are_drawn_and_come_back_as_they_were() {
    let site = Site::start();
    site.halves("images", 4);
    let shown = site.admin().ok(&["dataset", "preview", "images", "--count", "1"]);
    assert_eq!(shown.lines().next(), Some("row 0, class 0:"));
    let (images, labels) = halves(4);
    for (part, expected) in [("input", images), ("label", labels)] {
        let to = site.path(part);
        let to_text = to.to_str().unwrap();
        site.admin().ok(&["dataset", "download", "images", "--part", part, "-o", to_text]);
        assert_eq!(fs::read(&to).unwrap(), expected);
    }
}

#[test]
fn an_upload_that_broke_off_is_taken_up_again() {
    let site = Site::start();
    let table = format!("wave\n{}", "1\n".repeat(100));
    let file = site.file("waves.csv", &table);
    let client = hanami_client::Hanami::connect(&site.url, "admin", crate::common::PASSWORD);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let size = table.len() as u64;
    let declared = async { client.await.unwrap().declare_csv("waves", size).await.unwrap() };
    let dataset = runtime.block_on(declared).uuid.to_string();

    let progress = site.admin().json(&["dataset", "progress", "waves"]);
    assert_eq!(progress["complete"], false);
    assert!(site.admin().ok(&["dataset", "progress", "waves"]).contains("received"));
    let longer = site.file("longer.csv", format!("{table}1\n"));
    let resume = |file| ["dataset", "create", "csv", "-i", file, "--resume", "waves"];
    let told = site.admin().fails(1, &resume(&longer));
    assert!(told.contains("bytes were declared") && told.contains("progress"), "{told}");
    assert_eq!(site.admin().json(&resume(&file))["uuid"], dataset.as_str());
    assert_eq!(site.admin().json(&["dataset", "get", "waves"])["lines"], 100);
    let told = site.admin().fails(1, &resume(&file));
    assert!(told.contains("waits for no such file"), "{told}");
}

#[test]
fn what_is_no_data_leaves_nothing_behind() {
    let site = Site::start();
    let broken = site.file("broken.csv", "a,b\n1,2\n1,2,3\n");
    let told = site.admin().fails(1, &["dataset", "create", "csv", "-i", &broken, "broken"]);
    assert!(told.contains("line 3") && told.contains("mend"), "{told}");
    let told = site.admin().fails(1, &["dataset", "create", "csv", "-i", "no/file", "broken"]);
    assert!(told.contains("can't read no/file"), "{told}");
    assert_eq!(site.admin().made(&["dataset", "list"]), "");
}

#[test]
fn a_mapping_is_read_from_a_file() {
    let site = Site::start();
    let rows: Vec<_> = (0..20).map(|row| format!("{row},{row},{}", row * 2)).collect();
    let table = site.file("sums.csv", format!("a,b,total\n{}\n", rows.join("\n")));
    site.admin().ok(&["dataset", "create", "csv", "-i", &table, "sums"]);
    let template = "version: 1\nbricks:\n    1,1,1\n        input: numbers\n        number_of_neurons: 2\n    2,1,1\n        number_of_neurons: 8\n    3,1,1\n        output: answer\n        number_of_neurons: 1\n";
    let template = site.file("sums.template", template);
    site.admin().ok(&["cluster", "create", "-t", &template, "adder"]);
    let mapping =
        r#"{"type": "row", "inputs": {"numbers": ["a", "b"]}, "outputs": {"answer": ["total"]}}"#;
    let mapping = site.file("mapping.json", mapping);
    let create = ["task", "create", "-c", "adder", "-d", "sums", "-t", "train", "--watch"];
    site.admin().ok(&[&create[..], &["--mapping", &mapping, "learn"]].concat());
    let broken = site.file("broken.json", r#"{"type": "rows"}"#);
    let told = site.admin().fails(2, &[&create[..], &["--mapping", &broken, "learn"]].concat());
    assert!(told.contains("is no mapping") && told.contains("BRICK"), "{told}");
    let told = site.admin().fails(1, &[&create[..], &["learn"]].concat());
    assert!(told.contains("error: "), "{told}");
}

#[test]
fn whoever_reads_may_stop_reading() {
    let site = Site::start();
    let table = site.file("waves.csv", format!("wave\n{}", "0.123456\n".repeat(200_000)));
    site.admin().ok(&["dataset", "create", "csv", "-i", &table, "waves"]);
    let outcome = site.admin().run_deaf(&["dataset", "download", "waves", "-o", "-"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{outcome:?}");
}
