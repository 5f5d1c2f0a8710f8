//! What datasets hold, and how good answers are.

use anyhow::Result;
use bytes::Bytes;
use rand::RngExt;
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{Body, Kind, Target, World};
use crate::data::{self, Sample};

/// Images have this many pixels, in two rows and two columns.
const PIXELS: u32 = 4;

/// An IDX file of unsigned bytes.
fn idx(sizes: &[u32], values: &[u8]) -> Bytes {
    let magic = 0x0000_0800 + sizes.len() as u32;
    let head = std::iter::once(&magic).chain(sizes).flat_map(|number| number.to_be_bytes());
    head.chain(values.iter().copied()).collect()
}

/// Whether an answer is this number, but for rounding.
fn is_near(answer: &Value, number: f64) -> bool {
    answer.as_f64().is_some_and(|found| (found - number).abs() <= 1e-9 * number.abs().max(1.0))
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

impl World {
    /// Makes a dataset of a few images, at once.
    pub(super) async fn images(&mut self) -> Result<()> {
        let actor = self.actor();
        let count = self.rng.random_range(1..4_u32);
        let pixels: Vec<u8> = (0..count * PIXELS).map(|_| self.rng.random()).collect();
        let labels: Vec<u8> = (0..count).map(|_| self.rng.random_range(0..10)).collect();
        let files = [idx(&[count, 2, 2], &pixels), idx(&[count], &labels)];
        let name = self.name();
        let body = json!({
            "name": name, "input_data_size": files[0].len(), "label_data_size": files[1].len()
        });
        let path = "/mnist/dataset";
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), &[]).await?;
        let made = answer.unwrap_or_default();
        for (file, part) in files.iter().zip(["uuid_input_file", "uuid_label_file"]) {
            let path = format!("/dataset/file?uuid={}", made[part].as_str().unwrap_or_default());
            self.ask(&actor, Method::PUT, &path, file.clone(), &[]).await?;
        }
        let body = json!({
            "uuid": made["uuid"],
            "uuid_input_file": made["uuid_input_file"],
            "uuid_label_file": made["uuid_label_file"]
        });
        self.ask_json(&actor, Method::PUT, path, Some(body), &[]).await?;
        self.made(&actor, &made, name, Body::Images { files, labels })
    }

    /// The rows of a dataset that is a table, and whether it is finished.
    pub(super) fn rows_of(&self, target: &Target) -> (Vec<Sample>, bool) {
        match target.index.map(|index| &self.things[index].body) {
            Some(Body::Dataset { rows, is_ready, .. }) => (rows.clone(), *is_ready),
            _ => (Vec::new(), true),
        }
    }

    /// The pixels' file and the labels of a dataset that is no table.
    pub(super) fn images_of(&self, target: &Target) -> Option<([Bytes; 2], Vec<u8>)> {
        match target.index.map(|index| &self.things[index].body) {
            Some(Body::Images { files, labels }) => Some((files.clone(), labels.clone())),
            _ => None,
        }
    }

    /// Downloads a dataset.
    pub(super) async fn download(&mut self) -> Result<()> {
        let target = self.target(Kind::Dataset);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_looking(&actor, &target);
        let (rows, is_ready) = self.rows_of(&target);
        let wants_labels = self.rng.random_ratio(1, 4);
        let part = if wants_labels { "label" } else { "input" };
        if !is_ready {
            faults.push(409);
        }
        let expected = match self.images_of(&target) {
            Some(([images, labels], _)) => {
                if wants_labels {
                    labels
                } else {
                    images
                }
            }
            None => data::table(&rows),
        };
        if wants_labels && !rows.is_empty() {
            faults.push(404);
        }
        let path = format!("/dataset/download?uuid={}&part={part}", target.text);
        if let Some(answer) = self.ask(&actor, Method::GET, &path, "", &faults).await? {
            self.expect(answer == expected, &json!(String::from_utf8_lossy(&answer)))?;
        }
        Ok(())
    }

    /// Looks at some rows of a dataset.
    pub(super) async fn preview(&mut self) -> Result<()> {
        let target = self.target(Kind::Dataset);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_looking(&actor, &target);
        let (rows, is_ready) = self.rows_of(&target);
        let (from, count) = (self.rng.random_range(0..12), self.rng.random_range(0..40_usize));
        if !is_ready {
            faults.push(409);
        }
        if count == 0 {
            faults.push(400);
        }
        let path = format!("/dataset/preview?uuid={}&from={from}&count={count}", target.text);
        let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
        let Some(answer) = answer else { return Ok(()) };
        let is_right = if let Some(([images, _], labels)) = self.images_of(&target) {
            // Behind four numbers of four bytes.
            let images = images[16..].chunks(PIXELS as usize).zip(labels);
            let images = images.map(|(pixels, label)| json!({"pixels": pixels, "label": label}));
            answer["images"] == images.skip(from).take(count).collect::<Value>()
        } else {
            let rows: Vec<_> = rows.iter().skip(from).take(count).collect();
            answer["rows"] == json!(rows) && answer["columns"] == json!(["left", "right", "sum"])
        };
        self.expect(is_right, &answer)
    }

    /// Asks what the columns of a dataset hold.
    pub(super) async fn columns(&mut self) -> Result<()> {
        let target = self.target(Kind::Dataset);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_looking(&actor, &target);
        let (rows, is_ready) = self.rows_of(&target);
        if !is_ready {
            faults.push(409);
        }
        let path = format!("/dataset/columns?uuid={}", target.text);
        let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
        let Some(answer) = answer else { return Ok(()) };
        if let Some((_, labels)) = self.images_of(&target) {
            return self.expect(answer["lines"] == labels.len(), &answer);
        }
        let is_right = ["left", "right", "sum"].iter().enumerate().all(|(index, name)| {
            let values: Vec<f64> = rows.iter().map(|row| f64::from(row[index])).collect();
            let middle = mean(values.iter().copied());
            let deviation = mean(values.iter().map(|value| (value - middle).powi(2))).sqrt();
            let column = &answer["columns"][index];
            column["name"] == *name
                && is_near(&column["mean"], middle)
                && is_near(&column["standard_deviation"], deviation)
                && is_near(&column["minimum"], values.iter().copied().fold(f64::MAX, f64::min))
                && is_near(&column["maximum"], values.iter().copied().fold(0.0, f64::max))
        });
        self.expect(answer["lines"] == rows.len() && is_right, &answer)
    }

    /// Asks how good the answers in a result are, by a dataset that may be another one.
    pub(super) async fn check(&mut self) -> Result<()> {
        let result = self.target(Kind::Result);
        let actor = self.actor_for(&result);
        let dataset = self.target_for(&actor, Kind::Dataset);
        let mut faults = self.faults_of_looking(&actor, &result);
        faults.extend(self.faults_of_looking(&actor, &dataset));
        let (rows, is_ready) = self.rows_of(&dataset);
        let answers = self.result_of(&result).0;
        if !is_ready {
            faults.push(409);
        } else if dataset.index.is_some() && answers.len() > rows.len() {
            faults.push(400);
        }
        let body = json!({"result_uuid": result.text, "dataset_uuid": dataset.text});
        let path = "/dataset/check";
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), &faults).await?;
        let Some(answer) = answer else { return Ok(()) };
        let sums: Vec<f64> = rows.iter().map(|row| f64::from(row[2])).collect();
        let range = sums.iter().copied().fold(0.0, f64::max)
            - sums.iter().copied().fold(f64::MAX, f64::min);
        // The last answer belongs to the last row.
        let errors = sums[sums.len() - answers.len()..].iter().zip(&answers);
        let errors: Vec<f64> = errors.map(|(sum, answer)| (sum - answer).abs()).collect();
        let right = errors.iter().filter(|error| **error <= 0.05 * range).count();
        let squares = mean(errors.iter().map(|error| error * error));
        let is_right = is_near(&answer["accuracy"], 100.0 * right as f64 / errors.len() as f64)
            && is_near(&answer["mae"], mean(errors.iter().copied()))
            && is_near(&answer["rmse"], squares.sqrt())
            && answer["samples"] == answers.len();
        self.expect(is_right, &answer)
    }

    /// The answers in a result, and whether it kept all outputs.
    fn result_of(&self, target: &Target) -> (Vec<f64>, bool) {
        match target.index.map(|index| &self.things[index].body) {
            Some(Body::Result { data, has_outputs }) => (data.clone(), *has_outputs),
            _ => (Vec::new(), true),
        }
    }

    /// Asks for all outputs of some rows of a result.
    pub(super) async fn outputs(&mut self) -> Result<()> {
        let target = self.target(Kind::Result);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_looking(&actor, &target);
        let (data, has_outputs) = self.result_of(&target);
        if !has_outputs {
            faults.push(409);
        }
        let (from, count) = (self.rng.random_range(0..12), self.rng.random_range(1..40_usize));
        let path =
            format!("/request_result/outputs?uuid={}&from={from}&count={count}", target.text);
        let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
        if let Some(answer) = answer {
            let rows = data.iter().skip(from).take(count).map(|value| vec![*value as f32]);
            let found: Vec<Vec<f32>> = serde_json::from_value(answer["outputs"].clone())?;
            let is_right = found == rows.collect::<Vec<_>>()
                && answer["bricks"] == json!([{"name": "sum", "width": 1}])
                && answer["rows"] == data.len();
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    /// Downloads a result.
    pub(super) async fn download_result(&mut self) -> Result<()> {
        let target = self.target(Kind::Result);
        let actor = self.actor_for(&target);
        let faults = self.faults_of_looking(&actor, &target);
        let (data, has_outputs) = self.result_of(&target);
        let path = format!("/request_result/download?uuid={}", target.text);
        if let Some(answer) = self.ask(&actor, Method::GET, &path, "", &faults).await? {
            let head = if has_outputs { "row,value,sum_0\n" } else { "row,value\n" };
            let lines = data.iter().enumerate().map(|(row, value)| {
                // The output is the value, as it was computed: with half the digits.
                let output =
                    if has_outputs { format!(",{}", *value as f32) } else { String::new() };
                format!("{row},{value}{output}\n")
            });
            let expected = head.to_owned() + &lines.collect::<String>();
            self.expect(answer == expected, &json!(String::from_utf8_lossy(&answer)))?;
        }
        Ok(())
    }
}
