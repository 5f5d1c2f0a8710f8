"""Clusters."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ..models import Mode, NetworkSize, TaskType, read
from ..resources import Resource, uuid_of
from .connection import AsyncConnection
from .direct import AsyncDirect
from .socket import AsyncSocket
from .tasks import AsyncTask

if TYPE_CHECKING:
    from .client import AsyncHanami


@dataclass(frozen=True, kw_only=True)
class AsyncCluster(Resource):
    """A cluster: a network that learns, and its queue of tasks.

    `mode`, `open_tasks` and `network` (what has grown in it) are as they were when the cluster was
    fetched by its uuid, and `None` otherwise; `network` also if the cluster is empty.
    """

    mode: Mode | None = None
    open_tasks: int | None = None
    network: NetworkSize | None = None
    _client: AsyncHanami = field(repr=False, compare=False)

    async def refresh(self) -> AsyncCluster:
        """Return the cluster as it is now."""
        return await self._client.cluster(self.uuid)

    async def train(self, dataset: Resource | str, name: str = "train") -> AsyncTask:
        """Queue a task: learn every sample of `dataset`."""
        return await self._client.create_task(name, "train", self, dataset)

    async def request(self, dataset: Resource | str, name: str = "request") -> AsyncTask:
        """Queue a task: predict every sample of `dataset`; see `Task.result`."""
        return await self._client.create_task(name, "request", self, dataset)

    async def save(self, name: str) -> AsyncTask:
        """Queue the saving of a checkpoint, which has the uuid of the task."""
        return await self._client.save_cluster(name, self)

    async def load(self, checkpoint: Resource | str) -> AsyncTask:
        """Queue the loading of a checkpoint, in place of the network and the template."""
        return await self._client.load_cluster(checkpoint, self)

    async def direct(self) -> AsyncDirect:
        """Change into direct mode and open a live connection.

        Close it, or use it as a context manager; `set_mode("TASK")` makes the cluster work through
        its queue again.
        """
        await self._client.set_mode(self, "DIRECT")
        return await self._client.direct(self)

    async def set_mode(self, mode: Mode) -> None:
        """Let the cluster work through its tasks (`TASK`), or answer connections (`DIRECT`)."""
        await self._client.set_mode(self, mode)

    async def tasks(self) -> list[AsyncTask]:
        """List the tasks of this cluster."""
        return [
            AsyncTask(uuid=entry.uuid, name=None, cluster_uuid=self.uuid, _client=self._client)
            for entry in await self._client.tasks(self)
        ]

    async def delete(self) -> None:
        """Delete the cluster."""
        await self._client.delete_cluster(self)


class AsyncClusters(AsyncConnection):
    """Methods about clusters."""

    async def create_cluster(self, name: str, template: str | None = None) -> AsyncCluster:
        """Make a cluster from the text of a template, or an empty one to load a checkpoint into."""
        encoded = None if template is None else base64.b64encode(template.encode()).decode()
        body = {"name": name, "template": encoded}
        return self._cluster(await self._request("POST", "cluster", body=body))

    async def cluster(self, uuid: str) -> AsyncCluster:
        """Return a cluster and what has grown in it."""
        return self._cluster(await self._request("GET", "cluster", query={"uuid": uuid}))

    async def clusters(self) -> list[AsyncCluster]:
        """List all clusters."""
        return [self._cluster(row) for row in await self._rows("cluster/all")]

    async def delete_cluster(self, cluster: Resource | str) -> None:
        """Delete a cluster."""
        await self._request("DELETE", "cluster", query={"uuid": uuid_of(cluster)})

    async def set_mode(self, cluster: Resource | str, mode: Mode) -> Mode:
        """Let a cluster work through its tasks (`TASK`), or answer live connections (`DIRECT`)."""
        body = {"uuid": uuid_of(cluster), "new_state": mode}
        answer = await self._request("PUT", "cluster/set_mode", body=body)
        return cast(Mode, answer["new_state"])

    async def switch_host(self, cluster: Resource | str, host_uuid: str) -> AsyncCluster:
        """Let a cluster compute on another host."""
        body = {"cluster_uuid": uuid_of(cluster), "host_uuid": host_uuid}
        return self._cluster(await self._request("PUT", "cluster/switch_host", body=body))

    async def save_cluster(self, name: str, cluster: Resource | str) -> AsyncTask:
        """Queue the saving of a checkpoint, which has the uuid of the task."""
        body = {"name": name, "cluster_uuid": uuid_of(cluster)}
        answer = await self._request("POST", "cluster/save", body=body)
        return self._task(answer["uuid"], cluster, answer["name"])

    async def load_cluster(self, checkpoint: Resource | str, cluster: Resource | str) -> AsyncTask:
        """Queue the loading of a checkpoint, in place of a cluster's network and template."""
        body = {"checkpoint_uuid": uuid_of(checkpoint), "cluster_uuid": uuid_of(cluster)}
        answer = await self._request("POST", "cluster/load", body=body)
        return self._task(answer["uuid"], cluster, None)

    async def direct(self, cluster: Resource | str) -> AsyncDirect:
        """Open a live connection to a cluster in direct mode."""
        return AsyncDirect(await AsyncSocket.open(self, "cluster", uuid_of(cluster)))

    async def create_task(
        self, name: str, type: TaskType, cluster: Resource | str, dataset: Resource | str
    ) -> AsyncTask:
        """Queue a task: `cluster` is to learn or to predict every sample of `dataset`."""
        body = {
            "name": name,
            "type": type,
            "cluster_uuid": uuid_of(cluster),
            "dataset_uuid": uuid_of(dataset),
        }
        answer = await self._request("POST", "task", body=body)
        return self._task(answer["uuid"], cluster, answer["name"])

    def _cluster(self, answer: dict[str, Any]) -> AsyncCluster:
        size = answer.get("network")
        network = None if size is None else read(NetworkSize, size)
        return read(AsyncCluster, {**answer, "network": network}, _client=cast("AsyncHanami", self))

    def _task(self, uuid: str, cluster: Resource | str, name: str | None) -> AsyncTask:
        client = cast("AsyncHanami", self)
        return AsyncTask(uuid=uuid, name=name, cluster_uuid=uuid_of(cluster), _client=client)
