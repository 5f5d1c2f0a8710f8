//! What has to be there: everything that was acknowledged, by its name.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use hanami_network::Network;
use hanami_network::template::Template;

use crate::data::{self, Sample};

/// What the seeds of all networks are.
const SEED: u32 = 1;

/// The template of all clusters.
pub(super) fn template() -> String {
    data::template(SEED)
}

/// Inputs that a network is known by: the answers to them tell one network from another.
pub(super) const PROBES: [[f32; 2]; 3] = [[1.0, 2.0], [7.0, 0.5], [4.0, 4.0]];

/// A network as it has to be.
#[derive(Clone, PartialEq)]
pub(super) struct Learned {
    bytes: Vec<u8>,
}

impl Learned {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { bytes: Network::new(&Template::parse(&template())?)?.to_bytes() })
    }

    /// The network that a snapshot holds.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// The same after it has learned `samples`: two inputs and a target each.
    pub(super) fn after(&self, samples: &[Sample]) -> Result<Self> {
        let mut network = Network::from_bytes(&self.bytes)?;
        for [left, right, sum] in samples {
            network.train(&[*left, *right], &[*sum], &mut [0.0])?;
        }
        Ok(Self { bytes: network.to_bytes() })
    }

    /// What it answers to each of the inputs.
    pub(super) fn answers(&self, inputs: &[[f32; 2]]) -> Result<Vec<f32>> {
        let mut network = Network::from_bytes(&self.bytes)?;
        let mut answers = Vec::new();
        for input in inputs {
            let mut output = [0.0];
            network.predict(input, &mut output)?;
            answers.extend(output);
        }
        Ok(answers)
    }

    /// What it is known by.
    pub(super) fn mark(&self) -> Result<String> {
        let steps = Network::from_bytes(&self.bytes)?.steps();
        Ok(mark(steps, &self.answers(&PROBES)?))
    }
}

/// What a network is known by: its steps, and the bits of its answers to [`PROBES`].
pub(super) fn mark(steps: u64, answers: &[f32]) -> String {
    let bits: Vec<_> = answers.iter().map(|answer| format!("{:08x}", answer.to_bits())).collect();
    format!("steps {steps}, answers {}", bits.join(" "))
}

/// A cluster as it has to be.
#[derive(Clone, PartialEq)]
pub(super) struct Pupil {
    pub(super) shared: bool,
    pub(super) direct: bool,
    /// None in an empty cluster.
    pub(super) learned: Option<Learned>,
    /// Its tasks that have ended, in order: what they did, and how they ended.
    pub(super) tasks: Vec<&'static str>,
}

/// A dataset as it has to be.
#[derive(Clone, PartialEq)]
pub(super) struct Table {
    pub(super) shared: bool,
    pub(super) rows: Vec<Sample>,
    /// The bytes that have arrived, as a bit for each; none once it is ready.
    pub(super) arrived: Option<Vec<bool>>,
}

impl Table {
    /// The file that is uploaded.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&data::table(&self.rows)).into_owned()
    }

    pub(super) fn inputs(&self) -> Vec<[f32; 2]> {
        self.rows.iter().map(|[left, right, _]| [*left, *right]).collect()
    }
}

/// A checkpoint as it has to be.
#[derive(Clone, PartialEq)]
pub(super) struct Kept {
    pub(super) shared: bool,
    pub(super) learned: Learned,
}

/// A user as they have to be.
#[derive(Clone, PartialEq)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) projects: BTreeSet<String>,
}

impl Person {
    pub(super) fn leave(&mut self, project: &str) {
        self.projects.remove(project);
    }
}

/// Everything that has to be there, by names.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Ledger {
    pub(super) clusters: BTreeMap<String, Pupil>,
    pub(super) datasets: BTreeMap<String, Table>,
    pub(super) checkpoints: BTreeMap<String, Kept>,
    /// Request results: whether others may see them, and their values.
    pub(super) results: BTreeMap<String, (bool, Vec<f32>)>,
    pub(super) people: BTreeMap<String, Person>,
    /// Projects: how many clusters they may have, if that is told.
    pub(super) projects: BTreeMap<String, Option<u64>>,
    /// Entries in the audit log and in the error log.
    pub(super) logged: (usize, usize),
}

impl Ledger {
    /// A description of everything, to be compared with what is found.
    pub(super) fn world(&self) -> Result<World> {
        let mut world = World::new();
        for (name, pupil) in &self.clusters {
            let learned = pupil.learned.as_ref().map(Learned::mark).transpose()?;
            let text = cluster(pupil.shared, pupil.direct, learned, &pupil.tasks.join(", "));
            world.insert(format!("cluster {name}"), text);
        }
        for (name, table) in &self.datasets {
            let state = match &table.arrived {
                None => format!("ready: {:?}", table.text()),
                Some(arrived) => format!("arrived: {:?}", arriving(&table.text(), arrived)),
            };
            world.insert(format!("dataset {name}"), dataset(table.shared, &state));
        }
        for (name, kept) in &self.checkpoints {
            let text = format!("shared {}, {}", kept.shared, kept.learned.mark()?);
            world.insert(format!("checkpoint {name}"), text);
        }
        for (name, (shared, values)) in &self.results {
            world.insert(format!("result {name}"), format!("shared {shared}, {values:?}"));
        }
        for (id, person) in &self.people {
            world.insert(format!("user {id}"), format!("{} in {:?}", person.name, person.projects));
        }
        for (id, quota) in &self.projects {
            world.insert(format!("project {id}"), format!("clusters {quota:?}"));
        }
        let (audit, errors) = self.logged;
        world.insert("logs".to_owned(), format!("{audit} in audit, {errors} errors"));
        Ok(world)
    }
}

/// What is there, by kind and name.
pub(super) type World = BTreeMap<String, String>;

/// The description of a cluster.
pub(super) fn cluster(shared: bool, direct: bool, learned: Option<String>, tasks: &str) -> String {
    let learned = learned.unwrap_or_else(|| "empty".to_owned());
    format!("shared {shared}, direct {direct}, {learned}, tasks: {tasks}")
}

/// The description of a dataset.
pub(super) fn dataset(shared: bool, state: &str) -> String {
    format!("shared {shared}, {state}")
}

/// A file on its way, with dots for what has not arrived.
pub(super) fn arriving(text: &str, arrived: &[bool]) -> String {
    let letters = text.chars().zip(arrived);
    letters.map(|(letter, arrived)| if *arrived { letter } else { '.' }).collect()
}

/// What differs between what was to be there and what is.
fn difference(expected: &World, found: &World) -> String {
    let names: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    let mut lines = Vec::new();
    for name in names {
        let [expected, found] = [expected, found].map(|world| world.get(name));
        if expected != found {
            lines
                .push(format!("    {name}\n      expected {expected:?}\n      found    {found:?}"));
        }
    }
    lines.join("\n")
}

/// Which of the possible ledgers it is that was found.
pub(super) fn recognise(possible: Vec<Ledger>, found: &World) -> Result<Ledger> {
    let mut differences = Vec::new();
    for ledger in possible {
        let expected = ledger.world()?;
        if expected == *found {
            return Ok(ledger);
        }
        differences.push(difference(&expected, found));
    }
    bail!("what is there is none of what may be:\n{}", differences.join("\n  or\n"))
}
