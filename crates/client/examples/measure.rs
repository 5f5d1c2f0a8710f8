//! The Rust SDK's part of `cargo xtask measure-sdks`, which says what is measured and how.
//!
//! With the argument `import-only`, it ends at once.

use std::{
    env,
    error::Error,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use hanami_client::{Hanami, Mode};
use serde_json::json;

const TEMPLATE: &str = "\
version: 1
bricks:
    1,1,1
        input: pixels
        number_of_neurons: 784
    2,1,1
        number_of_neurons: 400
    3,1,1
        output: digit
        number_of_neurons: 10
";

const WARM_UP: usize = 200;
const REQUESTS: usize = 5000;
const UPLOADS: usize = 3;
const MIB: f64 = 1024.0 * 1024.0;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    if env::args().nth(1).is_some_and(|mode| mode == "import-only") {
        return Ok(());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    // Spawned, as `Direct` advises.
    runtime.block_on(runtime.spawn(measure()))?
}

async fn measure() -> Outcome<()> {
    let (user, password) = (env::var("HANAMI_USER")?, env::var("HANAMI_PW")?);
    let hanami = Hanami::connect(&env::var("HANAMI_ADDRESS")?, &user, &password).await?;
    let requests = requests(&hanami).await?;
    let speed = upload_speed(&hanami).await?;
    let figures = json!({
        "sdk": "rust",
        "direct_request_p50_us": requests[REQUESTS / 2].as_secs_f64() * 1e6,
        "direct_request_p99_us": requests[REQUESTS * 99 / 100].as_secs_f64() * 1e6,
        "upload_mib_per_second": speed,
    });
    println!("{figures}");
    Ok(())
}

/// How long each of the requests took, shortest first.
async fn requests(hanami: &Hanami) -> Outcome<Vec<Duration>> {
    let cluster = hanami.create_cluster("measured by rust", Some(TEMPLATE)).await?.uuid;
    hanami.set_mode(cluster, Mode::Direct).await?;
    let mut direct = hanami.direct(cluster).await?;
    let image: Vec<f32> = (0..784_u16).map(|pixel| f32::from(pixel % 256)).collect();
    let mut times = Vec::with_capacity(REQUESTS);
    for request in 0..WARM_UP + REQUESTS {
        let start = Instant::now();
        direct.request(&[("pixels", &image)]).await?;
        if request >= WARM_UP {
            times.push(start.elapsed());
        }
    }
    direct.close().await?;
    hanami.delete_cluster(cluster).await?;
    times.sort();
    Ok(times)
}

/// MiB per second, the median of some uploads.
async fn upload_speed(hanami: &Hanami) -> Outcome<f64> {
    let (images, labels) = (env::var("HANAMI_IMAGES")?, env::var("HANAMI_LABELS")?);
    let (images, labels) = (Path::new(&images), Path::new(&labels));
    let size = (fs::metadata(images)?.len() + fs::metadata(labels)?.len()) as f64;
    let mut times = Vec::new();
    for _ in 0..UPLOADS {
        let start = Instant::now();
        let dataset = hanami.upload_mnist("measured by rust", images, labels, |_, _| ()).await?;
        times.push(start.elapsed());
        hanami.delete_dataset(dataset).await?;
    }
    times.sort();
    Ok(size / MIB / times[UPLOADS / 2].as_secs_f64())
}
