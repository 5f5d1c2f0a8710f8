//! Values the server makes for itself once and then keeps.

use rand::TryRng;
use rand::rngs::SysRng;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;

use crate::entity::setting;
use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// The secret of this name. The first call makes it, `len` bytes of the operating system's
    /// randomness; later calls return the same bytes.
    ///
    /// # Errors
    ///
    /// If the database fails or the system has no randomness.
    pub async fn secret(&self, name: &str, len: usize) -> Result<Vec<u8>, StoreError> {
        if let Some(found) = self.setting(name).await? {
            return Ok(found);
        }
        let mut made = vec![0; len];
        SysRng
            .try_fill_bytes(&mut made)
            .map_err(|error| StoreError::Randomness(error.to_string()))?;

        let txn = self.begin("create secret").await?;
        let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(made) };
        setting::Entity::insert(row).on_conflict_do_nothing().exec(&txn).await?;
        txn.commit().await?;
        // Another caller may have been faster; all use the one that is stored.
        let stored = self.setting(name).await?;
        stored.ok_or_else(|| StoreError::not_found("secret", name))
    }

    async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = setting::Entity::find_by_id(name.to_owned()).one(self.reader()).await?;
        Ok(found.map(|setting| setting.value))
    }
}
