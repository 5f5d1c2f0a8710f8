//! Direct mode: one sample at a time over a live connection.
//!
//! A training step is acknowledged once it is on the disk. Each step is appended to the cluster's
//! journal in the order in which the network takes it, and synced after the lock on the network
//! is given back, so that connections that train at the same time share a sync. After a restart
//! the journal is replayed on top of the snapshot; the network is deterministic, so it comes back
//! bit for bit.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use hanami_network::Port;
use hanami_store::{Access, Resource};

use crate::cell::{ClusterCell, Held, settle};
use crate::error::EngineError;
use crate::host::{Turn, blocking};
use crate::shared::Shared;

/// A connection to a cluster in direct mode, with the values that were filled in so far.
#[derive(Debug)]
pub struct DirectSession {
    shared: Arc<Shared>,
    cell: Arc<ClusterCell>,
    /// Which of the cluster's networks the bricks are those of.
    replaced: u64,
    inputs: Bricks,
    outputs: Bricks,
    prediction: Vec<f32>,
}

impl DirectSession {
    pub(crate) async fn open(
        shared: Arc<Shared>,
        access: &Access,
        uuid: uuid::Uuid,
    ) -> Result<Self, EngineError> {
        let cluster = shared.store.cluster_to_change(access, uuid).await?;
        shared.store.require_room(&cluster.project_id, Resource::ClusterBytes, 1).await?;
        let cell = shared.cell(&cluster);
        let held = hold_direct(&cell, &shared).await?;
        let inputs = Bricks::new(held.network.inputs(), 0.0);
        let outputs = Bricks::new(held.network.outputs(), f32::NAN);
        let replaced = cell.replaced();
        drop(held);
        let prediction = vec![0.0; outputs.values.len()];
        Ok(Self { shared, cell, replaced, inputs, outputs, prediction })
    }

    /// Fills the values of an input brick or, when `training`, the expected values of an output
    /// brick.
    ///
    /// # Errors
    /// [`EngineError::Input`] for an unknown brick, a wrong number of values, or a value that is
    /// not finite.
    pub fn fill(&mut self, brick: &str, training: bool, values: &[f32]) -> Result<(), EngineError> {
        if let Some(place) = self.inputs.find(brick) {
            return self.inputs.fill(place, values);
        }
        match self.outputs.find(brick) {
            Some(place) if training => self.outputs.fill(place, values),
            Some(_) => Err(EngineError::Input(format!(
                "the brick {brick:?} is an output; a request takes values for inputs only ({})",
                self.inputs.names()
            ))),
            None => Err(EngineError::Input(format!(
                "there is no brick {brick:?}; inputs are {}, outputs are {}",
                self.inputs.names(),
                self.outputs.names()
            ))),
        }
    }

    /// Predicts from the values filled in, and forgets them. Inputs that were not filled count
    /// as 0. Answers the name of the first output brick, and the values of all of them in the
    /// order of the template.
    ///
    /// # Errors
    /// [`EngineError::Input`] when nothing was filled; [`EngineError::Conflict`] when the cluster
    /// is not in direct mode any more, or has got another network.
    pub async fn request(&mut self) -> Result<(&str, &[f32]), EngineError> {
        self.inputs.require("values for an input brick")?;
        let (mut held, turn) = self.hold().await?;
        self.cell.touch(&self.shared);
        if let Some(turn) = turn {
            let (input, mut prediction) = (self.inputs.values.clone(), self.prediction.clone());
            let work = move || held.network.predict(&input, &mut prediction).map(|()| prediction);
            self.prediction = turn.run(work).await??;
        } else {
            held.network.predict(&self.inputs.values, &mut self.prediction)?;
        }
        self.forget();
        self.shared.counts.user_predictions.fetch_add(1, Relaxed);
        Ok((self.outputs.first_name(), &self.prediction))
    }

    /// Learns the sample filled in, and forgets it. Inputs that were not filled count as 0;
    /// outputs that were not filled are not corrected. When it returns, the step is durable.
    ///
    /// # Errors
    /// [`EngineError::Input`] when inputs or expected outputs are missing altogether;
    /// [`EngineError::Conflict`] when the cluster is not in direct mode any more, or has got
    /// another network; an error of the store or the journal when the step can't be made durable:
    /// then it may or may not have been learned.
    pub async fn train(&mut self) -> Result<(), EngineError> {
        self.inputs.require("values for an input brick")?;
        self.outputs.require("expected values for an output brick")?;
        // Before it is learned: what can't be written would have to be unlearned.
        self.shared.store.require_disk().await?;
        let (mut held, turn) = self.hold().await?;
        if !held.log.is_open() {
            held = blocking(move || {
                held.log.open()?;
                Ok::<_, EngineError>(held)
            })
            .await??;
        }
        // Until the step is in the journal and learned, memory and disk may part.
        held.stale = true;
        held = self.learn(held, turn).await?;
        held.stale = false;
        settle(held, &self.shared, &self.cell).await?;
        self.forget();
        self.shared.counts.user_steps.fetch_add(1, Relaxed);
        Ok(())
    }

    /// The network, and a core to compute on if it is large.
    async fn hold(&self) -> Result<(Held, Option<Turn>), EngineError> {
        let held = self.hold_same().await?;
        if !held.large {
            return Ok((held, None));
        }
        // A core is taken before the network, never after it.
        drop(held);
        let turn = self.shared.host.turn().await;
        Ok((self.hold_same().await?, Some(turn)))
    }

    /// The network, as long as it is the one that the connection was opened to.
    async fn hold_same(&self) -> Result<Held, EngineError> {
        let held = hold_direct(&self.cell, &self.shared).await?;
        if self.cell.replaced() == self.replaced {
            return Ok(held);
        }
        Err(EngineError::Conflict(
            "a checkpoint was loaded into the cluster since this connection was opened; connect \
             again"
                .to_owned(),
        ))
    }

    async fn learn(&mut self, mut held: Held, turn: Option<Turn>) -> Result<Held, EngineError> {
        let Some(turn) = turn else {
            held.learn(&self.inputs.values, &self.outputs.values, &mut self.prediction)?;
            return Ok(held);
        };
        let (input, target) = (self.inputs.values.clone(), self.outputs.values.clone());
        let mut prediction = self.prediction.clone();
        let learned = move || {
            held.learn(&input, &target, &mut prediction)?;
            Ok(held)
        };
        turn.run(learned).await?
    }

    fn forget(&mut self) {
        self.inputs.forget(0.0);
        self.outputs.forget(f32::NAN);
    }
}

async fn hold_direct(cell: &ClusterCell, shared: &Shared) -> Result<Held, EngineError> {
    let held = cell.hold(shared).await?;
    shared.refuse_when_stopping()?;
    if cell.is_direct() {
        return Ok(held);
    }
    Err(EngineError::Conflict(
        "the cluster is in TASK mode; set its mode to DIRECT first".to_owned(),
    ))
}

/// The values of the input bricks, or of the output bricks, one after the other.
#[derive(Debug)]
struct Bricks {
    ports: Vec<(String, std::ops::Range<usize>)>,
    values: Vec<f32>,
    filled: bool,
}

impl Bricks {
    fn new(ports: &[Port], empty: f32) -> Self {
        let mut start = 0;
        let place = |port: &Port| {
            let range = start..start + port.width;
            start = range.end;
            (port.name.clone(), range)
        };
        let ports = ports.iter().map(place).collect();
        Self { ports, values: vec![empty; start], filled: false }
    }

    fn find(&self, brick: &str) -> Option<usize> {
        self.ports.iter().position(|(name, _)| name == brick)
    }

    fn fill(&mut self, place: usize, values: &[f32]) -> Result<(), EngineError> {
        let (name, range) = &self.ports[place];
        if values.len() != range.len() {
            return Err(EngineError::Input(format!(
                "the brick {name:?} takes {} values, but {} were sent",
                range.len(),
                values.len()
            )));
        }
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            return Err(EngineError::Input(format!(
                "value {index} for the brick {name:?} is {}, not a finite number",
                values[index]
            )));
        }
        self.values[range.clone()].copy_from_slice(values);
        self.filled = true;
        Ok(())
    }

    fn require(&self, what: &str) -> Result<(), EngineError> {
        if self.filled {
            return Ok(());
        }
        Err(EngineError::Input(format!("nothing to work on: send {what} ({}) first", self.names())))
    }

    fn forget(&mut self, empty: f32) {
        if self.filled {
            self.values.fill(empty);
            self.filled = false;
        }
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.ports.iter().map(|(name, _)| format!("{name:?}")).collect();
        names.join(", ")
    }

    fn first_name(&self) -> &str {
        self.ports.first().map_or("", |(name, _)| name)
    }
}
