//! The SDKs beside each other: `cargo xtask measure-sdks`.
//!
//! Each SDK has a small program, and all do the same to one server: they make a cluster of 784, 400
//! and 10 neurons, put it into direct mode, and ask it for one image at a time, 200 times to warm up
//! and 5000 times by the clock; then they upload 64 MiB of images with their labels, three times.
//! The cluster has learned nothing, so that the way to it is what is measured. What a program needs
//! is in its environment: `HANAMI_ADDRESS`, `HANAMI_USER`, `HANAMI_PW`, and the files
//! `HANAMI_IMAGES` and `HANAMI_LABELS`. It prints one line of JSON.
//!
//! The programs take turns, so that a machine that is busy for a while slows down all of them.

mod programs;

use std::{
    env, fs,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    command::{cargo, output, succeed},
    measure::{figures, machine, median},
    server::{ADMIN_ID, ADMIN_PASSWORD, Server},
};
use programs::Program;

/// Where everything is that this makes.
const FOLDER: &str = "target/measure-sdks";

/// As many as fit into 64 MiB.
const IMAGES: u32 = 85_598;
const SIDE: u32 = 28;

/// Pairs of starts that are timed: of a program that imports the SDK, and of an empty one.
const STARTS: usize = 10;

/// Runs all programs `runs` times, in turn, and prints the medians as Markdown.
pub(crate) fn measure(runs: u32) -> Result<()> {
    ensure!(runs > 0, "at least one run is needed");
    let folder = env::current_dir()?.join(FOLDER);
    fs::create_dir_all(&folder)?;
    succeed(&mut cargo(&["build", "--release", "--locked", "--package", "hanami"]))?;
    let programs = programs::build(&folder)?;
    let (images, labels) = (folder.join("images.idx"), folder.join("labels.idx"));
    fs::write(&images, idx_images(IMAGES))?;
    fs::write(&labels, idx_labels(IMAGES))?;

    let server = Server::start("target/release/hanami", &folder, &[])?;
    let mut printed = vec![Vec::new(); programs.len()];
    for _ in 0..runs {
        for (program, printed) in programs.iter().zip(&mut printed) {
            let mut command = program.measuring();
            command
                .env("HANAMI_ADDRESS", &server.address)
                .env("HANAMI_USER", ADMIN_ID)
                .env("HANAMI_PW", ADMIN_PASSWORD)
                .env("HANAMI_IMAGES", &images)
                .env("HANAMI_LABELS", &labels);
            printed.push(parse(&output(&mut command)?, program.sdk)?);
        }
    }
    drop(server);
    let import_ms = programs.iter().map(import_ms).collect::<Result<Vec<f64>>>()?;
    print(&programs, &printed, &import_ms)
}

/// What a program printed.
fn parse(printed: &str, sdk: &str) -> Result<Value> {
    let object: Value = serde_json::from_str(printed)
        .with_context(|| format!("the program of {sdk} printed no JSON"))?;
    ensure!(object["sdk"] == sdk, "the program of {sdk} printed figures of {}", object["sdk"]);
    Ok(object)
}

/// How much longer a program that only imports the SDK takes than one that does nothing.
fn import_ms(program: &Program) -> Result<f64> {
    // Once for the page cache.
    start_ms(program.importing())?;
    start_ms(program.empty())?;
    let mut differences = Vec::new();
    for _ in 0..STARTS {
        differences.push(start_ms(program.importing())? - start_ms(program.empty())?);
    }
    Ok(median(differences))
}

/// From the start of a process to its end.
fn start_ms(mut command: Command) -> Result<f64> {
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    let took = start.elapsed();
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(took.as_secs_f64() * 1e3)
}

fn print(programs: &[Program], printed: &[Vec<Value>], import_ms: &[f64]) -> Result<()> {
    println!("\nMachine: {}\n", machine()?);
    println!(
        "| SDK | with | direct request, p50 us | p99 us | upload, MiB/s | import, ms | dependencies |"
    );
    println!("|---|---|---|---|---|---|---|");
    for ((program, printed), import_ms) in programs.iter().zip(printed).zip(import_ms) {
        let of = |key| figures(printed, key).map(median);
        println!(
            "| {} | {} | {:.1} | {:.1} | {:.0} | {import_ms:.1} | {} |",
            program.sdk,
            program.version,
            of("direct_request_p50_us")?,
            of("direct_request_p99_us")?,
            of("upload_mib_per_second")?,
            program.dependencies,
        );
    }
    Ok(())
}

/// An IDX file of made-up square images.
fn idx_images(count: u32) -> Vec<u8> {
    let mut file = Vec::new();
    for number in [0x0803, count, SIDE, SIDE] {
        file.extend(number.to_be_bytes());
    }
    file.extend((0..count * SIDE * SIDE).map(|pixel| (pixel % 251) as u8));
    file
}

/// An IDX file of as many labels, 0 to 9.
fn idx_labels(count: u32) -> Vec<u8> {
    let mut file = Vec::new();
    for number in [0x0801, count] {
        file.extend(number.to_be_bytes());
    }
    file.extend((0..count).map(|label| (label % 10) as u8));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_another_sdk_are_an_error() {
        assert!(parse(r#"{"sdk": "go"}"#, "go").is_ok());
        let error = parse(r#"{"sdk": "go"}"#, "rust").unwrap_err().to_string();
        assert!(error.contains("go") && error.contains("rust"), "{error}");
    }

    #[test]
    fn anything_beside_the_line_of_figures_is_an_error_that_names_the_sdk() {
        for printed in ["", "{}\n{}", "Traceback"] {
            assert!(parse(printed, "python").unwrap_err().to_string().contains("python"));
        }
    }

    #[test]
    fn the_dataset_is_the_largest_that_fits_into_64_mib() {
        const LIMIT: usize = 64 << 20;
        let size = idx_images(IMAGES).len();
        assert!(size <= LIMIT && size + (SIDE * SIDE) as usize > LIMIT, "{size}");
    }

    #[test]
    fn the_files_begin_with_their_shapes() {
        assert_eq!(idx_images(2)[..16], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]);
        assert_eq!(idx_labels(3), [0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]);
    }
}
