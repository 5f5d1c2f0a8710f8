//! The admin's worker: users, projects, memberships and quotas.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering::Relaxed},
};

use anyhow::{Context, Result, ensure};
use hanami_client::{ClientError, Hanami, Limits, UserChange};
use rand::{RngExt, rngs::StdRng, seq::IteratorRandom};

use super::lane::{Signals, is_broken};
use crate::tally::Tally;

/// What the users and projects of this worker begin with.
const PREFIX: &str = "person";

/// Most users, and most projects, at the same time.
const MOST: usize = 6;

/// What the admin was told of users and projects.
#[derive(Debug)]
pub(super) struct People {
    state: State,
    in_flight: Option<Change>,
    names: u32,
    pub(super) rng: StdRng,
    pub(super) tally: Tally,
}

/// All users and projects, by their ids.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct State {
    users: BTreeMap<String, User>,
    projects: BTreeMap<String, Project>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct User {
    name: String,
    projects: BTreeSet<String>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Project {
    name: String,
    clusters: u64,
}

/// Something that changes them.
#[derive(Debug, Clone)]
enum Change {
    CreateUser { id: String },
    RenameUser { id: String, name: String },
    DeleteUser { id: String },
    Assign { id: String, project: String },
    Unassign { id: String, project: String },
    CreateProject { id: String },
    DeleteProject { id: String },
    SetQuota { id: String, clusters: u64 },
}

impl People {
    /// Nobody yet.
    pub(super) fn new(rng: StdRng) -> Self {
        let (state, tally) = (State::default(), Tally::default());
        Self { state, in_flight: None, names: 0, rng, tally }
    }

    /// Works until the server dies.
    pub(super) async fn work(&mut self, hanami: &Hanami, signals: &Arc<Signals>) -> Result<()> {
        loop {
            let Some(change) = self.choose() else { continue };
            self.in_flight = Some(change.clone());
            if let Err(error) = change.perform(hanami).await {
                let error = anyhow::Error::from(error);
                if signals.is_ending.load(Relaxed) && is_broken(&error) {
                    return Ok(());
                }
                return Err(error).with_context(|| format!("refused: {change:?}"));
            }
            self.in_flight = None;
            change.apply(&mut self.state);
            self.tally.count(change.word());
            signals.acknowledged.fetch_add(1, Relaxed);
        }
    }

    /// Compares everything; what was in flight is there wholly or not at all.
    pub(super) async fn verify(&mut self, hanami: &Hanami) -> Result<()> {
        let found = self.found(hanami).await?;
        let before = self.state.clone();
        if let Some(change) = self.in_flight.take() {
            change.apply(&mut self.state);
            if found == before {
                self.state = before;
                return Ok(());
            }
        }
        ensure!(found == self.state, "there are {found:?}, and not {:?}", self.state);
        Ok(())
    }

    async fn found(&self, hanami: &Hanami) -> Result<State> {
        let mut found = State::default();
        for user in hanami.users().await?.into_iter().filter(|user| user.id.starts_with(PREFIX)) {
            let projects = user.projects.into_iter().map(|place| place.project_id).collect();
            found.users.insert(user.id, User { name: user.name, projects });
        }
        let projects = hanami.projects().await?;
        for project in projects.into_iter().filter(|project| project.id.starts_with(PREFIX)) {
            let clusters = hanami.quota(&project.id).await?.clusters.limit;
            found.projects.insert(project.id, Project { name: project.name, clusters });
        }
        Ok(found)
    }

    fn choose(&mut self) -> Option<Change> {
        let Self { state, rng, .. } = self;
        let user = state.users.keys().choose(rng).cloned();
        let project = state.projects.keys().choose(rng).cloned();
        self.names += 1;
        let new = format!("{PREFIX}_{}", self.names);
        Some(match self.rng.random_range(0..100) {
            // Hashing a password takes as long as dozens of other operations.
            0..4 if state.users.len() < MOST => Change::CreateUser { id: new },
            4..24 => Change::RenameUser { id: user?, name: new },
            24..27 => Change::DeleteUser { id: user? },
            27..47 => {
                let (id, project) = (user?, project?);
                let is_in = state.users.get(&id)?.projects.contains(&project);
                if is_in {
                    Change::Unassign { id, project }
                } else {
                    Change::Assign { id, project }
                }
            }
            47..67 if state.projects.len() < MOST => Change::CreateProject { id: new },
            67..77 => Change::DeleteProject { id: project? },
            77..97 => Change::SetQuota { id: project?, clusters: self.rng.random_range(0..1000) },
            _ => return None,
        })
    }
}

impl Change {
    fn word(&self) -> &'static str {
        match self {
            Self::CreateUser { .. } => "create user",
            Self::RenameUser { .. } => "rename user",
            Self::DeleteUser { .. } => "delete user",
            Self::Assign { .. } => "assign project",
            Self::Unassign { .. } => "unassign project",
            Self::CreateProject { .. } => "create project",
            Self::DeleteProject { .. } => "delete project",
            Self::SetQuota { .. } => "set quota",
        }
    }

    async fn perform(&self, hanami: &Hanami) -> Result<(), ClientError> {
        match self {
            Self::CreateUser { id } => hanami.create_user(id, id, id, false).await.map(drop),
            Self::RenameUser { id, name } => {
                let change = UserChange { name: Some(name), ..UserChange::default() };
                hanami.change_user(id, change).await.map(drop)
            }
            Self::DeleteUser { id } => hanami.delete_user(id).await,
            Self::Assign { id, project } => {
                hanami.assign_project(id, project, "member", false).await.map(drop)
            }
            Self::Unassign { id, project } => hanami.unassign_project(id, project).await.map(drop),
            Self::CreateProject { id } => hanami.create_project(id, id).await.map(drop),
            Self::DeleteProject { id } => hanami.delete_project(id).await,
            Self::SetQuota { id, clusters } => {
                let limits = Limits { clusters: Some(*clusters), ..Limits::default() };
                hanami.set_quota(id, limits).await.map(drop)
            }
        }
    }

    fn apply(&self, state: &mut State) {
        match self {
            Self::CreateUser { id } => {
                let user = User { name: id.clone(), projects: BTreeSet::new() };
                state.users.insert(id.clone(), user);
            }
            Self::DeleteUser { id } => drop(state.users.remove(id)),
            Self::CreateProject { id } => {
                let project = Project { name: id.clone(), clusters: DEFAULT_CLUSTERS };
                state.projects.insert(id.clone(), project);
            }
            Self::DeleteProject { id } => {
                state.projects.remove(id);
                for user in state.users.values_mut() {
                    user.projects.remove(id);
                }
            }
            Self::SetQuota { id, clusters } => {
                state.projects.entry(id.clone()).and_modify(|it| it.clusters = *clusters);
            }
            Self::RenameUser { id, name } => {
                state.users.entry(id.clone()).and_modify(|it| it.name.clone_from(name));
            }
            Self::Assign { id, project } => {
                if let Some(user) = state.users.get_mut(id) {
                    user.projects.insert(project.clone());
                }
            }
            Self::Unassign { id, project } => {
                if let Some(user) = state.users.get_mut(id) {
                    user.projects.remove(project);
                }
            }
        }
    }
}

/// Clusters that a project may have that has no quota of its own.
const DEFAULT_CLUSTERS: u64 = 1000;
