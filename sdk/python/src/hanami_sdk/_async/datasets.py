"""Datasets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..errors import ConnectionFailedError, HanamiError, UploadInterruptedError
from ..models import Column, DatasetType, UploadProgress, Visibility, read
from ..models import Part as FilePart
from ..progress import Progress, upload_view
from ..resources import Resource, uuid_of
from ..values import Source, Table, idx_images, idx_labels, source, table
from .connection import AsyncConnection
from .upload import Part, send_parts

if TYPE_CHECKING:
    from .client import AsyncHanami


@dataclass(frozen=True, kw_only=True)
class AsyncDataset(Resource):
    """Samples to learn or to predict.

    `inputs` and `outputs` are numbers of values (pixels and classes, or columns), `lines` that of
    images or rows; they and `location` are `None` in a list of datasets.
    """

    type: DatasetType
    inputs: int | None = None
    outputs: int | None = None
    lines: int | None = None
    location: str | None = None
    _client: AsyncHanami = field(repr=False, compare=False)

    async def preview(self, start: int = 0, count: int = 20) -> dict[str, Any]:
        """Return up to 100 rows or images; see the server's documentation, "Datasets"."""
        return await self._client.preview_dataset(self, start, count)

    async def columns(self) -> list[Column]:
        """Return what the columns hold."""
        return await self._client.dataset_columns(self)

    async def download(self, target: PathLike[str] | str, part: FilePart = "input") -> Path:
        """Write the table as CSV, or the images or the labels as IDX, to a file."""
        return await self._client.download_dataset(self, target, part)

    async def change(
        self, *, name: str | None = None, visibility: Visibility | None = None
    ) -> AsyncDataset:
        """Change the name, or who else may see and use it."""
        return await self._client.change_dataset(self, name=name, visibility=visibility)

    async def delete(self) -> None:
        """Delete the dataset."""
        await self._client.delete_dataset(self)


class AsyncDatasets(AsyncConnection):
    """Methods about datasets."""

    async def upload_mnist(
        self, name: str, images: Source, labels: Source, progress: Progress = None
    ) -> AsyncDataset:
        """Upload a pair of IDX files, images and labels; returns once they are ready for tasks.

        An upload whose connection breaks goes on where it was. One that stays interrupted raises
        `UploadInterruptedError`, see `resume_upload`; one that fails otherwise is deleted. For
        `progress` see `Task.wait`; a function is told the bytes that have arrived and those there
        are.
        """
        # The short file first: a token may expire while the long one is on its way.
        parts = {"label": Part(source(labels)), "input": Part(source(images))}
        sizes = {"input_data_size": parts["input"].size, "label_data_size": parts["label"].size}
        return await self._upload("mnist/dataset", name, sizes, parts, progress)

    async def upload_csv(self, name: str, data: Table, progress: Progress = None) -> AsyncDataset:
        """Upload a table: a CSV file, its bytes, a pandas `DataFrame`, or columns by name."""
        parts = {"input": Part(table(data))}
        sizes = {"input_data_size": parts["input"].size}
        return await self._upload("csv/dataset", name, sizes, parts, progress)

    async def upload_images(
        self, name: str, images: Any, labels: Any, progress: Progress = None
    ) -> AsyncDataset:
        """Upload NumPy arrays: images (uint8, images x height x width) and their labels."""
        return await self.upload_mnist(name, idx_images(images), idx_labels(labels), progress)

    async def resume_upload(
        self,
        dataset: Resource | str,
        data: Table,
        labels: Source | None = None,
        progress: Progress = None,
    ) -> AsyncDataset:
        """Go on with an upload that was interrupted, also one of an earlier program.

        `data` is the table or the images, as before; `labels` belong to images. Only what has not
        arrived yet is sent.
        """
        uuid = uuid_of(dataset)
        parts: dict[FilePart, Part] = {"input": Part(table(data))}
        if labels is not None:
            parts["label"] = Part(source(labels))
        files = {file.part: file for file in (await self.upload_progress(uuid)).files}
        if {part: file.size for part, file in files.items()} != {
            part: file.size for part, file in parts.items()
        }:
            raise ValueError(f"the dataset {uuid} does not wait for files of these sizes")
        with upload_view(progress, "upload", sum(part.size for part in parts.values())) as show:
            # A long list of missing ranges comes in pieces.
            while any(file.missing for file in files.values()):
                for name, file in files.items():
                    parts[name].missing = list(file.missing)
                await self._send_parts(
                    uuid, [(files[name].uuid, parts[name]) for name in parts], show
                )
                files = {file.part: file for file in (await self.upload_progress(uuid)).files}
        path = "csv/dataset" if labels is None else "mnist/dataset"
        body = {f"uuid_{part}_file": file.uuid for part, file in files.items()}
        await self._request("PUT", path, body={"uuid": uuid, **body})
        return await self.dataset(uuid)

    async def dataset(self, uuid: str) -> AsyncDataset:
        """Return a dataset."""
        return self._dataset(await self._request("GET", "dataset", query={"uuid": uuid}))

    async def datasets(self) -> list[AsyncDataset]:
        """List all datasets."""
        return [self._dataset(row) for row in await self._rows("dataset/all")]

    async def upload_progress(self, dataset: Resource | str) -> UploadProgress:
        """Return whether all bytes of a dataset have arrived."""
        query = {"uuid": uuid_of(dataset)}
        return UploadProgress.read(await self._request("GET", "dataset/progress", query=query))

    async def preview_dataset(
        self, dataset: Resource | str, start: int = 0, count: int = 20
    ) -> dict[str, Any]:
        """Return up to 100 rows or images; see the server's documentation, "Datasets"."""
        query = {"uuid": uuid_of(dataset), "from": start, "count": count}
        return cast("dict[str, Any]", await self._request("GET", "dataset/preview", query=query))

    async def dataset_columns(self, dataset: Resource | str) -> list[Column]:
        """Return what the columns of a dataset hold."""
        answer = await self._request("GET", "dataset/columns", query={"uuid": uuid_of(dataset)})
        return [read(Column, column) for column in answer["columns"]]

    async def download_dataset(
        self, dataset: Resource | str, target: PathLike[str] | str, part: FilePart = "input"
    ) -> Path:
        """Write a table as CSV, or images or labels as IDX, to a file."""
        query = {"uuid": uuid_of(dataset), "part": part}
        return await self._download("dataset/download", query, target)

    async def change_dataset(
        self,
        dataset: Resource | str,
        *,
        name: str | None = None,
        visibility: Visibility | None = None,
    ) -> AsyncDataset:
        """Change the name of a dataset, or who else may see and use it."""
        return self._dataset(await self._change("dataset", dataset, name, visibility))

    async def delete_dataset(self, dataset: Resource | str) -> None:
        """Delete a dataset."""
        await self._request("DELETE", "dataset", query={"uuid": uuid_of(dataset)})

    async def _upload(
        self,
        path: str,
        name: str,
        sizes: dict[str, int],
        parts: dict[str, Part],
        progress: Progress,
    ) -> AsyncDataset:
        created = await self._request("POST", path, body={"name": name, **sizes})
        files = {f"uuid_{part}_file": created[f"uuid_{part}_file"] for part in parts}
        try:
            with upload_view(progress, name, sum(sizes.values())) as show:
                ordered = list(zip(files.values(), parts.values(), strict=True))
                await self._send_parts(created["uuid"], ordered, show)
            await self._request("PUT", path, body={"uuid": created["uuid"], **files})
        except UploadInterruptedError:
            raise
        except Exception:
            await self._give_up(created["uuid"])
            raise
        return await self.dataset(created["uuid"])

    async def _send_parts(
        self, uuid: str, parts: list[tuple[str, Part]], show: Callable[[int, int], None]
    ) -> None:
        try:
            await send_parts(self, parts, show)
        except ConnectionFailedError as error:
            raise UploadInterruptedError(uuid, str(error)) from error

    async def _give_up(self, uuid: str) -> None:
        """Delete what arrived; the error that led here says more than one of this would."""
        try:
            await self.delete_dataset(uuid)
        except HanamiError:
            return

    def _dataset(self, answer: dict[str, Any]) -> AsyncDataset:
        return read(AsyncDataset, answer, _client=cast("AsyncHanami", self))
