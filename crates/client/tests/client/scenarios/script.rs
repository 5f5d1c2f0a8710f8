//! What the files in `sdk/scenarios` say, for whoever plays them: the tests of this SDK and of
//! `hanamictl`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use hanami_server::Settings;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::matchers;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    server: BTreeMap<String, String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Repeat { repeat: usize, steps: Vec<Step> },
    Call(Call),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    #[serde(rename = "call")]
    pub(super) what: String,
    #[serde(rename = "as", default = "admin")]
    pub(super) actor: String,
    #[serde(default)]
    pub(super) with: Map<String, Value>,
    #[serde(default)]
    save: BTreeMap<String, String>,
    #[serde(default)]
    expect: BTreeMap<String, Value>,
    pub(super) error: Option<WantedError>,
    #[serde(rename = "about")]
    _about: Option<String>,
}

/// How a call is to fail.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum WantedError {
    Websocket { websocket: String },
    Refused { status: u16, code: Option<String>, detail: Option<String> },
}

/// Who calls where a step does not say.
pub(super) fn admin() -> String {
    "admin".to_owned()
}

pub(super) fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sdk/scenarios")
}

impl Scenario {
    pub(super) fn read(file: &str) -> Self {
        let text = fs::read(directory().join(file)).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// The settings of the server that it is played against.
    pub(super) fn settings(&self) -> Settings {
        let mut fields = Map::new();
        for (variable, value) in &self.server {
            let setting = Settings::TABLE.iter().find(|setting| setting.variable == variable);
            let setting = setting.unwrap_or_else(|| panic!("there is no setting {variable}"));
            let value = serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into());
            fields.insert(setting.name.to_owned(), value);
        }
        serde_json::from_value(Value::Object(fields)).unwrap()
    }

    /// The calls in their order, the repeated ones as often as they are to be made.
    pub(super) fn calls(&self) -> Vec<&Call> {
        unrolled(&self.steps)
    }
}

fn unrolled(steps: &[Step]) -> Vec<&Call> {
    let mut calls = Vec::new();
    for step in steps {
        match step {
            Step::Call(call) => calls.push(call),
            Step::Repeat { repeat, steps } => calls.extend(unrolled(steps).repeat(*repeat)),
        }
    }
    calls
}

/// What was kept of the results so far.
#[derive(Default)]
pub(super) struct Variables(BTreeMap<String, Value>);

impl Variables {
    /// Checks the result of a call, and keeps of it what later calls need.
    pub(super) fn look_at(&mut self, result: &Value, call: &Call, label: &str) {
        for (pointer, matcher) in &call.expect {
            matchers::check(result, pointer, &self.resolved(matcher), label);
        }
        for (name, pointer) in &call.save {
            let value = result.pointer(pointer);
            let value = value.unwrap_or_else(|| panic!("{label}: no {pointer} in {result}"));
            self.0.insert(name.clone(), value.clone());
        }
    }

    /// With the values of variables and the paths of data files in their places.
    pub(super) fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match (text.strip_prefix("$data/"), text.strip_prefix('$')) {
                (Some(file), _) => directory().join("data").join(file).to_str().unwrap().into(),
                (None, Some(name)) => self.0[name].clone(),
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
