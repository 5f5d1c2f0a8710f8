# Made from _async/direct.py by tools/generate.py.
"""Direct mode: a live connection to a cluster, one sample at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType

from .._frames.hanami_pb2 import REQUEST_TYPE, TRAIN_TYPE, ClusterIO_Message
from ..values import Values, floats
from .socket import Socket

Bricks = Mapping[str, Values]
"""Values by the name of the brick, as many as it has neurons."""

SAMPLES_IN_FLIGHT = 32
"""Samples sent ahead of their answers by `train_many` and `request_many`."""


class Direct:
    """A live connection to a cluster in direct mode.

    Inputs that are not named count as 0; outputs that are not named have nothing to learn from a
    sample. A call that fails ends the connection. One connection serves one caller at a time.
    """

    def __init__(self, socket: Socket) -> None:
        """Use a socket that was opened for a cluster."""
        self._socket = socket
        self._answer = ClusterIO_Message()

    def train(self, inputs: Bricks, targets: Bricks) -> None:
        """Let the cluster learn that `inputs` mean `targets`; returns once it has."""
        self._settle()
        self._send(TRAIN_TYPE, inputs, targets)
        self._settle()

    def request(self, inputs: Bricks) -> list[float]:
        """Return what the cluster says to `inputs`: the values of its outputs."""
        self._settle()
        self._send(REQUEST_TYPE, inputs, {})
        self._settle()
        return list(self._answer.values)

    def train_many(self, samples: Iterable[tuple[Bricks, Bricks]]) -> int:
        """Learn samples, each a pair of inputs and targets, in order; returns how many.

        They are sent ahead of their answers, which saves the way to and fro for each.
        """
        count = 0
        for inputs, targets in samples:
            self._settle(SAMPLES_IN_FLIGHT)
            self._send(TRAIN_TYPE, inputs, targets)
            count += 1
        self._settle()
        return count

    def request_many(self, samples: Iterable[Bricks]) -> Iterator[list[float]]:
        """Yield the outputs for each of the inputs, in order, with some sent ahead."""
        self._settle()
        waiting: list[int] = []
        for inputs in samples:
            if len(waiting) == SAMPLES_IN_FLIGHT:
                yield self._outputs(waiting.pop(0))
            self._send(REQUEST_TYPE, inputs, {})
            waiting.append(len(inputs))
        while waiting:
            yield self._outputs(waiting.pop(0))

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _send(self, process: int, inputs: Bricks, targets: Bricks) -> None:
        bricks = [*inputs.items(), *targets.items()]
        if not bricks:
            raise ValueError("no brick was given; name at least one brick and its values")
        for index, (brick, values) in enumerate(bricks):
            numbers = floats(values)
            frame = ClusterIO_Message(
                brickName=brick,
                isLast=index + 1 == len(bricks),
                processType=process,  # type: ignore[arg-type]
                numberOfValues=len(numbers),
                values=numbers,
            )
            self._socket.send(frame)

    def _outputs(self, frames: int) -> list[float]:
        """Read the answers to the frames of a request; the last one holds the outputs."""
        for _ in range(frames):
            self._socket.receive(self._answer)
        return list(self._answer.values)

    def _settle(self, unanswered: int = 0) -> None:
        """Read answers until only so many are missing, also those that a call cut off has left."""
        while self._socket.unanswered > unanswered:
            self._socket.receive(self._answer)

    def __enter__(self) -> Direct:
        """Return the connection."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()
