//! The outcomes as a page for people.

use std::fmt::Write;

use super::rows::{Class, operation};
use super::{CALLERS, Caller, Outcomes};

const HEAD: &str = "\
# Who may do what

What the server answers to every operation of its interface, by who asks. This page is written by
the test that tries all of it (`UPDATE_ACCESS=1 cargo test -p hanami-server --test server matrix`).

The owner is a member of a project; *member* and *project admin* are others in the same project,
*other member* and *other project admin* are in another one, *admin* is a global admin. Where an
operation is about a thing, a cell tells the statuses for **one's own / the owner's / an absent**
thing. Without a valid token, or for operations that are for admins, it is **the owner's / an
absent** one. 404 for somebody else's thing and for an absent one are the same answer.

All things are private here, as they are made. Who else may look at what is shared or public is in
[the pages about the interface](interface/clusters.md#names-and-visibility).
";

/// A page that is being written.
pub(super) struct Page(Vec<(Class, Vec<String>)>);

impl Page {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn add(&mut self, id: &str, class: Class, outcomes: &Outcomes) {
        let operation = operation(id);
        let mut cells = vec![format!("`{operation}`{}", &id[operation.len()..])];
        for caller in CALLERS {
            let of_caller = outcomes.iter().filter(|((asked, _), _)| *asked == caller);
            let statuses: Vec<String> =
                of_caller.map(|(_, outcome)| outcome.status.to_string()).collect();
            cells.push(statuses.join(" / "));
        }
        self.0.push((class, cells));
    }

    pub(super) fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        let header: Vec<&str> = CALLERS.iter().map(|&caller| title(caller)).collect();
        for (class, heading) in [
            (Class::Open, "Open to everyone"),
            (Class::Authenticated, "For every user"),
            (Class::Sees, "On things: looking"),
            (Class::Changes, "On things: changing"),
            (Class::Admins, "For global admins"),
            (Class::AdminsOn, "For global admins, on users and projects"),
        ] {
            let rows = self.0.iter().filter(|(of, _)| *of == class);
            // Writing to a text can't fail.
            write!(text, "\n## {heading}\n\n| operation | {} |\n", header.join(" | ")).unwrap();
            writeln!(text, "|---{}|", "|---".repeat(header.len())).unwrap();
            for (_, cells) in rows {
                writeln!(text, "| {} |", cells.join(" | ")).unwrap();
            }
        }
        text
    }
}

fn title(caller: Caller) -> &'static str {
    match caller {
        Caller::NoToken => "no token",
        Caller::Expired => "expired token",
        Caller::Forged => "forged token",
        Caller::Owner => "owner",
        Caller::Colleague => "member",
        Caller::ProjectAdmin => "project admin",
        Caller::Stranger => "other member",
        Caller::OtherProjectAdmin => "other project admin",
        Caller::Admin => "admin",
    }
}
