"""Projects; for admins only."""

from __future__ import annotations

from ._plain import request


def create_project(
    token: str, address: str, project_id: str, project_name: str, verify_connection: bool = True
) -> str:
    """Make a project."""
    body = {"id": project_id, "name": project_name}
    return request(
        token, address, "POST", "project", body=body, verify_connection=verify_connection
    )


def get_project(token: str, address: str, project_id: str, verify_connection: bool = True) -> str:
    """Return a project."""
    query = {"id": project_id}
    return request(
        token, address, "GET", "project", query=query, verify_connection=verify_connection
    )


def list_projects(token: str, address: str, verify_connection: bool = True) -> str:
    """List all projects."""
    return request(token, address, "GET", "project/all", verify_connection=verify_connection)


def delete_project(
    token: str, address: str, project_id: str, verify_connection: bool = True
) -> str:
    """Delete a project that owns nothing any more."""
    query = {"id": project_id}
    return request(
        token, address, "DELETE", "project", query=query, verify_connection=verify_connection
    )
