//! A store and an engine in a temporary directory, and small data to feed them with.

use std::path::Path;
use std::time::Duration;

use hanami_engine::{Engine, EngineError, EngineSettings, SubmitTask, TaskOptions, TaskView};
use hanami_store::{Access, DatasetKind, FileRole, NewDataset, Store, TaskKind, TaskState, Uuid};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

/// 4 x 4 pixels in, 3 classes padded to the 10 of an MNIST dataset out.
pub(crate) const IMAGES: &str = "version: 1
bricks:
    1,1,1
        input: image
        number_of_neurons: 16
    2,1,1
        number_of_neurons: 24
    3,1,1
        output: digit
        number_of_neurons: 10
";

/// Two columns in, one out, a window of one row each.
pub(crate) const TABLE: &str = "version: 1
bricks:
    1,1,1
        input: left
        number_of_neurons: 1
    1,2,1
        input: right
        number_of_neurons: 1
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: sum
        number_of_neurons: 1
";

pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) access: Access,
}

pub(crate) fn user(id: &str) -> Access {
    Access::granted(id, id, "project", "member", false, false)
}

pub(crate) async fn open(path: &Path, settings: EngineSettings) -> (Store, Engine) {
    let store = Store::open(path).await.unwrap();
    let engine = Engine::start(store.clone(), settings).await.unwrap();
    (store, engine)
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(EngineSettings::default()).await
    }

    pub(crate) async fn with(settings: EngineSettings) -> Self {
        let dir = TempDir::new().unwrap();
        let (store, engine) = open(dir.path(), settings).await;
        Self { dir, store, engine, access: user("alice") }
    }

    /// Stops the engine in an orderly way and starts another one on the same directory.
    pub(crate) async fn restart(self) -> Self {
        let Self { dir, store, engine, access } = self;
        engine.shutdown().await;
        drop((engine, store));
        let (store, engine) = open(dir.path(), EngineSettings::default()).await;
        Self { dir, store, engine, access }
    }

    /// What a server would find if this one were killed now: a copy of the directory as it is.
    /// Nothing may be under way, or the copy would hold files of different moments.
    pub(crate) async fn after_kill(&self) -> Self {
        let dir = TempDir::new().unwrap();
        copy(self.dir.path(), dir.path());
        let (store, engine) = open(dir.path(), EngineSettings::default()).await;
        Self { dir, store, engine, access: self.access.clone() }
    }

    /// Changes the database behind the store's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let url = format!("sqlite:{}", self.dir.path().join("hanami.db").display());
        let database = Database::connect(url).await.unwrap();
        database.execute_unprepared(sql).await.unwrap();
        database.close().await.unwrap();
    }

    /// Waits until a task has worked through some samples.
    pub(crate) async fn underway(&self, cluster: Uuid, task: Uuid) {
        while self.engine.task(&self.access, cluster, task).await.unwrap().samples == 0 {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn upload(&self, kind: DatasetKind, files: &[(FileRole, &[u8])]) -> Uuid {
        let (dataset, files) = self.declare(kind, files).await;
        self.engine.finish_dataset(&self.access, dataset, &files).await.unwrap();
        dataset
    }

    /// Uploads files, but does not finish.
    pub(crate) async fn declare(
        &self,
        kind: DatasetKind,
        files: &[(FileRole, &[u8])],
    ) -> (Uuid, Vec<Uuid>) {
        let sizes: Vec<_> = files.iter().map(|(role, bytes)| (*role, bytes.len() as u64)).collect();
        let new = NewDataset { name: "data".into(), kind };
        let (dataset, rows) = self.store.create_dataset(&self.access, new, &sizes).await.unwrap();
        for (row, (_, bytes)) in rows.iter().zip(files) {
            self.store.open_upload(&self.access, row.uuid).await.unwrap().write(0, bytes).unwrap();
        }
        (dataset.uuid, rows.iter().map(|row| row.uuid).collect())
    }

    pub(crate) async fn images(&self, count: u32) -> Uuid {
        let (images, labels) = images(count);
        let files = [(FileRole::Input, &images[..]), (FileRole::Label, &labels[..])];
        self.upload(DatasetKind::Mnist, &files).await
    }

    pub(crate) async fn table(&self, text: &str) -> Uuid {
        self.upload(DatasetKind::Csv, &[(FileRole::Input, text.as_bytes())]).await
    }

    pub(crate) async fn cluster(&self, name: &str, template: &str) -> Uuid {
        self.engine.create_cluster(&self.access, name, Some(template)).await.unwrap().uuid
    }

    pub(crate) async fn submit(
        &self,
        kind: TaskKind,
        cluster_uuid: Uuid,
        dataset_uuid: Uuid,
    ) -> Result<Uuid, EngineError> {
        self.submit_with(kind, cluster_uuid, dataset_uuid, TaskOptions::default()).await
    }

    pub(crate) async fn submit_with(
        &self,
        kind: TaskKind,
        cluster_uuid: Uuid,
        dataset_uuid: Uuid,
        options: TaskOptions,
    ) -> Result<Uuid, EngineError> {
        let name = "work".to_owned();
        let task = SubmitTask { name, kind, cluster_uuid, dataset_uuid, options };
        self.engine.submit(&self.access, task).await.map(|task| task.uuid)
    }

    /// Submits a training that is still under way whenever a test looks.
    pub(crate) async fn submit_long(&self, cluster: Uuid, dataset: Uuid) -> Uuid {
        let options = TaskOptions { epochs: 1000, ..TaskOptions::default() };
        self.submit_with(TaskKind::Train, cluster, dataset, options).await.unwrap()
    }

    /// Waits until a task has ended.
    pub(crate) async fn wait(&self, cluster: Uuid, task: Uuid) -> TaskView {
        loop {
            let view = self.engine.task(&self.access, cluster, task).await.unwrap();
            if matches!(view.task.state, TaskState::Finished | TaskState::Aborted) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) async fn train(&self, cluster: Uuid, dataset: Uuid) -> TaskView {
        let task = self.submit(TaskKind::Train, cluster, dataset).await.unwrap();
        let view = self.wait(cluster, task).await;
        assert_eq!(view.task.state, TaskState::Finished, "{:?}", view.task.error);
        view
    }

    /// Saves a cluster; answers the uuid of the checkpoint.
    pub(crate) async fn save(&self, cluster: Uuid) -> Uuid {
        let task = self.engine.save_cluster(&self.access, "backup", cluster).await.unwrap().uuid;
        let view = self.wait(cluster, task).await;
        assert_eq!(view.task.state, TaskState::Finished, "{:?}", view.task.error);
        task
    }

    /// Loads a checkpoint into a cluster.
    pub(crate) async fn load(&self, checkpoint: Uuid, cluster: Uuid) {
        let load = self.engine.load_cluster(&self.access, checkpoint, cluster);
        let view = self.wait(cluster, load.await.unwrap().uuid).await;
        assert_eq!(view.task.state, TaskState::Finished, "{:?}", view.task.error);
    }

    /// The saved network of a cluster, byte for byte.
    pub(crate) async fn snapshot(&self, cluster: Uuid) -> Vec<u8> {
        let cluster = self.store.cluster_for_engine(cluster).await.unwrap();
        self.store.snapshot_bytes(&cluster).await.unwrap()
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// IDX files of `count` images: one bright row out of three, somewhat noisy, and which one it is.
pub(crate) fn images(count: u32) -> (Vec<u8>, Vec<u8>) {
    let mut images = vec![0, 0, 8, 3];
    images.extend(count.to_be_bytes());
    images.extend(4_u32.to_be_bytes());
    images.extend(4_u32.to_be_bytes());
    let mut labels = vec![0, 0, 8, 1];
    labels.extend(count.to_be_bytes());
    let mut noise = 1_u32;
    for index in 0..count {
        let class = (index % 3) as usize;
        labels.push(class as u8);
        for pixel in 0..16 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let bright = pixel / 4 == class;
            images.push((noise >> 27) as u8 + if bright { 200 } else { 0 });
        }
    }
    (images, labels)
}

/// A table of `rows` rows whose column `sum` is the sum of the two others.
pub(crate) fn sums(rows: u32) -> String {
    let row = |i: u32| {
        let (left, right) = (i * 7 % 10, i * 3 % 8);
        format!("{left},{right},{}\n", left + right)
    };
    std::iter::once("left,right,sum\n".to_owned()).chain((0..rows).map(row)).collect()
}
