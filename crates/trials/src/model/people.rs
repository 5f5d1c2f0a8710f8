//! Users, projects and quotas: for global admins.

use anyhow::Result;
use rand::{RngExt, seq::IndexedRandom};
use reqwest::Method;
use serde_json::json;

use super::world::{Actor, World};
use crate::process::PASSWORD;

/// Most users, and most projects, that come and go at the same time.
const MOST: usize = 10;

impl World {
    /// What an actor who is no admin is answered.
    fn faults_of_managing(actor: &Actor) -> Vec<u16> {
        if actor.is_admin { Vec::new() } else { vec![401] }
    }

    /// The admin of this world, mostly; anybody otherwise.
    fn manager(&mut self) -> Actor {
        let admins = self.actors.iter().filter(|actor| actor.is_admin).cloned();
        let admins: Vec<Actor> = admins.collect();
        if self.rng.random_ratio(1, 3) {
            return self.actor();
        }
        admins.choose(&mut self.rng).cloned().unwrap_or_else(|| self.actor())
    }

    /// Sets or shows how many clusters a project may have.
    pub(super) async fn quota(&mut self) -> Result<&'static str> {
        let actor = self.manager();
        let index = self.rng.random_range(0..self.projects.len());
        let project = self.projects[index].0.clone();
        let faults = Self::faults_of_managing(&actor);
        if self.rng.random() {
            let limit = self.rng.random_range(2..8);
            let body = json!({"id": project, "clusters": limit});
            let path = "/project/quota";
            let answer = self.ask_json(&actor, Method::PUT, path, Some(body), &faults).await?;
            if let Some(answer) = answer {
                self.projects[index].1 = limit;
                self.expect(answer["clusters"]["limit"] == limit, &answer)?;
            }
            return Ok("set quota");
        }
        let path = format!("/project/quota?id={project}");
        let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
        if let Some(answer) = answer {
            let (used, limit) = (self.clusters_of(&project), self.projects[index].1);
            self.expect(answer["clusters"] == json!({"limit": limit, "used": used}), &answer)?;
        }
        Ok("show quota")
    }

    /// Makes a user, or one that there is.
    pub(super) async fn create_user(&mut self) -> Result<&'static str> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let id = match self.spare_users.choose(&mut self.rng) {
            Some(id) if self.rng.random_ratio(1, 3) => id.clone(),
            _ => {
                self.names += 1;
                format!("spare{}_{}", self.number, self.names)
            }
        };
        if self.spare_users.contains(&id) {
            faults.push(409);
        } else if self.spare_users.len() >= MOST {
            return Ok("nothing");
        }
        let body = json!({"id": id, "name": id, "password": PASSWORD});
        let answer = self.ask_json(&actor, Method::POST, "/user", Some(body), &faults).await?;
        if let Some(answer) = answer {
            self.expect(answer["id"] == id && answer["creator_id"] == actor.id, &answer)?;
            self.spare_users.push(id);
        }
        Ok("create user")
    }

    /// Deletes or shows a user: one that may go, one that owns something, oneself, or none.
    pub(super) async fn delete_user(&mut self) -> Result<&'static str> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let owner = self.things.first().map(|thing| thing.owner.clone());
        let id = match self.rng.random_range(0..6) {
            0 => actor.id.clone(),
            1 => "nobody_there".to_owned(),
            2 => owner.unwrap_or_else(|| actor.id.clone()),
            _ => self.spare_users.choose(&mut self.rng).unwrap_or(&actor.id).clone(),
        };
        let spare = self.spare_users.iter().position(|spare| *spare == id);
        let is_there = spare.is_some() || self.actors.iter().any(|actor| actor.id == id);
        if !is_there {
            faults.push(404);
        }
        let path = format!("/user?id={id}");
        if self.rng.random() {
            let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
            if let Some(answer) = answer {
                self.expect(answer["id"] == id, &answer)?;
            }
            return Ok("show user");
        }
        if is_there && spare.is_none() {
            faults.push(409);
        }
        let answer = self.ask(&actor, Method::DELETE, &path, "", &faults).await?;
        if let (Some(_), Some(spare)) = (answer, spare) {
            self.spare_users.swap_remove(spare);
        }
        Ok("delete user")
    }

    /// Makes, shows or deletes a project.
    pub(super) async fn projects(&mut self) -> Result<&'static str> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let spare = self.spare_projects.choose(&mut self.rng).cloned();
        self.names += 1;
        let new = format!("spare{}_{}", self.number, self.names);
        if self.rng.random_ratio(1, 3) && self.spare_projects.len() < MOST {
            let id = if self.rng.random_ratio(1, 5) { spare.unwrap_or(new) } else { new };
            if self.spare_projects.contains(&id) {
                faults.push(409);
            }
            let body = json!({"id": id, "name": id});
            let answer =
                self.ask_json(&actor, Method::POST, "/project", Some(body), &faults).await?;
            if let Some(answer) = answer {
                self.expect(answer["id"] == id, &answer)?;
                self.spare_projects.push(id);
            }
            return Ok("create project");
        }
        let id = spare.unwrap_or(new);
        if !self.spare_projects.contains(&id) {
            faults.push(404);
        }
        let path = format!("/project?id={id}");
        if self.rng.random() {
            let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
            if let Some(answer) = answer {
                self.expect(answer["id"] == id, &answer)?;
            }
            return Ok("show project");
        }
        if self.ask(&actor, Method::DELETE, &path, "", &faults).await?.is_some() {
            self.spare_projects.retain(|project| *project != id);
        }
        Ok("delete project")
    }
}
