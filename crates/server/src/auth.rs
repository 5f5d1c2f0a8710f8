//! Who is asking, and may they? The only place that makes an [`Access`].
//!
//! A token is not taken at its word: on every request the user must still exist and still have the
//! place in the project that the token tells of, and the password they had. So deleting a user or
//! changing a role or a password works at once. What lasts longer than a request is read keeps its
//! [`Right`] and looks again.

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use hanami_api::{API_PREFIX, ErrorCode, TOKEN_HEADER};
use hanami_store::{Access, Store, StoreError, User};
use tokio::sync::watch;

use crate::error::ApiError;
use crate::policy;
use crate::state::{AppState, Shared};
use crate::tokens::Identity;

/// The project in which global admins are at home.
pub(crate) const ADMIN_PROJECT: &str = "admin";

/// Extractor: the request carries a valid token, and its role may do this.
pub(crate) struct Auth(pub(crate) Access);

impl FromRequestParts<AppState> for Auth {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Lasting(_, access) = Lasting::from_request_parts(parts, state).await?;
        Ok(Self(access))
    }
}

/// Extractor: as [`Auth`], and the right to it, for what lasts.
pub(crate) struct Lasting(pub(crate) Right, pub(crate) Access);

impl FromRequestParts<AppState> for Lasting {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let endpoint = path.strip_prefix(API_PREFIX).unwrap_or(path).trim_start_matches('/');
        let token = token(&parts.headers)?;
        let (right, access) = Right::of(state, token, parts.method.as_str(), endpoint).await?;
        Ok(Self(right, access))
    }
}

/// The token in the headers of a request.
pub(crate) fn token(headers: &HeaderMap) -> Result<&str, ApiError> {
    let own = headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok()).map(str::trim);
    let bearer = || headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ");
    own.filter(|token| !token.is_empty()).or_else(bearer).map(str::trim).ok_or_else(|| {
        let detail = "the request has no token; log in with POST /control/v1/token and send the \
                      token in the header X-Auth-Token";
        ApiError::new(ErrorCode::InvalidToken, detail)
    })
}

/// What allows a request. Whatever lasts longer than its request was read, looks again whether it
/// still does.
pub(crate) struct Right {
    state: AppState,
    identity: Identity,
    method: String,
    endpoint: String,
    places: watch::Receiver<()>,
}

impl Right {
    /// Lets the owner of `token` send `method` to `endpoint`, or says why not.
    pub(crate) async fn of(
        state: &AppState,
        token: &str,
        method: &str,
        endpoint: &str,
    ) -> Result<(Self, Access), ApiError> {
        // Before the first look, so that no change is missed after it.
        let places = state.places.subscribe();
        let identity = state.tokens.read(token)?;
        let user = confirm(&state.store, &identity).await?;
        state.rates.take(&identity.id)?;
        permit(state, &identity, method, endpoint)?;
        let Identity { id, is_admin, project_id, role, is_project_admin, .. } = identity.clone();
        let access = Access::granted(id, user.name, project_id, role, is_admin, is_project_admin);
        let (state, method, endpoint) = (state.clone(), method.to_owned(), endpoint.to_owned());
        Ok((Self { state, identity, method, endpoint, places }, access))
    }

    /// Id of the user.
    pub(crate) fn user(&self) -> &str {
        &self.identity.id
    }

    /// Whether the user still has the place that they had, and a role that may do this.
    pub(crate) async fn confirm(&self) -> Result<(), ApiError> {
        confirm(&self.state.store, &self.identity).await?;
        self.permit(&self.method, &self.endpoint)
    }

    /// Refuses what the user may not do.
    pub(crate) fn permit(&self, method: &str, endpoint: &str) -> Result<(), ApiError> {
        permit(&self.state, &self.identity, method, endpoint)
    }

    /// Waits until it may be worth while to [`confirm`](Self::confirm).
    pub(crate) async fn in_doubt(&mut self) {
        if self.places.changed().await.is_err() {
            // The server is at its end, which is told by other means.
            std::future::pending::<()>().await;
        }
    }

    /// Confirms, if it is worth while.
    pub(crate) async fn confirm_if_in_doubt(&mut self) -> Result<(), ApiError> {
        if self.places.has_changed().unwrap_or(false) {
            self.places.mark_unchanged();
            self.confirm().await?;
        }
        Ok(())
    }
}

/// Whose token this is, if it is valid; whatever it is good for.
pub(crate) async fn owner(state: &AppState, token: &str) -> Option<String> {
    let claimed = state.tokens.read(token).ok()?;
    confirm(&state.store, &claimed).await.ok()?;
    Some(claimed.id)
}

/// The user, if they still are who and where `claimed` says.
async fn confirm(store: &Store, claimed: &Identity) -> Result<User, ApiError> {
    let user = store.user(&claimed.id).await?;
    let present = match &user {
        Some(user) => identity(store, user, Some(&claimed.project_id)).await?,
        None => None,
    };
    match user {
        Some(user) if present.as_ref() == Some(claimed) => Ok(user),
        _ => {
            let detail = "the user, their password or their role has changed since this token was made; log in again";
            Err(ApiError::new(ErrorCode::InvalidToken, detail))
        }
    }
}

/// Refuses what is for global admins to all others, and what the role may not do.
fn permit(
    state: &Shared,
    identity: &Identity,
    method: &str,
    endpoint: &str,
) -> Result<(), ApiError> {
    let Identity { is_admin, role, .. } = identity;
    let forbidden = |detail| Err(ApiError::new(ErrorCode::Forbidden, detail));
    if policy::is_for_admins(method, endpoint) {
        if !is_admin {
            return forbidden(format!("only a global admin may {method} {endpoint}"));
        }
    } else if !state.policy.now().allows(role, method, endpoint) {
        return forbidden(format!("the role '{role}' may not {method} {endpoint}"));
    }
    Ok(())
}

/// Refuses to all but global admins what one endpoint does besides what everyone may do there.
pub(crate) fn only_admins(access: &Access, deed: &str) -> Result<(), ApiError> {
    if access.is_admin() {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::Forbidden, format!("only a global admin may {deed}")))
}

/// The place of `user` in `project`, or in the project where they start; `None` where they have
/// none. Global admins act as admins in every project and start in [`ADMIN_PROJECT`].
pub(crate) async fn identity(
    store: &Store,
    user: &User,
    project: Option<&str>,
) -> Result<Option<Identity>, StoreError> {
    // Fits until the year 294246.
    let made_at = (user.created_at.unix_timestamp_nanos() / 1000) as i64;
    if user.is_admin {
        let project = project.unwrap_or(ADMIN_PROJECT);
        let exists = project == ADMIN_PROJECT || store.project(project).await?.is_some();
        return Ok(exists.then(|| Identity {
            id: user.id.clone(),
            made_at,
            password_version: user.password_version,
            is_admin: true,
            project_id: project.to_owned(),
            role: policy::ADMIN.to_owned(),
            is_project_admin: true,
        }));
    }
    let mut places = store.memberships(&user.id).await?.into_iter();
    let place = places.find(|place| project.is_none_or(|project| project == place.project_id));
    Ok(place.map(|place| Identity {
        id: user.id.clone(),
        made_at,
        password_version: user.password_version,
        is_admin: false,
        project_id: place.project_id,
        role: place.role,
        is_project_admin: place.is_project_admin,
    }))
}
