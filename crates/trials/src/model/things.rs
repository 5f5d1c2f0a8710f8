//! What is alike for all kinds of resources: to show, to list, to change and to delete them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use hanami_client::{Uuid, Visibility};
use rand::{RngExt, seq::IndexedRandom};
use reqwest::Method;
use serde_json::json;

use super::world::{Actor, Body, Kind, Thing, World};

impl World {
    fn kind(&mut self) -> Kind {
        Kind::ALL[self.rng.random_range(0..Kind::ALL.len())]
    }

    /// Shows something.
    pub(super) async fn show(&mut self) -> Result<()> {
        let kind = self.kind();
        let target = self.target(kind);
        let actor = self.actor_for(&target);
        let faults = self.faults_of_looking(&actor, &target);
        let path = format!("{}?uuid={}", kind.path(), target.text);
        let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
        let (Some(answer), Some(index)) = (answer, target.index) else { return Ok(()) };
        let thing = &self.things[index];
        let is_labelled = answer["name"] == thing.name
            && answer["owner_id"] == thing.owner
            && answer["project_id"] == thing.project
            && answer["visibility"] == json!(thing.visibility);
        let is_filled = match &thing.body {
            Body::Cluster { network, is_direct, .. } => {
                let steps = network.as_ref().map(|network| network.steps());
                let mode = if *is_direct { "DIRECT" } else { "TASK" };
                answer["network"]["steps"] == json!(steps)
                    && answer["mode"] == mode
                    && answer["open_tasks"] == 0
            }
            Body::Dataset { rows, is_ready, .. } => {
                let lines = if *is_ready { rows.len() } else { 0 };
                answer["lines"] == lines && answer["type"] == "csv"
            }
            Body::Images { labels, .. } => {
                answer["lines"] == labels.len() && answer["type"] == "mnist"
            }
            Body::Checkpoint { steps, .. } => answer["steps"] == *steps,
            Body::Result { data, has_outputs } => {
                answer["data"] == json!(data) && answer["has_outputs"] == *has_outputs
            }
        };
        self.expect(is_labelled && is_filled, &answer)?;
        Ok(())
    }

    /// Lists all of a kind. Of other worlds there is what is public, and for admins all.
    pub(super) async fn list(&mut self) -> Result<()> {
        let (actor, kind) = (self.actor(), self.kind());
        let path = format!("{}/all", kind.path());
        let answer = self.ask_json(&actor, Method::GET, &path, None, &[]).await?;
        let answer = answer.unwrap_or_default();
        let rows = answer["body"].as_array().context("a list without a body")?;
        let own: Vec<&str> = self.actors.iter().map(|actor| actor.id.as_str()).collect();
        let mut found = BTreeMap::new();
        for row in rows {
            let text = |index: usize| row[index].as_str().unwrap_or_default();
            if own.contains(&text(2)) {
                let label = [text(1), text(2), text(3), text(4)].map(str::to_owned);
                found.insert(text(0).parse::<Uuid>()?, label);
            }
        }
        let seen = self.things.iter().filter(|it| it.kind() == kind && it.is_seen_by(&actor));
        let expected = seen.map(|thing| {
            let visibility = word(thing.visibility);
            let label = [&thing.project, &thing.owner, visibility, &thing.name].map(str::to_owned);
            (thing.uuid, label)
        });
        let is_right = found == expected.collect();
        self.expect(is_right, &answer)?;
        Ok(())
    }

    /// Changes name or visibility, or both.
    pub(super) async fn change(&mut self) -> Result<()> {
        let kind = self.kind();
        let target = self.target(kind);
        let actor = self.actor_for(&target);
        let mut faults = self.faults_of_changing(&actor, &target);
        let name = match self.rng.random_range(0..10) {
            0 => None,
            1 => Some("1 bad name".to_owned()),
            2 => self.things.choose(&mut self.rng).map(|thing| thing.name.clone()),
            _ => Some(self.name()),
        };
        let all =
            [None, Some(Visibility::Private), Some(Visibility::Shared), Some(Visibility::Public)];
        let visibility = all[self.rng.random_range(0..all.len())];
        if name.as_deref() == Some("1 bad name") || name.is_none() && visibility.is_none() {
            faults.push(400);
        }
        if let Some(name) = name.as_deref()
            && kind == Kind::Cluster
            && self.is_taken(&actor, name, target.index)
        {
            faults.push(409);
        }
        let mut body = json!({"uuid": target.text});
        if let Some(name) = &name {
            body["name"] = json!(name);
        }
        if let Some(visibility) = visibility {
            body["visibility"] = json!(visibility);
        }
        let answer = self.ask_json(&actor, Method::PUT, kind.path(), Some(body), &faults).await?;
        let (Some(answer), Some(index)) = (answer, target.index) else { return Ok(()) };
        let thing = &mut self.things[index];
        thing.name = name.unwrap_or_else(|| thing.name.clone());
        thing.visibility = visibility.unwrap_or(thing.visibility);
        let is_right =
            answer["name"] == thing.name && answer["visibility"] == json!(thing.visibility);
        self.expect(is_right, &answer)?;
        Ok(())
    }

    /// Whether this actor sees another cluster with this name.
    pub(super) fn is_taken(&self, actor: &Actor, name: &str, itself: Option<usize>) -> bool {
        self.things.iter().enumerate().any(|(index, thing)| {
            Some(index) != itself
                && thing.kind() == Kind::Cluster
                && thing.name == name
                && thing.is_seen_by(actor)
        })
    }

    /// Deletes something.
    pub(super) async fn delete(&mut self) -> Result<()> {
        // More often one of those that there are many of.
        let many = self.things.choose(&mut self.rng).map(Thing::kind);
        let kind = many.filter(|_| self.rng.random()).unwrap_or_else(|| self.kind());
        let target = self.target(kind);
        let actor = self.actor_for(&target);
        let faults = self.faults_of_changing(&actor, &target);
        let path = format!("{}?uuid={}", kind.path(), target.text);
        let answer = self.ask_json(&actor, Method::DELETE, &path, None, &faults).await?;
        if let (Some(answer), Some(index)) = (answer, target.index) {
            self.expect(answer == json!({}), &answer)?;
            self.gone.push(self.things.swap_remove(index).uuid);
        }
        Ok(())
    }

    /// Sends what no handler may take: a bad token, a bad body, a path that there is not.
    pub(super) async fn send_nonsense(&mut self) -> Result<()> {
        let actor = self.actor();
        let bad_bodies =
            ["", "[]", "{", "{\"name\": 5}", "{\"name\": \"fine name\", \"more\": 1}", "\u{0}"];
        match self.rng.random_range(0..4) {
            0 => {
                let forger = Actor { token: format!("{}x", actor.token), ..actor };
                self.ask(&forger, Method::GET, "/cluster/all", "", &[401]).await?;
            }
            1 => {
                let body = bad_bodies[self.rng.random_range(0..bad_bodies.len())];
                let paths =
                    ["/cluster", "/csv/dataset", "/task", "/cluster/learn", "/cluster/save"];
                let path = paths[self.rng.random_range(0..paths.len())];
                self.ask(&actor, Method::POST, path, body, &[400]).await?;
            }
            2 => {
                self.ask(&actor, Method::GET, "/cluster?uuid=", "", &[400]).await?;
            }
            _ => {
                self.ask(&actor, Method::GET, "/nothing/here", "", &[404]).await?;
            }
        }
        Ok(())
    }
}

/// A visibility as it stands in lists.
fn word(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => "private",
        Visibility::Shared => "shared",
        Visibility::Public => "public",
    }
}
