//! Clusters, tasks, results, datasets and hosts: make, see, use, delete.

use hanami_client::{
    ClientError, DatasetType, ErrorCode, HostType, Mode, TaskState, TaskType, Uuid,
};

use crate::common::{Site, TEMPLATE};

#[tokio::test]
async fn a_cluster_learns_a_dataset_and_is_checked() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("tell halves", Some(TEMPLATE)).await.unwrap();
    let train = site.upload_halves("to train on", 400).await;
    let test = site.upload_halves("to test on", 50).await;

    let task = hanami.create_task("learn", TaskType::Train, cluster.uuid, train).await.unwrap();
    let mut seen = Vec::new();
    let end = hanami
        .wait(cluster.uuid, task.uuid, |now| seen.push((now.samples, now.state)))
        .await
        .unwrap();
    assert_eq!((end.state, end.samples), (TaskState::Finished, 400));
    assert_eq!(seen.last(), Some(&(400, TaskState::Finished)));
    assert!(seen.is_sorted_by_key(|(samples, _)| *samples));
    assert!(end.running_accuracy.unwrap() > 80.0, "{end:?}");

    let task = hanami.create_task("answer", TaskType::Request, cluster.uuid, test).await.unwrap();
    hanami.wait(cluster.uuid, task.uuid, |_| ()).await.unwrap();
    let result = hanami.request_result(task.uuid).await.unwrap();
    assert_eq!(result.name, "answer");
    assert_eq!(result.data[..4], [0.0, 1.0, 0.0, 1.0]);
    assert_eq!(hanami.check(task.uuid, test).await.unwrap(), 100.0);
    assert!(hanami.cluster(cluster.uuid).await.unwrap().network.unwrap().synapses > 0);

    let tasks = hanami.tasks(cluster.uuid).await.unwrap();
    assert!(tasks.iter().all(|task| task.state == TaskState::Finished && task.ended != "-"));
    assert_eq!(tasks.len(), 2);
    hanami.delete_task(cluster.uuid, task.uuid).await.unwrap();
    assert_eq!(hanami.tasks(cluster.uuid).await.unwrap().len(), 1);

    let results = hanami.request_results().await.unwrap();
    assert_eq!(results.iter().map(|result| result.uuid).collect::<Vec<_>>(), [task.uuid]);
    hanami.delete_request_result(task.uuid).await.unwrap();
    assert_eq!(hanami.request_results().await.unwrap(), []);
    site.stop().await;
}

#[tokio::test]
async fn clusters_are_listed_until_they_are_deleted() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let made = hanami.create_cluster("without template", None).await.unwrap();
    let listed = hanami.clusters().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].uuid, listed[0].name.as_str()), (made.uuid, "without template"));
    let details = hanami.cluster(made.uuid).await.unwrap();
    assert_eq!((details.mode, details.network), (Mode::Task, None));
    hanami.delete_cluster(made.uuid).await.unwrap();
    let error = hanami.cluster(made.uuid).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NotFound));
    site.stop().await;
}

#[tokio::test]
async fn a_template_that_cannot_be_read_is_refused_with_the_place() {
    let site = Site::start().await;
    let template = TEMPLATE.replace("number_of_neurons: 16", "number_of_neuron: 16");
    let error = site.hanami.create_cluster("misspelt", Some(&template)).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidTemplate));
    assert!(error.to_string().contains("number_of_neurons"), "{error}");
    site.stop().await;
}

#[tokio::test]
async fn a_template_is_checked_without_making_a_cluster() {
    let site = Site::start().await;
    let checked = site.hanami.check_template(TEMPLATE).await.unwrap();
    assert!(checked.valid && checked.error.is_none(), "{checked:?}");
    assert_eq!(checked.bricks.last().unwrap().hears, [checked.bricks.len() - 2]);
    assert_eq!(checked.settings.unwrap().seed, 1);

    let template = TEMPLATE.replace("number_of_neurons: 16", "number_of_neuron: 16");
    let checked = site.hanami.check_template(&template).await.unwrap();
    let mistake = checked.error.unwrap();
    assert!(!checked.valid && mistake.message.contains('^'), "{mistake:?}");
    assert_eq!(mistake.length, "number_of_neuron".len() as u64);
    assert_eq!(site.hanami.clusters().await.unwrap(), []);
    site.stop().await;
}

#[tokio::test]
async fn names_are_checked_before_they_are_sent() {
    let site = Site::start().await;
    let error = site.hanami.create_cluster("no!", None).await.unwrap_err();
    assert!(matches!(error, ClientError::Invalid { what: "the name", .. }), "{error:?}");
    site.stop().await;
}

#[tokio::test]
async fn waiting_for_a_task_that_was_aborted_is_an_error() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("slow learner", Some(TEMPLATE)).await.unwrap().uuid;
    let dataset = site.upload_halves("a long way", 2_000_000).await;
    let task = hanami.create_task("learn", TaskType::Train, cluster, dataset).await.unwrap().uuid;
    hanami.delete_task(cluster, task).await.unwrap();
    let error = hanami.wait(cluster, task, |_| ()).await.unwrap_err();
    match error {
        ClientError::TaskAborted { uuid, .. } => assert_eq!(uuid, task),
        error => assert_eq!(error.code(), Some(ErrorCode::NotFound)),
    }
    site.stop().await;
}

#[tokio::test]
async fn datasets_tell_what_they_hold_until_they_are_deleted() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let uuid = site.upload_halves("halves", 20).await;
    let dataset = hanami.dataset(uuid).await.unwrap();
    assert_eq!((dataset.inputs, dataset.outputs, dataset.lines), (4, 10, 20));
    assert!(hanami.upload_complete(uuid).await.unwrap());
    let listed = hanami.datasets().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].uuid, listed[0].kind), (uuid, DatasetType::Mnist));
    hanami.delete_dataset(uuid).await.unwrap();
    assert_eq!(hanami.datasets().await.unwrap(), []);
    site.stop().await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let site = Site::start().await;
    let nowhere = Uuid::from_u128(4);
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("cluster", Some(TEMPLATE)).await.unwrap().uuid;
    for error in [
        hanami.dataset(nowhere).await.err(),
        hanami.delete_dataset(nowhere).await.err(),
        hanami.delete_cluster(nowhere).await.err(),
        hanami.save_cluster("checkpoint", nowhere).await.err(),
        hanami.load_cluster(nowhere, cluster).await.err(),
        hanami.checkpoint(nowhere).await.err(),
        hanami.delete_checkpoint(nowhere).await.err(),
        hanami.task(cluster, nowhere).await.err(),
        hanami.request_result(nowhere).await.err(),
        hanami.direct(nowhere).await.err(),
    ] {
        assert_eq!(error.unwrap().code(), Some(ErrorCode::NotFound));
    }
    site.stop().await;
}

#[tokio::test]
async fn a_cluster_is_saved_and_loaded_into_another() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("original", Some(TEMPLATE)).await.unwrap().uuid;
    let dataset = site.upload_halves("halves", 60).await;
    hanami.create_task("learn", TaskType::Train, cluster, dataset).await.unwrap();
    let saved = hanami.save_cluster("backup", cluster).await.unwrap();
    hanami.wait(cluster, saved.uuid, |_| ()).await.unwrap();
    let checkpoint = hanami.checkpoint(saved.uuid).await.unwrap();
    assert_eq!((checkpoint.name.as_str(), checkpoint.steps), ("backup", 60));
    let listed = hanami.checkpoints().await.unwrap();
    assert_eq!(listed.iter().map(|entry| entry.uuid).collect::<Vec<_>>(), [saved.uuid]);

    let copy = hanami.create_cluster("copy", None).await.unwrap().uuid;
    let load = hanami.load_cluster(saved.uuid, copy).await.unwrap();
    hanami.delete_checkpoint(saved.uuid).await.unwrap();
    hanami.wait(copy, load, |_| ()).await.unwrap();
    assert_eq!(hanami.cluster(copy).await.unwrap().network.unwrap().steps, 60);
    assert_eq!(hanami.checkpoints().await.unwrap(), []);
    site.stop().await;
}

#[tokio::test]
async fn a_cluster_is_switched_to_a_host() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    let cluster = hanami.create_cluster("cluster", None).await.unwrap();
    let host = hanami.hosts().await.unwrap()[0].uuid;
    assert_eq!(hanami.switch_host(cluster.uuid, host).await.unwrap(), cluster);
    let error = hanami.switch_host(cluster.uuid, Uuid::from_u128(4)).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NotFound));
    site.stop().await;
}

#[tokio::test]
async fn there_is_a_host_to_live_on() {
    let site = Site::start().await;
    let hosts = site.hanami.hosts().await.unwrap();
    assert!(!hosts.is_empty());
    assert!(hosts.iter().all(|host| host.kind == HostType::Cpu));
    site.stop().await;
}
