//! All endpoints that a policy can speak of, taken from the routes themselves.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hanami_api::API_PREFIX;

use super::is_for_admins;
use crate::{routes, websocket};

/// The methods of each endpoint that roles decide about.
pub(super) static ENDPOINTS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let (_, document) = routes::described().split_for_parts();
    let mut endpoints = BTreeMap::new();
    for (path, item) in &document.paths.paths {
        let Some(endpoint) = path.strip_prefix(API_PREFIX) else { continue };
        let endpoint = endpoint.trim_start_matches('/');
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in operations {
            if operation.is_some() && needs_role(method, endpoint) {
                add(&mut endpoints, endpoint, method);
            }
        }
    }
    for endpoint in websocket::ENDPOINTS {
        add(&mut endpoints, endpoint, "GET");
    }
    endpoints
});

fn add(endpoints: &mut BTreeMap<String, Vec<String>>, endpoint: &str, method: &str) {
    endpoints.entry(endpoint.to_owned()).or_default().push(method.to_owned());
}

/// Whether roles decide about it: not where nobody has a role yet, nor where it takes more.
fn needs_role(method: &str, endpoint: &str) -> bool {
    let is_log_in = (method, endpoint) == ("POST", "token");
    !is_log_in && !is_for_admins(method, endpoint)
}
