//! What an examination tells.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hanami_store::{Owning, Uuid};
use serde::Serialize;

/// What was looked at in a data directory, and what was found.
#[derive(Clone, Debug, Serialize)]
pub struct Examination {
    /// Whether a server runs on the directory.
    pub in_use: bool,
    /// How many of each kind of thing were looked at.
    pub counts: BTreeMap<&'static str, u64>,
    /// Bytes of files that were looked at.
    pub bytes: u64,
    /// Bytes that are free on the disk.
    pub free_bytes: u64,
    /// What was found, in the order in which it was.
    pub findings: Vec<Finding>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something is lost or in danger, and somebody has to do something.
    Problem,
    /// Worth knowing; the next start takes care of it, or nothing has to be done.
    Note,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The thing it is found in; `None` for the directory as a whole.
    pub subject: Option<Subject>,
    /// The file it is found in.
    pub file: Option<PathBuf>,
    /// What is wrong.
    pub what: String,
    /// What one can do.
    pub advice: String,
}

/// A thing that users know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// What it is, e.g. `cluster`.
    pub kind: &'static str,
    /// Its uuid; of an upload, that of its dataset.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The user it belongs to.
    pub owner: String,
    /// The project it belongs to.
    pub project: String,
}

impl Subject {
    /// The thing that a row stands for.
    pub(super) fn of(row: &Owning) -> Self {
        let subject = |kind, uuid, name: &str, owner: &str, project: &str| Self {
            kind,
            uuid,
            name: name.to_owned(),
            owner: owner.to_owned(),
            project: project.to_owned(),
        };
        match row {
            Owning::Dataset(row) => {
                subject("dataset", row.uuid, &row.name, &row.owner_id, &row.project_id)
            }
            Owning::Upload(_, row) => {
                subject("upload", row.uuid, &row.name, &row.owner_id, &row.project_id)
            }
            Owning::Cluster(row) => {
                subject("cluster", row.uuid, &row.name, &row.owner_id, &row.project_id)
            }
            Owning::Load(load) => {
                let row = &load.task;
                subject("load task", row.uuid, &row.name, &row.owner_id, &row.project_id)
            }
            Owning::Checkpoint(row) => {
                subject("checkpoint", row.uuid, &row.name, &row.owner_id, &row.project_id)
            }
            Owning::Result(row) => {
                subject("request result", row.uuid, &row.name, &row.owner_id, &row.project_id)
            }
        }
    }
}

impl Examination {
    pub(super) fn new(in_use: bool) -> Self {
        Self { in_use, counts: BTreeMap::new(), bytes: 0, free_bytes: 0, findings: Vec::new() }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Note)
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Counts a row that was looked at, with the bytes of its files.
    pub(super) fn count(&mut self, row: &Owning, bytes: u64) {
        *self.counts.entry(Subject::of(row).kind).or_default() += 1;
        self.bytes += bytes;
    }
}

impl Finding {
    /// Something is wrong with what a row stands for.
    pub(super) fn of_row(row: &Owning, file: PathBuf, what: String) -> Self {
        let subject = Subject::of(row);
        let advice = match row {
            Owning::Upload(..) => {
                "delete the dataset and upload it again, or restore a backup".to_owned()
            }
            _ => format!("restore a backup, or delete the {}", subject.kind),
        };
        let severity = Severity::Problem;
        Self { severity, subject: Some(subject), file: Some(file), what, advice }
    }

    /// A crash has torn what was never acknowledged.
    pub(super) fn torn(row: &Owning, file: PathBuf, bytes: u64) -> Self {
        Self {
            severity: Severity::Note,
            subject: Some(Subject::of(row)),
            file: Some(file),
            what: format!("the last {bytes} bytes of the journal were torn by a crash"),
            advice:
                "nothing: they were never acknowledged, and are cut off when the cluster is used"
                    .to_owned(),
        }
    }

    pub(super) fn of_database(what: String) -> Self {
        Self::of_directory(Severity::Problem, what, "restore a backup")
    }

    pub(super) fn older_database(lacking: usize) -> Self {
        let what = format!("the database is of an older version: it lacks {lacking} migrations");
        Self::of_directory(Severity::Note, what, "nothing: the next start brings it up to date")
    }

    pub(super) fn orphan(path: PathBuf) -> Self {
        let what = "no row refers to this file".to_owned();
        let advice = "nothing: a crash has left it behind, and the next start removes it";
        Self { file: Some(path), ..Self::of_directory(Severity::Note, what, advice) }
    }

    pub(super) fn open_to_others() -> Self {
        let what = "every user of this machine may look into the data directory".to_owned();
        Self::of_directory(Severity::Problem, what, "chmod 700 the directory")
    }

    pub(super) fn little_space(free: u64) -> Self {
        let what = format!("only {free} bytes are free on the disk");
        Self::of_directory(Severity::Note, what, "make room, or move to a larger disk")
    }

    fn of_directory(severity: Severity, what: String, advice: &str) -> Self {
        Self { severity, subject: None, file: None, what, advice: advice.to_owned() }
    }
}
