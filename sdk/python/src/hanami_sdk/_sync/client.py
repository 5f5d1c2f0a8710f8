# Made from _async/client.py by tools/generate.py.
"""The client."""

from __future__ import annotations

from types import TracebackType

from .clusters import Clusters
from .datasets import Datasets
from .results import Results
from .tasks import Tasks
from .users import Users


class Hanami(Clusters, Datasets, Results, Tasks, Users):
    """A client of a Hanami server.

    One client can be used from many places at the same time; they share its connections, its token
    and its project. As a context manager it logs in at the beginning and closes at the end.
    """

    def __enter__(self) -> Hanami:
        """Log in, unless a token was given."""
        if self._token is None:
            self.login()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()
