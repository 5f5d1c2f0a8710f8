//! A few users and projects, and what must be there.

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use hanami_client::{Hanami, Limits, Uuid, Visibility};
use hanami_network::Network;
use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};
use reqwest::Method;
use serde_json::Value;

use super::{deal::Deed, endpoints::Asked, people::Spare};
use crate::{data::Sample, http::Http, process::PASSWORD, tally::Tally};

/// How many of the last requests are told when one is not answered as it must be.
const TOLD: usize = 30;

/// How many requests of an actor are compared with the audit log: a page has 100 rows.
const AUDITED: usize = 60;

/// What changes nothing, though it is no GET.
const NOT_AUDITED: [&str; 3] = ["/cluster/predict", "/cluster/explain", "/template/check"];

/// Users and projects that know nothing of those of other worlds, but for what is public.
pub(super) struct World {
    pub(super) number: u32,
    pub(super) http: Http,
    pub(super) rng: StdRng,
    pub(super) actors: Vec<Actor>,
    pub(super) things: Vec<Thing>,
    /// Uuids of what was deleted.
    pub(super) gone: Vec<Uuid>,
    /// The projects, with their limits of clusters.
    pub(super) projects: Vec<(String, u64)>,
    /// Users that own nothing, and projects that nothing is in.
    pub(super) spare_users: Vec<Spare>,
    pub(super) spare_projects: Vec<String>,
    /// The last requests of each actor that the server must know of, newest first: endpoint, method,
    /// status.
    pub(super) audited: BTreeMap<String, VecDeque<[String; 3]>>,
    /// Deeds done, what was asked for that, and what went over websockets.
    pub(super) done: u64,
    pub(super) asked: Asked,
    pub(super) sockets: Tally,
    /// Deeds that come next, the last one first.
    pub(super) deal: Vec<Deed>,
    pub(super) names: u32,
    told: VecDeque<String>,
}

/// Somebody who asks.
#[derive(Debug, Clone)]
pub(super) struct Actor {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) password: String,
    pub(super) token: String,
    pub(super) project: String,
    pub(super) is_admin: bool,
    pub(super) is_project_admin: bool,
}

/// The kinds of resources that are shown, listed, changed and deleted alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Cluster,
    Dataset,
    Checkpoint,
    Result,
}

/// A resource.
#[derive(Debug)]
pub(super) struct Thing {
    pub(super) uuid: Uuid,
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) project: String,
    pub(super) visibility: Visibility,
    pub(super) body: Body,
}

/// What it is and holds.
#[derive(Debug)]
pub(super) enum Body {
    Cluster { network: Option<Box<Network>>, is_direct: bool, tasks: Vec<Uuid> },
    Dataset { file: Uuid, rows: Vec<Sample>, content: Bytes, received: usize, is_ready: bool },
    Images { files: [Bytes; 2], labels: Vec<u8> },
    Checkpoint { network: Vec<u8>, steps: u64 },
    Result { data: Vec<f64>, has_outputs: bool },
}

/// What a request names: perhaps something that there is.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// As it stands in the request.
    pub(super) text: String,
    /// Where it is among the things.
    pub(super) index: Option<usize>,
    is_malformed: bool,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 4] =
        [Self::Cluster, Self::Dataset, Self::Checkpoint, Self::Result];

    /// Its path.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Cluster => "/cluster",
            Self::Dataset => "/dataset",
            Self::Checkpoint => "/checkpoint",
            Self::Result => "/request_result",
        }
    }
}

impl Thing {
    /// Its kind.
    pub(super) fn kind(&self) -> Kind {
        match self.body {
            Body::Cluster { .. } => Kind::Cluster,
            Body::Dataset { .. } | Body::Images { .. } => Kind::Dataset,
            Body::Checkpoint { .. } => Kind::Checkpoint,
            Body::Result { .. } => Kind::Result,
        }
    }

    /// Whether this actor may change it.
    pub(super) fn may_be_changed_by(&self, actor: &Actor) -> bool {
        let is_near = self.project == actor.project;
        actor.is_admin || is_near && (actor.is_project_admin || self.owner == actor.id)
    }

    /// Whether this actor sees it.
    pub(super) fn is_seen_by(&self, actor: &Actor) -> bool {
        match self.visibility {
            Visibility::Public => true,
            Visibility::Shared if self.project == actor.project => true,
            _ => self.may_be_changed_by(actor),
        }
    }
}

impl World {
    /// Makes users and projects.
    pub(super) async fn begin(chief: &Hanami, number: u32, rng: StdRng) -> Result<Self> {
        let http = Http::new(&chief.address())?;
        let names = [format!("green{number}"), format!("blue{number}")];
        let mut actors = Vec::new();
        for project in &names {
            chief.create_project(project, project).await?;
            let clusters = Some(super::PROJECT_CLUSTERS);
            chief.set_quota(project, Limits { clusters, ..Limits::default() }).await?;
            for (role, is_project_admin) in [("boss", true), ("anna", false), ("bert", false)] {
                let id = format!("{role}_{project}");
                chief.create_user(&id, &id, PASSWORD, false).await?;
                chief.assign_project(&id, project, "member", is_project_admin).await?;
                actors.push(Actor::log_in(chief, &id, project, false, is_project_admin).await?);
            }
        }
        let id = format!("admin{number}");
        chief.create_user(&id, &id, PASSWORD, true).await?;
        actors.push(Actor::log_in(chief, &id, "admin", true, true).await?);
        let projects = names.map(|name| (name, super::PROJECT_CLUSTERS)).into();
        Ok(Self {
            number,
            http,
            rng,
            actors,
            things: Vec::new(),
            gone: Vec::new(),
            projects,
            spare_users: Vec::new(),
            spare_projects: Vec::new(),
            audited: BTreeMap::new(),
            done: 0,
            asked: Asked::default(),
            sockets: Tally::default(),
            deal: Vec::new(),
            names: 0,
            told: VecDeque::new(),
        })
    }

    /// Sends a request, which must be answered with one of the statuses `faults`, or 200 if there
    /// are none. Returns the answer of a success.
    pub(super) async fn ask(
        &mut self,
        actor: &Actor,
        method: Method,
        path: &str,
        body: impl Into<Bytes>,
        faults: &[u16],
    ) -> Result<Option<Bytes>> {
        let body: Bytes = body.into();
        let sent = self.http.send(method.clone(), path, &actor.token, body.clone()).await;
        let (status, answer) = sent.with_context(|| self.story())?;
        self.asked.count(method.as_str(), path, status);
        if method != Method::GET && !NOT_AUDITED.contains(&path) && !actor.token.is_empty() {
            self.note(&actor.id, method.as_str(), path, status);
        }
        let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        self.tell(format!("{status} {} {method} {path} {shown:?}", actor.id));
        let is_right = if faults.is_empty() { status == 200 } else { faults.contains(&status) };
        if !is_right {
            let answer = String::from_utf8_lossy(&answer[..answer.len().min(500)]).into_owned();
            let expected = if faults.is_empty() { &[200][..] } else { faults };
            bail!("answered {status}, and not {expected:?}: {answer}\n{}", self.story());
        }
        if status == 200 {
            return Ok(Some(answer));
        }
        let problem: Value = serde_json::from_slice(&answer).with_context(|| self.story())?;
        ensure!(problem["status"] == status, "{status} with {problem}\n{}", self.story());
        Ok(None)
    }

    /// Keeps in mind what happened.
    pub(super) fn tell(&mut self, what: String) {
        self.told.push_back(what);
        if self.told.len() > TOLD {
            self.told.pop_front();
        }
    }

    /// Notes a request that the audit log must show.
    pub(super) fn note(&mut self, user: &str, method: &str, path: &str, status: u16) {
        let endpoint = path.split_once('?').map_or(path, |(path, _)| path);
        let row = [format!("v1{endpoint}"), method.to_owned(), status.to_string()];
        let rows = self.audited.entry(user.to_owned()).or_default();
        rows.push_front(row);
        rows.truncate(AUDITED);
    }

    /// The same for an answer in JSON.
    pub(super) async fn ask_json(
        &mut self,
        actor: &Actor,
        method: Method,
        path: &str,
        body: Option<Value>,
        faults: &[u16],
    ) -> Result<Option<Value>> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let Some(answer) = self.ask(actor, method, path, body, faults).await? else {
            return Ok(None);
        };
        serde_json::from_slice(&answer).with_context(|| self.story())
    }

    /// Refuses what was answered if it is not what it must be.
    pub(super) fn expect(&self, is_right: bool, answer: &Value) -> Result<()> {
        ensure!(is_right, "answered {answer}\n{}", self.story());
        Ok(())
    }

    /// The last requests and how they were answered.
    pub(super) fn story(&self) -> String {
        let lines: Vec<&str> = self.told.iter().map(String::as_str).collect();
        format!("the last requests of the world {}:\n{}", self.number, lines.join("\n"))
    }

    /// Somebody.
    pub(super) fn actor(&mut self) -> Actor {
        let index = self.rng.random_range(0..self.actors.len());
        self.actors[index].clone()
    }

    /// Somebody, more often the owner of this than others.
    pub(super) fn actor_for(&mut self, target: &Target) -> Actor {
        let owner = target.index.map(|index| &self.things[index].owner);
        let owner = self.actors.iter().find(|actor| Some(&actor.id) == owner).cloned();
        match owner {
            Some(owner) if self.rng.random_ratio(2, 3) => owner,
            _ => self.actor(),
        }
    }

    /// A name that nothing in this world has.
    pub(super) fn name(&mut self) -> String {
        self.names += 1;
        format!("thing {} of world {}", self.names, self.number)
    }

    /// Mostly something of this kind; sometimes what is gone, never was, or is no uuid.
    pub(super) fn target(&mut self, kind: Kind) -> Target {
        let there: Vec<usize> =
            (0..self.things.len()).filter(|index| self.things[*index].kind() == kind).collect();
        let some =
            |uuid: Uuid, index| Target { text: uuid.to_string(), index, is_malformed: false };
        match self.rng.random_range(0..100) {
            0..2 => Target { text: "no-uuid".to_owned(), index: None, is_malformed: true },
            2..4 => some(Uuid::from_u128(self.rng.random()), None),
            4..8 if !self.gone.is_empty() => {
                some(self.gone[self.rng.random_range(0..self.gone.len())], None)
            }
            _ => match there.choose(&mut self.rng) {
                Some(index) => some(self.things[*index].uuid, Some(*index)),
                None => some(Uuid::from_u128(self.rng.random()), None),
            },
        }
    }

    /// Mostly something of this kind that this actor sees.
    pub(super) fn target_for(&mut self, actor: &Actor, kind: Kind) -> Target {
        let all = self.things.iter().enumerate().filter(|(_, thing)| thing.kind() == kind);
        let seen = all.filter(|(_, thing)| thing.is_seen_by(actor)).map(|(index, _)| index);
        match seen.collect::<Vec<_>>().choose(&mut self.rng) {
            Some(index) if self.rng.random_ratio(3, 4) => Target {
                text: self.things[*index].uuid.to_string(),
                index: Some(*index),
                is_malformed: false,
            },
            _ => self.target(kind),
        }
    }

    /// Why this actor may not look at this, if they may not.
    pub(super) fn faults_of_looking(&self, actor: &Actor, target: &Target) -> Vec<u16> {
        self.faults(target, |thing| thing.is_seen_by(actor))
    }

    /// Why this actor may not change this, if they may not.
    pub(super) fn faults_of_changing(&self, actor: &Actor, target: &Target) -> Vec<u16> {
        self.faults(target, |thing| thing.may_be_changed_by(actor))
    }

    fn faults(&self, target: &Target, may: impl Fn(&Thing) -> bool) -> Vec<u16> {
        match target.index {
            Some(index) if may(&self.things[index]) => Vec::new(),
            None if target.is_malformed => vec![400],
            _ => vec![404],
        }
    }

    /// Puts something there that this actor has made.
    pub(super) fn made(
        &mut self,
        actor: &Actor,
        answer: &Value,
        name: String,
        body: Body,
    ) -> Result<()> {
        let uuid = answer["uuid"].as_str().context("no uuid was answered")?.parse()?;
        let (owner, project) = (actor.id.clone(), actor.project.clone());
        let visibility = Visibility::Private;
        self.things.push(Thing { uuid, name, owner, project, visibility, body });
        Ok(())
    }
}

impl Actor {
    async fn log_in(
        chief: &Hanami,
        id: &str,
        project: &str,
        is_admin: bool,
        is_project_admin: bool,
    ) -> Result<Self> {
        let hanami = Hanami::connect(&chief.address(), id, PASSWORD).await?;
        let token = hanami.access_token().await;
        let (name, password) = (id.to_owned(), PASSWORD.to_owned());
        let (id, project) = (id.to_owned(), project.to_owned());
        Ok(Self { id, name, password, token, project, is_admin, is_project_admin })
    }
}
