//! The OpenAPI document. Paths and schemas come from the handlers themselves, since the router
//! serves exactly what it describes, and what leads from one to another from `links`; here are the
//! parts that all of them share.

use std::collections::BTreeMap;

use hanami_api::{ErrorCode, Problem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi};

use crate::{links, routes};

/// The OpenAPI document as JSON, as served at `/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    let (_, mut document) = routes::described().split_for_parts();
    links::add(&mut document);
    // The document is made of texts, numbers and maps with text keys, which always make JSON.
    document.to_pretty_json().unwrap_or_default()
}

/// What is true for the whole interface.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hanami",
        description = "A server that learns: upload data, describe a network, train it and ask it.\n\n\
            Log in with `POST /control/v1/token` and send the token with every further request. \
            Bodies are read as JSON whatever their content type. Lists answer a table: a header \
            and rows of cells. What a user may not see is answered like what does not exist. \
            Training sample by sample goes over a websocket at `/`; uploads may, too."
    ),
    security(("token" = []), ("bearer" = [])),
    components(schemas(Problem)),
    modifiers(&SecuritySchemes),
)]
pub(crate) struct Document;

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key =
            ApiKeyValue::with_description("X-Auth-Token", "A token of `POST /control/v1/token`.");
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The same token in the header `Authorization`."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::ApiKey(ApiKey::Header(key)));
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

macro_rules! problem_answers {
    ($($(#[$doc:meta])* $name:ident = $($status:literal)+;)*) => {
        $($(#[$doc])* pub(crate) enum $name {}

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([$(($status.to_string(), problem($status).into()),)+])
            }
        })*
    };
}

problem_answers! {
    /// Answers of every handler that wants a token.
    Always = 401 429 500 503;
    /// Answers of what is counted.
    Watched = 500;
    /// The server can't serve at present.
    Unready = 500 503;
    /// The request is not well formed, or goes past a limit.
    BadRequest = 400;
    /// Something that the request names is not there for this user.
    NotFound = 404;
    /// The state of things does not allow it.
    Conflict = 409;
}

/// The answer for problems with this status.
fn problem(status: u16) -> Response {
    let codes: Vec<ErrorCode> =
        ErrorCode::ALL.iter().copied().filter(|code| code.status() == status).collect();
    let meanings: Vec<String> =
        codes.iter().map(|code| format!("{} (`{}`)", code.title(), code.as_str())).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new()
        .description(format!("{}.", meanings.join("; ")))
        .content("application/problem+json", content)
        .build()
}
