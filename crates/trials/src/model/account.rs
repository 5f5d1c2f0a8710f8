//! Who somebody is: log-ins, tokens, passwords, and the projects one is in.

use anyhow::{Context, Result};
use rand::{RngExt, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{Actor, World};

impl World {
    /// Logs in, perhaps with another password.
    pub(super) async fn log_in(&mut self) -> Result<()> {
        let actor = self.actor();
        let spare = self.spare_users.choose(&mut self.rng).filter(|_| actor.is_project_admin);
        // One who is in no project gets no token.
        let (id, may) = spare.map_or((actor.id.clone(), true), |spare| {
            (spare.id.clone(), !spare.projects.is_empty())
        });
        let is_right = self.rng.random_ratio(3, 4);
        let right = if spare.is_some() { crate::process::PASSWORD } else { &actor.password };
        let password = if is_right { right } else { "another password" };
        let body = json!({"id": id, "password": password});
        let stranger = Actor { token: String::new(), ..actor.clone() };
        let faults = if is_right && may { &[][..] } else { &[401][..] };
        let answer = self.ask_json(&stranger, Method::POST, "/token", Some(body), faults).await?;
        if let Some(answer) = answer {
            self.expect(answer["id"] == id, &answer)?;
            self.note(&id, "POST", "/token", 200);
            if id == actor.id {
                self.renewed(&actor, &answer)?;
            }
        }
        Ok(())
    }

    /// Lets an actor go on with the token that was answered.
    fn renewed(&mut self, actor: &Actor, answer: &Value) -> Result<()> {
        let token = answer["token"].as_str().context("no token was answered")?;
        let actor = self.actors.iter_mut().find(|it| it.id == actor.id);
        token.clone_into(&mut actor.context("somebody who is nobody")?.token);
        Ok(())
    }

    /// Changes one's own password. The token of before ends.
    pub(super) async fn change_password(&mut self) -> Result<()> {
        let actor = self.actor();
        let is_right = self.rng.random_ratio(3, 4);
        let password = if is_right { &actor.password } else { "another password" };
        self.names += 1;
        let new = format!("password number {}", self.names);
        let body = json!({"password": password, "new_password": new});
        let faults = if is_right { &[][..] } else { &[401][..] };
        let path = "/user/password";
        let answer = self.ask_json(&actor, Method::PUT, path, Some(body), faults).await?;
        if let Some(answer) = answer {
            self.renewed(&actor, &answer)?;
            if let Some(changed) = self.actors.iter_mut().find(|it| it.id == actor.id) {
                changed.password = new;
            }
            self.ask(&actor, Method::GET, "/auth", "", &[401]).await?;
        }
        Ok(())
    }

    /// Asks for a token of one's own project or, in vain, of another one.
    pub(super) async fn switch_project(&mut self) -> Result<()> {
        let actor = self.actor();
        // A global admin may go anywhere.
        let is_lost = !actor.is_admin && self.rng.random_ratio(1, 3);
        let project = if is_lost { "garden_of_nobody" } else { actor.project.as_str() };
        let faults = if project == actor.project { &[][..] } else { &[404][..] };
        let ways = [(Method::PUT, "/token"), (Method::POST, "/user/project")];
        let (method, path) = ways[self.rng.random_range(0..ways.len())].clone();
        let body = json!({"project_id": project});
        if let Some(answer) = self.ask_json(&actor, method, path, Some(body), faults).await? {
            self.expect(answer["id"] == actor.id, &answer)?;
            self.renewed(&actor, &answer)?;
        }
        Ok(())
    }

    /// Asks whose a token is, and whether it is good for something.
    pub(super) async fn check_token(&mut self) -> Result<()> {
        let actor = self.actor();
        // The numbers stand for GET and POST.
        let questions = [
            ("", true),
            ("?endpoint=v1/user&http_type=2", actor.is_admin),
            ("?endpoint=v1/cluster&http_type=4", true),
        ];
        let (query, may) = questions[self.rng.random_range(0..questions.len())];
        let faults = if may { &[][..] } else { &[401][..] };
        let path = format!("/auth{query}");
        if let Some(answer) = self.ask_json(&actor, Method::GET, &path, None, faults).await? {
            let is_right = answer["id"] == actor.id
                && answer["name"] == actor.name
                && answer["project_id"] == actor.project
                && answer["is_admin"] == actor.is_admin;
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    /// Puts a user into a project, takes one out, or asks where somebody is.
    pub(super) async fn places(&mut self) -> Result<()> {
        let are_any = self.spare_users.iter().any(|spare| !spare.projects.is_empty());
        match self.rng.random_range(0..3) {
            1 if are_any => self.unassign().await,
            0 | 1 => self.assign().await,
            _ => self.list_places().await,
        }
    }

    async fn assign(&mut self) -> Result<()> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let user = self.spare_users.choose(&mut self.rng).map(|spare| spare.id.clone());
        let project = self.spare_projects.choose(&mut self.rng).cloned();
        if user.is_none() || project.is_none() {
            faults.push(404);
        }
        let id = user.unwrap_or_else(|| "nobody_there".to_owned());
        let project = project.unwrap_or_else(|| "garden_of_nobody".to_owned());
        let is_known = self.rng.random_ratio(7, 8);
        let role = if is_known { "member" } else { "gardener" };
        if !is_known {
            faults.push(400);
        }
        let body =
            json!({"id": id, "project_id": project, "role": role, "is_project_admin": false});
        let path = "/user/project";
        let answer = self.ask_json(&actor, Method::POST, path, Some(body), &faults).await?;
        let spare = self.spare_users.iter_mut().find(|spare| spare.id == id);
        if let (Some(answer), Some(spare)) = (answer, spare) {
            if !spare.projects.contains(&project) {
                spare.projects.push(project);
            }
            let is_right = is_in(&answer["projects"], &spare.projects);
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    async fn unassign(&mut self) -> Result<()> {
        let actor = self.manager();
        let mut faults = Self::faults_of_managing(&actor);
        let members = self.spare_users.iter().filter(|spare| !spare.projects.is_empty());
        let place = members
            .collect::<Vec<_>>()
            .choose(&mut self.rng)
            .map(|spare| (spare.id.clone(), spare.projects[0].clone()));
        if place.is_none() {
            faults.push(404);
        }
        let (id, project) =
            place.unwrap_or_else(|| (actor.id.clone(), "garden_of_nobody".to_owned()));
        let path = format!("/user/project?id={id}&project_id={project}");
        let answer = self.ask_json(&actor, Method::DELETE, &path, None, &faults).await?;
        let spare = self.spare_users.iter_mut().find(|spare| spare.id == id);
        if let (Some(answer), Some(spare)) = (answer, spare) {
            spare.projects.retain(|it| *it != project);
            let is_right = is_in(&answer["projects"], &spare.projects);
            self.expect(is_right, &answer)?;
        }
        Ok(())
    }

    async fn list_places(&mut self) -> Result<()> {
        let actor = self.manager();
        let spare = self.spare_users.choose(&mut self.rng);
        let (query, faults, expected) = match spare {
            Some(spare) if self.rng.random() => {
                let query = format!("?user_id={}", spare.id);
                (query, Self::faults_of_managing(&actor), spare.projects.clone())
            }
            // Global admins are in no project of their own.
            _ if actor.is_admin => (String::new(), Vec::new(), Vec::new()),
            _ => (String::new(), Vec::new(), vec![actor.project.clone()]),
        };
        let path = format!("/user/project{query}");
        if let Some(answer) = self.ask_json(&actor, Method::GET, &path, None, &faults).await? {
            self.expect(is_in(&answer["projects"], &expected), &answer)?;
        }
        Ok(())
    }
}

/// Whether an answer's memberships are those of exactly these projects.
pub(super) fn is_in(answer: &Value, projects: &[String]) -> bool {
    let found = answer.as_array().map(|places| {
        places.iter().filter_map(|place| place["project_id"].as_str()).collect::<Vec<_>>()
    });
    found.is_some_and(|mut found| {
        found.sort_unstable();
        let mut projects: Vec<_> = projects.iter().map(String::as_str).collect();
        projects.sort_unstable();
        found == projects
    })
}
