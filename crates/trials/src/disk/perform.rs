//! Doing what a [`Deed`] says.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use anyhow::{Context, Error, Result};
use hanami_engine::{BrickValues, SubmitTask, TaskOptions};
use hanami_store::{
    Change, ClusterMode, DatasetKind, FileRole, Membership, NewAuditEntry, NewDataset,
    NewErrorEntry, NewProject, NewTask, NewUser, OffsetDateTime, Outcome, Quotas, TaskKind,
    UserChange, Visibility,
};

use super::deed::Deed;
use super::house::House;
use super::ledger::{Ledger, Table, template};
use crate::data::Sample;

/// Most tasks in a queue.
const QUEUE: u64 = 100;

/// A deed that broke off.
pub(super) struct Broken {
    /// Which of its outcomes are possible.
    pub(super) outcomes: RangeInclusive<usize>,
    pub(super) error: Error,
}

impl From<Error> for Broken {
    /// It may have done nothing, or the first of what it does.
    fn from(error: Error) -> Self {
        Self { outcomes: 0..=1, error }
    }
}

impl House {
    /// Does it to its end, or says how far it may have come.
    pub(super) async fn perform(&self, deed: &Deed, ledger: &Ledger) -> Result<(), Broken> {
        match deed {
            Deed::Teach { cluster, samples } => self.teach(cluster, samples).await,
            Deed::Learn { cluster, samples } => self.learn(cluster, samples).await,
            Deed::Train { cluster, dataset } => {
                let name = format!("train {cluster}");
                self.task(TaskKind::Train, cluster, dataset, &name).await
            }
            Deed::Ask { cluster, dataset, result } => {
                self.task(TaskKind::Request, cluster, dataset, result).await
            }
            Deed::Abort { cluster, dataset, result } => self.abort(cluster, dataset, result).await,
            Deed::Save { cluster, checkpoint } => {
                let uuid = self.cluster(cluster).await?;
                let saved = self.engine.save_cluster(&self.access, checkpoint, uuid).await;
                saved.map_err(Error::from)?;
                self.wait(uuid).await.map_err(at(1))
            }
            Deed::Load { cluster, checkpoint } => {
                let (uuid, checkpoint) =
                    (self.cluster(cluster).await?, self.checkpoint(checkpoint).await?);
                let loaded = self.engine.load_cluster(&self.access, checkpoint, uuid).await;
                loaded.map_err(Error::from)?;
                self.wait(uuid).await.map_err(at(1))
            }
            Deed::Housekeeping => self.keep_house().await.map_err(at(0)),
            _ => Ok(self.at_once(deed, ledger).await?),
        }
    }

    async fn teach(&self, cluster: &str, samples: &[Sample]) -> Result<(), Broken> {
        let uuid = self.cluster(cluster).await.map_err(at(0))?;
        let connected = self.engine.connect(&self.access, uuid).await;
        let mut session = connected.map_err(|error| at(0)(error.into()))?;
        for (step, [left, right, sum]) in samples.iter().enumerate() {
            let filled = [("left", *left), ("right", *right), ("sum", *sum)]
                .iter()
                .try_for_each(|(brick, value)| session.fill(brick, true, &[*value]));
            filled.map_err(|error| at(step)(error.into()))?;
            let trained = session.train().await;
            trained.map_err(|error| Broken { outcomes: step..=step + 1, error: error.into() })?;
        }
        Ok(())
    }

    async fn learn(&self, cluster: &str, samples: &[Sample]) -> Result<(), Broken> {
        let uuid = self.cluster(cluster).await.map_err(at(0))?;
        let column = |index: usize| samples.iter().map(|row| vec![row[index]]).collect::<Vec<_>>();
        let named = |pairs: &[(&str, usize)]| {
            let pairs = pairs.iter().map(|(name, index)| ((*name).to_owned(), column(*index)));
            BrickValues::Named(pairs.collect::<BTreeMap<_, _>>())
        };
        let (inputs, outputs) = (named(&[("left", 0), ("right", 1)]), named(&[("sum", 2)]));
        let learned = self.engine.learn(&self.access, uuid, inputs, outputs).await;
        let outcomes = 0..=samples.len();
        learned.map(drop).map_err(|error| Broken { outcomes, error: error.into() })
    }

    async fn task(
        &self,
        kind: TaskKind,
        cluster: &str,
        dataset: &str,
        name: &str,
    ) -> Result<(), Broken> {
        let (cluster_uuid, dataset_uuid) =
            (self.cluster(cluster).await?, self.dataset(dataset).await?);
        let (name, options) = (name.to_owned(), TaskOptions::default());
        let task = SubmitTask { name, kind, cluster_uuid, dataset_uuid, options };
        self.engine.submit(&self.access, task).await.map_err(Error::from)?;
        self.wait(cluster_uuid).await.map_err(at(1))
    }

    /// Queues a request that no runner is called for, and ends it.
    async fn abort(&self, cluster: &str, dataset: &str, result: &str) -> Result<(), Broken> {
        let (cluster_uuid, dataset_uuid) =
            (self.cluster(cluster).await?, self.dataset(dataset).await?);
        let total = self.store.dataset(&self.access, dataset_uuid).await.map_err(Error::from)?;
        let new = NewTask {
            name: result.to_owned(),
            kind: TaskKind::Request,
            cluster_uuid,
            dataset_uuid,
            total: total.lines,
            options: None,
            result_bytes: 0,
        };
        let queued = self.store.enqueue_task(&self.access, new, QUEUE).await;
        let task = queued.map_err(Error::from)?.uuid;
        let begun = self.store.start_task(task).await;
        begun.map_err(|error| at(1)(error.into()))?;
        let ended = self.store.end_task(task, Outcome::Aborted).await;
        ended.map(drop).map_err(|error| Broken { outcomes: 1..=2, error: error.into() })
    }

    async fn keep_house(&self) -> Result<()> {
        self.store.check().await?;
        let clusters = self.store.clusters(&self.access).await?;
        let now = OffsetDateTime::now_utc();
        let uses: Vec<_> = clusters.iter().map(|cluster| (cluster.uuid, now)).collect();
        self.store.save_uses(&uses).await?;
        Ok(())
    }

    /// What is done by one transaction, or one write.
    async fn at_once(&self, deed: &Deed, ledger: &Ledger) -> Result<()> {
        let (store, engine, access) = (&self.store, &self.engine, &self.access);
        match deed {
            Deed::CreateCluster { name, empty } => {
                let template = (!empty).then(template);
                engine.create_cluster(access, name, template.as_deref()).await?;
            }
            Deed::CreateClusterFrom { name, checkpoint } => {
                let checkpoint = self.checkpoint(checkpoint).await?;
                engine.create_cluster_from(access, name, checkpoint).await?;
            }
            Deed::ShareCluster { name } => {
                store.change_cluster(access, self.cluster(name).await?, share()).await?;
            }
            Deed::SetMode { name, direct } => {
                let mode = if *direct { ClusterMode::Direct } else { ClusterMode::Task };
                engine.set_mode(access, self.cluster(name).await?, mode).await?;
            }
            Deed::DeleteCluster { name } => {
                engine.delete_cluster(access, self.cluster(name).await?).await?;
            }
            Deed::DeleteTask { cluster, index } => {
                let cluster = self.cluster(cluster).await?;
                let tasks = store.tasks(access, cluster).await?;
                let task = tasks.get(*index).context("there is no such task")?;
                engine.delete_task(access, cluster, task.uuid).await?;
            }
            Deed::Import { from, name } => {
                let from = self.checkpoint(from).await?;
                let (_, mut export) = engine.export_checkpoint(access, from).await?;
                let mut file = store.scratch().await?;
                while let Some(piece) = export.next_piece()? {
                    file = file.append(piece).await?;
                }
                engine.upload_checkpoint(access, name, file).await?;
            }
            Deed::ShareCheckpoint { name } => {
                store.change_checkpoint(access, self.checkpoint(name).await?, share()).await?;
            }
            Deed::DeleteCheckpoint { name } => {
                store.delete_checkpoint(access, self.checkpoint(name).await?).await?;
            }
            Deed::ShareResult { name } => {
                store.change_result(access, self.result(name).await?, share()).await?;
            }
            Deed::DeleteResult { name } => {
                store.delete_result(access, self.result(name).await?).await?;
            }
            Deed::Declare { .. }
            | Deed::Upload { .. }
            | Deed::Finish { .. }
            | Deed::ShareDataset { .. }
            | Deed::DeleteDataset { .. }
            | Deed::Expire => self.on_dataset(deed, ledger).await?,
            _ => self.on_people(deed).await?,
        }
        Ok(())
    }

    async fn on_dataset(&self, deed: &Deed, ledger: &Ledger) -> Result<()> {
        let (store, access) = (&self.store, &self.access);
        match deed {
            Deed::Declare { name, rows } => {
                let table = Table { shared: false, rows: rows.clone(), arrived: None };
                let new = NewDataset { name: name.clone(), kind: DatasetKind::Csv };
                let size = table.text().len() as u64;
                store.create_dataset(access, new, &[(FileRole::Input, size)]).await?;
            }
            Deed::Upload { dataset, from, length } => {
                let uuid = self.dataset(dataset).await?;
                let files = store.upload_files(access, uuid).await?;
                let file = files.first().context("it has a file")?.uuid;
                let upload = store.open_upload(access, file).await?;
                let text = ledger.datasets[dataset].text();
                let piece = text.as_bytes()[*from..from + length].to_vec();
                let position = *from as u64;
                tokio::task::spawn_blocking(move || upload.write(position, &piece)).await??;
            }
            Deed::Finish { dataset } => {
                let uuid = self.dataset(dataset).await?;
                let files = store.upload_files(access, uuid).await?;
                let files: Vec<_> = files.iter().map(|file| file.uuid).collect();
                self.engine.finish_dataset(access, uuid, &files).await?;
            }
            Deed::ShareDataset { name } => {
                store.change_dataset(access, self.dataset(name).await?, share()).await?;
            }
            Deed::DeleteDataset { name } => {
                store.delete_dataset(access, self.dataset(name).await?).await?;
            }
            _ => {
                let tomorrow = OffsetDateTime::now_utc() + std::time::Duration::from_hours(24);
                store.delete_stale_uploads(tomorrow).await?;
            }
        }
        Ok(())
    }

    async fn on_people(&self, deed: &Deed) -> Result<()> {
        let (store, creator_id) = (&self.store, "alice".to_owned());
        match deed {
            Deed::CreateUser { id } => {
                let (id, name) = (id.clone(), "new".to_owned());
                let password_hash = "none".to_owned();
                let new = NewUser { id, name, password_hash, is_admin: false, creator_id };
                store.create_user(new).await?;
            }
            Deed::RenameUser { id, name } => {
                let change = UserChange { name: Some(name.clone()), ..UserChange::default() };
                store.change_user(id, change).await?;
            }
            Deed::ExpelUser { id } => store.expel_user(id).await?,
            Deed::DeleteUser { id } => store.delete_user(id).await?,
            Deed::CreateProject { id } => {
                let (id, name) = (id.clone(), id.clone());
                store.create_project(NewProject { id, name, creator_id }).await?;
            }
            Deed::SetQuota { id, clusters } => {
                let own = Quotas { clusters: Some(*clusters), ..Quotas::default() };
                store.set_quota(id, own).await?;
            }
            Deed::ExpelMembers { id } => store.expel_members(id).await?,
            Deed::DeleteProject { id } => store.delete_project(id).await?,
            Deed::Assign { user, project } => {
                let (user_id, project_id) = (user.clone(), project.clone());
                let role = "member".to_owned();
                let place = Membership { user_id, project_id, role, is_project_admin: false };
                store.assign(place).await?;
            }
            Deed::Unassign { user, project } => store.unassign(user, project).await?,
            Deed::Audit => {
                let entry = NewAuditEntry {
                    user_id: creator_id,
                    endpoint: "v1/trial".to_owned(),
                    request_type: "POST".to_owned(),
                    status: 200,
                };
                store.audit(entry).await?;
            }
            _ => {
                let entry = NewErrorEntry {
                    user_id: creator_id,
                    component: "trial".to_owned(),
                    context: String::new(),
                    input_values: String::new(),
                    message: "an error of the trial".to_owned(),
                };
                store.log_error(entry).await?;
            }
        }
        Ok(())
    }
}

/// It broke off when exactly so much was done.
fn at(outcome: usize) -> impl FnOnce(Error) -> Broken {
    move |error| Broken { outcomes: outcome..=outcome, error }
}

/// Lets others see a thing.
fn share() -> Change {
    Change { name: None, visibility: Some(Visibility::Public) }
}
