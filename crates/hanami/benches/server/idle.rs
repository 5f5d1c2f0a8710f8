//! What a connection costs that says nothing: websockets to clusters in direct mode.

use hanami_client::{Direct, Mode};

use crate::data::DIGITS;
use crate::process::Process;

const WEBSOCKETS: usize = 1000;

pub(crate) async fn measure() {
    let server = Process::start().await;
    let cluster = server.hanami.create_cluster("quiet", Some(DIGITS)).await.unwrap().uuid;
    server.hanami.set_mode(cluster, Mode::Direct).await.unwrap();
    // What only the first one takes is no cost of a connection.
    let mut open: Vec<Direct> = vec![server.hanami.direct(cluster).await.unwrap()];
    let before = server.memory();
    while open.len() <= WEBSOCKETS {
        open.push(server.hanami.direct(cluster).await.unwrap());
    }
    let after = server.memory();
    println!("## Idle websockets\n");
    println!(
        "| websockets | server without, MiB | server with, MiB | each, KiB |\n|---|---|---|---|"
    );
    println!(
        "| {WEBSOCKETS} | {:.1} | {:.1} | {:.1} |\n",
        mebibytes(before),
        mebibytes(after),
        mebibytes(after - before) * 1024.0 / WEBSOCKETS as f64,
    );
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
