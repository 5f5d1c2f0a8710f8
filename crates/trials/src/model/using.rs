//! Clusters are taught, asked, saved and loaded.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hanami_api::explain::Explained;
use hanami_client::Uuid;
use rand::{RngExt, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{Actor, Body, Kind, Target, World};
use crate::data::{self, Sample};

/// How long a task of a few samples may take.
const PATIENCE: Duration = Duration::from_mins(1);

impl World {
    /// Whether the cluster has no network, and whether it is in direct mode.
    pub(super) fn state_of(&self, target: &Target) -> (bool, bool) {
        match target.index.map(|index| &self.things[index].body) {
            Some(Body::Cluster { network, is_direct, .. }) => (network.is_none(), *is_direct),
            _ => (false, false),
        }
    }

    /// Teaches a cluster, sometimes with what does not fit.
    pub(super) async fn learn(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_changing(&actor, &target);
        if self.state_of(&target).0 {
            faults.push(409);
        }
        let count = self.rng.random_range(1..8);
        let samples = data::samples(&mut self.rng, count);
        let mut body = json!({
            "uuid": target.text,
            "inputs": data::inputs(&samples),
            "outputs": data::targets(&samples),
        });
        if self.rng.random_ratio(1, 10) {
            faults.push(400);
            body["outputs"] = json!({"sum": [[1.0, 2.0]]});
        }
        let answer =
            self.ask_json(&actor, Method::POST, "/cluster/learn", Some(body), &faults).await?;
        if let (Some(answer), Some(index)) = (answer, target.index) {
            let steps = self.teach(index, &samples)?;
            self.expect(answer["steps"] == steps, &answer)?;
        }
        Ok(())
    }

    /// Teaches the model's network of a cluster; answers its steps.
    pub(super) fn teach(&mut self, index: usize, samples: &[Sample]) -> Result<u64> {
        let Body::Cluster { network: Some(network), .. } = &mut self.things[index].body else {
            return Ok(0);
        };
        for [left, right, sum] in samples {
            network.train(&[*left, *right], &[*sum], &mut [0.0])?;
        }
        Ok(network.steps())
    }

    /// What the model's network of a cluster answers.
    pub(super) fn answers(&mut self, index: usize, samples: &[Sample]) -> Result<Vec<f32>> {
        let Body::Cluster { network: Some(network), .. } = &mut self.things[index].body else {
            return Ok(Vec::new());
        };
        let answers = samples.iter().map(|[left, right, _]| {
            let mut answer = [0.0];
            network.predict(&[*left, *right], &mut answer).map(|()| answer[0])
        });
        Ok(answers.collect::<Result<_, _>>()?)
    }

    /// Asks a cluster.
    pub(super) async fn predict(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_looking(&actor, &target);
        if self.state_of(&target).0 {
            faults.push(409);
        }
        let samples = data::samples(&mut self.rng, 3);
        let body = json!({"uuid": target.text, "inputs": data::inputs(&samples)});
        let path = "/cluster/predict";
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), &faults).await?;
        if let (Some(answer), Some(index)) = (answer, target.index) {
            let found: Vec<Vec<f32>> = serde_json::from_value(answer["outputs"]["sum"].clone())?;
            let is_right = found.concat() == self.answers(index, &samples)?;
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    /// Asks a cluster where an answer comes from.
    pub(super) async fn explain(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_looking(&actor, &target);
        if self.state_of(&target).0 {
            faults.push(409);
        }
        let sample = data::samples(&mut self.rng, 1)[0];
        let place = self.rng.random_ratio(1, 6);
        if place {
            faults.push(400);
        }
        let body = json!({
            "uuid": target.text,
            "inputs": {"left": [sample[0]], "right": [sample[1]]},
            "index": u8::from(place),
        });
        let path = "/cluster/explain";
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), &faults).await?;
        if let (Some(answer), Some(index)) = (answer, target.index)
            && let Body::Cluster { network: Some(network), .. } = &mut self.things[index].body
        {
            let mut parts = [0.0; 2];
            let explained = network.explain(&sample[..2], 0, &mut parts)?;
            let found: Explained = serde_json::from_value(answer.clone())?;
            let contributions = [("left", vec![parts[0]]), ("right", vec![parts[1]])];
            let contributions = contributions.map(|(name, values)| (name.to_owned(), values));
            let is_right = found.contributions == contributions.into()
                && (found.answer, found.sum, found.rest)
                    == (explained.answer, explained.sum, explained.rest);
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    /// Switches a cluster between task mode and direct mode.
    pub(super) async fn set_mode(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        let mode = if self.rng.random_ratio(1, 4) { "DIRECT" } else { "TASK" };
        self.switch(&actor, &target, mode).await
    }

    /// Lets a cluster train or answer a dataset, and waits until it has.
    pub(super) async fn task(&mut self) -> Result<()> {
        let cluster = self.target(Kind::Cluster);
        let actor = self.actor_for(&cluster);
        let dataset = self.target_for(&actor, Kind::Dataset);
        let mut faults = self.faults_of_changing(&actor, &cluster);
        faults.extend(self.faults_of_looking(&actor, &dataset));
        let (is_empty, is_direct) = self.state_of(&cluster);
        let (rows, is_ready) = self.rows_of(&dataset);
        if is_empty || is_direct || !is_ready {
            faults.push(409);
        }
        if self.images_of(&dataset).is_some() {
            // Images, which no cluster here has bricks for.
            faults.push(400);
        }
        let kind = if self.rng.random() { "train" } else { "request" };
        let name = self.name();
        let mut body = json!({
            "name": name, "type": kind, "cluster_uuid": cluster.text, "dataset_uuid": dataset.text
        });
        let has_outputs = kind == "request" && self.rng.random();
        if has_outputs {
            body["full_outputs"] = json!(true);
        }
        let answer = self.ask_json(&actor, Method::POST, "/task", Some(body), &faults).await?;
        if let (Some(answer), Some(index)) = (answer, cluster.index) {
            self.finished(&actor, index, &answer, rows.len() as u64).await?;
            if kind == "train" {
                self.teach(index, &rows)?;
            } else {
                let data = self.answers(index, &rows)?.into_iter().map(f64::from).collect();
                self.made(&actor, &answer, name, Body::Result { data, has_outputs })?;
            }
        }
        Ok(())
    }

    /// Notes a task of a cluster and waits until it is finished.
    async fn finished(
        &mut self,
        actor: &Actor,
        index: usize,
        answer: &Value,
        samples: u64,
    ) -> Result<()> {
        let task: Uuid = answer["uuid"].as_str().context("no uuid of a task")?.parse()?;
        let cluster = self.things[index].uuid;
        if let Body::Cluster { tasks, .. } = &mut self.things[index].body {
            tasks.push(task);
        }
        let path = format!("/task?uuid={task}&cluster_uuid={cluster}");
        let began = Instant::now();
        loop {
            let answer = self.ask_json(actor, Method::GET, &path, None, &[]).await?;
            let answer = answer.unwrap_or_default();
            if answer["state"] == "finished" {
                let is_right = answer["percentage_finished"] == 1.0
                    && (samples == 0 || answer["samples"] == samples);
                return self.expect(is_right, &answer);
            }
            self.expect(answer["state"] != "aborted", &answer)?;
            ensure!(began.elapsed() < PATIENCE, "a task does not end\n{}", self.story());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Saves a cluster as a checkpoint.
    pub(super) async fn save(&mut self) -> Result<()> {
        let cluster = self.target(Kind::Cluster);
        let actor = self.actor_for(&cluster);
        let mut faults = self.faults_of_changing(&actor, &cluster);
        let (is_empty, is_direct) = self.state_of(&cluster);
        if is_empty || is_direct {
            faults.push(409);
        }
        let name = self.name();
        let body = json!({"name": name, "cluster_uuid": cluster.text});
        let path = "/cluster/save";
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), &faults).await?;
        if let (Some(answer), Some(index)) = (answer, cluster.index) {
            self.finished(&actor, index, &answer, 0).await?;
            if let Body::Cluster { network: Some(network), .. } = &self.things[index].body {
                let (steps, network) = (network.steps(), network.to_bytes());
                self.made(&actor, &answer, name, Body::Checkpoint { network, steps })?;
            }
        }
        Ok(())
    }

    /// Loads a checkpoint into a cluster.
    pub(super) async fn load(&mut self) -> Result<()> {
        let cluster = self.target(Kind::Cluster);
        let actor = self.actor_for(&cluster);
        let checkpoint = self.target_for(&actor, Kind::Checkpoint);
        let mut faults = self.faults_of_changing(&actor, &cluster);
        faults.extend(self.faults_of_looking(&actor, &checkpoint));
        if self.state_of(&cluster).1 {
            faults.push(409);
        }
        let body = json!({"checkpoint_uuid": checkpoint.text, "cluster_uuid": cluster.text});
        let path = "/cluster/load";
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), &faults).await?;
        if let (Some(answer), Some(index), Some(from)) = (answer, cluster.index, checkpoint.index) {
            self.finished(&actor, index, &answer, 0).await?;
            let loaded = self.network_of(from)?;
            if let Body::Cluster { network, .. } = &mut self.things[index].body {
                *network = Some(Box::new(loaded));
            }
        }
        Ok(())
    }

    fn tasks_of(&self, target: &Target) -> Vec<Uuid> {
        match target.index.map(|index| &self.things[index].body) {
            Some(Body::Cluster { tasks, .. }) => tasks.clone(),
            _ => Vec::new(),
        }
    }

    /// Follows a task, which has ended.
    pub(super) async fn follow(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_looking(&actor, &target);
        let task = self.tasks_of(&target).choose(&mut self.rng).copied();
        if task.is_none() {
            faults.push(404);
        }
        let task = task.unwrap_or_default();
        let path = format!("/task/events?uuid={task}&cluster_uuid={}", target.text);
        if let Some(answer) = self.ask(&actor, Method::GET, &path, "", &faults).await? {
            let events = String::from_utf8_lossy(&answer);
            let last = events.rsplit_once("event: end\ndata: ").map(|(_, end)| end.trim());
            let last: Value = serde_json::from_str(last.unwrap_or("null"))?;
            self.expect(last["state"] == "finished", &json!(events))?;
        }
        Ok(())
    }

    /// Lists the tasks of a cluster, or deletes one of them.
    pub(super) async fn delete_task(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        let tasks = self.tasks_of(&target);
        if self.rng.random() {
            let faults = self.faults_of_looking(&actor, &target);
            let path = format!("/task/all?cluster_uuid={}", target.text);
            let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
            if let Some(answer) = answer {
                let rows = answer["body"].as_array().context("a list without a body")?;
                let found: Vec<Value> = rows.iter().map(|row| row[0].clone()).collect();
                let is_right = found == tasks.iter().map(|uuid| json!(uuid)).collect::<Vec<_>>();
                self.expect(is_right, &answer)?;
            }
            return Ok(());
        }
        let mut faults = self.faults_of_changing(&actor, &target);
        let task = tasks.choose(&mut self.rng).copied();
        if task.is_none() {
            faults.push(404);
        }
        let path = format!("/task?uuid={}&cluster_uuid={}", task.unwrap_or_default(), target.text);
        let answer = self.ask(&actor, Method::DELETE, &path, "", &faults).await?;
        if let (Some(_), Some(index)) = (answer, target.index)
            && let Body::Cluster { tasks, .. } = &mut self.things[index].body
        {
            tasks.retain(|uuid| Some(*uuid) != task);
        }
        Ok(())
    }
}
