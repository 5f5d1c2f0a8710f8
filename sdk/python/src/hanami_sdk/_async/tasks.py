"""Tasks."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import httpx

from ..curve import LearningCurve
from ..errors import TaskAbortedError, problem
from ..mappings import Mapping
from ..models import TaskEntry, TaskProgress, TaskType, read
from ..progress import Progress, task_view
from ..resources import Resource, uuid_of
from .connection import AsyncConnection
from .io import sleep

if TYPE_CHECKING:
    from .client import AsyncHanami
    from .results import AsyncCheckpoint, AsyncRequestResult

SHORTEST_PAUSE = 0.005
LONGEST_PAUSE = 0.2


@dataclass(frozen=True, kw_only=True)
class AsyncTask:
    """Something that a cluster has in its queue, does, or has done."""

    uuid: str
    name: str | None
    cluster_uuid: str
    curve: LearningCurve = field(default_factory=LearningCurve, repr=False, compare=False)
    """What `wait` has seen of a training."""
    _client: AsyncHanami = field(repr=False, compare=False)

    async def progress(self) -> TaskProgress:
        """Return how far the task has come."""
        return await self._client.task_progress(self.uuid, self.cluster_uuid)

    async def wait(
        self, progress: Progress = None, *, timeout: float | None = None
    ) -> TaskProgress:
        """Wait until the task is finished.

        `progress` is `True` for a bar (tqdm, if it is installed) or, in a notebook, for a learning
        curve too; `False` for silence; a function that is told each `TaskProgress`; or `None`: a
        bar where someone is likely to look at it.

        Raises `TaskAbortedError` if the task was aborted, and `TimeoutError` after `timeout`
        seconds, which leaves the task running.
        """
        start = time.monotonic()
        with task_view(progress, self.name or "task", self.curve) as show:
            while True:
                now = await self.progress()
                self.curve.add(now)
                show(now)
                if now.state == "finished":
                    return now
                if now.state == "aborted":
                    raise TaskAbortedError(self.uuid, now.error or "someone stopped it")
                passed = time.monotonic() - start
                if timeout is not None and passed >= timeout:
                    raise TimeoutError(f"the task {self.uuid} is not finished after {timeout} s")
                await sleep(_pause(passed, now.percentage_finished))

    async def events(self) -> AsyncIterator[TaskProgress]:
        """Yield how far the task has come, each time that changes, up to its end."""
        async for now in self._client.task_events(self.uuid, self.cluster_uuid):
            self.curve.add(now)
            yield now

    async def result(self) -> AsyncRequestResult:
        """Return the result of a request that is finished."""
        return await self._client.request_result(self.uuid)

    async def checkpoint(self) -> AsyncCheckpoint:
        """Return the checkpoint that saving a cluster has made."""
        return await self._client.checkpoint(self.uuid)

    async def delete(self) -> None:
        """Delete the task; one that runs is aborted."""
        await self._client.delete_task(self.uuid, self.cluster_uuid)


class AsyncTasks(AsyncConnection):
    """Methods about tasks."""

    async def create_task(
        self,
        name: str,
        type: TaskType,
        cluster: Resource | str,
        dataset: Resource | str,
        *,
        epochs: int | None = None,
        shuffle: bool | None = None,
        seed: int | None = None,
        validation_share: float | None = None,
        mapping: Mapping | None = None,
        full_outputs: bool | None = None,
    ) -> AsyncTask:
        """Queue a task: `cluster` is to learn or to predict every sample of `dataset`.

        A training goes `epochs` times through the samples, in a random order that depends on `seed`
        with `shuffle`, and holds a `validation_share` (0 to 0.5) of them out to be judged by.
        `mapping` says which columns of a table which brick reads (see `mappings`); without it, the
        one that is named like it. With `full_outputs`, the result of a request holds all output
        values.
        """
        body = {
            "epochs": epochs,
            "shuffle": shuffle,
            "seed": seed,
            "validation_share": validation_share,
            "mapping": mapping,
            "full_outputs": full_outputs,
            "name": name,
            "type": type,
            "cluster_uuid": uuid_of(cluster),
            "dataset_uuid": uuid_of(dataset),
        }
        answer = await self._request("POST", "task", body=body)
        return self.task(answer["uuid"], cluster, answer["name"])

    def task(self, uuid: str, cluster: Resource | str, name: str | None = None) -> AsyncTask:
        """Return a task of `cluster` by its uuid; whether there is one shows when it is used."""
        client = cast("AsyncHanami", self)
        return AsyncTask(uuid=uuid, name=name, cluster_uuid=uuid_of(cluster), _client=client)

    async def task_progress(self, uuid: str, cluster: Resource | str) -> TaskProgress:
        """Return how far a task of `cluster` has come."""
        query = {"uuid": uuid, "cluster_uuid": uuid_of(cluster)}
        return TaskProgress.read(await self._request("GET", "task", query=query))

    async def task_events(self, uuid: str, cluster: Resource | str) -> AsyncIterator[TaskProgress]:
        """Yield how far a task of `cluster` has come, each time that changes, up to its end."""
        query = {"uuid": uuid, "cluster_uuid": uuid_of(cluster)}
        async with AsyncExitStack() as stack:
            answer = await self._stream(stack, "GET", "task/events", query)
            event = ""
            try:
                async for line in answer.aiter_lines():
                    field, _, value = line.partition(": ")
                    if field == "event":
                        event = value
                    elif field == "data" and event == "problem":
                        raise problem(value)
                    elif field == "data":
                        yield TaskProgress.read(json.loads(value))
            except httpx.TransportError as error:
                raise self._failed(error) from error

    async def tasks(self, cluster: Resource | str) -> list[TaskEntry]:
        """List the tasks of a cluster."""
        rows = await self._rows("task/all", {"cluster_uuid": uuid_of(cluster)})
        return [read(TaskEntry, row) for row in rows]

    async def delete_task(self, uuid: str, cluster: Resource | str) -> None:
        """Delete a task of `cluster`; one that runs is aborted."""
        query = {"uuid": uuid, "cluster_uuid": uuid_of(cluster)}
        await self._request("DELETE", "task", query=query)


def _pause(passed: float, done: float) -> float:
    """Return for how long not to look at a task that has come to `done` in the time `passed`.

    As long as it seems to need yet, so that its end is seen soon; but not for too long, so that its
    progress is seen too.
    """
    left = passed * (1.0 - done) / done if done > 0.0 else LONGEST_PAUSE
    return min(max(left, SHORTEST_PAUSE), LONGEST_PAUSE)
