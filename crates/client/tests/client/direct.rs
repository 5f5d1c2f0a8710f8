//! Direct mode.

use hanami_client::{ClientError, Direct, Mode};

use crate::common::{Site, TEMPLATE};

const LEFT: [f32; 4] = [200.0, 0.0, 200.0, 0.0];
const RIGHT: [f32; 4] = [0.0, 200.0, 0.0, 200.0];

fn one_hot(class: usize) -> [f32; 10] {
    let mut values = [0.0; 10];
    values[class] = 1.0;
    values
}

/// A connection to a cluster that has learned to tell left from right.
async fn taught(site: &Site) -> Direct {
    let cluster = site.hanami.create_cluster("live", Some(TEMPLATE)).await.unwrap().uuid;
    site.hanami.set_mode(cluster, Mode::Direct).await.unwrap();
    let mut direct = site.hanami.direct(cluster).await.unwrap();
    for _ in 0..200 {
        direct.train(&[("pixels", &LEFT)], &[("class", &one_hot(0))]).await.unwrap();
        direct.train(&[("pixels", &RIGHT)], &[("class", &one_hot(1))]).await.unwrap();
    }
    direct
}

#[tokio::test]
async fn a_cluster_learns_and_answers_one_sample_at_a_time() {
    let site = Site::start().await;
    let mut direct = taught(&site).await;
    let left = direct.request(&[("pixels", &LEFT)]).await.unwrap();
    let right = direct.request(&[("pixels", &RIGHT)]).await.unwrap();
    assert!(left[0] > 0.5 && left[1] < 0.5, "{left:?}");
    assert!(right[0] < 0.5 && right[1] > 0.5, "{right:?}");
    direct.close().await.unwrap();
    site.stop().await;
}

#[tokio::test]
async fn a_call_that_was_dropped_does_not_shift_the_answers() {
    let site = Site::start().await;
    let mut direct = taught(&site).await;
    tokio::select! {
        biased;
        // Polled once, which sends it, and then dropped before its answer can be there.
        _ = direct.request(&[("pixels", &LEFT)]) => panic!("answered without waiting"),
        () = std::future::ready(()) => {}
    }
    let right = direct.request(&[("pixels", &RIGHT)]).await.unwrap();
    assert!(right[1] > 0.5, "{right:?}");
    site.stop().await;
}

#[tokio::test]
async fn mistakes_end_the_connection_with_the_reason() {
    let site = Site::start().await;
    let mut direct = taught(&site).await;
    let error = direct.request(&[("pixel", &LEFT)]).await.unwrap_err();
    assert!(matches!(error, ClientError::Closed(_)), "{error:?}");
    assert!(error.to_string().contains("pixels"), "{error}");
    assert!(direct.request(&[("pixels", &LEFT)]).await.is_err());
    site.stop().await;
}

#[tokio::test]
async fn a_cluster_in_task_mode_takes_no_connection() {
    let site = Site::start().await;
    let cluster = site.hanami.create_cluster("busy", Some(TEMPLATE)).await.unwrap().uuid;
    let error = site.hanami.direct(cluster).await.unwrap_err();
    assert!(matches!(error, ClientError::WebsocketRefused(_)), "{error:?}");
    site.stop().await;
}

#[tokio::test]
async fn a_call_without_bricks_is_an_error() {
    let site = Site::start().await;
    let mut direct = taught(&site).await;
    assert!(matches!(direct.request(&[]).await, Err(ClientError::NoBricks)));
    // And does no harm.
    assert!(direct.request(&[("pixels", &LEFT)]).await.is_ok());
    site.stop().await;
}
