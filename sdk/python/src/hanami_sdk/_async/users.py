"""Users, projects, hosts and logs."""

from __future__ import annotations

from ..models import (
    AuditEntry,
    ErrorEntry,
    Host,
    Identity,
    Membership,
    Project,
    Quotas,
    User,
    read,
)
from .connection import AsyncConnection


class AsyncUsers(AsyncConnection):
    """Methods about who uses a server, and what it is and does. Most are for admins only."""

    async def whoami(self) -> Identity:
        """Return who is logged in, and in which project."""
        return read(Identity, await self._request("GET", "auth"))

    async def create_project(self, id: str, name: str) -> Project:
        """Make a project."""
        body = {"id": id, "name": name}
        return read(Project, await self._request("POST", "project", body=body))

    async def project(self, id: str) -> Project:
        """Return a project."""
        return read(Project, await self._request("GET", "project", query={"id": id}))

    async def projects(self) -> list[Project]:
        """List all projects."""
        return [read(Project, row) for row in await self._rows("project/all")]

    async def delete_project(self, id: str, *, force: bool = False) -> None:
        """Delete a project that owns nothing any more, or with `force` all that it owns too."""
        await self._request("DELETE", "project", query={"id": id, "force": force or None})

    async def quotas(self, project_id: str | None = None) -> Quotas:
        """Return what a project may hold, and holds; one's own without `project_id`."""
        answer = await self._request("GET", "project/quota", query={"id": project_id})
        return Quotas.read(answer)

    async def set_quotas(self, project_id: str, **limits: int) -> Quotas:
        """Limit a project, by the names in `Quotas`; what is not named gets the default back."""
        body = {"id": project_id, **limits}
        return Quotas.read(await self._request("PUT", "project/quota", body=body))

    async def create_user(
        self, id: str, name: str, password: str, *, is_admin: bool = False
    ) -> User:
        """Make a user."""
        body = {"id": id, "name": name, "password": password, "is_admin": is_admin}
        return User.read(await self._request("POST", "user", body=body))

    async def user(self, id: str) -> User:
        """Return a user."""
        return User.read(await self._request("GET", "user", query={"id": id}))

    async def users(self) -> list[User]:
        """List all users."""
        return [User.read(row) for row in await self._rows("user/all")]

    async def change_user(
        self,
        id: str,
        *,
        name: str | None = None,
        password: str | None = None,
        is_admin: bool | None = None,
    ) -> User:
        """Change what is given of a user."""
        body = {"id": id, "name": name, "password": password, "is_admin": is_admin}
        return User.read(await self._request("PUT", "user", body=body))

    async def change_password(self, password: str, new_password: str) -> None:
        """Change one's own password, which ends all other sessions."""
        body = {"password": password, "new_password": new_password}
        await self._request("PUT", "user/password", body=body, takes_token=True)
        if self._password is not None:
            self._password = new_password

    async def delete_user(self, id: str, *, force: bool = False) -> None:
        """Delete a user who owns nothing any more, or with `force` all that they own too."""
        await self._request("DELETE", "user", query={"id": id, "force": force or None})

    async def assign_project(
        self, user_id: str, project_id: str, role: str, *, is_project_admin: bool = False
    ) -> User:
        """Put a user in a project, or change their role there."""
        body = {
            "id": user_id,
            "project_id": project_id,
            "role": role,
            "is_project_admin": is_project_admin,
        }
        return User.read(await self._request("POST", "user/project", body=body))

    async def remove_project(self, user_id: str, project_id: str) -> User:
        """Take a user out of a project."""
        query = {"id": user_id, "project_id": project_id}
        return User.read(await self._request("DELETE", "user/project", query=query))

    async def memberships(self, user_id: str | None = None) -> list[Membership]:
        """List the projects of a user; one's own without `user_id`."""
        answer = await self._request("GET", "user/project", query={"user_id": user_id})
        return [read(Membership, place) for place in answer["projects"]]

    async def hosts(self) -> list[Host]:
        """List what the server computes with."""
        return [read(Host, row) for row in await self._rows("host/all")]

    async def audit_log(self, page: int = 0, user_id: str | None = None) -> list[AuditEntry]:
        """Return 100 entries of the audit log, the newest on page 0."""
        rows = await self._rows("audit_log", {"page": page, "user_id": user_id})
        return [read(AuditEntry, row) for row in rows]

    async def error_log(self, page: int = 0, user_id: str | None = None) -> list[ErrorEntry]:
        """Return 100 entries of the error log, the newest on page 0."""
        rows = await self._rows("error_log", {"page": page, "user_id": user_id})
        return [read(ErrorEntry, row) for row in rows]
