//! What a handler takes out of a request: the body and the query string, checked.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use futures_util::StreamExt;
use hanami_api::ErrorCode;
use serde::de::DeserializeOwned;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;
use crate::state::AppState;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of each body that take no room among all bodies. Without any room, what is small is served.
const FREE_BYTES: usize = 16 << 10;

/// Extractor: the body is a JSON object with exactly the fields of `T`, whatever its content type.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let Large(body, _room) = Large::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// Extractor: as [`Body`], for one of somebody who is not known yet, and who takes no room from others.
pub(crate) struct Brief<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Brief<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let limit = (state.settings.max_body_bytes.get() as usize).min(FREE_BYTES);
        Ok(Self(object(request, limit, &state.bodies).await?.0))
    }
}

/// Extractor: as [`Body`], for one that stays large when it is parsed, with the room that it takes
/// among all bodies, to be kept as long as the body is.
pub(crate) struct Large<T>(pub(crate) T, pub(crate) OwnedSemaphorePermit);

impl<T: DeserializeOwned> FromRequest<AppState> for Large<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let limit = state.settings.max_body_bytes.get() as usize;
        let (body, room) = object(request, limit, &state.bodies).await?;
        Ok(Self(body, room))
    }
}

/// What the body of a request says, and the room that it took among all bodies.
async fn object<T: DeserializeOwned>(
    request: Request,
    limit: usize,
    bodies: &Arc<Semaphore>,
) -> Result<(T, OwnedSemaphorePermit), ApiError> {
    let read = tokio::time::timeout(PATIENCE, read(request, limit, bodies)).await;
    let (bytes, room) = read.map_err(|_| invalid("it did not arrive within 30 seconds"))??;
    Ok((parse(&bytes).map_err(invalid)?, room))
}

/// The body of a request, and the room that it takes among all bodies.
async fn read(
    request: Request,
    limit: usize,
    bodies: &Arc<Semaphore>,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), ApiError> {
    refuse_larger(&request, limit as u64)?;
    let mut pieces = request.into_body().into_data_stream();
    let take = |length: usize| {
        bodies.clone().try_acquire_many_owned(length as u32).map_err(|_| {
            ApiError::new(ErrorCode::TooMany, "too many large requests arrive at the moment")
        })
    };
    let beyond = |length: usize| length.saturating_sub(FREE_BYTES);
    let (mut bytes, mut room) = (Vec::new(), take(0)?);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| invalid("it broke off"))?;
        if piece.len() > limit - bytes.len() {
            return Err(too_large(limit as u64));
        }
        // Taken as it arrives: who only declares much keeps nothing from others.
        room.merge(take(beyond(bytes.len() + piece.len()) - beyond(bytes.len()))?);
        bytes.extend_from_slice(&piece);
    }
    Ok((bytes, room))
}

/// Refuses a body that says of itself that it is larger than `limit`.
pub(crate) fn refuse_larger(request: &Request, limit: u64) -> Result<(), ApiError> {
    match declared_length(request.headers()) {
        Some(length) if length > limit => Err(too_large(limit)),
        _ => Ok(()),
    }
}

/// The length of a body, if that is told before it.
pub(crate) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(crate) fn too_large(limit: u64) -> ApiError {
    let detail = format!("the request body is larger than the limit of {limit} bytes");
    ApiError::new(ErrorCode::LimitExceeded, detail)
}

/// Parses a JSON object; the error names the field. Keeping track of the fields takes much of the
/// time for long lists of numbers, so that is done only for what is not valid.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    match bytes.trim_ascii_start().first() {
        None => return Err("it is empty; send a JSON object".to_owned()),
        Some(b'{') => {}
        Some(_) => return Err("it is not a JSON object".to_owned()),
    }
    if let Ok(parsed) = serde_json::from_slice(bytes) {
        return Ok(parsed);
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let reason = error.into_inner();
        match field.as_str() {
            "." => reason.to_string(),
            field => format!("the field `{field}`: {reason}"),
        }
    })?;
    json.end().map_err(|error| error.to_string())?;
    Ok(parsed)
}

fn invalid(reason: impl std::fmt::Display) -> ApiError {
    ApiError::new(ErrorCode::InvalidBody, format!("the request body is not valid: {reason}"))
}

/// Extractor: the query string holds exactly the parameters of `T`.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        query(&parts.uri).map(Self)
    }
}

/// Parses a query string; the error names the parameter.
fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, ApiError> {
    match Query::try_from_uri(uri) {
        Ok(Query(params)) => Ok(params),
        Err(error) => {
            let reason = error.body_text().replace("field", "parameter");
            Err(ApiError::new(ErrorCode::InvalidQuery, reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use hanami_api::cluster::{ByUuid, CreateCluster};

    use super::*;

    #[tokio::test]
    async fn large_bodies_share_a_room_and_give_it_back_and_small_ones_need_none() {
        let bodies = Arc::new(Semaphore::new(10));
        let limit = FREE_BYTES + 7;
        let request = |length: usize| Request::new(axum::body::Body::from(vec![b'x'; length]));
        let first = read(request(limit), limit, &bodies).await.unwrap();
        let refused = read(request(FREE_BYTES + 4), limit, &bodies).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::TooMany);
        let larger = read(request(limit + 1), limit, &bodies).await.unwrap_err();
        assert_eq!(larger.code(), ErrorCode::LimitExceeded);
        let small = read(request(FREE_BYTES), limit, &bodies).await.unwrap();
        assert_eq!((small.0.len(), bodies.available_permits()), (FREE_BYTES, 3));
        drop(first);
        assert_eq!(read(request(FREE_BYTES + 4), limit, &bodies).await.unwrap().0.len(), limit - 3);
        assert_eq!(bodies.available_permits(), 10);
    }

    fn body(text: &str) -> String {
        parse::<CreateCluster>(text.as_bytes()).unwrap_err()
    }

    fn by_uuid(text: &str) -> Result<ByUuid, ApiError> {
        query(&format!("/control/v1/cluster?{text}").parse().unwrap())
    }

    #[test]
    fn a_bad_body_is_refused_naming_the_field() {
        for (text, named) in [
            ("", "empty"),
            ("  ", "empty"),
            ("[\"cluster\", null]", "not a JSON object"),
            ("\"text\"", "not a JSON object"),
            ("{\"template\": \"\"}", "`name`"),
            ("{\"name\": 1}", "`name`"),
            ("{\"name\": \"c\"}", "`name`"),
            ("{\"name\": \"1234\"}", "begin with a letter"),
            ("{\"name\": \"mine\", \"nom\": 1}", "`nom`"),
            ("{\"name\": \"mine\", \"name\": \"mine\"}", "`name`"),
            ("{\"name\": \"mine\"", "EOF"),
            ("{\"name\": \"mine\"} {}", "trailing"),
            ("{\"name\": \"\u{0}\\ud800\"}", "`name`"),
        ] {
            let detail = body(text);
            assert!(detail.contains(named), "{text}: {detail}");
        }
        assert!(parse::<CreateCluster>(b"\n {\"name\": \"mine\"}\n").is_ok());
    }

    #[test]
    fn a_bad_query_is_refused_naming_the_parameter() {
        for (text, named) in [
            ("", "`uuid`"),
            ("uuid=", "uuid: "),
            ("uuid=7", "uuid: "),
            ("uuid=not-a-uuid", "uuid: "),
            ("id=00000000-0000-0000-0000-000000000000", "`id`"),
            ("uuid=00000000-0000-0000-0000-000000000000&more=1", "`more`"),
        ] {
            let error = by_uuid(text).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidQuery);
            let detail = error.detail();
            assert!(detail.contains(named), "{text}: {detail}");
        }
        assert!(by_uuid("uuid=0F0F0F0F-0000-4000-8000-00000000000A").is_ok());
    }
}
