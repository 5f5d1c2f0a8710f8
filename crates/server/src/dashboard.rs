//! The dashboard: what Vite made of `dashboard`, built into the server.
//!
//! It shares the address with the interface. Its files have paths of their own; its pages are one
//! file, which is the answer wherever a browser goes that is no part of the interface. What is no
//! browser gets the answers that it always got.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, OnceLock};

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

/// Only what comes from this server, and no code or style within the page. `dashboard/headers.ts`
/// has the same for those who work on it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'";

/// Where no pages of the dashboard are: a browser that goes there wants what is there.
const NO_PAGES: [&str; 7] =
    ["control", "docs", "metrics", "healthz", "readyz", "openapi.json", "assets"];

/// The page that all pages are made in.
const PAGE: &str = "index.html";

/// The files in here have the hash of their content in their names.
const HASHED: &str = "assets/";

#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
struct Built;

static FILES: LazyLock<HashMap<String, File>> = LazyLock::new(|| {
    let named = |path: Cow<'static, str>| {
        let file = Built::get(&path)?;
        Some((path.into_owned(), File::new(file)))
    };
    Built::iter().filter_map(named).collect()
});

struct File {
    kind: String,
    tag: String,
    plain: Bytes,
    /// Made when somebody first asks for it.
    gzip: OnceLock<Bytes>,
}

impl File {
    fn new(file: EmbeddedFile) -> Self {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash());
        // Weak, since the same bytes travel with and without compression.
        let tag = format!("W/\"{hash}\"");
        let kind = file.metadata.mimetype();
        let kind =
            if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.into() };
        Self { kind, tag, plain: file.data.into_owned().into(), gzip: OnceLock::new() }
    }

    /// The content, compressed.
    fn gzip(&self) -> Bytes {
        let compress = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            let written = encoder.write_all(&self.plain).and_then(|()| encoder.finish());
            written.expect("a vector takes all that is written to it").into()
        };
        self.gzip.get_or_init(compress).clone()
    }

    fn answer(&self, asked: &HeaderMap, is_hashed: bool) -> Response {
        let caching = if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        let headers: [(HeaderName, &str); 5] = [
            (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (header::CACHE_CONTROL, caching),
            (header::ETAG, &self.tag),
            (header::VARY, "accept, accept-encoding"),
        ];
        if asked.get(header::IF_NONE_MATCH).is_some_and(|tags| lists(tags, &self.tag)) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let takes_gzip =
            asked.get(header::ACCEPT_ENCODING).is_some_and(|codings| lists(codings, "gzip"));
        let coding = takes_gzip.then_some((header::CONTENT_ENCODING, "gzip"));
        let content = if takes_gzip { self.gzip() } else { self.plain.clone() };
        let kind = [(header::CONTENT_TYPE, self.kind.as_str())];
        (headers, kind, AppendHeaders(coding), content).into_response()
    }
}

/// The dashboard's answer to a request; none if the request does not mean the dashboard.
pub(crate) fn answer(request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let asked = request.headers();
    let path = request.uri().path().trim_start_matches('/');
    if let Some(file) = FILES.get(path).filter(|_| path != PAGE && !path.starts_with('.')) {
        return Some(file.answer(asked, path.starts_with(HASHED)));
    }
    let place = path.split('/').next().unwrap_or_default();
    let is_visit = asked.get(header::ACCEPT).is_some_and(|kinds| lists(kinds, "text/html"));
    if NO_PAGES.contains(&place) || !is_visit {
        return None;
    }
    Some(FILES.get(PAGE)?.answer(asked, false))
}

/// Whether a header that lists things, each perhaps with parameters, has `wanted`.
fn lists(header: &HeaderValue, wanted: &str) -> bool {
    let mut things = header.to_str().unwrap_or_default().split(',');
    things.any(|thing| {
        let (name, parameters) = thing.split_once(';').unwrap_or((thing, ""));
        name.trim() == wanted && parameters.trim() != "q=0"
    })
}
