//! How long single steps take, beside what the machine's memory allows.
//!
//! `cargo bench -p hanami-network --bench steps` teaches networks of several sizes pictures of digits,
//! one at a time, or patterns like them where there are no pictures. It prints, per size, the median
//! and the 99th percentile of single steps, the CPU time per step, and what a step reads at least,
//! computed from the counts of rows; and how fast this machine reads from its caches.

use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use cpu_time::ThreadTime;
use flate2::read::MultiGzDecoder;
use hanami_network::Network;
use hanami_network::template::{Brick, BrickKind, Position, Settings, Template};
use serde_json::{Value, json};

const INPUTS: usize = 784;
const CLASSES: usize = 10;
/// Bytes of a weight: its upper half is read for sums, both are read and written by a step.
const UPPER: f64 = 2.0;
const WHOLE: f64 = 4.0;

/// Measures single steps of networks of several sizes.
#[derive(Parser)]
struct Arguments {
    /// Most neurons of the inner brick, one network each.
    #[arg(long, value_delimiter = ',', default_values_t = [25, 100, 400, 1024, 4096])]
    inner: Vec<u32>,
    /// Samples taught, once each, and then asked.
    #[arg(long, default_value_t = 10_000)]
    samples: usize,
    /// How many of the last samples are kept to be rehearsed.
    #[arg(long, default_value_t = 4000)]
    experience: u32,
    /// Folder with the MNIST training files, gzip.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/mnist"))]
    data: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let samples = Samples::read_or_make(&arguments)?;
    let bandwidths: Vec<(&str, f64)> =
        [("L1", 32 << 10), ("L2", 512 << 10), ("L3", 8 << 20), ("memory", 256 << 20)]
            .map(|(level, bytes)| (level, bandwidth(bytes)))
            .into();
    let sizes = arguments
        .inner
        .iter()
        .map(|&inner| measure(&arguments, &samples, inner))
        .collect::<Result<Vec<Value>>>()?;
    if arguments.json {
        let read = bandwidths.iter().map(|&(level, rate)| (level.to_owned(), json!(rate)));
        let read = read.collect::<serde_json::Map<_, _>>();
        println!("{}", json!({"samples": samples.from, "read_gb_s": read, "sizes": sizes}));
        return Ok(());
    }
    println!("{} {}", samples.inputs.len(), samples.from);
    for (level, rate) in bandwidths {
        println!("reads from {level}: {rate} GB/s");
    }
    for size in sizes {
        let entries = size.as_object().into_iter().flatten();
        let words: Vec<String> = entries.map(|(key, value)| format!("{key} {value}")).collect();
        println!("{}", words.join("  "));
    }
    Ok(())
}

struct Samples {
    /// What they are.
    from: &'static str,
    inputs: Vec<Vec<f32>>,
    targets: Vec<Vec<f32>>,
}

impl Samples {
    fn read_or_make(arguments: &Arguments) -> Result<Self> {
        let images = arguments.data.join("train-images-idx3-ubyte.gz");
        let (from, inputs, labels) = if images.exists() {
            let labels = unzip(&arguments.data.join("train-labels-idx1-ubyte.gz"), 8)?;
            let pixels = unzip(&images, 16)?;
            let picture = |pixels: &[u8]| pixels.iter().copied().map(f32::from).collect();
            let pictures = pixels.chunks_exact(INPUTS).take(arguments.samples).map(picture);
            ("MNIST pictures", pictures.collect::<Vec<Vec<f32>>>(), labels)
        } else {
            let labels: Vec<u8> = (0..arguments.samples).map(|i| (i * 7 % CLASSES) as u8).collect();
            ("generated patterns", labels.iter().zip(0..).map(pattern).collect(), labels)
        };
        let target = |&label: &u8| {
            (0..CLASSES).map(|class| f32::from(u8::from(class == usize::from(label)))).collect()
        };
        let targets = labels.iter().take(inputs.len()).map(target).collect();
        Ok(Self { from, inputs, targets })
    }

    fn both(&self) -> impl Iterator<Item = (&[f32], &[f32])> {
        self.inputs.iter().map(Vec::as_slice).zip(self.targets.iter().map(Vec::as_slice))
    }

    /// Values of an input that are not zero, in the mean.
    fn active(&self) -> f64 {
        let active = self.inputs.iter().flatten().filter(|value| **value != 0.0).count();
        active as f64 / self.inputs.len() as f64
    }
}

/// About as many values as a picture has, where the class and chance will.
fn pattern((&label, number): (&u8, u32)) -> Vec<f32> {
    let value = |place: usize| {
        let hash = (place as u32 ^ number << 10).wrapping_mul(0x9e37_79b1) >> 16;
        let of_class = (place * (usize::from(label) + 3)).is_multiple_of(7);
        if hash.is_multiple_of(if of_class { 2 } else { 8 }) { (hash % 256) as f32 } else { 0.0 }
    };
    (0..INPUTS).map(value).collect()
}

/// The bytes of a file after its header.
fn unzip(path: &Path, header: usize) -> Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let mut bytes = Vec::new();
    MultiGzDecoder::new(file).read_to_end(&mut bytes)?;
    Ok(bytes.split_off(header.min(bytes.len())))
}

/// Teaches and then asks a network of so many inner neurons.
fn measure(arguments: &Arguments, samples: &Samples, inner: u32) -> Result<Value> {
    let brick = |x, kind, neurons| Brick { position: Position { x, y: 1, z: 1 }, kind, neurons };
    let template = Template {
        settings: Settings { experience: arguments.experience, ..Settings::default() },
        bricks: vec![
            brick(1, BrickKind::Input("in".to_owned()), INPUTS as u32),
            brick(2, BrickKind::Inner, inner),
            brick(3, BrickKind::Output { name: "out".to_owned(), kind: None }, CLASSES as u32),
        ],
    };
    let mut network = Network::new(&template)?;
    let mut answer = [0.0; CLASSES];
    let train = Times::of(samples, |input, target| {
        network.train(input, target, &mut answer).map_err(anyhow::Error::from)
    })?;
    let predict = Times::of(samples, |input, _| {
        network.predict(input, &mut answer).map_err(anyhow::Error::from)
    })?;
    let stats = network.stats();
    // A row for each active input and the constant signal, and at most one for each inner neuron.
    let neurons = stats.bricks[0].neurons as f64;
    let weights = (samples.active() + 1.0) * neurons + (neurons + 1.0) * CLASSES as f64;
    Ok(json!({
        "inner": inner,
        "neurons": neurons,
        "instructions": stats.instructions,
        "bytes": stats.bytes,
        "train": train.report(),
        "predict": predict.report(),
        "multiply_adds": weights.round(),
        "predict_reads_bytes": (weights * UPPER).round(),
        "step_reads_and_writes_bytes": (weights * WHOLE).round(),
    }))
}

/// The times of single steps, sorted, and the CPU time of all of them.
struct Times {
    steps: Vec<Duration>,
    cpu: Duration,
}

impl Times {
    fn of(samples: &Samples, mut step: impl FnMut(&[f32], &[f32]) -> Result<()>) -> Result<Self> {
        let mut steps = Vec::with_capacity(samples.inputs.len());
        let start = ThreadTime::now();
        for (input, target) in samples.both() {
            let start = Instant::now();
            step(input, target)?;
            steps.push(start.elapsed());
        }
        let cpu = start.elapsed();
        steps.sort_unstable();
        Ok(Self { steps, cpu })
    }

    /// In microseconds.
    fn report(&self) -> Value {
        let micros = |time: Duration| hundredths(time.as_secs_f64() * 1e6);
        let at = |share: usize| micros(self.steps[(self.steps.len() - 1) * share / 100]);
        let cpu = self.cpu / self.steps.len() as u32;
        json!({"cpu_us": micros(cpu), "median_us": at(50), "p99_us": at(99)})
    }
}

/// Gigabytes a second that a loop reads from so many bytes, over and over: the best of some tries.
fn bandwidth(bytes: usize) -> f64 {
    let values = vec![1u64; bytes / 8];
    let rounds = ((64 << 20) / bytes).max(1);
    let read = || {
        let start = Instant::now();
        (0..rounds).for_each(|_| {
            black_box(sum(black_box(&values)));
        });
        (rounds * bytes) as f64 / start.elapsed().as_secs_f64() / 1e9
    };
    hundredths((0..10).map(|_| read()).fold(0.0, f64::max))
}

fn sum(values: &[u64]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f")]
        fn with_avx512(values: &[u64]) -> u64 {
            sums(values)
        }
        #[target_feature(enable = "avx2")]
        fn with_avx2(values: &[u64]) -> u64 {
            sums(values)
        }
        if is_x86_feature_detected!("avx512f") {
            #[expect(unsafe_code, reason = "wide loads need instructions that were just found")]
            // SAFETY: the machine has AVX-512.
            return unsafe { with_avx512(values) };
        }
        if is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "wide loads need instructions that were just found")]
            // SAFETY: the machine has AVX2.
            return unsafe { with_avx2(values) };
        }
    }
    sums(values)
}

/// Many sums side by side, so that only the reading takes time.
#[inline(always)]
fn sums(values: &[u64]) -> u64 {
    let mut sums = [0u64; 64];
    for values in values.as_chunks::<64>().0 {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum ^= value;
        }
    }
    sums.iter().fold(0, |all, sum| all ^ sum)
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
