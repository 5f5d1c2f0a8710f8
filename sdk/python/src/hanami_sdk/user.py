"""Users and the projects they are in; mostly for admins only."""

from __future__ import annotations

from ._plain import request


def create_user(
    token: str,
    address: str,
    user_id: str,
    user_name: str,
    password: str,
    is_admin: bool = False,
    verify_connection: bool = True,
) -> str:
    """Make a user."""
    body = {"id": user_id, "name": user_name, "password": password, "is_admin": is_admin}
    return request(token, address, "POST", "user", body=body, verify_connection=verify_connection)


def get_user(token: str, address: str, user_id: str, verify_connection: bool = True) -> str:
    """Return a user."""
    query = {"id": user_id}
    return request(token, address, "GET", "user", query=query, verify_connection=verify_connection)


def list_users(token: str, address: str, verify_connection: bool = True) -> str:
    """List all users."""
    return request(token, address, "GET", "user/all", verify_connection=verify_connection)


def delete_user(token: str, address: str, user_id: str, verify_connection: bool = True) -> str:
    """Delete a user who owns nothing any more."""
    query = {"id": user_id}
    return request(
        token, address, "DELETE", "user", query=query, verify_connection=verify_connection
    )


def add_project_to_user(
    token: str,
    address: str,
    user_id: str,
    project_id: str,
    role: str,
    is_project_admin: bool,
    verify_connection: bool = True,
) -> str:
    """Put a user in a project, or change their role there; return the user."""
    body = {
        "id": user_id,
        "project_id": project_id,
        "role": role,
        "is_project_admin": is_project_admin,
    }
    return request(
        token, address, "POST", "user/project", body=body, verify_connection=verify_connection
    )


def remove_project_from_user(
    token: str, address: str, user_id: str, project_id: str, verify_connection: bool = True
) -> str:
    """Take a user out of a project; return the user."""
    query = {"id": user_id, "project_id": project_id}
    return request(
        token, address, "DELETE", "user/project", query=query, verify_connection=verify_connection
    )


def list_projects_of_user(
    token: str, address: str, user_id: str | None = None, verify_connection: bool = True
) -> str:
    """List the projects of a user; one's own without `user_id`."""
    query = {"user_id": user_id}
    return request(
        token, address, "GET", "user/project", query=query, verify_connection=verify_connection
    )


def switch_project(
    token: str, address: str, project_id: str, verify_connection: bool = True
) -> str:
    """Return a token for another project, with who it belongs to."""
    body = {"project_id": project_id}
    return request(token, address, "PUT", "token", body=body, verify_connection=verify_connection)


add_roject_to_user = add_project_to_user
"""The long-standing name of `add_project_to_user`."""
remove_project_fromUser = remove_project_from_user
"""The long-standing name of `remove_project_from_user`."""
