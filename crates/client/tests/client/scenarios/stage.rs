//! A scenario that is being played: its server, its actors, and what they have seen so far.

use std::{collections::BTreeMap, net::Ipv4Addr};

use hanami_client::{ClientError, Direct, ErrorCode, Hanami, Trust};
use hanami_server::{AdminWish, Server, Settings};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    calls::{self, Arguments, Failure},
    script::{Call, Variables, WantedError, admin},
};

const PASSWORD: &str = "correct horse battery";

pub(super) struct Stage {
    server: Server,
    // Deleted when it is dropped, after the server.
    _directory: TempDir,
    pub(super) actors: BTreeMap<String, Hanami>,
    pub(super) lines: BTreeMap<String, Direct>,
    variables: Variables,
    /// The arguments met so far that the SDK's types have no values for.
    inexpressible: Vec<String>,
}

impl Stage {
    /// Starts a server with `settings`.
    pub(super) async fn set(settings: Settings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let first_admin = AdminWish {
            id: Some(admin()),
            name: Some("Admin".to_owned()),
            password: Some(PASSWORD.to_owned().into()),
        };
        let server = Server::start(Settings {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            data_dir: directory.path().to_owned(),
            first_admin,
            ..settings
        })
        .await
        .unwrap();
        let address = server.address().to_string();
        let nobody = Hanami::with_token(&Trust::System, &address, "not-a-token").unwrap();
        let admins = Hanami::connect(&address, &admin(), PASSWORD).await.unwrap();
        Self {
            server,
            _directory: directory,
            actors: BTreeMap::from([(admin(), admins), ("nobody".to_owned(), nobody)]),
            lines: BTreeMap::new(),
            variables: Variables::default(),
            inexpressible: Vec::new(),
        }
    }

    /// Ends it. Answers the arguments that the SDK's types have no values for.
    pub(super) async fn clear(self) -> Vec<String> {
        drop((self.lines, self.actors));
        self.server.stop().await;
        self.inexpressible
    }

    pub(super) fn address(&self) -> String {
        self.server.address().to_string()
    }

    pub(super) async fn play(&mut self, call: &Call) {
        let with = self.variables.resolved(&Value::Object(call.with.clone()));
        let label = format!("{} {with}", call.what);
        let outcome = calls::perform(self, call, &Arguments(with)).await;
        match (outcome, &call.error) {
            (Ok(result), None) => self.variables.look_at(&result, call, &label),
            (Err(Failure::Refused(error)), Some(wanted)) => fails_like(wanted, &error, &label),
            (
                Err(Failure::Inexpressible(argument)),
                Some(WantedError::Refused { status: 400, .. }),
            ) => {
                self.inexpressible.push(format!("{} {argument}", call.what));
            }
            (outcome, wanted) => panic!("{label}: {outcome:?}, not {wanted:?}"),
        }
    }
}

fn fails_like(wanted: &WantedError, error: &ClientError, label: &str) {
    let alike = match (wanted, error) {
        (
            WantedError::Websocket { websocket },
            ClientError::Closed(reason) | ClientError::WebsocketRefused(reason),
        ) => reason.contains(websocket),
        (
            WantedError::Refused { status, code, detail },
            ClientError::Refused { status: found, detail: told, .. },
        ) => {
            let found_code = error.code().map(ErrorCode::as_str);
            status == found
                && (code.is_none() || code.as_deref() == found_code)
                && detail.as_ref().is_none_or(|detail| told.contains(detail))
        }
        // Refused before the server is asked.
        (WantedError::Refused { status: 400, .. }, ClientError::Invalid { .. }) => true,
        _ => false,
    };
    assert!(alike, "{label}: {error:?}, not {wanted:?}");
}
