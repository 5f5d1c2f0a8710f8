//! Many clusters that train at the same time: does each get its share of the host?

use std::time::Duration;

use hanami_client::TaskType;

use crate::data::{self, DIGITS};
use crate::process::Process;

const CLUSTERS: usize = 200;

/// When the shares are compared, after the last training was queued.
const MOMENT: Duration = Duration::from_secs(20);

pub(crate) async fn measure() {
    let server = Process::start().await;
    let hanami = &server.hanami;
    let (images, labels) = data::images(60_000);
    let dataset = hanami.upload_mnist("images", images, labels, |_, _| ()).await.unwrap();
    let mut clusters = Vec::new();
    for index in 0..CLUSTERS {
        clusters.push(
            hanami.create_cluster(&format!("cluster {index}"), Some(DIGITS)).await.unwrap().uuid,
        );
    }
    let mut tasks = Vec::new();
    for cluster in clusters {
        let task = hanami.create_task("training", TaskType::Train, cluster, dataset).await.unwrap();
        tasks.push((cluster, task.uuid));
    }
    let begun = samples(hanami, &tasks).await;
    tokio::time::sleep(MOMENT).await;
    let done = samples(hanami, &tasks).await;
    let gained: Vec<f64> = done.iter().zip(&begun).map(|(done, begun)| done - begun).collect();
    print(gained);
}

/// Samples that each task has learned so far.
async fn samples(
    hanami: &hanami_client::Hanami,
    tasks: &[(hanami_client::Uuid, hanami_client::Uuid)],
) -> Vec<f64> {
    let mut samples = Vec::new();
    for (cluster, task) in tasks {
        samples.push(hanami.task(*cluster, *task).await.unwrap().samples as f64);
    }
    samples
}

/// Prints how even the shares are; Jain's index is 1 when all are the same, 1/n when one has all.
fn print(mut gained: Vec<f64>) {
    gained.sort_by(f64::total_cmp);
    let sum: f64 = gained.iter().sum();
    let squares: f64 = gained.iter().map(|samples| samples * samples).sum();
    println!("## {CLUSTERS} clusters that train at once, {} s\n", MOMENT.as_secs());
    println!("| samples a second | least | median | most | Jain's index |\n|---|---|---|---|---|");
    println!(
        "| {:.0} | {:.0} | {:.0} | {:.0} | {:.3} |",
        sum / MOMENT.as_secs_f64(),
        gained[0],
        gained[gained.len() / 2],
        gained[gained.len() - 1],
        sum * sum / (squares * gained.len() as f64),
    );
}
