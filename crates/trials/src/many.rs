//! Far more clusters than memory has room for: each is created, taught and asked, memory and
//! descriptors stay within bounds, and the server starts without looking into any of them.
//!
//! The clusters are made in three batches, and the server is started anew after each, so that it can
//! be seen what a start costs with a hundredth, a tenth and all of them. Then each is taught samples
//! of its own and asked. After one more start, clusters are asked in an order that follows from the seed: most
//! of them are not in memory, and each must answer with the same bits as before.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use hanami_client::{Hanami, Samples, Trust, Uuid};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::metrics::Metrics;
use crate::process::{ADMIN, PASSWORD, Process};
use crate::report::{machine, milliseconds, quantile};

/// Clients that work at the same time.
const CLIENTS: usize = 8;

/// Values of a sample, and classes.
const WIDTH: usize = 64;
const CLASSES: usize = 10;

/// Samples that a cluster is taught.
const LESSONS: usize = 32;

const TEMPLATE: &str = "version: 1
bricks:
    1,1,1
        input: values
        number_of_neurons: 64
    2,1,1
        number_of_neurons: 32
    3,1,1
        output: class
        number_of_neurons: 10
";

/// Descriptors that a server takes with some clients, journals at the most included.
const MOST_DESCRIPTORS: u64 = 400;

/// Networks that may be in memory besides the budget: those that are just being read.
const BEING_READ: f64 = 8.0;

/// How long it may take until networks that have grown have left memory.
const MAKING_ROOM: Duration = Duration::from_secs(10);

/// How to go about it.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Clusters in one server
    #[arg(long, default_value_t = 10_000)]
    pub clusters: usize,
    /// Memory that their networks may take, in MiB
    #[arg(long, default_value_t = 64)]
    pub memory_mib: u32,
    /// Clusters that are asked again at the end
    #[arg(long, default_value_t = 2000)]
    pub asked: usize,
    /// What the random choices begin with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the data directory is made [default: the system's directory for such]
    #[arg(long, value_name = "DIRECTORY")]
    pub within: Option<PathBuf>,
}

/// What was done and found.
#[derive(Debug)]
pub struct Report {
    options: Options,
    starts: Vec<Start>,
    /// Clusters a second while each was taught and asked.
    used: f64,
    /// The bytes of the networks in memory that were ever seen at most, after all were used, and the
    /// size of one network.
    networks: [f64; 3],
    /// Networks that left memory.
    pub evictions: u64,
    /// Memory of the process after all clusters were used.
    memory: u64,
    /// Descriptors that were ever seen at most.
    descriptors: u64,
    /// Clusters that are kept track of.
    tracked: f64,
    /// First uses that had to read the network, and second uses.
    cold: Vec<Duration>,
    warm: Vec<Duration>,
}

/// A start of the server with so many clusters.
#[derive(Debug)]
struct Start {
    clusters: usize,
    /// Clusters a second while the last of them were created.
    created: f64,
    took: Duration,
    memory: u64,
    descriptors: u64,
}

/// Does it all in a new data directory, with the server `program`.
///
/// # Errors
///
/// If a promise is broken.
pub async fn run(program: &Path, options: &Options) -> Result<Report> {
    run_all(program, options).await.with_context(|| format!("with seed {}", options.seed))
}

async fn run_all(program: &Path, options: &Options) -> Result<Report> {
    let directory = match &options.within {
        Some(within) => TempDir::new_in(within)?,
        None => TempDir::new()?,
    };
    let mut house = House::open(program, options, directory)?;
    let token =
        Hanami::connect(house.server.address(), ADMIN, PASSWORD).await?.access_token().await;
    let mut clusters: Vec<Uuid> = Vec::new();
    let mut starts = Vec::new();
    for part in [100, 10, 1] {
        let numbers = clusters.len()..options.clusters / part;
        let (begin, count) = (Instant::now(), numbers.len());
        let new = house.each(&token, numbers, |hanami, number| async move {
            Ok(hanami.create_cluster(&format!("cluster {number}"), Some(TEMPLATE)).await?.uuid)
        });
        clusters.extend(new.await?);
        let created = count as f64 / begin.elapsed().as_secs_f64();
        house = house.again().await?;
        starts.push(Start {
            clusters: clusters.len(),
            created,
            took: house.start,
            memory: house.server.memory()?,
            descriptors: house.server.descriptors()?,
        });
    }

    let begin = Instant::now();
    let mut answers = Vec::new();
    let (mut most_bytes, mut most_descriptors, mut size) = (0.0_f64, 0, 0.0);
    for from in (0..clusters.len()).step_by(CLIENTS * 10) {
        let numbers = from..clusters.len().min(from + CLIENTS * 10);
        let part: Vec<(usize, Uuid)> = numbers.clone().zip(clusters[numbers].to_vec()).collect();
        let taught = house.each(&token, part, |hanami, (number, cluster)| async move {
            let numbers = number..number + LESSONS;
            let (inputs, targets): (Vec<_>, Vec<_>) = numbers.map(lesson).unzip();
            hanami.learn(cluster, inputs, targets).await?;
            ask(&hanami, cluster, number).await
        });
        answers.extend(taught.await?);
        let [count, bytes] = house.networks().await?;
        (most_bytes, size) = (most_bytes.max(bytes), bytes / count);
        most_descriptors = most_descriptors.max(house.server.descriptors()?);
    }
    let used = clusters.len() as f64 / begin.elapsed().as_secs_f64();
    let budget = f64::from(options.memory_mib) * 1024.0 * 1024.0;
    let bytes = house.bytes_at_rest(budget).await?;
    ensure!(bytes <= budget, "networks take {bytes} bytes of memory, more than {budget}");
    let most = budget + BEING_READ * size;
    ensure!(most_bytes <= most, "networks took {most_bytes} bytes, more than {most}");
    ensure!(most_descriptors <= MOST_DESCRIPTORS, "{most_descriptors} descriptors were open");
    let [evictions, tracked] = house
        .metrics()?
        .read(["hanami_network_evictions_total", "hanami_clusters_tracked"])
        .await?;
    let memory = house.server.memory()?;

    house = house.again().await?;
    let (cold, warm) = house.revisit(&token, &clusters, &answers).await?;
    house.server.end().await?;
    Ok(Report {
        options: options.clone(),
        starts,
        used,
        networks: [most_bytes, bytes, size],
        evictions: evictions as u64,
        memory,
        descriptors: most_descriptors,
        tracked,
        cold,
        warm,
    })
}

/// A sample and what it stands for; the first lesson of the cluster with that number.
fn lesson(number: usize) -> (Vec<f32>, Vec<f32>) {
    let values = (0..WIDTH).map(|place| ((number * 31 + place * (number % 7)) % 17) as f32);
    let classes = (0..CLASSES).map(|class| f32::from(class == number % CLASSES));
    (values.collect(), classes.collect())
}

/// The bits of a cluster's answer to its first lesson.
async fn ask(hanami: &Hanami, cluster: Uuid, number: usize) -> Result<Vec<u32>> {
    let answer = hanami.predict(cluster, lesson(number).0).await?;
    let mut bits = Vec::new();
    for samples in answer.values() {
        let Samples::One(values) = samples else { bail!("a list of answers to one sample") };
        bits.extend(values.iter().map(|value| value.to_bits()));
    }
    Ok(bits)
}

/// A server on a data directory.
struct House {
    program: PathBuf,
    options: Options,
    directory: TempDir,
    server: Process,
    /// How long its start took, until it answered.
    start: Duration,
}

impl House {
    fn open(program: &Path, options: &Options, directory: TempDir) -> Result<Self> {
        let memory = options.memory_mib.to_string();
        let clusters = options.clusters.to_string();
        let flags = ["--network-memory-mib", &memory, "--project-clusters", &clusters];
        let flags = [&flags[..], &["--token-lifetime-seconds", "86400"]].concat();
        let (data, log) = (directory.path().join("data"), directory.path().join("log"));
        let begin = Instant::now();
        let server = Process::start(program, &data, &log, &flags)?;
        let (program, options) = (program.to_owned(), options.clone());
        Ok(Self { program, options, directory, server, start: begin.elapsed() })
    }

    /// Ends the server and starts it again.
    async fn again(self) -> Result<Self> {
        self.server.end().await?;
        Self::open(&self.program, &self.options, self.directory)
    }

    fn metrics(&self) -> Result<Metrics> {
        Metrics::new(self.server.address())
    }

    /// How many networks are in memory, and their bytes.
    async fn networks(&self) -> Result<[f64; 2]> {
        let names = ["hanami_clusters_in_memory", "hanami_clusters_in_memory_bytes"];
        self.metrics()?.read(names).await
    }

    /// The bytes of the networks in memory when nobody uses them, as soon as they are within `budget`:
    /// networks that have grown leave a moment later.
    async fn bytes_at_rest(&self, budget: f64) -> Result<f64> {
        let begin = Instant::now();
        loop {
            let [_, bytes] = self.networks().await?;
            if bytes <= budget || begin.elapsed() > MAKING_ROOM {
                return Ok(bytes);
            }
            tokio::time::sleep(MAKING_ROOM / 100).await;
        }
    }

    /// Does `work` for each of the `items`, by some clients at the same time; the results are in the
    /// order of the items.
    async fn each<I: Send + 'static, T: Send + 'static, F>(
        &self,
        token: &str,
        items: impl IntoIterator<Item = I>,
        work: impl Fn(Hanami, I) -> F + Clone + Send + 'static,
    ) -> Result<Vec<T>>
    where
        F: Future<Output = Result<T>> + Send,
    {
        let mut shares: Vec<Vec<(usize, I)>> = (0..CLIENTS).map(|_| Vec::new()).collect();
        for (place, item) in items.into_iter().enumerate() {
            shares[place % CLIENTS].push((place, item));
        }
        let mut working = JoinSet::new();
        for share in shares {
            let hanami = Hanami::with_token(&Trust::Anyone, self.server.address(), token)?;
            let work = work.clone();
            working.spawn(async move {
                let mut done = Vec::new();
                for (place, item) in share {
                    done.push((place, work(hanami.clone(), item).await?));
                }
                anyhow::Ok(done)
            });
        }
        let mut results = Vec::new();
        while let Some(done) = working.join_next().await {
            results.extend(done??);
        }
        results.sort_unstable_by_key(|(place, _)| *place);
        Ok(results.into_iter().map(|(_, result)| result).collect())
    }

    /// Asks clusters by chance, each twice in a row; answers how long those took whose networks had to
    /// be read, and those that were in memory.
    async fn revisit(
        &self,
        token: &str,
        clusters: &[Uuid],
        answers: &[Vec<u32>],
    ) -> Result<(Vec<Duration>, Vec<Duration>)> {
        let hanami = Hanami::with_token(&Trust::Anyone, self.server.address(), token)?;
        let metrics = self.metrics()?;
        let mut rng = StdRng::seed_from_u64(self.options.seed);
        let (mut cold, mut warm) = (Vec::new(), Vec::new());
        for _ in 0..self.options.asked {
            let number = rng.random_range(0..clusters.len());
            let loads = async || metrics.read(["hanami_network_loads_total"]).await;
            let before = loads().await?;
            let mut times = Vec::new();
            for _ in 0..2 {
                let begin = Instant::now();
                let answer = ask(&hanami, clusters[number], number).await?;
                let took = begin.elapsed();
                ensure!(answer == answers[number], "cluster {number} answers differently");
                times.push(took);
            }
            let has_loaded = loads().await? != before;
            (if has_loaded { &mut cold } else { &mut warm }).push(times[0]);
            warm.push(times[1]);
        }
        Ok((cold, warm))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { clusters, memory_mib, seed, .. } = self.options;
        let mib = |bytes: f64| format!("{:.1} MiB", bytes / 1024.0 / 1024.0);
        writeln!(f, "# {clusters} clusters in {memory_mib} MiB\n")?;
        writeln!(f, "Seed {seed}. Machine: {}. {CLIENTS} clients.\n", machine())?;
        writeln!(f, "| clusters | created a second | start | memory after it | descriptors |")?;
        writeln!(f, "|---|---|---|---|---|")?;
        for Start { clusters, created, took, memory, descriptors } in &self.starts {
            let (took, memory) = (milliseconds(*took), mib(*memory as f64));
            writeln!(f, "| {clusters} | {created:.0} | {took} | {memory} | {descriptors} |")?;
        }
        let [most, after, size] = self.networks.map(mib);
        writeln!(
            f,
            "\nEach was taught {LESSONS} samples and asked, {:.0} clusters a second.\n",
            self.used
        )?;
        writeln!(f, "| | |\n|---|---|")?;
        writeln!(f, "| networks in memory, at most | {most} |")?;
        writeln!(f, "| networks in memory, after all | {after} |")?;
        writeln!(f, "| one network | {size} |")?;
        writeln!(f, "| networks that left memory | {} |", self.evictions)?;
        writeln!(f, "| memory of the process | {} |", mib(self.memory as f64))?;
        writeln!(f, "| open descriptors, at most | {} |", self.descriptors)?;
        writeln!(f, "| clusters kept track of | {} |", self.tracked)?;
        writeln!(f, "\n| prediction | count | p50 | p99 |\n|---|---|---|---|")?;
        for (name, times) in [("read from the disk", &self.cold), ("in memory", &self.warm)] {
            let quantile = |share| milliseconds(quantile(times, share));
            let (half, most) = (quantile(0.5), quantile(0.99));
            writeln!(f, "| {name} | {} | {half} | {most} |", times.len())?;
        }
        writeln!(f, "\nAll answers had the same bits as before the networks left memory.")
    }
}
