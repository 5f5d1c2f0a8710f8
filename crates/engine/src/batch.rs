//! Samples that came with one call, put in the order in which a network takes them.

use std::collections::BTreeMap;

use hanami_network::Port;

use crate::error::EngineError;

/// Values for the input bricks, or for the output bricks, of a cluster: for each brick one list of
/// values per sample. NaN stands for a value that is not known.
#[derive(Debug, Clone, PartialEq)]
pub enum BrickValues {
    /// For the only brick that there is.
    Only(Vec<Vec<f32>>),
    /// By the names of the bricks. For a brick that is left out, no value is known.
    Named(BTreeMap<String, Vec<Vec<f32>>>),
}

/// Most values on one side of the samples of one call, if those are more than one: a brick that is
/// left out, or that answers, may be far wider than what was sent.
const MAX_VALUES: usize = 1 << 22;

/// Refuses samples that would have too many values, before memory is taken for them.
pub(crate) fn refuse_many_values(count: usize, width: usize) -> Result<(), EngineError> {
    if count <= 1 || count.saturating_mul(width) <= MAX_VALUES {
        return Ok(());
    }
    Err(EngineError::TooLarge(format!(
        "{count} samples were sent, which have {width} values each on one side of the cluster; at \
         most {MAX_VALUES} values are taken at once: send fewer samples"
    )))
}

/// Samples as a network takes them: the values of all bricks one after the other.
#[derive(Debug)]
pub(crate) struct Batch {
    values: Vec<f32>,
    width: usize,
    count: usize,
}

impl Batch {
    /// The values of the bricks `ports`, which are the cluster's `side` (input or output), for at
    /// most `limit` samples.
    pub(crate) fn of(
        side: &str,
        ports: &[Port],
        values: BrickValues,
        limit: usize,
    ) -> Result<Self, EngineError> {
        let named = by_name(side, ports, values)?;
        let Some((first, rows)) = named.first_key_value() else {
            return refuse(format!("send values for an {side} brick ({})", names(ports)));
        };
        let count = rows.len();
        if count == 0 {
            return refuse(format!("no sample was sent for the brick {first:?}"));
        } else if count > limit {
            return Err(EngineError::TooLarge(format!(
                "{count} samples were sent; at most {limit} are taken at once"
            )));
        }
        if let Some((brick, rows)) = named.iter().find(|(_, rows)| rows.len() != count) {
            return refuse(format!(
                "{count} samples were sent for the brick {first:?}, but {} for {brick:?}",
                rows.len()
            ));
        }
        let width: usize = ports.iter().map(|port| port.width).sum();
        refuse_many_values(count, width)?;
        let mut batch = Self { values: vec![f32::NAN; count * width], width, count };
        let mut start = 0;
        for port in ports {
            if let Some(rows) = named.get(&port.name) {
                batch.fill(port, start, rows)?;
            }
            start += port.width;
        }
        Ok(batch)
    }

    /// Fills the values of one brick, which begin at `start` in each sample.
    fn fill(&mut self, port: &Port, start: usize, rows: &[Vec<f32>]) -> Result<(), EngineError> {
        for (index, row) in rows.iter().enumerate() {
            if row.len() != port.width {
                return refuse(format!(
                    "the brick {:?} takes {} values, but sample {index} has {}",
                    port.name,
                    port.width,
                    row.len()
                ));
            }
            let start = index * self.width + start;
            self.values[start..start + port.width].copy_from_slice(row);
        }
        Ok(())
    }

    /// Number of samples.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The values of one sample.
    pub(crate) fn sample(&self, index: usize) -> &[f32] {
        &self.values[index * self.width..(index + 1) * self.width]
    }
}

/// The values with the names of their bricks, all of which there are.
fn by_name(
    side: &str,
    ports: &[Port],
    values: BrickValues,
) -> Result<BTreeMap<String, Vec<Vec<f32>>>, EngineError> {
    let named = match (values, ports) {
        (BrickValues::Named(named), _) => named,
        (BrickValues::Only(rows), [port]) => BTreeMap::from([(port.name.clone(), rows)]),
        (BrickValues::Only(_), _) => {
            return refuse(format!(
                "the cluster has {} {side} bricks; send an object with values by their names ({})",
                ports.len(),
                names(ports)
            ));
        }
    };
    match named.keys().find(|name| ports.iter().all(|port| port.name != **name)) {
        Some(unknown) => refuse(format!(
            "there is no {side} brick {unknown:?}; the {side} bricks are {}",
            names(ports)
        )),
        None => Ok(named),
    }
}

/// The names of bricks, for a message.
pub(crate) fn names(ports: &[Port]) -> String {
    let names: Vec<_> = ports.iter().map(|port| format!("{:?}", port.name)).collect();
    names.join(", ")
}

fn refuse<T>(reason: String) -> Result<T, EngineError> {
    Err(EngineError::Input(reason))
}
