"""Request results and checkpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ..models import read
from ..resources import Resource, uuid_of
from .connection import AsyncConnection

if TYPE_CHECKING:
    import numpy
    import pandas

    from .client import AsyncHanami


@dataclass(frozen=True, kw_only=True)
class AsyncRequestResult(Resource):
    """What a request task has answered.

    `data` is one number per row: the index of the class for images, the newest value of the first
    output brick for tables. It is `None` in a list of results.
    """

    data: list[float] | None = field(default=None, repr=False)
    _client: AsyncHanami = field(repr=False, compare=False)

    def to_numpy(self) -> numpy.ndarray[Any, Any]:
        """Return the data as a NumPy array."""
        import numpy

        return numpy.asarray(self.data or [], dtype=numpy.float64)

    def to_pandas(self) -> pandas.Series[Any]:
        """Return the data as a pandas series with the result's name."""
        import pandas

        return pandas.Series(self.to_numpy(), name=self.name)

    async def accuracy(self, dataset: Resource | str) -> float:
        """Return the share of right answers in percent, by what `dataset` expects."""
        return await self._client.check(self, dataset)

    async def delete(self) -> None:
        """Delete the result."""
        await self._client.delete_request_result(self)


@dataclass(frozen=True, kw_only=True)
class AsyncCheckpoint(Resource):
    """A network and its template as they were when they were saved.

    `location` (relative to the server's data directory) and `steps` (training steps taken) are
    `None` in a list of checkpoints.
    """

    location: str | None = None
    steps: int | None = None
    _client: AsyncHanami = field(repr=False, compare=False)

    async def delete(self) -> None:
        """Delete the checkpoint."""
        await self._client.delete_checkpoint(self)


class AsyncResults(AsyncConnection):
    """Methods about request results and checkpoints."""

    async def request_result(self, uuid: str) -> AsyncRequestResult:
        """Return a request result; its uuid is that of the task."""
        answer = await self._request("GET", "request_result", query={"uuid": uuid})
        return read(AsyncRequestResult, answer, _client=cast("AsyncHanami", self))

    async def request_results(self) -> list[AsyncRequestResult]:
        """List all request results, without their data."""
        client = cast("AsyncHanami", self)
        rows = await self._rows("request_result/all")
        return [read(AsyncRequestResult, row, _client=client) for row in rows]

    async def delete_request_result(self, result: Resource | str) -> None:
        """Delete a request result."""
        await self._request("DELETE", "request_result", query={"uuid": uuid_of(result)})

    async def check(self, result: Resource | str, dataset: Resource | str) -> float:
        """Return the share of a result's answers that `dataset` says are right, in percent."""
        body = {"result_uuid": uuid_of(result), "dataset_uuid": uuid_of(dataset)}
        answer = await self._request("POST", "dataset/check", body=body)
        return float(answer["accuracy"])

    async def checkpoint(self, uuid: str) -> AsyncCheckpoint:
        """Return a checkpoint."""
        answer = await self._request("GET", "checkpoint", query={"uuid": uuid})
        return read(AsyncCheckpoint, answer, _client=cast("AsyncHanami", self))

    async def checkpoints(self) -> list[AsyncCheckpoint]:
        """List all checkpoints."""
        client = cast("AsyncHanami", self)
        return [
            read(AsyncCheckpoint, row, _client=client) for row in await self._rows("checkpoint/all")
        ]

    async def delete_checkpoint(self, checkpoint: Resource | str) -> None:
        """Delete a checkpoint."""
        await self._request("DELETE", "checkpoint", query={"uuid": uuid_of(checkpoint)})
