"""What clusters, datasets, checkpoints and request results have in common."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Visibility


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Something that belongs to a user and a project."""

    uuid: str
    name: str
    owner_id: str
    project_id: str
    visibility: Visibility


def uuid_of(resource: Resource | str) -> str:
    """Return the uuid of a resource, which may be given by its uuid."""
    return resource if isinstance(resource, str) else resource.uuid
