//! Teaches a network the MNIST digits, raw pixels, one image at a time, and prints how it gets on.
//!
//! `cargo run --release -p hanami-network --example mnist -- --epochs 3`

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use cpu_time::ProcessTime;
use flate2::read::MultiGzDecoder;
use hanami_network::Network;
use hanami_network::template::{Brick, BrickKind, Position, Settings, Template};
use serde_json::json;

const CLASSES: usize = 10;
/// Images at the end of the training set that `--validate` scores instead of the test set.
const VALIDATION: usize = 10_000;

/// Teaches a network the MNIST digits.
#[derive(Parser)]
struct Arguments {
    /// Passes over the training images.
    #[arg(long, default_value_t = 1)]
    epochs: usize,
    /// Seed of the network.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many of the last samples that taught something are kept to be rehearsed; 0 keeps none.
    #[arg(long, default_value_t = 4000)]
    experience: u32,
    /// Most neurons of the inner brick.
    #[arg(long, default_value_t = 400)]
    hidden: u32,
    /// Folder with the IDX files, plain or gzip.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/mnist"))]
    data: PathBuf,
    /// Learn without the last 10,000 training images and score these instead of the test set.
    #[arg(long)]
    validate: bool,
    /// Print a JSON object per epoch.
    #[arg(long)]
    json: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut train = Images::read(&arguments.data, "train")?;
    let test = if arguments.validate {
        train.split_off(train.labels.len() - VALIDATION)
    } else {
        Images::read(&arguments.data, "t10k")?
    };
    let template = template(&arguments, train.pixels);
    let mut network = Network::new(&template)?;
    for epoch in 1..=arguments.epochs {
        let (live_accuracy, train_time) = teach(&mut network, &train)?;
        let (accuracy, predict_time) = score(&mut network, &test)?;
        let stats = network.stats();
        let report = json!({
            "epoch": epoch,
            "accuracy": hundredths(accuracy),
            "live_accuracy": hundredths(live_accuracy),
            "train_cpu_us": micros(train_time, train.labels.len()),
            "predict_cpu_us": micros(predict_time, test.labels.len()),
            "synapses": stats.synapses,
            "bytes": stats.bytes,
        });
        if arguments.json {
            println!("{report}");
        } else {
            let entries = report.as_object().into_iter().flatten();
            let words: Vec<String> = entries.map(|(key, value)| format!("{key} {value}")).collect();
            println!("{}", words.join("  "));
        }
    }
    Ok(())
}

/// Three bricks in a row.
fn template(arguments: &Arguments, pixels: usize) -> Template {
    let brick = |x, kind, neurons| Brick { position: Position { x, y: 1, z: 1 }, kind, neurons };
    Template {
        settings: Settings {
            experience: arguments.experience,
            seed: arguments.seed,
            ..Settings::default()
        },
        bricks: vec![
            brick(1, BrickKind::Input("picture".to_owned()), pixels as u32),
            brick(2, BrickKind::Inner, arguments.hidden),
            brick(3, BrickKind::Output { name: "digit".to_owned(), kind: None }, CLASSES as u32),
        ],
    }
}

/// One pass over the images: accuracy in percent, each scored before it is learned, and CPU time.
fn teach(network: &mut Network, images: &Images) -> Result<(f64, Duration)> {
    let mut prediction = [0.0; CLASSES];
    let mut right = 0;
    let start = ProcessTime::now();
    for (picture, &label) in images.pictures() {
        let mut target = [0.0; CLASSES];
        target[usize::from(label)] = 1.0;
        network.train(picture, &target, &mut prediction)?;
        right += usize::from(largest(&prediction) == usize::from(label));
    }
    Ok((percent(right, images), start.elapsed()))
}

/// Accuracy in percent and CPU time.
fn score(network: &mut Network, images: &Images) -> Result<(f64, Duration)> {
    let mut prediction = [0.0; CLASSES];
    let mut right = 0;
    let start = ProcessTime::now();
    for (picture, &label) in images.pictures() {
        network.predict(picture, &mut prediction)?;
        right += usize::from(largest(&prediction) == usize::from(label));
    }
    Ok((percent(right, images), start.elapsed()))
}

fn largest(values: &[f32]) -> usize {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap_or(0)
}

fn percent(right: usize, images: &Images) -> f64 {
    100.0 * right as f64 / images.labels.len() as f64
}

fn micros(time: Duration, count: usize) -> f64 {
    hundredths(time.as_secs_f64() * 1e6 / count as f64)
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Pictures as raw pixel values, and what they show.
struct Images {
    values: Vec<f32>,
    labels: Vec<u8>,
    pixels: usize,
}

impl Images {
    fn read(folder: &Path, set: &str) -> Result<Self> {
        let pixels = read_idx(&folder.join(format!("{set}-images-idx3-ubyte")), 3)?;
        let labels = read_idx(&folder.join(format!("{set}-labels-idx1-ubyte")), 1)?;
        ensure!(!labels.is_empty() && pixels.len() % labels.len() == 0, "images without labels");
        ensure!(labels.iter().all(|&label| usize::from(label) < CLASSES), "labels must be digits");
        let values = pixels.iter().map(|&pixel| f32::from(pixel)).collect();
        Ok(Self { values, pixels: pixels.len() / labels.len(), labels })
    }

    fn split_off(&mut self, at: usize) -> Self {
        let labels = self.labels.split_off(at);
        Self { values: self.values.split_off(at * self.pixels), labels, pixels: self.pixels }
    }

    fn pictures(&self) -> impl Iterator<Item = (&[f32], &u8)> {
        self.values.chunks_exact(self.pixels).zip(&self.labels)
    }
}

/// The bytes of an IDX file of so many dimensions, plain or with `.gz` at the end of its name.
fn read_idx(path: &Path, dimensions: usize) -> Result<Vec<u8>> {
    let zipped = path.with_added_extension("gz");
    let bytes = if zipped.exists() {
        let file = fs::File::open(&zipped).with_context(|| format!("{}", zipped.display()))?;
        let mut bytes = Vec::new();
        MultiGzDecoder::new(file).read_to_end(&mut bytes)?;
        bytes
    } else {
        fs::read(path).with_context(|| format!("{}", path.display()))?
    };
    let header = 4 + 4 * dimensions;
    ensure!(
        bytes.len() >= header && bytes[..4] == [0, 0, 8, dimensions as u8],
        "{} is no IDX file of bytes with {dimensions} dimensions",
        path.display()
    );
    Ok(bytes[header..].to_vec())
}
