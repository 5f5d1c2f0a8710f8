"""Hanami, the self-hosted server that learns, from Python.

- `Hanami` and `AsyncHanami` are clients with typed objects: see there first.
- `HanamiClassifier` and `HanamiRegressor` are estimators for scikit-learn, against a server or
  embedded. They need `pip install 'hanami-sdk[sklearn]'`.
- `Network` is the network itself, without a server.
- The modules `hanami_token`, `project`, `user`, `dataset`, `cluster`, `task`, `direct_io`,
  `request_result`, `checkpoint`, `hosts` and `logs` hold one function per request, each of which
  takes a token and an address and returns the JSON text of the answer; their errors are in
  `hanami_exceptions`. Programs that were written for them keep working.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._async.client import AsyncHanami
from ._async.clusters import AsyncCluster
from ._async.datasets import AsyncDataset
from ._async.direct import AsyncDirect
from ._async.results import AsyncCheckpoint, AsyncRequestResult
from ._async.tasks import AsyncTask
from ._sync.client import Hanami
from ._sync.clusters import Cluster
from ._sync.datasets import Dataset
from ._sync.direct import Direct
from ._sync.results import Checkpoint, RequestResult
from ._sync.tasks import Task
from .curve import LearningCurve
from .errors import (
    ApiError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    HanamiError,
    InternalServerError,
    NotFoundError,
    TaskAbortedError,
    TooManyRequestsError,
    UnauthorizedError,
    UnavailableError,
    UploadInterruptedError,
    WebsocketError,
)
from .network import Network

if TYPE_CHECKING:
    from .estimators import HanamiClassifier, HanamiRegressor

__all__ = [
    "ApiError",
    "AsyncCheckpoint",
    "AsyncCluster",
    "AsyncDataset",
    "AsyncDirect",
    "AsyncHanami",
    "AsyncRequestResult",
    "AsyncTask",
    "BadRequestError",
    "Checkpoint",
    "Cluster",
    "ConflictError",
    "ConnectionFailedError",
    "Dataset",
    "Direct",
    "Hanami",
    "HanamiClassifier",
    "HanamiError",
    "HanamiRegressor",
    "InternalServerError",
    "LearningCurve",
    "Network",
    "NotFoundError",
    "RequestResult",
    "Task",
    "TaskAbortedError",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnavailableError",
    "UploadInterruptedError",
    "WebsocketError",
]


def __getattr__(name: str) -> Any:
    """Import the estimators when they are asked for, since they need scikit-learn."""
    if name in ("HanamiClassifier", "HanamiRegressor"):
        from . import estimators

        return getattr(estimators, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
