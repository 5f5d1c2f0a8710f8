//! Logging in, and staying so.

use std::num::NonZeroU32;
use std::time::Duration;

use hanami_client::{ClientError, ErrorCode, Hanami, Trust};
use hanami_server::Settings;
use serde_json::{Value, json};

use crate::common::{Site, http};

#[tokio::test]
async fn a_wrong_password_is_refused_with_status_code_and_request_id() {
    let site = Site::start().await;
    let error = Hanami::connect(&site.address(), "admin", "wrong password").await.unwrap_err();
    let ClientError::Refused { status, code, request_id, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!((status, code), (401, Some(ErrorCode::WrongCredentials)));
    assert!(request_id.is_some());
    site.stop().await;
}

#[tokio::test]
async fn what_no_server_would_take_is_told_without_asking() {
    let error = Hanami::connect("127.0.0.1:1", "me", "long enough").await.unwrap_err();
    assert!(error.to_string().starts_with("the user id must have 4 to 256"), "{error}");
    let error = Hanami::connect("127.0.0.1:1", "admin", "short").await.unwrap_err();
    assert!(error.to_string().starts_with("the password must have 8"), "{error}");
}

#[tokio::test]
async fn an_address_where_nothing_answers_is_unreachable() {
    let site = Site::start().await;
    let address = site.address();
    site.stop().await;
    let error = Hanami::connect(&address, "admin", "long enough").await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains(&address) && error.to_string().contains("hanami serve"));
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let site = Site::start().await;
    let shown = format!("{:?}", site.hanami);
    // Every token of this kind begins with `eyJ`, the base64 of an opening brace.
    assert!(!shown.contains(site.passphrase()) && !shown.contains("eyJ"), "{shown}");
    site.stop().await;
}

#[tokio::test]
async fn a_client_outlives_its_token() {
    let token_lifetime_seconds = NonZeroU32::MIN;
    let site = Site::start_with(Settings { token_lifetime_seconds, ..Settings::default() }).await;
    site.hanami.switch_project("admin").await.unwrap();
    until_a_new_token_has_expired(&site).await;
    // The client's token is older than that one.
    assert_eq!(site.hanami.clusters().await.unwrap(), []);
    site.hanami.switch_project("admin").await.unwrap();
    site.stop().await;
}

/// Gets a token over bare HTTP and asks with it until the server no longer takes it.
async fn until_a_new_token_has_expired(site: &Site) {
    let http = http();
    let url = |path| format!("http://{}/control/v1/{path}", site.address());
    let login = json!({ "id": "admin", "password": site.passphrase() });
    let answer = http.post(url("token")).json(&login).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let token = answer["token"].as_str().unwrap();
    loop {
        let request = http.get(url("cluster/all")).header("x-auth-token", token);
        if request.send().await.unwrap().status() == 401 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_project_that_the_user_is_not_in_is_refused() {
    let site = Site::start().await;
    let error = site.hanami.switch_project("elsewhere").await.unwrap_err();
    assert!(error.code().is_some(), "{error:?}");
    // And the client goes on in the project it was in.
    site.hanami.clusters().await.unwrap();
    site.stop().await;
}

#[tokio::test]
async fn a_token_is_enough_until_it_expires() {
    let token_lifetime_seconds = NonZeroU32::MIN;
    let site = Site::start_with(Settings { token_lifetime_seconds, ..Settings::default() }).await;
    site.hanami.switch_project("admin").await.unwrap();
    let token = site.hanami.access_token().await;
    let hanami = Hanami::with_token(&Trust::System, &site.address(), &token).unwrap();
    assert_eq!(hanami.address(), format!("http://{}", site.address()));
    until_a_new_token_has_expired(&site).await;
    let expired = hanami.clusters().await.unwrap_err();
    assert_eq!(expired.code(), Some(ErrorCode::InvalidToken));
    site.stop().await;
}

#[tokio::test]
async fn a_client_with_a_token_changes_the_password_if_it_is_told_the_present_one() {
    let site = Site::start().await;
    let token = site.hanami.access_token().await;
    let hanami = Hanami::with_token(&Trust::System, &site.address(), &token).unwrap();
    assert_eq!(hanami.identity().await.unwrap().id, "admin");
    let unknown = hanami.change_password("planted in spring").await.unwrap_err();
    assert!(matches!(unknown, ClientError::NoPassword), "{unknown}");
    let wrong = hanami.change_password_from("wrong password", "planted in spring").await;
    assert_eq!(wrong.unwrap_err().code(), Some(ErrorCode::WrongCredentials));
    hanami.change_password_from(site.passphrase(), "planted in spring").await.unwrap();
    assert_eq!(hanami.clusters().await.unwrap(), []);
    assert_ne!(hanami.access_token().await, token);
    Hanami::connect(&site.address(), "admin", "planted in spring").await.unwrap();
    site.stop().await;
}

#[tokio::test]
async fn answers_are_fetched_as_they_travel() {
    let site = Site::start().await;
    let answer: Value = site.hanami.fetch("/cluster/all", &()).await.unwrap();
    assert_eq!(answer["body"], json!([]));
    let nowhere = site.hanami.fetch::<Value>("/no/such/thing", &()).await.unwrap_err();
    assert_eq!(nowhere.code(), Some(ErrorCode::NotFound));
    site.stop().await;
}
