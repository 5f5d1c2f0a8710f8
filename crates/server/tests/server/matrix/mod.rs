//! Who may do what: every operation, tried by everyone on their own, on somebody else's and on
//! absent things. What comes out is `docs/access.md`.
//!
//! The operations are those of the OpenAPI document and the two targets of websockets. Each has a
//! row in `rows.rs`, and further ones for what else it can be asked for; an operation without a row
//! fails the test, and so does a row without an operation.

mod page;
mod rows;
mod things;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rows::{Class, ROWS};
use world::{Call, Person, World};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    NoToken,
    Expired,
    Forged,
    Owner,
    Colleague,
    ProjectAdmin,
    Stranger,
    OtherProjectAdmin,
    Admin,
}

const CALLERS: [Caller; 9] = [
    Caller::NoToken,
    Caller::Expired,
    Caller::Forged,
    Caller::Owner,
    Caller::Colleague,
    Caller::ProjectAdmin,
    Caller::Stranger,
    Caller::OtherProjectAdmin,
    Caller::Admin,
];

impl Caller {
    fn is_somebody(self) -> bool {
        !matches!(self, Self::NoToken | Self::Expired | Self::Forged)
    }

    /// Whether the owner's things are this caller's to see and change, too.
    fn reaches_the_owners(self) -> bool {
        matches!(self, Self::Owner | Self::ProjectAdmin | Self::Admin)
    }
}

/// Whose the thing is that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Object {
    /// The caller's.
    Own,
    /// The owner's.
    Foreign,
    /// Nobody's: there is none.
    Absent,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    status: u16,
    code: Option<String>,
}

/// The objects that `caller` is tried on.
fn objects(class: Class, caller: Caller) -> &'static [Object] {
    match class {
        Class::Open | Class::Authenticated | Class::Admins => &[Object::Own],
        Class::Sees | Class::Changes if caller.is_somebody() => {
            &[Object::Own, Object::Foreign, Object::Absent]
        }
        // Who is nobody owns nothing, and nobody owns users and projects.
        Class::Sees | Class::Changes | Class::AdminsOn => &[Object::Foreign, Object::Absent],
    }
}

/// What is to be answered.
fn expected(class: Class, caller: Caller, object: Object) -> u16 {
    let for_admins = matches!(class, Class::Admins | Class::AdminsOn);
    let there = match object {
        Object::Own => true,
        Object::Foreign => for_admins || caller.reaches_the_owners(),
        Object::Absent => false,
    };
    match class {
        Class::Open => 200,
        _ if !caller.is_somebody() => 401,
        _ if for_admins && caller != Caller::Admin => 401,
        _ if there => 200,
        _ => 404,
    }
}

/// The outcomes of one operation.
type Outcomes = BTreeMap<(Caller, Object), Outcome>;

/// Tries one operation on everything.
async fn tried(world: &World, id: &str, class: Class) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for caller in CALLERS {
        for &object in objects(class, caller) {
            if class != Class::Sees {
                world.renew();
            }
            let whose: Option<&Person> = match object {
                Object::Own => Some(world.person(caller)),
                Object::Foreign => Some(world.person(Caller::Owner)),
                Object::Absent => None,
            };
            let call = rows::call(id, world, whose).await;
            let outcome = ask(world, caller, class, object, call).await;
            outcomes.insert((caller, object), outcome);
        }
    }
    outcomes
}

/// Makes `call`, and sees to it that who is not allowed to changes nothing.
async fn ask(world: &World, caller: Caller, class: Class, object: Object, call: Call) -> Outcome {
    let before = world.everything_stored().await;
    let shown = call.to_string();
    let outcome = world.send(caller, call).await;
    let status = expected(class, caller, object);
    assert_eq!(outcome.status, status, "{caller:?} on {object:?}: {shown}: {outcome:?}");
    let after = world.everything_stored().await;
    if status != 200 {
        let rows = after.split(';').zip(before.split(';'));
        let changed = rows.filter(|(after, before)| after != before).collect::<Vec<_>>();
        assert!(after == before, "{caller:?} on {object:?}: {shown} has changed {changed:?}");
    } else if class == Class::Changes {
        assert!(after != before, "{caller:?} on {object:?}: {shown} has changed nothing");
    }
    outcome
}

#[test]
fn every_operation_has_its_row_and_every_row_its_operation() {
    let document = serde_json::from_str::<serde_json::Value>(&hanami_server::openapi_json());
    let document = document.unwrap();
    let methods = document["paths"].as_object().unwrap().values();
    let operations = methods.flat_map(|methods| methods.as_object().unwrap().values());
    let ids = operations.map(|operation| operation["operationId"].as_str().unwrap());
    let sockets = ["websocket cluster", "websocket file_upload"];
    let operations: BTreeSet<&str> = ids.chain(sockets).collect();
    let rows: BTreeSet<&str> = ROWS.iter().map(|&(id, _)| rows::operation(id)).collect();
    let without_row: Vec<_> = operations.difference(&rows).collect();
    assert!(without_row.is_empty(), "add rows to matrix/rows.rs for {without_row:?}");
    let without_operation: Vec<_> = rows.difference(&operations).collect();
    assert!(without_operation.is_empty(), "rows of no operation: {without_operation:?}");
    let ids: BTreeSet<&str> = ROWS.iter().map(|&(id, _)| id).collect();
    assert_eq!(ids.len(), ROWS.len(), "there are two rows of the same name");
}

#[tokio::test]
async fn everyone_may_do_what_is_theirs_and_nothing_else() {
    let world = World::new().await;
    let mut page = page::Page::new();
    for &(id, class) in ROWS {
        let outcomes = tried(&world, id, class).await;
        for outcome in outcomes.values() {
            // What is somebody else's is answered like what does not exist.
            let codes: &[&str] = match outcome.status {
                404 => &["not-found"],
                401 => &["invalid-token", "forbidden"],
                _ => continue,
            };
            assert!(codes.contains(&outcome.code.as_deref().unwrap()), "{id}: {outcome:?}");
        }
        page.add(id, class, &outcomes);
    }
    let written = page.text();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access.md");
    if std::env::var_os("UPDATE_ACCESS").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == written,
        "docs/access.md is not what the server does; write it anew with\n    \
         UPDATE_ACCESS=1 cargo test -p hanami-server --test server matrix\n\
         and review the difference"
    );
}

#[tokio::test]
async fn what_takes_two_things_needs_both() {
    let world = World::new().await;
    let own = Some(world.person(Caller::Stranger));
    let foreign = Some(world.person(Caller::Owner));
    for (one, other) in [(own, foreign), (foreign, own), (own, None), (None, own)] {
        for call in rows::on_two_things(&world, one, other).await {
            ask(&world, Caller::Stranger, Class::Changes, Object::Absent, call).await;
        }
    }
}
