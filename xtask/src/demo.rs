//! The demo, as a user runs it: it has to learn, and to say how well.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    command::{cargo, output},
    step::Verdict,
};

/// Keys of the object that `hanami demo --json` prints.
const KEYS: [&str; 8] = [
    "accuracy",
    "epochs",
    "upload_seconds",
    "train_seconds",
    "request_seconds",
    "direct_request_p50_us",
    "synapses",
    "cluster_bytes",
];

/// Less than this, in percent, and something is wrong with the learning.
const LEAST_ACCURACY: f64 = 97.0;

pub(crate) fn check() -> Result<Verdict> {
    let printed = output(&mut cargo(&[
        "run",
        "--release",
        "--locked",
        "--package",
        "hanami",
        "--",
        "demo",
        "--json",
    ]))?;
    print!("{printed}");
    check_outcome(&printed)?;
    Ok(Verdict::Passed)
}

fn check_outcome(printed: &str) -> Result<()> {
    let outcome: Value =
        serde_json::from_str(printed).context("standard output is not one JSON value")?;
    let object = outcome.as_object().context("it printed no JSON object")?;
    for key in KEYS {
        let number = object.get(key).and_then(Value::as_f64);
        ensure!(number.is_some_and(|number| number > 0.0), "{key} is no positive number");
    }
    if let Some(other) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
        anyhow::bail!("it has the unknown key {other}");
    }
    let accuracy = object["accuracy"].as_f64().unwrap_or_default();
    ensure!(
        accuracy >= LEAST_ACCURACY,
        "an accuracy of {accuracy} % is less than {LEAST_ACCURACY} %"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(accuracy: f64) -> serde_json::Map<String, Value> {
        let mut object: serde_json::Map<_, _> =
            KEYS.map(|key| (key.to_owned(), Value::from(1))).into_iter().collect();
        object["accuracy"] = accuracy.into();
        object
    }

    fn check(object: serde_json::Map<String, Value>) -> Result<()> {
        check_outcome(&Value::from(object).to_string())
    }

    #[test]
    fn a_good_outcome_passes() {
        check(outcome(97.0)).unwrap();
    }

    #[test]
    fn too_little_was_learned() {
        assert!(check(outcome(96.9)).is_err());
    }

    #[test]
    fn a_key_too_few_or_too_many_is_named() {
        let mut object = outcome(98.0);
        object.remove("synapses");
        assert!(check(object).unwrap_err().to_string().contains("synapses"));
        let mut object = outcome(98.0);
        object.insert("neurons".to_owned(), Value::from(1));
        assert!(check(object).unwrap_err().to_string().contains("neurons"));
    }

    #[test]
    fn anything_beside_the_object_is_an_error() {
        let printed = format!("done\n{}", Value::from(outcome(98.0)));
        assert!(check_outcome(&printed).is_err());
    }
}
