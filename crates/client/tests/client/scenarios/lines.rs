//! The live connections of a scenario, by their names.

use std::collections::BTreeMap;

use hanami_client::{Direct, Hanami};
use serde_json::Value;

use super::calls::{Arguments, Failure, Outcome, answer, unknown};

/// The values of a brick, by its name.
type Bricks = BTreeMap<String, Vec<f32>>;

pub(super) async fn perform(
    lines: &mut BTreeMap<String, Direct>,
    hanami: &Hanami,
    call: &str,
    with: &Arguments,
) -> Outcome {
    let name = with.text("line");
    match call {
        "direct.open" => {
            let line = hanami.direct(with.typed("uuid")?).await?;
            lines.insert(name.to_owned(), line);
            Ok(Value::Null)
        }
        "direct.train" => {
            let (inputs, targets) = (bricks(with, "inputs")?, bricks(with, "targets")?);
            let line = lines.get_mut(name).unwrap();
            answer(line.train(&borrowed(&inputs), &borrowed(&targets)).await)
        }
        "direct.request" => {
            let inputs = bricks(with, "inputs")?;
            answer(lines.get_mut(name).unwrap().request(&borrowed(&inputs)).await)
        }
        "direct.close" => answer(lines.remove(name).unwrap().close().await),
        call => unknown(call),
    }
}

fn bricks(with: &Arguments, field: &str) -> Result<Bricks, Failure> {
    with.typed(field)
}

fn borrowed(bricks: &Bricks) -> Vec<(&str, &[f32])> {
    bricks.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect()
}
