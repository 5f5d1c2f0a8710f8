"""What happened on a server."""

from __future__ import annotations

from ._plain import request


def list_audit_logs(
    token: str,
    address: str,
    page: int = 0,
    user_id: str | None = None,
    verify_connection: bool = True,
) -> str:
    """Return 100 entries of the audit log, the newest on page 0."""
    query = {"page": page, "user_id": user_id}
    return request(
        token, address, "GET", "audit_log", query=query, verify_connection=verify_connection
    )


def list_error_logs(
    token: str,
    address: str,
    page: int = 0,
    user_id: str | None = None,
    verify_connection: bool = True,
) -> str:
    """Return 100 entries of the error log, the newest on page 0; for admins only."""
    query = {"page": page, "user_id": user_id}
    return request(
        token, address, "GET", "error_log", query=query, verify_connection=verify_connection
    )
