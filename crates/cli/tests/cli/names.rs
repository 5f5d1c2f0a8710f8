//! Names in the place of uuids.

use crate::common::Site;

#[test]
fn names_and_uuids_mean_the_same() {
    let site = Site::start();
    let uuid = site.cluster("reader");
    let admin = || site.admin();
    assert_eq!(
        admin().json(&["cluster", "get", "reader"]),
        admin().json(&["cluster", "get", &uuid])
    );
    let told = admin().fails(3, &["cluster", "get", "Reader"]);
    assert!(told.contains("called `Reader`") && told.contains("cluster list"), "{told}");
}

#[test]
fn a_name_of_several_things_is_no_name() {
    let site = Site::start();
    let table = site.file("waves.csv", "wave\n1\n2\n");
    let upload = || site.admin().made(&["dataset", "create", "csv", "-i", &table, "waves"]);
    let (first, second) = (upload(), upload());
    let told = site.admin().fails(2, &["dataset", "get", "waves"]);
    assert!(told.contains(&first) && told.contains(&second), "{told}");
    assert!(told.contains("of admin in admin") && told.contains("uuid"), "{told}");
    site.admin().ok(&["dataset", "delete", &first]);
    assert_eq!(site.admin().json(&["dataset", "get", "waves"])["uuid"], second.as_str());
}

#[test]
fn lists_are_tables_for_people_and_the_wire_for_scripts() {
    let site = Site::start();
    let uuid = site.cluster("reader");
    let table = site.admin().ok(&["cluster", "list"]);
    assert!(table.contains("visibility") && table.contains(&uuid) && table.contains("reader"));
    let json = site.admin().json(&["cluster", "list"]);
    assert_eq!(json["header"][4], "name");
    assert_eq!(json["body"][0][4], "reader");
    assert_eq!(site.admin().made(&["cluster", "list"]), uuid);
    for list in [
        &["dataset", "list"][..],
        &["checkpoint", "list"],
        &["request-result", "list"],
        &["host", "list"],
        &["user", "list"],
        &["project", "list"],
        &["logs", "audit"],
        &["logs", "error", "--page", "0"],
    ] {
        let json = site.admin().json(list);
        assert!(json["header"].is_array() && json["body"].is_array(), "{list:?}: {json}");
        site.admin().ok(list);
    }
}
