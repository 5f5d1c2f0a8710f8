//! The recorder: a layer that writes the audit log and the error log.
//!
//! It writes after the handler has run and before the answer leaves, within the task that
//! nobody cancels: what a client got an answer for is in the log. A log that can't be written
//! costs nobody their answer.

use axum::extract::{Query, Request, State};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use hanami_api::API_PREFIX;
use hanami_store::{NewAuditEntry, NewErrorEntry};
use tower_http::request_id::RequestId;

use crate::auth;
use crate::error::Cause;
use crate::state::{AppState, Shared};

/// Extension of the answer to a log-in that succeeded: who it was.
#[derive(Debug, Clone)]
pub(crate) struct LoggedIn(pub(crate) String);

/// Stands for a user that is not known.
pub(crate) const NOBODY: &str = "-";

/// Runs the rest of a request and records it, if it belongs into a log.
pub(crate) async fn record(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let id = request.extensions().get::<RequestId>().cloned();
    let token = auth::token(request.headers()).ok().map(str::to_owned);
    let endpoint = audited_endpoint(&method, &uri).map(str::to_owned);

    // Before the handler runs, since it may change who the token stands for.
    let mut user = match (&endpoint, &token) {
        (Some(_), Some(token)) => user_id(&state, token).await,
        _ => None,
    };
    let mut response = next.run(request).await;

    if let Some(LoggedIn(id)) = response.extensions_mut().remove() {
        user = Some(id);
    }
    if let (Some(endpoint), Some(user_id)) = (endpoint, &user) {
        let entry = NewAuditEntry {
            user_id: user_id.clone(),
            endpoint,
            request_type: method.to_string(),
            status: response.status().as_u16(),
        };
        match state.store.audit(entry).await {
            Ok(()) => {
                state.metrics.audit_entries.inc();
            }
            // So that it stands somewhere at least.
            Err(error) => tracing::error!(
                %error, user = user_id, %method, path = uri.path(), status = response.status().as_u16(),
                "the audit log can't be written"
            ),
        }
    }
    if let Some(Cause(message)) = response.extensions_mut().remove() {
        if let (None, Some(token)) = (&user, &token) {
            user = user_id(&state, token).await;
        }
        let id = id.as_ref().and_then(|id| id.header_value().to_str().ok());
        let entry = NewErrorEntry {
            user_id: user.unwrap_or_else(|| NOBODY.to_owned()),
            component: format!("{method} {}", uri.path()),
            context: id.unwrap_or_default().to_owned(),
            input_values: harmless(&uri),
            message,
        };
        note(&state, entry).await;
    }
    response
}

/// Id of the user whose token this is, if it is valid.
async fn user_id(state: &Shared, token: &str) -> Option<String> {
    let owner = auth::owner(state, token).await.ok()?;
    Some(owner.identity.id.clone())
}

/// Writes an internal error to the error log.
pub(crate) async fn note(state: &Shared, entry: NewErrorEntry) {
    match state.store.log_error(entry).await {
        Ok(()) => {
            state.metrics.error_entries.inc();
        }
        Err(error) => tracing::error!(%error, "the error log can't be written"),
    }
}

/// What changes nothing and is asked often: a row in the log would take a hundred times as long.
const NOT_AUDITED: [&str; 3] = ["/cluster/predict", "/cluster/explain", "/template/check"];

/// The endpoint of a request that is audited, e.g. `v1/cluster`.
fn audited_endpoint<'a>(method: &Method, uri: &'a Uri) -> Option<&'a str> {
    let below = uri.path().strip_prefix(API_PREFIX)?;
    let endpoint = uri.path().strip_prefix("/control/")?;
    let changes = method != Method::GET && !NOT_AUDITED.contains(&below);
    (changes && below.starts_with('/')).then_some(endpoint)
}

/// The parameters of a query string that are no secrets.
fn harmless(uri: &Uri) -> String {
    let Ok(Query(parameters)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
        return String::new();
    };
    let is_secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("token") || name.contains("password")
    };
    let shown = parameters.iter().filter(|(name, _)| !is_secret(name));
    shown.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out_however_they_are_written() {
        let shown = |query: &str| harmless(&format!("/?{query}").parse().unwrap());
        assert_eq!(shown("uuid=1&page=2"), "uuid=1&page=2");
        assert_eq!(shown("token=abc&uuid=1&Password=abc"), "uuid=1");
        assert_eq!(shown("%74oken=abc&new_password=abc"), "");
    }

    #[test]
    fn what_may_change_something_is_audited() {
        let endpoint = |method, path: &'static str| {
            audited_endpoint(&method, &Uri::from_static(path)).map(str::to_owned)
        };
        let post = endpoint(Method::POST, "/control/v1/cluster/save?uuid=1");
        assert_eq!(post.as_deref(), Some("v1/cluster/save"));
        assert_eq!(endpoint(Method::GET, "/control/v1/cluster"), None);
        assert_eq!(endpoint(Method::POST, "/control/v1/cluster/predict"), None);
        assert_eq!(endpoint(Method::POST, "/control/v1/cluster/explain"), None);
        assert_eq!(endpoint(Method::POST, "/control/v1/template/check"), None);
        assert_eq!(endpoint(Method::POST, "/control/v10/cluster"), None);
        assert_eq!(endpoint(Method::POST, "/"), None);
    }
}
