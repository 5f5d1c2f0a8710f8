//! What a user or a project still owns, so that neither is deleted while something would be left
//! without an owner.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{checkpoint, cluster, dataset, request_result, task};
use crate::error::StoreError;

/// How many names of a kind are told.
const NAMES_TOLD: u64 = 3;

/// Who or what resources belong to.
#[derive(Clone, Copy)]
pub(crate) enum Holder<'a> {
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
