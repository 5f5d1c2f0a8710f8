"""The client."""

from __future__ import annotations

from types import TracebackType

from .clusters import AsyncClusters
from .datasets import AsyncDatasets
from .results import AsyncResults
from .tasks import AsyncTasks
from .users import AsyncUsers


class AsyncHanami(AsyncClusters, AsyncDatasets, AsyncResults, AsyncTasks, AsyncUsers):
    """A client of a Hanami server.

    One client can be used from many places at the same time; they share its connections, its token
    and its project. As a context manager it logs in at the beginning and closes at the end.
    """

    async def __aenter__(self) -> AsyncHanami:
        """Log in, unless a token was given."""
        if self._token is None:
            await self.login()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.close()
