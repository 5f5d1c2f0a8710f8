//! Clusters are taught over websockets, and datasets arrive over them.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use hanami_client::{ClientError, Hanami, Trust, Uuid};
use rand::RngExt;
use reqwest::Method;
use serde_json::json;

use super::world::{Actor, Body, Kind, Target, World};
use crate::{data, socket};

impl World {
    /// A client that goes on with this actor's token.
    fn client_of(&self, actor: &Actor) -> Result<Hanami> {
        Ok(Hanami::with_token(&Trust::Anyone, self.http.address(), &actor.token)?)
    }

    /// Lets a cluster be in this mode, if this actor may.
    pub(super) async fn switch(
        &mut self,
        actor: &Actor,
        target: &Target,
        mode: &str,
    ) -> Result<()> {
        let faults = self.faults_of_changing(actor, target);
        let body = json!({"uuid": target.text, "new_state": mode});
        let path = "/cluster/set_mode";
        let answer = self.ask_json(actor, Method::PUT, path, Some(body), &faults).await?;
        if let (Some(answer), Some(index)) = (answer, target.index) {
            self.expect(answer["new_state"] == mode, &answer)?;
            if let Body::Cluster { is_direct, .. } = &mut self.things[index].body {
                *is_direct = mode == "DIRECT";
            }
        }
        Ok(())
    }

    /// Teaches a cluster over a websocket and asks it, mostly one that is in direct mode.
    pub(super) async fn direct(&mut self) -> Result<()> {
        let target = self.target(Kind::Cluster);
        let actor = self.actor_for(&target);
        if self.rng.random_ratio(3, 4) {
            self.switch(&actor, &target, "DIRECT").await?;
        }
        let (is_empty, is_direct) = self.state_of(&target);
        let may = self.faults_of_changing(&actor, &target).is_empty() && is_direct && !is_empty;
        let uuid = target.text.parse().unwrap_or(Uuid::nil());
        let opened = self.client_of(&actor)?.direct(uuid).await;
        self.tell(format!("{} {} opens a websocket to {uuid}", opened.is_ok(), actor.id));
        let mut direct = match opened {
            Ok(direct) if may => direct,
            Err(
                ClientError::Refused { status: 400..=499, .. } | ClientError::WebsocketRefused(_),
            ) if !may => {
                self.sockets.count("websocket to a cluster refused");
                return Ok(());
            }
            Ok(_) => anyhow::bail!("a websocket was opened, and must not\n{}", self.story()),
            Err(error) => return Err(error).with_context(|| self.story()),
        };
        self.sockets.count("websocket to a cluster");
        let index = target.index.context("there is no such cluster")?;
        let count = self.rng.random_range(1..6);
        for sample in data::samples(&mut self.rng, count) {
            socket::teach(&mut direct, sample).await.with_context(|| self.story())?;
            self.teach(index, &[sample])?;
            self.sockets.count("step over a websocket");
            let answer = socket::ask(&mut direct, sample).await.with_context(|| self.story())?;
            let expected = self.answers(index, &[sample])?;
            ensure!(answer == expected, "{answer:?}, and not {expected:?}\n{}", self.story());
        }
        direct.close().await.with_context(|| self.story())?;
        if self.rng.random_ratio(3, 4) {
            self.switch(&actor, &target, "TASK").await?;
        }
        Ok(())
    }

    /// Sends a file over a websocket, which must be taken or not.
    pub(super) async fn send_over_websocket(
        &mut self,
        actor: &Actor,
        file: Uuid,
        content: Bytes,
        may: bool,
    ) -> Result<()> {
        let sent = socket::send_piece(&self.client_of(actor)?, file, 0, content).await;
        self.tell(format!("{sent:?} {} sends {file} over a websocket", actor.id));
        let is_right = match &sent {
            Ok(()) => may,
            Err(fault) => {
                !may && matches!(fault.downcast_ref(), Some(ClientError::WebsocketRefused(_)))
            }
        };
        ensure!(is_right, "a piece was answered {sent:?}\n{}", self.story());
        self.sockets.count(if may { "websocket to a file" } else { "websocket to a file refused" });
        Ok(())
    }
}
