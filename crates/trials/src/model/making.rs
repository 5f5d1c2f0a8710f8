//! Clusters and datasets come to be.

use anyhow::{Context, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hanami_client::Uuid;
use hanami_network::{Network, template::Template};
use rand::RngExt;
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{Actor, Body, Kind, World};
use crate::data;

impl World {
    /// Makes a cluster of a template, of a checkpoint, or an empty one.
    pub(super) async fn create_cluster(&mut self) -> Result<()> {
        let actor = self.actor();
        let mut faults = Vec::new();
        let name = match self.rng.random_range(0..10) {
            0 => match self.things.last() {
                Some(thing) => thing.name.clone(),
                None => self.name(),
            },
            _ => self.name(),
        };
        if self.is_taken(&actor, &name, None) || !self.has_room(&actor) {
            faults.push(409);
        }
        let mut body = json!({"name": name});
        let network = match self.rng.random_range(0..10) {
            0 => None,
            1 => {
                faults.push(400);
                body["template"] = json!(BASE64_STANDARD.encode("version: 1\nbricks:\n    1,1\n"));
                None
            }
            2..5 => {
                let target = self.target(Kind::Checkpoint);
                faults.extend(self.faults_of_looking(&actor, &target));
                body["checkpoint_uuid"] = json!(target.text);
                target.index.map(|index| self.network_of(index)).transpose()?
            }
            _ => {
                let template = data::template(self.rng.random());
                body["template"] = json!(BASE64_STANDARD.encode(&template));
                Some(Network::new(&Template::parse(&template)?)?)
            }
        };
        let answer = self.ask_json(&actor, Method::POST, "/cluster", Some(body), &faults).await?;
        if let Some(answer) = answer {
            let is_right = answer["name"] == name && answer["owner_id"] == actor.id;
            self.expect(is_right, &answer)?;
            let network = network.map(Box::new);
            let body = Body::Cluster { network, is_direct: false, tasks: Vec::new() };
            self.made(&actor, &answer, name, body)?;
        }
        Ok(())
    }

    /// Whether this actor's project may hold one more cluster.
    fn has_room(&self, actor: &Actor) -> bool {
        let limit = self.projects.iter().find(|(name, _)| *name == actor.project);
        limit.is_none_or(|(project, limit)| self.clusters_of(project) < *limit)
    }

    /// How many clusters a project has.
    pub(super) fn clusters_of(&self, project: &str) -> u64 {
        let clusters = self.things.iter().filter(|it| it.kind() == Kind::Cluster);
        clusters.filter(|it| it.project == project).count() as u64
    }

    /// The network that the checkpoint at this index holds.
    pub(super) fn network_of(&self, index: usize) -> Result<Network> {
        let Body::Checkpoint { network, .. } = &self.things[index].body else {
            anyhow::bail!("{:?} is no checkpoint", self.things[index])
        };
        Ok(Network::from_bytes(network)?)
    }

    /// Declares a dataset, and often goes on until it is finished.
    pub(super) async fn declare(&mut self) -> Result<()> {
        let actor = self.actor();
        let count = self.rng.random_range(5..40);
        let rows = data::samples(&mut self.rng, count);
        let content = data::table(&rows);
        let is_bad = self.rng.random_ratio(1, 10);
        let (size, faults) = if is_bad { (0, &[400][..]) } else { (content.len(), &[][..]) };
        let name = self.name();
        let body = json!({"name": name, "input_data_size": size});
        let answer =
            self.ask_json(&actor, Method::POST, "/csv/dataset", Some(body), faults).await?;
        if let Some(answer) = answer {
            let file = answer["uuid_input_file"].as_str().context("no uuid of a file")?.parse()?;
            let mut received = 0;
            let is_ready = self.rng.random();
            if is_ready {
                self.complete(&actor, &answer["uuid"], file, content.clone()).await?;
                received = content.len();
            }
            let body = Body::Dataset { file, rows, content, received, is_ready };
            self.made(&actor, &answer, name, body)?;
        }
        Ok(())
    }

    /// Uploads and finishes what was just declared.
    async fn complete(
        &mut self,
        actor: &Actor,
        dataset: &Value,
        file: Uuid,
        content: Bytes,
    ) -> Result<()> {
        let path = format!("/dataset/file?uuid={file}");
        self.ask(actor, Method::PUT, &path, content, &[]).await?;
        let body = json!({"uuid": dataset, "uuid_input_file": file});
        self.ask_json(actor, Method::PUT, "/csv/dataset", Some(body), &[]).await?;
        Ok(())
    }

    /// The file, the bytes and their number that arrived of the dataset at this index.
    fn upload_of(&self, index: Option<usize>) -> (Uuid, Bytes, usize, bool) {
        let nothing = Bytes::from_static(b"nothing");
        match index.map(|index| &self.things[index].body) {
            Some(Body::Dataset { file, content, received, is_ready, .. }) => {
                (*file, content.clone(), *received, *is_ready)
            }
            // Images are whole from the beginning.
            Some(Body::Images { .. }) => (Uuid::nil(), nothing.clone(), nothing.len(), true),
            _ => (Uuid::nil(), nothing, 0, false),
        }
    }

    /// Sends a whole file, or asks what has arrived of one.
    pub(super) async fn upload(&mut self) -> Result<()> {
        let target = self.target(Kind::Dataset);
        let actor = self.actor_for(&target);
        let (file, content, received, is_ready) = self.upload_of(target.index);
        if self.rng.random_ratio(1, 3) {
            let faults = self.faults_of_looking(&actor, &target);
            let path = format!("/dataset/progress?uuid={}", target.text);
            let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
            if let Some(answer) = answer {
                let is_whole = received == content.len();
                let of_file = &answer["files"][0]["received"];
                let is_right = answer["complete"] == is_whole
                    && if is_ready { of_file.is_null() } else { *of_file == received };
                self.expect(is_right, &answer)?;
            }
            return Ok(());
        }
        let mut faults = self.faults_of_changing(&actor, &target);
        if target.index.is_none() || is_ready {
            faults = vec![404];
        }
        if self.rng.random_ratio(1, 4) {
            let may = faults.is_empty();
            self.send_over_websocket(&actor, file, content.clone(), may).await?;
            if may {
                self.has_arrived(target.index);
            }
            return Ok(());
        }
        let path = format!("/dataset/file?uuid={file}");
        let is_short = self.rng.random_ratio(1, 8);
        let sent = if is_short { content.slice(1..) } else { content.clone() };
        if is_short {
            faults.push(400);
        }
        let answer = self.ask(&actor, Method::PUT, &path, sent, &faults).await?;
        if let Some(answer) = answer {
            let answer: Value = serde_json::from_slice(&answer)?;
            self.expect(answer["received"] == content.len(), &answer)?;
            self.has_arrived(target.index);
        }
        Ok(())
    }

    /// Notes that all bytes of a dataset are there.
    fn has_arrived(&mut self, index: Option<usize>) {
        if let Some(Body::Dataset { content, received, .. }) =
            index.map(|index| &mut self.things[index].body)
        {
            *received = content.len();
        }
    }

    /// Finishes an upload.
    pub(super) async fn finish(&mut self) -> Result<()> {
        let target = self.target(Kind::Dataset);
        let actor = self.actor_for(&target);
        let (file, content, received, is_ready) = self.upload_of(target.index);
        let mut faults = self.faults_of_changing(&actor, &target);
        if faults.is_empty() && is_ready {
            faults.push(409);
        } else if faults.is_empty() && received < content.len() {
            faults.push(400);
        }
        let body = json!({"uuid": target.text, "uuid_input_file": file});
        let answer =
            self.ask_json(&actor, Method::PUT, "/csv/dataset", Some(body), &faults).await?;
        if let (Some(_), Some(index)) = (answer, target.index)
            && let Body::Dataset { is_ready, .. } = &mut self.things[index].body
        {
            *is_ready = true;
        }
        Ok(())
    }
}
