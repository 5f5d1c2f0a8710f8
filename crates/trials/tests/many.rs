//! Many clusters in little memory, bounded.

use hanami_trials::{many, process};

#[tokio::test(flavor = "multi_thread")]
async fn far_more_clusters_than_memory_has_room_for() {
    let program = process::program(None).unwrap();
    let options = many::Options { clusters: 200, memory_mib: 4, asked: 100, seed: 7, within: None };
    let report = many::run(&program, &options).await.unwrap();
    assert!(report.evictions > 50, "{report}");
}
