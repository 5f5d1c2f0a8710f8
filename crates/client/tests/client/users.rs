//! Users, projects, and who is in which.

use hanami_client::{ClientError, ErrorCode, Hanami, Membership};

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
    assert_eq!(hers.my_projects().await.unwrap(), [place]);
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
