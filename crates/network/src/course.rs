//! Answers to samples in a row, for clusters whose neurons keep potentials.
//!
//! [`Network::predict`] answers every question as the next sample after the last one learned, and
//! keeps nothing of it. A course keeps the potentials that go with its questions, apart from the
//! network: so it follows a sequence the way training does, and still changes nothing.

use crate::network::{InnerBrick, Network, ShapeError};
use crate::neurons::Spiking;

/// What neurons keep between the questions of a sequence; see [`Network::course`].
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// For each inner brick, if its neurons spike.
    inner: Vec<Option<Spiking>>,
}

impl Network {
    /// Begins a sequence of questions that follows the samples learned so far.
    #[must_use]
    pub fn course(&self) -> Course {
        Course { inner: self.inner.iter().map(|inner| inner.spiking.clone()).collect() }
    }

    /// Answers the next input of a sequence, with the averaged weights. Without spiking, that is
    /// [`Network::predict`]. The network may learn in between; what it keeps of that stays its own.
    ///
    /// # Errors
    /// If a vector has not [`Network::input_width`] or [`Network::output_width`] values; then neither
    /// `course` nor `output` is changed.
    pub fn predict_next(
        &mut self,
        course: &mut Course,
        input: &[f32],
        output: &mut [f32],
    ) -> Result<(), ShapeError> {
        self.exchange(course);
        let answered = self.predict(input, output);
        if answered.is_ok() {
            self.keep_potentials();
        }
        self.exchange(course);
        answered
    }

    /// What neurons had kept when a sample was learned, of what is kept of the sample.
    pub(crate) fn course_of(&self, mut kept: &[f32]) -> Course {
        let read = |inner: &InnerBrick| inner.spiking.as_ref()?.read(&mut kept);
        Course { inner: self.inner.iter().map(read).collect() }
    }

    /// Whether that is what [`Network::course_of`] can read.
    pub(crate) fn is_course(&self, mut kept: &[f32]) -> bool {
        let mut spiking =
            self.inner.iter().filter_map(|inner| Some((inner, inner.spiking.as_ref()?)));
        let all_are_there = spiking.all(|(inner, spiking)| {
            spiking.read(&mut kept).is_some_and(|read| read.is_valid(inner.brick.neurons()))
        });
        all_are_there && kept.is_empty()
    }

    /// Puts what the course's neurons keep in the place of what the network's own do.
    pub(crate) fn exchange(&mut self, course: &mut Course) {
        for (inner, kept) in self.inner.iter_mut().zip(&mut course.inner) {
            std::mem::swap(&mut inner.spiking, kept);
        }
    }
}
