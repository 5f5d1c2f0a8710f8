"""Streams that change: digits that get other names, come late, come in turn, or come broken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from common import Record, axes, mnist, note
from learners import CLASSES, Learner, available

SEEDS = (1, 2, 3)
# Samples of which one point of the curve is the mean.
BIN = 1000
LATE_CLASS = 9
# Right answers among the last ten that count as knowing the late class.
KNOWN = 8
OUTLIER = 1e6


def learn(learner: Learner, pixels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Teach rows bin by bin; return the classes answered before each was learned."""
    bins = [slice(start, start + BIN) for start in range(0, len(pixels), BIN)]
    return np.concatenate([learner.learn(pixels[part], classes[part]) for part in bins])


class Streams:
    """The training images in one order for all, and the test images."""

    def __init__(self) -> None:
        """Read the images."""
        self.pixels, self.classes = mnist("train")
        self.tests, self.truth = mnist("t10k")
        self.half = len(self.pixels) // 2

    def accuracy(self, learner: Learner, among: np.ndarray | None = None) -> float:
        """Return the percentage of test images that are answered rightly."""
        which = slice(None) if among is None else among
        return 100 * float(np.mean(learner.answer(self.tests[which]) == self.truth[which]))

    def drift(self, learner: Learner) -> np.ndarray:
        """Rename all classes half-way; return the live accuracy over the samples."""
        renamed = self.classes.copy()
        renamed[self.half :] = (renamed[self.half :] + 1) % CLASSES
        right = learn(learner, self.pixels, renamed) == renamed
        return 100 * right.reshape(-1, BIN).mean(axis=1)

    def in_turn(self, learner: Learner) -> tuple[float, float]:
        """Teach one class after the other; return the accuracy on all, and on the first five."""
        order = np.argsort(self.classes, kind="stable")
        learn(learner, self.pixels[order], self.classes[order])
        return self.accuracy(learner), self.accuracy(learner, self.truth < CLASSES // 2)

    def late(self, learner: Learner) -> tuple[float, float, float]:
        """Hold one class back for the first half; return how many of it were met before most were
        right, and the accuracy at the end on this class and on all.
        """
        first, second = slice(None, self.half), slice(self.half, None)
        kept = self.classes[first] != LATE_CLASS
        learn(learner, self.pixels[first][kept], self.classes[first][kept])
        answers = learn(learner, self.pixels[second], self.classes[second])
        right = answers[self.classes[second] == LATE_CLASS] == LATE_CLASS
        of_ten = np.convolve(right, np.ones(10), "valid")
        known = np.flatnonzero(of_ten >= KNOWN)
        met = float(known[0] + 10) if len(known) else float("inf")
        of_class = self.accuracy(learner, self.truth == LATE_CLASS)
        return met, of_class, self.accuracy(learner)

    def outlier(self, learner: Learner) -> tuple[float, float, float]:
        """Teach one image with huge pixels and a wrong label half-way; return the accuracy before
        it, right after it, and at the end of the pass.
        """
        learn(learner, self.pixels[: self.half], self.classes[: self.half])
        before = self.accuracy(learner)
        wrong = (self.classes[self.half, None] + 1) % CLASSES
        learn(learner, self.pixels[self.half, None] * np.float32(OUTLIER), wrong)
        after = self.accuracy(learner)
        learn(learner, self.pixels[self.half :], self.classes[self.half :])
        return before, after, self.accuracy(learner)

    def clean(self, learner: Learner) -> float:
        """Teach all images; return the accuracy."""
        learn(learner, self.pixels, self.classes)
        return self.accuracy(learner)


def measure(streams: Streams, record: Record) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Run every stream with every learner; ours with all seeds, the slower ones with the first."""
    for name, make in available(record).items():
        note(name)
        seeds = SEEDS if name.startswith("ours") else SEEDS[:1]
        outcome = {}
        for stream in ("clean", "drift", "in_turn", "late", "outlier"):
            runs = [getattr(streams, stream)(make(seed)) for seed in seeds]
            outcome[stream] = np.mean(runs, axis=0)
        yield name, outcome


def main() -> None:
    """Write the record."""
    record = Record(
        "streams",
        "One pass over the 60,000 training images of MNIST in their order, accuracy in percent on"
        " the test images unless it is live, that is of the answers before each sample was learned."
        " Ours gets raw pixels; the others are helped, see `benches/learners.py`, and run with the"
        " first seed only.",
        SEEDS,
    )
    streams = Streams()
    measured = dict(measure(streams, record))

    record.say("## Drift: half-way each digit gets the name of the next one\n")
    plot = axes("Every digit is renamed half-way", "samples", "live accuracy, %")
    for name, outcome in measured.items():
        plot.plot(BIN * (np.arange(len(outcome["drift"])) + 1), outcome["drift"], label=name)
    plot.legend(loc="lower right")
    record.plot("drift", plot)
    middle = streams.half // BIN
    head = ["learner", "thousand before", "1st after", "2nd", "3rd", "5th", "10th", "last"]
    places = [middle - 1, middle, middle + 1, middle + 2, middle + 4, middle + 9, -1]
    record.table(head, [shown(name, of["drift"][places]) for name, of in measured.items()])

    record.say("## Forgetting: one class after the other\n")
    head = ["learner", "all classes afterwards", "the first five", "all, in mixed order"]
    record.table(
        head, [shown(name, [*of["in_turn"], of["clean"]]) for name, of in measured.items()]
    )

    record.say(f"## A new class: no {LATE_CLASS} in the first half\n")
    head = ["learner", f"met until {KNOWN} of 10 were right", "that class at the end", "all"]
    record.table(head, [shown(name, of["late"]) for name, of in measured.items()])

    record.say(f"## An outlier half-way: all pixels x {OUTLIER:.0e} and a wrong label\n")
    head = ["learner", "before", "right after", "lost", "end of pass", "lost to a clean pass"]
    record.table(head, [shown(name, losses(of)) for name, of in measured.items()])
    record.save()


def losses(outcome: dict[str, np.ndarray]) -> list[float]:
    """Return the figures around the outlier, and the points that it cost."""
    before, after, end = outcome["outlier"]
    return [before, after, before - after, end, float(outcome["clean"]) - end]


def shown(name: str, figures: np.ndarray | list[float]) -> list[str]:
    """Return a row of the table."""
    return [name, *(f"{figure:.2f}" for figure in figures)]


if __name__ == "__main__":
    main()
