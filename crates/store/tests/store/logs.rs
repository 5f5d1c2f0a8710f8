//! The audit log and the error log.

use hanami_store::{Access, LOG_PAGE_ROWS, NewAuditEntry, NewErrorEntry, NewUser, Store};

use crate::support::{Home, member};

fn admin() -> Access {
    Access::granted("admin", "admin", "admin", "admin", true, true)
}

async fn audit(store: &Store, user_id: &str, endpoint: &str) {
    let new = NewAuditEntry {
        user_id: user_id.into(),
        endpoint: endpoint.into(),
        request_type: "POST".into(),
        status: 409,
    };
    store.audit(new).await.unwrap();
}

fn error(user_id: &str, message: &str) -> NewErrorEntry {
    NewErrorEntry {
        user_id: user_id.into(),
        component: "GET /control/v1/cluster".into(),
        context: "request".into(),
        input_values: "uuid=1".into(),
        message: message.into(),
    }
}

async fn endpoints(
    store: &Store,
    access: &Access,
    user_id: Option<&str>,
    page: u32,
) -> Vec<String> {
    let rows = store.audit_log(access, user_id, page).await.unwrap();
    rows.into_iter().map(|row| row.endpoint).collect()
}

async fn add_user(store: &Store, id: &str) {
    let user = NewUser {
        id: id.into(),
        name: id.into(),
        password_hash: "none".into(),
        is_admin: false,
        creator_id: "admin".into(),
    };
    store.create_user(user).await.unwrap();
}

#[tokio::test]
async fn the_logs_are_read_in_pages_newest_first_and_outlive_a_restart() {
    let home = Home::new();
    let store = home.open().await;
    for number in 0..=LOG_PAGE_ROWS {
        audit(&store, "anna", &number.to_string()).await;
        store.log_error(error("anna", &number.to_string())).await.unwrap();
    }
    drop(store);

    let store = home.open().await;
    let first = endpoints(&store, &admin(), None, 0).await;
    assert_eq!((first.len() as u64, first[0].as_str()), (LOG_PAGE_ROWS, "100"));
    assert_eq!(endpoints(&store, &admin(), None, 1).await, ["0"]);
    assert_eq!(endpoints(&store, &admin(), None, u32::MAX).await, [""; 0]);
    assert_eq!(store.audit_log(&admin(), None, 1).await.unwrap()[0].status, 409);

    let first = store.error_log(None, 0).await.unwrap();
    assert_eq!((first.len() as u64, first[0].message.as_str()), (LOG_PAGE_ROWS, "100"));
    assert_eq!(store.error_log(None, 1).await.unwrap()[0].message, "0");
}

#[tokio::test]
async fn admins_read_of_everyone_and_others_of_themselves() {
    let home = Home::new();
    let store = home.open().await;
    add_user(&store, "anna").await;
    audit(&store, "anna", "hers").await;
    audit(&store, "bert", "his").await;
    store.log_error(error("anna", "hers")).await.unwrap();

    assert_eq!(endpoints(&store, &admin(), None, 0).await, ["his", "hers"]);
    assert_eq!(endpoints(&store, &admin(), Some("anna"), 0).await, ["hers"]);
    let anna = member("anna", "project");
    for asked in [None, Some("anna"), Some("bert")] {
        assert_eq!(endpoints(&store, &anna, asked, 0).await, ["hers"]);
    }
    assert_eq!(store.error_log(Some("anna"), 0).await.unwrap().len(), 1);
    assert_eq!(store.error_log(Some("bert"), 0).await.unwrap(), []);
}

#[tokio::test]
async fn nobody_reads_what_a_former_user_with_their_id_did() {
    let home = Home::new();
    let store = home.open().await;
    add_user(&store, "anna").await;
    audit(&store, "anna", "before").await;
    store.delete_user("anna").await.unwrap();
    add_user(&store, "anna").await;
    audit(&store, "anna", "after").await;
    assert_eq!(endpoints(&store, &member("anna", "project"), None, 0).await, ["after"]);
    assert_eq!(endpoints(&store, &admin(), Some("anna"), 0).await, ["after", "before"]);
}

#[tokio::test]
async fn the_oldest_rows_give_way() {
    let home = Home::new();
    let store = home.open().await;
    audit(&store, "anna", "oldest").await;
    store.log_error(error("anna", "oldest")).await.unwrap();
    // As if the logs had been filled meanwhile.
    home.execute("UPDATE sqlite_sequence SET seq = 1000998 WHERE name = 'audit_log'").await;
    home.execute("UPDATE sqlite_sequence SET seq = 100998 WHERE name = 'error_log'").await;

    audit(&store, "anna", "not yet").await;
    store.log_error(error("anna", "not yet")).await.unwrap();
    assert_eq!(endpoints(&store, &admin(), None, 0).await, ["not yet", "oldest"]);
    assert_eq!(store.error_log(None, 0).await.unwrap().len(), 2);

    audit(&store, "anna", "newest").await;
    store.log_error(error("anna", "newest")).await.unwrap();
    assert_eq!(endpoints(&store, &admin(), None, 0).await, ["newest", "not yet"]);
    let left = store.error_log(None, 0).await.unwrap();
    assert_eq!(
        left.iter().map(|row| row.message.as_str()).collect::<Vec<_>>(),
        ["newest", "not yet"]
    );
}

#[tokio::test]
async fn long_texts_are_cut() {
    let home = Home::new();
    let store = home.open().await;
    audit(&store, "anna", &"\u{e9}".repeat(10_000)).await;
    store.log_error(error("anna", &"\u{e9}".repeat(10_000))).await.unwrap();
    assert_eq!(endpoints(&store, &admin(), None, 0).await, ["\u{e9}".repeat(256)]);
    assert_eq!(store.error_log(None, 0).await.unwrap()[0].message, "\u{e9}".repeat(4096));
}
