//! Samples as text: lines of CSV or JSON, cut up by the bricks of a cluster.

use std::collections::BTreeMap;

use hanami_client::{BrickDetails, BrickKind, BrickSamples, Samples};
use serde::Deserialize;

/// Values by the names of bricks.
pub(crate) type Values = BTreeMap<String, Vec<f32>>;

/// What is read from a line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sample {
    pub(crate) inputs: Values,
    /// What is to be learned; empty in a question.
    pub(crate) outputs: Values,
}

/// The bricks that a sample has values for.
#[derive(Debug)]
pub(crate) struct Shape {
    inputs: Vec<Brick>,
    /// None for questions.
    outputs: Vec<Brick>,
}

#[derive(Debug)]
struct Brick {
    name: String,
    width: usize,
}

/// A line of JSON of a sample to learn.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lesson {
    inputs: BrickSamples,
    outputs: BrickSamples,
}

impl Shape {
    /// What a cluster with these bricks is asked with.
    pub(crate) fn of_questions(bricks: &[BrickDetails]) -> Self {
        Self { inputs: of_kind(bricks, BrickKind::Input), outputs: Vec::new() }
    }

    /// What a cluster with these bricks is taught with.
    pub(crate) fn of_lessons(bricks: &[BrickDetails]) -> Self {
        let (inputs, outputs) = (BrickKind::Input, BrickKind::Output);
        Self { inputs: of_kind(bricks, inputs), outputs: of_kind(bricks, outputs) }
    }

    /// Reads a line of CSV or JSON.
    pub(crate) fn read(&self, line: &str) -> Result<Sample, String> {
        let line = line.trim();
        if !line.starts_with(['[', '{']) {
            return self.cut(line.split(','));
        }
        let told = |error: serde_json::Error| error.to_string();
        if self.outputs.is_empty() {
            let inputs = serde_json::from_str(line).map_err(told)?;
            return Ok(Sample { inputs: named(&self.inputs, inputs)?, outputs: Values::new() });
        }
        if line.starts_with('[') {
            return Err("inputs and outputs are needed: {\"inputs\": …, \"outputs\": …}".to_owned());
        }
        let Lesson { inputs, outputs } = serde_json::from_str(line).map_err(told)?;
        let (inputs, outputs) = (named(&self.inputs, inputs)?, named(&self.outputs, outputs)?);
        Ok(Sample { inputs, outputs })
    }

    /// Cuts the cells of a row up: first the input bricks, then the output bricks.
    pub(crate) fn cut<'a>(
        &self,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<Sample, String> {
        let values = cells.into_iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let bricks = || self.inputs.iter().chain(&self.outputs);
        let expected: usize = bricks().map(|brick| brick.width).sum();
        if values.len() != expected {
            let bricks: Vec<_> =
                bricks().map(|brick| format!("{} {}", brick.name, brick.width)).collect();
            let (found, bricks) = (values.len(), bricks.join(", "));
            return Err(format!("{expected} values are needed ({bricks}), not {found}"));
        }
        let mut rest = values.as_slice();
        let mut take = |bricks: &[Brick]| {
            let mut taken = Values::new();
            for brick in bricks {
                let (own, others) = rest.split_at(brick.width);
                taken.insert(brick.name.clone(), own.to_vec());
                rest = others;
            }
            taken
        };
        Ok(Sample { inputs: take(&self.inputs), outputs: take(&self.outputs) })
    }
}

fn of_kind(bricks: &[BrickDetails], kind: BrickKind) -> Vec<Brick> {
    let of_kind = bricks.iter().filter(|brick| brick.kind == kind);
    of_kind
        .map(|brick| Brick {
            name: brick.name.clone().unwrap_or_default(),
            width: brick.neurons_limit as usize,
        })
        .collect()
}

/// The values of one sample, by the names of bricks.
fn named(bricks: &[Brick], values: BrickSamples) -> Result<Values, String> {
    match (values, bricks) {
        (BrickSamples::Only(samples), [only]) => {
            Ok(Values::from([(only.name.clone(), one(samples)?)]))
        }
        (BrickSamples::Only(_), several) => {
            let names: Vec<_> = several.iter().map(|brick| brick.name.as_str()).collect();
            Err(format!("name the bricks: {}", names.join(", ")))
        }
        (BrickSamples::Named(named), _) => {
            let one = |(name, samples)| Ok((name, one(samples)?));
            named.into_iter().map(one).collect()
        }
    }
}

fn one(samples: Samples) -> Result<Vec<f32>, String> {
    match samples {
        Samples::One(values) => Ok(values),
        Samples::Many(_) => Err("put each sample on a line of its own".to_owned()),
    }
}

/// Whether a line holds names instead of values.
pub(crate) fn is_header(line: &str) -> bool {
    !line.trim_start().starts_with(['[', '{']) && line.split(',').all(|cell| value(cell).is_err())
}

/// A cell as a value; NaN stands for one that is not known.
fn value(cell: &str) -> Result<f32, String> {
    match cell.trim() {
        "" | "null" => Ok(f32::NAN),
        "true" => Ok(1.0),
        "false" => Ok(0.0),
        cell => match cell.parse::<f32>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(format!("`{cell}` is no number that fits into 32 bits")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brick(name: &str, kind: BrickKind, width: u64) -> BrickDetails {
        BrickDetails {
            name: Some(name.to_owned()),
            kind,
            position: [1, 1, 1],
            neurons_limit: width,
            neurons: 0,
            sections: 0,
            synapses: 0,
            bytes: None,
            activity: None,
            error: None,
        }
    }

    fn values(of: &[(&str, &[f32])]) -> Values {
        of.iter().map(|(name, values)| ((*name).to_owned(), values.to_vec())).collect()
    }

    fn bricks() -> [BrickDetails; 3] {
        let (input, output) = (BrickKind::Input, BrickKind::Output);
        [brick("left", input, 2), brick("sum", output, 1), brick("right", input, 1)]
    }

    #[test]
    fn rows_are_cut_up_by_the_bricks() {
        let questions = Shape::of_questions(&bricks()).read("1, 2,3e1").unwrap();
        let inputs = values(&[("left", &[1.0, 2.0]), ("right", &[30.0])]);
        assert_eq!(questions, Sample { inputs: inputs.clone(), outputs: Values::new() });
        let lesson = Shape::of_lessons(&bricks()).read("true,2,30,-4").unwrap();
        assert_eq!(lesson, Sample { inputs, outputs: values(&[("sum", &[-4.0])]) });
        let unknown = Shape::of_questions(&bricks()).read("1,,null").unwrap();
        assert!(unknown.inputs["left"][1].is_nan() && unknown.inputs["right"][0].is_nan());
    }

    #[test]
    fn json_names_its_bricks_where_there_are_several() {
        let line = r#"{"inputs": {"left": [1, 2], "right": [3]}, "outputs": [null]}"#;
        let lesson = Shape::of_lessons(&bricks()).read(line).unwrap();
        assert_eq!(lesson.inputs["right"], [3.0]);
        assert!(lesson.outputs["sum"][0].is_nan());
    }

    #[test]
    fn mistakes_are_told() {
        let lessons = Shape::of_lessons(&bricks());
        for (line, told) in [
            ("1,2", "4 values are needed (left 2, right 1, sum 1), not 2"),
            ("1,2,x,4", "`x` is no number"),
            ("1,2,inf,4", "`inf` is no number"),
            ("[1, 2]", "inputs and outputs are needed"),
            (r#"{"inputs": [1], "outputs": [1]}"#, "name the bricks: left, right"),
            (r#"{"inputs": {"left": [[1]]}, "outputs": [1]}"#, "a line of its own"),
            (r#"{"inputs": [1]}"#, "missing field `outputs`"),
        ] {
            let error = lessons.read(line).unwrap_err();
            assert!(error.contains(told), "{line}: {error}");
        }
    }

    #[test]
    fn a_header_has_no_values() {
        assert!(is_header("left.0,left.1"));
        assert!(!is_header("left.0,1"));
        assert!(!is_header("{\"left\": [1]}") && !is_header(",1"));
    }
}
