//! Log-ins that are kept.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::common::{PASSWORD, Site, mode};

#[test]
fn a_log_in_is_kept_for_its_owner_alone_and_without_the_password() {
    let site = Site::start();
    site.admin().ok(&["login"]);
    let path = site.path("config/hanami/login.json");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let kept = fs::read_to_string(&path).unwrap();
    assert!(!kept.contains(PASSWORD) && kept.contains("\"admin\""), "{kept}");
    assert_eq!(site.nobody().json(&["whoami"])["id"], "admin");

    site.nobody().ok(&["logout"]);
    assert!(!path.exists());
    site.nobody().fails(4, &["whoami"]);
}

#[test]
fn a_log_in_that_others_can_read_is_refused() {
    let site = Site::start();
    site.admin().ok(&["login"]);
    let path = site.path("config/hanami/login.json");
    for open in [0o640, 0o604, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
        let told = site.nobody().fails(4, &["whoami"]);
        assert!(told.contains("chmod 600"), "{told}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    site.nobody().ok(&["whoami"]);
}

#[test]
fn a_token_goes_to_no_other_server_and_no_other_user() {
    let (site, other) = (Site::start(), Site::start());
    site.admin().ok(&["login"]);
    let told = site.nobody().env("HANAMI_ADDRESS", &other.url).fails(4, &["whoami"]);
    assert!(told.contains(&site.url) && told.contains(&other.url), "{told}");
    let told = site.nobody().env("HANAMI_USER", "anna").fails(4, &["whoami"]);
    assert!(told.contains("logged in as admin"), "{told}");
}

#[test]
fn nothing_is_kept_of_a_log_in_that_fails() {
    let site = Site::start();
    site.user("admin", "wrong password").fails(4, &["login"]);
    let told = site.nobody().fails(2, &["login"]);
    assert!(told.contains("--user"), "{told}");
    let told = site.nobody().env("HANAMI_USER", "admin").fails(2, &["login"]);
    assert!(told.contains("HANAMI_PW"), "{told}");
    assert!(!site.path("config/hanami/login.json").exists());
}

#[test]
fn a_damaged_log_in_is_told() {
    let site = Site::start();
    site.admin().ok(&["login"]);
    fs::write(site.path("config/hanami/login.json"), "{").unwrap();
    let told = site.nobody().fails(1, &["whoami"]);
    assert!(told.contains("damaged") && told.contains("hanamictl login"), "{told}");
    site.admin().ok(&["login"]);
    site.nobody().ok(&["whoami"]);
}
