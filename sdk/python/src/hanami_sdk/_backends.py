"""Where the network of an estimator lives: in this process, or on a server."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np

from ._sync.client import Hanami
from .network import Network

Array = np.ndarray[Any, np.dtype[np.float32]]

INPUT, OUTPUT = "features", "targets"
"""The names of the bricks of an estimator's network."""


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
        client.set_mode(self.cluster, "DIRECT")

    def train(self, inputs: Array, targets: Array) -> None:
        """Learn rows, in order."""
        samples = (({INPUT: x}, {OUTPUT: y}) for x, y in zip(inputs, targets, strict=True))
        with self._client.direct(self.cluster) as direct:
            direct.train_many(samples)

    def predict(self, inputs: Array) -> Array:
        """Answer rows with rows."""
        with self._client.direct(self.cluster) as direct:
            answers = list(direct.request_many({INPUT: x} for x in inputs))
        return np.asarray(answers, dtype=np.float32)

    def discard(self) -> None:
        """Delete the cluster."""
        self._client.delete_cluster(self.cluster)
