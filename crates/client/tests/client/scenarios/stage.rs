//! A scenario that is being played: its server, its actors, and what they have seen so far.

use std::{collections::BTreeMap, net::Ipv4Addr};

use hanami_client::{ClientError, Direct, ErrorCode, Hanami, Trust};
use hanami_server::{AdminWish, Server, Settings};
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::{
    Call, WantedError, admin,
    calls::{self, Arguments, Failure},
    directory, matchers,
};

const PASSWORD: &str = "correct horse battery";

pub(super) struct Stage {
    server: Server,
    // Deleted when it is dropped, after the server.
    _directory: TempDir,
    pub(super) actors: BTreeMap<String, Hanami>,
    pub(super) lines: BTreeMap<String, Direct>,
    variables: BTreeMap<String, Value>,
    /// The arguments met so far that the SDK's types have no values for.
    inexpressible: Vec<String>,
}

impl Stage {
    /// Starts a server with the variables `environment`.
    pub(super) async fn set(environment: &BTreeMap<String, String>) -> Self {
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
            ..settings(environment)
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
            variables: BTreeMap::new(),
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
        let with = self.resolved(&Value::Object(call.with.clone()));
        let label = format!("{} {with}", call.what);
        let outcome = calls::perform(self, call, &Arguments(with)).await;
        match (outcome, &call.error) {
            (Ok(result), None) => self.look_at(&result, call, &label),
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

    /// Checks a result, and keeps of it what later calls need.
    fn look_at(&mut self, result: &Value, call: &Call, label: &str) {
        for (pointer, matcher) in &call.expect {
            matchers::check(result, pointer, &self.resolved(matcher), label);
        }
        for (name, pointer) in &call.save {
            let value = result.pointer(pointer);
            let value = value.unwrap_or_else(|| panic!("{label}: no {pointer} in {result}"));
            self.variables.insert(name.clone(), value.clone());
        }
    }

    /// With the values of variables and the paths of data files in their places.
    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match (text.strip_prefix("$data/"), text.strip_prefix('$')) {
                (Some(file), _) => directory().join("data").join(file).to_str().unwrap().into(),
                (None, Some(name)) => self.variables[name].clone(),
                (None, None) => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            Value::Object(fields) => {
                let resolve =
                    |(name, value): (&String, &Value)| (name.clone(), self.resolved(value));
                Value::Object(fields.iter().map(resolve).collect())
            }
            other => other.clone(),
        }
    }
}

/// The settings that these variables of the environment stand for.
fn settings(environment: &BTreeMap<String, String>) -> Settings {
    let mut fields = Map::new();
    for (variable, value) in environment {
        let setting = Settings::TABLE.iter().find(|setting| setting.variable == variable);
        let setting = setting.unwrap_or_else(|| panic!("there is no setting {variable}"));
        let value = serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into());
        fields.insert(setting.name.to_owned(), value);
    }
    serde_json::from_value(Value::Object(fields)).unwrap()
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
