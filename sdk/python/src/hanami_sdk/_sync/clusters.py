# Made from _async/clusters.py by tools/generate.py.
"""Clusters."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ..models import Mode, NetworkSize, TaskType, read
from ..resources import Resource, uuid_of
from .connection import Connection
from .direct import Direct
from .socket import Socket
from .tasks import Task

if TYPE_CHECKING:
    from .client import Hanami


@dataclass(frozen=True, kw_only=True)
class Cluster(Resource):
    """A cluster: a network that learns, and its queue of tasks.

    `mode`, `open_tasks` and `network` (what has grown in it) are as they were when the cluster was
    fetched by its uuid, and `None` otherwise; `network` also if the cluster is empty.
    """

    mode: Mode | None = None
    open_tasks: int | None = None
    network: NetworkSize | None = None
    _client: Hanami = field(repr=False, compare=False)

    def refresh(self) -> Cluster:
        """Return the cluster as it is now."""
        return self._client.cluster(self.uuid)

    def train(self, dataset: Resource | str, name: str = "train") -> Task:
        """Queue a task: learn every sample of `dataset`."""
        return self._client.create_task(name, "train", self, dataset)

    def request(self, dataset: Resource | str, name: str = "request") -> Task:
        """Queue a task: predict every sample of `dataset`; see `Task.result`."""
        return self._client.create_task(name, "request", self, dataset)

    def save(self, name: str) -> Task:
        """Queue the saving of a checkpoint, which has the uuid of the task."""
        return self._client.save_cluster(name, self)

    def load(self, checkpoint: Resource | str) -> Task:
        """Queue the loading of a checkpoint, in place of the network and the template."""
        return self._client.load_cluster(checkpoint, self)

    def direct(self) -> Direct:
        """Change into direct mode and open a live connection.

        Close it, or use it as a context manager; `set_mode("TASK")` makes the cluster work through
        its queue again.
        """
        self._client.set_mode(self, "DIRECT")
        return self._client.direct(self)

    def set_mode(self, mode: Mode) -> None:
        """Let the cluster work through its tasks (`TASK`), or answer connections (`DIRECT`)."""
        self._client.set_mode(self, mode)

    def tasks(self) -> list[Task]:
        """List the tasks of this cluster."""
        return [
            Task(uuid=entry.uuid, name=None, cluster_uuid=self.uuid, _client=self._client)
            for entry in self._client.tasks(self)
        ]

    def delete(self) -> None:
        """Delete the cluster."""
        self._client.delete_cluster(self)


class Clusters(Connection):
    """Methods about clusters."""

    def create_cluster(self, name: str, template: str | None = None) -> Cluster:
        """Make a cluster from the text of a template, or an empty one to load a checkpoint into."""
        encoded = None if template is None else base64.b64encode(template.encode()).decode()
        body = {"name": name, "template": encoded}
        return self._cluster(self._request("POST", "cluster", body=body))

    def cluster(self, uuid: str) -> Cluster:
        """Return a cluster and what has grown in it."""
        return self._cluster(self._request("GET", "cluster", query={"uuid": uuid}))

    def clusters(self) -> list[Cluster]:
        """List all clusters."""
        return [self._cluster(row) for row in self._rows("cluster/all")]

    def delete_cluster(self, cluster: Resource | str) -> None:
        """Delete a cluster."""
        self._request("DELETE", "cluster", query={"uuid": uuid_of(cluster)})

    def set_mode(self, cluster: Resource | str, mode: Mode) -> Mode:
        """Let a cluster work through its tasks (`TASK`), or answer live connections (`DIRECT`)."""
        body = {"uuid": uuid_of(cluster), "new_state": mode}
        answer = self._request("PUT", "cluster/set_mode", body=body)
        return cast(Mode, answer["new_state"])

    def switch_host(self, cluster: Resource | str, host_uuid: str) -> Cluster:
        """Let a cluster compute on another host."""
        body = {"cluster_uuid": uuid_of(cluster), "host_uuid": host_uuid}
        return self._cluster(self._request("PUT", "cluster/switch_host", body=body))

    def save_cluster(self, name: str, cluster: Resource | str) -> Task:
        """Queue the saving of a checkpoint, which has the uuid of the task."""
        body = {"name": name, "cluster_uuid": uuid_of(cluster)}
        answer = self._request("POST", "cluster/save", body=body)
        return self._task(answer["uuid"], cluster, answer["name"])

    def load_cluster(self, checkpoint: Resource | str, cluster: Resource | str) -> Task:
        """Queue the loading of a checkpoint, in place of a cluster's network and template."""
        body = {"checkpoint_uuid": uuid_of(checkpoint), "cluster_uuid": uuid_of(cluster)}
        answer = self._request("POST", "cluster/load", body=body)
        return self._task(answer["uuid"], cluster, None)

    def direct(self, cluster: Resource | str) -> Direct:
        """Open a live connection to a cluster in direct mode."""
        return Direct(Socket.open(self, "cluster", uuid_of(cluster)))

    def create_task(
        self, name: str, type: TaskType, cluster: Resource | str, dataset: Resource | str
    ) -> Task:
        """Queue a task: `cluster` is to learn or to predict every sample of `dataset`."""
        body = {
            "name": name,
            "type": type,
            "cluster_uuid": uuid_of(cluster),
            "dataset_uuid": uuid_of(dataset),
        }
        answer = self._request("POST", "task", body=body)
        return self._task(answer["uuid"], cluster, answer["name"])

    def _cluster(self, answer: dict[str, Any]) -> Cluster:
        size = answer.get("network")
        network = None if size is None else read(NetworkSize, size)
        return read(Cluster, {**answer, "network": network}, _client=cast("Hanami", self))

    def _task(self, uuid: str, cluster: Resource | str, name: str | None) -> Task:
        client = cast("Hanami", self)
        return Task(uuid=uuid, name=name, cluster_uuid=uuid_of(cluster), _client=client)
