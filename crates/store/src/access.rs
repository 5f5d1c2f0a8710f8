//! Who may see and change what.

use sea_orm::sea_query::IntoCondition;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::entity::visibility::Visibility;
use crate::error::StoreError;

/// The proof that a user was authenticated and that the policy allowed the request, and with it
/// the scope of everything the request may touch.
///
/// | who | sees and changes |
/// |---|---|
/// | admin | everything |
/// | project admin | everything in the project |
/// | others | what they own in the project |
///
/// Others' resources that are `shared` (in the project) or `public` may be seen and used, not
/// changed.
#[derive(Clone, Debug)]
pub struct Access {
    user_id: String,
    user_name: String,
    project_id: String,
    role: String,
    is_admin: bool,
    is_project_admin: bool,
}

impl Access {
    /// Only the server's policy check may call this, after it has verified the token and allowed
    /// the request; no handler makes an `Access` of its own.
    pub fn granted(
        user_id: impl Into<String>,
        user_name: impl Into<String>,
        project_id: impl Into<String>,
        role: impl Into<String>,
        is_admin: bool,
        is_project_admin: bool,
    ) -> Self {
        Self {
            user_id: user_id.into(),
            user_name: user_name.into(),
            project_id: project_id.into(),
            role: role.into(),
            is_admin,
            is_project_admin,
        }
    }

    /// The user's id.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The user's name.
    #[must_use]
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// The project the request acts in.
    #[must_use]
    pub fn project_id(&self) -> &str {
        &self.project_id
    }

    /// The user's role in the project.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// Whether the user administrates the whole server.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.is_admin
    }

    /// Whether the user administrates the project.
    #[must_use]
    pub fn is_project_admin(&self) -> bool {
        self.is_project_admin
    }

    /// What this access may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        if self.is_admin {
            return Scope::Everything;
        }
        let project = self.project_id.clone();
        if self.is_project_admin {
            return Scope::Project(project);
        }
        Scope::OwnIn { project, user: self.user_id.clone() }
    }

    /// The resource, if this access may see and use it.
    pub(crate) async fn see<E: Owned>(
        &self,
        db: &impl ConnectionTrait,
        uuid: Uuid,
    ) -> Result<E::Model, StoreError> {
        find::<E>(db, uuid, self.may_see::<E>()).await
    }

    /// The resource, if this access may change or delete it.
    pub(crate) async fn change<E: Owned>(
        &self,
        db: &impl ConnectionTrait,
        uuid: Uuid,
    ) -> Result<E::Model, StoreError> {
        find::<E>(db, uuid, self.may_change::<E>()).await
    }

    /// All resources this access may see, oldest first.
    pub(crate) async fn list<E: Owned>(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<E::Model>, StoreError> {
        let all = self.seen_with::<E>(Condition::all());
        Ok(all.order_by_asc(E::CREATED_AT).order_by_asc(E::UUID).all(db).await?)
    }

    /// As [`Access::list`], but no more of each than a list shows: the rest may be large.
    pub(crate) async fn list_shown<E: Owned>(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<Listed>, StoreError> {
        let shown = [E::UUID, E::NAME, E::OWNER_ID, E::PROJECT_ID, E::VISIBILITY];
        let all = self.seen_with::<E>(Condition::all()).select_only().columns(shown);
        let all = all.order_by_asc(E::CREATED_AT).order_by_asc(E::UUID);
        Ok(all.into_model().all(db).await?)
    }

    /// Selects the resources this access may see that also meet `condition`.
    pub(crate) fn seen_with<E: Owned>(&self, condition: impl IntoCondition) -> Select<E> {
        E::find().filter(self.may_see::<E>()).filter(condition)
    }

    /// Selects the rows of `E` this access may change or delete.
    fn may_change<E: Owned>(&self) -> Condition {
        if self.is_admin {
            return Condition::all();
        }
        let in_project = Condition::all().add(E::PROJECT_ID.eq(&self.project_id));
        if self.is_project_admin {
            return in_project;
        }
        in_project.add(E::OWNER_ID.eq(&self.user_id))
    }

    /// Selects the rows of `E` this access may see and use.
    fn may_see<E: Owned>(&self) -> Condition {
        if self.is_admin {
            return Condition::all();
        }
        let shared = Condition::all()
            .add(E::PROJECT_ID.eq(&self.project_id))
            .add(E::VISIBILITY.eq(Visibility::Shared));
        Condition::any()
            .add(self.may_change::<E>())
            .add(shared)
            .add(E::VISIBILITY.eq(Visibility::Public))
    }
}

/// What an access may see, but for what is shared or public: two of the same scope see the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything there is.
    Everything,
    /// Everything in a project.
    Project(String),
    /// What a user owns in a project.
    OwnIn {
        /// The project's id.
        project: String,
        /// The user's id.
        user: String,
    },
}

/// A resource as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Listed {
    /// Its uuid.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The user it belongs to.
    pub owner_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
}

async fn find<E: Owned>(
    db: &impl ConnectionTrait,
    uuid: Uuid,
    allowed: Condition,
) -> Result<E::Model, StoreError> {
    let found = E::find().filter(E::UUID.eq(uuid)).filter(allowed).one(db).await?;
    found.ok_or_else(|| StoreError::not_found(E::KIND, uuid))
}

/// A resource with an owner, a project and a visibility.
pub(crate) trait Owned: EntityTrait {
    /// What users call it, for messages.
    const KIND: &'static str;
    /// The column of its uuid.
    const UUID: Self::Column;
    /// The column of its name.
    const NAME: Self::Column;
    /// The column of its owner's user id.
    const OWNER_ID: Self::Column;
    /// The column of the project it was made in.
    const PROJECT_ID: Self::Column;
    /// The column that says who else may see it.
    const VISIBILITY: Self::Column;
    /// The column of the time it was made.
    const CREATED_AT: Self::Column;
}

/// Implements [`Owned`] for the entity of a module whose columns have the usual names.
macro_rules! owned {
    ($kind:literal) => {
        impl crate::access::Owned for Entity {
            const KIND: &'static str = $kind;
            const UUID: Column = Column::Uuid;
            const NAME: Column = Column::Name;
            const OWNER_ID: Column = Column::OwnerId;
            const PROJECT_ID: Column = Column::ProjectId;
            const VISIBILITY: Column = Column::Visibility;
            const CREATED_AT: Column = Column::CreatedAt;
        }
    };
}
pub(crate) use owned;
