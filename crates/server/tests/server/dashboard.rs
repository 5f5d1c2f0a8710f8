//! The dashboard, as a browser fetches it.

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, IF_NONE_MATCH};
use reqwest::{Method, Response};

use crate::common::TestServer;

/// What browsers accept when they go to an address.
const VISIT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn visit(server: &TestServer, path: &str) -> Response {
    server.http.get(server.url(path)).header(ACCEPT, VISIT).send().await.unwrap()
}

/// Goes to a page, and returns it.
async fn page(server: &TestServer, path: &str) -> String {
    let answer = visit(server, path).await;
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "{path}");
    answer.text().await.unwrap()
}

/// The files that a page names.
fn files(page: &str) -> Vec<String> {
    let named = ["src=\"", "href=\""].map(|attribute| page.split(attribute).skip(1));
    let paths = named.into_iter().flatten().filter_map(|rest| rest.split('"').next());
    paths.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_browser_finds_the_dashboard_at_the_root_and_at_each_of_its_pages() {
    let server = TestServer::start().await;
    let root = page(&server, "/").await;
    assert!(root.contains("<title>Hanami</title>"));
    for path in ["/login", "/clusters/new", "/clusters/6b1f?tab=live", "/no/such/page"] {
        assert_eq!(page(&server, path).await, root, "{path}");
    }
}

#[tokio::test]
async fn all_that_the_page_names_is_here_and_may_be_kept() {
    let server = TestServer::start().await;
    let files = files(&page(&server, "/").await);
    assert!(files.iter().any(|file| file.starts_with("/assets/")), "{files:?}");
    for file in files {
        let answer = server.http.get(server.url(&file)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{file}");
        let kind = answer.headers()["content-type"].to_str().unwrap();
        let expected = match file.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{other}"),
        };
        assert_eq!(kind, expected, "{file}");
        let is_hashed = file.starts_with("/assets/");
        let caching = answer.headers()["cache-control"].to_str().unwrap();
        assert_eq!(caching.contains("immutable"), is_hashed, "{file}");
    }
}

#[tokio::test]
async fn the_dashboard_can_do_nothing_but_what_this_server_gives_it() {
    let server = TestServer::start().await;
    let answer = visit(&server, "/").await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    for rule in
        ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"]
    {
        assert!(policy.split("; ").any(|part| part == rule), "{rule}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers()["cross-origin-opener-policy"], "same-origin");
    assert!(!answer.text().await.unwrap().contains("://"));
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let server = TestServer::start().await;
    let tag = visit(&server, "/").await.headers()[ETAG].clone();
    let ask = |tags: String| {
        server.http.get(server.url("/")).header(ACCEPT, VISIT).header(IF_NONE_MATCH, tags).send()
    };
    let tag = tag.to_str().unwrap();
    let same = ask(format!("W/\"other\", {tag}")).await.unwrap();
    assert_eq!(same.status(), 304);
    assert_eq!(same.headers()[ETAG], tag);
    assert!(same.bytes().await.unwrap().is_empty());
    assert_eq!(ask("W/\"other\"".to_owned()).await.unwrap().status(), 200);
}

#[tokio::test]
async fn files_are_compressed_for_those_who_can_unpack_them() {
    let server = TestServer::start().await;
    let files = files(&page(&server, "/").await);
    let script = files.iter().find(|file| file.starts_with("/assets/")).unwrap();
    let ask = |codings: &'static str| {
        server.http.get(server.url(script)).header(ACCEPT_ENCODING, codings).send()
    };
    let packed = ask("br, gzip;q=0.8").await.unwrap();
    assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
    let packed = packed.bytes().await.unwrap();
    for codings in ["identity", "gzip;q=0"] {
        let plain = ask(codings).await.unwrap();
        assert!(!plain.headers().contains_key(CONTENT_ENCODING), "{codings}");
        let plain = plain.bytes().await.unwrap();
        assert!(packed.len() < plain.len());
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&packed[..]);
        std::io::Read::read_to_end(&mut decoder, &mut unpacked).unwrap();
        assert_eq!(unpacked, plain);
    }
}

#[tokio::test]
async fn the_interface_answers_browsers_as_it_answers_everyone() {
    let server = TestServer::start().await;
    for path in ["/control/v1/nothing", "/control", "/docs/nothing", "/assets/nothing.js"] {
        let answer = visit(&server, path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
    }
    for path in ["/healthz", "/openapi.json", "/metrics"] {
        let kind = visit(&server, path).await.headers()["content-type"].clone();
        assert!(!kind.to_str().unwrap().contains("html"), "{path}");
    }
}

#[tokio::test]
async fn who_is_no_browser_does_not_see_the_dashboard() {
    let server = TestServer::start().await;
    let root = server.send(Method::GET, "/", "", None).await.ok();
    assert!(root.as_str().unwrap().starts_with("Hanami, a server that learns.\n"));
    for path in ["/clusters", "/index.html", "/.vite/manifest.json"] {
        server.send(Method::GET, path, "", None).await.problem(404, "not-found");
    }
    server.send(Method::POST, "/clusters", "", None).await.problem(404, "not-found");
    server.send(Method::POST, "/", "", None).await.problem(404, "not-found");
}

#[tokio::test]
async fn asking_for_the_head_of_a_page_gives_its_head() {
    let server = TestServer::start().await;
    let head = server.http.head(server.url("/clusters")).header(ACCEPT, VISIT);
    let head = head.send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-type"], "text/html; charset=utf-8");
    assert!(head.bytes().await.unwrap().is_empty());
}
