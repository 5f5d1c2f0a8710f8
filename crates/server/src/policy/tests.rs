use super::endpoints::ENDPOINTS;
use super::*;

/// The policy in a file with this text.
fn policy(text: &str) -> Result<Policy, PolicyError> {
    Policy::parse("policy.toml", text)
}

/// Asserts what is shown of a policy with a mistake.
#[track_caller]
fn assert_shown(text: &str, expected: &str) {
    let shown = policy(text).unwrap_err().to_string();
    let expected = format!("the policy is not valid\n{}", expected.trim_matches('\n'));
    assert_eq!(shown, expected, "\n{shown}");
}

#[test]
fn the_shipped_policy_allows_both_roles_everything_there_is() {
    let policy = Policy::shipped().unwrap();
    assert_eq!(policy.roles().collect::<Vec<_>>(), ["admin", "member"]);
    for role in ["admin", "member"] {
        for (endpoint, methods) in &*ENDPOINTS {
            for method in methods {
                assert!(policy.allows(role, method, endpoint), "{role} {method} {endpoint}");
            }
        }
    }
}

#[test]
fn no_role_manages_users_and_projects() {
    let policy = Policy::shipped().unwrap();
    for (endpoint, methods) in FOR_ADMINS {
        for method in *methods {
            assert!(is_for_admins(method, endpoint));
            assert!(policy.roles().all(|role| !policy.allows(role, method, endpoint)));
        }
    }
    assert!(!is_for_admins("GET", "cluster"));
}

#[test]
fn roles_decide_about_every_endpoint_but_the_log_in_and_what_is_for_admins() {
    assert_eq!(ENDPOINTS["cluster"], ["GET", "POST", "PUT", "DELETE"]);
    assert_eq!(ENDPOINTS["project/quota"], ["GET"]);
    assert_eq!(ENDPOINTS["token"], ["PUT"]);
    assert_eq!(ENDPOINTS["user/project"], ["GET", "POST"]);
    assert_eq!(ENDPOINTS["websocket/cluster"], ["GET"]);
    assert!(!ENDPOINTS.contains_key("user") && !ENDPOINTS.contains_key("error_log"));
}

#[test]
fn only_what_stands_in_the_table_is_allowed() {
    let policy = policy(
        r#"
        roles.admin = "*"
        [roles.reader]
        "cluster" = ["GET"]
        "task" = "*"
        "#,
    )
    .unwrap();
    assert!(policy.allows("admin", "DELETE", "cluster"));
    assert!(policy.allows("reader", "GET", "cluster"));
    assert!(policy.allows("reader", "DELETE", "task"));
    assert!(!policy.allows("reader", "POST", "cluster"));
    assert!(!policy.allows("reader", "GET", "cluster/all"));
    assert!(!policy.allows("reader", "get", "cluster"));
    assert!(!policy.allows("florist", "GET", "cluster"));
    assert!(!policy.allows("", "GET", "cluster"));
    assert!(policy.knows("reader") && !policy.knows("florist"));
}

#[test]
fn an_unknown_endpoint_is_shown_with_the_nearest() {
    assert_shown(
        "[roles]\nadmin = \"*\"\n[roles.reader]\n\"cluster/safe\" = [\"POST\"]\n",
        r#"
error: there is no endpoint `cluster/safe`; did you mean `cluster/save`?
 --> policy.toml:4:1
  |
4 | "cluster/safe" = ["POST"]
  | ^^^^^^^^^^^^^^
"#,
    );
}

#[test]
fn an_unknown_method_is_shown_with_those_that_are_possible() {
    assert_shown(
        "[roles.admin]\n\"checkpoint\" = [\"GET\", \"POST\"]\n",
        r#"
error: `checkpoint` does not take `POST`; possible: `GET`, `PUT`, `DELETE`
 --> policy.toml:2:24
  |
2 | "checkpoint" = ["GET", "POST"]
  |                        ^^^^^^
"#,
    );
}

#[test]
fn users_and_projects_stay_with_global_admins() {
    assert_shown(
        "[roles.admin]\n\"user/all\" = [\"GET\"]\n",
        r#"
error: `user/all` stays with global admins: no role can be allowed to manage users and projects
 --> policy.toml:2:1
  |
2 | "user/all" = ["GET"]
  | ^^^^^^^^^^
"#,
    );
    assert_shown(
        "[roles.admin]\n\"user/project\" = [\"GET\", \"DELETE\"]\n",
        r#"
error: `DELETE user/project` stays with global admins: no role can be allowed to manage users and projects
 --> policy.toml:2:26
  |
2 | "user/project" = ["GET", "DELETE"]
  |                          ^^^^^^^^
"#,
    );
}

#[test]
fn a_role_and_an_endpoint_are_given_once() {
    assert_shown(
        "[roles.admin]\n[roles.reader]\n[roles.reader]\n",
        r"
error: duplicate key
 --> policy.toml:3:8
  |
3 | [roles.reader]
  |        ^^^^^^
",
    );
    assert_shown(
        "[roles.admin]\ncluster = [\"GET\"]\ncluster = [\"POST\"]\n",
        r#"
error: duplicate key
 --> policy.toml:3:1
  |
3 | cluster = ["POST"]
  | ^^^^^^^
"#,
    );
}

#[test]
fn a_malformed_role_is_shown_with_the_rule() {
    assert_shown(
        "[roles]\nadmin = \"*\"\n\"the boss\" = \"*\"\n",
        r#"
error: `the boss` can't be the name of a role; it has 1 to 64 letters, digits and `_`, and begins with a letter
 --> policy.toml:3:1
  |
3 | "the boss" = "*"
  | ^^^^^^^^^^
"#,
    );
    for name in ["", "1st", "a-b", "\u{e9}t\u{e9}", &"a".repeat(65)] {
        let shown = policy(&format!("roles.admin = \"*\"\nroles.\"{name}\" = \"*\"\n"));
        assert!(shown.unwrap_err().to_string().contains("can't be the name of a role"), "{name}");
    }
}

#[test]
fn values_of_the_wrong_kind_are_shown() {
    assert_shown(
        "roles = 7\n",
        r"
error: `roles` has to be a table, one entry for each role
 --> policy.toml:1:9
  |
1 | roles = 7
  |         ^
",
    );
    assert_shown(
        "[roles]\nadmin = \"all\"\n",
        r#"
error: a role is a table of endpoints, or "*" for everything
 --> policy.toml:2:9
  |
2 | admin = "all"
  |         ^^^^^
"#,
    );
    assert_shown(
        "[roles.admin]\n\"cluster/all\" = \"GET\"\n",
        r#"
error: the methods of an endpoint are a list like ["GET"], or "*" for all; possible here: `GET`
 --> policy.toml:2:17
  |
2 | "cluster/all" = "GET"
  |                 ^^^^^
"#,
    );
    assert_shown(
        "[roles.admin]\n\"cluster/all\" = [1]\n",
        r#"
error: the methods of an endpoint are a list like ["GET"], or "*" for all; possible here: `GET`
 --> policy.toml:2:18
  |
2 | "cluster/all" = [1]
  |                  ^
"#,
    );
}

#[test]
fn what_is_no_policy_at_all_is_shown() {
    for empty in ["", "# nothing\n", "[roles]\n"] {
        let shown = policy(empty).unwrap_err().to_string();
        assert!(shown.contains("has no roles") && shown.contains("hanami policy show"), "{shown}");
    }
    assert_shown(
        "[rules]\n",
        r"
error: unknown key `rules`; a policy has only the table `roles`
 --> policy.toml:1:2
  |
1 | [rules]
  |  ^^^^^
",
    );
    assert_shown(
        "[roles.member]\n",
        r"
error: the role `admin` is missing; global admins have it, and could do nothing
 --> policy.toml:1:1
  |
1 | [roles.member]
  | ^
",
    );
    let shown = policy("[roles\n").unwrap_err().to_string();
    assert!(shown.contains("policy.toml:1:7"), "{shown}");
}

#[test]
fn a_file_is_read_whole_or_not_at_all() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), Policy::SHIPPED).unwrap();
    assert_eq!(Policy::load(file.path()).unwrap(), Policy::shipped().unwrap());

    let mut padded = Policy::SHIPPED.to_owned() + &"#".repeat(MAX_BYTES as usize);
    std::fs::write(file.path(), &padded).unwrap();
    let error = Policy::load(file.path()).unwrap_err().to_string();
    assert!(error.contains("larger than the limit of 262144 bytes"), "{error}");
    padded.truncate(MAX_BYTES as usize);
    std::fs::write(file.path(), &padded).unwrap();
    Policy::load(file.path()).unwrap();

    std::fs::write(file.path(), b"\xff").unwrap();
    let error = Policy::load(file.path()).unwrap_err().to_string();
    assert!(error.contains("utf-8"), "{error}");
    let error = Policy::load(Path::new("/nowhere/policy.toml")).unwrap_err().to_string();
    assert!(error.contains("/nowhere/policy.toml"), "{error}");
}
