"""Checkpoints; `cluster.save_cluster` makes them."""

from __future__ import annotations

from ._plain import request


def list_checkpoints(token: str, address: str, verify_connection: bool = True) -> str:
    """List all checkpoints."""
    return request(token, address, "GET", "checkpoint/all", verify_connection=verify_connection)


def delete_checkpoint(
    token: str, address: str, checkpoint_uuid: str, verify_connection: bool = True
) -> str:
    """Delete a checkpoint."""
    query = {"uuid": checkpoint_uuid}
    return request(
        token, address, "DELETE", "checkpoint", query=query, verify_connection=verify_connection
    )
