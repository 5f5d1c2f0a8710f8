//! Asking and teaching a cluster, in batches.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use hanami_api::samples::{Learned, Predicted};
use hanami_client::{BrickSamples, ClusterDetails, Samples, Uuid};
use serde_json::Value;

use crate::{
    actions::{
        Context,
        resource::{self, Kind},
    },
    args::samples::SampleArgs,
    failure::{Exit, Failure},
    output::Rows,
    samples::{Sample, Shape, Values, is_header},
};

/// Most values that are sent at once: less than a megabyte of JSON, which servers take.
const MAX_VALUES: usize = 64 * 1024;

pub(super) async fn predict(context: &Context, args: SampleArgs) -> Result<(), Failure> {
    let cluster = cluster(context, &args).await?;
    let mut source = Source::open(Shape::of_questions(&cluster.bricks), args)?;
    let mut answers = Vec::new();
    while let Some(batch) = source.next_batch()? {
        let inputs = together(batch.into_iter().map(|sample| sample.inputs));
        let outputs = context.hanami.predict(cluster.cluster.uuid, inputs).await?;
        let outputs = one_by_one(outputs);
        if context.out.json {
            outputs.iter().try_for_each(|outputs| context.out.json(outputs))?;
        } else {
            answers.extend(outputs);
        }
    }
    if context.out.json { Ok(()) } else { table(context, answers) }
}

pub(super) async fn learn(context: &Context, args: SampleArgs) -> Result<(), Failure> {
    let cluster = cluster(context, &args).await?;
    let uuid = cluster.cluster.uuid;
    let mut source = Source::open(Shape::of_lessons(&cluster.bricks), args)?;
    let mut learned = 0;
    let outcome = teach(context, uuid, &mut source, &mut learned).await;
    if outcome.is_err() && learned > 0 {
        context.out.note(&format!("{learned} samples before that were learned"));
    }
    let steps = match outcome? {
        Some(steps) => steps,
        None => cluster.network.map_or(0, |network| network.steps),
    };
    context.out.note(&format!("learned {learned} samples"));
    context.out.made(&Learned { steps })
}

/// Teaches batch by batch; answers the steps that the network has taken by the last.
async fn teach(
    context: &Context,
    cluster: Uuid,
    source: &mut Source,
    learned: &mut usize,
) -> Result<Option<u64>, Failure> {
    let mut steps = None;
    while let Some(batch) = source.next_batch()? {
        let count = batch.len();
        let (inputs, outputs): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|sample| (sample.inputs, sample.outputs)).unzip();
        let (inputs, outputs) = (together(inputs), together(outputs));
        steps = Some(context.hanami.learn(cluster, inputs, outputs).await?);
        *learned += count;
    }
    Ok(steps)
}

pub(super) async fn cluster(
    context: &Context,
    args: &SampleArgs,
) -> Result<ClusterDetails, Failure> {
    let uuid = resource::uuid(context, Kind::Cluster, &args.cluster).await?;
    let cluster = context.hanami.cluster(uuid).await?;
    if cluster.bricks.is_empty() {
        let message = format!("the cluster {} is empty", args.cluster);
        return Err(Failure::new(Exit::Conflict, message)
            .hint("`hanamictl cluster restore` fills it from a checkpoint"));
    }
    Ok(cluster)
}

/// Samples one after the other, from arguments or from lines.
pub(super) struct Source {
    shape: Shape,
    /// The sample of the arguments.
    given: Option<Sample>,
    lines: Option<Lines>,
    /// A sample that was read, but belongs to the next batch.
    next: Option<Sample>,
    most: usize,
}

struct Lines {
    reader: Box<dyn BufRead>,
    name: String,
    number: u64,
}

impl Source {
    pub(super) fn open(shape: Shape, args: SampleArgs) -> Result<Self, Failure> {
        let most = args.batch as usize;
        let file = match (args.file, args.values.as_slice()) {
            (Some(path), _) => Some(path),
            (None, [only]) if only == "-" => Some("-".into()),
            (None, _) => None,
        };
        let lines = file.as_deref().map(Lines::open).transpose()?;
        let given = if lines.is_none() {
            let cells = args.values.iter().map(String::as_str);
            Some(shape.cut(cells).map_err(Failure::usage)?)
        } else {
            None
        };
        Ok(Self { shape, given, lines, next: None, most })
    }

    pub(super) fn next_batch(&mut self) -> Result<Option<Vec<Sample>>, Failure> {
        let mut batch: Vec<Sample> = self.next.take().into_iter().collect();
        let mut values = batch.iter().map(width).sum::<usize>();
        while batch.len() < self.most {
            let Some(sample) = self.next_sample()? else { break };
            let same_bricks = batch.first().is_none_or(|first| bricks(first).eq(bricks(&sample)));
            values += width(&sample);
            if !batch.is_empty() && (values > MAX_VALUES || !same_bricks) {
                self.next = Some(sample);
                break;
            }
            batch.push(sample);
        }
        Ok(Some(batch).filter(|batch| !batch.is_empty()))
    }

    fn next_sample(&mut self) -> Result<Option<Sample>, Failure> {
        if let Some(sample) = self.given.take() {
            return Ok(Some(sample));
        }
        let Some(lines) = &mut self.lines else { return Ok(None) };
        while let Some(line) = lines.next()? {
            if line.trim().is_empty() || (lines.number == 1 && is_header(&line)) {
                continue;
            }
            let sample = self.shape.read(&line);
            return sample.map(Some).map_err(|told| {
                Failure::usage(format!("{}, line {}: {told}", lines.name, lines.number))
            });
        }
        Ok(None)
    }
}

impl Lines {
    fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            let reader = Box::new(BufReader::new(io::stdin()));
            return Ok(Self { reader, name: "stdin".to_owned(), number: 0 });
        }
        let file = File::open(path).map_err(|error| Failure::file("read", path, &error))?;
        let name = path.display().to_string();
        Ok(Self { reader: Box::new(BufReader::new(file)), name, number: 0 })
    }

    fn next(&mut self) -> Result<Option<String>, Failure> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line);
        let read = read.map_err(|error| Failure::file("read", Path::new(&self.name), &error))?;
        self.number += 1;
        Ok(Some(line).filter(|_| read > 0))
    }
}

fn bricks(sample: &Sample) -> impl Iterator<Item = &String> {
    sample.inputs.keys().chain(sample.outputs.keys())
}

fn width(sample: &Sample) -> usize {
    sample.inputs.values().chain(sample.outputs.values()).map(Vec::len).sum()
}

/// Lists of values by brick, of samples that have the same bricks.
fn together(samples: impl IntoIterator<Item = Values>) -> BrickSamples {
    let mut lists = BTreeMap::<String, Vec<Vec<f32>>>::new();
    for sample in samples {
        for (brick, values) in sample {
            lists.entry(brick).or_default().push(values);
        }
    }
    let lists = lists.into_iter().map(|(brick, list)| (brick, Samples::Many(list)));
    lists.collect::<BTreeMap<_, _>>().into()
}

/// The answers to each sample of a batch.
fn one_by_one(outputs: BTreeMap<String, Samples>) -> Vec<Predicted> {
    let mut answers = Vec::<Predicted>::new();
    for (brick, samples) in outputs {
        for (index, values) in samples.into_rows().into_iter().enumerate() {
            if index == answers.len() {
                answers.push(Predicted { outputs: BTreeMap::new() });
            }
            answers[index].outputs.insert(brick.clone(), Samples::One(values));
        }
    }
    answers
}

/// A row for every sample and brick: the values, and the place of the highest.
fn table(context: &Context, answers: Vec<Predicted>) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for (index, answer) in answers.into_iter().enumerate() {
        for (brick, samples) in answer.outputs {
            let values = samples.into_rows().into_iter().flatten().collect::<Vec<_>>();
            let highest = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            let highest = highest.map(|(place, _)| place);
            let shown: Vec<_> = values.iter().map(|value| format!("{value:.4}")).collect();
            rows.push(vec![
                Value::from(index),
                Value::from(brick),
                Value::from(shown.join(" ")),
                Value::from(highest),
            ]);
        }
    }
    context.out.table(&Rows::new(&["sample", "brick", "values", "highest"], rows))
}
