# Made from _async/results.py by tools/generate.py.
"""Request results and checkpoints."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..models import DatasetType, Score, Visibility, read
from ..resources import Resource, uuid_of
from ..values import Source, source
from .connection import Connection

if TYPE_CHECKING:
    import numpy
    import pandas

    from .client import Hanami


@dataclass(frozen=True, kw_only=True)
class RequestResult(Resource):
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
    _client: Hanami = field(repr=False, compare=False)

    def to_numpy(self) -> numpy.ndarray[Any, Any]:
        """Return the data as a NumPy array."""
        import numpy

        return numpy.asarray(self.data or [], dtype=numpy.float64)

    def to_pandas(self) -> pandas.Series[Any]:
        """Return the data as a pandas series with the result's name."""
        import pandas

        return pandas.Series(self.to_numpy(), name=self.name)

    def check(self, dataset: Resource | str) -> Score:
        """Return how good the answers are, by what `dataset` expects."""
        return self._client.check(self, dataset)

    def outputs(self) -> list[list[float]]:
        """Return all output values of all rows, of a request that was made with `full_outputs`."""
        return self._client.request_result_outputs(self)

    def download(self, target: PathLike[str] | str) -> Path:
        """Write the result to a CSV file."""
        return self._client.download_request_result(self, target)

    def change(
        self, *, name: str | None = None, visibility: Visibility | None = None
    ) -> RequestResult:
        """Change the name, or who else may see it."""
        return self._client.change_request_result(self, name=name, visibility=visibility)

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

    def download(self, target: PathLike[str] | str) -> Path:
        """Write the checkpoint to a file, for `upload_checkpoint` here or elsewhere."""
        return self._client.download_checkpoint(self, target)

    def change(
        self, *, name: str | None = None, visibility: Visibility | None = None
    ) -> Checkpoint:
        """Change the name, or who else may see and use it."""
        return self._client.change_checkpoint(self, name=name, visibility=visibility)

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

    def request_result_outputs(self, result: Resource | str) -> list[list[float]]:
        """Return all output values of all rows of a result that has kept them."""
        outputs: list[list[float]] = []
        while True:
            query = {"uuid": uuid_of(result), "from": len(outputs), "count": 1000}
            page = self._request("GET", "request_result/outputs", query=query)
            outputs += page["outputs"]
            if len(outputs) >= page["rows"] or not page["outputs"]:
                return outputs

    def download_request_result(self, result: Resource | str, target: PathLike[str] | str) -> Path:
        """Write a result to a CSV file."""
        query = {"uuid": uuid_of(result)}
        return self._download("request_result/download", query, target)

    def change_request_result(
        self,
        result: Resource | str,
        *,
        name: str | None = None,
        visibility: Visibility | None = None,
    ) -> RequestResult:
        """Change the name of a result, or who else may see it."""
        answer = self._change("request_result", result, name, visibility)
        return read(RequestResult, answer, _client=cast("Hanami", self))

    def check(self, result: Resource | str, dataset: Resource | str) -> Score:
        """Return how good a result's answers are, by what `dataset` expects."""
        body = {"result_uuid": uuid_of(result), "dataset_uuid": uuid_of(dataset)}
        return read(Score, self._request("POST", "dataset/check", body=body))

    def checkpoint(self, uuid: str) -> Checkpoint:
        """Return a checkpoint."""
        answer = self._request("GET", "checkpoint", query={"uuid": uuid})
        return read(Checkpoint, answer, _client=cast("Hanami", self))

    def checkpoints(self) -> list[Checkpoint]:
        """List all checkpoints."""
        client = cast("Hanami", self)
        return [read(Checkpoint, row, _client=client) for row in self._rows("checkpoint/all")]

    def download_checkpoint(self, checkpoint: Resource | str, target: PathLike[str] | str) -> Path:
        """Write a checkpoint to a file."""
        query = {"uuid": uuid_of(checkpoint)}
        return self._download("checkpoint/download", query, target)

    def upload_checkpoint(self, name: str, data: Source) -> Checkpoint:
        """Make a checkpoint of a file that was downloaded, or of its bytes."""
        file = source(data)
        content = file if isinstance(file, bytes) else file.read_bytes()
        with ExitStack() as stack:
            query = {"name": name}
            answer = self._stream(stack, "POST", "checkpoint/upload", query, content)
            uuid: str = json.loads(answer.read())["uuid"]
        return self.checkpoint(uuid)

    def change_checkpoint(
        self,
        checkpoint: Resource | str,
        *,
        name: str | None = None,
        visibility: Visibility | None = None,
    ) -> Checkpoint:
        """Change the name of a checkpoint, or who else may see and use it."""
        answer = self._change("checkpoint", checkpoint, name, visibility)
        return read(Checkpoint, answer, _client=cast("Hanami", self))

    def delete_checkpoint(self, checkpoint: Resource | str) -> None:
        """Delete a checkpoint."""
        self._request("DELETE", "checkpoint", query={"uuid": uuid_of(checkpoint)})
