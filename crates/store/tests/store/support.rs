//! What the tests share: a store in a temporary directory, users, and resources to work on.

use std::path::Path;

use hanami_store::{
    Access, Cluster, Dataset, DatasetKind, FileRole, NewDataset, NewTask, Outcome, Store, Task,
    TaskKind,
};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

/// Enough for every queue that is not about its limit.
pub(crate) const LIMIT: u64 = 100;

/// Takes a database back to the version before sizes, quotas and numbered passwords.
pub(crate) const WITHOUT_ADMINISTRATION: &str = "
    DROP INDEX datasets_by_project;
    DROP INDEX checkpoints_by_project;
    DROP INDEX clusters_by_project;
    DROP INDEX tasks_by_project;
    DROP TABLE quotas;
    ALTER TABLE datasets DROP COLUMN bytes;
    ALTER TABLE checkpoints DROP COLUMN bytes;
    ALTER TABLE clusters DROP COLUMN bytes;
    ALTER TABLE users DROP COLUMN password_version;
    DELETE FROM seaql_migrations WHERE version = 'm0005_administration';";

/// A data directory; the store in it can be closed and opened again.
pub(crate) struct Home {
    dir: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(self.path()).await.unwrap()
    }

    /// Changes the database behind the store's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let url = format!("sqlite:{}", self.path().join("hanami.db").display());
        let database = Database::connect(url).await.unwrap();
        database.execute_unprepared(sql).await.unwrap();
        database.close().await.unwrap();
    }
}

/// A plain member of project `project`.
pub(crate) fn member(user: &str, project: &str) -> Access {
    Access::granted(user, user, project, "member", false, false)
}

/// The member that owns what a test works on.
pub(crate) fn owner() -> Access {
    member("owner", "project")
}

/// The names in a folder of the data directory, sorted.
pub(crate) fn names(home: &Home, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(home.path().join(folder)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(crate) async fn uploading_dataset(store: &Store, access: &Access, size: u64) -> Dataset {
    let new = NewDataset { name: "a dataset".into(), kind: DatasetKind::Csv };
    store.create_dataset(access, new, &[(FileRole::Input, size)]).await.unwrap().0
}

pub(crate) async fn ready_dataset(store: &Store, access: &Access) -> Dataset {
    let dataset = uploading_dataset(store, access, 10).await;
    std::fs::write(store.dataset_path(dataset.uuid), b"converted").unwrap();
    store.finish_dataset(access, dataset.uuid, 3, 2, 100).await.unwrap()
}

pub(crate) async fn cluster(store: &Store, access: &Access, name: &str) -> Cluster {
    let template = Some("version: 1".to_owned());
    store.create_cluster(access, name, template, Some(b"grown".to_vec())).await.unwrap()
}

pub(crate) fn new_task(cluster: &Cluster, dataset: &Dataset, kind: TaskKind) -> NewTask {
    NewTask {
        name: "a task".into(),
        kind,
        cluster_uuid: cluster.uuid,
        dataset_uuid: dataset.uuid,
        total: 100,
        options: None,
        result_bytes: 0,
    }
}

pub(crate) async fn enqueue(
    store: &Store,
    access: &Access,
    cluster: &Cluster,
    dataset: &Dataset,
) -> Task {
    let new = new_task(cluster, dataset, TaskKind::Train);
    store.enqueue_task(access, new, LIMIT).await.unwrap()
}

pub(crate) async fn abort(store: &Store, task: &Task) {
    store.end_task(task.uuid, Outcome::Aborted).await.unwrap();
}

/// Replaces the contents of a file, as a crash or a broken disk might.
pub(crate) fn overwrite(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

/// The names in a directory, sorted.
pub(crate) fn names_in(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
