//! What a user or a project still owns, so that neither is deleted while something would be left
//! without an owner; or so that it is deleted with them.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::{checkpoint, cluster, dataset, request_result, task};
use crate::error::StoreError;
use crate::store::Store;
use crate::tasks;

/// How many names of a kind are told.
const NAMES_TOLD: u64 = 3;

/// Who or what resources belong to.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// The user with this id.
    User(&'a str),
    /// The project with this id.
    Project(&'a str),
}

impl Holder<'_> {
    /// Selects the resources of this holder in any table that has owners.
    fn owns(self) -> Expr {
        match self {
            Self::User(id) => Expr::col("owner_id").eq(id),
            Self::Project(id) => Expr::col("project_id").eq(id),
        }
    }
}

impl std::fmt::Display for Holder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(id) => write!(f, "the user '{id}'"),
            Self::Project(id) => write!(f, "the project '{id}'"),
        }
    }
}

/// Everything that a user or a project owns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Clusters.
    pub clusters: Vec<Uuid>,
    /// Tasks, each with its cluster; also those that others have for the datasets and are open.
    pub tasks: Vec<(Uuid, Uuid)>,
    /// Datasets.
    pub datasets: Vec<Uuid>,
    /// Checkpoints.
    pub checkpoints: Vec<Uuid>,
    /// Request results.
    pub results: Vec<Uuid>,
}

impl Store {
    /// Everything that `holder` owns, to be deleted with them. Every table with owners stands
    /// here.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn holdings(&self, holder: Holder<'_>) -> Result<Holdings, StoreError> {
        let db = self.reader();
        let mut tasks = task::Entity::find().filter(holder.owns()).all(db).await?;
        let datasets = uuids::<dataset::Entity>(db, holder).await?;
        for dataset in &datasets {
            tasks.extend(tasks::open_tasks_on(db, *dataset).await?);
        }
        Ok(Holdings {
            clusters: uuids::<cluster::Entity>(db, holder).await?,
            tasks: tasks.into_iter().map(|task| (task.cluster_uuid, task.uuid)).collect(),
            datasets,
            checkpoints: uuids::<checkpoint::Entity>(db, holder).await?,
            results: uuids::<request_result::Entity>(db, holder).await?,
        })
    }
}

async fn uuids<E: EntityTrait>(
    db: &impl ConnectionTrait,
    holder: Holder<'_>,
) -> Result<Vec<Uuid>, StoreError> {
    let owned = E::find().select_only().expr(Expr::col("uuid")).filter(holder.owns());
    Ok(owned.into_tuple().all(db).await?)
}

/// Refuses, with a list, if `holder` owns anything. Every table with owners stands here.
pub(crate) async fn refuse_any(
    db: &impl ConnectionTrait,
    holder: Holder<'_>,
) -> Result<(), StoreError> {
    let held = [
        held::<cluster::Entity>(db, holder, "cluster").await?,
        held::<checkpoint::Entity>(db, holder, "checkpoint").await?,
        held::<dataset::Entity>(db, holder, "dataset").await?,
        held::<task::Entity>(db, holder, "task").await?,
        held::<request_result::Entity>(db, holder, "request result").await?,
    ];
    let held: Vec<String> = held.into_iter().flatten().collect();
    if held.is_empty() {
        return Ok(());
    }
    let held = held.join(", ");
    Err(StoreError::conflict(format!("{holder} still owns {held}: delete them first")))
}

/// Resources of one kind, counted and the first of them named: `4 tasks ('a', 'b', 'c', ...)`.
async fn held<E: EntityTrait<Model: Sync>>(
    db: &impl ConnectionTrait,
    holder: Holder<'_>,
    kind: &str,
) -> Result<Option<String>, StoreError> {
    let owned = E::find().filter(holder.owns());
    let count = owned.clone().count(db).await?;
    if count == 0 {
        return Ok(None);
    }
    let first = owned.select_only().expr(Expr::col("name")).order_by_asc(Expr::col("name"));
    let names: Vec<String> = first.limit(NAMES_TOLD).into_tuple().all(db).await?;
    let plural = if count == 1 { "" } else { "s" };
    let more = if count > NAMES_TOLD { ", ..." } else { "" };
    Ok(Some(format!("{count} {kind}{plural} ('{}'{more})", names.join("', '"))))
}
