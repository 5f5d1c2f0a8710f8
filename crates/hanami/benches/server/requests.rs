//! Requests of every kind, with one connection and with sixteen: how many a second, and how long
//! each takes.

use hanami_client::{Hanami, Mode, Uuid};
use serde_json::json;

use crate::data::{self, DIGITS, Numbers};
use crate::http::{self, Connection};
use crate::load::Figures;
use crate::process::{PASSWORD, Process, USER};

const CONNECTIONS: [usize; 2] = [1, 16];

/// Clusters in the list that is asked for.
const CLUSTERS: usize = 20;

pub(crate) async fn measure() {
    let server = Process::start().await;
    let hanami = &server.hanami;
    for index in 0..CLUSTERS - 2 {
        hanami.create_cluster(&format!("cluster {index}"), Some(DIGITS)).await.unwrap();
    }
    let direct = hanami.create_cluster("direct", Some(DIGITS)).await.unwrap().uuid;
    let busy = hanami.create_cluster("busy", Some(DIGITS)).await.unwrap().uuid;
    let (images, labels) = data::images(20_000);
    let dataset = hanami.upload_mnist("images", images, labels, |_, _| ()).await.unwrap();
    train(&server, direct, dataset, 1).await;
    hanami.set_mode(direct, Mode::Direct).await.unwrap();

    println!("## Requests, {CLUSTERS} clusters of 784/400/10\n");
    println!("| request | connections | a second | p50, us | p99, us | server CPU, us |");
    println!("|---|---|---|---|---|---|");
    over_http(&server, direct).await;
    live(&server, "live request", direct).await;
    let training = queue(&server, busy, dataset, 1000).await;
    live(&server, "live request while another cluster trains", direct).await;
    hanami.delete_task(busy, training).await.unwrap();
    println!();
}

async fn over_http(server: &Process, cluster: Uuid) {
    let log_in = json!({"id": USER, "password": PASSWORD}).to_string();
    let token = http::token(&server.address, &log_in).await;
    let image = Numbers::new().image();
    let sample = json!({"uuid": cluster, "inputs": {"pixels": image}}).to_string();
    for (name, request) in [
        ("`GET cluster/all`", http::request("GET", "cluster/all", &token, "")),
        (
            "`POST cluster/predict`, 784 values",
            http::request("POST", "cluster/predict", &token, &sample),
        ),
        ("`POST token`", http::request("POST", "token", "", &log_in)),
    ] {
        for connections in CONNECTIONS {
            let mut clients = Vec::new();
            for _ in 0..connections {
                let mut connection = Connection::open(&server.address).await;
                let request = &request;
                clients.push(async move || {
                    connection.send(request).await;
                });
            }
            print(name, connections, server, Figures::of(clients)).await;
        }
    }
}

async fn live(server: &Process, name: &str, cluster: Uuid) {
    let image: Vec<f32> = Numbers::new().image().into_iter().map(f32::from).collect();
    for connections in CONNECTIONS {
        let mut clients = Vec::new();
        for _ in 0..connections {
            let mut direct = server.hanami.direct(cluster).await.unwrap();
            let image = &image;
            clients.push(async move || {
                direct.request(&[("pixels", image)]).await.unwrap();
            });
        }
        print(name, connections, server, Figures::of(clients)).await;
    }
}

async fn print(
    name: &str,
    connections: usize,
    server: &Process,
    load: impl Future<Output = Figures>,
) {
    let before = server.cpu_seconds();
    let (start, figures) = (std::time::Instant::now(), load.await);
    let cpu = (server.cpu_seconds() - before) / start.elapsed().as_secs_f64();
    println!(
        "| {name} | {connections} | {:.0} | {:.0} | {:.0} | {:.0} |",
        figures.per_second,
        figures.within(0.5),
        figures.within(0.99),
        cpu * 1e6 / figures.per_second,
    );
}

/// Trains a cluster and waits until that is done.
async fn train(server: &Process, cluster: Uuid, dataset: Uuid, epochs: u32) {
    let task = queue(server, cluster, dataset, epochs).await;
    let hanami: &Hanami = &server.hanami;
    hanami.wait(cluster, task, |_| ()).await.unwrap();
}

/// Queues a training.
async fn queue(server: &Process, cluster: Uuid, dataset: Uuid, epochs: u32) -> Uuid {
    let log_in = json!({"id": USER, "password": PASSWORD}).to_string();
    let token = http::token(&server.address, &log_in).await;
    let task = json!({
        "name": "training", "type": "train", "cluster_uuid": cluster, "dataset_uuid": dataset,
        "epochs": epochs
    });
    let mut connection = Connection::open(&server.address).await;
    let answer = connection.send(&http::request("POST", "task", &token, &task.to_string())).await;
    let answer: serde_json::Value = serde_json::from_slice(answer).unwrap();
    answer["uuid"].as_str().unwrap().parse().unwrap()
}
