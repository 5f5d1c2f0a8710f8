//! Predicting, learning, sharing, and checkpoints as files.

use std::collections::BTreeMap;

use hanami_client::{BrickKind, BrickSamples, ClientError, ErrorCode, Samples, Visibility};

use crate::common::{Site, TEMPLATE};

#[tokio::test]
async fn a_cluster_is_taught_and_asked_by_single_calls() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("learner", Some(TEMPLATE)).await.unwrap().uuid;
    let class = |index: usize| (0..10).map(|class| f32::from(class == index)).collect::<Vec<f32>>();
    let left = vec![9.0, 0.0, 9.0, 0.0];
    let right = vec![0.0, 9.0, 0.0, 9.0];
    for step in 1..=40 {
        let inputs = vec![left.clone(), right.clone()];
        let outputs = vec![class(0), class(1)];
        assert_eq!(hanami.learn(cluster, inputs, outputs).await.unwrap(), step * 2);
    }
    let answer = hanami.predict(cluster, left.clone()).await.unwrap();
    let Samples::One(values) = &answer["class"] else { panic!("{answer:?}") };
    assert!(values[0] > 0.5 && values[1] < 0.5, "{values:?}");
    let inputs = BTreeMap::from([("pixels".to_owned(), Samples::Many(vec![right, left.clone()]))]);
    let answers = hanami.predict(cluster, inputs).await.unwrap();
    let Samples::Many(rows) = &answers["class"] else { panic!("{answers:?}") };
    assert!(rows[0][1] > 0.5 && rows[1] == *values, "{rows:?}");

    let explained = hanami.explain(cluster, left.clone(), None, 0).await.unwrap();
    let pixels = &explained.contributions["pixels"];
    let total = pixels.iter().sum::<f32>() + explained.rest;
    assert_eq!((pixels.len(), explained.answer), (4, values[0]));
    assert!((total - explained.sum).abs() < 1e-4 && pixels[1] == 0.0, "{explained:?}");
    let error = hanami.explain(cluster, left.clone(), Some("pixels"), 0).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidBody));

    let unknown = vec![f32::NAN, 9.0, f32::NAN, 9.0];
    hanami.predict(cluster, unknown).await.unwrap();
    let wrong = BrickSamples::Only(Samples::One(vec![1.0]));
    let error = hanami.predict(cluster, wrong).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidBody));

    let details = hanami.cluster(cluster).await.unwrap();
    let kinds: Vec<_> = details.bricks.iter().map(|brick| brick.kind).collect();
    assert_eq!(kinds, [BrickKind::Input, BrickKind::Inner, BrickKind::Output]);
    assert_eq!(details.template.as_deref(), Some(TEMPLATE));
    assert!(details.bricks.iter().all(|brick| brick.activity.is_some()), "{details:?}");
    site.stop().await;
}

#[tokio::test]
async fn a_checkpoint_travels_as_a_file_and_from_memory() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("learner", Some(TEMPLATE)).await.unwrap().uuid;
    let (sample, target) = (vec![1.0, 2.0, 3.0, 4.0], vec![0.5; 10]);
    hanami.learn(cluster, sample.clone(), target).await.unwrap();
    let saved = hanami.save_cluster("backup", cluster).await.unwrap().uuid;
    hanami.wait(cluster, saved, |_| ()).await.unwrap();

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("backup.hanami");
    let size = hanami.download_checkpoint(saved).await.unwrap().save(&path).await.unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(bytes.len() as u64, size);
    let uploads = [
        hanami.upload_checkpoint("from a file", path.as_path()).await.unwrap(),
        hanami.upload_checkpoint("from memory", bytes.clone()).await.unwrap(),
    ];
    let expected = hanami.predict(cluster, sample.clone()).await.unwrap();
    for (name, checkpoint) in ["first copy", "second copy"].into_iter().zip(uploads) {
        let copy = hanami.create_cluster_from(name, checkpoint).await.unwrap().uuid;
        assert_eq!(hanami.predict(copy, sample.clone()).await.unwrap(), expected);
    }

    let error = hanami.upload_checkpoint("cut short", bytes[1..].to_vec()).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidCheckpoint));
    let missing = directory.path().join("missing");
    let error = hanami.upload_checkpoint("missing", missing.as_path()).await.unwrap_err();
    assert!(matches!(error, ClientError::File { .. }), "{error}");
    let error = hanami.download_checkpoint(cluster).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NotFound));
    let nowhere = directory.path().join("no folder").join("file");
    let error = hanami.download_checkpoint(saved).await.unwrap().save(&nowhere).await.unwrap_err();
    assert!(matches!(error, ClientError::Written { .. }), "{error}");
    let files = std::fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(files, 1, "only the checkpoint that arrived");
    site.stop().await;
}

#[tokio::test]
async fn resources_are_renamed_and_shared() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("learner", Some(TEMPLATE)).await.unwrap().uuid;
    let dataset = site.upload_halves("halves", 20).await;
    let task =
        hanami.create_task("a request", hanami_client::TaskType::Request, cluster, dataset).await;
    let result = task.unwrap().uuid;
    hanami.wait(cluster, result, |_| ()).await.unwrap();
    let checkpoint = hanami.save_cluster("backup", cluster).await.unwrap().uuid;
    hanami.wait(cluster, checkpoint, |_| ()).await.unwrap();

    let (name, shared) = (Some("new name"), Some(Visibility::Shared));
    let one = hanami.change_cluster(cluster, name, None).await.unwrap();
    assert_eq!((one.name.as_str(), one.visibility), ("new name", Visibility::Private));
    let one = hanami.change_dataset(dataset, name, shared).await.unwrap();
    assert_eq!((one.name.as_str(), one.visibility), ("new name", Visibility::Shared));
    let one = hanami.change_checkpoint(checkpoint, None, shared).await.unwrap();
    assert_eq!((one.name.as_str(), one.visibility), ("backup", Visibility::Shared));
    let one = hanami.change_request_result(result, name, shared).await.unwrap();
    assert_eq!((one.name.as_str(), one.data.len()), ("new name", 20));
    let error = hanami.change_cluster(cluster, None, None).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidBody));
    let error = hanami.change_cluster(cluster, Some("no"), None).await.unwrap_err();
    assert!(matches!(error, ClientError::Invalid { .. }), "{error}");
    site.stop().await;
}
