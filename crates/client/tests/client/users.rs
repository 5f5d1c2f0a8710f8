//! Users, projects, and who is in which.

use hanami_client::{Allowance, ClientError, ErrorCode, Hanami, Limits, Membership, UserChange};

use crate::common::Site;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn a_user_is_made_put_to_work_and_deleted() {
    let site = Site::start().await;
    let admin = &site.hanami;
    let garden = admin.create_project("garden", "The Garden").await.unwrap();
    assert_eq!((&*garden.name, &*garden.creator_id), ("The Garden", "admin"));
    assert_eq!(admin.project("garden").await.unwrap(), garden);
    assert_eq!(admin.projects().await.unwrap().last(), Some(&garden));

    let anna = admin.create_user("anna", "Anna", PASSWORD, false).await.unwrap();
    assert_eq!(anna.projects, []);
    let refused = Hanami::connect(&site.address(), "anna", PASSWORD).await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::Forbidden));
    let anna = admin.assign_project("anna", "garden", "member", true).await.unwrap();
    let place =
        Membership { project_id: "garden".into(), role: "member".into(), is_project_admin: true };
    assert_eq!(anna.projects, std::slice::from_ref(&place));
    assert_eq!(admin.user("anna").await.unwrap(), anna);
    assert_eq!(admin.users().await.unwrap().last(), Some(&anna));

    let hers = Hanami::connect(&site.address(), "anna", PASSWORD).await.unwrap();
    let identity = hers.identity().await.unwrap();
    assert_eq!((&*identity.id, &*identity.project_id), ("anna", "garden"));
    assert!(identity.is_project_admin && !identity.is_admin);
    assert_eq!(hers.my_projects().await.unwrap(), std::slice::from_ref(&place));
    assert_eq!(admin.projects_of("anna").await.unwrap(), [place]);
    let refused = hers.projects_of("admin").await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::Forbidden));
    assert_eq!(hers.users().await.unwrap_err().code(), Some(ErrorCode::Forbidden));

    let cluster = hers.create_cluster("hers alone", None).await.unwrap().uuid;
    for refused in [admin.delete_user("anna").await, admin.delete_project("garden").await] {
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), Some(ErrorCode::Conflict));
        assert!(refused.to_string().contains("1 cluster ('hers alone')"), "{refused}");
    }
    admin.delete_cluster(cluster).await.unwrap();
    assert_eq!(admin.unassign_project("anna", "garden").await.unwrap().projects, []);
    admin.delete_user("anna").await.unwrap();
    admin.delete_project("garden").await.unwrap();
    assert!(hers.clusters().await.is_err());
    assert_eq!(admin.user("anna").await.unwrap_err().code(), Some(ErrorCode::NotFound));
    assert_eq!(admin.project("garden").await.unwrap_err().code(), Some(ErrorCode::NotFound));
    site.stop().await;
}

#[tokio::test]
async fn users_change_and_go_with_all_they_own() {
    const NEW: &str = "another battery";
    let site = Site::start().await;
    let admin = &site.hanami;
    admin.create_project("garden", "The Garden").await.unwrap();
    admin.create_user("anna", "Anna", PASSWORD, false).await.unwrap();
    admin.assign_project("anna", "garden", "member", false).await.unwrap();
    let hers = Hanami::connect(&site.address(), "anna", PASSWORD).await.unwrap();
    hers.create_cluster("hers alone", None).await.unwrap();

    hers.change_password(NEW).await.unwrap();
    assert_eq!(hers.clusters().await.unwrap().len(), 1, "she is still logged in");
    let old = Hanami::connect(&site.address(), "anna", PASSWORD).await.unwrap_err();
    assert_eq!(old.code(), Some(ErrorCode::WrongCredentials));
    // She notices no new name; a new password takes her out.
    let change = UserChange { name: Some("Anna Bell"), ..UserChange::default() };
    assert_eq!(admin.change_user("anna", change).await.unwrap().name, "Anna Bell");
    hers.clusters().await.unwrap();
    let change = UserChange { password: Some(PASSWORD), ..UserChange::default() };
    admin.change_user("anna", change).await.unwrap();
    let out = hers.clusters().await.unwrap_err();
    assert_eq!(out.code(), Some(ErrorCode::WrongCredentials));
    let last = UserChange { is_admin: Some(false), ..UserChange::default() };
    let refused = admin.change_user("admin", last).await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::Conflict));

    admin.delete_user_with_all("anna").await.unwrap();
    assert!(admin.clusters().await.unwrap().is_empty());
    admin.delete_project_with_all("garden").await.unwrap();
    assert_eq!(admin.projects().await.unwrap().len(), 1);
    site.stop().await;
}

#[tokio::test]
async fn a_project_has_quotas() {
    let site = Site::start().await;
    let admin = &site.hanami;
    admin.create_project("garden", "The Garden").await.unwrap();
    admin.create_user("anna", "Anna", PASSWORD, false).await.unwrap();
    admin.assign_project("anna", "garden", "member", false).await.unwrap();
    let limits = Limits { clusters: Some(1), ..Limits::default() };
    let set = admin.set_quota("garden", limits).await.unwrap();
    assert_eq!(set.clusters, Allowance { limit: 1, used: 0 });
    assert_eq!(admin.quota("garden").await.unwrap(), set);

    let hers = Hanami::connect(&site.address(), "anna", PASSWORD).await.unwrap();
    hers.create_cluster("first", None).await.unwrap();
    assert_eq!(hers.my_quota().await.unwrap().clusters, Allowance { limit: 1, used: 1 });
    let refused = hers.create_cluster("second", None).await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::QuotaExceeded));
    site.stop().await;
}

#[tokio::test]
async fn malformed_ids_are_told_without_asking() {
    let site = Site::start().await;
    let error = site.hanami.project("me@home").await.unwrap_err();
    assert!(matches!(error, ClientError::Invalid { what: "the project id", .. }), "{error:?}");
    let error = site.hanami.user("me").await.unwrap_err();
    assert!(matches!(error, ClientError::Invalid { what: "the user id", .. }), "{error:?}");
    let error = site.hanami.create_user("anna", "Anna", "short", false).await.unwrap_err();
    assert!(matches!(error, ClientError::Invalid { what: "the password", .. }), "{error:?}");
    site.stop().await;
}
