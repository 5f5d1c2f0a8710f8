"""What a server computes with."""

from __future__ import annotations

from ._plain import request


def list_hosts(token: str, address: str, verify_connection: bool = True) -> str:
    """List all hosts."""
    return request(token, address, "GET", "host/all", verify_connection=verify_connection)
