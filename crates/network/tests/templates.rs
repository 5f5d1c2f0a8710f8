//! The templates in `docs/templates`: each is read, built and trained.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::Chance;
use hanami_network::Network;
use hanami_network::template::{Settings, Template};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/templates");

/// The texts by the names of their files.
fn texts() -> BTreeMap<String, String> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        assert_eq!(path.extension().unwrap(), "template");
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    fs::read_dir(FOLDER).unwrap().map(read).collect()
}

#[test]
fn each_is_read_built_and_trained() {
    for (name, text) in texts() {
        let template = Template::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut network = Network::new(&template).unwrap();
        let mut chance = Chance::new(1);
        let (inputs, outputs) = (network.input_width(), network.output_width());
        let mut answer = vec![0.0; outputs];
        for step in 0..60 {
            let input: Vec<f32> = (0..inputs).map(|_| chance.normal()).collect();
            let target = vec![(step % 2) as f32; outputs];
            network.train(&input, &target, &mut answer).unwrap();
            network.predict(&input, &mut answer).unwrap();
            assert!(answer.iter().all(|value| value.is_finite()), "{name}: {answer:?}");
        }
        let stats = network.stats();
        assert!(
            stats.bricks.iter().all(|brick| brick.error.is_none() || brick.sections > 0),
            "{name}: {stats:?}"
        );
        let mut copy = Network::from_bytes(&network.to_bytes()).unwrap();
        let input = vec![0.5; inputs];
        let mut of_copy = answer.clone();
        network.predict(&input, &mut answer).unwrap();
        copy.predict(&input, &mut of_copy).unwrap();
        assert_eq!(answer, of_copy, "{name}");
    }
}

#[test]
fn together_they_show_every_setting() {
    let texts = texts().into_values().collect::<String>();
    let mentioned = |entry: &str| texts.lines().any(|line| line.trim_start().starts_with(entry));
    let settings = Settings::default().to_string();
    for line in settings.lines().skip(1) {
        let (entry, _) = line.trim().split_once(' ').unwrap();
        assert!(mentioned(entry), "{entry}");
    }
    for entry in ["kind: class", "kind: value"] {
        assert!(mentioned(entry), "{entry}");
    }
}

#[test]
fn the_reference_names_each_template_and_every_setting_with_its_default() {
    let reference = include_str!("../../../docs/template.md");
    for name in texts().keys() {
        assert!(reference.contains(&format!("templates/{name}.template")), "{name}");
    }
    for line in Settings::default().to_string().lines().skip(1) {
        let (entry, default) = line.trim().split_once(": ").unwrap();
        let row = reference.lines().find(|row| row.starts_with(&format!("| `{entry}` |"))).unwrap();
        assert!(row.split('|').nth(2).unwrap().contains(default), "{row}");
    }
}
