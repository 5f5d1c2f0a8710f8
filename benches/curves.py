"""How accuracy grows with the samples learned, and the time of a step with the network's size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
from common import Network, Record, axes, chain, mnist, note, one_hot, predict, teach

SEEDS = (1, 2, 3)
HIDDEN = 400
CLASSES = 10
# Samples learned before each look at the test images; those of three passes.
LOOKS = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 40_000, 60_000, 120_000, 180_000)
SIZES = tuple(2**power for power in range(4, 13))
# Steps that are timed together, and how often: the median counts.
TIMED = 500
TIMES = 9

Images = tuple[np.ndarray, np.ndarray]


def accuracies(train: Images, test: Images, seed: int, experience: int) -> list[float]:
    """Return the percentage of right answers to the test images at each of the looks."""
    network = chain((784, HIDDEN, CLASSES), seed=seed, experience=experience)
    (pixels, classes), (tests, truth) = train, test
    targets = one_hot(classes, CLASSES)
    seen, found = 0, []
    for look in LOOKS:
        while seen < look:
            start = seen % len(pixels)
            part = slice(start, min(start + look - seen, len(pixels)))
            teach(network, pixels[part], targets[part])
            seen += part.stop - part.start
        found.append(100 * float(np.mean(predict(network, tests).argmax(axis=1) == truth)))
    return found


def show_accuracy(record: Record, train: Images, test: Images) -> None:
    """Add the curves with and without the ring of samples to rehearse."""
    record.say("## Accuracy over samples\n")
    plot = axes("MNIST, raw pixels, 784/400/10", "samples learned", "test accuracy, %")
    means = []
    for label, experience in (("ring of 4000", 4000), ("no ring", 0)):
        note(label)
        runs = np.array([accuracies(train, test, seed, experience) for seed in SEEDS])
        plot.plot(LOOKS, runs.mean(axis=0), marker="o", label=label)
        plot.fill_between(LOOKS, runs.min(axis=0), runs.max(axis=0), alpha=0.2)
        means.append((label, runs))
    plot.set_xscale("log")
    plot.legend(loc="lower right")
    record.plot("accuracy", plot)
    head = ["samples", *(f"{label}: mean (worst)" for label, _ in means)]
    rows = (
        [f"{look}", *(f"{runs[:, i].mean():.2f} % ({runs[:, i].min():.2f})" for _, runs in means)]
        for i, look in enumerate(LOOKS)
    )
    record.table(head, rows)


def micros(step: Callable[[slice], object]) -> float:
    """Return the CPU time of one step in microseconds, the median of some runs of many."""
    times = []
    for run in range(TIMES):
        start = time.process_time()
        step(slice(run * TIMED, (run + 1) * TIMED))
        times.append((time.process_time() - start) * 1e6 / TIMED)
    return float(np.median(times))


def times(train: Images, test: Images) -> Iterator[tuple[Network, float, float]]:
    """Teach networks of each size one pass; return them and the times to learn and to answer."""
    pixels, targets = train[0], one_hot(train[1], CLASSES)
    for size in SIZES:
        note(f"inner {size}")
        network = chain((784, size, CLASSES), seed=SEEDS[0])
        teach(network, pixels, targets)
        predicting = micros(lambda part, network=network: predict(network, test[0][part]))
        learning = micros(lambda part, network=network: teach(network, pixels[part], targets[part]))
        yield network, learning, predicting


def show_times(record: Record, train: Images, test: Images) -> None:
    """Add the curves of the times."""
    record.say("## Time of a step over the size of the network\n")
    record.say("CPU time, learning with the ring of samples to rehearse, after one pass.\n")
    measured = list(times(train, test))
    plot = axes("MNIST, 784/n/10, one thread", "most neurons of the inner brick", "us a step")
    plot.loglog(SIZES, [learning for _, learning, _ in measured], marker="o", label="learn")
    plot.loglog(SIZES, [predicting for _, _, predicting in measured], marker="o", label="predict")
    plot.legend()
    record.plot("time", plot)
    rows = []
    for size, (network, learning, predicting) in zip(SIZES, measured, strict=True):
        stats = network.stats
        inner = stats["neurons"] - 784 - CLASSES
        counts = [f"{size}", f"{inner}", f"{stats['synapses']}"]
        rows.append([*counts, f"{learning:.1f}", f"{predicting:.1f}"])
    record.table(["inner, at most", "in use", "synapses", "learn, us", "predict, us"], rows)


def main() -> None:
    """Write the record."""
    record = Record("curves", "MNIST in the order of its files, defaults of a template.", SEEDS)
    train, test = mnist("train"), mnist("t10k")
    show_accuracy(record, train, test)
    show_times(record, train, test)
    record.save()


if __name__ == "__main__":
    main()
