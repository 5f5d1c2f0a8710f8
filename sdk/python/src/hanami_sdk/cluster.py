"""Clusters."""

from __future__ import annotations

import base64
import json

from websockets.asyncio.client import ClientConnection, connect

from . import _tls
from ._address import Address
from ._plain import request
from .errors import WebsocketError


def create_cluster(
    token: str, address: str, name: str, template: str | None = None, verify_connection: bool = True
) -> str:
    """Make a cluster from a template, or an empty one without.

    The template is its text, or that in base64.
    """
    body = {"name": name, "template": None if template is None else _encoded(template)}
    return request(
        token, address, "POST", "cluster", body=body, verify_connection=verify_connection
    )


def get_cluster(token: str, address: str, cluster_uuid: str, verify_connection: bool = True) -> str:
    """Return a cluster."""
    query = {"uuid": cluster_uuid}
    return request(
        token, address, "GET", "cluster", query=query, verify_connection=verify_connection
    )


def list_clusters(token: str, address: str, verify_connection: bool = True) -> str:
    """List all clusters."""
    return request(token, address, "GET", "cluster/all", verify_connection=verify_connection)


def delete_cluster(
    token: str, address: str, cluster_uuid: str, verify_connection: bool = True
) -> str:
    """Delete a cluster."""
    query = {"uuid": cluster_uuid}
    return request(
        token, address, "DELETE", "cluster", query=query, verify_connection=verify_connection
    )


def save_cluster(
    token: str, address: str, name: str, cluster_uuid: str, verify_connection: bool = True
) -> str:
    """Queue the saving of a checkpoint; return the uuid that task and checkpoint have."""
    body = {"name": name, "cluster_uuid": cluster_uuid}
    return request(
        token, address, "POST", "cluster/save", body=body, verify_connection=verify_connection
    )


def restore_cluster(
    token: str,
    address: str,
    checkpoint_uuid: str,
    cluster_uuid: str,
    verify_connection: bool = True,
) -> str:
    """Queue the loading of a checkpoint into a cluster; return the uuid of the task."""
    body = {"checkpoint_uuid": checkpoint_uuid, "cluster_uuid": cluster_uuid}
    return request(
        token, address, "POST", "cluster/load", body=body, verify_connection=verify_connection
    )


def switch_host(
    token: str, address: str, cluster_uuid: str, host_uuid: str, verify_connection: bool = True
) -> str:
    """Let a cluster compute on another host; return the cluster."""
    body = {"cluster_uuid": cluster_uuid, "host_uuid": host_uuid}
    return request(
        token, address, "PUT", "cluster/switch_host", body=body, verify_connection=verify_connection
    )


def switch_to_task_mode(
    token: str, address: str, cluster_uuid: str, verify_connection: bool = True
) -> str:
    """Let a cluster work through its tasks."""
    body = {"uuid": cluster_uuid, "new_state": "TASK"}
    return request(
        token, address, "PUT", "cluster/set_mode", body=body, verify_connection=verify_connection
    )


async def switch_to_direct_mode(
    token: str, address: str, cluster_uuid: str, verify_connection: bool = True
) -> ClientConnection:
    """Let a cluster answer live connections; return one, for `direct_io`."""
    body = {"uuid": cluster_uuid, "new_state": "DIRECT"}
    request(
        token, address, "PUT", "cluster/set_mode", body=body, verify_connection=verify_connection
    )
    where = Address.parse(address)
    tls = _tls.context(where, verify_connection)
    websocket = await connect(where.websocket, ssl=tls, proxy=None, compression=None, max_size=None)
    hello = {"token": token, "target": "cluster", "uuid": cluster_uuid}
    await websocket.send(json.dumps(hello))
    answer = json.loads(await websocket.recv())
    if not answer["success"]:
        await websocket.close()
        raise WebsocketError(answer.get("error") or "the server gave no reason")
    return websocket


def _encoded(template: str) -> str:
    """Return a template in base64; a colon, which every template has, is never part of that."""
    return base64.b64encode(template.encode()).decode() if ":" in template else template
