//! Which endpoints were asked, and how they answered.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use hanami_api::API_PREFIX;
use serde_json::Value;

use crate::tally;

/// The description of the interface.
const OPENAPI: &str = include_str!("../../../../docs/openapi.json");

/// Answers by endpoint, such as `GET /cluster`, and status.
#[derive(Debug, Default)]
pub(super) struct Asked(BTreeMap<String, BTreeMap<u16, u64>>);

impl Asked {
    /// One more answer. A query at the end of the path does not count.
    pub(super) fn count(&mut self, method: &str, path: &str, status: u16) {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let statuses = self.0.entry(format!("{method} {path}")).or_default();
        *statuses.entry(status).or_default() += 1;
    }

    /// Adds what another one counted.
    pub(super) fn take(&mut self, other: Self) {
        for (endpoint, statuses) in other.0 {
            tally::add(self.0.entry(endpoint).or_default(), statuses);
        }
    }

    /// All answers.
    pub(super) fn total(&self) -> u64 {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    /// The endpoints of the interface that never did what they were asked for.
    pub(super) fn never_done(&self) -> Result<Vec<String>> {
        let document: Value = serde_json::from_str(OPENAPI)?;
        let paths = document["paths"].as_object().context("an interface without paths")?;
        let methods = ["get", "put", "post", "delete"];
        let endpoints = paths.iter().flat_map(|(path, operations)| {
            let path = path.strip_prefix(API_PREFIX).unwrap_or(path);
            let taken = methods.iter().filter(|method| operations.get(method).is_some());
            taken.map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        let is_done = |endpoint: &String| {
            self.0.get(endpoint).is_some_and(|statuses| statuses.contains_key(&200))
        };
        Ok(endpoints.filter(|endpoint| !is_done(endpoint)).collect())
    }

    /// A table in Markdown.
    pub(super) fn table(&self) -> String {
        let rows = self.0.iter().map(|(endpoint, statuses)| {
            let counts: Vec<_> =
                statuses.iter().map(|(status, count)| format!("{status} × {count}")).collect();
            format!("| {endpoint} | {} |\n", counts.join(", "))
        });
        format!("| endpoint | status × times |\n|---|---|\n{}", rows.collect::<String>())
    }
}
