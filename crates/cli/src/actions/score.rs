//! How good a request result is.

use serde_json::Value;

use crate::{
    actions::{
        Context,
        resource::{self, Kind},
    },
    failure::Failure,
    output::{Rows, record_of},
};

/// Compares a request result with the right answers in a dataset.
pub(super) async fn check(context: &Context, dataset: &str, result: &str) -> Result<(), Failure> {
    let dataset = resource::uuid(context, Kind::Dataset, dataset).await?;
    let result = resource::uuid(context, Kind::RequestResult, result).await?;
    let mut score = record_of(&context.hanami.score(result, dataset).await?)?;
    if context.out.json {
        return context.out.json(&score);
    }
    let classes = score.shift_remove("classes").unwrap_or_default();
    let confusion = score.shift_remove("confusion").unwrap_or_default();
    score.retain(|_, value| !value.is_null());
    context.out.fields(&score)?;
    if classes.is_null() {
        return Ok(());
    }
    context.out.objects(&classes, &["class", "precision", "recall", "f1", "support"])?;
    context.out.note("rows: the right class; columns: the class that was answered");
    confusion_table(context, &classes, &confusion)
}

fn confusion_table(context: &Context, classes: &Value, confusion: &Value) -> Result<(), Failure> {
    let names: Vec<_> = array(classes).iter().filter_map(|class| class["class"].as_str()).collect();
    let header = [&["right"], names.as_slice()].concat();
    let rows = names
        .iter()
        .zip(array(confusion))
        .map(|(name, counts)| [&[Value::from(*name)], array(counts)].concat());
    context.out.table(&Rows::new(&header, rows))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
