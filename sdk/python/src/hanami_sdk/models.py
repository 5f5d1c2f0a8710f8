"""What the server answers, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

TaskType = Literal["train", "request"]
TaskState = Literal["queued", "active", "aborted", "finished"]
Mode = Literal["TASK", "DIRECT"]
DatasetType = Literal["mnist", "csv"]
Visibility = Literal["private", "shared", "public"]
Part = Literal["input", "label"]

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
class Brick:
    """A brick of a cluster: where it lies, and what has grown in it; memory in bytes.

    Only input and output bricks have a `name`; `neurons_limit` is what the template says.
    `activity` is the share of neurons that fire (of an input brick, of values that make signals),
    `error` how wrong they are on average (not for inputs), both over about the last 1000 samples
    taught since the server started.
    """

    kind: Literal["input", "inner", "output"]
    position: tuple[int, int, int]
    neurons_limit: int
    neurons: int
    sections: int
    synapses: int
    name: str | None = None
    bytes: int | None = None
    activity: float | None = None
    error: float | None = None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Brick:
        """Make a brick of a part of an answer."""
        return read(cls, {**answer, "position": tuple(answer["position"])})


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Where one value of an answer comes from.

    The `answer` was made of a `sum`: for a chance it is `1 / (1 + exp(-sum))`, for a number the sum
    counts deviations from the mean. `contributions` has for each input brick what each of its
    values added to the sum, and `rest` is what comes from no input; together they are the sum.
    """

    answer: float
    sum: float
    rest: float
    contributions: dict[str, list[float]]


@dataclass(frozen=True, kw_only=True)
class TemplateMistake:
    """A mistake in a template.

    `message` shows the line with a caret below the place, `help` says in one sentence how to mend
    it. Lines and columns count from 1; `length` is how many characters are wrong.
    """

    message: str
    line: int
    column: int
    length: int
    help: str


@dataclass(frozen=True, kw_only=True)
class TemplateBrick:
    """A brick of a template; `hears` has the indices of the bricks whose signals reach it."""

    x: int
    y: int
    z: int
    kind: Literal["input", "inner", "output"]
    name: str | None
    neurons: int
    hears: list[int]


@dataclass(frozen=True, kw_only=True)
class TemplateSettings:
    """What a template says of all its bricks."""

    neuron_cooldown: float
    refractory_time: int
    max_connection_distance: int
    enable_reduction: bool
    experience: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class TemplateCheck:
    """What a template comes to: its bricks and settings, or the `error` that makes it invalid."""

    valid: bool
    error: TemplateMistake | None
    bricks: list[TemplateBrick]
    settings: TemplateSettings | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> TemplateCheck:
        """Make it of an answer."""
        error, settings = answer["error"], answer["settings"]
        return cls(
            valid=answer["valid"],
            error=None if error is None else read(TemplateMistake, error),
            bricks=[read(TemplateBrick, brick) for brick in answer["bricks"]],
            settings=None if settings is None else read(TemplateSettings, settings),
        )


@dataclass(frozen=True, kw_only=True)
class FileProgress:
    """How far a file of a dataset has arrived.

    `missing` holds the first ranges that have not, each as the position of its first byte and of
    the first byte behind it.
    """

    uuid: str
    part: Part
    size: int
    received: int
    missing: list[tuple[int, int]]

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> FileProgress:
        """Make it of a part of an answer."""
        return read(cls, {**answer, "missing": [tuple(ends) for ends in answer["missing"]]})


@dataclass(frozen=True, kw_only=True)
class UploadProgress:
    """Whether all bytes of a dataset have arrived, and how far the files are that it waits for."""

    uuid: str
    complete: bool
    files: list[FileProgress] = field(default_factory=list)

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> UploadProgress:
        """Make it of an answer."""
        files = [FileProgress.read(file) for file in answer.get("files", [])]
        return read(cls, {**answer, "files": files})


@dataclass(frozen=True, kw_only=True)
class Score:
    """How good the answers of a request are, by what a dataset expects.

    `accuracy` is the share of right answers in percent; `invalid` counts those that are no answer
    at all. For classes, `confusion` counts by right class (row) and class answered (column), and
    `classes` tells precision, recall, f1 and support of each; for numbers there are the errors
    `mae` and `rmse`, and `r2`. What does not apply is `None`.
    """

    accuracy: float
    samples: int | None = None
    invalid: int | None = None
    confusion: list[list[int]] | None = None
    classes: list[dict[str, Any]] | None = None
    mae: float | None = None
    rmse: float | None = None
    r2: float | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """What a column of a dataset holds; see the server's documentation, "Datasets"."""

    name: str
    type: Literal["number", "boolean", "pixels", "class", "category"]
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    standard_deviation: float | None = None
    categories: list[dict[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class Quota:
    """A limit of a project, and what it uses of it."""

    limit: int
    used: int


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """What a project may hold, and holds."""

    id: str
    dataset_bytes: Quota
    checkpoint_bytes: Quota
    cluster_bytes: Quota
    clusters: Quota
    open_tasks: Quota

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Quotas:
        """Make it of an answer."""
        names = [field.name for field in fields(cls) if field.name != "id"]
        return cls(id=answer["id"], **{name: read(Quota, answer[name]) for name in names})


@dataclass(frozen=True, kw_only=True)
class ValidationReport:
    """How well a training did, after an epoch, on the samples that it does not learn."""

    epoch: int
    samples: int
    loss: float
    accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class SaveQueued:
    """The task that saves a cluster; the checkpoint has its uuid once it is finished."""

    uuid: str
    name: str


@dataclass(frozen=True, kw_only=True)
class TaskProgress:
    """How far a task has come.

    `percentage_finished` is 0.0 to 1.0, `samples` what was worked through of `total_samples`.
    `running_accuracy` is the share in percent of samples whose answer was right *before* it was
    learned (for a training with classes), `running_loss` the mean squared error of these answers.
    `validation` has a report for each epoch, if samples were held out. Timestamps are UTC, or `-`.

    While a training runs, `accuracy` and `loss` are the same of the last 1000 samples only, and
    `synapses` says how many its network has.
    """

    percentage_finished: float
    state: TaskState
    queue_timestamp: str
    start_timestamp: str
    end_timestamp: str
    samples: int = 0
    total_samples: int | None = None
    epoch: int | None = None
    running_accuracy: float | None = None
    running_loss: float | None = None
    accuracy: float | None = None
    loss: float | None = None
    synapses: int | None = None
    validation: list[ValidationReport] = field(default_factory=list)
    samples_per_second: float | None = None
    seconds_left: float | None = None
    error: str | None = None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> TaskProgress:
        """Make it of an answer."""
        reports = [read(ValidationReport, report) for report in answer.get("validation", [])]
        return read(cls, {**answer, "validation": reports})


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
