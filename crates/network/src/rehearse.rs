//! What a step teaches besides its sample: kept ones, and moved ones.

use crate::jitter::Jitter;
use crate::network::Network;
use crate::rng::mix;
use crate::sections::Weights;

/// Once all directions are judged, a sample that is known well is tried moved in one step out of so
/// many.
const TRIED_EVERY: u32 = 16;
/// Moved copies of a sample that are taught right after it, if it is kept as well...
const MOVED_KEPT: usize = 1;
/// ...and if none are kept.
const MOVED_LOST: usize = 2;

impl Network {
    /// Keeps the sample that was just learned, with what spiking neurons had kept by then: to teach it again,
    /// and to answer what is like it.
    pub(crate) fn remember(&mut self, target: &[f32]) {
        let mut lesson = std::mem::take(&mut self.scratch.targets);
        lesson.clear();
        lesson.extend(target);
        for spiking in self.inner.iter().filter_map(|inner| inner.spiking.as_ref()) {
            spiking.write(&mut lesson);
        }
        self.experience.keep(self.input_width(), &self.scratch.values, &lesson);
        self.scratch.targets = lesson;
        if !self.spikes() {
            let inputs = 1..self.scratch.first_inner();
            self.lesson.learn(&self.scratch.signals[inputs]);
        }
    }

    /// How much the input whose signals passed last is like that of the last lesson, 0..1.
    pub(crate) fn likeness(&self) -> f32 {
        self.lesson.likeness(&self.scratch.signals[1..self.scratch.first_inner()])
    }

    /// Moves the sums of an answer towards those of the last lesson, as far as the inputs are alike.
    pub(crate) fn show_lesson(&mut self) {
        let likeness = self.likeness();
        if likeness > 0.0 {
            self.answer_lesson();
            self.lesson.show(likeness, &mut self.scratch.sums);
        }
    }

    /// Finds what the fast weights answer to the last lesson. The sums and the inputs' signals of the question
    /// that passed last stay.
    fn answer_lesson(&mut self) {
        if self.lesson.is_answered {
            return;
        }
        self.lesson.sums.resize(self.outputs.len(), Vec::new());
        self.exchange_lesson();
        self.forward(Weights::Fast);
        self.exchange_lesson();
        self.lesson.is_answered = true;
    }

    /// Puts the lesson in the place of the question, or back.
    fn exchange_lesson(&mut self) {
        let inputs = 1..self.scratch.first_inner();
        self.scratch.signals[inputs].swap_with_slice(&mut self.lesson.signals);
        std::mem::swap(&mut self.lesson.sums, &mut self.scratch.sums);
    }

    /// Teaches one of the kept samples again, as it was or moved.
    pub(crate) fn rehearse(&mut self) {
        let width = self.input_width();
        let Some(place) = self.experience.pick(&mut self.rng) else {
            return;
        };
        let mut targets = std::mem::take(&mut self.scratch.targets);
        self.experience.unpack(place, width, &mut self.scratch.values, &mut targets);
        let mut then = self.course_of(&targets[self.output_width()..]);
        targets.truncate(self.output_width());
        let classes = self.tells_classes(&targets);
        if classes {
            self.move_sample();
        }
        self.exchange(&mut then);
        self.encode();
        self.forward(Weights::Fast);
        let outcome = self.learn(&targets);
        self.exchange(&mut then);
        // Where targets are numbers, the largest errors are those of the noise.
        if classes {
            self.experience.judge(place, outcome.error);
        }
        self.scratch.targets = targets;
    }

    /// Teaches the sample that was just learned again, moved, if that keeps its meaning.
    pub(crate) fn teach_moved(&mut self, target: &[f32]) {
        if !self.tells_classes(target) {
            return;
        }
        let copies = if self.experience.is_kept() { MOVED_KEPT } else { MOVED_LOST };
        for _ in 0..copies {
            let mut values = std::mem::take(&mut self.scratch.values_before);
            values.clone_from(&self.scratch.values);
            if self.move_sample() {
                self.encode();
                self.forward(Weights::Fast);
                self.learn(target);
            }
            std::mem::swap(&mut self.scratch.values, &mut values);
            self.scratch.values_before = values;
        }
    }

    /// Moves the sample in one of the input bricks in which that keeps its meaning, as chance wants it.
    /// True if it was moved.
    fn move_sample(&mut self) -> bool {
        if !self.jitter.iter().any(Option::is_some) {
            return false;
        }
        let brick = self.rng.below(self.jitter.len() as u32) as usize;
        let Some(jitter) = &self.jitter[brick] else {
            return false;
        };
        let Some(way) = jitter.pick(&mut self.rng) else {
            return false;
        };
        jitter.apply(way, self.inputs[brick].places(), &mut self.scratch.values);
        true
    }

    /// Tries, now and then, whether a sample that is known well keeps its meaning when it is moved.
    pub(crate) fn try_moves(&mut self, target: &[f32]) {
        let brick = (self.steps % self.jitter.len() as u64) as usize;
        let classes = self.tells_classes(target);
        let Some(jitter) = &mut self.jitter[brick] else {
            return;
        };
        if !classes || jitter.is_judged() && self.rng.below(TRIED_EVERY) > 0 {
            return;
        }
        let input = &self.inputs[brick];
        jitter.look(input.part(&self.scratch.values), input.start, input.width);
        let direction = Jitter::direction(&mut self.rng);
        let Some(way) = jitter.move_in(direction) else {
            return;
        };
        jitter.apply(way, input.places(), &mut self.scratch.values);
        self.encode();
        self.forward(Weights::Fast);
        let right = self.is_right(target);
        let meaning = target.iter().fold(0, |meaning, &y| mix(meaning) ^ u64::from(y > 0.5));
        if let Some(jitter) = &mut self.jitter[brick] {
            jitter.judge(direction, right, meaning);
        }
    }

    /// Whether the targets tell which of some classes a sample belongs to.
    fn tells_classes(&self, target: &[f32]) -> bool {
        target.iter().all(|&y| y == 0.0 || y == 1.0)
            && !self.outputs.iter().any(|output| output.output.is_numeric())
    }

    /// Whether each sum is on the side of zero that its target is on.
    fn is_right(&self, target: &[f32]) -> bool {
        self.outputs.iter().zip(&self.scratch.sums).all(|(output, sums)| {
            let target = &target[output.start..][..output.brick.limit];
            let sums = sums.iter().flat_map(|lane| lane.0);
            sums.zip(target).all(|(sum, &y)| (sum > 0.0) == (y > 0.5))
        })
    }
}
