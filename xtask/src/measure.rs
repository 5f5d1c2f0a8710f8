//! The figures that the README quotes, measured here and now: `cargo xtask measure`.
//!
//! The bare network and the whole server take turns, so that a machine that is busy for a while
//! slows down both, and ratios are taken pair by pair.

use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::command::{cargo, output, succeed};

/// The training images of one epoch.
const SAMPLES: f64 = 60_000.0;

/// One run of the bare network: one object per epoch.
type Epochs = Vec<Value>;

/// Runs the bare network with the seeds 1 to `runs` for `epochs` epochs and, after each, the demo
/// for one, and prints their figures as Markdown.
pub(crate) fn measure(runs: u32, epochs: u32) -> Result<()> {
    ensure!(runs > 0 && epochs > 0, "at least one run and one epoch are needed");
    succeed(&mut cargo(&["build", "--release", "--locked", "--package", "hanami"]))?;
    let mut bare = Vec::new();
    let mut demos = Vec::new();
    for seed in 1..=runs {
        bare.push(bare_network(seed, epochs)?);
        demos.push(demo()?);
    }
    println!("\nMachine: {}\n", machine()?);
    print_bare(&bare)?;
    print_demo(&bare, &demos)
}

/// Runs the benchmark of the server and prints its figures as Markdown.
pub(crate) fn measure_server() -> Result<()> {
    println!("Machine: {}\n", machine()?);
    succeed(&mut cargo(&["bench", "--locked", "--package", "hanami", "--bench", "server"]))
}

fn bare_network(seed: u32, epochs: u32) -> Result<Epochs> {
    let (seed, epochs) = (seed.to_string(), epochs.to_string());
    let arguments = ["run", "--release", "--locked", "--package", "hanami-network"];
    let program = ["--example", "mnist", "--", "--json", "--seed", &seed, "--epochs", &epochs];
    let printed = output(&mut cargo(&[&arguments[..], &program].concat()))?;
    let lines = printed.lines().map(serde_json::from_str).collect::<Result<Epochs, _>>();
    lines.context("the example printed a line that is no JSON")
}

fn demo() -> Result<Value> {
    let arguments = ["run", "--release", "--locked", "--package", "hanami", "--", "demo", "--json"];
    serde_json::from_str(&output(&mut cargo(&arguments))?).context("the demo printed no JSON")
}

fn print_bare(runs: &[Epochs]) -> Result<()> {
    println!(
        "Bare network, seeds 1 to {}; accuracy: mean (worst), the rest: median.\n",
        runs.len()
    );
    println!(
        "| epoch | accuracy | live accuracy | train, CPU us | predict, CPU us | synapses | bytes |"
    );
    println!("|---|---|---|---|---|---|---|");
    let epochs = runs.first().map_or(0, Vec::len);
    for epoch in 0..epochs {
        let of = |key: &str| figures(runs.iter().filter_map(|run| run.get(epoch)), key);
        let accuracy = of("accuracy")?;
        let mean = accuracy.iter().sum::<f64>() / accuracy.len() as f64;
        let worst = accuracy.iter().copied().fold(f64::INFINITY, f64::min);
        println!(
            "| {} | {mean:.2} % ({worst:.2}) | {:.2} % | {:.2} | {:.2} | {:.0} | {:.0} |",
            epoch + 1,
            median(of("live_accuracy")?),
            median(of("train_cpu_us")?),
            median(of("predict_cpu_us")?),
            median(of("synapses")?),
            median(of("bytes")?),
        );
    }
    Ok(())
}

fn print_demo(bare: &[Epochs], demos: &[Value]) -> Result<()> {
    println!("\nThe whole server, `hanami demo`, one epoch, median of {} runs.\n", demos.len());
    println!("| figure | median |\n|---|---|");
    let keys = ["accuracy", "upload_seconds", "train_seconds", "request_seconds"];
    for key in keys.into_iter().chain(["direct_request_p50_us", "synapses", "cluster_bytes"]) {
        println!("| `{key}` | {} |", rounded(median(figures(demos, key)?)));
    }
    let served = figures(demos, "train_seconds")?;
    let alone = figures(bare.iter().filter_map(|run| run.first()), "train_cpu_us")?;
    let ratios = served.iter().zip(&alone).map(|(served, us)| served / (us * SAMPLES / 1e6));
    println!("| training, server / bare network | {:.2} |", median(ratios.collect()));
    Ok(())
}

/// The numbers at `key` of each of the objects; an error if one has none.
pub(crate) fn figures<'a>(
    objects: impl IntoIterator<Item = &'a Value>,
    key: &str,
) -> Result<Vec<f64>> {
    let number = |object: &Value| object.get(key).and_then(Value::as_f64);
    let numbers =
        objects.into_iter().map(|object| number(object).with_context(|| format!("no {key}")));
    numbers.collect()
}

/// The middle value; the upper one of two. 0 for none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn rounded(value: f64) -> String {
    if value < 1000.0 { format!("{value:.2}") } else { format!("{value:.0}") }
}

/// Processor, cores and system of this machine.
pub(crate) fn machine() -> Result<String> {
    let cpus = fs::read_to_string("/proc/cpuinfo").context("can't tell the processor")?;
    let models = cpus.lines().filter(|line| line.starts_with("model name"));
    let names: Vec<&str> = models.filter_map(|line| line.split(": ").nth(1)).collect();
    let system = output(Command::new("uname").args(["-s", "-r", "-m"]))?;
    let name = names.first().copied().unwrap_or("unknown processor");
    Ok(format!("{name}, {} cores, {}", names.len(), system.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_value() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![5.0]), 5.0);
    }

    #[test]
    fn a_missing_figure_is_an_error_that_names_it() {
        let objects = [serde_json::json!({"a": 1}), serde_json::json!({"b": 2})];
        assert!(figures(&objects, "a").unwrap_err().to_string().contains('a'));
        assert_eq!(figures(&objects[..1], "a").unwrap(), [1.0]);
    }
}
