//! Users, projects and quotas: for global admins.

use anyhow::{Context, Result};
use rand::{RngExt, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    account::is_in,
    world::{Actor, World},
};
use crate::process::PASSWORD;

/// Most users, and most projects, that come and go at the same time.
const MOST: usize = 10;

/// A user who owns nothing.
#[derive(Debug)]
pub(super) struct Spare {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) projects: Vec<String>,
}

impl Spare {
    /// Whether an answer shows this user.
    fn is_shown(&self, answer: &Value) -> bool {
        answer["name"] == self.name && is_in(&answer["projects"], &self.projects)
    }
}

impl World {
    /// What an actor who is no admin is answered.
    pub(super) fn faults_of_managing(actor: &Actor) -> Vec<u16> {
        if actor.is_admin { Vec::new() } else { vec![401] }
    }

    /// The admin of this world, mostly; anybody otherwise.
    pub(super) fn manager(&mut self) -> Actor {
        let admins = self.actors.iter().filter(|actor| actor.is_admin).cloned();
        let admins: Vec<Actor> = admins.collect();
        if self.rng.random_ratio(1, 3) {
            return self.actor();
        }
        admins.choose(&mut self.rng).cloned().unwrap_or_else(|| self.actor())
    }

    /// Sets or shows how many clusters a project may have.
    pub(super) async fn quota(&mut self) -> Result<()> {
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
            return Ok(());
        }
        let path = format!("/project/quota?id={project}");
        let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
        if let Some(answer) = answer {
            let (used, limit) = (self.clusters_of(&project), self.projects[index].1);
            self.expect(answer["clusters"] == json!({"limit": limit, "used": used}), &answer)?;
        }
        Ok(())
    }

    /// Makes a user, or one that there is.
    pub(super) async fn create_user(&mut self) -> Result<()> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let id = match self.spare_users.choose(&mut self.rng) {
            Some(spare) if self.rng.random_ratio(1, 3) => spare.id.clone(),
            _ => {
                self.names += 1;
                format!("spare{}_{}", self.number, self.names)
            }
        };
        if self.spare_users.iter().any(|spare| spare.id == id) {
            faults.push(409);
        } else if self.spare_users.len() >= MOST {
            return Ok(());
        }
        let body = json!({"id": id, "name": id, "password": PASSWORD});
        let answer = self.ask_json(&actor, Method::POST, "/user", Some(body), &faults).await?;
        if let Some(answer) = answer {
            self.expect(answer["id"] == id && answer["creator_id"] == actor.id, &answer)?;
            self.spare_users.push(Spare { name: id.clone(), id, projects: Vec::new() });
        }
        Ok(())
    }

    /// Deletes or shows a user: one that may go, one that owns something, oneself, or none.
    pub(super) async fn delete_user(&mut self) -> Result<()> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let owner = self.things.first().map(|thing| thing.owner.clone());
        let id = match self.rng.random_range(0..6) {
            0 => actor.id.clone(),
            1 => "nobody_there".to_owned(),
            2 => owner.unwrap_or_else(|| actor.id.clone()),
            _ => match self.spare_users.choose(&mut self.rng) {
                Some(spare) => spare.id.clone(),
                None => actor.id.clone(),
            },
        };
        let spare = self.spare_users.iter().position(|spare| spare.id == id);
        let is_there = spare.is_some() || self.actors.iter().any(|actor| actor.id == id);
        if !is_there {
            faults.push(404);
        }
        let path = format!("/user?id={id}");
        if self.rng.random() {
            let answer = self.ask_json(&actor, Method::GET, &path, None, &faults).await?;
            if let Some(answer) = answer {
                let is_right = answer["id"] == id
                    && spare.is_none_or(|spare| self.spare_users[spare].is_shown(&answer));
                self.expect(is_right, &answer)?;
            }
            return Ok(());
        }
        if is_there && spare.is_none() {
            faults.push(409);
        }
        let answer = self.ask(&actor, Method::DELETE, &path, "", &faults).await?;
        if let (Some(_), Some(spare)) = (answer, spare) {
            self.spare_users.swap_remove(spare);
        }
        Ok(())
    }

    /// Renames a user, and gives one who owns nothing a new password, the same.
    pub(super) async fn change_user(&mut self) -> Result<()> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let name = self.name();
        let mut body = json!({"id": "nobody_there", "name": name});
        let spare = self.spare_users.choose(&mut self.rng).map(|spare| spare.id.clone());
        if let Some(id) = spare.filter(|_| self.rng.random()) {
            body["id"] = json!(id);
            body["password"] = json!(PASSWORD);
        } else if self.rng.random_ratio(3, 4) {
            body["id"] = json!(self.actor().id);
        } else {
            faults.push(404);
        }
        let id = body["id"].clone();
        let answer = self.ask_json(&actor, Method::PUT, "/user", Some(body), &faults).await?;
        if let Some(answer) = answer {
            self.expect(answer["id"] == id && answer["name"] == name, &answer)?;
            let actors = self.actors.iter_mut().map(|actor| (&actor.id, &mut actor.name));
            let spares = self.spare_users.iter_mut().map(|spare| (&spare.id, &mut spare.name));
            for (_, old) in actors.chain(spares).filter(|(other, _)| id == **other) {
                old.clone_from(&name);
            }
        }
        Ok(())
    }

    /// Lists users or projects: those of this world are known by whom they were made.
    pub(super) async fn list_people(&mut self) -> Result<()> {
        let actor = self.manager();
        let faults = Self::faults_of_managing(&actor);
        let lists_users = self.rng.random();
        let path = if lists_users { "/user/all" } else { "/project/all" };
        let answer = self.ask_json(&actor, Method::GET, path, None, &faults).await?;
        let Some(answer) = answer else { return Ok(()) };
        let rows = answer["body"].as_array().context("a list without a body")?;
        let own: Vec<_> = rows.iter().filter(|row| row[2] == actor.id).collect();
        let has = |id: &str, is_right: &dyn Fn(&Value) -> bool| {
            own.iter().any(|row| row[0] == id && is_right(row))
        };
        let (count, is_right) = if lists_users {
            let is_listed =
                |it: &Spare| has(&it.id, &|row| row[1] == it.name && is_in(&row[3], &it.projects));
            (self.spare_users.len(), self.spare_users.iter().all(is_listed))
        } else {
            let is_listed = |id: &String| has(id, &|_| true);
            (self.spare_projects.len(), self.spare_projects.iter().all(is_listed))
        };
        self.expect(own.len() == count && is_right, &answer)
    }

    /// Makes, shows or deletes a project.
    pub(super) async fn projects(&mut self) -> Result<()> {
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
            return Ok(());
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
            return Ok(());
        }
        if self.ask(&actor, Method::DELETE, &path, "", &faults).await?.is_some() {
            self.spare_projects.retain(|project| *project != id);
            for spare in &mut self.spare_users {
                spare.projects.retain(|project| *project != id);
            }
        }
        Ok(())
    }
}
