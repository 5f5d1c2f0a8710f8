//! Users, projects, quotas, the machine.

use serde_json::json;

use crate::common::Site;

const SPRING: &str = "planted in spring";

fn with_anna() -> Site {
    let site = Site::start();
    site.admin().ok(&["project", "create", "garden", "The garden"]);
    site.admin().ok(&["project", "create", "orchard", "The orchard"]);
    site.admin().env("HANAMI_NEW_PW", SPRING).ok(&["user", "create", "anna", "Anna Green"]);
    site.admin().ok(&["user", "project", "add", "anna", "garden"]);
    site.admin().ok(&["user", "project", "add", "anna", "orchard", "--admin"]);
    site
}

#[test]
fn users_are_put_into_projects_and_work_there() {
    let site = with_anna();
    let anna = site.admin().json(&["user", "get", "anna"]);
    assert_eq!(anna["projects"][1]["is_project_admin"], true);
    assert!(site.admin().ok(&["user", "list"]).contains("garden (member), orchard (member)"));
    let own = site.user("anna", SPRING).json(&["user", "project", "list"]);
    assert_eq!(own["projects"].as_array().unwrap().len(), 2);
    let told = site.admin().ok(&["user", "project", "list", "anna"]);
    assert!(told.contains("orchard"), "{told}");

    site.user("anna", SPRING).ok(&["login"]);
    assert_eq!(site.nobody().json(&["whoami"])["project_id"], "garden");
    site.nobody().ok(&["user", "switch", "orchard"]);
    assert_eq!(site.nobody().json(&["whoami"])["project_id"], "orchard");
    let once = site.nobody().env("HANAMI_PROJECT", "garden").json(&["whoami"]);
    assert_eq!(once["project_id"], "garden");
    site.nobody().fails(3, &["user", "switch", "admin"]);
    let told = site.admin().fails(2, &["user", "switch", "garden"]);
    assert!(told.contains("HANAMI_PROJECT"), "{told}");

    let left = site.admin().json(&["user", "project", "remove", "anna", "orchard"]);
    assert_eq!(left["projects"].as_array().unwrap().len(), 1);
    site.nobody().fails(4, &["whoami"]);
}

#[test]
fn a_new_password_ends_all_log_ins_but_the_one_that_is_kept() {
    let site = with_anna();
    site.user("anna", SPRING).ok(&["login"]);
    let change = |now: &str, new: &str| {
        site.nobody().env("HANAMI_PW", now).env("HANAMI_NEW_PW", new).run(&["user", "password"])
    };
    assert_eq!(change("wrong password", "harvested in autumn").code, 4);
    let changed = change(SPRING, "harvested in autumn");
    assert_eq!((changed.code, changed.stdout.as_str()), (0, ""), "{changed:?}");
    assert_eq!(site.nobody().json(&["whoami"])["id"], "anna");
    site.user("anna", SPRING).fails(4, &["whoami"]);
    site.user("anna", "harvested in autumn").ok(&["whoami"]);
}

#[test]
fn admins_change_and_delete_users_and_projects() {
    let site = with_anna();
    let admin = || site.admin();
    let changed =
        admin().json(&["user", "change", "anna", "--name", "Anna Brown", "--admin", "true"]);
    assert_eq!((&changed["name"], &changed["is_admin"]), (&json!("Anna Brown"), &json!(true)));
    let password = "harvested in autumn";
    admin().env("HANAMI_NEW_PW", password).ok(&["user", "change", "anna", "--password"]);
    site.user("anna", password).ok(&["cluster", "create", "hers"]);

    let told = admin().fails(5, &["user", "delete", "anna"]);
    assert!(told.contains("--force"), "{told}");
    admin().ok(&["user", "delete", "--force", "anna"]);
    admin().fails(3, &["user", "get", "anna"]);
    admin().ok(&["project", "delete", "orchard"]);
    admin().ok(&["project", "delete", "--force", "garden"]);
    assert_eq!(admin().made(&["project", "list"]), "admin");
    let audit = admin().ok(&["logs", "audit", "--of", "admin"]);
    assert!(audit.contains("DELETE"), "{audit}");
}

#[test]
fn quotas_are_shown_and_set() {
    let site = with_anna();
    let admin = || site.admin();
    let default = admin().json(&["project", "quota", "garden"]);
    let set = admin().json(&["project", "quota", "garden", "--clusters", "1"]);
    assert_eq!(set["clusters"]["limit"], 1);
    assert!(site.user("anna", SPRING).ok(&["project", "quota"]).contains("open_tasks"));
    site.user("anna", SPRING).ok(&["cluster", "create", "first"]);
    let told = site.user("anna", SPRING).fails(5, &["cluster", "create", "second"]);
    assert!(told.contains("hanamictl project quota"), "{told}");
    let back = admin().json(&["project", "quota", "garden", "--defaults"]);
    assert_eq!(back["clusters"]["limit"], default["clusters"]["limit"]);
    admin().fails(2, &["project", "quota", "--defaults"]);
    admin().fails(2, &["project", "quota", "--clusters", "1"]);
}

#[test]
fn the_machine_is_shown() {
    let site = Site::start();
    let system = site.admin().json(&["system"]);
    for part in ["info", "thread_map", "current_speed", "power", "temperature"] {
        assert!(!system[part].is_null(), "{part}: {system}");
    }
    assert!(site.admin().ok(&["system"]).contains("info:"));
}
