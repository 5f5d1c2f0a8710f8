"""Tasks of clusters."""

from __future__ import annotations

from ._plain import request


def create_task(
    token: str,
    address: str,
    name: str,
    type: str,
    cluster_uuid: str,
    dataset_uuid: str,
    verify_connection: bool = True,
) -> str:
    """Queue a task of the type `train` or `request`."""
    body = {"name": name, "type": type, "cluster_uuid": cluster_uuid, "dataset_uuid": dataset_uuid}
    return request(token, address, "POST", "task", body=body, verify_connection=verify_connection)


def get_task(
    token: str, address: str, task_uuid: str, cluster_uuid: str, verify_connection: bool = True
) -> str:
    """Return how far a task has come."""
    query = {"uuid": task_uuid, "cluster_uuid": cluster_uuid}
    return request(token, address, "GET", "task", query=query, verify_connection=verify_connection)


def list_tasks(token: str, address: str, cluster_uuid: str, verify_connection: bool = True) -> str:
    """List the tasks of a cluster."""
    query = {"cluster_uuid": cluster_uuid}
    return request(
        token, address, "GET", "task/all", query=query, verify_connection=verify_connection
    )


def delete_task(
    token: str, address: str, task_uuid: str, cluster_uuid: str, verify_connection: bool = True
) -> str:
    """Delete a task; one that runs is aborted."""
    query = {"uuid": task_uuid, "cluster_uuid": cluster_uuid}
    return request(
        token, address, "DELETE", "task", query=query, verify_connection=verify_connection
    )
