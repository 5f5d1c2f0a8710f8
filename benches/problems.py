"""The tables that `tables.py` learns: bundled with scikit-learn, generated, and made harder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

# What the columns are multiplied by in turn, before they are shuffled.
WILD_SCALES = (1e-6, 1e-4, 1e-2, 1.0, 1e2, 1e4, 1e6)
WILD_CELLS = 0.01


@dataclass(frozen=True)
class Problem:
    """Rows of raw features with a class or a number each, and how the training rows are spoiled."""

    table: str
    inputs: np.ndarray
    answers: np.ndarray
    is_classes: bool
    spoiled: str = ""
    spoils_training: bool = False

    @property
    def name(self) -> str:
        """The table, and what was done to it."""
        return f"{self.table}{self.spoiled}"

    def split(self, seed: int) -> list[np.ndarray]:
        """Return 70 % of the rows to learn from and 30 % to be judged by: the inputs of both, then
        the answers of both.
        """
        stratify = self.answers if self.is_classes else None
        parts = train_test_split(
            self.inputs, self.answers, test_size=0.3, random_state=seed, stratify=stratify
        )
        if self.spoils_training:
            parts[0] = with_wild_cells(parts[0], seed)
        return parts


def california_like(rows: int = 3000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Generate houses like those of the California housing set: eight columns, skewed or with heavy
    tails, whose prices depend on income, place, age and rooms, with noise and a cap at 5.
    """
    chance = np.random.default_rng(seed)
    income = chance.gamma(4.0, 1.0, rows) + 0.5
    age = np.minimum(chance.gamma(5.0, 6.0, rows), 52.0)
    rooms = chance.lognormal(1.65, 0.25, rows)
    bedrooms = rooms * chance.lognormal(-1.6, 0.1, rows)
    population = chance.lognormal(7.0, 0.75, rows)
    occupancy = chance.lognormal(1.05, 0.2, rows) * (1.0 + 0.02 * chance.pareto(1.2, rows))
    # Three towns along a coast that runs from north-west to south-east.
    town = chance.choice(3, rows, p=[0.45, 0.35, 0.2])
    middle = np.array([[34.1, -118.3], [37.7, -122.2], [36.6, -119.8]])
    latitude, longitude = (middle[town] + chance.normal(0.0, 0.45, (rows, 2))).T
    inland = np.maximum(0.0, (longitude + 118.6) + 0.9 * (latitude - 34.0))
    price = (
        0.9 * np.log1p(income) ** 1.5
        + 1.3 * np.exp(-inland / 0.6)
        + 0.4 * np.tanh((rooms / bedrooms - 5.0) * 0.8)
        - 0.35 * np.log(occupancy)
        + 0.012 * age * (town == 1)
    )
    price = np.minimum(np.exp(0.55 * (price - 1.2)) * chance.lognormal(0.0, 0.13, rows), 5.0)
    columns = income, age, rooms, bedrooms, population, occupancy, latitude, longitude
    return np.column_stack(columns), price


def with_wild_scales(inputs: np.ndarray) -> np.ndarray:
    """Multiply the columns by what differs by up to a factor of 10^12."""
    scales = np.resize(WILD_SCALES, inputs.shape[1])
    return inputs * np.random.default_rng(1).permutation(scales)


def with_wild_cells(inputs: np.ndarray, seed: int) -> np.ndarray:
    """Multiply one value in a hundred by a million."""
    wild = np.random.default_rng(seed).random(inputs.shape) < WILD_CELLS
    return np.where(wild, inputs * 1e6, inputs)


def variants(problem: Problem) -> list[Problem]:
    """Return the problem with its columns spoiled in each of the ways."""
    inputs = problem.inputs
    return [
        replace(problem, spoiled=", scales over 10^12", inputs=with_wild_scales(inputs)),
        replace(problem, spoiled=", 1 % of training cells x 10^6", spoils_training=True),
        replace(problem, spoiled=", 1 % of all cells x 10^6", inputs=with_wild_cells(inputs, 1)),
        replace(problem, spoiled=", + 1000", inputs=inputs + 1000.0),
    ]


def all_problems() -> list[Problem]:
    """Return the problems in the order of the record."""
    bundled: list[tuple[str, Callable[..., tuple[np.ndarray, np.ndarray]], bool]] = [
        ("digits", datasets.load_digits, True),
        ("breast cancer", datasets.load_breast_cancer, True),
        ("wine", datasets.load_wine, True),
        ("diabetes", datasets.load_diabetes, False),
    ]
    tables = {
        name: Problem(name, *load(return_X_y=True), classes) for name, load, classes in bundled
    }
    moons = datasets.make_moons(1000, noise=0.15, random_state=1)
    tables["moons"] = Problem("moons", *moons, True)
    friedman = datasets.make_friedman1(1000, noise=1.0, random_state=1)
    tables["friedman1"] = Problem("friedman1", *friedman, False)
    tables["california-like"] = Problem("california-like", *california_like(), False)
    return [
        *(tables[name] for name in ("digits", "breast cancer", "wine", "moons")),
        *(tables[name] for name in ("friedman1", "california-like", "diabetes")),
        *variants(tables["breast cancer"]),
        *variants(tables["friedman1"]),
    ]
