//! A store and an engine on a simulated disk, and a look at everything that is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use hanami_disk::simulated::SimulatedDisk;
use hanami_engine::{BrickValues, Engine, EngineSettings};
use hanami_store::{
    Access, Cluster, ClusterMode, Dataset, DatasetState, Quotas, Store, Task, TaskState, Uuid,
    Visibility,
};
use tempfile::TempDir;

use super::ledger::{self, Learned, PROBES, World};

/// How often it is looked whether a task has ended.
const PATIENCE: Duration = Duration::from_millis(1);

/// The user who does everything.
pub(super) fn access() -> Access {
    Access::granted("alice", "Alice", "garden", "member", true, false)
}

/// Everything that a server has open.
pub(super) struct House {
    pub(super) disk: SimulatedDisk,
    pub(super) store: Store,
    pub(super) engine: Engine,
    pub(super) access: Access,
}

impl House {
    /// Opens what is on the disk, and in the database in this directory.
    pub(super) async fn open(
        disk: &SimulatedDisk,
        directory: &Path,
        settings: EngineSettings,
    ) -> Result<Self> {
        let store = Store::open_on(disk.disk(), directory, Quotas::UNLIMITED, 0).await?;
        let engine = Engine::start(store.clone(), settings).await?;
        Ok(Self { disk: disk.clone(), store, engine, access: access() })
    }

    /// Ends everything that runs. Nothing is saved if the power is gone.
    pub(super) async fn close(self) {
        self.engine.shutdown().await;
    }

    /// The uuids of clusters by their names.
    pub(super) async fn cluster(&self, name: &str) -> Result<Uuid> {
        let listed = self.store.clusters(&self.access).await?;
        find(listed.into_iter().map(|cluster| (cluster.name, cluster.uuid)), name)
    }

    pub(super) async fn dataset(&self, name: &str) -> Result<Uuid> {
        let listed = self.store.datasets(&self.access).await?;
        find(listed.into_iter().map(|dataset| (dataset.name, dataset.uuid)), name)
    }

    pub(super) async fn checkpoint(&self, name: &str) -> Result<Uuid> {
        let listed = self.store.checkpoints(&self.access).await?;
        find(listed.into_iter().map(|checkpoint| (checkpoint.name, checkpoint.uuid)), name)
    }

    pub(super) async fn result(&self, name: &str) -> Result<Uuid> {
        let listed = self.store.results(&self.access).await?;
        find(listed.into_iter().map(|result| (result.name, result.uuid)), name)
    }

    /// Waits until a cluster has no open tasks; an error if the disk has failed meanwhile.
    pub(super) async fn wait(&self, cluster: Uuid) -> Result<()> {
        while self.store.open_tasks(cluster).await? > 0 {
            anyhow::ensure!(self.disk.failed_at().is_none(), "the power has failed");
            tokio::time::sleep(PATIENCE).await;
        }
        Ok(())
    }

    /// A description of everything that is there, after all tasks have ended.
    pub(super) async fn world(&self) -> Result<World> {
        let mut world = World::new();
        for listed in self.store.clusters(&self.access).await? {
            self.wait(listed.uuid).await.with_context(|| format!("tasks of {}", listed.name))?;
            let cluster = self.store.cluster(&self.access, listed.uuid).await?;
            let text = self.describe_cluster(&cluster).await;
            let text = text.with_context(|| format!("cluster {}", listed.name))?;
            put(&mut world, format!("cluster {}", listed.name), text)?;
        }
        for dataset in self.store.datasets(&self.access).await? {
            let text = self.describe_dataset(&dataset).await;
            let text = text.with_context(|| format!("dataset {}", dataset.name))?;
            put(&mut world, format!("dataset {}", dataset.name), text)?;
        }
        self.describe_kept(&mut world).await?;
        self.describe_people(&mut world).await?;
        let audit = self.store.audit_log(&self.access, None, 0).await?.len();
        let errors = self.store.error_log(None, 0).await?;
        let told = errors.iter().filter(|entry| entry.component == "trial").count();
        put(&mut world, "logs".to_owned(), format!("{audit} in audit, {told} errors"))?;
        Ok(world)
    }

    async fn describe_cluster(&self, cluster: &Cluster) -> Result<String> {
        let tasks = self.store.tasks(&self.access, cluster.uuid).await?;
        let tasks: Vec<_> = tasks.iter().map(describe_task).collect();
        let learned = match cluster.snapshot {
            Some(_) => Some(self.mark(cluster.uuid).await?),
            None => None,
        };
        let (shared, direct) = (is_shared(cluster.visibility), cluster.mode == ClusterMode::Direct);
        Ok(ledger::cluster(shared, direct, learned, &tasks.join(", ")))
    }

    async fn mark(&self, cluster: Uuid) -> Result<String> {
        let probes = PROBES.map(|probe| probe.map(f64::from));
        let column = |index: usize| probes.iter().map(|probe| vec![probe[index] as f32]).collect();
        let inputs =
            BTreeMap::from([("left".to_owned(), column(0)), ("right".to_owned(), column(1))]);
        let prediction =
            self.engine.predict(&self.access, cluster, BrickValues::Named(inputs)).await?;
        let answers: Vec<f32> = prediction.bricks().flat_map(|(_, rows)| rows).flatten().collect();
        let view = self.engine.cluster(&self.access, cluster).await?;
        let steps = view.size.context("a cluster with a snapshot has a size")?.steps;
        Ok(ledger::mark(steps, &answers))
    }

    async fn describe_dataset(&self, dataset: &Dataset) -> Result<String> {
        let state = match dataset.state {
            DatasetState::Ready => format!("ready: {:?}", self.text(dataset.uuid).await?),
            DatasetState::Uploading => {
                format!("arrived: {:?}", self.arrived(dataset.uuid).await?)
            }
        };
        Ok(ledger::dataset(is_shared(dataset.visibility), &state))
    }

    async fn text(&self, dataset: Uuid) -> Result<String> {
        let part = hanami_dataset::Part::Input;
        let (_, mut export) = self.engine.export(&self.access, dataset, part).await?;
        let mut bytes = Vec::new();
        while let Some(piece) = export.next_piece()? {
            bytes.extend(piece);
        }
        Ok(String::from_utf8(bytes)?)
    }

    async fn arrived(&self, dataset: Uuid) -> Result<String> {
        let files = self.store.upload_files(&self.access, dataset).await?;
        let file = files.first().context("a dataset that is uploaded has a file")?;
        let upload = self.store.open_upload(&self.access, file.uuid).await?;
        let mut bytes = self.disk.disk().read(upload.path())?;
        bytes.resize(upload.size() as usize, b'.');
        for gap in upload.missing() {
            bytes[gap.start as usize..gap.end as usize].fill(b'.');
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn describe_kept(&self, world: &mut World) -> Result<()> {
        for listed in self.store.checkpoints(&self.access).await? {
            let (row, mut blob) = self.store.open_checkpoint(&self.access, listed.uuid).await?;
            let mark = Learned::of(blob.next_piece(usize::MAX)?).mark();
            let mark = mark.with_context(|| format!("checkpoint {}", listed.name))?;
            let text = format!("shared {}, {mark}", is_shared(row.visibility));
            put(world, format!("checkpoint {}", listed.name), text)?;
        }
        for row in self.store.results(&self.access).await? {
            let (_, values) = self.store.result(&self.access, row.uuid).await?;
            let values: Vec<f32> = values.iter().map(|value| *value as f32).collect();
            let text = format!("shared {}, {values:?}", is_shared(row.visibility));
            put(world, format!("result {}", row.name), text)?;
        }
        Ok(())
    }

    async fn describe_people(&self, world: &mut World) -> Result<()> {
        for (user, places) in self.store.users().await? {
            let mut projects: Vec<_> = places.into_iter().map(|place| place.project_id).collect();
            projects.sort();
            let set: std::collections::BTreeSet<_> = projects.into_iter().collect();
            put(world, format!("user {}", user.id), format!("{} in {set:?}", user.name))?;
        }
        for project in self.store.projects().await? {
            let (limits, _) = self.store.quota(&project.id).await?;
            let quota = Some(limits.clusters).filter(|limit| *limit != u64::MAX);
            put(world, format!("project {}", project.id), format!("clusters {quota:?}"))?;
        }
        Ok(())
    }
}

/// Where a data directory is: the database really, and everything else on the simulated disk.
pub(super) struct Place {
    _temporary: TempDir,
    pub(super) data: PathBuf,
}

impl Place {
    /// A new one, in the memory of the operating system if there is a place for that.
    pub(super) fn new() -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let temporary = made.context("no directory for the database")?;
        let data = temporary.path().join("home").join("data");
        std::fs::create_dir_all(&data)?;
        Ok(Self { _temporary: temporary, data })
    }
}

fn describe_task(task: &Task) -> String {
    let state = match task.state {
        TaskState::Finished if task.error.is_some() => "failed",
        TaskState::Finished => "finished",
        TaskState::Aborted => "aborted",
        TaskState::Queued | TaskState::Active => "open",
    };
    format!("{} {state}", task.kind)
}

fn is_shared(visibility: Visibility) -> bool {
    visibility == Visibility::Public
}

fn find(mut listed: impl Iterator<Item = (String, Uuid)>, name: &str) -> Result<Uuid> {
    let found = listed.find(|(found, _)| found == name);
    Ok(found.with_context(|| format!("there is no {name}"))?.1)
}

/// Adds a thing to a description; a name that is there twice is one thing too many.
fn put(world: &mut World, name: String, text: String) -> Result<()> {
    match world.insert(name, text) {
        None => Ok(()),
        Some(_) => bail!("there are two things of the same kind and name"),
    }
}
