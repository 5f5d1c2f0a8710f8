//! What the server tells of itself, its machine and what was asked of it.

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hanami_client::Uuid;
use rand::RngExt;
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{Actor, Kind, World};
use crate::data;

impl World {
    /// Reads what the machine tells of itself.
    pub(super) async fn read_machine(&mut self) -> Result<()> {
        let actor = self.actor();
        let readings = [
            ("/system_info", "info"),
            ("/threading", "thread_map"),
            ("/speed", "current_speed"),
            ("/power_consumption", "power"),
            ("/temperature_production", "temperature"),
        ];
        for (path, field) in readings {
            let answer = self.ask_json(&actor, Method::GET, path, None, &[]).await?;
            let answer = answer.unwrap_or_default();
            self.expect(!answer[field].is_null(), &answer)?;
        }
        Ok(())
    }

    /// Asks what anybody may ask.
    pub(super) async fn health(&mut self) -> Result<()> {
        for path in ["/healthz", "/readyz", "/metrics"] {
            let (status, answer) = self.http.get(path).await.with_context(|| self.story())?;
            self.asked.count("GET", path, status);
            ensure!(status == 200, "{path} answered {status}: {answer:?}\n{}", self.story());
        }
        Ok(())
    }

    /// Asks which hosts there are, and lets a cluster compute on one, or on one that there is not.
    pub(super) async fn switch_host(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        let hosts = self.ask_json(&actor, Method::GET, "/host/all", None, &[]).await?;
        let hosts = hosts.unwrap_or_default();
        self.expect(hosts["body"].as_array().map(Vec::len) == Some(1), &hosts)?;
        let mut faults = self.faults_of_changing(&actor, &target);
        let mut host = hosts["body"][0][0].clone();
        if self.rng.random_ratio(1, 4) {
            host = json!(Uuid::from_u128(self.rng.random()));
            faults.push(404);
        }
        let body = json!({"cluster_uuid": target.text, "host_uuid": host});
        let path = "/cluster/switch_host";
        let answer = self.ask_json(&actor, Method::PUT, path, Some(body), &faults).await?;
        if let (Some(answer), Some(index)) = (answer, target.index) {
            let thing = &self.things[index];
            let is_right = answer["uuid"] == json!(thing.uuid) && answer["name"] == thing.name;
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    /// Has a template checked.
    pub(super) async fn check_template(&mut self) -> Result<()> {
        let actor = self.actor();
        let (text, bricks) = if self.rng.random() {
            (data::template(self.rng.random()), 4)
        } else {
            ("version: 1\nbricks:\n    1,1\n".to_owned(), 0)
        };
        let is_text = self.rng.random_ratio(5, 6);
        let template = if is_text { BASE64_STANDARD.encode(text) } else { "no text!".to_owned() };
        let faults = if is_text { &[][..] } else { &[400][..] };
        let (path, body) = ("/template/check", json!({"template": template}));
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), faults).await?;
        if let Some(answer) = answer {
            let is_right = answer["valid"] == (bricks > 0)
                && answer["error"].is_null() == (bricks > 0)
                && answer["bricks"].as_array().map(Vec::len) == Some(bricks);
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    /// Reads what was asked last by somebody, who may be another one.
    pub(super) async fn audit_log(&mut self) -> Result<()> {
        let (actor, of) = (self.actor(), self.actor());
        let of = if self.rng.random() { of.id } else { actor.id.clone() };
        let path = format!("/audit_log?page=0&user_id={of}");
        let faults = if of == actor.id { Vec::new() } else { Self::faults_of_managing(&actor) };
        let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
        let Some(answer) = answer else { return Ok(()) };
        let rows = answer["body"].as_array().context("a list without a body")?;
        let expected: Vec<&[String; 3]> = self.audited.get(&of).into_iter().flatten().collect();
        let found = rows
            .iter()
            .take(expected.len())
            .map(|row| [row[2].clone(), row[3].clone(), row[4].clone()].map(|cell| text(&cell)));
        let is_right = found.collect::<Vec<_>>().iter().eq(expected);
        self.expect(is_right, &answer)
    }

    /// Reads what failed in the server while somebody asked: nothing.
    pub(super) async fn error_log(&mut self) -> Result<()> {
        let actor: Actor = self.manager();
        let faults = Self::faults_of_managing(&actor);
        let path = format!("/error_log?page=0&user_id={}", self.actor().id);
        if let Some(answer) = self.ask_json(&actor, Method::GET, &path, None, &faults).await? {
            self.expect(answer["body"] == json!([]), &answer)?;
        }
        Ok(())
    }
}

fn text(cell: &Value) -> String {
    cell.as_str().unwrap_or_default().to_owned()
}
