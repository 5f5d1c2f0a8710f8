"""Where the network of an estimator lives: in this process, or on a server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import numpy as np

from ._sync.client import Hanami
from .network import Network

Array = np.ndarray[Any, np.dtype[np.float32]]

INPUT, OUTPUT = "features", "targets"
"""The names of the bricks of an estimator's network."""

MOST_SAMPLES, MOST_BYTES = 1000, 2_000_000
"""What a server takes in one request by its default settings."""

VALUE_BYTES = 25
"""What a number takes as JSON, at most."""


class Embedded:
    """A network in this process."""

    def __init__(self, template: str) -> None:
        """Make an empty network."""
        self.network = Network(template)

    def train(self, inputs: Array, targets: Array) -> None:
        """Learn rows, in order."""
        self.network.train(inputs, targets)

    def predict(self, inputs: Array) -> Array:
        """Answer rows with rows."""
        width = self.network.outputs[OUTPUT]
        return np.asarray(self.network.predict(inputs), dtype=np.float32).reshape(-1, width)

    def discard(self) -> None:
        """Do nothing: memory is given back when nobody refers to it any more."""


class Served:
    """A cluster on a server."""

    def __init__(self, client: Hanami, template: str) -> None:
        """Make an empty cluster with a name of its own."""
        self._client = client
        self.cluster = client.create_cluster(f"estimator {uuid.uuid4().hex}", template)

    def train(self, inputs: Array, targets: Array) -> None:
        """Learn rows, in order."""
        for rows in _batches(inputs, targets):
            self._client.learn(self.cluster, inputs[rows], targets[rows])

    def predict(self, inputs: Array) -> Array:
        """Answer rows with rows."""
        answers: list[Any] = []
        for rows in _batches(inputs):
            answers += self._client.predict(self.cluster, inputs[rows])[OUTPUT]
        return np.asarray(answers, dtype=np.float32)

    def discard(self) -> None:
        """Delete the cluster."""
        self._client.delete_cluster(self.cluster)


def _batches(*arrays: Array) -> Iterator[slice]:
    """Yield slices of rows that a server takes in one request, unless it is set to take less."""
    width = sum(array.shape[1] for array in arrays)
    size = min(MOST_SAMPLES, max(1, MOST_BYTES // (width * VALUE_BYTES)))
    for start in range(0, len(arrays[0]), size):
        yield slice(start, start + size)
