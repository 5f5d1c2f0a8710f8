//! Which class was taken for which.

/// How the answers to a question about classes are spread.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    /// Answers by their right class (row) and the class answered (column). An answer that is no
    /// class of the dataset stands nowhere.
    pub confusion: Vec<Vec<u64>>,
    /// How good the answers are for each class.
    pub scores: Vec<ClassScore>,
}

/// How good the answers are for one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassScore {
    /// Name of the class.
    pub label: String,
    /// Share of those taken for this class that belong to it, 0 to 1; `None` if none was.
    pub precision: Option<f64>,
    /// Share of those of this class that were taken for it, 0 to 1; `None` if there are none.
    pub recall: Option<f64>,
    /// The harmonic mean of the two; `None` if neither is known.
    pub f1: Option<f64>,
    /// Rows of this class.
    pub support: u64,
}

/// Counts answers.
#[derive(Debug)]
pub(crate) struct Confusion {
    counts: Vec<Vec<u64>>,
    support: Vec<u64>,
    /// Answers that are no class.
    pub(crate) invalid: u64,
}

impl Confusion {
    /// Counts none yet, for the classes 0 to `classes` - 1.
    pub(crate) fn new(classes: usize) -> Self {
        Self { counts: vec![vec![0; classes]; classes], support: vec![0; classes], invalid: 0 }
    }

    /// Counts an answer; `false` if there is no class `right`.
    pub(crate) fn add(&mut self, right: usize, answer: f64) -> bool {
        let Some(support) = self.support.get_mut(right) else {
            return false;
        };
        *support += 1;
        let classes = self.counts.len();
        let is_class = (0.0..classes as f64).contains(&answer) && answer.fract() == 0.0;
        if is_class {
            self.counts[right][answer as usize] += 1;
        } else {
            self.invalid += 1;
        }
        true
    }

    /// Answers that are right.
    pub(crate) fn right(&self) -> u64 {
        (0..self.counts.len()).map(|class| self.counts[class][class]).sum()
    }

    /// What was counted; the classes are called `labels`.
    pub(crate) fn finish(self, labels: &[String]) -> Classes {
        let Self { counts: confusion, support, .. } = self;
        let score = |(class, support): (usize, u64)| {
            let right = confusion[class][class];
            let answered: u64 = confusion.iter().map(|row| row[class]).sum();
            ClassScore {
                label: labels[class].clone(),
                precision: share(right, answered),
                recall: share(right, support),
                // The harmonic mean of right / answered and right / support.
                f1: share(2 * right, answered + support),
                support,
            }
        };
        let scores = support.into_iter().enumerate().map(score).collect();
        Classes { confusion, scores }
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
