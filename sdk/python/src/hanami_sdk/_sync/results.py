# Made from _async/results.py by tools/generate.py.
"""Request results and checkpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ..models import read
from ..resources import Resource, uuid_of
from .connection import Connection

if TYPE_CHECKING:
    import numpy
    import pandas

    from .client import Hanami


@dataclass(frozen=True, kw_only=True)
class RequestResult(Resource):
    """What a request task has answered.

    `data` is one number per row: the index of the class for images, the newest value of the first
    output brick for tables. It is `None` in a list of results.
    """

    data: list[float] | None = field(default=None, repr=False)
    _client: Hanami = field(repr=False, compare=False)

    def to_numpy(self) -> numpy.ndarray[Any, Any]:
        """Return the data as a NumPy array."""
        import numpy

        return numpy.asarray(self.data or [], dtype=numpy.float64)

    def to_pandas(self) -> pandas.Series[Any]:
        """Return the data as a pandas series with the result's name."""
        import pandas

        return pandas.Series(self.to_numpy(), name=self.name)

    def accuracy(self, dataset: Resource | str) -> float:
        """Return the share of right answers in percent, by what `dataset` expects."""
        return self._client.check(self, dataset)

    def delete(self) -> None:
        """Delete the result."""
        self._client.delete_request_result(self)


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Resource):
    """A network and its template as they were when they were saved.

    `location` (relative to the server's data directory) and `steps` (training steps taken) are
    `None` in a list of checkpoints.
    """

    location: str | None = None
    steps: int | None = None
    _client: Hanami = field(repr=False, compare=False)

    def delete(self) -> None:
        """Delete the checkpoint."""
        self._client.delete_checkpoint(self)


class Results(Connection):
    """Methods about request results and checkpoints."""

    def request_result(self, uuid: str) -> RequestResult:
        """Return a request result; its uuid is that of the task."""
        answer = self._request("GET", "request_result", query={"uuid": uuid})
        return read(RequestResult, answer, _client=cast("Hanami", self))

    def request_results(self) -> list[RequestResult]:
        """List all request results, without their data."""
        client = cast("Hanami", self)
        rows = self._rows("request_result/all")
        return [read(RequestResult, row, _client=client) for row in rows]

    def delete_request_result(self, result: Resource | str) -> None:
        """Delete a request result."""
        self._request("DELETE", "request_result", query={"uuid": uuid_of(result)})

    def check(self, result: Resource | str, dataset: Resource | str) -> float:
        """Return the share of a result's answers that `dataset` says are right, in percent."""
        body = {"result_uuid": uuid_of(result), "dataset_uuid": uuid_of(dataset)}
        answer = self._request("POST", "dataset/check", body=body)
        return float(answer["accuracy"])

    def checkpoint(self, uuid: str) -> Checkpoint:
        """Return a checkpoint."""
        answer = self._request("GET", "checkpoint", query={"uuid": uuid})
        return read(Checkpoint, answer, _client=cast("Hanami", self))

    def checkpoints(self) -> list[Checkpoint]:
        """List all checkpoints."""
        client = cast("Hanami", self)
        return [read(Checkpoint, row, _client=client) for row in self._rows("checkpoint/all")]

    def delete_checkpoint(self, checkpoint: Resource | str) -> None:
        """Delete a checkpoint."""
        self._request("DELETE", "checkpoint", query={"uuid": uuid_of(checkpoint)})
