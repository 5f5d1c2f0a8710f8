"""Learners of a stream of MNIST digits: the network and what it is measured against.

The others are helped: they are told that pixels lie in 0 to 255, and their rates are usual ones for
them. Pixels may come as float32 or, to save memory, as bytes.
"""

from __future__ import annotations

import importlib.util
from typing import Any, Protocol

import numpy as np
from common import Record, chain, one_hot, predict, teach

CLASSES = 10
HIDDEN = 400
BATCH = 16


class Learner(Protocol):
    """Learns rows of raw pixels and their classes."""

    def learn(self, pixels: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Learn rows in order; return the classes that were answered before each was learned."""

    def answer(self, pixels: np.ndarray) -> np.ndarray:
        """Return the classes of rows."""


class Ours:
    """The network with the defaults of a template, or without the ring of samples to rehearse."""

    def __init__(self, seed: int, **settings: object) -> None:
        """Start empty."""
        self.network = chain((784, HIDDEN, CLASSES), seed=seed, **settings)

    def learn(self, pixels: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Learn one sample at a time."""
        return teach(self.network, pixels, one_hot(classes, CLASSES)).argmax(axis=1)

    def answer(self, pixels: np.ndarray) -> np.ndarray:
        """Answer without learning."""
        return predict(self.network, pixels).argmax(axis=1)


class Torch:
    """PyTorch's MLP 784/400/10 on pixels divided by 255, in small batches."""

    def __init__(self, seed: int, optimizer: str) -> None:
        """Start with random weights."""
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(seed)
        self.torch = torch
        self.model = torch.nn.Sequential(
            torch.nn.Linear(784, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLASSES)
        )
        rates = {"SGD": 0.1, "Adam": 1e-3}
        kind = getattr(torch.optim, optimizer)
        self.optimizer = kind(self.model.parameters(), lr=rates[optimizer])

    def learn(self, pixels: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Take one step per batch."""
        inputs = self.torch.from_numpy(np.float32(pixels) / 255)
        truth = self.torch.from_numpy(classes)
        answers = []
        for start in range(0, len(inputs), BATCH):
            part = slice(start, start + BATCH)
            sums = self.model(inputs[part])
            answers.append(sums.detach().argmax(dim=1).numpy())
            self.optimizer.zero_grad()
            self.torch.nn.functional.cross_entropy(sums, truth[part]).backward()
            self.optimizer.step()
        return np.concatenate(answers)

    def answer(self, pixels: np.ndarray) -> np.ndarray:
        """Answer without learning."""
        with self.torch.no_grad():
            return self.model(self.torch.from_numpy(np.float32(pixels) / 255)).argmax(dim=1).numpy()


class River:
    """River's softmax regression on 7 x 7 means of pixels in 0..1, as with all it takes minutes.

    Its trees that watch for drift take longer and stay near 55 %.
    """

    def __init__(self, seed: int) -> None:
        """Start empty; nothing in it is random."""
        from river import linear_model, optim

        self.model = linear_model.SoftmaxRegression(optimizer=optim.SGD(0.1))

    def learn(self, pixels: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Learn one sample at a time."""
        answers = []
        for row, truth in zip(self._rows(pixels), classes.tolist(), strict=True):
            answers.append(self._answer(row))
            self.model.learn_one(row, truth)
        return np.array(answers)

    def answer(self, pixels: np.ndarray) -> np.ndarray:
        """Answer without learning."""
        return np.array([self._answer(row) for row in self._rows(pixels)])

    def _answer(self, row: dict[int, float]) -> int:
        answer = self.model.predict_one(row)
        return -1 if answer is None else int(answer)

    @staticmethod
    def _rows(pixels: np.ndarray) -> list[dict[int, float]]:
        means = pixels.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, 49) / 255
        return [dict(enumerate(row)) for row in means.tolist()]


LEARNERS = {
    "ours": Ours,
    "ours, no ring": lambda seed: Ours(seed, experience=0),
    f"PyTorch MLP, SGD, batches of {BATCH}": lambda seed: Torch(seed, "SGD"),
    f"PyTorch MLP, Adam, batches of {BATCH}": lambda seed: Torch(seed, "Adam"),
    "River softmax, 7 x 7 means": River,
}


def available(record: Record) -> dict[str, Any]:
    """Return the learners whose packages are here; the record tells which are left out."""
    here = dict(LEARNERS)
    for package, name in (("torch", "PyTorch"), ("river", "River")):
        if importlib.util.find_spec(package) is None:
            record.say(f"**Left out: {name}, because `{package}` is not installed.**\n")
            here = {learner: make for learner, make in here.items() if not learner.startswith(name)}
    return here
