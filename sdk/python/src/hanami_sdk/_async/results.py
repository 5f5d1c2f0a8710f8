"""Request results and checkpoints."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..models import DatasetType, Score, Visibility, read
from ..resources import Resource, uuid_of
from ..values import Source, source
from .connection import AsyncConnection

if TYPE_CHECKING:
    import numpy
    import pandas

    from .client import AsyncHanami


@dataclass(frozen=True, kw_only=True)
class AsyncRequestResult(Resource):
    """What a request task has answered.

    `data` is one number per row: the index of the class for images, the newest value of the first
    output brick for tables. `column` is the column that it answers, `has_outputs` says whether all
    output values were kept. All are `None` in a list of results.
    """

    data: list[float] | None = field(default=None, repr=False)
    dataset_type: DatasetType | None = None
    column: str | None = None
    rows: int | None = None
    has_outputs: bool | None = None
    created: str | None = None
    _client: AsyncHanami = field(repr=False, compare=False)

    def to_numpy(self) -> numpy.ndarray[Any, Any]:
        """Return the data as a NumPy array."""
        import numpy

        return numpy.asarray(self.data or [], dtype=numpy.float64)

    def to_pandas(self) -> pandas.Series[Any]:
        """Return the data as a pandas series with the result's name."""
        import pandas

        return pandas.Series(self.to_numpy(), name=self.name)

    async def check(self, dataset: Resource | str) -> Score:
        """Return how good the answers are, by what `dataset` expects."""
        return await self._client.check(self, dataset)

    async def outputs(self) -> list[list[float]]:
        """Return all output values of all rows, of a request that was made with `full_outputs`."""
        return await self._client.request_result_outputs(self)

    async def download(self, target: PathLike[str] | str) -> Path:
        """Write the result to a CSV file."""
        return await self._client.download_request_result(self, target)

    async def change(
        self, *, name: str | None = None, visibility: Visibility | None = None
    ) -> AsyncRequestResult:
        """Change the name, or who else may see it."""
        return await self._client.change_request_result(self, name=name, visibility=visibility)

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

    async def download(self, target: PathLike[str] | str) -> Path:
        """Write the checkpoint to a file, for `upload_checkpoint` here or elsewhere."""
        return await self._client.download_checkpoint(self, target)

    async def change(
        self, *, name: str | None = None, visibility: Visibility | None = None
    ) -> AsyncCheckpoint:
        """Change the name, or who else may see and use it."""
        return await self._client.change_checkpoint(self, name=name, visibility=visibility)

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

    async def request_result_outputs(self, result: Resource | str) -> list[list[float]]:
        """Return all output values of all rows of a result that has kept them."""
        outputs: list[list[float]] = []
        while True:
            query = {"uuid": uuid_of(result), "from": len(outputs), "count": 1000}
            page = await self._request("GET", "request_result/outputs", query=query)
            outputs += page["outputs"]
            if len(outputs) >= page["rows"] or not page["outputs"]:
                return outputs

    async def download_request_result(
        self, result: Resource | str, target: PathLike[str] | str
    ) -> Path:
        """Write a result to a CSV file."""
        query = {"uuid": uuid_of(result)}
        return await self._download("request_result/download", query, target)

    async def change_request_result(
        self,
        result: Resource | str,
        *,
        name: str | None = None,
        visibility: Visibility | None = None,
    ) -> AsyncRequestResult:
        """Change the name of a result, or who else may see it."""
        answer = await self._change("request_result", result, name, visibility)
        return read(AsyncRequestResult, answer, _client=cast("AsyncHanami", self))

    async def check(self, result: Resource | str, dataset: Resource | str) -> Score:
        """Return how good a result's answers are, by what `dataset` expects."""
        body = {"result_uuid": uuid_of(result), "dataset_uuid": uuid_of(dataset)}
        return read(Score, await self._request("POST", "dataset/check", body=body))

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

    async def download_checkpoint(
        self, checkpoint: Resource | str, target: PathLike[str] | str
    ) -> Path:
        """Write a checkpoint to a file."""
        query = {"uuid": uuid_of(checkpoint)}
        return await self._download("checkpoint/download", query, target)

    async def upload_checkpoint(self, name: str, data: Source) -> AsyncCheckpoint:
        """Make a checkpoint of a file that was downloaded, or of its bytes."""
        file = source(data)
        content = file if isinstance(file, bytes) else file.read_bytes()
        async with AsyncExitStack() as stack:
            query = {"name": name}
            answer = await self._stream(stack, "POST", "checkpoint/upload", query, content)
            uuid: str = json.loads(await answer.aread())["uuid"]
        return await self.checkpoint(uuid)

    async def change_checkpoint(
        self,
        checkpoint: Resource | str,
        *,
        name: str | None = None,
        visibility: Visibility | None = None,
    ) -> AsyncCheckpoint:
        """Change the name of a checkpoint, or who else may see and use it."""
        answer = await self._change("checkpoint", checkpoint, name, visibility)
        return read(AsyncCheckpoint, answer, _client=cast("AsyncHanami", self))

    async def delete_checkpoint(self, checkpoint: Resource | str) -> None:
        """Delete a checkpoint."""
        await self._request("DELETE", "checkpoint", query={"uuid": uuid_of(checkpoint)})
