//! What each role may do: the table that is asked before any handler runs.
//!
//! A role that does not stand in the table may do nothing. *Which* things a user sees is not
//! decided here but by [`hanami_store::Access`].
//!
//! Managing users and projects is for global admins and no matter of roles; that is fixed here.

/// The role of those who administrate.
pub(crate) const ADMIN: &str = "admin";
/// The role of those who work in a project.
pub(crate) const MEMBER: &str = "member";

/// All roles there are.
pub(crate) const ROLES: &[&str] = &[ADMIN, MEMBER];

/// Endpoints and methods that are for global admins, whatever their role.
const FOR_ADMINS: &[(&str, &[&str])] = &[
    ("error_log", &["GET"]),
    ("project", &["GET", "POST", "DELETE"]),
    ("project/all", &["GET"]),
    ("user", &["GET", "POST", "DELETE"]),
    ("user/all", &["GET"]),
    ("user/project", &["DELETE"]),
];

/// An endpoint (its path below the prefix), and which roles may use which of its methods.
struct Rule {
    endpoint: &'static str,
    methods: &'static [&'static str],
    roles: &'static [&'static str],
}

const fn everyone(endpoint: &'static str, methods: &'static [&'static str]) -> Rule {
    Rule { endpoint, methods, roles: ROLES }
}

const RULES: &[Rule] = &[
    everyone("audit_log", &["GET"]),
    everyone("auth", &["GET"]),
    everyone("checkpoint", &["GET", "DELETE"]),
    everyone("checkpoint/all", &["GET"]),
    everyone("cluster", &["GET", "POST", "DELETE"]),
    everyone("cluster/all", &["GET"]),
    everyone("cluster/load", &["POST"]),
    everyone("cluster/save", &["POST"]),
    everyone("cluster/set_mode", &["PUT"]),
    everyone("cluster/switch_host", &["PUT"]),
    everyone("csv/dataset", &["POST", "PUT"]),
    everyone("dataset", &["GET", "DELETE"]),
    everyone("dataset/all", &["GET"]),
    everyone("dataset/check", &["POST"]),
    everyone("dataset/columns", &["GET"]),
    everyone("dataset/download", &["GET"]),
    everyone("dataset/file", &["PUT"]),
    everyone("dataset/preview", &["GET"]),
    everyone("dataset/progress", &["GET"]),
    everyone("host/all", &["GET"]),
    everyone("mnist/dataset", &["POST", "PUT"]),
    everyone("power_consumption", &["GET"]),
    everyone("request_result", &["GET", "DELETE"]),
    everyone("request_result/all", &["GET"]),
    everyone("request_result/download", &["GET"]),
    everyone("request_result/outputs", &["GET"]),
    everyone("speed", &["GET"]),
    everyone("system_info", &["GET"]),
    everyone("task", &["GET", "POST", "DELETE"]),
    everyone("task/all", &["GET"]),
    everyone("task/events", &["GET"]),
    everyone("temperature_production", &["GET"]),
    everyone("threading", &["GET"]),
    everyone("token", &["PUT"]),
    // Assigning is for admins, which the handler checks; changing one's own project is for everyone.
    everyone("user/project", &["GET", "POST"]),
    everyone("websocket/cluster", &["GET"]),
    everyone("websocket/file_upload", &["GET"]),
];

/// Whether sending `method` to `endpoint` is for global admins only.
pub(crate) fn is_for_admins(method: &str, endpoint: &str) -> bool {
    FOR_ADMINS.iter().any(|&(path, methods)| path == endpoint && methods.contains(&method))
}

/// Whether `role` may send `method` to `endpoint`.
pub(crate) fn allows(role: &str, method: &str, endpoint: &str) -> bool {
    RULES.iter().any(|rule| {
        rule.endpoint == endpoint && rule.methods.contains(&method) && rule.roles.contains(&role)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_role_manages_users_and_projects() {
        for (endpoint, methods) in FOR_ADMINS {
            for method in *methods {
                assert!(is_for_admins(method, endpoint));
                assert!(ROLES.iter().all(|role| !allows(role, method, endpoint)), "{endpoint}");
            }
        }
        assert!(!is_for_admins("GET", "cluster"));
    }

    #[test]
    fn only_what_stands_in_the_table_is_allowed() {
        assert!(allows(ADMIN, "DELETE", "cluster"));
        assert!(allows(MEMBER, "POST", "task"));
        assert!(!allows(MEMBER, "PUT", "task"));
        assert!(!allows(MEMBER, "GET", "nowhere"));
        assert!(!allows("auditor", "GET", "cluster/all"));
        assert!(!allows("", "GET", "cluster/all"));
    }
}
