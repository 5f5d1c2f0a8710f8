"""A time series of steps: one column through a window, from one level to the next."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from common import Record, chain, predict, teach

SEEDS = range(1, 4)
# What the column of inputs holds for so many rows each, and what the column of outputs does.
HELD = 100
LEVELS = {0.0: 0.0, 80.0: 1.0, 30.0: 0.5, 10.0: 0.75}
# Inputs never seen, and the outputs that theirs should lie between: those of their neighbours.
UNSEEN = {5.0: (0.0, 0.75), 20.0: (0.5, 0.75), 50.0: (0.5, 1.0), 100.0: (0.9, 1.1)}
WINDOW = 25
OUTPUTS = 5
PASSES = (1, 2, 5, 10, 20, 50, 100)
GOAL = 0.02
VARIANTS: dict[str, dict[str, object]] = {
    "defaults": {},
    "max_connection_distance 2": {"max_connection_distance": 2},
    "neuron_cooldown 1.5": {"neuron_cooldown": 1.5},
    "refractory_time 5": {"refractory_time": 5},
    "cooldown 1.5, refractory 5": {"neuron_cooldown": 1.5, "refractory_time": 5},
    "cooldown 1.5, refractory 5, distance 2": {
        "neuron_cooldown": 1.5,
        "refractory_time": 5,
        "max_connection_distance": 2,
    },
}

Run = dict[str, list[float]]
Runs = dict[str, list[Run]]


def windows() -> tuple[np.ndarray, np.ndarray]:
    """Return the windows of both columns, row by row, as a task reads them: their ends aligned."""
    inputs = np.repeat(np.float32(list(LEVELS)), HELD)
    outputs = np.repeat(np.float32(list(LEVELS.values())), HELD)
    slide = np.lib.stride_tricks.sliding_window_view
    return slide(inputs, WINDOW).copy(), slide(outputs, OUTPUTS)[WINDOW - OUTPUTS :].copy()


def measure(seed: int, settings: dict[str, object]) -> Run:
    """Return errors after each number of passes, and at last what unseen levels are answered with.

    Errors are `live`, made while learning, and those of requests afterwards: `mean`, `worst`, and
    `held`, the mean where the window holds a single level.
    """
    inputs, targets = windows()
    held = inputs.min(axis=1) == inputs.max(axis=1)
    network = chain((WINDOW, 128, 128, OUTPUTS), seed=seed, **settings)
    errors: Run = {"live": [], "mean": [], "worst": [], "held": []}
    done = 0
    for passes in PASSES:
        live = abs(teach(network, inputs, targets, passes - done) - targets)
        done = passes
        told = abs(predict(network, inputs) - targets)
        errors["live"].append(float(live.mean()))
        errors["mean"].append(float(told.mean()))
        errors["worst"].append(float(told.max()))
        errors["held"].append(float(told[held].mean()))
    unseen = predict(network, np.repeat(np.float32(list(UNSEEN))[:, None], WINDOW, axis=1))
    errors["unseen"] = unseen.mean(axis=1).tolist()
    return errors


def rows(measured: Runs) -> Iterator[list[str]]:
    """Show the errors, variant by variant."""
    for name, runs in measured.items():
        for figure in ("live", "mean", "held", "worst"):
            means = np.mean([run[figure] for run in runs], axis=0)
            reached = [str(p) for p, mean in zip(PASSES, means, strict=True) if mean < GOAL]
            needed = next(iter(reached), "never")
            yield [name, figure, *(f"{mean:.4f}" for mean in means), needed]


def unseen_rows(measured: Runs) -> Iterator[list[str]]:
    """Show what unseen levels are answered with, seed by seed."""
    for name, runs in measured.items():
        for seed, run in zip(SEEDS, runs, strict=True):
            answers = run["unseen"]
            between = (
                low <= answer <= high
                for answer, (low, high) in zip(answers, UNSEEN.values(), strict=True)
            )
            yield [name, str(seed), *(f"{answer:.3f}" for answer in answers), str(sum(between))]


def main() -> None:
    """Write the record."""
    levels = ", ".join(f"{x:g} -> {y:g}" for x, y in LEVELS.items())
    record = Record(
        "series",
        f"Columns that hold each of these inputs and outputs for {HELD} rows: {levels}; windows"
        f" of {WINDOW} and {OUTPUTS} rows, bricks {WINDOW}/128/128/{OUTPUTS} in a row, passes in"
        " order. Absolute errors, mean of the seeds: `live` while learning in the last pass, `mean`"
        " and `worst` of requests after it, `held` of those whose window holds one level.",
        SEEDS,
    )
    head = ["variant", "error", *(f"{passes} passes" for passes in PASSES), f"passes to < {GOAL}"]
    measured = {
        name: [measure(seed, settings) for seed in SEEDS] for name, settings in VARIANTS.items()
    }
    record.table(head, rows(measured))
    record.say(
        f"Levels never seen, after {PASSES[-1]} passes, and how many of them are answered with a"
        " number between those of their neighbours (100, which has one only: 0.9 to 1.1).\n"
    )
    wanted = [f"{x:g} ({low:g} to {high:g})" for x, (low, high) in UNSEEN.items()]
    record.table(["variant", "seed", *wanted, "between"], unseen_rows(measured))
    record.save()


if __name__ == "__main__":
    main()
