"""What the server answers, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar

TaskType = Literal["train", "request"]
TaskState = Literal["queued", "active", "aborted", "finished"]
Mode = Literal["TASK", "DIRECT"]
DatasetType = Literal["mnist", "csv"]

Model = TypeVar("Model")


def read(model: type[Model], answer: Mapping[str, Any], **more: Any) -> Model:
    """Make a `model` of what it knows in `answer`; the rest is dropped."""
    names = {field.name for field in fields(model) if field.init}  # type: ignore[arg-type]
    return model(**{name: answer[name] for name in names if name in answer}, **more)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who a token belongs to, and where."""

    id: str
    name: str
    is_admin: bool
    project_id: str
    role: str
    is_project_admin: bool


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project."""

    id: str
    name: str
    creator_id: str


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A user's place in a project."""

    project_id: str
    role: str
    is_project_admin: bool


@dataclass(frozen=True, kw_only=True)
class User:
    """A user, and the projects they are in."""

    id: str
    name: str
    is_admin: bool
    creator_id: str
    projects: list[Membership]

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> User:
        """Make a user of an answer."""
        projects = [read(Membership, place) for place in answer["projects"]]
        return read(cls, {**answer, "projects": projects})


@dataclass(frozen=True, kw_only=True)
class NetworkSize:
    """What has grown in a cluster; memory in bytes."""

    steps: int
    neurons: int
    sections: int
    synapses: int
    bytes: int


@dataclass(frozen=True, kw_only=True)
class UploadProgress:
    """Whether all bytes of a dataset's files have arrived."""

    uuid: str
    complete: bool


@dataclass(frozen=True, kw_only=True)
class SaveQueued:
    """The task that saves a cluster; the checkpoint has its uuid once it is finished."""

    uuid: str
    name: str


@dataclass(frozen=True, kw_only=True)
class TaskProgress:
    """How far a task has come.

    `percentage_finished` is 0.0 to 1.0, `samples` what was worked through, `running_accuracy` the
    share in percent of samples whose answer was right *before* it was learned (for a training with
    classes). Timestamps are UTC, or `-`.
    """

    percentage_finished: float
    state: TaskState
    queue_timestamp: str
    start_timestamp: str
    end_timestamp: str
    samples: int = 0
    running_accuracy: float | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class TaskEntry:
    """A row of the list of tasks; `percentage` is 0.0 to 1.0, in digits."""

    uuid: str
    state: TaskState
    percentage: str
    queued: str
    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class Host:
    """What a server computes with."""

    uuid: str
    type: str


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """A request that changed something."""

    timestamp: str
    user_id: str
    endpoint: str
    request_type: str


@dataclass(frozen=True, kw_only=True)
class ErrorEntry:
    """An error inside the server."""

    timestamp: str
    user_id: str
    component: str
    context: str
    input_values: str
    message: str
