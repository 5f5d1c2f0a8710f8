# Made from _async/datasets.py by tools/generate.py.
"""Datasets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ..errors import HanamiError
from ..models import DatasetType, UploadProgress, read
from ..progress import Progress, upload_view
from ..resources import Resource, uuid_of
from ..values import Source, Table, idx_images, idx_labels, source, table
from .connection import Connection
from .upload import Part, send_parts

if TYPE_CHECKING:
    from .client import Hanami


@dataclass(frozen=True, kw_only=True)
class Dataset(Resource):
    """Samples to learn or to predict.

    `inputs` and `outputs` are numbers of values (pixels and classes, or columns), `lines` that of
    images or rows; they and `location` are `None` in a list of datasets.
    """

    type: DatasetType
    inputs: int | None = None
    outputs: int | None = None
    lines: int | None = None
    location: str | None = None
    _client: Hanami = field(repr=False, compare=False)

    def delete(self) -> None:
        """Delete the dataset."""
        self._client.delete_dataset(self)


class Datasets(Connection):
    """Methods about datasets."""

    def upload_mnist(
        self, name: str, images: Source, labels: Source, progress: Progress = None
    ) -> Dataset:
        """Upload a pair of IDX files, images and labels; returns once they are ready for tasks.

        An upload whose connection breaks goes on where it was; one that fails is deleted. For
        `progress` see `Task.wait`; a function is told the bytes that have arrived and those there
        are.
        """
        # The short file first: a token may expire while the long one is on its way.
        parts = {"label": Part(source(labels)), "input": Part(source(images))}
        sizes = {"input_data_size": parts["input"].size, "label_data_size": parts["label"].size}
        return self._upload("mnist/dataset", name, sizes, parts, progress)

    def upload_csv(self, name: str, data: Table, progress: Progress = None) -> Dataset:
        """Upload a table: a CSV file, its bytes, a pandas `DataFrame`, or columns by name."""
        parts = {"input": Part(table(data))}
        sizes = {"input_data_size": parts["input"].size}
        return self._upload("csv/dataset", name, sizes, parts, progress)

    def upload_images(
        self, name: str, images: Any, labels: Any, progress: Progress = None
    ) -> Dataset:
        """Upload NumPy arrays: images (uint8, images x height x width) and their labels."""
        return self.upload_mnist(name, idx_images(images), idx_labels(labels), progress)

    def dataset(self, uuid: str) -> Dataset:
        """Return a dataset."""
        return self._dataset(self._request("GET", "dataset", query={"uuid": uuid}))

    def datasets(self) -> list[Dataset]:
        """List all datasets."""
        return [self._dataset(row) for row in self._rows("dataset/all")]

    def upload_progress(self, dataset: Resource | str) -> UploadProgress:
        """Return whether all bytes of a dataset have arrived."""
        query = {"uuid": uuid_of(dataset)}
        return read(UploadProgress, self._request("GET", "dataset/progress", query=query))

    def delete_dataset(self, dataset: Resource | str) -> None:
        """Delete a dataset."""
        self._request("DELETE", "dataset", query={"uuid": uuid_of(dataset)})

    def _upload(
        self,
        path: str,
        name: str,
        sizes: dict[str, int],
        parts: dict[str, Part],
        progress: Progress,
    ) -> Dataset:
        created = self._request("POST", path, body={"name": name, **sizes})
        files = {f"uuid_{part}_file": created[f"uuid_{part}_file"] for part in parts}
        try:
            with upload_view(progress, name, sum(sizes.values())) as show:
                send_parts(self, list(zip(files.values(), parts.values(), strict=True)), show)
            self._request("PUT", path, body={"uuid": created["uuid"], **files})
        except Exception:
            self._give_up(created["uuid"])
            raise
        return self.dataset(created["uuid"])

    def _give_up(self, uuid: str) -> None:
        """Delete what arrived; the error that led here says more than one of this would."""
        try:
            self.delete_dataset(uuid)
        except HanamiError:
            return

    def _dataset(self, answer: dict[str, Any]) -> Dataset:
        return read(Dataset, answer, _client=cast("Hanami", self))
