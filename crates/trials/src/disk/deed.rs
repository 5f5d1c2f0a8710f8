//! What is done while the disk may fail, and what may come of it.

use anyhow::{Context, Result};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, IteratorRandom};

use super::ledger::{Kept, Learned, Ledger, Person, Pupil, Table};
use crate::data::{Sample, samples};

/// Most things of one kind.
const MOST: usize = 3;

/// Something that is done. Names say which of the things there are.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    CreateCluster {
        name: String,
        empty: bool,
    },
    CreateClusterFrom {
        name: String,
        checkpoint: String,
    },
    ShareCluster {
        name: String,
    },
    SetMode {
        name: String,
        direct: bool,
    },
    DeleteCluster {
        name: String,
    },
    /// Steps over a live connection, each acknowledged.
    Teach {
        cluster: String,
        samples: Vec<Sample>,
    },
    /// Samples of one call, acknowledged together.
    Learn {
        cluster: String,
        samples: Vec<Sample>,
    },
    Declare {
        name: String,
        rows: Vec<Sample>,
    },
    Upload {
        dataset: String,
        from: usize,
        length: usize,
    },
    Finish {
        dataset: String,
    },
    ShareDataset {
        name: String,
    },
    DeleteDataset {
        name: String,
    },
    Expire,
    Train {
        cluster: String,
        dataset: String,
    },
    Ask {
        cluster: String,
        dataset: String,
        result: String,
    },
    /// A request that is ended before it has run.
    Abort {
        cluster: String,
        dataset: String,
        result: String,
    },
    DeleteTask {
        cluster: String,
        index: usize,
    },
    Save {
        cluster: String,
        checkpoint: String,
    },
    Load {
        cluster: String,
        checkpoint: String,
    },
    Import {
        from: String,
        name: String,
    },
    ShareCheckpoint {
        name: String,
    },
    DeleteCheckpoint {
        name: String,
    },
    ShareResult {
        name: String,
    },
    DeleteResult {
        name: String,
    },
    CreateUser {
        id: String,
    },
    RenameUser {
        id: String,
        name: String,
    },
    ExpelUser {
        id: String,
    },
    DeleteUser {
        id: String,
    },
    CreateProject {
        id: String,
    },
    SetQuota {
        id: String,
        clusters: u64,
    },
    ExpelMembers {
        id: String,
    },
    DeleteProject {
        id: String,
    },
    Assign {
        user: String,
        project: String,
    },
    Unassign {
        user: String,
        project: String,
    },
    Audit,
    LogError,
    /// What changes nothing that anybody would miss: times of use, and the probe of readiness.
    Housekeeping,
}

impl Deed {
    /// Chooses what can be done to what is there. `serial` makes names that nothing has yet.
    pub(super) fn choose(random: &mut StdRng, ledger: &Ledger, serial: u64) -> Self {
        loop {
            if let Some(deed) = try_one(random, ledger, serial) {
                return deed;
            }
        }
    }

    /// What kind of deed it is.
    pub(super) fn kind(&self) -> String {
        let text = format!("{self:?}");
        text.split(' ').next().unwrap_or_default().to_owned()
    }

    /// What may be there if it breaks off, from nothing done to all done, in the order in which it
    /// comes to be.
    pub(super) fn outcomes(&self, before: &Ledger) -> Result<Vec<Ledger>> {
        let mut outcomes = vec![before.clone()];
        for step in 0..self.steps() {
            let mut after = outcomes[step].clone();
            self.apply(&mut after, step).with_context(|| format!("{self:?}"))?;
            outcomes.push(after);
        }
        Ok(outcomes)
    }

    fn steps(&self) -> usize {
        match self {
            Self::Teach { samples, .. } | Self::Learn { samples, .. } => samples.len(),
            Self::Abort { .. } => 2,
            Self::Housekeeping => 0,
            _ => 1,
        }
    }

    fn apply(&self, ledger: &mut Ledger, step: usize) -> Result<()> {
        match self {
            Self::CreateCluster { name, empty } => {
                let learned = if *empty { None } else { Some(Learned::new()?) };
                ledger.clusters.insert(name.clone(), pupil(learned));
            }
            Self::CreateClusterFrom { name, checkpoint } => {
                let learned = ledger.checkpoints[checkpoint].learned.clone();
                ledger.clusters.insert(name.clone(), pupil(Some(learned)));
            }
            Self::ShareCluster { name } => cluster(ledger, name)?.shared = true,
            Self::SetMode { name, direct } => cluster(ledger, name)?.direct = *direct,
            Self::DeleteCluster { name } => drop(ledger.clusters.remove(name)),
            Self::Teach { cluster: name, samples } | Self::Learn { cluster: name, samples } => {
                learn(cluster(ledger, name)?, &samples[step..=step])?;
            }
            Self::Declare { name, rows } => {
                let mut table = Table { shared: false, rows: rows.clone(), arrived: None };
                table.arrived = Some(vec![false; table.text().len()]);
                ledger.datasets.insert(name.clone(), table);
            }
            Self::Upload { dataset: name, from, length } => {
                let arrived = dataset(ledger, name)?.arrived.as_mut();
                arrived.context("it is complete")?[*from..*from + *length].fill(true);
            }
            Self::Finish { dataset: name } => dataset(ledger, name)?.arrived = None,
            Self::ShareDataset { name } => dataset(ledger, name)?.shared = true,
            Self::DeleteDataset { name } => drop(ledger.datasets.remove(name)),
            Self::Expire => ledger.datasets.retain(|_, table| table.arrived.is_none()),
            Self::Train { cluster: name, dataset: data } => {
                let rows = dataset(ledger, data)?.rows.clone();
                let pupil = cluster(ledger, name)?;
                learn(pupil, &rows)?;
                pupil.tasks.push("train finished");
            }
            Self::Ask { cluster: name, dataset: data, result } => {
                answer(ledger, name, data, result)?;
                cluster(ledger, name)?.tasks.push("request finished");
            }
            Self::Abort { cluster: name, dataset: data, result } if step == 0 => {
                // As long as nobody ends it, it is done.
                answer(ledger, name, data, result)?;
                cluster(ledger, name)?.tasks.push("request finished");
            }
            Self::Abort { cluster: name, result, .. } => {
                ledger.results.remove(result);
                let tasks = &mut cluster(ledger, name)?.tasks;
                tasks.pop();
                tasks.push("request aborted");
            }
            Self::DeleteTask { cluster: name, index } => {
                cluster(ledger, name)?.tasks.remove(*index);
            }
            Self::Save { cluster: name, checkpoint } => {
                let pupil = cluster(ledger, name)?;
                pupil.tasks.push("save finished");
                let learned = pupil.learned.clone().context("it is empty")?;
                ledger.checkpoints.insert(checkpoint.clone(), Kept { shared: false, learned });
            }
            Self::Load { cluster: name, checkpoint } => {
                let learned = ledger.checkpoints[checkpoint].learned.clone();
                let pupil = cluster(ledger, name)?;
                pupil.learned = Some(learned);
                pupil.tasks.push("load finished");
            }
            Self::Import { from, name } => {
                let learned = ledger.checkpoints[from].learned.clone();
                ledger.checkpoints.insert(name.clone(), Kept { shared: false, learned });
            }
            Self::ShareCheckpoint { name } => {
                ledger.checkpoints.get_mut(name).context("no checkpoint")?.shared = true;
            }
            Self::DeleteCheckpoint { name } => drop(ledger.checkpoints.remove(name)),
            Self::ShareResult { name } => {
                ledger.results.get_mut(name).context("no result")?.0 = true;
            }
            Self::DeleteResult { name } => drop(ledger.results.remove(name)),
            _ => self.apply_to_people(ledger)?,
        }
        Ok(())
    }

    fn apply_to_people(&self, ledger: &mut Ledger) -> Result<()> {
        let people = &mut ledger.people;
        match self {
            Self::CreateUser { id } => {
                let person = Person { name: "new".to_owned(), projects: [].into() };
                people.insert(id.clone(), person);
            }
            Self::RenameUser { id, name } => {
                people.get_mut(id).context("no user")?.name.clone_from(name);
            }
            Self::ExpelUser { id } => people.get_mut(id).context("no user")?.projects.clear(),
            Self::DeleteUser { id } => drop(people.remove(id)),
            Self::CreateProject { id } => drop(ledger.projects.insert(id.clone(), None)),
            Self::SetQuota { id, clusters } => {
                ledger.projects.insert(id.clone(), Some(*clusters));
            }
            Self::ExpelMembers { id } => {
                for person in people.values_mut() {
                    person.leave(id);
                }
            }
            Self::DeleteProject { id } => {
                for person in people.values_mut() {
                    person.leave(id);
                }
                ledger.projects.remove(id);
            }
            Self::Assign { user, project } => {
                people.get_mut(user).context("no user")?.projects.insert(project.clone());
            }
            Self::Unassign { user, project } => {
                people.get_mut(user).context("no user")?.projects.remove(project);
            }
            Self::Audit => ledger.logged.0 += 1,
            Self::LogError => ledger.logged.1 += 1,
            _ => {}
        }
        Ok(())
    }
}

fn pupil(learned: Option<Learned>) -> Pupil {
    Pupil { shared: false, direct: false, learned, tasks: Vec::new() }
}

fn cluster<'l>(ledger: &'l mut Ledger, name: &str) -> Result<&'l mut Pupil> {
    ledger.clusters.get_mut(name).context("no cluster")
}

fn dataset<'l>(ledger: &'l mut Ledger, name: &str) -> Result<&'l mut Table> {
    ledger.datasets.get_mut(name).context("no dataset")
}

fn learn(pupil: &mut Pupil, samples: &[Sample]) -> Result<()> {
    let learned = pupil.learned.as_ref().context("it is empty")?;
    pupil.learned = Some(learned.after(samples)?);
    Ok(())
}

fn answer(ledger: &mut Ledger, name: &str, data: &str, result: &str) -> Result<()> {
    let inputs = dataset(ledger, data)?.inputs();
    let learned = cluster(ledger, name)?.learned.clone().context("it is empty")?;
    ledger.results.insert(result.to_owned(), (false, learned.answers(&inputs)?));
    Ok(())
}

/// Draws a kind of deed, and what to do it to; `None` if there is nothing to do that to.
fn try_one(random: &mut StdRng, ledger: &Ledger, serial: u64) -> Option<Deed> {
    match random.random_range(0..5) {
        0 => on_clusters(random, ledger, serial),
        1 => on_datasets(random, ledger, serial),
        2 => on_tasks(random, ledger, serial),
        3 => on_checkpoints(random, ledger, serial),
        _ => on_people(random, ledger, serial),
    }
}

/// One of the names for which `fits` holds.
fn one<'l, T>(
    random: &mut StdRng,
    things: impl IntoIterator<Item = (&'l String, &'l T)>,
    fits: impl Fn(&T) -> bool,
) -> Option<String>
where
    T: 'l,
{
    let fitting: Vec<_> = things.into_iter().filter(|(_, thing)| fits(thing)).collect();
    fitting.choose(random).map(|(name, _)| (*name).clone())
}

fn on_clusters(random: &mut StdRng, ledger: &Ledger, serial: u64) -> Option<Deed> {
    let (name, clusters) = (format!("cluster {serial}"), &ledger.clusters);
    let full = clusters.len() >= MOST;
    let any = one(random, clusters, |_| true);
    match random.random_range(0..9) {
        0 if !full => Some(Deed::CreateCluster { name, empty: false }),
        1 if !full => Some(Deed::CreateCluster { name, empty: random.random() }),
        2 if !full => {
            let checkpoint = one(random, &ledger.checkpoints, |_| true)?;
            Some(Deed::CreateClusterFrom { name, checkpoint })
        }
        3 => Some(Deed::ShareCluster { name: any? }),
        4 => {
            let name = any?;
            let direct = !clusters[&name].direct;
            Some(Deed::SetMode { name, direct })
        }
        5 if full => Some(Deed::DeleteCluster { name: any? }),
        6 => {
            let cluster = one(random, clusters, |pupil| pupil.learned.is_some())?;
            let count = random.random_range(1..4);
            Some(Deed::Learn { cluster, samples: samples(random, count) })
        }
        7 | 8 => {
            let taught = |pupil: &Pupil| pupil.learned.is_some() && pupil.direct;
            let cluster = one(random, clusters, taught)?;
            let count = random.random_range(1..8);
            Some(Deed::Teach { cluster, samples: samples(random, count) })
        }
        _ => None,
    }
}

fn on_datasets(random: &mut StdRng, ledger: &Ledger, serial: u64) -> Option<Deed> {
    let datasets = &ledger.datasets;
    let uploading = one(random, datasets, |table| table.arrived.is_some());
    match random.random_range(0..9) {
        0 | 1 if datasets.len() < MOST && uploading.is_none() => {
            let count = random.random_range(3..12);
            let rows = samples(random, count);
            Some(Deed::Declare { name: format!("dataset {serial}"), rows })
        }
        2..6 => {
            let name = uploading?;
            let arrived = datasets[&name].arrived.as_ref()?;
            match arrived.iter().position(|arrived| !arrived) {
                None => Some(Deed::Finish { dataset: name }),
                Some(gap) => {
                    let from =
                        if random.random() { gap } else { random.random_range(0..arrived.len()) };
                    let rest = arrived.len() - from;
                    let length = if random.random() { rest } else { random.random_range(1..=rest) };
                    Some(Deed::Upload { dataset: name, from, length })
                }
            }
        }
        6 => Some(Deed::ShareDataset { name: one(random, datasets, |_| true)? }),
        7 if datasets.len() > 1 => {
            Some(Deed::DeleteDataset { name: one(random, datasets, |_| true)? })
        }
        8 if random.random_bool(0.2) => Some(Deed::Expire),
        _ => None,
    }
}

fn on_tasks(random: &mut StdRng, ledger: &Ledger, serial: u64) -> Option<Deed> {
    let kind = random.random_range(0..6);
    if kind == 5 {
        let cluster = one(random, &ledger.clusters, |pupil| pupil.tasks.len() > 2)?;
        let index = random.random_range(0..ledger.clusters[&cluster].tasks.len());
        return Some(Deed::DeleteTask { cluster, index });
    }
    let able = |pupil: &Pupil| pupil.learned.is_some() && !pupil.direct;
    let cluster = one(random, &ledger.clusters, able)?;
    let dataset = one(random, &ledger.datasets, |table| table.arrived.is_none())?;
    let result = format!("result {serial}");
    match kind {
        0 | 1 => Some(Deed::Train { cluster, dataset }),
        2 | 3 if ledger.results.len() < MOST => Some(Deed::Ask { cluster, dataset, result }),
        4 if ledger.results.len() < MOST => Some(Deed::Abort { cluster, dataset, result }),
        _ => None,
    }
}

fn on_checkpoints(random: &mut StdRng, ledger: &Ledger, serial: u64) -> Option<Deed> {
    let name = format!("checkpoint {serial}");
    let full = ledger.checkpoints.len() >= MOST;
    let able = |pupil: &Pupil| pupil.learned.is_some() && !pupil.direct;
    let any = one(random, &ledger.checkpoints, |_| true);
    match random.random_range(0..8) {
        0 | 1 if !full => {
            let cluster = one(random, &ledger.clusters, able)?;
            Some(Deed::Save { cluster, checkpoint: name })
        }
        2 => {
            let cluster = one(random, &ledger.clusters, |pupil| !pupil.direct)?;
            Some(Deed::Load { cluster, checkpoint: any? })
        }
        3 if !full => Some(Deed::Import { from: any?, name }),
        4 => Some(Deed::ShareCheckpoint { name: any? }),
        5 if full => Some(Deed::DeleteCheckpoint { name: any? }),
        6 => Some(Deed::ShareResult { name: one(random, &ledger.results, |_| true)? }),
        7 => {
            let full = ledger.results.len() >= MOST;
            Some(Deed::DeleteResult { name: one(random, &ledger.results, |_| full)? })
        }
        _ => None,
    }
}

fn on_people(random: &mut StdRng, ledger: &Ledger, serial: u64) -> Option<Deed> {
    let user = one(random, &ledger.people, |_| true);
    let project = one(random, &ledger.projects, |_| true);
    let id = format!("id{serial}");
    match random.random_range(0..24) {
        0 | 1 if ledger.people.len() < MOST => Some(Deed::CreateUser { id }),
        2 => Some(Deed::RenameUser { id: user?, name: format!("name {serial}") }),
        3 => Some(Deed::ExpelUser { id: user? }),
        4 | 5 if ledger.people.len() > 1 => Some(Deed::DeleteUser { id: user? }),
        6 | 7 if ledger.projects.len() < MOST => Some(Deed::CreateProject { id }),
        8 => Some(Deed::SetQuota { id: project?, clusters: serial }),
        9 => Some(Deed::ExpelMembers { id: project? }),
        10 | 11 if ledger.projects.len() > 1 => Some(Deed::DeleteProject { id: project? }),
        12..15 => Some(Deed::Assign { user: user?, project: project? }),
        15..18 => {
            let user = one(random, &ledger.people, |person| !person.projects.is_empty())?;
            let project = ledger.people[&user].projects.iter().choose(random)?.clone();
            Some(Deed::Unassign { user, project })
        }
        18 => Some(Deed::Audit),
        19 => Some(Deed::LogError),
        20..24 => Some(Deed::Housekeeping),
        _ => None,
    }
}
