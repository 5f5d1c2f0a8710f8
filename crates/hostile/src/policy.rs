//! Policies as administrators write them.

use hanami_server::{Policy, PolicyError};

/// Methods and endpoints that are asked for: usual, unknown, for admins only, and no such thing.
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", ""];
const ENDPOINTS: [&str; 7] =
    ["cluster", "cluster/all", "task", "user", "project/all", "nowhere", ""];

/// A policy that is accepted decides everything, and gives no role what is for global admins.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let policy = match Policy::parse("here.toml", text) {
        Ok(policy) => policy,
        Err(error @ PolicyError::Invalid { .. }) => {
            assert!(error.to_string().contains("here.toml"), "it is told where: {error}");
            return;
        }
        Err(error) => panic!("a mistake is told as such: {error}"),
    };
    assert!(policy == Policy::parse("again", text).expect("it was valid just now"));
    let roles: Vec<&str> = policy.roles().collect();
    assert!(roles.contains(&"admin"), "there is a role for who administrates");
    for role in roles.iter().chain(&["nobody at all"]) {
        for method in METHODS {
            for endpoint in ENDPOINTS {
                let allowed = policy.allows(role, method, endpoint);
                let known = roles.contains(role) && !method.is_empty() && method != "PATCH";
                let possible = known && ["cluster", "cluster/all", "task"].contains(&endpoint);
                assert!(possible || !allowed, "{role} may {method} {endpoint}");
            }
        }
    }
}
