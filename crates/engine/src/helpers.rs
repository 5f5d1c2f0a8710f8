//! Idle cores that help a slice of a large network.
//!
//! A training stays strictly online: one step ends before the next begins. What is shared is the work
//! of each step, block by block ([`Crew`]), so helpers change how long a slice takes for its steps, and
//! nothing else. They are taken as the slice begins, if nobody else wants their cores, and go when it
//! ends; the slice never waits for one that has not come yet. Clusters thus take turns as if there
//! were no helpers: whoever asks for a core gets it after a slice at the latest.
//!
//! Cores that are idle for the host may not be so for the machine. Where other programs take a core from
//! a helper amid its work, the slice has to wait; the host then does without helpers for a while.

use std::sync::Arc;

use hanami_network::{Crew, Network};
use tokio::sync::OwnedSemaphorePermit;

use crate::host::Host;

/// Multiply-adds that helpers can share of the answer to one sample, from which on they gain more than
/// it takes to deal them out. Measured by `cargo bench -p hanami-network --bench crew`.
const WORTHWHILE: usize = 100_000;

/// Cores that help, until dropped.
#[derive(Debug)]
pub(crate) struct Helpers {
    crew: Arc<Crew>,
    host: Host,
    _cores: Vec<OwnedSemaphorePermit>,
}

impl Helpers {
    /// As many idle cores of the host as a slice of this network may take besides its own, if they gain
    /// anything and there are any.
    pub(crate) fn call(host: &Host, network: &Network, most: usize) -> Option<Self> {
        if network.shareable() < WORTHWHILE {
            return None;
        }
        let cores = host.idle_cores(most.saturating_sub(1));
        if cores.is_empty() {
            return None;
        }
        let crew = Arc::new(Crew::default());
        for _ in &cores {
            let crew = crew.clone();
            host.lend_thread(move || crew.help());
        }
        Some(Self { crew, host: host.clone(), _cores: cores })
    }

    /// Those who help.
    pub(crate) fn crew(&self) -> Arc<Crew> {
        self.crew.clone()
    }
}

impl Drop for Helpers {
    fn drop(&mut self) {
        self.crew.dismiss();
        if self.crew.has_stalled() {
            self.host.note_crowd();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use hanami_network::template::Template;
    use uuid::Uuid;

    use super::*;

    /// Teaches `steps` samples whose targets nothing tells.
    fn teach(network: &mut Network, steps: u32) {
        let mut chance = 1u32;
        let mut next = || {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (chance >> 24) as f32
        };
        let mut answer = [0.0];
        for _ in 0..steps {
            let input: Vec<f32> = (0..8).map(|_| next()).collect();
            network.train(&input, &[next()], &mut answer).unwrap();
        }
    }

    /// A network whose second inner brick hears hundreds of neurons.
    fn network(neurons: u32) -> Network {
        let template = format!(
            "version: 1
settings:
    growth_patience: 1
bricks:
    1,1,1
        input: in
        number_of_neurons: 8
    2,1,1
        number_of_neurons: {neurons}
    3,1,1
        number_of_neurons: {neurons}
    4,1,1
        output: out
        number_of_neurons: 1
"
        );
        let mut network = Network::new(&Template::parse(&template).unwrap()).unwrap();
        teach(&mut network, 300);
        network
    }

    fn host(cores: usize) -> Host {
        Host::cpu(Uuid::new_v4(), cores).unwrap()
    }

    #[test]
    fn a_large_network_gets_idle_cores_as_long_as_they_are_held() {
        let (host, network) = (host(4), network(800));
        assert!(network.shareable() >= WORTHWHILE, "{}", network.shareable());
        let helpers = Helpers::call(&host, &network, 3).unwrap();
        assert_eq!(host.busy(), 2, "one of three is the slice's own");
        drop(helpers);
        assert_eq!(host.busy(), 0);
        assert!(Helpers::call(&host, &network, 1).is_none());
    }

    #[tokio::test]
    async fn there_are_none_where_no_core_is_idle() {
        let (host, network) = (host(1), network(800));
        let _turn = host.turn().await;
        assert!(Helpers::call(&host, &network, 2).is_none());
    }

    #[test]
    fn there_are_none_for_a_while_after_others_took_a_core() {
        let (host, network) = (host(4), network(800));
        host.note_crowd();
        assert!(Helpers::call(&host, &network, 4).is_none());
    }

    #[test]
    fn a_small_network_gets_none() {
        assert!(Helpers::call(&host(4), &network(100), 4).is_none());
    }

    #[test]
    fn a_slice_does_not_wait_for_helpers_that_never_come() {
        let (host, mut alone, mut helped) = (host(2), network(800), network(800));
        let (release, held) = mpsc::channel::<()>();
        let held = Arc::new(std::sync::Mutex::new(held));
        for _ in 0..host.cores() {
            let held = held.clone();
            host.lend_thread(move || drop(held.lock().map(|held| held.recv())));
        }
        let helpers = Helpers::call(&host, &helped, 2).unwrap();
        helped.set_crew(Some(helpers.crew()));
        teach(&mut helped, 20);
        drop(release);
        drop(helpers);
        teach(&mut alone, 20);
        assert!(helped.to_bytes() == alone.to_bytes());
    }
}
