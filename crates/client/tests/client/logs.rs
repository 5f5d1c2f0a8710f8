//! The logs, and the machine.

use hanami_client::{ErrorCode, Hanami, Reading};

use crate::common::Site;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn what_was_changed_is_read_back() {
    let site = Site::start().await;
    let admin = &site.hanami;
    admin.create_project("garden", "The Garden").await.unwrap();
    admin.create_user("anna", "Anna", PASSWORD, false).await.unwrap();
    admin.assign_project("anna", "garden", "member", false).await.unwrap();
    let anna = Hanami::connect(&site.address(), "anna", PASSWORD).await.unwrap();
    anna.create_cluster("hers alone", None).await.unwrap();

    let hers = anna.audit_log(0, None).await.unwrap();
    let done: Vec<_> =
        hers.iter().map(|row| (&*row.endpoint, &*row.request_type, &*row.status)).collect();
    assert_eq!(done, [("v1/cluster", "POST", "200"), ("v1/token", "POST", "200")]);
    assert_eq!(admin.audit_log(0, Some("anna")).await.unwrap(), hers);
    assert_eq!(admin.audit_log(1, None).await.unwrap(), []);
    let refused = anna.audit_log(0, Some("admin")).await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::Forbidden));

    assert_eq!(admin.error_log(0, None).await.unwrap(), []);
    let refused = anna.error_log(0, None).await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::Forbidden));
    site.stop().await;
}

#[tokio::test]
async fn the_machine_tells_of_itself() {
    let site = Site::start().await;
    let hanami = &site.hanami;
    assert!(matches!(hanami.system_info().await.unwrap().threads, Reading::Known(1..)));
    let Reading::Known(threads) = hanami.threads().await.unwrap() else { panic!("no threads") };
    assert!(threads.iter().all(|thread| !thread.cpus.is_empty()));
    // Whether there are sensors is up to the machine; all answers are understood.
    hanami.speed().await.unwrap();
    hanami.power().await.unwrap();
    hanami.temperature().await.unwrap();
    site.stop().await;
}
