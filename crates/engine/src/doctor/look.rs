//! Looking at what one row refers to.

use std::path::PathBuf;
use std::sync::Arc;

use hanami_dataset::Dataset as DatasetFile;
use hanami_disk::Disk;
use hanami_network::Network;
use hanami_network::template::Template;
use hanami_store::{
    Cluster, Dataset, DatasetState, Folder, Inspection, Owning, Reference, RequestResult, Uuid,
};

use super::report::{Examination, Finding};
use crate::error::EngineError;
use crate::host::blocking;
use crate::outputs::Outputs;

/// What is wrong, in words.
type Fault = String;

/// Looks at all files of a row, and reports what is wrong.
pub(super) async fn at(
    inspection: &Arc<Inspection>,
    row: &Owning,
    report: &mut Examination,
) -> Result<(), EngineError> {
    let files = row.files();
    let missing = files.iter().find(|file| file.required && !inspection.path(file).is_file());
    if let Some(file) = missing {
        let what = "the file is missing".to_owned();
        report.add(Finding::of_row(row, inspection.path(file), what));
        return Ok(());
    }
    let Some(first) = files.first() else {
        return Ok(());
    };
    let path = inspection.path(first);
    let fault = match row {
        Owning::Dataset(dataset) => self::dataset(path.clone(), dataset).await?,
        Owning::Upload(file, _) => {
            let (inspection, file) = (inspection.clone(), file.clone());
            let read = blocking(move || inspection.upload(&file)).await?;
            read.err().map(|error| error.to_string())
        }
        Owning::Cluster(cluster) => {
            return self::cluster(inspection, row, cluster, &files, report).await;
        }
        Owning::Load(load) => {
            network(inspection, Folder::Snapshots, load.snapshot, &load.template, load.steps)
                .await?
                .err()
        }
        Owning::Checkpoint(checkpoint) => {
            let (blob, template) = (checkpoint.blob, &checkpoint.template);
            network(inspection, Folder::Checkpoints, blob, template, checkpoint.steps).await?.err()
        }
        Owning::Result(result) => self::result(inspection, result).await?,
    };
    if let Some(what) = fault {
        report.add(Finding::of_row(row, path, what));
    }
    Ok(())
}

async fn dataset(path: PathBuf, row: &Dataset) -> Result<Option<Fault>, EngineError> {
    if row.state != DatasetState::Ready {
        return Ok(None);
    }
    let lines = row.lines as u64;
    blocking(move || {
        let verified =
            DatasetFile::open(&Disk::real(), &path).and_then(|file| file.verify().map(|()| file));
        match verified {
            Err(error) => Some(error.to_string()),
            Ok(file) => {
                let rows = file.info().rows;
                (rows != lines).then(|| format!("it holds {rows} rows, but should hold {lines}"))
            }
        }
    })
    .await
}

/// The network of a blob, if it is sound and what its row says.
async fn network(
    inspection: &Arc<Inspection>,
    folder: Folder,
    blob: Uuid,
    template: &str,
    steps: i64,
) -> Result<Result<Network, Fault>, EngineError> {
    let bytes = match inspection.blob(folder, blob).await {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let (template, steps) = (template.to_owned(), steps as u64);
    blocking(move || {
        let network = Network::from_bytes(&bytes).map_err(|error| error.to_string())?;
        let parsed = Template::parse_accepted(&template);
        let parsed = parsed.map_err(|error| format!("its template can't be read: {error}"))?;
        if network.template().bricks != parsed.bricks {
            return Err("the network has other bricks than its template".to_owned());
        }
        if network.steps() != steps {
            let found = network.steps();
            return Err(format!("the network has taken {found} steps, but should have {steps}"));
        }
        Ok(network)
    })
    .await
}

/// A cluster's network, and what it has learned since.
async fn cluster(
    inspection: &Arc<Inspection>,
    row: &Owning,
    cluster: &Cluster,
    files: &[Reference],
    report: &mut Examination,
) -> Result<(), EngineError> {
    let (Some(snapshot), [saved, journal]) = (cluster.snapshot, files) else {
        return Ok(());
    };
    let template = cluster.template.as_deref().unwrap_or_default();
    let read = network(inspection, Folder::Snapshots, snapshot, template, cluster.steps).await?;
    let mut network = match read {
        Ok(network) => network,
        Err(what) => {
            report.add(Finding::of_row(row, inspection.path(saved), what));
            return Ok(());
        }
    };
    let journal = inspection.path(journal);
    if !journal.is_file() {
        return Ok(());
    }
    let (looked_at, uuid) = (inspection.clone(), cluster.uuid);
    let replayed = blocking(move || {
        let mut fault = None;
        let torn = looked_at.journal(uuid, snapshot, |entry| {
            if fault.is_none() {
                fault = replay(&mut network, entry).err();
            }
        });
        fault.map_or(torn.map_err(|error| error.to_string()), Err)
    })
    .await?;
    match replayed {
        Err(what) => report.add(Finding::of_row(row, journal, what)),
        Ok(torn) if torn > 0 && !inspection.is_in_use() => {
            report.add(Finding::torn(row, journal, torn));
        }
        Ok(_) => {}
    }
    Ok(())
}

/// Lets a network learn a step of its journal.
fn replay(network: &mut Network, entry: &[u8]) -> Result<(), Fault> {
    let (values, _) = entry.as_chunks();
    let sample: Vec<f32> = values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let (inputs, outputs) = (network.input_width(), network.output_width());
    if sample.len() != inputs + outputs {
        return Err("a step in the journal has a wrong length".to_owned());
    }
    let (input, target) = sample.split_at(inputs);
    let learned = network.train(input, target, &mut vec![0.0; outputs]);
    learned.map_err(|error| format!("a step in the journal can't be learned: {error}"))
}

async fn result(
    inspection: &Arc<Inspection>,
    row: &RequestResult,
) -> Result<Option<Fault>, EngineError> {
    match inspection.blob(Folder::Results, row.blob).await {
        Err(error) => return Ok(Some(error.to_string())),
        Ok(bytes) if bytes.len() % size_of::<f64>() != 0 => {
            return Ok(Some("its values are cut".to_owned()));
        }
        Ok(_) => {}
    }
    let Some(outputs) = row.outputs_blob else {
        return Ok(None);
    };
    match inspection.open_blob(Folder::Results, outputs).await {
        Err(error) => Ok(Some(error.to_string())),
        Ok(blob) => {
            let verified = blocking(move || Outputs::open(blob)?.verify()).await?;
            Ok(verified.err().map(|error| error.to_string()))
        }
    }
}
