"""The network itself, without a server."""

from __future__ import annotations

import array
from collections.abc import Iterable
from typing import Any, NamedTuple, TypedDict, cast

from . import _network

Rows = Any
"""Rows of numbers: a contiguous buffer of float32 (a NumPy array, an `array("f")`), a sequence of
numbers for one row, or a sequence of such sequences."""


class Stats(TypedDict):
    """What a network is made of: training steps taken, neurons in use, sections and synapses grown.

    `is_full` says that it grows no more, `experience` how many samples it keeps to rehearse them,
    `bytes` what it takes in memory, and `instructions` which vector instructions it computes with.
    """

    steps: int
    neurons: int
    sections: int
    synapses: int
    is_full: bool
    experience: int
    bytes: int
    instructions: str


class Explained(NamedTuple):
    """Where one value of an answer comes from.

    The `answer` was made of a `sum`: for a chance it is `1 / (1 + exp(-sum))`, for a number the sum
    counts deviations from the mean. `contributions` has what each value of the input added to the
    sum, and `rest` is what comes from no input; together they are the sum.
    """

    answer: float
    sum: float
    rest: float
    contributions: memoryview[float]


class Network:
    """A network that grows from the samples it is taught, one at a time.

    An input is the values of all input bricks one after the other, in the order of the template;
    an output those of all output bricks. Values may be of any magnitude; what is NaN or infinite
    counts as 0 in inputs and is not learned in targets. The same template and samples give the same
    network on every machine. It can be pickled, and used from several threads.
    """

    def __init__(self, template: str) -> None:
        """Make an empty network for the text of a template; see `templates.chain`."""
        self._core = _network.Network(template)

    @classmethod
    def from_bytes(cls, data: bytes) -> Network:
        """Return the network that `to_bytes` wrote."""
        network = cls.__new__(cls)
        network._core = _network.Network.from_bytes(data)
        return network

    def to_bytes(self) -> bytes:
        """Return the whole network, to go on with later or elsewhere, exactly as it would have."""
        return self._core.to_bytes()

    @property
    def template(self) -> str:
        """The template that the network grows from."""
        return self._core.template()

    @property
    def inputs(self) -> dict[str, int]:
        """Names and widths of the input bricks."""
        return dict(self._core.inputs())

    @property
    def outputs(self) -> dict[str, int]:
        """Names and widths of the output bricks."""
        return dict(self._core.outputs())

    def train(self, inputs: Rows, targets: Rows) -> memoryview[float]:
        """Learn rows of inputs and targets in order; return what it had answered before each.

        The answer is a buffer of float32 of shape (rows, width of the outputs), for
        `numpy.asarray` or `.tolist()`.
        """
        return self._rows(self._core.train(_bytes(inputs), _bytes(targets)))

    def predict(self, inputs: Rows) -> memoryview[float]:
        """Answer rows of inputs, in the form that `train` does. Changes nothing.

        Where neurons keep potentials, the rows follow each other as samples do in training.
        """
        return self._rows(self._core.predict(_bytes(inputs)))

    def explain(self, inputs: Rows, output: int = 0) -> Explained:
        """Return what each value of a row of inputs contributed to value `output` of the answer.

        This is an exact account of what was computed for this row; not what would be answered to
        another one, and not what causes what. Changes nothing.
        """
        answer, total, rest, contributions = self._core.explain(_bytes(inputs), output)
        return Explained(answer, total, rest, memoryview(contributions).cast("f"))

    @property
    def stats(self) -> Stats:
        """What the network is made of."""
        return cast(Stats, self._core.stats())

    def _rows(self, answers: bytes) -> memoryview[float]:
        width = sum(self.outputs.values())
        values = memoryview(answers)
        rows = len(answers) // (4 * width)
        # A view can't be cast to a shape with a 0 in it.
        return values.cast("f", (rows, width)) if rows else values.cast("f")

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        """Pickle the network as its bytes."""
        return Network.from_bytes, (self.to_bytes(),)

    def __repr__(self) -> str:
        """Show the bricks and the size."""
        stats = self.stats
        return (
            f"Network(inputs={self.inputs}, outputs={self.outputs}, "
            f"steps={stats['steps']}, synapses={stats['synapses']})"
        )


def _bytes(rows: Rows) -> bytes:
    """Return the float32 values of all rows, one after the other."""
    try:
        view = memoryview(rows)
    except TypeError:
        return array.array("f", _flat(rows)).tobytes()
    if view.format != "f":
        return array.array("f", _flat(view.tolist())).tobytes()
    return view.tobytes()


def _flat(rows: Iterable[Any]) -> Iterable[float]:
    for row in rows:
        if hasattr(row, "__iter__"):
            yield from _flat(row)
        else:
            yield row
