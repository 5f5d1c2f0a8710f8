//! What a crew gains: how long training steps take on one thread and on several.
//!
//! `cargo bench -p hanami-network --bench crew` lets networks grow to their full size first. All crews
//! come to the same bits, so every step is the same work in each run: of each step the fastest run
//! counts, which leaves out what other programs took of the cores meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Parser;
use hanami_network::template::{Brick, BrickKind, Position, Settings, Template};
use hanami_network::{Crew, Network};

const INPUTS: u32 = 784;
const CLASSES: u32 = 10;

/// Measures training steps with crews of several sizes.
#[derive(Parser)]
struct Arguments {
    /// Neurons of the inner brick, one network each.
    #[arg(long, value_delimiter = ',', default_values_t = [128, 1024, 4096])]
    inner: Vec<u32>,
    /// Threads of the crews.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2])]
    threads: Vec<usize>,
    /// Samples from which a network grows before it is measured.
    #[arg(long, default_value_t = 6000)]
    grown: usize,
    /// Steps that are measured.
    #[arg(long, default_value_t = 500)]
    steps: usize,
    /// How often each step is measured.
    #[arg(long, default_value_t = 20)]
    runs: usize,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    for &inner in &arguments.inner {
        let grown = grow(inner, arguments.grown)?;
        let mut fastest = vec![vec![Duration::MAX; arguments.steps]; arguments.threads.len()];
        for _ in 0..arguments.runs {
            for (&threads, fastest) in arguments.threads.iter().zip(&mut fastest) {
                measure(&grown, threads, arguments.grown, fastest)?;
            }
        }
        let means: Vec<f64> = fastest.iter().map(|steps| mean(steps)).collect();
        for (threads, mean) in arguments.threads.iter().zip(&means) {
            println!(
                "{INPUTS}/{inner}/{CLASSES}, {threads} threads: {mean:.1} us a step, {:.2} x",
                means[0] / mean
            );
        }
    }
    Ok(())
}

/// A network that has grown as far as it may, as a snapshot.
fn grow(inner: u32, samples: usize) -> Result<Vec<u8>> {
    let brick = |x, kind, neurons| Brick { position: Position { x, y: 1, z: 1 }, kind, neurons };
    let template = Template {
        settings: Settings { growth_patience: 1, ..Settings::default() },
        bricks: vec![
            brick(1, BrickKind::Input("in".to_owned()), INPUTS),
            brick(2, BrickKind::Inner, inner),
            brick(3, BrickKind::Output { name: "out".to_owned(), kind: None }, CLASSES),
        ],
    };
    let mut network = Network::new(&template)?;
    let mut answer = [0.0; CLASSES as usize];
    for number in 0..samples {
        let (input, target) = sample(number);
        network.train(&input, &target, &mut answer)?;
    }
    println!("{} neurons", network.stats().bricks[0].neurons);
    Ok(network.to_bytes())
}

/// Takes steps with so many threads; keeps the time of each that was faster than before.
fn measure(grown: &[u8], threads: usize, first: usize, fastest: &mut [Duration]) -> Result<()> {
    let mut network = Network::from_bytes(grown)?;
    if threads == 1 {
        return take_steps(&mut network, first, fastest);
    }
    let crew = Arc::new(Crew::default());
    network.set_crew(Some(crew.clone()));
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // It goes when there is nothing to do for a while, and comes back.
            scope.spawn(|| {
                while !crew.is_dismissed() {
                    crew.help();
                }
            });
        }
        while crew.helpers() + 1 < threads {
            std::thread::yield_now();
        }
        let taken = take_steps(&mut network, first, fastest);
        crew.dismiss();
        taken
    })
}

fn take_steps(network: &mut Network, first: usize, fastest: &mut [Duration]) -> Result<()> {
    let mut answer = [0.0; CLASSES as usize];
    for (number, fastest) in (first..).zip(fastest) {
        let (input, target) = sample(number);
        let start = Instant::now();
        network.train(&input, &target, &mut answer)?;
        *fastest = start.elapsed().min(*fastest);
    }
    Ok(())
}

fn mean(steps: &[Duration]) -> f64 {
    steps.iter().sum::<Duration>().as_secs_f64() * 1e6 / steps.len() as f64
}

/// As many values as a picture of a digit has, where the class and chance will.
fn sample(number: usize) -> (Vec<f32>, Vec<f32>) {
    let class = (number * 7 % CLASSES as usize) as u32;
    let value = |place: u32| {
        let hash = (place ^ (number as u32) << 10).wrapping_mul(0x9e37_79b1) >> 16;
        let of_class = (place * (class + 3)).is_multiple_of(7);
        if hash.is_multiple_of(if of_class { 2 } else { 8 }) { (hash % 256) as f32 } else { 0.0 }
    };
    let target = |other| f32::from(u8::from(other == class));
    ((0..INPUTS).map(value).collect(), (0..CLASSES).map(target).collect())
}
