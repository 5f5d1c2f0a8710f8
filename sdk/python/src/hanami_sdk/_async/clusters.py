"""Clusters."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ..mappings import Mapping
from ..models import (
    Brick,
    Explanation,
    Mode,
    NetworkSize,
    TaskEntry,
    TemplateCheck,
    Visibility,
    read,
)
from ..resources import Resource, uuid_of
from ..values import Samples, samples
from .connection import AsyncConnection
from .direct import AsyncDirect
from .socket import AsyncSocket
from .tasks import AsyncTask

if TYPE_CHECKING:
    from .client import AsyncHanami


@dataclass(frozen=True, kw_only=True)
class AsyncCluster(Resource):
    """A cluster: a network that learns, and its queue of tasks.

    All but the fields of `Resource` are as they were when the cluster was fetched by its uuid, and
    empty otherwise; `template`, `bricks` and `network` (what has grown in it) also if the cluster
    is. Timestamps are UTC, or `-`.
    """

    mode: Mode | None = None
    open_tasks: int | None = None
    template: str | None = field(default=None, repr=False)
    bricks: list[Brick] = field(default_factory=list, repr=False)
    network: NetworkSize | None = None
    host_uuid: str | None = None
    create_timestamp: str | None = None
    last_used_timestamp: str | None = None
    _client: AsyncHanami = field(repr=False, compare=False)

    async def refresh(self) -> AsyncCluster:
        """Return the cluster as it is now."""
        return await self._client.cluster(self.uuid)

    async def change(
        self, *, name: str | None = None, visibility: Visibility | None = None
    ) -> AsyncCluster:
        """Change the name, or who else may see and use it."""
        return await self._client.change_cluster(self, name=name, visibility=visibility)

    async def train(
        self,
        dataset: Resource | str,
        name: str = "train",
        *,
        epochs: int | None = None,
        shuffle: bool | None = None,
        seed: int | None = None,
        validation_share: float | None = None,
        mapping: Mapping | None = None,
    ) -> AsyncTask:
        """Queue a task: learn every sample of `dataset`; the options are those of `create_task`."""
        return await self._client.create_task(
            name,
            "train",
            self,
            dataset,
            epochs=epochs,
            shuffle=shuffle,
            seed=seed,
            validation_share=validation_share,
            mapping=mapping,
        )

    async def request(
        self,
        dataset: Resource | str,
        name: str = "request",
        *,
        mapping: Mapping | None = None,
        full_outputs: bool | None = None,
    ) -> AsyncTask:
        """Queue a task: predict every sample of `dataset`; see `Task.result`."""
        return await self._client.create_task(
            name, "request", self, dataset, mapping=mapping, full_outputs=full_outputs
        )

    async def predict(self, inputs: Samples) -> dict[str, list[Any]]:
        """Return what each output brick answers to one sample or a list of samples.

        `inputs` are the values of each input brick by its name, or just values if there is one
        brick: one sample is a row of numbers, a list of samples a list of rows (or an array).
        """
        return await self._client.predict(self, inputs)

    async def explain(
        self, inputs: Samples, output: str | None = None, index: int = 0
    ) -> Explanation:
        """Return what each input contributed to the value `index` of what `output` answers.

        `inputs` are those of one sample, as `predict` takes them; `output` is the name of an output
        brick, and may be left out if there is only one.
        """
        return await self._client.explain(self, inputs, output, index)

    async def learn(self, inputs: Samples, outputs: Samples) -> int:
        """Learn one sample or a list of them; return the steps that were ever taken."""
        return await self._client.learn(self, inputs, outputs)

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

    async def tasks(self) -> list[TaskEntry]:
        """List the tasks of this cluster."""
        return await self._client.tasks(self)

    async def delete(self) -> None:
        """Delete the cluster."""
        await self._client.delete_cluster(self)


class AsyncClusters(AsyncConnection):
    """Methods about clusters."""

    async def create_cluster(
        self,
        name: str,
        template: str | None = None,
        *,
        checkpoint: Resource | str | None = None,
    ) -> AsyncCluster:
        """Make a cluster from the text of a template or from a checkpoint, or an empty one."""
        encoded = None if template is None else base64.b64encode(template.encode()).decode()
        source = None if checkpoint is None else uuid_of(checkpoint)
        body = {"name": name, "template": encoded, "checkpoint_uuid": source}
        return self._cluster(await self._request("POST", "cluster", body=body))

    async def cluster(self, uuid: str) -> AsyncCluster:
        """Return a cluster and what has grown in it."""
        return self._cluster(await self._request("GET", "cluster", query={"uuid": uuid}))

    async def clusters(self) -> list[AsyncCluster]:
        """List all clusters."""
        return [self._cluster(row) for row in await self._rows("cluster/all")]

    async def change_cluster(
        self,
        cluster: Resource | str,
        *,
        name: str | None = None,
        visibility: Visibility | None = None,
    ) -> AsyncCluster:
        """Change the name of a cluster, or who else may see and use it."""
        return self._cluster(await self._change("cluster", cluster, name, visibility))

    async def predict(self, cluster: Resource | str, inputs: Samples) -> dict[str, list[Any]]:
        """Return what each output brick of a cluster answers; see `Cluster.predict`."""
        body = {"uuid": uuid_of(cluster), "inputs": samples(inputs)}
        answer = await self._request("POST", "cluster/predict", body=body)
        return cast("dict[str, list[Any]]", answer["outputs"])

    async def explain(
        self, cluster: Resource | str, inputs: Samples, output: str | None = None, index: int = 0
    ) -> Explanation:
        """Return what each input contributed to a value of an answer; see `Cluster.explain`."""
        body = {
            "uuid": uuid_of(cluster),
            "inputs": samples(inputs),
            "output": output,
            "index": index,
        }
        return read(Explanation, await self._request("POST", "cluster/explain", body=body))

    async def check_template(self, template: str) -> TemplateCheck:
        """Return what the text of a template comes to, without making a cluster of it."""
        body = {"template": base64.b64encode(template.encode()).decode()}
        return TemplateCheck.read(await self._request("POST", "template/check", body=body))

    async def learn(self, cluster: Resource | str, inputs: Samples, outputs: Samples) -> int:
        """Let a cluster learn samples; see `Cluster.learn`."""
        body = {"uuid": uuid_of(cluster), "inputs": samples(inputs), "outputs": samples(outputs)}
        answer = await self._request("POST", "cluster/learn", body=body)
        return int(answer["steps"])

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
        client = cast("AsyncHanami", self)
        return client.task(answer["uuid"], cluster, answer["name"])

    async def load_cluster(self, checkpoint: Resource | str, cluster: Resource | str) -> AsyncTask:
        """Queue the loading of a checkpoint, in place of a cluster's network and template."""
        body = {"checkpoint_uuid": uuid_of(checkpoint), "cluster_uuid": uuid_of(cluster)}
        answer = await self._request("POST", "cluster/load", body=body)
        return cast("AsyncHanami", self).task(answer["uuid"], cluster)

    async def direct(self, cluster: Resource | str) -> AsyncDirect:
        """Open a live connection to a cluster in direct mode."""
        return AsyncDirect(await AsyncSocket.open(self, "cluster", uuid_of(cluster)))

    def _cluster(self, answer: dict[str, Any]) -> AsyncCluster:
        size = answer.get("network")
        network = None if size is None else read(NetworkSize, size)
        bricks = [Brick.read(brick) for brick in answer.get("bricks", [])]
        grown = {**answer, "network": network, "bricks": bricks}
        return read(AsyncCluster, grown, _client=cast("AsyncHanami", self))
