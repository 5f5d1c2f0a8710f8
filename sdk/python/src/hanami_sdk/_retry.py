"""When a request is sent once more, and how long is waited before."""

from __future__ import annotations

import random

import httpx

LONGEST_PAUSE = 30.0
"""Most seconds between two tries; a server that asks for more is not asked again."""


def is_safe(error: httpx.TransportError, method: str, path: str) -> bool:
    """Tell whether a request that failed like this can't have been done, or does no harm twice."""
    # A token more is no harm; a log-in is often what comes first after a connection was left alone
    # for so long that the server has closed it.
    if method == "GET" or path == "token":
        return True
    return isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))


def is_worthwhile(answer: httpx.Response, path: str) -> bool:
    """Tell whether the server has refused before doing anything, and may soon do it."""
    # Of a list of samples, some may have been learned when the server says so.
    if answer.status_code != 429 and (answer.status_code != 503 or path == "cluster/learn"):
        return False
    return (_retry_after(answer) or 0.0) <= LONGEST_PAUSE


def pause(attempt: int, answer: httpx.Response | None = None) -> float:
    """Return the seconds to wait after the try number `attempt`, from 0."""
    wished = None if answer is None else _retry_after(answer)
    return random.uniform(0.5, 1.0) * 0.2 * 2**attempt if wished is None else wished


def _retry_after(answer: httpx.Response) -> float | None:
    seconds = answer.headers.get("retry-after", "")
    return float(seconds) if seconds.isdigit() else None
