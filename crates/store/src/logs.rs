//! The audit log and the error log: rows are added at one end and, now and then, the oldest are
//! deleted at the other, so that neither grows for ever.
//!
//! Rows are numbered without gaps that matter, so the number of a new row tells which ones are too
//! old. Deleting happens with every [`BATCH`]th row, which keeps each deletion short.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::Access;
use crate::entity::{audit_entry, error_entry};
use crate::error::StoreError;
use crate::store::Store;

/// Rows of a page of either log.
pub const LOG_PAGE_ROWS: u64 = 100;

/// Newest rows of the audit log that are kept.
const AUDIT_ROWS: i64 = 1_000_000;

/// Newest rows of the error log that are kept.
const ERROR_ROWS: i64 = 100_000;

/// Rows that are deleted at once, and by which a log may exceed its size.
const BATCH: i64 = 1000;

/// Characters of the short and the long texts of a row; what is longer is cut.
const SHORT: usize = 256;
const LONG: usize = 4096;

/// What a row of the audit log is made of.
#[derive(Clone, Debug)]
pub struct NewAuditEntry {
    /// The user who asked.
    pub user_id: String,
    /// What was asked, e.g. `v1/cluster`.
    pub endpoint: String,
    /// The method, e.g. `POST`.
    pub request_type: String,
    /// The status of the answer.
    pub status: u16,
}

/// What a row of the error log is made of.
#[derive(Clone, Debug)]
pub struct NewErrorEntry {
    /// The user who asked, or `-` if that is not known.
    pub user_id: String,
    /// Where it happened: method and path, the target of a websocket, or the kind of a task.
    pub component: String,
    /// The id of the request, the connection or the task.
    pub context: String,
    /// What was asked with, without secrets.
    pub input_values: String,
    /// The cause.
    pub message: String,
}

impl Store {
    /// Adds a row to the audit log.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn audit(&self, new: NewAuditEntry) -> Result<(), StoreError> {
        use audit_entry::{ActiveModel, Column, Entity};

        let row = ActiveModel {
            seq: NotSet,
            timestamp: Set(self.now()),
            user_id: Set(cut(&new.user_id, SHORT)),
            endpoint: Set(cut(&new.endpoint, SHORT)),
            request_type: Set(cut(&new.request_type, SHORT)),
            status: Set(new.status.into()),
        };
        let txn = self.begin("audit").await?;
        let added = row.insert(&txn).await?;
        if let Some(last) = last_too_old(added.seq, AUDIT_ROWS) {
            Entity::delete_many().filter(Column::Seq.lte(last)).exec(&txn).await?;
        }
        txn.commit().await
    }

    /// A page of the audit log, newest first: for admins of everyone or of `user_id`, for others
    /// always their own rows, without those of a former user with the same id.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn audit_log(
        &self,
        access: &Access,
        user_id: Option<&str>,
        page: u32,
    ) -> Result<Vec<audit_entry::Model>, StoreError> {
        use audit_entry::{Column, Entity};

        let mut rows = Entity::find();
        if access.is_admin() {
            if let Some(user_id) = user_id {
                rows = rows.filter(Column::UserId.eq(user_id));
            }
        } else {
            let id = access.user_id();
            let Some(user) = self.user(id).await? else { return Ok(Vec::new()) };
            rows =
                rows.filter(Column::UserId.eq(id)).filter(Column::Timestamp.gte(user.created_at));
        }
        let newest_first = rows.order_by_desc(Column::Seq);
        let page = newest_first.offset(offset(page)).limit(LOG_PAGE_ROWS);
        Ok(page.all(self.reader()).await?)
    }

    /// Adds a row to the error log.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn log_error(&self, new: NewErrorEntry) -> Result<(), StoreError> {
        use error_entry::{ActiveModel, Column, Entity};

        let row = ActiveModel {
            seq: NotSet,
            timestamp: Set(self.now()),
            user_id: Set(cut(&new.user_id, SHORT)),
            component: Set(cut(&new.component, SHORT)),
            context: Set(cut(&new.context, SHORT)),
            input_values: Set(cut(&new.input_values, LONG)),
            message: Set(cut(&new.message, LONG)),
        };
        let txn = self.begin("log error").await?;
        let added = row.insert(&txn).await?;
        if let Some(last) = last_too_old(added.seq, ERROR_ROWS) {
            Entity::delete_many().filter(Column::Seq.lte(last)).exec(&txn).await?;
        }
        txn.commit().await
    }

    /// A page of the error log, newest first, of everyone or of `user_id`. It is for admins, which
    /// the server checks.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn error_log(
        &self,
        user_id: Option<&str>,
        page: u32,
    ) -> Result<Vec<error_entry::Model>, StoreError> {
        use error_entry::{Column, Entity};

        let mut rows = Entity::find();
        if let Some(user_id) = user_id {
            rows = rows.filter(Column::UserId.eq(user_id));
        }
        let newest_first = rows.order_by_desc(Column::Seq);
        let page = newest_first.offset(offset(page)).limit(LOG_PAGE_ROWS);
        Ok(page.all(self.reader()).await?)
    }
}

/// The last row that is to be deleted after row `seq` was added to a log that keeps `kept` rows,
/// if it is time to delete any.
fn last_too_old(seq: i64, kept: i64) -> Option<i64> {
    (seq % BATCH == 0 && seq > kept).then(|| seq - kept)
}

fn offset(page: u32) -> u64 {
    u64::from(page) * LOG_PAGE_ROWS
}

fn cut(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}
