//! Where an answer comes from.

use std::collections::BTreeMap;

use hanami_client::{BrickKind, ClusterDetails, Explained, Samples, Uuid};
use serde_json::Value;

use crate::{
    actions::{
        Context,
        samples::{Source, cluster},
    },
    args::{cluster::ExplainArgs, samples::SampleArgs},
    failure::Failure,
    output::Rows,
    samples::{Shape, Values},
};

pub(super) async fn explain(context: &Context, args: ExplainArgs) -> Result<(), Failure> {
    let ExplainArgs { cluster: name, values, file, output, index, most } = args;
    let sample = SampleArgs { cluster: name, values, file, batch: 1 };
    let cluster = cluster(context, &sample).await?;
    let inputs = only_sample(Source::open(Shape::of_questions(&cluster.bricks), sample)?)?;
    let output = output.map_or_else(|| first_output(&cluster), Ok)?;
    let uuid = cluster.cluster.uuid;
    let index = match index {
        Some(index) => index,
        None => highest(context, uuid, &inputs, &output).await?,
    };
    let asked = named(&inputs);
    let explained = context.hanami.explain(uuid, asked, Some(&output), index).await?;
    if context.out.json {
        return context.out.json(&explained);
    }
    context.out.text(&format!(
        "{output}.{index}: answer {:.4}, sum {:.4}, of which {:.4} come from no input",
        explained.answer, explained.sum, explained.rest
    ))?;
    context.out.table(&most_important(&explained, &inputs, most))
}

fn only_sample(mut source: Source) -> Result<Values, Failure> {
    let one = source.next_batch()?.and_then(|mut batch| batch.pop());
    match (one, source.next_batch()?) {
        (Some(sample), None) => Ok(sample.inputs),
        (None, _) => Err(Failure::usage("give the values of the sample to explain")),
        (Some(_), Some(_)) => Err(Failure::usage("one sample is explained at a time")),
    }
}

fn first_output(cluster: &ClusterDetails) -> Result<String, Failure> {
    let mut outputs = cluster.bricks.iter().filter(|brick| brick.kind == BrickKind::Output);
    let name = outputs.find_map(|brick| brick.name.clone());
    name.ok_or_else(|| Failure::usage("the cluster has no output brick; name one with --output"))
}

/// The place of the highest value that the brick `output` answers; 0 where there is no such brick.
async fn highest(
    context: &Context,
    cluster: Uuid,
    inputs: &Values,
    output: &str,
) -> Result<u32, Failure> {
    let mut answer = context.hanami.predict(cluster, named(inputs)).await?;
    let values = answer.remove(output).map(Samples::into_rows).unwrap_or_default().concat();
    let highest = (0..).zip(&values).max_by(|a, b| a.1.total_cmp(b.1));
    Ok(highest.map_or(0, |(place, _)| place))
}

fn named(inputs: &Values) -> BTreeMap<String, Samples> {
    let one = |(brick, values): (&String, &Vec<f32>)| (brick.clone(), Samples::One(values.clone()));
    inputs.iter().map(one).collect()
}

/// The inputs that contributed most, for or against, and the values that they had.
fn most_important(explained: &Explained, inputs: &Values, most: usize) -> Rows {
    let bricks = explained.contributions.iter();
    let mut all: Vec<(&str, usize, f32)> = bricks
        .flat_map(|(brick, own)| own.iter().enumerate().map(|(i, &part)| (brick.as_str(), i, part)))
        .filter(|&(_, _, part)| part != 0.0)
        .collect();
    all.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    let rows = all.into_iter().take(most).map(|(brick, i, part)| {
        let value = inputs.get(brick).and_then(|values| values.get(i));
        vec![
            Value::from(format!("{brick}.{i}")),
            Value::from(value.copied()),
            Value::from(format!("{part:+.4}")),
        ]
    });
    Rows::new(&["input", "value", "contribution"], rows)
}
