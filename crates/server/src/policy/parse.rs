//! From the text of a policy file to a [`Policy`].

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::endpoints::ENDPOINTS;
use super::error::{Mistake, MistakeKind};
use super::{ADMIN, Policy, PolicyError, Rules, is_for_admins};

/// Stands for everything.
const ALL: &str = "*";

/// Most characters in the name of a role.
const MAX_ROLE: usize = 64;

/// Methods that a policy can be expected to name.
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

impl Policy {
    /// Parses a policy; `origin` is where `text` comes from, for messages.
    ///
    /// # Errors
    /// When the text is not a valid policy; the error shows where and why.
    pub fn parse(origin: &str, text: &str) -> Result<Self, PolicyError> {
        policy(text).map_err(|mistake| mistake.shown(origin, text))
    }
}

fn mistake<T>(span: Range<usize>, kind: MistakeKind) -> Result<T, Mistake> {
    Err(Mistake { span, kind })
}

fn policy(text: &str) -> Result<Policy, Mistake> {
    let document = DeTable::parse(text).map_err(|error| Mistake {
        span: error.span().unwrap_or(0..0),
        kind: MistakeKind::Syntax(error.message().to_owned()),
    })?;
    let mut roles = BTreeMap::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() != "roles" {
            return mistake(key.span(), MistakeKind::UnknownKey(key.get_ref().to_string()));
        }
        let DeValue::Table(table) = value.get_ref() else {
            return mistake(value.span(), MistakeKind::RolesNotATable);
        };
        for (name, value) in table {
            if !is_role_name(name.get_ref()) {
                return mistake(
                    name.span(),
                    MistakeKind::MalformedRole(name.get_ref().to_string()),
                );
            }
            roles.insert(name.get_ref().to_string(), rules(value)?);
        }
    }
    if roles.is_empty() {
        return mistake(0..0, MistakeKind::NoRoles);
    }
    if !roles.contains_key(ADMIN) {
        return mistake(0..0, MistakeKind::NoAdmin);
    }
    Ok(Policy { roles })
}

fn is_role_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name.len() <= MAX_ROLE
}

/// What one role may do.
fn rules(role: &Spanned<DeValue<'_>>) -> Result<Rules, Mistake> {
    let table = match role.get_ref() {
        DeValue::String(text) if text == ALL => {
            return Ok(ENDPOINTS.clone().into_iter().collect());
        }
        DeValue::Table(table) => table,
        _ => return mistake(role.span(), MistakeKind::NotARole),
    };
    let mut rules = Rules::new();
    for (endpoint, allowed) in table {
        let name = endpoint.get_ref().as_ref();
        let Some(possible) = ENDPOINTS.get(name) else {
            return mistake(endpoint.span(), unknown_endpoint(name));
        };
        rules.insert(name.to_owned(), methods(name, possible, allowed)?);
    }
    Ok(rules)
}

/// The methods that are allowed of those that are `possible` at an endpoint.
fn methods(
    endpoint: &str,
    possible: &[String],
    allowed: &Spanned<DeValue<'_>>,
) -> Result<Vec<String>, Mistake> {
    let listed = || format!("`{}`", possible.join("`, `"));
    let list = match allowed.get_ref() {
        DeValue::String(text) if text == ALL => return Ok(possible.to_vec()),
        DeValue::Array(list) => list,
        _ => return mistake(allowed.span(), MistakeKind::NotMethods(listed())),
    };
    let mut methods = Vec::new();
    for method in list {
        let DeValue::String(name) = method.get_ref() else {
            return mistake(method.span(), MistakeKind::NotMethods(listed()));
        };
        let (endpoint, name) = (endpoint.to_owned(), name.to_string());
        if is_for_admins(&name, &endpoint) {
            return mistake(method.span(), MistakeKind::ForAdmins(format!("{name} {endpoint}")));
        }
        if !possible.contains(&name) {
            let kind = MistakeKind::UnknownMethod { endpoint, method: name, possible: listed() };
            return mistake(method.span(), kind);
        }
        methods.push(name);
    }
    Ok(methods)
}

fn unknown_endpoint(endpoint: &str) -> MistakeKind {
    let endpoint = endpoint.to_owned();
    if METHODS.iter().any(|method| is_for_admins(method, &endpoint)) {
        return MistakeKind::ForAdmins(endpoint);
    }
    let likeness = |known: &&String| strsim::damerau_levenshtein(known, &endpoint);
    let nearest = ENDPOINTS.keys().min_by_key(likeness).cloned().unwrap_or_default();
    MistakeKind::UnknownEndpoint { endpoint, nearest }
}
