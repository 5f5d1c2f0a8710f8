//! `hanami demo` as a process, on small data.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use hanami_client::Hanami;
use serde_json::Value;
use tempfile::TempDir;

/// A directory with images to learn from, and one for what the demo keeps while it runs.
struct Place {
    data: TempDir,
    temporary: TempDir,
}

impl Place {
    fn new() -> Self {
        let place =
            Self { data: tempfile::tempdir().unwrap(), temporary: tempfile::tempdir().unwrap() };
        for (name, count) in [("train", 300), ("t10k", 50)] {
            write_bars(place.data.path(), name, count);
        }
        place
    }

    fn demo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hanami"));
        command.arg("demo").args(arguments).arg("--data").arg(self.data.path());
        command.env_clear().env("TMPDIR", self.temporary.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Whether nothing was left behind.
    fn is_clean(&self) -> bool {
        self.temporary.path().read_dir().unwrap().next().is_none()
    }
}

/// Writes `count` images of 10 x 10 pixels whose row of ink is their label.
fn write_bars(directory: &Path, name: &str, count: u32) {
    let header = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect();
    let mut images: Vec<u8> = header(&[0x0803, count, 10, 10]);
    let mut labels: Vec<u8> = header(&[0x0801, count]);
    for index in 0..count as usize {
        let mut image = [0; 100];
        image[index % 10 * 10..][..10].fill(150 + (index % 100) as u8);
        images.extend(image);
        labels.push((index % 10) as u8);
    }
    std::fs::write(directory.join(format!("{name}-images-idx3-ubyte")), images).unwrap();
    std::fs::write(directory.join(format!("{name}-labels-idx1-ubyte")), labels).unwrap();
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn ends_well(command: &mut Command) -> (String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) = (text(stdout), text(stderr));
    assert!(status.success(), "{stdout}{stderr}");
    (stdout, stderr)
}

fn signal(demo: &Child, name: &str) {
    let pid = demo.id().to_string();
    assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
}

#[test]
fn json_is_all_that_goes_to_standard_output() {
    let place = Place::new();
    let (stdout, stderr) = ends_well(&mut place.demo(&["--json", "--epochs", "2"]));
    let outcome: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(stdout.lines().count(), 1);
    let mut keys: Vec<_> = outcome.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "accuracy",
            "cluster_bytes",
            "direct_request_p50_us",
            "epochs",
            "request_seconds",
            "synapses",
            "train_seconds",
            "upload_seconds"
        ]
    );
    assert_eq!(outcome["epochs"], 2);
    assert!(outcome["accuracy"].as_f64().unwrap() > 90.0, "{outcome}");
    assert!(stderr.contains("epoch 2"), "{stderr}");
    assert!(place.is_clean());
}

#[test]
fn the_story_is_plain_text_where_there_is_no_terminal() {
    let place = Place::new();
    let (stdout, stderr) = ends_well(&mut place.demo(&["--epochs", "1"]));
    assert!(!stdout.contains('\u{1b}') && stderr.is_empty(), "{stdout}{stderr}");
    for told in ["number_of_neurons: 100", "epoch 1 ", "% right", "2,000 requests", "▶"] {
        assert!(stdout.contains(told), "{told}: {stdout}");
    }
    assert!(place.is_clean());
}

#[tokio::test]
async fn a_kept_server_can_be_logged_in_to_until_it_is_interrupted() {
    let place = Place::new();
    let mut demo = place.demo(&["--keep", "--epochs", "1"]).spawn().unwrap();
    let (mut address, mut passphrase) = (String::new(), String::new());
    for line in BufReader::new(demo.stdout.take().unwrap()).lines().map(Result::unwrap) {
        if let Some(value) = line.strip_prefix("  address ") {
            address = value.trim().to_owned();
        }
        if let Some(value) = line.strip_prefix("  passphrase ") {
            passphrase = value.trim().to_owned();
            break;
        }
    }
    let hanami = Hanami::connect(&address, "admin", &passphrase).await.unwrap();
    assert_eq!(hanami.clusters().await.unwrap().len(), 1);
    assert_eq!(hanami.datasets().await.unwrap().len(), 2);
    signal(&demo, "INT");
    assert!(demo.wait().unwrap().success());
    assert!(place.is_clean());
}

#[test]
fn an_interrupted_demo_leaves_nothing_behind() {
    let place = Place::new();
    let mut demo = place.demo(&["--epochs", "1000"]).spawn().unwrap();
    let mut stdout = BufReader::new(demo.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("epoch 1 ") {
        line.clear();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it ended by itself");
    }
    signal(&demo, "TERM");
    // It may go on telling until it has heard the signal.
    std::io::copy(&mut stdout, &mut std::io::sink()).unwrap();
    let mut error = String::new();
    demo.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(demo.wait().unwrap().code(), Some(1));
    assert!(error.contains("interrupted"), "{error}");
    assert!(place.is_clean());
}

#[test]
fn data_that_is_missing_is_named() {
    let place = Place::new();
    std::fs::remove_file(place.data.path().join("t10k-labels-idx1-ubyte")).unwrap();
    let output = place.demo(&["--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(text(output.stderr).contains("neither t10k-labels-idx1-ubyte nor"));
}
