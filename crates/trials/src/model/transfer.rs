//! Checkpoints go from one to another as files.

use anyhow::Result;
use bytes::Bytes;
use rand::RngExt;
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{Body, Kind, World};
use crate::data;

impl World {
    /// Downloads a checkpoint, and uploads what came as somebody else's.
    pub(super) async fn move_checkpoint(&mut self) -> Result<()> {
        let target = self.target(Kind::Checkpoint);
        let actor = self.actor_for(&target);
        let faults = self.faults_of_looking(&actor, &target);
        let path = format!("/checkpoint/download?uuid={}", target.text);
        let file = self.ask(&actor, Method::GET, &path, "", &faults).await?;
        let (Some(file), Some(index)) = (file, target.index) else { return Ok(()) };
        let Body::Checkpoint { network, steps } = &self.things[index].body else { return Ok(()) };
        let (network, steps) = (network.clone(), *steps);
        let holds_it = data::holds(&file, &network);
        self.expect(holds_it, &json!("a checkpoint that holds another network"))?;

        let actor = self.actor();
        let name = self.name();
        let (file, faults) = match self.rng.random_range(0..6) {
            0 => (self.damaged(&file), &[400][..]),
            1 => (file.slice(..file.len() / 2), &[400][..]),
            _ => (file, &[][..]),
        };
        let path = format!("/checkpoint/upload?name={}", name.replace(' ', "%20"));
        if let Some(answer) = self.ask(&actor, Method::POST, &path, file, faults).await? {
            let answer: Value = serde_json::from_slice(&answer)?;
            self.expect(answer["name"] == name, &answer)?;
            self.made(&actor, &answer, name, Body::Checkpoint { network, steps })?;
        }
        Ok(())
    }

    /// These bytes, with one bit turned.
    fn damaged(&mut self, file: &Bytes) -> Bytes {
        let mut bytes = file.to_vec();
        let place = self.rng.random_range(0..bytes.len());
        bytes[place] ^= 1 << self.rng.random_range(0..8);
        bytes.into()
    }
}
