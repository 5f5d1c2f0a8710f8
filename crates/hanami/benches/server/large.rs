//! One large cluster that trains while nobody else computes: what do idle cores add?

use std::time::{Duration, Instant};

use hanami_client::TaskType;

use crate::data;
use crate::process::Process;

/// Samples from which the cluster grows to its full size before it is measured.
const GROWN: f64 = 5000.0;
/// How long it is measured then.
const MEASURED: Duration = Duration::from_secs(10);

/// A template that grows to its full size within some hundred wrong samples.
const LARGE: &str = "\
version: 1
settings:
    growth_patience: 1
bricks:
    1,1,1
        input: pixels
        number_of_neurons: 784
    2,1,1
        number_of_neurons: 4096
    3,1,1
        output: digit
        number_of_neurons: 10
";

pub(crate) async fn measure() {
    println!("## One cluster of 784/4096/10 that trains, {} s\n", MEASURED.as_secs());
    println!("| cores it may use | samples a second | server CPU, us a sample |\n|---|---|---|");
    for cores in ["1", "2"] {
        let server = Process::start_with(&["--cores-per-cluster", cores]).await;
        let hanami = &server.hanami;
        let (images, labels) = data::images(60_000);
        let dataset = hanami.upload_mnist("images", images, labels, |_, _| ()).await.unwrap();
        let cluster = hanami.create_cluster("large", Some(LARGE)).await.unwrap().uuid;
        let task = hanami.create_task("training", TaskType::Train, cluster, dataset).await.unwrap();
        let samples = async || hanami.task(cluster, task.uuid).await.unwrap().samples as f64;
        while samples().await < GROWN {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let (start, first, cpu) = (Instant::now(), samples().await, server.cpu_seconds());
        tokio::time::sleep(MEASURED).await;
        let learned = samples().await - first;
        println!(
            "| {cores} | {:.0} | {:.0} |",
            learned / start.elapsed().as_secs_f64(),
            (server.cpu_seconds() - cpu) / learned * 1e6
        );
    }
}
