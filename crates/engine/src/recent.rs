//! How a training is doing at present, for who draws its curve while it runs.
//!
//! Nothing of it is stored: after a restart it is counted anew.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hanami_network::Network;

use crate::judge::Verdict;
use crate::live::percent;

/// So many of the last answers count.
const ANSWERS: usize = 1000;

/// How long a count of synapses is good enough: they lie in many places, and grow slowly.
const COUNTED_EVERY: Duration = Duration::from_millis(200);

/// How a training is doing at present.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lately {
    /// Share in percent of the last 1000 samples that were answered right before they were learned,
    /// where answers can be right.
    pub accuracy: Option<f64>,
    /// Mean squared error over all outputs and the last 1000 samples, before they were learned.
    pub loss: f64,
    /// Synapses of the network, as counted a moment ago.
    pub synapses: u64,
}

/// The last answers of a training, and the size of its network.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    answers: VecDeque<Verdict>,
    /// The synapses, and when they were counted.
    counted: Option<(Instant, u64)>,
}

impl Recent {
    /// Takes one more answer into account.
    pub(crate) fn add(&mut self, verdict: Verdict) {
        if self.answers.len() == ANSWERS {
            self.answers.pop_front();
        }
        self.answers.push_back(verdict);
    }

    /// Counts the network's synapses, if that was too long ago.
    pub(crate) fn measure(&mut self, network: &Network) {
        if self.counted.is_none_or(|(at, _)| at.elapsed() >= COUNTED_EVERY) {
            self.counted = Some((Instant::now(), network.synapses() as u64));
        }
    }

    /// What is to be told; `None` before the first answer.
    pub(crate) fn lately(&self) -> Option<Lately> {
        let (_, synapses) = self.counted?;
        let last = self.answers.back()?;
        let count = self.answers.len() as u64;
        let right = self.answers.iter().filter(|verdict| verdict.right == Some(true)).count();
        let squares: f64 = self.answers.iter().map(|verdict| verdict.square).sum();
        Some(Lately {
            accuracy: last.right.map(|_| percent(right as u64, count)),
            loss: squares / count as f64,
            synapses,
        })
    }
}

#[cfg(test)]
mod tests {
    use hanami_network::template::Template;

    use super::*;

    const TEMPLATE: &str = "version: 1\nbricks:\n  1,1,1\n    input: a\n    number_of_neurons: 1\n  \
                            2,1,1\n    output: b\n    number_of_neurons: 1\n";

    #[test]
    fn only_the_last_answers_count() {
        let mut recent = Recent::default();
        recent.measure(&Network::new(&Template::parse(TEMPLATE).unwrap()).unwrap());
        assert_eq!(recent.lately(), None);
        for i in 0..2 * ANSWERS {
            let right = i >= ANSWERS + ANSWERS / 4;
            recent.add(Verdict { right: Some(right), square: if right { 0.0 } else { 4.0 } });
        }
        let lately = Lately { accuracy: Some(75.0), loss: 1.0, synapses: 0 };
        assert_eq!(recent.lately(), Some(lately));
        recent.add(Verdict { right: None, square: 0.0 });
        assert_eq!(recent.lately().unwrap().accuracy, None);
    }
}
